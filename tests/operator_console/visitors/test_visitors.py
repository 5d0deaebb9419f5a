"""Visitors on the site right now, and all of them by a search or a segment, over a real server."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from operator_console.visitors.rows import VisitorRows
from server_stub.demo_visitors.connection import Connection
from server_stub.demo_visitors.connection import opened as connected
from server_stub.protocol import ChangeVisitor, Hello, IdentifyFrame, TrackFrame, VisitorBrief, VisitorPage


@asynccontextmanager
async def passing(served, name: str, **traits: Any) -> AsyncIterator[Connection]:
    """A visitor who is on the site for as long as that."""
    hello = Hello(key=served.server.write_key, locale="en", timezone="Europe/Prague")
    async with connected(Connection(served.url, hello, {}, name)) as page:
        await page.ask(TrackFrame(page.next_id(), "Page Viewed", {"path": "/", "title": "Home"}))
        await page.ask(IdentifyFrame(page.next_id(), traits={"name": name, **traits}))
        yield page


async def opened(it):
    """Open the list, and wait for its first page."""
    await it.press("L")
    await it.until(lambda: it.app.screen is not it.inbox)
    screen = it.app.screen
    await it.until(lambda: screen.rows.order or "Nobody" in screen.listing.empty_text)
    return screen


class TestTheLiveListOfVisitorsOnTheSite:
    async def test_it_shows_page_cart_visits_and_channel(self, served) -> None:
        anna = await served.visitor("Anna", email="anna@mail.example")
        await anna.views("/lamps", "Lamps")
        await anna.does(
            "Product Added", product_id="L1", name="Lamp Fjord", price=89, quantity=2, currency="EUR"
        )
        async with served.console() as it:
            await opened(it)
            for text in ("Anna", "anna@mail.example", "Lamps", "2 items · 178 EUR", "1 visit · direct"):
                await it.shows(text)

    async def test_it_follows_what_they_do_who_comes_and_who_goes(self, served) -> None:
        async with served.console() as it:
            async with passing(served, "Anna") as anna:
                screen = await opened(it)
                await it.shows("Anna")
                await anna.ask(TrackFrame("again", "Page Viewed", {"path": "/chairs", "title": "Chairs"}))
                await it.shows("Chairs")
                await served.visitor("Ben")
                await it.shows("Ben")
            await it.until(lambda: [one.name for one in screen.rows.rows.values()] == ["Ben"])

    async def test_the_card_of_whoever_is_under_the_cursor_stands_beside_it(self, served) -> None:
        await served.visitor("Anna", email="anna@mail.example", company="Petrova OÜ")
        async with served.console() as it:
            await opened(it)
            await it.shows("Petrova OÜ")
            await it.shows("Visit 1 · today")

    async def test_enter_opens_the_full_card_and_escape_comes_back(self, served) -> None:
        await served.visitor("Anna")
        async with served.console() as it:
            screen = await opened(it)
            await it.press("enter")
            await it.until(lambda: it.app.screen.PLACE == "person")
            await it.press("escape")
            await it.until(lambda: it.app.screen is screen)
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)


class TestADialogIsStartedWithOneOfThem:
    async def test_d_begins_it_and_the_inbox_shows_it(self, served) -> None:
        await served.visitor("Anna")
        async with served.console() as it:
            await opened(it)
            await it.press("d")
            await it.until(lambda: it.app.screen is it.inbox and it.inbox.row is not None)
            assert it.inbox.row.visitor_name == "Anna"
        assert (await served.owner.dialogs(status="open")).total == 1

    async def test_where_there_is_one_it_goes_there(self, served) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await opened(it)
            await it.shows("◆ in a dialog")
            await it.press("d")
            await it.until(lambda: it.app.screen is it.inbox)
            assert it.inbox.row.last_text == "Hello"
        assert (await served.owner.dialogs(status="open")).total == 1

    async def test_a_console_for_reading_only_begins_none(self, served) -> None:
        await served.visitor("Anna")
        async with served.console(read_only=True) as it:
            screen = await opened(it)
            await it.press("d")
            await it.shows("This console was opened for reading only.")
            assert it.app.screen is screen
        assert (await served.owner.dialogs(status="open")).total == 0


class TestFindingAVisitor:
    async def test_a_search_finds_also_who_is_away(self, served) -> None:
        async with passing(served, "Anna", phone="+37255501"):
            pass
        await served.visitor("Ben")
        async with served.console() as it:
            screen = await opened(it)
            await it.until(lambda: len(screen.rows.order) == 1)
            await it.press("slash")
            await it.type("37255501")
            await it.until(lambda: [one.name for one in screen.rows.rows.values()] == ["Anna"])
            await it.press("escape")
            await it.until(lambda: [one.name for one in screen.rows.rows.values()] == ["Ben"])

    async def test_everybody_and_the_blocked(self, served) -> None:
        async with passing(served, "Anna"):
            pass
        await served.visitor("Ben")
        [brief] = (await served.owner.visitors(query="Ben")).visitors
        await served.owner.change_visitor(brief.id, ChangeVisitor(blocked=True))
        async with served.console() as it:
            screen = await opened(it)
            await it.press("2")
            await it.until(lambda: len(screen.rows.order) == 2)
            await it.press("3")
            await it.until(lambda: [one.name for one in screen.rows.rows.values()] == ["Ben"])
            await it.shows("⊘")

    async def test_more_load_as_the_cursor_nears_the_end(self, served, monkeypatch) -> None:
        from operator_console.visitors import list_view
        from operator_console.visitors import screen as visitors_screen

        monkeypatch.setattr(visitors_screen, "PAGE", 10)
        monkeypatch.setattr(list_view, "NEAR_END", 2)
        for number in range(25):
            async with passing(served, f"Guest {number:02}"):
                pass
        async with served.console(size=(120, 16)) as it:
            screen = await opened(it)
            await it.press("2")
            await it.shows("25 visitors")
            await it.until(lambda: len(screen.rows.order) == 10)
            for _ in range(4):
                await it.press("G")
                await it.pilot.pause()
            await it.until(lambda: len(screen.rows.order) == 25)
            assert len(set(screen.rows.order)) == 25


SEGMENT = "segment: returning\ntitle: Returning\nconditions:\n  - visits >= 2\n"


class TestSegments:
    async def test_a_segment_is_picked_by_its_title(self, serve) -> None:
        async with serve({"segments/returning": SEGMENT}) as served:
            anna = await served.visitor("Anna")
            await served.advance(3_600_000)
            await anna.views("/again", "Again")
            await served.visitor("Ben")
            async with served.console() as it:
                screen = await opened(it)
                await it.press("f")
                await it.shows("Returning")
                await it.type("returning")
                await it.press("enter")
                await it.until(lambda: [one.name for one in screen.rows.rows.values()] == ["Anna"])
                await it.shows("Returning ▾")


class TestRowsOfVisitors:
    def page(self, *names: str, cursor: str = "", total: int = 9) -> VisitorPage:
        """Visitors called so; the letters say who was here later."""
        briefs = tuple(VisitorBrief(name[0], 1_000 - ord(name[0]), name) for name in names)
        return VisitorPage(1, briefs, cursor, total)

    def test_the_first_page_again_moves_who_was_here_and_keeps_what_was_loaded_below(self) -> None:
        rows = VisitorRows()
        rows.take_first(self.page("b", "c", cursor="2"))
        rows.take_next(self.page("d", "e", cursor="3"))
        assert rows.order == ["b", "c", "d", "e"]
        changed = rows.take_first(self.page("a", "b2", cursor="2"))
        assert rows.order == ["a", "b", "c", "d", "e"]
        assert changed == {"a", "b"}
        assert rows.cursor == "3", "it goes on where the last page ended"

    def test_who_has_gone_is_gone(self) -> None:
        rows = VisitorRows()
        rows.take_first(self.page("a", "b", "c"))
        assert rows.take_first(self.page("a", "c")) == {"b"}
        assert set(rows.rows) == {"a", "c"}

    def test_a_row_that_says_the_same_stays_the_same_object(self) -> None:
        rows = VisitorRows()
        rows.take_first(self.page("a", "b"))
        before = dict(rows.rows)
        assert rows.take_first(self.page("a", "b")) == set()
        assert all(rows.rows[key] is before[key] for key in before)

    def test_pages_in_any_order_never_show_one_twice(self) -> None:
        for first, second in itertools.permutations([("a", "b"), ("b", "c"), ("c", "d")], 2):
            rows = VisitorRows()
            rows.take_first(self.page(*first, cursor="2"))
            rows.take_next(self.page(*second, cursor=""))
            rows.take_first(self.page(*first, cursor="2"))
            assert len(rows.order) == len(set(rows.order)) == len(rows.rows)
