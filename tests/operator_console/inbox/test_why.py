"""Why scenarios spoke to a visitor, or kept still: the sheet over his card."""

from __future__ import annotations

import re

import pytest

from operator_console.themes import DARK
from operator_console.why.lines import WhyPainter, last_words
from operator_console.why.screen import WhyScreen
from server_stub.protocol import (
    RunProgress,
    WhyConsidered,
    WhyLast,
    WhyOverview,
    WhyReport,
    WhySeen,
    WhyStep,
)

BAD = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ud800-\udfff]")


def asked(desks):
    """A lively shop in which two scenarios were considered for Anna."""
    desk = desks.lively()
    at = desk.now - 20 * 60_000
    refused = WhyConsidered(
        at, "Page Viewed", "v1", "refused", "audience", conditions=(WhySeen("visits > 10", 12, "7"),)
    )
    entered = WhyConsidered(
        at + 60_000, "Product Added", "v1", "entered", run="r1",
        conditions=(WhySeen("cart.total >= 50", 9, "118.5"),),
        steps=(
            WhyStep(at + 60_000, "step", "asked: May I help?", "hello", 20, "ask: …"),
            WhyStep(at + 61_000, "goal", "Order Completed after 1s", line=4),
            WhyStep(at + 62_000, "ended", "done"),
        ),
    )  # fmt: skip
    desk.overviews["v_anna"] = WhyOverview(
        "v_anna",
        (
            WhyLast("cart_help", at + 60_000, "entered", 1, 0, ended="done"),
            WhyLast("regulars", at, "refused", 0, 1, "audience", "visits > 10", 12, "7"),
        ),
        "Anna Petrova",
    )
    desk.reports["v_anna", "cart_help"] = WhyReport("v_anna", "cart_help", (entered,))
    desk.reports["v_anna", "regulars"] = WhyReport(
        "v_anna", "regulars", (refused,), unknown=("The journal begins later.",)
    )
    return desk


class TestTheSheet:
    async def test_lists_what_was_considered_and_tells_each_time_of_the_chosen_one(
        self, desks, console
    ) -> None:
        async with console(asked(desks)) as it:
            await it.open("Anna Petrova")
            await it.press("W")
            await it.sees("Why · Anna Petrova", "✓ cart_help", "ended: it went through all its steps")
            await it.sees("let in on Product Added", "line 9    cart.total >= 50   saw 118.5")
            await it.sees("hello  asked: May I help?", "reached its goal: Order Completed after 1s")
            await it.press("j")
            await it.sees("kept out on Page Viewed", "line 12   the audience asks: visits > 10   saw 7")
            await it.sees("The journal begins later.")

    async def test_in_a_small_terminal_enter_reads_and_escape_goes_back(self, desks, console) -> None:
        async with console(asked(desks), size=(80, 24)) as it:
            await it.open("Anna Petrova")
            await it.press("W")
            await it.sees("✗ regulars")
            await it.press("enter")
            await it.sees("let in on Product Added")
            await it.misses("regulars")
            await it.press("escape")
            await it.sees("✗ regulars")
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)

    async def test_says_in_a_sentence_that_the_desk_does_not_answer_and_asks_again(
        self, desks, console
    ) -> None:
        desk = asked(desks)
        async with console(desk) as it:
            await it.open("Anna Petrova")
            desk.is_cut = True
            await it.press("W")
            await it.sees("The desk does not answer. Ctrl+R asks again.")
            desk.is_cut = False
            await it.press("ctrl+r")
            await it.sees("✓ cart_help")

    async def test_says_where_nothing_was_considered(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            await it.press("W")
            await it.sees("No scenario was considered for this visitor")
            assert isinstance(it.app.screen, WhyScreen)

    async def test_the_card_names_the_key_beside_the_scenarios(self, desks, console) -> None:
        desk = asked(desks)
        desk.record(
            RunProgress("r1", "cart_help", "v1", "goal", result="Order Completed after 1s"), visitor="v_anna"
        )
        async with console(desk) as it:
            await it.open("Anna Petrova")
            await it.sees("W why", "reached its goal")


class TestLines:
    @pytest.mark.parametrize("text", ["\x1b]52;c;ZXZpbA==\x07", "\u202egnp.exe", "山" * 300, "x" * 9_000, ""])
    def test_are_clean_and_exactly_as_wide_as_their_pane(self, text: str) -> None:
        steps = tuple(WhyStep(1, phase, text, text, 3, text) for phase in ("step", "ended", "goal", text))
        seen = (WhySeen(text, 3, text),)
        report = WhyReport(
            "v", text,
            tuple(WhyConsidered(1, text, text, outcome, text, "r", seen, steps) for outcome in ("entered", "refused")),
            more=True, called=text, unknown=(text,),
        )  # fmt: skip
        for width in (24, 100):
            strips = WhyPainter(DARK, width, 10, None, text).paint(report)
            assert {strip.cell_length for strip in strips} == {width}
            assert not any(BAD.search(strip.text) for strip in strips)
        assert not BAD.search(last_words(WhyLast(text, 1, "refused", kind="limit", condition=text, saw=text)))

    def test_the_newest_time_stands_first(self) -> None:
        times = tuple(WhyConsidered(at, f"Event {at}", "v", "refused", "re-entry") for at in (1_000, 2_000))
        text = "\n".join(
            strip.text for strip in WhyPainter(DARK, 80, 10, None).paint(WhyReport("v", "s", times))
        )
        assert text.index("Event 2000") < text.index("Event 1000")
