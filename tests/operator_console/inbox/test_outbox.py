"""The outbox on the screen: what it shows, how one moves and filters in it, and where one goes from there."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC

import pytest
from textual.app import App

from operator_console.outbox.list_view import OutboxList
from operator_console.outbox.rows import OutboxFilter, OutboxRows
from operator_console.outbox.screen import OutboxScreen
from operator_console.themes import PALETTES, textual_theme
from server_stub.protocol import OutboxItem, VisitorCard

MINUTE = 60_000


def shop(desks):
    """A lively shop whose scenarios have sent something of each kind."""
    desk = desks.lively()
    desk.cards["v_new"] = VisitorCard("v_new", 0, email="new@mail.example")
    desk.advance(-9 * MINUTE)
    letter = desk.plan(
        "v_anna", "email", "Your cart is waiting", "cart_series", to="anna.petrova@mail.example",
        subject="Your cart is waiting", preheader="Two things in it",
        body="Hello **Anna**!\n\n- Lamp “Fjord”: 89 EUR\n\n[Go to the cart](https://lamp.example/cart)",
    )  # fmt: skip
    desk.settle(letter, "kept")
    desk.advance(5 * MINUTE)
    push = desk.plan(
        "v_mihkel", "push", "Back in stock", "back_in_stock", title="Back in stock", text="The lamp"
    )
    desk.settle(push, "kept")
    hook = desk.plan(
        "v_sofia", "webhook", "https://crm.example/lead", "lead_to_crm", method="POST",
        url="https://crm.example/lead", headers={}, body={"email": "sofia@mail.example"},
    )  # fmt: skip
    desk.settle(hook, "failed", error="answered 500", tries=3)
    desk.advance(3 * MINUTE)
    desk.plan("v_new", "email", "A bonus for you", "first_bonus", to="new@mail.example", body="Welcome!")
    desk.advance(MINUTE)
    return desk


@pytest.fixture
def outbox(desks, console):
    """`async with outbox(desk) as it:` the console with its outbox open; `it.screen` is it."""

    @asynccontextmanager
    async def run(desk=None, **options):
        async with console(desk or shop(desks), **options) as it:
            await it.press("m")
            await it.until(
                lambda: isinstance(it.app.screen, OutboxScreen) and it.app.screen.query(OutboxList)
            )
            it.screen = it.app.screen
            await it.until(lambda: it.screen.rows.reach_of(OutboxFilter()), "the first page")
            yield it

    return run


class TestWhatItShows:
    async def test_each_row_says_to_whom_what_and_what_became_of_it(self, outbox) -> None:
        async with outbox() as it:
            await it.sees(
                "A bonus for you", "new@mail.example", "waiting", "Your cart is waiting", "Anna Petrova"
            )
            row = next(line for line in it.lines() if "https://crm.example/lead" in line)
            assert row.startswith(" ⇄ ")
            assert "failed" in row

    async def test_the_message_under_the_cursor_is_read_beside(self, outbox) -> None:
        async with outbox() as it:
            await it.press("G")
            await it.sees("Two things in it", "Hello Anna!", " Go to the cart ", "https://lamp.example/cart")

    async def test_an_empty_one_says_what_it_is(self, desks, outbox) -> None:
        async with outbox(desks.lively()) as it:
            await it.sees("Nothing here yet. The outbox holds what scenarios send")

    async def test_a_broken_connection_is_told_and_ctrl_r_loads_again(self, desks, console) -> None:
        desk = shop(desks)
        async with console(desk) as it:
            desk.is_cut = True
            await it.press("m")
            await it.sees("The outbox could not be loaded. Ctrl+R tries again.")
            desk.is_cut = False
            await it.press("ctrl+r")
            await it.sees("A bonus for you")

    async def test_the_palette_offers_what_works_here(self, outbox) -> None:
        async with outbox() as it:
            await it.press("ctrl+p")
            await it.type("webhooks")
            await it.sees("outbox: webhooks")
            await it.press("enter")
            await it.until(lambda: it.screen.listing.count == 1)


class TestLive:
    async def test_new_rows_come_in_and_get_their_names(self, desks, outbox) -> None:
        desk = shop(desks)
        async with outbox(desk) as it:
            desk.advance(MINUTE)
            desk.plan(
                "v_sofia", "email", "Thank you, Sofia", "thanks", to="sofia@mail.example", body="Thanks!"
            )
            await it.until(lambda: it.screen.rows.rows.get("o000004"), "the new row")
            await it.press("g")
            await it.sees("Thank you, Sofia")
            await it.until(lambda: not it.screen.rows.unnamed)
            await it.until(lambda: it.screen.rows.rows["o000004"].to == "sofia@mail.example")

    async def test_nothing_moves_under_the_cursor(self, desks, outbox) -> None:
        desk = shop(desks)
        async with outbox(desk) as it:
            await it.press("j", "j")
            held, order = it.screen.listing.cursor, it.screen.listing.order()
            place = it.lines().index(next(line for line in it.lines() if line.startswith("▌")))
            desk.advance(1000)
            for _ in range(3):
                desk.plan("v_sofia", "email", "Thank you", "thanks", to="sofia@mail.example", body="Thanks!")
            await it.sees("↑ 3 new")
            assert it.screen.listing.order() == order
            await it.until(lambda: not it.screen.rows.unnamed)
            assert it.screen.listing.cursor == held
            assert it.lines()[place].startswith("▌")

    async def test_the_row_that_is_read_tells_what_became_of_it(self, desks, outbox) -> None:
        desk = shop(desks)
        async with outbox(desk) as it:
            await it.sees("waiting: it goes out next.")
            desk.settle("o000003", "kept")
            await it.sees("kept: it is complete")


class TestFilters:
    async def test_by_channel_status_and_scenario(self, outbox) -> None:
        async with outbox() as it:
            listing = it.screen.listing
            await it.press("2")
            await it.until(lambda: listing.count == 2)
            await it.press("x", "x")
            await it.until(lambda: listing.count == 1 and listing.shown.status == "kept")
            await it.press("F")
            await it.until(lambda: listing.count == 4)
            await it.press("f")
            await it.type("lead")
            await it.press("enter")
            await it.until(lambda: listing.count == 1 and listing.shown.scenario == "lead_to_crm")

    async def test_search_narrows_and_escape_ends_it(self, outbox) -> None:
        async with outbox() as it:
            await it.press("slash")
            await it.type("petrova")
            await it.until(lambda: it.screen.listing.count == 1)
            await it.press("escape")
            await it.until(lambda: it.screen.listing.count == 4)


class TestWhereOneGoes:
    async def test_enter_reads_at_full_width_and_escape_goes_back_step_by_step(self, outbox) -> None:
        async with outbox(size=(80, 24)) as it:
            await it.press("G", "enter")
            await it.sees("Hello Anna!")
            assert not it.screen.listing.region
            await it.press("escape")
            await it.until(lambda: it.screen.listing.region and it.screen.listing.has_focus)
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)

    async def test_d_goes_to_the_visitors_dialog(self, outbox) -> None:
        async with outbox() as it:
            await it.press("G", "d")
            await it.until(lambda: it.app.screen is it.inbox)
            await it.until(lambda: it.inbox.row is not None and it.inbox.row.visitor == "v_anna")

    async def test_d_shows_the_card_of_one_without_a_dialog(self, outbox) -> None:
        async with outbox() as it:
            await it.press("d")
            await it.sees("no dialog yet", "new@mail.example")
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.screen)

    async def test_w_asks_why_this_scenario_reached_the_visitor(self, desks, outbox) -> None:
        from server_stub.protocol import WhyLast, WhyOverview

        desk = shop(desks)
        lasts = tuple(WhyLast(slug, desk.now, "entered", 1) for slug in ("first", "cart_series"))
        desk.overviews["v_anna"] = WhyOverview("v_anna", lasts, "Anna Petrova")
        async with outbox(desk) as it:
            await it.press("G", "W")
            await it.until(lambda: ("v_anna", "cart_series") in desk.asked_why)


class TestAHundredThousand:
    async def test_rows_are_scrolled_painting_only_what_is_seen(self) -> None:
        rows = OutboxRows()
        page = [
            OutboxItem(
                f"o{number:06}",
                "email",
                "kept",
                number,
                f"v{number}",
                "s",
                f"Letter {number}",
                to="a@b.example",
            )
            for number in range(100_000, 0, -1)
        ]
        rows.take_page(OutboxFilter(), page, more=False)
        painted: list[str] = []

        class Counting(OutboxList):
            def paint_row(self, row, state, width):
                painted.append(row.id)
                return super().paint_row(row, state, width)

        class Small(App[None]):
            def compose(self):
                yield Counting(rows, lambda: 200_000, UTC, id="rows")

            def on_mount(self) -> None:
                for palette in PALETTES.values():
                    self.register_theme(textual_theme(palette))
                self.theme = "desk-dark"
                listing = self.query_one(OutboxList)
                listing.show(OutboxFilter())
                listing.focus()

        app = Small()
        async with app.run_test(size=(80, 24)) as pilot:
            listing = app.query_one(OutboxList)
            assert listing.count == 100_000
            await pilot.press("G")
            assert listing.cursor == "o000001"
            await pilot.press("pageup", "k", "g")
            await pilot.pause()
            assert listing.cursor == "o100000"
            assert len(set(painted)) < 100
