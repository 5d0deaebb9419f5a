"""Two dialogs of a visitor become one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server_stub.protocol import Author, DialogMerged, DialogRated, Message, MessageSent
from server_stub.store.base import AlarmRow, Store

OPERATOR = Author("operator", "o1", "Ann")


class TestMergedDialogs:
    @pytest.fixture(autouse=True)
    def merged(self, store: Store, write) -> None:
        """d2 with m2 and m4 becomes part of d1 with m1 and m3."""
        write.visitor("v1")
        write.dialog("d1", "v1", tags=("a",))  # 1
        write.message("m1", "d1", "v1", "one")  # 2
        write.dialog("d2", "v1", tags=("b",))  # 3
        write.message("m2", "d2", "v1", "two")  # 4
        write.message("m3", "d1", "v1", "three", author=OPERATOR)  # 5
        write.message("m4", "d2", "v1", "four", author=OPERATOR, note=True)  # 6
        waiting = Message("m5", "d2", "v1", OPERATOR, 10, text="later", send_at=99)
        for row in (AlarmRow("m5", "d2", 99, waiting), AlarmRow("snooze:d2", "d2", 50)):
            write.batch.alarms[row.id] = row
        write.commit()
        write.entry(DialogMerged(OPERATOR, "d2"), "v1", "d1")  # 7
        write.batch.dialogs["d1"] = replace(store.dialogs(["d1"])["d1"], tags=("a", "b"), last_text="two")
        write.batch.moved_dialogs["d2"] = "d1"
        write.commit()

    def test_one_of_them_is_left_in_every_list(self, store: Store) -> None:
        assert list(store.dialogs(["d1", "d2"])) == ["d1"]
        assert store.visitor_dialogs("v1") == ["d1"]
        assert [row.id for row in store.dialogs_tagged("b", 10)] == ["d1"]

    def test_its_feed_has_the_entries_of_both_in_their_order(self, store: Store) -> None:
        entries = store.feed(dialog="d1", before=0, limit=20)
        assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
        assert {entry.dialog for entry in entries} == {"d1"}
        sent = [entry.what.message for entry in entries if isinstance(entry.what, MessageSent)]
        assert {message.dialog for message in sent} == {"d1"}
        assert store.feed(dialog="d2", before=0, limit=20) == []

    def test_the_visitors_feed_tells_the_same_dialog(self, store: Store) -> None:
        entries = store.feed(visitor="v1", before=0, limit=20)
        assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
        assert {entry.dialog for entry in entries} == {"d1"}

    def test_the_journal_says_what_happened_as_it_was(self, store: Store) -> None:
        assert [entry.dialog for entry in store.entries(0, 20)] == ["d1", "d1", "d2", "d2", "d1", "d2", "d1"]

    def test_what_is_unread_and_answered_counts_in_the_one_that_is_left(self, store: Store) -> None:
        assert store.visitor_messages_after("d1", 0) == [2, 4]
        assert store.visitor_messages_after("d2", 0) == []
        assert store.answered_after("d1", 4, but="o2") == "o1"
        assert store.messages(["m4"])["m4"].dialog == "d1"
        assert [found.dialog for found in store.find_messages("four", 5)] == ["d1"]

    def test_what_is_to_be_sent_goes_out_in_the_one_that_is_left(self, store: Store) -> None:
        (row,) = store.alarms()
        assert (row.id, row.dialog) == ("m5", "d1")
        assert row.message is not None
        assert row.message.dialog == "d1"

    def test_a_merge_after_a_merge_moves_all_of_it(self, store: Store, write) -> None:
        write.dialog("d3", "v1")  # 8
        write.batch.moved_dialogs["d1"] = "d3"
        write.commit()
        entries = store.feed(dialog="d3", before=0, limit=20)
        assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6, 7, 8]
        assert {entry.dialog for entry in entries} == {"d3"}


class TestFeedKinds:
    def test_a_visitors_feed_tells_how_he_found_it(self, store: Store, write) -> None:
        write.visitor("v1")
        write.dialog("d1", "v1")
        write.entry(DialogRated("m1", 5), "v1", "d1")
        write.commit()
        assert [entry.seq for entry in store.feed(visitor="v1", before=0, limit=5)] == [1, 2]
