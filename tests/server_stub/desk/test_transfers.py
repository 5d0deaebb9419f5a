"""Priority, handing back to the bot, transferring with a note, and calling a colleague in a note."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import DialogChanged, MessageSent, Receipt
from server_stub.work import Rejected

BOT = """scenario: helper
title: Helper
status: live
trigger:
  - keyword: [help]
steps:
  - say: What is it?
"""


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")
    await shop.hire("o3", "Cat")


def notes(shop: Any) -> list[Any]:
    return [what.message for what in shop.all(MessageSent) if what.message.note]


class TestPriority:
    async def test_it_is_set_and_told_once(self, shop: Any) -> None:
        await shop.write("Hello")
        row = await shop.change(shop.dialog.id, priority="urgent")
        assert (row.priority, shop.last(DialogChanged).priority) == ("urgent", "urgent")
        before = shop.journal()
        await shop.change(row.id, priority="urgent")
        assert shop.journal() == before


class TestHandingBackToTheBot:
    async def test_it_is_nobodys_nobody_waits_and_scenarios_speak_again(self, shop: Any) -> None:
        await shop.publish(BOT)
        await shop.write("Hello")
        await shop.send(shop.dialog.id, "Hi")
        await shop.write("help")
        assert "What is it?" not in shop.said()
        row = await shop.change(shop.dialog.id, holder="bot")
        assert (row.holder, row.assignee, row.waiting_since) == ("bot", "", 0)
        await shop.write("help")
        assert "What is it?" in shop.said()
        assert shop.dialog.holder == "bot"

    async def test_what_no_scenario_answers_comes_back_to_people(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.change(shop.dialog.id, holder="bot")
        await shop.write("Anybody?")
        assert (shop.dialog.holder, shop.dialog.waiting_since) == ("people", shop.now)

    async def test_taking_over_without_a_word(self, shop: Any) -> None:
        await shop.publish(BOT)
        await shop.write("help")
        row = await shop.change(shop.dialog.id, holder="people")
        assert (row.holder, row.assignee, row.waiting_since) == ("people", "", 0)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"holder": "bot", "assignee": "o2"}, "assignee"),
            ({"holder": "bot", "status": "closed"}, "holder"),
        ],
    )
    async def test_what_a_bot_leads_is_nobodys_and_open(self, shop: Any, changes: Any, field: str) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected) as refused:
            await shop.change(shop.dialog.id, **changes)
        assert refused.value.field == field
        assert shop.dialog.holder == "people"


class TestTransferWithANote:
    async def test_the_note_stands_behind_the_change_and_calls_who_gets_the_dialog(self, shop: Any) -> None:
        await shop.write("Hello")
        row = await shop.change(shop.dialog.id, assignee="o2", note="Wants a refund")
        (note,) = notes(shop)
        assert (note.text, note.author.name, note.mentions) == ("Wants a refund", "Ann", ("o2",))
        assert (row.assignee, row.mentioned, row.last_text) == ("o2", ("o2",), "Hello")
        kinds = [type(entry.what) for entry in shop.journal()[-2:]]
        assert kinds == [DialogChanged, MessageSent]
        assert shop.said() == ["Hello"]

    async def test_a_repeat_with_the_same_client_id_writes_no_second_note(self, shop: Any) -> None:
        await shop.write("Hello")
        for _ in range(2):
            await shop.change(shop.dialog.id, assignee="o2", note="Wants a refund", client_id="c1")
        assert len(notes(shop)) == 1
        await shop.write("Hello", "a2")
        other = next(row.id for row in shop.dialogs() if row.visitor == shop.visitor("a2"))
        await shop.change(other, assignee="o2", note="This one, too", client_id="c1")
        assert len(notes(shop)) == 2

    async def test_a_note_to_oneself_calls_nobody(self, shop: Any) -> None:
        await shop.write("Hello")
        row = await shop.change(shop.dialog.id, assignee="me", note="Mine")
        assert row.mentioned == ()

    async def test_a_note_that_is_too_long_refuses_all(self, shop: Any) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected):
            await shop.change(shop.dialog.id, assignee="o2", note="x" * 20_001)
        assert shop.dialog.assignee == ""


class TestMentions:
    async def test_a_note_calls_colleagues_until_each_has_looked(self, shop: Any) -> None:
        await shop.write("Hello")
        dialog = shop.dialog.id
        await shop.send(dialog, "Can you?", note=True, mentions=("o2", "o3", "o2", "o1"))
        assert shop.dialog.mentioned == ("o2", "o3")
        await shop.operator_sees(dialog, shop.desk.last_seq, "o2")
        assert shop.dialog.mentioned == ("o3",)
        await shop.operator_sees(dialog, shop.desk.last_seq, "o3")
        assert shop.dialog.mentioned == ()

    async def test_looking_is_recorded_also_where_nothing_was_unread(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.send(shop.dialog.id, "Hi")
        await shop.send(shop.dialog.id, "Look", note=True, mentions=("o2",))
        await shop.operator_sees(shop.dialog.id, shop.desk.last_seq, "o2")
        recorded = len(shop.all(Receipt))
        assert shop.last(Receipt).by == "o2"
        await shop.operator_sees(shop.dialog.id, shop.desk.last_seq, "o2")
        assert len(shop.all(Receipt)) == recorded

    async def test_who_looks_at_an_old_place_makes_nothing_unread_again(self, shop: Any) -> None:
        first = await shop.write("Hello")
        await shop.write("Anybody?")
        await shop.operator_sees(shop.dialog.id, shop.desk.last_seq)
        await shop.send(shop.dialog.id, "Look", note=True, mentions=("o2",))
        await shop.operator_sees(shop.dialog.id, first.seq, "o2")
        assert (shop.dialog.unread, shop.dialog.mentioned) == (0, ())

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"note": True, "mentions": ("nobody",)}, "mentions"),
            ({"mentions": ("o2",)}, "mentions"),
            ({"note": True, "send_at": 2 * 10**12}, "send_at"),
        ],
    )
    async def test_what_cannot_be_called_is_refused(self, shop: Any, more: Any, field: str) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected) as refused:
            await shop.send(shop.dialog.id, "Hi", **more)
        assert refused.value.field == field


class TestTwoAnswerAtOnce:
    async def test_who_has_not_read_the_colleagues_answer_is_told_so(self, shop: Any) -> None:
        asked = await shop.write("Hello")
        await shop.send(shop.dialog.id, "Hi", "o2", read_up_to=asked.seq)
        with pytest.raises(Rejected) as refused:
            await shop.send(shop.dialog.id, "Hello", "o1", read_up_to=asked.seq)
        assert (refused.value.error, refused.value.status) == ("overtaken", 409)
        assert "Bob" in refused.value.detail
        assert shop.said() == ["Hello", "Hi"]

    async def test_in_the_same_commit_the_first_wins(self, shop: Any) -> None:
        asked = await shop.write("Hello")
        dialog = shop.dialog.id
        works = [shop.sending(dialog, "Hi", operator, read_up_to=asked.seq) for operator in ("o1", "o2")]
        first, second = await shop.desk.submit_all(works)
        assert first.text == "Hi"
        assert second.error == "overtaken"

    async def test_ones_own_answers_and_notes_and_the_visitors_words_overtake_nobody(self, shop: Any) -> None:
        asked = await shop.write("Hello")
        await shop.send(shop.dialog.id, "psst", "o2", note=True)
        await shop.send(shop.dialog.id, "One", read_up_to=asked.seq)
        await shop.write("Thanks")
        await shop.send(shop.dialog.id, "Two", read_up_to=asked.seq)
        assert shop.said() == ["Hello", "One", "Thanks", "Two"]

    async def test_without_it_the_message_is_sent_anyway(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.send(shop.dialog.id, "Hi", "o2")
        await shop.send(shop.dialog.id, "Hello", "o1")
        assert shop.said() == ["Hello", "Hi", "Hello"]

    async def test_a_repeat_is_the_same_message_whatever_came_since(self, shop: Any) -> None:
        asked = await shop.write("Hello")
        first = await shop.send(shop.dialog.id, "Hi", client_id="c1", read_up_to=asked.seq)
        await shop.send(shop.dialog.id, "Hello", "o2")
        assert (await shop.send(shop.dialog.id, "Hi", client_id="c1", read_up_to=asked.seq)) == first
