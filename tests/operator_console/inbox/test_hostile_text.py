"""Whatever strangers write reaches the screen as plain text: nothing that a terminal obeys, nothing that breaks."""

from __future__ import annotations

import re
import unicodedata

import pytest

from server_stub.protocol import (
    Author,
    Button,
    Cart,
    CartItem,
    FileRef,
    Operator,
    Option,
    PageNow,
    Popup,
    PopupEnded,
    PopupShown,
    RunProgress,
    ScenarioChanged,
    ScenarioProblem,
    Touch,
    VisitorCard,
)

HOSTILE = {
    "osc 52": "\x1b]52;c;ZXZpbA==\x07name",
    "osc 0 and csi": "\x1b]0;owned\x1b\\\x1b[2J\x1b[6n",
    "c1": "\x9b2J\x90q\x9c\x9d0;x\x9c",
    "unterminated": "\x1b]8;;https://evil.example",
    "mouse": "\x1b[?1000h\x1bc",
    "bidi": "\u202egnp.exe\u2066\u200f",
    "markup": '[@click=app.quit]x[/] [/ [foo="bar] [red]',
    "wide": "\u5c71" * 300 + "\u200d\ufe0f\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50,
    "marks": "a" + "\u0301" * 400,
    "lines": "one\r\ntwo\x0bthree\u2028four\tfive",
    "long": "x" * 100_000,
    "surrogate": "a\ud800b",
    "nothing": "",
}
BAD = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ud800-\udfff]")


def bad_desk(desks, text: str):
    """A desk where every field that a stranger can fill holds `text`."""
    desk = desks.MemoryDesk()
    desk.staff = {"op_x": Operator("op_x", text, text), desks.MARIA.id: desks.MARIA}
    bot, stranger = Author("bot", text, text), Author("operator", "op_x", text)
    for channel in ("chat", text):
        dialog = desk.open(text, visitor="v" + channel[:3], by=bot, channel=channel)
        visitor = desk.visitor_of(dialog)
        options = (Option("y", text), Option("n", text))
        question = desk.say(dialog, bot, text, options=options, buttons=(Button(text, text),), image=text)
        desk.choose(question, "y")
        desk.say(dialog, "visitor", text, files=(FileRef("f", text, text, 1, text),))
        desk.say(dialog, stranger, text, note=True)
        desk.say(dialog, stranger, f"https://evil.example/{text[:50]}")
        desk.change(dialog, bot, holder="people", team=text, tags_added=(text, text + "2"), reason=text)
        desk.change(dialog, stranger, assignee="op_x")
        desk.record(
            PopupShown(Popup("p", text, "small", text, text, desk.now)), visitor=visitor, dialog=dialog
        )
        desk.record(PopupEnded("p", text, "submitted", {text: text}), visitor=visitor, dialog=dialog)
        desk.happen(visitor, text, name=text, url=text, other={"deep": [text]})
        desk.record(RunProgress("r", text, "v", "ended", text, text), visitor=visitor)
        desk.cards[visitor] = VisitorCard(
            visitor,
            0,
            *(text, text, text, text),
            properties={text: text, "list": [text]},
            tags=(text,),
            segments=(text,),
            visits=3,
            first_touch=Touch(desk.now, text, text, {text: text}, text),
            last_touch=Touch(desk.now, "https://" + text, text),
            page=PageNow(text, text, text),
            cart=Cart((CartItem(text, text, 1.0, 2, text, text),), 1.5, text),
            orders=1,
            revenue=2.0,
            **dict.fromkeys(("device", "locale", "timezone"), text),
        )
        desk.come(visitor)
    desk.record(ScenarioChanged("s", "live", "v", text, text, (ScenarioProblem(1, 1, text, text),)))
    return desk


def everything_painted(it) -> str:
    """All that the app would write to the terminal now: text, links and titles of every strip."""
    painted = [it.app.window_title]
    for strip in it.app.screen._compositor.render_strips():
        for segment in strip:
            painted.append(segment.text)
            painted.append((segment.style and segment.style.link) or "")
    return "".join(painted)


@pytest.mark.parametrize("kind", list(HOSTILE))
class TestEveryField:
    async def test_reaches_the_screen_clean(self, desks, console, kind: str) -> None:
        desk = bad_desk(desks, HOSTILE[kind])
        async with console(desk, size=(160, 90)) as it:
            await it.until(lambda: it.inbox.feed is not None and it.inbox._card is not None)
            seen = [everything_painted(it)]
            dialog = it.inbox._opened
            desk.type(dialog, HOSTILE[kind])
            await it.until(lambda: it.inbox.query_one("#typing").who)
            for key in (
                "h",
                "f",
                "escape",
                "t",
                "escape",
                "A",
                "escape",
                "o",
                "escape",
                "P",
                "escape",
                "slash",
            ):
                await it.press(key)
                await it.pilot.pause(0.02)
                seen.append(everything_painted(it))
            it.inbox.tell(HOSTILE[kind])
            desk.cut()
            await it.sees("Connection lost")
            seen.append(everything_painted(it))
            painted = "".join(seen)
            found = BAD.search(painted)
            assert found is None, f"{found.group()!r} reached the screen"
            assert it.app.is_running
            assert all(len(unicodedata.normalize("NFD", line)) < 2_000 for line in it.lines())

    async def test_every_line_is_exactly_as_wide_as_the_screen(self, desks, console, kind: str) -> None:
        async with console(bad_desk(desks, HOSTILE[kind]), size=(100, 40)) as it:
            await it.until(lambda: it.inbox.feed is not None)
            for strip in it.app.screen._compositor.render_strips():
                assert strip.cell_length == 100
