"""Two visitors are merged by an operator: the plan says what becomes of each field, and then it is so."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import (
    DialogChanged,
    DialogMerged,
    MergeVisitors,
    VisitorMerged,
    VisitorMergePlan,
    WriteVisitorNote,
)
from server_stub.work import OperatorMergesVisitors, OperatorNotesVisitor, Rejected


async def merge(shop: Any, kept: str = "a1", gone: str = "a2", **more: Any) -> VisitorMergePlan:
    request = MergeVisitors(shop.visitor(gone), **more)
    return await shop.desk.submit(
        OperatorMergesVisitors(operator="o1", visitor=shop.visitor(kept), request=request, at=shop.now)
    )


def field(plan: VisitorMergePlan, name: str) -> tuple[Any, Any, Any] | None:
    found = next((field for field in plan.fields if field.name == name), None)
    return (found.kept, found.gone, found.result) if found else None


@pytest.fixture(autouse=True)
async def two(shop: Any) -> None:
    """Ann on two browsers: the shop knows neither that it is her, nor which name is right."""
    await shop.hire()
    await shop.page("/", "a1")
    await shop.identify("a1", name="Ann", email="ann@shop.example", city="Brno")
    shop.now += 60_000
    await shop.page("/", "a2")
    await shop.identify("a2", name="Anna K.", phone="+420 123 456", city="Brno")


class TestThePlan:
    async def test_it_says_what_becomes_of_each_field_in_which_they_differ(self, shop: Any) -> None:
        plan = await merge(shop, rehearse=True)
        assert (plan.kept, plan.gone, plan.done) == (shop.visitor("a1"), shop.visitor("a2"), False)
        assert field(plan, "name") == ("Ann", "Anna K.", "Ann")
        assert field(plan, "email") == ("ann@shop.example", None, "ann@shop.example")
        assert field(plan, "phone") == (None, "+420 123 456", "+420 123 456")
        assert field(plan, "visits") == (1, 1, 2)
        assert field(plan, "city") is None
        assert [one.name for one in plan.fields][:3] == ["name", "email", "phone"]

    async def test_a_rehearsal_changes_nothing(self, shop: Any) -> None:
        before, seq = shop.card("a2"), shop.desk.last_seq
        await merge(shop, rehearse=True, take=("name",))
        assert shop.desk.last_seq == seq
        assert shop.card("a2") == before
        assert shop.visitor("a1") != shop.visitor("a2")

    async def test_what_is_rehearsed_is_what_is_done(self, shop: Any) -> None:
        rehearsed = await merge(shop, rehearse=True, take=("name",))
        done = await merge(shop, take=("name",))
        assert done.done
        assert done.fields == rehearsed.fields

    async def test_notes_and_tags_come_together(self, shop: Any) -> None:
        for who in ("a1", "a2"):
            request = WriteVisitorNote(who, f"of {who}")
            await shop.desk.submit(
                OperatorNotesVisitor(operator="o1", visitor=shop.visitor(who), request=request, at=shop.now)
            )
            await shop.edit(shop.visitor(who), add_tags=("vip", who))
        plan = await merge(shop)
        assert field(plan, "notes") == (1, 1, 2)
        assert field(plan, "tags") == (["vip", "a1"], ["vip", "a2"], ["vip", "a1", "a2"])
        assert len(shop.card().notes) == 2


class TestMerging:
    async def test_both_browsers_are_one_visitor(self, shop: Any) -> None:
        gone = shop.visitor("a2")
        await merge(shop)
        assert shop.visitor("a2") == shop.visitor("a1")
        card = shop.card()
        assert (card.name, card.phone, card.visits, card.merged) == ("Ann", "+420 123 456", 2, (gone,))
        assert shop.last(VisitorMerged).gone == gone

    async def test_what_is_taken_is_the_others(self, shop: Any) -> None:
        await merge(shop, take=("name",))
        assert shop.card().name == "Anna K."
        assert shop.card().email == "ann@shop.example"

    async def test_what_the_other_does_not_have_cannot_be_taken(self, shop: Any) -> None:
        with pytest.raises(Rejected) as refused:
            await merge(shop, take=("email",))
        assert refused.value.field == "take"

    async def test_nobody_is_merged_with_himself(self, shop: Any) -> None:
        with pytest.raises(Rejected) as refused:
            await merge(shop, gone="a1")
        assert refused.value.status == 409

    async def test_two_known_users_can_be_one_person_and_both_ids_lead_to_him(self, shop: Any) -> None:
        await shop.identify("a1", "u1")
        await shop.identify("a2", "u2")
        plan = await merge(shop, take=("user_id",))
        assert field(plan, "user_id") == ("u1", "u2", "u2")
        for user in ("u1", "u2"):
            await shop.identify(user=user, seen=user)
        assert shop.card().properties["seen"] == "u2"
        assert shop.card().user_id == "u2"

    async def test_after_a_restart_it_is_still_so(self, shop: Any) -> None:
        await merge(shop, take=("name",))
        await shop.restart()
        assert (shop.card("a2").name, shop.card("a2").id) == ("Anna K.", shop.visitor("a1"))


class TestTheirDialogs:
    async def test_the_dialogs_of_who_goes_go_on_as_the_others(self, shop: Any) -> None:
        await shop.write("Hello?", "a2")
        plan = await merge(shop)
        assert (plan.dialogs, plan.merged_dialog) == (1, "")
        assert shop.dialog.visitor == shop.visitor("a1")
        assert shop.dialog.visitor_name == "Ann"

    async def test_of_two_open_ones_the_older_becomes_part_of_the_newer_unclosed(self, shop: Any) -> None:
        older = await shop.write("First", "a1")
        shop.now += 1000
        newer = await shop.write("Second", "a2")
        plan = await merge(shop)
        assert plan.merged_dialog == older.dialog
        (dialog,) = shop.dialogs()
        assert (dialog.id, dialog.status, dialog.unread) == (newer.dialog, "open", 2)
        assert dialog.waiting_since == older.at
        assert shop.last(DialogMerged).gone == older.dialog
        assert "closed" not in [what.status for what in shop.all(DialogChanged)]
        assert shop.said() == ["First", "Second"]

    async def test_what_he_writes_next_belongs_to_the_one_that_stayed(self, shop: Any) -> None:
        newer = await shop.write("First", "a1")
        shop.now += 1000
        await shop.write("Second", "a2")
        shop.now += 1000
        await shop.write("Third", "a1")
        await merge(shop)
        after = [await shop.write(f"Fourth, by {who}", who) for who in ("a1", "a2")]
        assert {message.dialog for message in after} == {newer.dialog}
        assert len(shop.dialogs()) == 1
