"""Pictures of the conversation with all that can be done in it, and of its sheets: what an operator sees, frozen."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from operator_console.inbox.picture_screen import CellPicture
from server_stub.protocol import (
    Author,
    DialogChanged,
    DialogRated,
    FileRef,
    Lookers,
    Message,
    MessageDeleted,
    MessageEdited,
    MessageScheduled,
    Option,
)

HOUR = 3_600_000
HOUSE = FileRef("f_house", "house.png", "image/png", 1_021, "/files/house")


def house() -> bytes:
    """A small picture."""
    picture = Image.new("RGB", (240, 160), "#9cc8ee")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 110, 240, 160), fill="#3f7d4f")
    draw.ellipse((170, 15, 215, 60), fill="#ffd95a")
    draw.rectangle((60, 60, 140, 120), fill="#b5533c")
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


def a_day(desks):
    """A desk where one dialog has seen all that can happen in one."""
    desk = desks.MemoryDesk()
    maria = Author("operator", desks.MARIA.id, desks.MARIA.name)
    tom = Author("operator", desks.TOM.id, desks.TOM.name)
    dialog = desk.open("Anna Petrova", visitor="v1", holder="people")
    at = {"visitor": "v1", "dialog": dialog}
    desk.say(dialog, "visitor", "Is the green lamp in stock? https://shop.example/lamps")
    answer = desk.say(dialog, maria, "Yes, we hvae two left.")
    wrong = desk.say(dialog, maria, "Sorry, wrong window")
    desk.record(DialogChanged(maria, assignee=tom.id, priority="urgent", tags_added=("lamps",)), **at)
    desk.say(dialog, tom, "@Maria Lind can you look in the warehouse?", note=True, mentions=(maria.id,))
    desk.record(DialogChanged(tom, status="snoozed", snoozed_until=desk.now + 20 * HOUR), **at)
    desk.record(DialogChanged(Author("visitor", "v1"), status="open"), **at)
    desk.say(dialog, "visitor", "It would go here", files=(HOUSE,))
    question = desk.say(
        dialog,
        desks.BOT,
        "How did we do?",
        input="rating",
        options=tuple(Option(str(score), str(score)) for score in range(1, 6)),
    )

    async def read_file(ref):
        return house()

    desk.read_file = read_file

    def happens_now() -> None:
        desk.record(MessageEdited(maria, answer.id, "Yes, we have two left."), **at)
        desk.record(MessageDeleted(maria, wrong.id), **at)
        desk.record(DialogRated(question.id, 4), **at)
        later = Message(
            "m_later", dialog, "v1", maria, desk.now, 0, "I will tell you.", send_at=desk.now + 40 * HOUR
        )
        desk.record(MessageScheduled(later), **at)
        desk._tell(Lookers(dialog, (maria.id, tom.id)))

    return desk, dialog, happens_now


@pytest.fixture
def picture(desks, settled, snap_compare, tmp_path: Path):
    """Takes a picture of that dialog after `act(pilot, app)`."""

    def take(act, *, size: tuple[int, int] = (160, 50), theme: str = "desk-dark") -> bool:
        desk, dialog, happens_now = a_day(desks)
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            inbox = app.inbox
            await until(pilot, lambda: inbox._opened == dialog and inbox.feed is not None and inbox._card)
            happens_now()
            await pilot.press("enter")
            await until(pilot, lambda: inbox.feed.scheduled and inbox.query_one("#dialog-header").lookers)
            await until(pilot, lambda: inbox.feed_view.pictures.get(HOUSE.id) and not inbox.row.unread)
            await settled(pilot)
            await act(pilot, app)
            for field in (*inbox.query(TextArea), *inbox.query(Input), *app.screen.query(Input)):
                field.cursor_blink = False
            await settled(pilot)

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


async def nothing(pilot, app) -> None:
    """The dialog as it is."""


class TestPicturesOfAConversation:
    def test_dark(self, picture) -> None:
        assert picture(nothing)

    def test_light(self, picture) -> None:
        assert picture(nothing, theme="desk-light")

    def test_narrow(self, picture) -> None:
        assert picture(nothing, size=(80, 24))

    def test_a_message_of_ones_own_is_selected(self, picture) -> None:
        async def act(pilot, app) -> None:
            await pilot.press(*["left_square_bracket"] * 6)
            await until(pilot, lambda: app.inbox.feed_view.selected)

        assert picture(act)


class TestPicturesOfSheets:
    def test_snooze(self, picture) -> None:
        async def act(pilot, app) -> None:
            await pilot.press("z")
            await until(pilot, lambda: app.screen is not app.inbox and app.screen.query_one(".sheet").region)
            await pilot.pause()

        assert picture(act, size=(80, 24))

    def test_transfer(self, picture) -> None:
        async def act(pilot, app) -> None:
            await pilot.press("A")
            await until(pilot, lambda: app.screen is not app.inbox and app.screen.query_one(".sheet").region)
            await pilot.pause()

        assert picture(act, size=(80, 24))

    def test_a_picture_large(self, picture) -> None:
        async def act(pilot, app) -> None:
            app.inbox.look(HOUSE)
            await until(pilot, lambda: any(one._cells.lines for one in app.screen.query(CellPicture)))
            await pilot.pause()

        assert picture(act, size=(100, 30))
