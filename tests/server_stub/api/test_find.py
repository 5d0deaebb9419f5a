"""GET /api/find, as the console asks it while an operator types."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server_stub.protocol import Ack, Message, SearchResults


async def writes(desk: Any, name: str, *texts: str) -> Message:
    """A visitor of that name writes; his last message."""
    email = f"{name.lower()}@shop.example"
    async with desk.widget(traits={"name": name, "email": email}) as widget:
        for text in texts:
            id_ = await widget.say("write", text=text)
            message: Message = (await widget.until(Ack, id=id_)).message
        return message


async def find(desk: Any, q: str, **more: Any) -> SearchResults:
    return msgspec.convert(await desk.get("/api/find", q=q, **more), SearchResults)


class TestFindingWhileOneTypes:
    async def test_a_half_typed_word_finds_the_message_with_its_dialog(self, desk: Any) -> None:
        asked = await writes(desk, "Ann", "Is the red lampshade in stock?")
        await writes(desk, "Ben", "Hello")
        found = await find(desk, "red lamp")
        assert [message.message for message in found.messages] == [asked.id]
        assert [dialog.id for dialog in found.dialogs] == [asked.dialog]
        text = found.messages[0].text
        assert [text[begin:end] for begin, end in found.messages[0].marks] == ["red", "lampshade"]
        assert found.visitors == ()
        assert not found.more

    async def test_a_name_finds_the_visitor_with_his_dialog(self, desk: Any) -> None:
        asked = await writes(desk, "Ann", "Hello")
        found = await find(desk, "ann@sh")
        assert [visitor.id for visitor in found.visitors] == [asked.visitor]
        assert found.visitors[0].dialog == asked.dialog
        assert [dialog.id for dialog in found.dialogs] == [asked.dialog]
        assert found.messages == ()

    async def test_a_tag_finds_its_dialogs(self, desk: Any) -> None:
        asked = await writes(desk, "Ann", "Hello")
        path = f"/api/dialogs/{asked.dialog}"
        await desk.http.patch(path, json={"add_tags": ["wholesale"]}, headers=desk.auth)
        found = await find(desk, "whole")
        assert [dialog.id for dialog in found.dialogs] == [asked.dialog]
        assert (found.messages, found.visitors) == ((), ())

    async def test_it_says_that_there_is_more(self, desk: Any) -> None:
        for name in ("Ann", "Ben", "Cid"):
            await writes(desk, name, "Hello there")
        found = await find(desk, "hello", limit=2)
        assert (len(found.messages), found.more) == (2, True)
        assert not (await find(desk, "hello", limit=3)).more

    @pytest.mark.parametrize(
        "words", ['"', "'; drop table", "a AND", "*", "\x00", "é" * 900, "NEAR(", "-", "", " "]
    )
    async def test_any_text_is_a_query(self, desk: Any, words: str) -> None:
        await writes(desk, "Ann", "Is it in stock?")
        answer = await desk.http.get("/api/find", params={"q": words}, headers=desk.auth)
        assert answer.status_code == 200, answer.text
        assert msgspec.convert(answer.json(), SearchResults).messages == ()

    async def test_who_has_no_token_finds_nothing(self, desk: Any) -> None:
        assert (await desk.http.get("/api/find", params={"q": "a"})).status_code == 401
