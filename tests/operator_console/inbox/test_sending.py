"""From Enter to the visitor: held and taken back, overtaken by a colleague, sent later; drafts over a crash."""

from __future__ import annotations

import asyncio

from operator_console.preferences import Preferences
from server_stub.protocol import MessageSent, NewMessage, SendMessage

HELD = Preferences(undo_seconds=30)
"""Long enough that nothing goes out by itself within a test."""


async def opened(console, name: str = "Anna Petrova") -> str:
    """Open the visitor's dialog; its id."""
    inbox = console.inbox
    await console.until(lambda: any(row.visitor_name == name for row in inbox.mirror.rows.values()))
    dialog = next(row.id for row in inbox.mirror.rows.values() if row.visitor_name == name)
    inbox.dialogs.point_to(dialog)
    await console.until(lambda: inbox._opened == dialog and inbox.feed is not None)
    return dialog


async def write(console, text: str, *then: str) -> None:
    """Type a message, and press what follows."""
    if not console.inbox.composer.text_area.has_focus:
        await console.press("r")
        await console.until(lambda: console.inbox.composer.text_area.has_focus)
    await console.type(text)
    await console.until(lambda: console.inbox.composer.text == text)
    await console.press(*then)


async def texts(client, dialog: str) -> list[str]:
    """What operators have said in the dialog."""
    feed = await client.feed(dialog)
    messages = [entry.what.message for entry in feed.entries if isinstance(entry.what, MessageSent)]
    return [message.text for message in messages if message.author.kind == "operator"]


class TestUndoSend:
    async def test_a_message_is_held_and_Z_takes_it_back_into_the_composer(self, served) -> None:  # noqa: N802
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "On Friday", "enter")
            await console.shows("goes out in 30 s · Z takes it back")
            await console.press("escape", "Z")
            await console.until(lambda: console.inbox.composer.text == "On Friday")
            assert "goes out in" not in console.text()
            assert await texts(served.owner, dialog) == []

    async def test_ctrl_z_in_the_empty_composer_takes_it_back_too(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            await opened(console)
            await write(console, "On Friday", "enter", "ctrl+z")
            await console.until(lambda: console.inbox.composer.text == "On Friday")

    async def test_enter_in_the_empty_composer_sends_it_at_once(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "On Friday", "enter", "enter")
            await console.until(lambda: console.inbox.row.last_text == "On Friday")
            assert await texts(served.owner, dialog) == ["On Friday"]
            await console.press("ctrl+z")
            await console.until(lambda: "Nothing can be taken back any more." in console.text())

    async def test_it_goes_out_by_itself_after_its_seconds(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=Preferences(undo_seconds=1)) as console:
            await opened(console)
            await write(console, "On Friday", "enter")
            await console.shows("Z takes it back")
            await console.until(lambda: console.inbox.row.last_text == "On Friday")
            await console.until(lambda: "Z takes it back" not in console.text())

    async def test_notes_are_not_held(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            await opened(console)
            await console.press("n")
            await console.until(lambda: console.inbox.composer.text_area.has_focus)
            await console.type("Careful")
            await console.press("enter")
            await console.shows("note, only operators see it")
            await console.until(lambda: not console.inbox.outgoing.waiting())

    async def test_from_another_dialog_it_comes_back_as_the_draft_of_its_own(self, served) -> None:
        for name in ("Anna Petrova", "Mihkel Saar"):
            visitor = await served.visitor(name)
            await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "On Friday", "enter", "escape")
            await opened(console, "Mihkel Saar")
            await console.press("Z")
            await console.shows("it is the draft for Anna Petrova")
            assert console.inbox.drafts.get(dialog).text == "On Friday"

    async def test_leaving_the_console_sends_what_is_held(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "On Friday", "enter")
            await console.shows("Z takes it back")
        assert await texts(served.owner, dialog) == ["On Friday"]

    async def test_closing_the_dialog_sends_what_is_held_first(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "Good bye", "enter", "escape", "c")
            await console.until(lambda: console.inbox.mirror.rows[dialog].status == "closed")
            assert await texts(served.owner, dialog) == ["Good bye"]


class TestTwoAnswerAtOnce:
    async def test_a_message_that_was_overtaken_comes_back_and_may_be_sent_anyway(self, served) -> None:
        tom = await served.operator("Tom Berg")
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "On Friday", "enter")
            await tom.send(dialog, SendMessage("t1", "On Thursday"))
            await console.until(lambda: console.inbox.row.last_text == "On Thursday")
            await console.press("enter")
            await console.shows("Not sent: Tom Berg has answered meanwhile.")
            await console.press("escape", "b")
            await console.shows("A colleague has answered meanwhile")
            await console.press("down", "enter")
            await console.until(lambda: console.inbox.row.last_text == "On Friday")
            assert await texts(served.owner, dialog) == ["On Thursday", "On Friday"]
            assert not console.inbox.outgoing.waiting()

    async def test_or_its_text_is_taken_back(self, served) -> None:
        tom = await served.operator("Tom Berg")
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "On Friday", "enter")
            await tom.send(dialog, SendMessage("t1", "On Thursday"))
            await console.until(lambda: console.inbox.row.last_text == "On Thursday")
            await console.press("enter")
            await console.shows("Not sent: Tom Berg has answered meanwhile.")
            await console.press("escape", "b", "enter")
            await console.until(lambda: console.inbox.composer.text == "On Friday")
            assert await texts(served.owner, dialog) == ["On Thursday"]

    async def test_ones_own_earlier_message_overtakes_nobody(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console(preferences=HELD) as console:
            dialog = await opened(console)
            await write(console, "One", "enter")
            await write(console, "Two", "enter", "enter")
            await console.until(lambda: console.inbox.row.last_text == "Two")
            assert await texts(served.owner, dialog) == ["One", "Two"]


class TestWhoElseIsLookingOrWriting:
    async def test_a_line_above_the_text_warns_while_a_colleague_looks_and_writes(self, served) -> None:
        tom = await served.operator("Tom Berg")
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console() as console:
            dialog = await opened(console)
            stream = tom.stream(0)
            following = asyncio.create_task(_follow(stream))
            await console.until(
                lambda: any(
                    one.online for one in console.inbox.mirror.operators.values() if one.name == "Tom Berg"
                )
            )
            await tom.look_at(dialog)
            await console.shows("Tom Berg has this dialog open, too")
            await tom.type_in(dialog)
            await console.shows("Tom Berg is answering in this dialog, too")
            await tom.send(dialog, SendMessage("t1", "On Thursday"))
            await console.shows("Tom Berg has this dialog open, too")
            await tom.look_at("")
            await console.until(lambda: ", too" not in console.text())
            following.cancel()


async def _follow(stream) -> None:
    async for _ in stream:
        pass


class TestScheduledSend:
    async def test_what_is_written_is_sent_later_at_the_time_that_was_typed(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console() as console:
            dialog = await opened(console)
            await write(console, "Good morning!", "ctrl+t")
            await console.shows("Send it later")
            await console.type("soon")
            await console.shows("“soon” is no time")
            await console.press(*["backspace"] * 4)
            await console.type("in 2h")
            await console.shows("in 2h")
            await console.press("enter")
            await console.until(lambda: console.inbox.feed.scheduled)
            await console.shows("goes out")
            assert await texts(served.owner, dialog) == []
            await served.advance(2 * 3_600_000)
            await console.until(lambda: console.inbox.row.last_text == "Good morning!")
            await console.until(lambda: not console.inbox.feed.scheduled)
            assert (await heard(visitor)).text == "Good morning!"

    async def test_it_can_be_changed_cancelled_and_sent_now(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console() as console:
            dialog = await opened(console)
            await write(console, "Good morning!", "ctrl+t", "enter")
            await console.until(lambda: console.inbox.feed.scheduled)
            first = console.inbox.feed.scheduled[0].message.send_at
            await console.press("ctrl+t", "enter")
            await console.shows("Send it at another time")
            await console.type("in 3h")
            await console.press("enter")
            await console.until(lambda: console.inbox.feed.scheduled[0].message.send_at > first)
            await console.press("ctrl+t", "down", "enter")
            await console.until(lambda: console.inbox.composer.editing is not None)
            await console.type(" Anna")
            await console.press("enter")
            await console.until(lambda: console.inbox.feed.scheduled[0].message.text == "Good morning! Anna")
            await console.press("ctrl+t", "down", "down", "enter")
            await console.until(lambda: console.inbox.row.last_text == "Good morning! Anna")
            await write(console, "And again", "ctrl+t", "enter")
            await console.until(lambda: console.inbox.feed.scheduled)
            await console.press("ctrl+t", "up", "enter")
            await console.until(lambda: not console.inbox.feed.scheduled)
            await console.until(lambda: console.inbox.composer.text == "And again")
            assert await texts(served.owner, dialog) == ["Good morning! Anna"]


async def heard(visitor):
    """The next message that an operator sent to the visitor's page."""
    async with asyncio.timeout(5):
        while True:
            reply = await visitor.page.heard.get()
            if isinstance(reply, NewMessage) and reply.message.author.kind == "operator":
                return reply.message
