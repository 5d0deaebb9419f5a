"""What the desk keeps beside the journal: segments and their members, what it remembers, and the outbox."""

from __future__ import annotations

import pytest

from server_stub.protocol import OutboxItem
from server_stub.store.base import OutboxRow, SegmentRow, Store


def row(name: str, at: int, *, due_at: int = 0, **more: str) -> OutboxRow:
    fields = {"channel": "email", "status": "waiting", "visitor": "v1", **more}
    return OutboxRow(OutboxItem(id=name, at=at, **fields), 1, due_at)


class TestVisitorsInOrder:
    def test_they_come_by_id_without_those_who_became_another(self, store: Store, write) -> None:
        for visitor in ("v3", "v1", "v2", "v4"):
            write.visitor(visitor, told_at=7, caught_up=8, merged_into="v1" if visitor == "v2" else "")
        write.commit()
        found = store.visitors_from("", 2)
        assert [row.id for row in found] == ["v1", "v3"]
        assert (found[0].told_at, found[0].caught_up) == (7, 8)
        assert [row.id for row in store.visitors_from("v3", 2)] == ["v4"]
        assert store.visitors_from("v4", 2) == []


class TestSegments:
    def test_they_come_back_in_the_order_of_their_publication(self, store: Store, write) -> None:
        old = SegmentRow("buyers", "1", "segment: buyers", 10, live=False)
        new = SegmentRow("buyers", "2", "segment: buyers\n", 20, live=True)
        write.batch.segments = {("buyers", "2"): new, ("buyers", "1"): old}
        write.commit()
        assert store.segments() == [old, new]

    def test_members_follow_the_visitors(self, store: Store, write) -> None:
        write.visitor("v1", segments=("a", "b"))
        write.visitor("v2", segments=("a",))
        write.visitor("v3")
        write.commit()
        assert store.segment_members() == {"a": 2, "b": 1}
        assert store.visitors(["v1"])["v1"].segments == ("a", "b")
        write.visitor("v1", segments=("b", "c"))
        write.visitor("v2")
        write.commit()
        assert store.segment_members() == {"b": 1, "c": 1}


class TestMemory:
    def test_the_last_text_counts_and_an_empty_one_is_forgotten(self, store: Store, write) -> None:
        write.batch.memory = {"a": "1", "b": "2"}
        write.commit()
        write.batch.memory = {"a": "3", "b": ""}
        write.commit()
        assert store.memory() == {"a": "3"}


class TestOutbox:
    @pytest.fixture(autouse=True)
    def rows(self, store: Store, write) -> None:
        write.visitor("v1")
        write.visitor("gone", merged_into="v1")
        rows = [
            row("x1", 10, scenario="cart", due_at=10),
            row("x2", 20, channel="webhook", due_at=30),
            row("x3", 20, status="sent", scenario="cart", visitor="gone"),
            row("x4", 40, channel="webhook", due_at=20, visitor="v2"),
        ]
        write.batch.outbox = {one.item.id: one for one in rows}
        write.commit()

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({}, ["x4", "x3", "x2", "x1"]),
            ({"status": "sent"}, ["x3"]),
            ({"channel": "webhook"}, ["x4", "x2"]),
            ({"scenario": "cart"}, ["x3", "x1"]),
            ({"visitor": "v1"}, ["x3", "x2", "x1"]),
            ({"visitor": "nobody"}, []),
            ({"before": "x3"}, ["x2", "x1"]),
            ({"before": "x3", "scenario": "cart"}, ["x1"]),
            ({"before": "none"}, []),
        ],
    )
    def test_it_is_filtered_newest_first(self, store: Store, wanted: dict, found: list[str]) -> None:
        assert [item.id for item in store.outbox(10, **wanted)] == found
        assert [item.id for item in store.outbox(1, **wanted)] == found[:1]

    def test_what_is_due_comes_in_its_order(self, store: Store) -> None:
        assert [one.item.id for one in store.outbox_due(("webhook",), 30, 10)] == ["x4", "x2"]
        assert [one.item.id for one in store.outbox_due(("webhook",), 29, 10)] == ["x4"]
        assert [one.item.id for one in store.outbox_due(("webhook", "email"), 99, 1)] == ["x1"]
        assert store.outbox_due(("push",), 99, 10) == []
        assert store.outbox_next(("webhook",)) == 20
        assert store.outbox_next(("push",)) == 0

    def test_rows_come_back_by_id(self, store: Store) -> None:
        assert list(store.outbox_rows(["x2", "none"])) == ["x2"]
        assert store.outbox_rows(["x2"])["x2"].due_at == 30
