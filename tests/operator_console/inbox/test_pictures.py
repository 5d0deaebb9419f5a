"""Pictures of the console: what an operator sees, frozen. `pytest --snapshot-update` takes new ones.

Look at them before they are committed. The clock stands still and the cursor does not blink.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from operator_console.preferences import Preferences
from server_stub.protocol import WhyConsidered, WhyLast, WhyOverview, WhyReport, WhySeen, WhyStep


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desks, snap_compare, tmp_path: Path):
    """Takes a picture of the app after `act(pilot, inbox, desk)`."""

    def take(act, *, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        desk = desks.lively()
        app = OperatorApp(
            desk,
            keep_in=lambda me: tmp_path,
            now=desk.clock,
            zone=UTC,
            theme=theme,
            preferences=Preferences(undo_seconds=0),
        )

        async def run_before(pilot) -> None:
            inbox = app.inbox
            await until(pilot, lambda: inbox.feed is not None and len(inbox.mirror.rows) == 10)
            await act(pilot, inbox, desk)
            for field in (*inbox.query(TextArea), *inbox.query(Input), *app.screen.query(Input)):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


async def show(pilot, inbox, name: str) -> None:
    """Open the dialog of that name, with its card, as somebody who has seen it."""
    rows = inbox.mirror.rows.values()
    dialog = next(row.id for row in rows if row.visitor_name == name and row.status == "open")
    inbox.dialogs.point_to(dialog)
    await until(pilot, lambda: inbox._opened == dialog and inbox.feed is not None and inbox._card is not None)
    await until(pilot, lambda: not inbox.row.unread)
    if inbox.card_pane.region:
        await until(pilot, lambda: inbox.card_pane.body.virtual_size.height > 4)


class TestPictures:
    def test_the_three_panes_dark(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show(pilot, inbox, "Anna Petrova")

        assert picture(act, size=(160, 45))

    def test_the_three_panes_light(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show(pilot, inbox, "Anna Petrova")

        assert picture(act, size=(160, 45), theme="desk-light")

    def test_a_narrow_terminal(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show(pilot, inbox, "Mihkel Saar")

        assert picture(act, size=(80, 24))

    def test_a_note_is_written(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show(pilot, inbox, "Anna Petrova")
            await pilot.press("n", *"Likes", "space", *"oak")

        assert picture(act, size=(120, 36))

    def test_a_bots_dialog(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show(pilot, inbox, "Sofia")

        assert picture(act, size=(120, 36))

    def test_a_lost_connection_with_a_message_on_its_way(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show(pilot, inbox, "Mihkel Saar")
            desk.cut()
            await until(pilot, lambda: inbox._lost is not None)
            await pilot.press("r", *"Hello", "enter")
            await until(pilot, lambda: inbox.feed.pending)

        assert picture(act, size=(120, 36))

    def test_the_help(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await pilot.press("question_mark")

        assert picture(act, size=(120, 36))


OUTBOX_LETTER = (
    "Hello **Anna**!\n\nTwo things wait for you:\n\n- Lamp “Fjord”, oak: 89 EUR\n- Linen shade: 19.50 EUR\n\n"
)
OUTBOX_LETTER += "**Total: 108.50 EUR**\n\n[Go to the cart](https://lamp.example/cart)\n\nLamp & Linen"


async def show_outbox(pilot, inbox, desk) -> None:
    """Open the outbox of a shop that has sent one of each kind, with the cursor on the letter."""
    minute = 60_000
    desk.advance(-9 * minute)
    desk.settle(
        desk.plan(
            "v_anna", "email", "Your cart is waiting", "cart_series", to="anna.petrova@mail.example",
            subject="Your cart is waiting", preheader="Two things in it", kind="marketing", body=OUTBOX_LETTER,
        ),
        "kept",
    )  # fmt: skip
    desk.advance(2 * minute)
    desk.settle(
        desk.plan("v_mihkel", "push", "Back in stock", "back_in_stock", title="Back in stock"), "sent"
    )
    desk.settle(
        desk.plan("v_sofia", "webhook", "https://crm.example/lead", "lead_to_crm", url="https://crm.example/lead"),
        "failed", error="answered 500", tries=3,
    )  # fmt: skip
    desk.advance(3 * minute)
    desk.settle(desk.plan("v_rosa", "messenger", "Your terms", "wholesale", text="Here they are"), "unknown")
    desk.plan(
        "v_anna", "email", "A bonus for your next order", "next_order_bonus", to="anna.petrova@mail.example"
    )
    desk.advance(4 * minute)
    await pilot.press("m")
    screen = pilot.app.screen
    await until(pilot, lambda: screen.query("#outbox-list") and screen.listing.count == 5)
    await pilot.press("G")
    await until(pilot, lambda: screen._read == screen.listing.cursor and screen._read in screen._contents)


async def show_why(pilot, inbox, desk) -> None:
    """Ask why two scenarios did what they did to Anna."""
    at = desk.now - 20 * 60_000
    seen = (
        WhySeen("cart.total >= 50", 9, "118.5"),
        WhySeen("email is known", 12, '"anna.petrova@mail.example"'),
    )
    steps = (
        WhyStep(
            at + 60_000, "step", "email to anna.petrova@mail.example: Your cart is waiting", "reminder", 20
        ),
        WhyStep(at + 60_000, "step", "waits 1d", "pause", 31),
        WhyStep(at + 300_000, "ended", "exit: Order Completed", line=5),
    )
    kept_out = (WhySeen("the last run ended too short a time ago", 0, "41s ago"),)
    considered = (
        WhyConsidered(at, "Product Added", "v1", "entered", run="r1", conditions=seen, steps=steps),
        WhyConsidered(at + 500_000, "Product Added", "v1", "refused", "re-entry", conditions=kept_out),
    )
    desk.overviews["v_anna"] = WhyOverview(
        "v_anna",
        (
            WhyLast(
                "cart_series", at + 500_000, "refused", 1, 1, "re-entry", kept_out[0].condition, 0, "41s ago"
            ),
            WhyLast("help_choosing_bot", at, "entered", 1, ended="handed over"),
            WhyLast("regulars", at, "refused", 0, 1, "audience", "visits > 10", 12, "7"),
        ),
        "Anna Petrova",
    )
    desk.reports["v_anna", "cart_series"] = WhyReport("v_anna", "cart_series", considered)
    await show(pilot, inbox, "Anna Petrova")
    await pilot.press("W")
    screen = pilot.app.screen
    await until(pilot, lambda: screen.query("#why-scenarios") and screen.choices.option_count == 3)


class TestOtherScreens:
    def test_the_outbox_dark(self, picture) -> None:
        assert picture(show_outbox, size=(160, 45))

    def test_the_outbox_light(self, picture) -> None:
        assert picture(show_outbox, size=(120, 36), theme="desk-light")

    def test_a_letter_in_a_small_terminal(self, picture) -> None:
        async def act(pilot, inbox, desk) -> None:
            await show_outbox(pilot, inbox, desk)
            await pilot.press("enter")
            await until(pilot, lambda: pilot.app.screen.beside.line_count > 15)

        assert picture(act, size=(80, 24))

    def test_why_dark(self, picture) -> None:
        assert picture(show_why, size=(160, 45))

    def test_why_light_in_a_small_terminal(self, picture) -> None:
        assert picture(show_why, size=(80, 24), theme="desk-light")
