"""Pictures of the dialog list: its marks, several marked, what a search finds, saved filters.

Look at them before they are committed. The clock stands still and the cursor does not blink.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from server_stub.protocol import Author, Preset

HOUR = 3_600_000
MARIA = Author("operator", "op_maria", "Maria Lind")
TOM = Author("operator", "op_tom", "Tom Berg")
PRESETS = [
    Preset("f1", "filter", "VIPs who wait", "open/all?tag=vip&waiting=yes"),
    Preset("f2", "filter", "Wholesale, mine", "open/mine?tag=wholesale", owner="op_maria"),
    Preset("f3", "filter", "Closed without a word", "closed/unassigned", owner="op_maria"),
]


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


def busy(desk) -> None:
    """Dialogs that are urgent, put off, called for by a note, well and badly rated."""
    of = {}
    for row in desk.all_summaries():
        of.setdefault(row.visitor_name, row.id)
    desk.change(of["Anna Petrova"], MARIA, priority="urgent")
    desk.change(of["Café Rosa, purchasing"], TOM, priority="high")
    desk.change(of["Lena Vogt"], TOM, status="snoozed", snoozed_until=desk.now + 18 * HOUR)
    desk.change(of["Jonas"], TOM, status="snoozed", snoozed_until=0, priority="low")
    desk.say(of["Mihkel Saar"], TOM, "Maria, can you look?", note=True, mentions=("op_maria",))


@pytest.fixture
def picture(desks, snap_compare, tmp_path: Path):
    """Takes a picture of the app over a busy desk after `act(pilot, inbox)`."""

    def take(act, *, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        desk = desks.lively()
        desk.presets_kept = PRESETS
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            inbox = app.inbox
            await until(pilot, lambda: inbox.feed is not None and len(inbox.mirror.rows) == 10)
            busy(desk)
            await until(pilot, lambda: any(row.mentioned for row in inbox.mirror.rows.values()))
            inbox.dialogs.thaw()
            # The note's notification is another picture's.
            await until(pilot, lambda: app._notifications)
            app.clear_notifications()
            await until(pilot, lambda: not app.screen.query("Toast"))
            await act(pilot, inbox)
            for field in (*inbox.query(TextArea), *inbox.query(Input), *app.screen.query(Input)):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


async def search(pilot, inbox, words: str) -> None:
    await pilot.press("slash", *["space" if letter == " " else letter for letter in words])
    await until(pilot, lambda: inbox._words == words and inbox._answered == words)


class TestTheDialogList:
    def test_priority_mention_snooze_channel_and_waiting_dark(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await pilot.press("x", "x", "x", "g")
            await until(pilot, lambda: inbox.dialogs.count == 10)

        assert picture(act, size=(160, 45))

    def test_the_same_light_in_a_small_terminal(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await pilot.press("x", "x", "x", "g")
            await until(pilot, lambda: inbox.dialogs.count == 10)

        assert picture(act, size=(80, 24), theme="desk-light")

    def test_several_are_marked_in_the_order_of_waiting(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await pilot.press("S", "g", "space", "space", "space")
            await until(pilot, lambda: inbox.list_header.marked == 3)

        assert picture(act, size=(120, 36), theme="desk-light")

    def test_a_filter_with_its_address(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            inbox.go_to_address("open/all?operator=op_tom&tag=wholesale")
            await until(pilot, lambda: inbox.dialogs.count == 1)

        assert picture(act, size=(120, 36))


class TestFinding:
    def test_what_a_search_finds_dark(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await search(pilot, inbox, "an")
            await pilot.press("down")

        assert picture(act, size=(160, 45))

    def test_what_a_search_finds_light_in_a_small_terminal(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await search(pilot, inbox, "courier")

        assert picture(act, size=(80, 24), theme="desk-light")

    def test_nothing_is_found(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await search(pilot, inbox, "zebra")

        assert picture(act, size=(80, 24))


class TestSavedFilters:
    def test_the_sheet_light(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await pilot.press("2", "S", "s")
            await pilot.pause()

        assert picture(act, size=(120, 36), theme="desk-light")
