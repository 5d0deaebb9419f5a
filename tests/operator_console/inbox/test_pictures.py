"""Pictures of the console: what an operator sees, frozen. `pytest --snapshot-update` takes new ones.

Look at them before they are committed. The clock stands still and the cursor does not blink.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp


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
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

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
