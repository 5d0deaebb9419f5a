"""Dialogs: who holds them, who waits, what is unread, and what each side may do."""

from __future__ import annotations

import asyncio

import pytest

from server_stub.protocol import (
    MAX_MESSAGE_CHARS,
    DialogChanged,
    DialogOpened,
    EventHappened,
    MessageSent,
    Receipt,
    VisitorChanged,
)
from server_stub.work import Rejected, RemoveOperator

HOUR = 3_600_000


@pytest.fixture(autouse=True)
async def operators(shop) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")


def refusal(caught: pytest.ExceptionInfo[Rejected]) -> tuple[str, int, str]:
    return caught.value.error, caught.value.status, caught.value.field


class TestTheVisitorWrites:
    async def test_a_first_message_opens_a_dialog_that_waits_for_people(self, shop) -> None:
        message = await shop.write("Hello")
        dialog = shop.dialog
        assert (dialog.holder, dialog.waiting_since, dialog.unread, dialog.answered) == (
            "people",
            shop.now,
            1,
            True,
        )
        assert (dialog.last_text, dialog.last_author, dialog.last_at) == ("Hello", "visitor", shop.now)
        assert (message.text, message.dialog, message.seq) == ("Hello", dialog.id, dialog.seq)
        assert shop.all(DialogChanged) == []

    async def test_the_same_frame_again_is_the_same_message(self, shop) -> None:
        first = await shop.write("Hello", frame="f1")
        again = await shop.write("Hello", frame="f1")
        assert again == first
        assert shop.dialog.unread == 1

    async def test_the_same_frame_twice_in_one_commit_is_one_message(self, shop) -> None:
        first, again = await asyncio.gather(shop.write("Hello", frame="f1"), shop.write("Hello", frame="f1"))
        assert again == first
        assert shop.said() == ["Hello"]

    async def test_frames_of_two_visitors_do_not_meet(self, shop) -> None:
        await shop.write("one", "a1", frame="f1")
        await shop.write("two", "a2", frame="f1")
        assert len(shop.dialogs("open")) == 2

    async def test_waiting_begins_with_the_first_unanswered_message(self, shop) -> None:
        await shop.write("Hello")
        begun = shop.now
        shop.now += 5000
        await shop.write("Anybody there?")
        assert (shop.dialog.waiting_since, shop.dialog.unread) == (begun, 2)

    @pytest.mark.parametrize(
        ("text", "error"), [("", "empty"), (" \n\t", "empty"), ("x" * 20_001, "too_long")]
    )
    async def test_what_says_nothing_or_too_much_is_refused_and_leaves_nothing(
        self, shop, text, error
    ) -> None:
        before = shop.journal()
        with pytest.raises(Rejected) as refused:
            await shop.write(text, "nobody-yet")
        assert refused.value.error == error
        assert shop.journal() == before
        assert shop.visitor("nobody-yet") == ""

    async def test_the_longest_text_is_taken_raw(self, shop) -> None:
        text = ("\x1b]0;x\x07[/]" * 3000)[: MAX_MESSAGE_CHARS - 1] + " "
        assert (await shop.write(text)).text == text

    async def test_within_a_day_the_closed_dialog_is_taken_up_again(self, shop) -> None:
        await shop.write("Hello")
        dialog = shop.dialog.id
        await shop.change(dialog, status="closed")
        shop.now += 23 * HOUR
        await shop.write("One more thing")
        assert shop.dialog.id == dialog
        assert (shop.dialog.status, shop.dialog.waiting_since) == ("open", shop.now)
        await shop.change(dialog, status="closed")
        shop.now += 25 * HOUR
        await shop.write("Hello again")
        assert shop.dialog.id != dialog
        assert len(shop.all(DialogOpened)) == 2

    async def test_files_are_sent_once_and_only_ones_own(self, shop) -> None:
        file = await shop.upload("photo.png")
        message = await shop.write("", files=(file,))
        assert message.files[0].name == "photo.png"
        assert shop.dialog.last_text == "photo.png"
        of_operator = await shop.upload("secret.png", by="operator")
        for other in (file, of_operator, "f_none"):
            with pytest.raises(Rejected) as refused:
                await shop.write("", files=(other,))
            assert refusal(refused) == ("not_found", 404, "files")
        await shop.send(shop.dialog.id, "", files=(of_operator,))


class TestABlockedVisitor:
    async def test_what_he_writes_and_chooses_is_refused_and_leaves_nothing(self, shop) -> None:
        await shop.write("Hello")
        await shop.change(shop.dialog.id, status="closed", ask_rating=True)
        question = shop.last_question()
        await shop.edit(shop.visitor(), blocked=True)
        before = shop.journal()
        for attempt in (shop.write("Hello?"), shop.choose(question.id, "1")):
            with pytest.raises(Rejected) as refused:
                await attempt
            assert (refused.value.error, refused.value.status) == ("blocked", 403)
        assert shop.journal() == before
        await shop.edit(shop.visitor(), blocked=False)
        await shop.write("Hello?")
        assert shop.dialog.last_text == "Hello?"


class TestAnOperatorAnswers:
    async def test_the_first_answer_ends_the_waiting_and_makes_the_dialog_his(self, shop) -> None:
        await shop.write("Hello")
        message = await shop.send(shop.dialog.id, "Hi")
        dialog = shop.dialog
        assert (dialog.waiting_since, dialog.unread, dialog.assignee) == (0, 0, "o1")
        assert (dialog.last_author, dialog.last_author_name, dialog.last_text) == ("operator", "Ann", "Hi")
        assert (message.author.name, message.dialog) == ("Ann", dialog.id)
        await shop.send(dialog.id, "me, too", operator="o2")
        assert shop.dialog.assignee == "o1"

    async def test_the_same_client_id_again_is_the_same_message(self, shop) -> None:
        await shop.write("Hello")
        first = await shop.send(shop.dialog.id, "Hi", client_id="c1")
        again = await shop.send(shop.dialog.id, "Hi", client_id="c1")
        assert again == first
        other = await shop.send(shop.dialog.id, "Hi", operator="o2", client_id="c1")
        assert other.id != first.id

    async def test_a_note_is_no_answer_and_the_visitor_never_sees_it(self, shop) -> None:
        await shop.write("Hello")
        before = shop.dialog
        await shop.send(before.id, "he is difficult", note=True)
        after = shop.dialog
        assert (after.waiting_since, after.unread, after.last_text, after.assignee) == (
            before.waiting_since,
            1,
            "Hello",
            "",
        )
        assert [message.text for message in (await shop.greet()).messages] == ["Hello"]

    async def test_an_answer_into_a_closed_dialog_opens_it(self, shop) -> None:
        await shop.write("Hello")
        dialog = shop.dialog.id
        await shop.change(dialog, status="closed")
        await shop.send(dialog, "I have found it")
        assert shop.dialog.id == dialog

    async def test_but_not_beside_another_open_one(self, shop) -> None:
        await shop.write("Hello")
        old = shop.dialog.id
        await shop.change(old, status="closed")
        shop.now += 25 * HOUR
        await shop.write("New question")
        for attempt in (shop.send(old, "Hi"), shop.change(old, status="open")):
            with pytest.raises(Rejected) as refused:
                await attempt
            assert refusal(refused)[:2] == ("conflict", 409)
        assert len(shop.dialogs("open")) == 1

    @pytest.mark.parametrize(
        ("dialog", "operator", "text", "error"),
        [("d_none", "o1", "Hi", "not_found"), ("", "gone", "Hi", "forbidden"), ("", "o1", " ", "empty")],
    )
    async def test_what_cannot_be_leaves_nothing(self, shop, dialog, operator, text, error) -> None:
        await shop.write("Hello")
        before = shop.journal()
        with pytest.raises(Rejected) as refused:
            await shop.send(dialog or shop.dialog.id, text, operator=operator)
        assert refused.value.error == error
        assert shop.journal() == before


class TestReceipts:
    async def test_the_visitors_receipts_only_rise(self, shop) -> None:
        await shop.write("Hello")
        answer = await shop.send(shop.dialog.id, "Hi")
        await shop.see(answer.seq, "delivered")
        assert (shop.dialog.delivered_up_to, shop.dialog.seen_up_to) == (answer.seq, 0)
        await shop.see(answer.seq)
        recorded = len(shop.all(Receipt))
        await shop.see(answer.seq)
        await shop.see(1)
        await shop.see(answer.seq, "delivered")
        assert len(shop.all(Receipt)) == recorded
        assert (shop.dialog.delivered_up_to, shop.dialog.seen_up_to) == (answer.seq, answer.seq)

    async def test_a_receipt_from_the_future_reaches_no_further_than_the_journal(self, shop) -> None:
        await shop.write("Hello")
        await shop.see(10**9)
        assert shop.dialog.seen_up_to < shop.desk.last_seq

    async def test_an_operator_who_has_seen_up_to_a_message_leaves_the_later_ones_unread(self, shop) -> None:
        first = await shop.write("one")
        await shop.write("two")
        await shop.write("three")
        await shop.operator_sees(shop.dialog.id, first.seq)
        assert shop.dialog.unread == 2
        recorded = len(shop.all(Receipt))
        await shop.operator_sees(shop.dialog.id, first.seq, "o2")
        assert (shop.dialog.unread, len(shop.all(Receipt))) == (2, recorded)
        await shop.operator_sees(shop.dialog.id, shop.desk.last_seq)
        assert shop.dialog.unread == 0

    async def test_a_visitor_who_is_unknown_sees_nothing(self, shop) -> None:
        await shop.see(5, who="nobody")
        assert shop.all(Receipt) == []


class TestChangingADialog:
    async def test_assigning_closing_and_tags_are_told_with_who_did_it(self, shop) -> None:
        await shop.write("Hello")
        changed = await shop.change(shop.dialog.id, assignee="me", add_tags=("vip", " big "))
        assert (changed.assignee, changed.tags) == ("o1", ("vip", "big"))
        closed = await shop.change(
            changed.id, "o2", status="closed", reason="solved", remove_tags=("vip", "none")
        )
        assert (closed.status, closed.waiting_since, closed.tags) == ("closed", 0, ("big",))
        told = shop.last(DialogChanged)
        assert (told.by.name, told.reason, told.tags_removed) == ("Bob", "solved", ("vip",))

    async def test_what_changes_nothing_is_not_told(self, shop) -> None:
        await shop.write("Hello")
        await shop.change(shop.dialog.id, assignee="o1")
        before = shop.journal()
        await shop.change(shop.dialog.id, assignee="o1", status="open", remove_tags=("none",))
        assert shop.journal() == before

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"assignee": "nobody"}, "assignee"),
            ({"add_tags": ("",)}, "add_tags"),
            ({"add_tags": ("x" * 101,)}, "add_tags"),
            ({"add_tags": tuple(map(str, range(51)))}, "add_tags"),
        ],
    )
    async def test_what_cannot_be_is_refused_whole(self, shop, changes, field) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected) as refused:
            await shop.change(shop.dialog.id, status="closed", **changes)
        assert refused.value.field == field
        assert shop.dialog.status == "open"

    async def test_starting_a_dialog_gives_the_open_one_or_a_new_one_that_nobody_waits_in(self, shop) -> None:
        await shop.page("/")
        started = await shop.start_dialog(shop.visitor())
        assert (started.holder, started.assignee, started.waiting_since) == ("people", "o1", 0)
        assert (await shop.start_dialog(shop.visitor(), "o2")).id == started.id
        with pytest.raises(Rejected):
            await shop.start_dialog("v_none")


class TestEditingAVisitor:
    async def test_the_card_the_dialogs_and_the_journal_follow(self, shop) -> None:
        await shop.write("Hello")
        visitor = shop.visitor()
        card = await shop.edit(
            visitor, properties={"name": " Zoë ", "email": "zoe@shop.example", "size": 38}, add_tags=("vip",)
        )
        assert (card.name, card.email, card.tags) == ("Zoë", "zoe@shop.example", ("vip",))
        assert shop.dialog.visitor_name == "Zoë"
        told = shop.last(VisitorChanged)
        assert (told.by.name, told.changes["name"], told.tags_added) == ("Ann", "Zoë", ("vip",))
        card = await shop.edit(visitor, properties={"email": None, "size": ""}, remove_tags=("vip",))
        assert (card.email, card.tags, "size" in card.properties) == ("", (), False)
        assert [row.id for row in shop.store.find_visitors("zoë", limit=5)[0]] == [visitor]

    async def test_lists_call_him_by_his_name_else_by_his_email(self, shop) -> None:
        await shop.write("Hello")
        visitor = shop.visitor()
        await shop.track("Email Captured", properties={"email": "zoe@shop.example"})
        assert shop.dialog.visitor_name == "zoe@shop.example"
        await shop.edit(visitor, properties={"name": "Zoë"})
        await shop.edit(visitor, properties={"email": "zoe@home.example"})
        assert shop.dialog.visitor_name == "Zoë"
        await shop.edit(visitor, properties={"name": None})
        assert shop.dialog.visitor_name == "zoe@home.example"
        await shop.edit(visitor, properties={"email": None})
        assert shop.dialog.visitor_name == ""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("email", "not an address"),
            ("email", "a@b"),
            ("email", 5),
            ("phone", "call me"),
            ("phone", "12"),
            ("", "x"),
            ("a.b", "x"),
            ("note", "x" * 2001),
        ],
    )
    async def test_what_cannot_be_an_address_is_refused(self, shop, name, value) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected) as refused:
            await shop.edit(shop.visitor(), properties={"size": 1, name: value})
        assert refused.value.field == f"properties.{name}"
        assert "size" not in shop.card().properties

    async def test_a_visitor_who_does_not_exist(self, shop) -> None:
        with pytest.raises(Rejected) as refused:
            await shop.edit("v_none", properties={"name": "x"})
        assert refusal(refused)[:2] == ("not_found", 404)


class TestWelcome:
    async def test_a_stranger_is_greeted_without_being_made_a_visitor(self, shop) -> None:
        welcome = await shop.greet("stranger")
        assert (welcome.messages, welcome.dialog_status, welcome.online) == ((), "none", False)
        assert shop.visitor("stranger") == ""

    async def test_he_is_told_what_he_has_missed(self, shop) -> None:
        first = await shop.write("Hello")
        await shop.send(shop.dialog.id, "Hi")
        await shop.come()
        welcome = await shop.greet(after=first.seq)
        assert [message.text for message in welcome.messages] == ["Hi"]
        assert (welcome.dialog_status, welcome.online) == ("open", True)

    async def test_what_is_written_in_the_same_commit_is_part_of_it_or_published_after(self, shop) -> None:
        _, welcome = await asyncio.gather(shop.write("Hello"), shop.greet())
        assert [message.text for message in welcome.messages] == ["Hello"]


class TestOperators:
    async def test_coming_and_going_is_told_once(self, shop) -> None:
        await shop.come("o1")
        await shop.come("o1")
        assert shop.desk.world().operators_online == 1
        await shop.come("o1", online=False)
        assert shop.desk.world().operators_online == 0

    async def test_two_of_one_name_are_refused(self, shop) -> None:
        with pytest.raises(Rejected) as refused:
            await shop.hire("o3", "ann")
        assert refusal(refused)[:2] == ("conflict", 409)

    async def test_one_who_leaves_leaves_his_dialogs_to_nobody(self, shop) -> None:
        await shop.write("Hello")
        await shop.send(shop.dialog.id, "Hi")
        await shop.desk.submit(RemoveOperator(operator="o1", at=shop.now))
        assert shop.dialog.assignee == ""
        with pytest.raises(Rejected):
            await shop.send(shop.dialog.id, "still here")
        await shop.hire("o4", "Ann")


class TestOneFact:
    async def test_what_the_journal_says_by_its_kinds_is_not_said_again_as_an_event(self, shop) -> None:
        await shop.write("Hello")
        answer = await shop.send(shop.dialog.id, "Hi")
        await shop.see(answer.seq)
        await shop.change(shop.dialog.id, status="closed")
        assert shop.all(EventHappened) == []
        assert len(shop.all(MessageSent)) == 2
