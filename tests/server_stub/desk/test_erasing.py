"""A person is erased: nothing of him is found again, and the desk goes on as if he had never been."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import (
    Erased,
    Erasure,
    MergeVisitors,
    SendMessage,
    VisitorErased,
    WriteVisitorNote,
)
from server_stub.work import (
    OperatorErasesVisitor,
    OperatorMergesVisitors,
    OperatorNotesVisitor,
    OperatorSends,
    Rejected,
    VisitorWrites,
)

SERIES = """scenario: series
title: Series
status: live
trigger: [{event: Product Added}]
steps: [{wait: 10m}, {email: {subject: Hi, body: There}}, {tag: reminded}]
"""
MINUTE = 60_000


def erasing(shop: Any, who: str = "a1") -> OperatorErasesVisitor:
    return OperatorErasesVisitor(operator="o1", visitor=shop.visitor(who), at=shop.now)


async def erase(shop: Any, who: str = "a1") -> Erasure:
    return await shop.desk.submit(erasing(shop, who))


@pytest.fixture(autouse=True)
async def clara(shop: Any) -> None:
    """Clara has written, was answered, noted, and a scenario waits to write to her; Bob is somebody else."""
    await shop.hire()
    await shop.publish(SERIES)
    await shop.identify("a1", "u1", name="Clara", email="clara@shop.example")
    await shop.page("/", "a1")
    await shop.track("Product Added", properties={"product_id": "p1"})
    await shop.write("My secret is safe?", files=(await shop.upload(),))
    await shop.send(shop.dialog.id, "Yes")
    request = WriteVisitorNote("n1", "Asks about secrets")
    await shop.desk.submit(
        OperatorNotesVisitor(operator="o1", visitor=shop.visitor(), request=request, at=shop.now)
    )
    await shop.write("I am Bob", "a2")


class TestErasing:
    async def test_it_says_what_there_was(self, shop: Any) -> None:
        erasure = await erase(shop)
        assert (erasure.messages, erasure.files, erasure.dialogs) == (2, 1, 1)
        assert erasure.entries >= 6

    async def test_nothing_of_him_is_in_the_journal_and_its_numbers_stay(self, shop: Any) -> None:
        visitor, before = shop.visitor(), shop.journal()
        await erase(shop)
        journal = shop.journal()
        assert [entry.seq for entry in journal] == list(range(1, len(before) + 2))
        assert [type(entry.what) for entry in journal if entry.visitor == visitor] == [VisitorErased]
        assert sum(isinstance(entry.what, Erased) for entry in journal) >= 6
        for word in ("Clara", "clara@shop.example", "secret"):
            assert word in repr(before)
            assert word not in repr(journal)

    async def test_consoles_are_told_who_and_by_whom(self, shop: Any) -> None:
        visitor = shop.visitor()
        await erase(shop)
        assert (shop.published[-1].visitor, shop.published[-1].what.by.id) == (visitor, "o1")

    async def test_his_card_dialogs_messages_and_ids_are_gone_and_others_stay(self, shop: Any) -> None:
        visitor, dialog = shop.visitor(), shop.store.visitor_dialogs(shop.visitor())[0]
        await erase(shop)
        for _ in range(2):
            with pytest.raises(Rejected):
                shop.desk.card(visitor)
            assert shop.visitor("a1") == ""
            assert [one.visitor for one in shop.dialogs()] == [shop.visitor("a2")]
            with pytest.raises(Rejected):
                await shop.send(dialog, "Hello?")
            assert shop.said("a2") == ["I am Bob"]
            await shop.restart()

    async def test_his_timers_are_gone(self, shop: Any) -> None:
        await erase(shop)
        assert await shop.wait(11 * MINUTE) == 0
        assert shop.store.wakes() == []
        assert shop.desk.statuses()[0].running == 0

    async def test_when_he_comes_again_he_is_a_stranger(self, shop: Any) -> None:
        before = shop.visitor()
        await erase(shop)
        await shop.write("Hello again")
        assert shop.visitor() not in ("", before)
        assert (shop.card().name, shop.card().notes, shop.said()) == ("", (), ["Hello again"])
        await shop.identify(user="u1", seen=True)
        assert shop.card().properties.get("seen") is None

    async def test_who_became_him_is_erased_with_him(self, shop: Any) -> None:
        gone = shop.visitor("a2")
        await shop.desk.submit(
            OperatorMergesVisitors(
                operator="o1", visitor=shop.visitor(), request=MergeVisitors(gone), at=shop.now
            )
        )
        await erase(shop)
        assert shop.dialogs() == []
        assert "Bob" not in repr(shop.journal())
        assert shop.store.visitors([gone]) == {}

    async def test_twice_is_not_found(self, shop: Any) -> None:
        work = erasing(shop)
        await shop.desk.submit(work)
        with pytest.raises(Rejected) as refused:
            await shop.desk.submit(work)
        assert refused.value.status == 404


class TestInTheSameCommit:
    async def test_what_comes_behind_it_finds_nobody(self, shop: Any) -> None:
        dialog = shop.store.visitor_dialogs(shop.visitor())[0]
        wrote = VisitorWrites(anonymous_id="a1", text="Still me", frame="f1", at=shop.now)
        sends = OperatorSends(
            operator="o1", dialog=dialog, request=SendMessage("c9", "To nobody"), at=shop.now
        )
        erased, written, sent = await shop.desk.submit_all([erasing(shop), wrote, sends])
        assert isinstance(erased, Erasure)
        assert isinstance(sent, Rejected)
        assert written.visitor == shop.visitor("a1")
        assert shop.said("a1") == ["Still me"]
        await shop.restart()
        assert shop.said("a1") == ["Still me"]

    async def test_what_came_before_it_goes_with_him(self, shop: Any) -> None:
        wrote = VisitorWrites(anonymous_id="a1", text="A last word", frame="f1", at=shop.now)
        await shop.desk.submit_all([wrote, erasing(shop)])
        assert "A last word" not in repr(shop.journal())
        assert [one.visitor for one in shop.dialogs()] == [shop.visitor("a2")]
