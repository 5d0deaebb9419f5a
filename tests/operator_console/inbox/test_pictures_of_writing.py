"""Pictures of writing: what fits while one types, what is held, replies, macros. `--snapshot-update` takes new ones.

Look at them before they are committed. The clock stands still and the cursor does not blink.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from operator_console.inbox import emoji_names
from operator_console.preferences import Preferences
from server_stub.protocol import Author, ChangeDialog, Preset, Typing

AT = 1_772_400_000_000
PRESETS = (
    Preset(
        "r1",
        "reply",
        "Delivery times",
        'Hello {{ visitor.first_name | default: "there" }}! Delivery takes two to three days; you get a link as soon '
        "as the parcel is on its way.",
        "Delivery",
        at=AT,
        by="op_maria",
    ),
    Preset(
        "r2", "reply", "Delivery abroad", "To {{ visitor.country }} it takes five days.", "Delivery", at=AT
    ),
    Preset(
        "r3",
        "reply",
        "Returns",
        "You have 30 days.\n\nBest,\n{{ operator.first_name }}",
        "After the order",
        at=AT,
    ),
    Preset("r4", "reply", "Opening hours", "Monday to Friday, 9 to 17.", at=AT, owner="op_maria"),
    Preset(
        "m1",
        "macro",
        "Refund and close",
        "Your money is on its way, {{ visitor.first_name }}.",
        "After the order",
        change=ChangeDialog(add_tags=("refund",), status="closed", ask_rating=True),
        at=AT,
    ),
    Preset(
        "m2",
        "macro",
        "To the workshop",
        change=ChangeDialog(add_tags=("repair",), assignee="", priority="high"),
        at=AT,
    ),
)


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desks, snap_compare, tmp_path: Path):
    """Takes a picture of the app, with Anna's dialog open, after `act(pilot, inbox, desk)`."""

    def take(act, *, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        desk = desks.lively()
        app = OperatorApp(
            desk,
            keep_in=lambda me: tmp_path,
            now=desk.clock,
            zone=UTC,
            theme=theme,
            preferences=Preferences(undo_seconds=5),
        )

        async def run_before(pilot) -> None:
            inbox = app.inbox
            await until(pilot, lambda: inbox.feed is not None and len(inbox.mirror.rows) == 10)
            inbox.mirror.load_presets(PRESETS)
            dialog = next(
                row.id
                for row in inbox.mirror.rows.values()
                if row.visitor_name == "Anna Petrova" and row.status == "open"
            )
            inbox.dialogs.point_to(dialog)
            await until(
                pilot, lambda: inbox._opened == dialog and inbox.feed is not None and inbox._card is not None
            )
            await until(pilot, lambda: not inbox.row.unread)
            await act(pilot, inbox, desk)
            for field in (*inbox.query(TextArea), *app.screen.query(TextArea), *app.screen.query(Input)):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


async def complete(pilot, inbox, desk) -> None:
    """A saved reply is looked for."""
    await pilot.press("r", *"/del")
    await until(pilot, lambda: inbox.composer.offers.is_open)


async def call_a_colleague(pilot, inbox, desk) -> None:
    """A note calls a colleague."""
    await pilot.press("n", *"ask", "space", "@")
    await until(pilot, lambda: inbox.composer.offers.is_open)


async def name_an_emoji(pilot, inbox, desk) -> None:
    """An emoji is looked for."""
    inbox._emoji = emoji_names.load()
    await pilot.press("r", *":heart")
    await until(pilot, lambda: inbox.composer.offers.is_open)


async def hold(pilot, inbox, desk) -> None:
    """A message can still be taken back."""
    await pilot.press("r", *"Gladly!", "enter")
    await until(pilot, lambda: inbox.feed.pending)


async def be_warned(pilot, inbox, desk) -> None:
    """A colleague answers in this dialog, too."""
    tom = Author("operator", "op_tom", "Tom Berg")
    inbox.take_typing(Typing(inbox._opened, tom))
    await pilot.press("r", *"Hel")


async def say_when(pilot, inbox, desk) -> None:
    """A message is to be sent later."""
    await pilot.press("r", *"Good", "space", *"morning!", "ctrl+t", *"mon", "space", *"10:00")


async def keep_a_reply(pilot, inbox, desk) -> None:
    """What is written is kept as a saved reply."""
    await pilot.press("r", *"Dear", "space", *"Anna,", "space", *"it", "space", *"is", "space", *"here")
    await pilot.press("ctrl+s", *"Lamp", "space", *"is", "space", *"here")


async def write_a_macro(pilot, inbox, desk) -> None:
    """A macro is written."""
    await pilot.press("R", "m", *"Sorry")
    await until(pilot, lambda: pilot.app.screen.query("#preset-status"))


async def run_a_macro(pilot, inbox, desk) -> None:
    """A macro is chosen."""
    await pilot.press("M")
    await until(pilot, lambda: pilot.app.screen.query("#macro-preview"))
    await pilot.pause(0.1)


async def read_replies(pilot, inbox, desk) -> None:
    """The screen of saved replies and macros."""
    await pilot.press("R")
    await until(pilot, lambda: pilot.app.screen.query("#replies-list"))
    await pilot.press("j", "j")


class TestPicturesOfWriting:
    def test_a_saved_reply_is_completed_dark(self, picture) -> None:
        assert picture(complete, size=(160, 45))

    def test_a_saved_reply_is_completed_in_a_small_light_terminal(self, picture) -> None:
        assert picture(complete, size=(80, 24), theme="desk-light")

    def test_a_colleague_is_called_in_a_note(self, picture) -> None:
        assert picture(call_a_colleague, size=(120, 36), theme="desk-light")

    def test_an_emoji_is_named(self, picture) -> None:
        assert picture(name_an_emoji, size=(80, 24))

    def test_a_message_is_held(self, picture) -> None:
        assert picture(hold, size=(120, 36))

    def test_a_colleague_answers_too(self, picture) -> None:
        assert picture(be_warned, size=(120, 36))

    def test_a_message_is_sent_later(self, picture) -> None:
        assert picture(say_when, size=(120, 36))

    def test_a_reply_is_kept(self, picture) -> None:
        assert picture(keep_a_reply, size=(120, 36))

    def test_a_macro_is_written_in_a_small_terminal(self, picture) -> None:
        assert picture(write_a_macro, size=(80, 24))

    def test_a_macro_is_chosen_light(self, picture) -> None:
        assert picture(run_a_macro, size=(120, 36), theme="desk-light")

    def test_all_replies_and_macros_dark(self, picture) -> None:
        assert picture(read_replies, size=(160, 45))

    def test_all_replies_and_macros_in_a_small_light_terminal(self, picture) -> None:
        assert picture(read_replies, size=(80, 24), theme="desk-light")
