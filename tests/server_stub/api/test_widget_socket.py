"""The visitor's socket: a page says hello, acts, chats, and is told what concerns it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from server_stub.protocol import (
    Ack,
    CaughtUp,
    DialogState,
    EventHappened,
    HidePopup,
    MessageSent,
    NewMessage,
    OperatorSeen,
    OperatorTyping,
    OptionsClosed,
    OptionTaken,
    PopupEnded,
    Presence,
    Receipt,
    Refused,
    ShowPopup,
    Typing,
    VisitorPresence,
    Welcome,
)


def user_hash(desk: Any, user_id: str) -> str:
    secret = (desk.data / "identity_secret").read_text().strip()
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


async def write(widget: Any, text: str) -> Any:
    id_ = await widget.say("write", text=text)
    return (await widget.until(Ack, id=id_)).message


class TestHello:
    async def test_a_new_visitor_gets_a_token_and_the_shop_s_look(self, desk: Any) -> None:
        async with desk.widget() as widget:
            assert widget.token.count(".") == 1
            assert widget.welcome.look.title == "My shop"
            assert widget.welcome.dialog_status == "none"

    async def test_a_socket_alone_writes_nothing(self, desk: Any) -> None:
        before = await desk.last_seq()
        async with desk.widget():
            assert await desk.last_seq() == before

    async def test_a_known_token_is_the_same_visitor(self, desk: Any) -> None:
        async with desk.widget() as widget:
            message = await write(widget, "Hello")
        async with desk.widget(token=widget.token) as again:
            assert again.token == widget.token
            assert [m.id for m in again.welcome.messages] == [message.id]
            assert again.welcome.dialog_status == "open"
        async with desk.widget(token=widget.token, after=message.seq) as later:
            assert later.welcome.messages == ()

    @pytest.mark.parametrize(
        "token", ["a_1.forged", "nonsense", ".", "long" * 1000], ids=lambda token: token[:10]
    )
    async def test_a_foreign_token_is_turned_away(self, desk: Any, token: str) -> None:
        async with desk.silent_widget() as widget:
            await widget.say("hello", key=desk.key, token=token)
            assert (await widget.until(Refused)).problem.error == "foreign_token"
            assert await widget.closed() == 4401

    async def test_a_wrong_key_is_turned_away(self, desk: Any) -> None:
        async with desk.silent_widget() as widget:
            await widget.say("hello", key="wrong")
            assert (await widget.until(Refused)).problem.error == "wrong_key"
            assert await widget.closed() == 4401

    async def test_hello_comes_first(self, desk: Any) -> None:
        async with desk.silent_widget() as widget:
            await widget.say("write", text="Hello")
            assert (await widget.until(Refused)).problem.error == "no_hello"
            assert await widget.closed() == 1008

    async def test_only_the_shop_s_pages_where_the_settings_say_so(self, data: Any, start_desk: Any) -> None:
        (data / "settings.toml").write_text('[site]\nallowed_origins = ["https://shop.example"]\n')
        async with start_desk(data) as desk:
            async with desk.silent_widget(origin="https://shop.example") as widget:
                await widget.say("hello", key=desk.key)
                await widget.until(Welcome)
            with pytest.raises(InvalidStatus) as refused:
                async with desk.silent_widget(origin="https://evil.example"):
                    pass
            assert refused.value.response.status_code == 403
            assert json.loads(refused.value.response.body)["error"] == "foreign_origin"

    async def test_a_proven_user_is_known(self, desk: Any) -> None:
        hello = {"user_id": "u1", "user_hash": user_hash(desk, "u1"), "traits": {"name": "Ann"}}
        async with desk.widget(**hello) as widget:
            message = await write(widget, "Hello")
        card = await desk.get(f"/api/visitors/{message.visitor}")
        assert (card["user_id"], card["name"]) == ("u1", "Ann")

    async def test_an_unproven_user_stays_anonymous_and_may_chat(self, desk: Any) -> None:
        async with desk.silent_widget() as widget:
            await widget.say("hello", key=desk.key, user_id="u1", user_hash="00", traits={"name": "Eve"})
            assert (await widget.until(Refused)).problem.error == "wrong_hash"
            await widget.until(Welcome)
            message = await write(widget, "Hello")
        assert "user_id" not in await desk.get(f"/api/visitors/{message.visitor}")


class TestFrames:
    async def test_an_event_is_acknowledged_and_stored_once(self, desk: Any) -> None:
        async with desk.widget(locale="ru", timezone="Europe/Berlin") as widget:
            for _ in range(2):
                await widget.say("track", id="t1", name="Product Viewed", properties={"product_id": "p1"})
                await widget.until(Ack, id="t1")
        [(entry, event)] = await desk.events("Product Viewed")
        assert event.properties == {"product_id": "p1"}
        card = await desk.get(f"/api/visitors/{entry.visitor}")
        assert (card["locale"], card["timezone"]) == ("ru", "Europe/Berlin")

    async def test_two_visitors_may_use_the_same_frame_id(self, desk: Any) -> None:
        for _ in range(2):
            async with desk.widget() as widget:
                await widget.say("track", id="1", name="Product Viewed")
                await widget.until(Ack, id="1")
        assert len(await desk.events("Product Viewed")) == 2

    async def test_a_message_sent_twice_is_one(self, desk: Any) -> None:
        async with desk.widget() as widget:
            seen = []
            for _ in range(2):
                await widget.say("write", id="w1", text="Hello")
                seen.append((await widget.until(Ack, id="w1")).message.id)
            assert seen[0] == seen[1]
        entries = await desk.entries()
        assert sum(isinstance(entry.what, MessageSent) for entry in entries) == 1

    async def test_frames_of_one_page_keep_their_order(self, desk: Any) -> None:
        async with desk.widget() as widget:
            ids = [await widget.say("write", text=str(number)) for number in range(60)]
            await widget.until(Ack, id=ids[-1])
        texts = [e.what.message.text for e in await desk.entries() if isinstance(e.what, MessageSent)]
        assert texts == [str(number) for number in range(60)]

    @pytest.mark.parametrize(
        ("frame", "error", "field"),
        [
            ("{", "malformed", ""),
            ("[]", "invalid", ""),
            ('{"type":"dance"}', "invalid", "type"),
            ('{"type":"write","id":"x","text":5}', "invalid", "text"),
            ('{"type":"write","id":"x","text":"a","colour":"red"}', "invalid", ""),
            ('{"type":"write","id":"x","text":" "}', "empty", "text"),
            ('{"type":"write","text":"a"}', "invalid", ""),
            ('{"type":"write","id":"","text":"a"}', "invalid", "id"),
            ('{"type":"write","id":"x","text":"\\ud800"}', "malformed", ""),
            (json.dumps({"type": "write", "id": "x", "text": "y" * 20_001}), "too_long", "text"),
            (json.dumps({"type": "write", "id": "x", "text": "y" * 200_000}), "too_large", ""),
            ('{"type":"track","id":"x","name":""}', "invalid", "name"),
            ('{"type":"track","id":"x","name":"E","properties":{"a":NaN}}', "malformed", ""),
            (
                '{"type":"track","id":"x","name":"E","properties":' + '{"a":' * 80 + "1" + "}" * 81,
                "too_deep",
                "",
            ),
            ('{"type":"identify","id":"x","user_id":"u1","user_hash":"00"}', "wrong_hash", "user_hash"),
            ('{"type":"choose","id":"x","message":"none","option":"o"}', "not_found", ""),
            ('{"type":"hello","key":"k"}', "unexpected", "type"),
            ('{"type":"seen","up_to":"7"}', "invalid", "up_to"),
        ],
    )
    async def test_a_bad_frame_is_refused_and_the_socket_stays(
        self, desk: Any, frame: str, error: str, field: str
    ) -> None:
        async with desk.widget() as widget:
            before = await desk.last_seq()
            await widget.socket.send(frame)
            problem = (await widget.until(Refused)).problem
            assert problem.error == error
            if field:
                assert problem.field == field
            assert await desk.last_seq() == before
            assert (await write(widget, "Still here")).text == "Still here"

    async def test_a_binary_frame_is_read_like_a_text(self, desk: Any) -> None:
        async with desk.widget() as widget:
            await widget.socket.send(b"\xff\xfe")
            assert (await widget.until(Refused)).problem.error == "malformed"

    async def test_fifty_bad_frames_are_enough(self, desk: Any) -> None:
        async with desk.widget() as widget:
            for _ in range(50):
                await widget.socket.send("{")
            assert await widget.closed() == 1008

    async def test_the_limit_slows_a_page_down_and_loses_nothing(self, data: Any, start_desk: Any) -> None:
        (data / "settings.toml").write_text("[limits]\nwidget_frames = 1\n")
        async with start_desk(data) as desk, desk.widget() as widget:
            ids = [await widget.say("track", name="E") for _ in range(22)]
            loop = asyncio.get_running_loop()
            began = loop.time()
            await widget.until(Ack, id=ids[-1])
            assert loop.time() - began > 1.0, "the burst of 20 is over, then it is one a second"
            assert len(await desk.events("E")) == 22


class TestWhatAPageIsTold:
    async def test_the_bot_asks_and_an_option_is_taken_on_both_tabs(self, desk: Any) -> None:
        async with desk.widget() as first:
            await first.say("track", name="Help Wanted")
            question = (await first.until(NewMessage)).message
            assert [option.label for option in question.options] == ["Yes", "No"]
            async with desk.widget(token=first.token) as second:
                assert [m.id for m in second.welcome.messages] == [question.id]
                await second.say("choose", message=question.id, option=question.options[0].id)
                for tab in (first, second):
                    assert (await tab.until(OptionTaken, message=question.id)).chosen == question.options[
                        0
                    ].id
                    assert (await tab.until(NewMessage)).message.text == "One moment."

    async def test_a_message_comes_back_once_and_reaches_the_other_tab(self, desk: Any) -> None:
        async with desk.widget() as first, desk.widget(token=first.token) as second:
            id_ = await first.say("write", text="Hello")
            replies = [await first.next()]
            while not (isinstance(replies[-1], Ack) and replies[-1].id == id_):
                replies.append(await first.next())
            assert not [reply for reply in replies if isinstance(reply, NewMessage)]
            assert (await second.until(NewMessage)).message == replies[-1].message

    async def test_frames_without_an_id_hide_nothing(self, desk: Any) -> None:
        async with desk.widget() as widget:
            for _ in range(5):
                await widget.say("seen", up_to=1)
            await widget.say("track", name="Help Wanted")
            for _ in range(5):
                await widget.say("seen", up_to=1)
            assert (await widget.until(NewMessage)).message.author.kind == "bot"

    async def test_a_popup_comes_and_goes_on_both_tabs(self, desk: Any) -> None:
        async with desk.widget() as first:
            await first.say("track", name="Bonus Wanted")
            popup = (await first.until(ShowPopup)).popup
            async with desk.widget(token=first.token) as second:
                assert second.welcome.popup == popup
                await first.say(
                    "popup_outcome", popup=popup.id, outcome="submitted", fields={"email": "ann@shop.example"}
                )
                await second.until(HidePopup, popup=popup.id)
        ended = [e.what for e in await desk.entries() if isinstance(e.what, PopupEnded)]
        assert [what.outcome for what in ended] == ["submitted"]

    async def test_an_operator_answers_and_the_visitor_is_told_all_but_the_note(self, desk: Any) -> None:
        async with desk.stream() as stream, desk.widget() as widget:
            await stream.until(CaughtUp)
            asked = await write(widget, "Is it in stock?")
            path = f"/api/dialogs/{asked.dialog}"
            for body in (
                {"client_id": "n1", "text": "A regular", "note": True},
                {"client_id": "m1", "text": "It is."},
            ):
                answer = await desk.http.post(f"{path}/messages", json=body, headers=desk.auth)
                assert answer.status_code == 200, answer.text
            reply = (await widget.until(NewMessage)).message
            assert (reply.text, reply.author.kind) == ("It is.", "operator")
            seen = await desk.http.post(f"{path}/seen", json={"up_to": asked.seq}, headers=desk.auth)
            assert seen.status_code == 204
            assert (await widget.until(OperatorSeen)).up_to >= asked.seq
            await widget.say("seen", up_to=reply.seq)
            receipt = await stream.until_entry(
                lambda e: isinstance(e.what, Receipt) and e.what.side == "visitor" and e.what.state == "seen"
            )
            assert receipt.what.up_to == reply.seq
            await desk.http.patch(path, json={"status": "closed"}, headers=desk.auth)
            assert (await widget.until(DialogState, status="closed")).status == "closed"

    async def test_typing_goes_both_ways(self, desk: Any) -> None:
        async with desk.widget() as widget, desk.stream() as stream:
            asked = await write(widget, "Hello")
            await stream.until(CaughtUp)
            await widget.say("typing", text="I would like")
            typing = await stream.until(Typing)
            assert (typing.dialog, typing.who.kind, typing.text) == (asked.dialog, "visitor", "")
            await stream.socket.send(json.dumps({"type": "typing", "dialog": asked.dialog}))
            assert (await widget.until(OperatorTyping)).name == "Owner"

    async def test_what_is_typed_is_shown_where_the_settings_say_so(self, data: Any, start_desk: Any) -> None:
        (data / "settings.toml").write_text("[chat]\nshow_typing = true\n")
        async with start_desk(data) as desk, desk.widget() as widget, desk.stream() as stream:
            await write(widget, "Hello")
            await stream.until(CaughtUp)
            await widget.say("typing", text="I would like")
            assert (await stream.until(Typing)).text == "I would like"

    async def test_whether_an_operator_is_there(self, desk: Any) -> None:
        async with desk.widget() as widget:
            assert widget.welcome.online is False
            async with desk.stream() as stream:
                await stream.until(CaughtUp)
                assert (await widget.until(Presence)).online is True
            assert (await widget.until(Presence)).online is False


class TestPresence:
    async def test_consoles_see_a_visitor_come_and_go(self, data: Any, start_desk: Any) -> None:
        (data / "settings.toml").write_text("[chat]\npresence_grace = 200\n")
        async with start_desk(data) as desk, desk.stream() as stream:
            await stream.until(CaughtUp)
            async with desk.widget() as widget:
                visitor = (await write(widget, "Hello")).visitor
                assert (await stream.until(VisitorPresence)) == VisitorPresence(visitor, True)
                assert (await desk.get(f"/api/visitors/{visitor}"))["online"] is True
                async with desk.stream() as late:
                    assert (await late.until(VisitorPresence)).visitor == visitor
                async with desk.widget(token=widget.token):
                    pass
                await write(widget, "The other tab is closed")
            assert (await stream.until(VisitorPresence)) == VisitorPresence(visitor, False)

    async def test_signing_in_as_another_person_moves_the_page(self, desk: Any) -> None:
        """What concerns the person before does not reach whoever uses the browser now."""
        async with desk.widget(user_id="u1", user_hash=user_hash(desk, "u1")) as widget:
            first = await write(widget, "I am one")
            id_ = await widget.say("identify", user_id="u2", user_hash=user_hash(desk, "u2"))
            await widget.until(Ack, id=id_)
            body = {"client_id": "m1", "text": "For the first"}
            await desk.http.post(f"/api/dialogs/{first.dialog}/messages", json=body, headers=desk.auth)
            second = await write(widget, "I am two")
            assert second.visitor != first.visitor
            seen = []
            id_ = await widget.say("track", name="E")
            while True:
                reply = await widget.next()
                if isinstance(reply, Ack) and reply.id == id_:
                    break
                seen.append(reply)
            texts = [reply.message.text for reply in seen if isinstance(reply, NewMessage)]
            assert "For the first" not in texts


class TestFiles:
    async def test_a_visitor_sends_a_file(self, desk: Any) -> None:
        async with desk.widget() as widget:
            auth = {"Authorization": f"Bearer {widget.token}"}
            png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
            answer = await desk.http.post("/v1/widget/files?name=dress.png", content=png, headers=auth)
            assert answer.status_code == 200, answer.text
            ref = answer.json()
            assert (ref["name"], ref["media_type"], ref["size"]) == ("dress.png", "image/png", len(png))
            id_ = await widget.say("write", text="", files=[ref["id"]])
            message = (await widget.until(Ack, id=id_)).message
            assert message.files[0].url == ref["url"]
        assert (await desk.http.get(ref["url"])).content == png

    async def test_a_foreign_token_stores_nothing(self, desk: Any) -> None:
        for headers, error in (({}, "no_token"), ({"Authorization": "Bearer a_1.x"}, "foreign_token")):
            answer = await desk.http.post("/v1/widget/files?name=a", content=b"x", headers=headers)
            assert (answer.status_code, answer.json()["error"]) == (401, error)
        assert not [path for path in (desk.data / "files").rglob("*") if path.is_file()]

    async def test_so_many_an_hour(self, data: Any, start_desk: Any) -> None:
        (data / "settings.toml").write_text("[limits]\nuploads_an_hour = 2\n")
        async with start_desk(data) as desk, desk.widget() as widget:
            auth = {"Authorization": f"Bearer {widget.token}"}
            codes = [
                (await desk.http.post("/v1/widget/files?name=a", content=b"x", headers=auth)).status_code
                for _ in range(3)
            ]
            assert codes == [200, 200, 429]


class TestSessions:
    async def test_the_first_page_view_starts_one(self, desk: Any) -> None:
        async with desk.widget() as widget:
            properties = {"url": "https://shop.example/blog/1", "path": "/blog/1", "title": "Blog"}
            id_ = await widget.say("track", name="Page Viewed", properties=properties)
            await widget.until(Ack, id=id_)
        names = [e.what.name for e in await desk.entries() if isinstance(e.what, EventHappened)]
        assert names == ["Session Started", "Page Viewed", "Section Viewed"]


class TestAQuestionThatNoLongerWaits:
    async def test_loses_its_buttons_on_the_open_page_and_after_a_reload(self, desk: Any) -> None:
        async with desk.widget() as page:
            await page.say("track", name="Help Wanted")
            question = (await page.until(NewMessage)).message
            dialog = question.dialog
            text = {"client_id": "c1", "text": "I take over"}
            await desk.http.post(f"/api/dialogs/{dialog}/messages", json=text, headers=desk.auth)
            assert (await page.until(OptionsClosed)).message == question.id
        async with desk.widget(token=page.token) as again:
            assert [message.closed for message in again.welcome.messages if message.options] == [True]
