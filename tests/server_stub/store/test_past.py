"""What the past is read by: the same from both stores."""

from __future__ import annotations

from server_stub.protocol import OperatorChanged, VisitorMerged
from server_stub.store.codec import decode_entry


class TestThePast:
    def test_what_concerns_everybody_is_told_from_what_concerns_a_visitor(self, store, write) -> None:
        write.event("v1")
        write.entry(OperatorChanged("o1", "Ann", "admin", online=True))
        write.event("v2")
        write.entry(OperatorChanged("o1", "Ann", "admin"))
        write.commit()
        assert [entry.seq for entry in store.house_entries()] == [2, 4]

    def test_the_journal_of_several_visitors_is_in_its_order(self, store, write) -> None:
        for visitor in ("v1", "v2", "v3", "v1"):
            write.event(visitor)
        write.entry(OperatorChanged("o1", "Ann", "admin"))
        write.commit()
        assert [entry.seq for entry in store.journal_of(["v1", "v3"])] == [1, 3, 4]
        assert store.journal_of([""]) == []
        assert store.journal_of([]) == []

    def test_journals_come_visitor_by_visitor_with_the_kinds_that_are_asked_for(self, store, write) -> None:
        for visitor in ("v2", "v1", "v3", "v1"):
            write.event(visitor)
        write.entry(VisitorMerged("v9"), "v1")
        write.entry(OperatorChanged("o1", "Ann", "admin"))
        write.commit()

        def read(first: str, end: str, *kinds: str) -> list[tuple[str, int]]:
            return [(visitor, decode_entry(body).seq) for visitor, body in store.journals(first, end, kinds)]

        assert read("", "", "event") == [("v1", 2), ("v1", 4), ("v2", 1), ("v3", 3)]
        assert read("v1", "v3", "event", "visitor_merged") == [("v1", 2), ("v1", 4), ("v1", 5), ("v2", 1)]
        assert read("v2", "", "visitor_merged") == []

    def test_a_reading_that_is_left_early_leaves_nothing_behind(self, store, write) -> None:
        for number in range(2000):
            write.event(f"v{number:04}")
        write.commit()
        reading = store.journals("", "", ("event",))
        assert next(reading)[0] == "v0000"
        reading.close()
        write.event("v1")
        write.commit()
        assert store.last_seq() == 2001

    def test_ranges_hold_everybody_once(self, store, write) -> None:
        for number in range(7):
            write.visitor(f"v{number}")
        write.commit()
        assert store.visitor_ranges(3) == ["v0", "v3", "v6"]
        assert store.visitor_ranges(1) == [f"v{number}" for number in range(7)]
        assert store.visitor_ranges(100) == ["v0"]

    def test_who_became_whom(self, store, write) -> None:
        write.visitor("v1", merged_into="v2")
        write.visitor("v2")
        write.commit()
        assert store.became() == {"v1": "v2"}

    def test_visitors_are_found_by_email_and_user_id_and_by_nothing_less(self, store, write) -> None:
        write.visitor("v1", email="Ann@shop.example", last_at=1)
        write.visitor("v2", user_id="Ann@shop.example", last_at=2)
        write.visitor("v3", email="ann@shop.example", merged_into="v1")
        write.visitor("v4", name="ann@shop.example")
        write.visitor("v5")
        write.commit()
        assert store.visitors_called(" ann@shop.EXAMPLE ") == ["v2", "v1"]
        assert store.visitors_called("ann") == []
        assert store.visitors_called("") == []
