"""Operators change what they wrote, and take it away: for a day, their own, and so that the visitor sees it."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import MessageDeleted, MessageEdited
from server_stub.work import Rejected

HOUR = 3_600_000


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")
    await shop.write("Hello")


class TestEditing:
    async def test_the_message_its_dialogs_row_and_the_journal_follow(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "It costs 8")
        shop.now += HOUR
        edited = await shop.rewrite(sent.id, "It costs 9")
        assert (edited.text, edited.edited_at, edited.seq) == ("It costs 9", shop.now, sent.seq)
        assert shop.store.messages([sent.id])[sent.id] == edited
        assert (shop.dialog.last_text, shop.dialog.last_at) == ("It costs 9", sent.at)
        told = shop.last(MessageEdited)
        assert (told.by.name, told.message, told.text) == ("Ann", sent.id, "It costs 9")

    async def test_an_older_message_leaves_the_rows_last_text(self, shop: Any) -> None:
        first = await shop.send(shop.dialog.id, "One")
        await shop.send(shop.dialog.id, "Two")
        await shop.rewrite(first.id, "1")
        assert shop.dialog.last_text == "Two"
        assert shop.said() == ["Hello", "1", "Two"]

    async def test_the_same_text_again_is_no_change(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "One")
        before = shop.journal()
        assert await shop.rewrite(sent.id, "One") == sent
        assert shop.journal() == before

    async def test_a_note_may_call_more_colleagues(self, shop: Any) -> None:
        note = await shop.send(shop.dialog.id, "Look", note=True)
        edited = await shop.rewrite(note.id, "Look, Bob", mentions=("o2",))
        assert (edited.mentions, shop.dialog.mentioned) == (("o2",), ("o2",))

    async def test_a_message_with_a_file_may_lose_its_words(self, shop: Any) -> None:
        file = await shop.upload("a.png", by="operator")
        sent = await shop.send(shop.dialog.id, "Here", files=(file,))
        assert (await shop.rewrite(sent.id, "")).files == sent.files


class TestTakingAway:
    async def test_nothing_of_it_stays_but_its_place(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "Secret")
        await shop.take_away(sent.id)
        stored = shop.store.messages([sent.id])[sent.id]
        assert (stored.text, stored.deleted, stored.seq) == ("", True, sent.seq)
        assert shop.dialog.last_text == ""
        assert shop.last(MessageDeleted).message == sent.id
        assert [message.text for message in (await shop.greet()).messages] == ["Hello"]

    async def test_its_files_can_be_fetched_no_more(self, shop: Any) -> None:
        file = await shop.upload("a.png", by="operator")
        sent = await shop.send(shop.dialog.id, "", files=(file,))
        token = shop.store.files([file])[file].token
        await shop.take_away(sent.id)
        assert shop.store.messages([sent.id])[sent.id].files == ()
        assert shop.store.file_by_token(token) is None

    async def test_twice_is_once(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "One")
        await shop.take_away(sent.id)
        before = shop.journal()
        await shop.take_away(sent.id)
        assert shop.journal() == before

    async def test_what_is_gone_cannot_be_changed(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "One")
        await shop.take_away(sent.id)
        with pytest.raises(Rejected) as refused:
            await shop.rewrite(sent.id, "Two")
        assert refused.value.status == 404


class TestAPageThatWasAway:
    async def test_is_told_what_was_changed_of_what_it_has(self, shop: Any) -> None:
        kept = await shop.send(shop.dialog.id, "One")
        changed = await shop.send(shop.dialog.id, "Two")
        gone = await shop.send(shop.dialog.id, "Three")
        await shop.rewrite(changed.id, "2")
        await shop.take_away(gone.id)
        new = await shop.send(shop.dialog.id, "Four")
        found = (await shop.greet(after=gone.seq)).messages
        assert [(message.id, message.text) for message in found] == [
            (changed.id, "2"),
            (gone.id, ""),
            (new.id, "Four"),
        ]
        assert kept.id not in {message.id for message in found}


class TestWhatIsRefused:
    async def test_another_operators_the_visitors_and_what_is_not_there(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "One")
        visitors = shop.store.visitor_messages(shop.visitor(), 0, 10)[0]
        for message, operator, error in (
            (sent.id, "o2", "forbidden"),
            (visitors.id, "o1", "forbidden"),
            ("m_none", "o1", "not_found"),
        ):
            for attempt in (shop.rewrite(message, "x", operator), shop.take_away(message, operator)):
                with pytest.raises(Rejected) as refused:
                    await attempt
                assert refused.value.error == error
        assert shop.said() == ["Hello", "One"]

    async def test_after_a_day_it_stands(self, shop: Any) -> None:
        sent = await shop.send(shop.dialog.id, "One")
        shop.now += 24 * HOUR
        await shop.rewrite(sent.id, "1")
        shop.now += 1
        for attempt in (shop.rewrite(sent.id, "one"), shop.take_away(sent.id)):
            with pytest.raises(Rejected) as refused:
                await attempt
            assert (refused.value.error, refused.value.status) == ("too_late", 409)

    @pytest.mark.parametrize(
        ("text", "more", "field"),
        [
            (" ", {}, "text"),
            ("x" * 20_001, {}, "text"),
            ("1", {"mentions": ("o2",)}, "mentions"),
            ("1", {"send_at": 2 * 10**12}, "send_at"),
        ],
    )
    async def test_what_cannot_be(self, shop: Any, text: str, more: Any, field: str) -> None:
        sent = await shop.send(shop.dialog.id, "One")
        with pytest.raises(Rejected) as refused:
            await shop.rewrite(sent.id, text, **more)
        assert refused.value.field == field
