"""Messages and dialogs over the wire: what the console asks for, and what reaches the visitor's page of it."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from server_stub.protocol import (
    Ack,
    BulkResult,
    CaughtUp,
    DialogMerged,
    DialogPage,
    DialogRated,
    DialogState,
    DialogSummary,
    FeedPage,
    Message,
    MessageAgain,
    MessageScheduled,
    NewMessage,
    OptionTaken,
    Preset,
    Refused,
    VisitorCard,
)

HOUR = 3_600_000


class Console:
    """What an operator does, by REST."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.count = 0

    async def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else self.desk.auth
        return await self.desk.http.request(method, path, json=body, headers=headers)

    async def ask(self, method: str, path: str, type_: Any, body: Any = None) -> Any:
        answer = await self.call(method, path, body)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=type_)

    async def send(self, dialog: str, text: str, **more: Any) -> Message:
        self.count += 1
        body = {"client_id": f"c{self.count}", "text": text, **more}
        return await self.ask("POST", f"/api/dialogs/{dialog}/messages", Message, body)

    async def change(self, dialog: str, **changes: Any) -> DialogSummary:
        return await self.ask("PATCH", f"/api/dialogs/{dialog}", DialogSummary, changes)

    async def hire(self, name: str) -> str:
        """Another operator's token."""
        answer = await self.call("POST", "/api/operators", {"name": name})
        return str(answer.json()["token"])


@pytest.fixture
def console(desk: Any) -> Console:
    return Console(desk)


@asynccontextmanager
async def chatting(desk: Any, text: str = "Hello") -> Any:
    """A page whose visitor has written; its first message is in `asked`."""
    async with desk.widget() as page:
        page.asked = (await page.until(Ack, id=await page.say("write", text=text))).message
        yield page


async def now_of() -> int:
    return int(time.time() * 1000)


class TestEditingAndTakingAway:
    async def test_the_page_shows_it_and_forgets_it(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as page:
            sent = await console.send(page.asked.dialog, "It costs 8")
            path = f"/api/messages/{sent.id}"
            edited = await console.ask("PATCH", path, Message, {"text": "It costs 9"})
            assert (await page.until(MessageAgain)).message == edited
            assert (await console.call("DELETE", path)).status_code == 204
            gone = (await page.until(MessageAgain)).message
            assert (gone.id, gone.deleted, gone.text) == (sent.id, True, "")
        feed = await console.ask("GET", f"/api/dialogs/{sent.dialog}/feed", FeedPage)
        shown = [e.what.message for e in feed.entries if getattr(e.what, "message", None) is not None]
        assert [m.text for m in shown if isinstance(m, Message)] == ["Hello", ""]

    async def test_a_page_that_was_away_is_told_after_its_welcome(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as page:
            dialog = page.asked.dialog
            one = await console.send(dialog, "One")
            two = await console.send(dialog, "Two")
            await page.until(NewMessage, message=two)
        await console.ask("PATCH", f"/api/messages/{one.id}", Message, {"text": "1"})
        await console.call("DELETE", f"/api/messages/{two.id}")
        three = await console.send(dialog, "Three")
        async with desk.widget(page.token, after=two.seq) as page:
            assert [message.id for message in page.welcome.messages] == [three.id]
            again = [(await page.until(MessageAgain)).message for _ in range(2)]
            assert [(message.text, message.deleted) for message in again] == [("1", False), ("", True)]
        async with desk.widget(page.token) as fresh:
            assert [message.text for message in fresh.welcome.messages] == ["Hello", "1", "Three"]

    async def test_notes_never_reach_the_page(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as page:
            note = await console.send(page.asked.dialog, "difficult", note=True)
            await console.ask("PATCH", f"/api/messages/{note.id}", Message, {"text": "very difficult"})
            await console.call("DELETE", f"/api/messages/{note.id}")
            last = await console.send(page.asked.dialog, "Hi")
            while not isinstance(reply := await page.next(), NewMessage):
                assert not isinstance(reply, MessageAgain)
            assert reply.message.id == last.id

    async def test_another_operators_message_is_refused(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as page:
            sent = await console.send(page.asked.dialog, "Hi")
        token = await console.hire("Bob")
        for method, body in (("PATCH", {"text": "Ho"}), ("DELETE", None)):
            answer = await console.call(method, f"/api/messages/{sent.id}", body, token)
            assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


class TestSendingLater:
    async def test_it_is_listed_changed_cancelled_and_comes_by_itself(
        self, desk: Any, console: Console
    ) -> None:
        now = await now_of()
        async with chatting(desk) as page:
            dialog = page.asked.dialog
            path = f"/api/dialogs/{dialog}/scheduled"
            second = await console.send(dialog, "Second", send_at=now + 2 * HOUR)
            first = await console.send(dialog, "First", send_at=now + HOUR)
            assert await console.ask("GET", path, list[Message]) == [first, second]
            await console.call("DELETE", f"/api/messages/{second.id}")
            soon = {"text": "Soon", "send_at": await now_of() + 200}
            waiting = await console.ask("PATCH", f"/api/messages/{first.id}", Message, soon)
            assert await console.ask("GET", path, list[Message]) == [waiting]
            arrived = (await page.until(NewMessage)).message
            assert (arrived.id, arrived.text, arrived.send_at) == (first.id, "Soon", 0)
            assert await console.ask("GET", path, list[Message]) == []

    async def test_the_stream_tells_of_it_and_the_page_hears_nothing(
        self, desk: Any, console: Console
    ) -> None:
        async with chatting(desk) as page, desk.stream() as stream:
            await stream.until(CaughtUp)
            await console.send(page.asked.dialog, "Later", send_at=await now_of() + HOUR)
            entry = await stream.until_entry(lambda entry: isinstance(entry.what, MessageScheduled))
            assert entry.what.message.text == "Later"
            await console.send(page.asked.dialog, "Now")
            assert (await page.until(NewMessage)).message.text == "Now"


class TestTwoConsoles:
    async def test_the_second_answer_is_refused_until_the_first_was_read(
        self, desk: Any, console: Console
    ) -> None:
        async with chatting(desk) as page:
            dialog, read = page.asked.dialog, page.asked.seq
        await console.send(dialog, "Hi", read_up_to=read)
        token = await console.hire("Bob")
        body = {"client_id": "b1", "text": "Hello", "read_up_to": read}
        answer = await console.call("POST", f"/api/dialogs/{dialog}/messages", body, token)
        assert (answer.status_code, answer.json()["error"]) == (409, "overtaken")
        body["read_up_to"] = await desk.last_seq()
        answer = await console.call("POST", f"/api/dialogs/{dialog}/messages", body, token)
        assert answer.status_code == 200


class TestSnoozing:
    async def test_it_leaves_the_open_ones_and_the_page_sees_no_difference(
        self, desk: Any, console: Console
    ) -> None:
        async with chatting(desk) as page:
            dialog = page.asked.dialog
            row = await console.change(dialog, status="snoozed", snooze_until=await now_of() + HOUR)
            assert row.status == "snoozed"
            for status, found in (("open", []), ("snoozed", [dialog]), ("active", [dialog]), ("closed", [])):
                listed = await console.ask("GET", f"/api/dialogs?status={status}", DialogPage)
                assert [one.id for one in listed.dialogs] == found
            assert (await page.until(DialogState, status="open")).status == "open"
        async with desk.widget(page.token) as page:
            assert page.welcome.dialog_status == "open"

    async def test_it_comes_back_by_itself(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as page, desk.stream() as stream:
            await stream.until(CaughtUp)
            until = await now_of() + 200
            await console.change(page.asked.dialog, status="snoozed", snooze_until=until)
            back = await stream.until_entry(lambda entry: getattr(entry.what, "reason", "") == "snooze ended")
            assert back.at >= until


class TestChangingMany:
    async def test_each_stands_alone(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as first, chatting(desk) as second:
            dialogs = [first.asked.dialog, second.asked.dialog]
        body = {
            "dialogs": [dialogs[0], "d_none", dialogs[1], dialogs[0]],
            "change": {"status": "closed", "add_tags": ["done"], "note": "all done", "client_id": "c"},
        }
        for _ in range(2):
            result = await console.ask("POST", "/api/dialogs/changes", BulkResult, body)
            assert [row.id for row in result.changed] == dialogs
            assert {(row.status, row.tags) for row in result.changed} == {("closed", ("done",))}
            assert [(one.dialog, one.problem.error) for one in result.refused] == [("d_none", "not_found")]
        feed = await console.ask("GET", f"/api/dialogs/{dialogs[0]}/feed", FeedPage)
        texts = [getattr(getattr(e.what, "message", None), "text", "") for e in feed.entries]
        assert texts.count("all done") == 1

    @pytest.mark.parametrize("dialogs", [[], [f"d{number}" for number in range(1001)]])
    async def test_none_and_too_many_are_refused(self, console: Console, dialogs: list[str]) -> None:
        body = {"dialogs": dialogs, "change": {"status": "closed"}}
        answer = await console.call("POST", "/api/dialogs/changes", body)
        assert (answer.status_code, answer.json()["field"]) == (400, "dialogs")


class TestRating:
    async def test_a_closed_dialog_asks_and_the_answer_is_in_its_feed(
        self, desk: Any, console: Console
    ) -> None:
        async with chatting(desk) as page:
            dialog = page.asked.dialog
            await console.change(dialog, status="closed", ask_rating=True)
            await page.until(DialogState, status="closed")
            question = (await page.until(NewMessage)).message
            id_ = await page.say("choose", message=question.id, option="4")
            await page.until(OptionTaken, message=question.id, chosen="4")
            await page.until(Ack, id=id_)
        async with desk.widget(page.token) as again:
            assert again.welcome.dialog_status == "closed"
            assert again.welcome.messages[-1].chosen == "4"
        feed = await console.ask("GET", f"/api/dialogs/{dialog}/feed", FeedPage)
        assert [e.what.score for e in feed.entries if isinstance(e.what, DialogRated)] == [4]
        (row,) = (await console.ask("GET", "/api/dialogs?status=closed", DialogPage)).dialogs
        assert row.rating == 4


class TestMacrosAndMerging:
    async def test_a_macro_runs_once(self, desk: Any, console: Console) -> None:
        macro = {"kind": "macro", "name": "Bye", "text": "Bye!", "change": {"status": "closed"}}
        await console.ask("PUT", "/api/presets/bye", Preset, macro)
        async with chatting(desk) as page:
            dialog = page.asked.dialog
            body = {"client_id": "c", "macro": "bye", "text": "Bye, Zoë!"}
            for _ in range(2):
                row = await console.ask("POST", f"/api/dialogs/{dialog}/macro", DialogSummary, body)
                assert row.status == "closed"
            assert (await page.until(NewMessage)).message.text == "Bye, Zoë!"
            await page.until(DialogState, status="closed")
        async with desk.widget(page.token) as again:
            assert [message.text for message in again.welcome.messages] == ["Hello", "Bye, Zoë!"]

    async def test_two_dialogs_of_two_visitors_stay_two(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as first, chatting(desk) as second:
            path = f"/api/dialogs/{first.asked.dialog}/merge"
            answer = await console.call("POST", path, {"gone": second.asked.dialog})
            assert (answer.status_code, answer.json()["field"]) == (409, "gone")

    async def test_dialogs_of_two_who_became_one_become_one(self, desk: Any, console: Console) -> None:
        async with chatting(desk, "First") as first, chatting(desk, "Second") as second:
            kept, gone = second.asked.visitor, first.asked.visitor
            await console.change(first.asked.dialog, status="closed")
            merged = await console.call("POST", f"/api/visitors/{kept}/merge", {"gone": gone})
            assert merged.status_code == 200, merged.text
            into, part = first.asked.dialog, second.asked.dialog
            row = await console.ask("POST", f"/api/dialogs/{into}/merge", DialogSummary, {"gone": part})
            assert (row.id, row.status, row.last_text) == (into, "open", "Second")
            id_ = await second.say("write", text="Third")
            assert (await second.until(Ack, id=id_)).message.dialog == into
        feed = await console.ask("GET", f"/api/dialogs/{into}/feed", FeedPage)
        assert [e.what.gone for e in feed.entries if isinstance(e.what, DialogMerged)] == [part]
        texts = [getattr(getattr(e.what, "message", None), "text", "") for e in feed.entries]
        assert [text for text in texts if text] == ["First", "Second", "Third"]


class TestABlockedVisitor:
    async def test_is_told_that_nothing_is_taken(self, desk: Any, console: Console) -> None:
        async with chatting(desk) as page:
            path = f"/api/visitors/{page.asked.visitor}"
            card = await console.ask("PATCH", path, VisitorCard, {"blocked": True})
            assert card.blocked
            id_ = await page.say("write", text="Hello?")
            assert (await page.until(Refused, id=id_)).problem.error == "blocked"
