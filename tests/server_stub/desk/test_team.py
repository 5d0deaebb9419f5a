"""Operators come and go, are away, and leave: what the desk makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from server_stub.protocol import DialogChanged, OperatorChanged, WritePreset
from server_stub.store.base import Batch
from server_stub.work import OperatorIsAway, OperatorWritesPreset, Rejected, RemoveOperator


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")


async def away(shop: Any, operator: str = "o1", *, is_away: bool = True) -> None:
    await shop.desk.submit(OperatorIsAway(operator=operator, away=is_away, at=shop.now))


class TestAway:
    async def test_who_is_away_does_not_count_as_there(self, shop: Any) -> None:
        await shop.come("o1")
        await shop.come("o2")
        await away(shop)
        assert shop.desk.world().operators_online == 1
        await away(shop, is_away=False)
        assert shop.desk.world().operators_online == 2

    async def test_is_told_and_kept(self, shop: Any) -> None:
        await shop.come("o1")
        await away(shop)
        assert shop.last(OperatorChanged) == OperatorChanged("o1", "Ann", "admin", online=True, away=True)
        await shop.restart()
        (ann,) = [row for row in shop.store.operators() if row.id == "o1"]
        assert (ann.online, ann.away) == (False, True)
        assert shop.last(OperatorChanged) == OperatorChanged("o1", "Ann", "admin", away=True)

    async def test_saying_it_twice_is_saying_it_once(self, shop: Any) -> None:
        await away(shop)
        before = len(shop.journal())
        await away(shop)
        assert len(shop.journal()) == before

    async def test_somebody_unknown_is_refused(self, shop: Any) -> None:
        with pytest.raises(Rejected) as refused:
            await away(shop, "o9")
        assert refused.value.status == 404


class TestWhoLeaves:
    async def test_his_dialogs_are_nobodys(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.change(shop.dialog.id, assignee="me")
        await shop.desk.submit(RemoveOperator(operator="o1", at=shop.now))
        assert shop.dialog.assignee == ""

    async def test_also_where_he_was_removed_while_no_server_ran(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.change(shop.dialog.id, assignee="me")
        request = WritePreset("reply", "Hello", "Hello!", is_shared=False)
        await shop.desk.submit(
            OperatorWritesPreset(operator="o1", preset="mine", request=request, at=shop.now)
        )
        (ann,) = [row for row in shop.store.operators() if row.id == "o1"]
        await shop.desk.stop()
        shop.store.commit(Batch(operators={"o1": replace(ann, removed=True)}))
        await shop.restart()
        assert (shop.dialog.assignee, shop.store.presets()) == ("", [])
        assert shop.last(DialogChanged).by.kind == "system"
        entries = len(shop.journal())
        await shop.restart()
        assert len(shop.journal()) == entries
