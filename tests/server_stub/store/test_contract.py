"""What every store does. Both of ours run these; a third one has to."""

from __future__ import annotations

import threading

import msgspec
import pytest

from server_stub.protocol import (
    Author,
    Entry,
    FileRef,
    MessageChanged,
    MessageSent,
    OutboxItem,
    PopupEnded,
    VisitorMerged,
)
from server_stub.store.base import Batch, FileRow, OperatorRow, OutboxRow, ScenarioRow, Store, StoreError

PAGE = {"status": "", "assignee": None, "tag": "", "visitor": "", "cursor": "", "limit": 50}


class TestJournal:
    def test_an_empty_journal_has_neither_begin_nor_end(self, store: Store) -> None:
        assert (store.first_seq(), store.last_seq()) == (0, 0)
        assert store.entries(0, 10) == []

    def test_entries_come_back_as_they_were_written_in_order(self, store: Store, write) -> None:
        write.visitor("v1")
        entries = [write.event("v1", f"Event {number}") for number in range(5)]
        write.commit()
        assert store.entries(0, 100) == entries
        assert store.entries(2, 2) == entries[2:4]
        assert (store.first_seq(), store.last_seq()) == (1, 5)

    def test_the_encoded_backlog_is_the_same_entries(self, store: Store, write) -> None:
        write.event("v1")
        write.event("v2")
        write.commit()
        decoded = [msgspec.json.decode(body, type=Entry) for _, body in store.encoded_entries(0, 10)]
        assert decoded == store.entries(0, 10)
        assert [seq for seq, _ in store.encoded_entries(1, 10)] == [2]

    def test_entries_that_the_caller_has_encoded_are_kept_as_they_are(self, store: Store, write) -> None:
        entry = write.event("v1")
        write.batch.encoded = [msgspec.json.encode(entry)]
        write.commit()
        assert store.encoded_entries(0, 1) == [(1, msgspec.json.encode(entry))]

    def test_a_number_is_taken_once_and_the_batch_around_a_second_one_leaves_nothing(
        self, store: Store, write
    ) -> None:
        first = write.event("v1")
        write.commit()
        with pytest.raises(StoreError):
            store.commit(Batch(entries=[first], seen_ids={"e:1": ""}))
        assert store.entries(0, 10) == [first]
        assert store.seen(["e:1"]) == {}

    def test_every_character_of_foreign_text_survives(self, store: Store, write) -> None:
        text = "Zoë 🎉 \x00 \x1b[31m \u202e \ufeff \\ \" '"
        write.visitor("v1")
        write.dialog("d1", "v1")
        message = write.message("m1", "d1", "v1", text)
        write.commit()
        assert store.messages(["m1"]) == {"m1": message}
        assert store.messages(["m1"])["m1"].text == text


class TestReadingByKey:
    def test_visitors_come_back_by_id_and_the_last_write_counts(self, store: Store, write) -> None:
        write.visitor("v1", name="Ann", email="ann@shop.example", wake_at=5, last_at=7, popup=b"{}")
        write.visitor("v2")
        batch = write.commit()
        assert store.visitors(["v1", "v2", "none"]) == batch.visitors
        write.visitor("v1", name="Anna")
        write.commit()
        assert store.visitors(["v1"])["v1"].name == "Anna"

    def test_identities_are_found_by_kind_and_value(self, store: Store, write) -> None:
        write.visitor("v1")
        write.identity("anonymous", "a1", "v1")
        write.identity("user", "a1", "v1")
        write.commit()
        asked = [("anonymous", "a1"), ("anonymous", "none"), ("user", "a1")]
        assert store.identities(asked) == {("anonymous", "a1"): "v1", ("user", "a1"): "v1"}

    def test_client_made_ids_are_found_with_what_they_made(self, store: Store, write) -> None:
        write.batch.seen_ids |= {"e:1": "", "w:a:2": "m1"}
        write.commit()
        assert store.seen(["e:1", "w:a:2", "e:3"]) == {"e:1": "", "w:a:2": "m1"}

    def test_open_dialogs_are_found_by_visitor(self, store: Store, write) -> None:
        write.visitor("v1")
        write.visitor("v2")
        write.dialog("d1", "v1", status="closed")
        write.dialog("d2", "v1")
        write.dialog("d3", "v2", status="closed")
        write.commit()
        assert {key: row.id for key, row in store.open_dialogs(["v1", "v2"]).items()} == {"v1": "d2"}
        assert store.dialogs(["d1"])["d1"].status == "closed"

    def test_unread_messages_are_the_visitors_own_after_a_number(self, store: Store, write) -> None:
        write.visitor("v1")
        write.dialog("d1", "v1")
        write.message("m1", "d1", "v1")
        write.message("m2", "d1", "v1", author=Author("operator", "o1"))
        last = write.message("m3", "d1", "v1")
        write.commit()
        assert store.visitor_messages_after("d1", 2) == [last.seq]
        assert store.visitor_messages_after("d1", 0) == [2, 4]

    def test_who_waits_for_time_is_listed_the_earliest_first(self, store: Store, write) -> None:
        for visitor, wake_at in (("v1", 300), ("v2", 0), ("v3", 100)):
            write.visitor(visitor, wake_at=wake_at)
        write.commit()
        assert store.wakes() == [(100, "v3"), (300, "v1")]
        write.visitor("v3", wake_at=400)
        write.visitor("v1", wake_at=0)
        write.visitor("v2", wake_at=50)
        write.commit()
        assert store.wakes() == [(50, "v2"), (400, "v3")]

    def test_runs_on_their_way_are_counted_by_where_they_wait(self, store: Store, write) -> None:
        write.visitor("v1", wake_at=1)
        write.batch.visitors["v1"].state = b'{"id":"v1","runs":[{"scenario":"a"},{"scenario":"b"}]}'
        write.visitor("v2", wake_at=1)
        write.batch.visitors[
            "v2"
        ].state = b'{"id":"v2","runs":[{"scenario":"a","version":"x","waiting":{"step":"s"}}]}'
        write.commit()
        assert store.running() == {("a", "", ""): 1, ("a", "x", "s"): 1, ("b", "", ""): 1}

    def test_those_who_stand_at_a_step_are_counted_by_version(self, store: Store, write) -> None:
        write.visitor("v1", wake_at=1)
        first = '{"scenario":"a","version":"x","waiting":{"kind":"wait","step":"steps.0"}}'
        write.batch.visitors["v1"].state = f'{{"id":"v1","runs":[{first},{{"scenario":"b"}}]}}'.encode()
        write.visitor("v2", wake_at=1)
        write.batch.visitors["v2"].state = f'{{"id":"v2","runs":[{first}]}}'.encode()
        write.visitor("v3", wake_at=0)
        write.batch.visitors["v3"].state = f'{{"id":"v3","runs":[{first}]}}'.encode()
        write.commit()
        assert store.standing("a") == {("x", "steps.0"): 2}
        assert store.standing("b") == {}

    def test_operators_scenarios_outbox_and_files_come_back(self, store: Store, write) -> None:
        operator = OperatorRow("o1", "Ann", "admin", "ab", 5, online=True)
        scenario = ScenarioRow("hi", "abc", "scenario: hi", 5, live=True)
        file = FileRow(FileRef("f1", "a.png", "image/png", 3, "/files/t"), "stored", "t", 5, "visitor")
        item = OutboxItem("x1", "email", "waiting", 5, "v1", "hi", "Hello", {"to": "a@b.example"})
        write.batch.operators["o1"] = operator
        write.batch.scenarios[("hi", "abc")] = scenario
        write.batch.files["f1"] = file
        write.batch.outbox["x1"] = OutboxRow(item, 1)
        write.commit()
        assert store.operators() == [operator]
        assert store.scenarios() == [scenario]
        assert store.files(["f1", "f2"]) == {"f1": file}
        assert store.file_by_token("t") == file
        assert store.file_by_token("u") is None
        assert store.outbox(10) == [item]


class TestDialogList:
    @pytest.fixture(autouse=True)
    def dialogs(self, write) -> None:
        """Nine dialogs, d1 the oldest: even ones closed, those of v1 assigned, each third one tagged."""
        for number in range(1, 10):
            visitor = f"v{number % 2}"
            write.visitor(visitor)
            write.dialog(
                f"d{number}",
                visitor,
                last_at=1000 + number // 2,
                status="open" if number % 2 else "closed",
                assignee="o1" if number > 6 else "",
                tags=("big", "vip") if number % 3 == 0 else (),
            )
        write.commit()

    def test_newest_first_in_pages_that_follow_each_other(self, store: Store) -> None:
        seen, cursor = [], ""
        while True:
            page, cursor, total = store.dialog_page(**PAGE | {"limit": 4, "cursor": cursor})
            assert total == 9
            seen += [dialog.id for dialog in page]
            if not cursor:
                break
        assert seen == ["d9", "d8", "d7", "d6", "d5", "d4", "d3", "d2", "d1"]

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"status": "open"}, ["d9", "d7", "d5", "d3", "d1"]),
            ({"status": "closed"}, ["d8", "d6", "d4", "d2"]),
            ({"assignee": "o1"}, ["d9", "d8", "d7"]),
            ({"assignee": "", "status": "open"}, ["d5", "d3", "d1"]),
            ({"tag": "vip"}, ["d9", "d6", "d3"]),
            ({"tag": "vip", "status": "open", "assignee": "o1"}, ["d9"]),
            ({"visitor": "v0"}, ["d8", "d6", "d4", "d2"]),
            ({"tag": "none"}, []),
            ({"status": "sleeping"}, []),
        ],
    )
    def test_filters_narrow_list_and_total(self, store: Store, filters: dict, expected: list[str]) -> None:
        page, cursor, total = store.dialog_page(**PAGE | filters)
        assert ([dialog.id for dialog in page], cursor, total) == (expected, "", len(expected))

    def test_a_tag_that_most_dialogs_have_is_found_as_one_that_few_have(self, store: Store, write) -> None:
        for number in range(100, 1300):
            write.dialog(
                f"d{number}",
                "v1",
                last_at=number,
                tags=("common",),
                status="closed" if number % 2 else "open",
            )
        write.commit()
        page, cursor, total = store.dialog_page(**PAGE | {"tag": "common", "status": "open", "limit": 2})
        assert ([dialog.id for dialog in page], cursor, total) == (["d1298", "d1296"], "1296_d1296", 600)
        assert store.dialog_page(**PAGE | {"tag": "common", "visitor": "v1"})[2] == 1200

    def test_tags_that_change_are_found_by_their_new_names(self, store: Store, write) -> None:
        known = store.dialogs(["d9"])["d9"]
        write.batch.dialogs["d9"] = msgspec.structs.replace(known, tags=("late",))
        write.commit()
        assert [row.id for row in store.dialog_page(**PAGE | {"tag": "late"})[0]] == ["d9"]
        assert [row.id for row in store.dialog_page(**PAGE | {"tag": "vip"})[0]] == ["d6", "d3"]

    @pytest.mark.parametrize("cursor", ["x", "12", "-1_d1", "9999999999999999999999_d", "²_d"])
    def test_a_cursor_that_is_none_of_ours_is_an_error(self, store: Store, cursor: str) -> None:
        with pytest.raises(ValueError, match="cursor"):
            store.dialog_page(**PAGE | {"cursor": cursor})

    def test_a_visitors_dialogs_are_listed_newest_first(self, store: Store) -> None:
        assert store.visitor_dialogs("v0") == ["d8", "d6", "d4", "d2"]


class TestFeeds:
    @pytest.fixture(autouse=True)
    def history(self, write) -> None:
        write.visitor("v1")
        write.dialog("d1", "v1")  # 1
        write.message("m1", "d1", "v1", "one")  # 2
        write.event("v1")  # 3
        write.entry(PopupEnded("p1", "promo", "closed"), "v1")  # 4
        write.message("m2", "d1", "v1", "note", note=True, author=Author("operator", "o1"))  # 5
        write.dialog("d2", "v1")  # 6
        write.message("m3", "d2", "v1", "three")  # 7
        write.commit()

    def test_a_dialogs_feed_is_its_own_entries_oldest_first(self, store: Store) -> None:
        assert [entry.seq for entry in store.feed(dialog="d1", before=0, limit=10)] == [1, 2, 5]

    def test_a_feed_gives_the_newest_before_a_number(self, store: Store) -> None:
        assert [entry.seq for entry in store.feed(dialog="d1", before=5, limit=1)] == [2]
        assert [entry.seq for entry in store.feed(visitor="v1", before=0, limit=3)] == [5, 6, 7]

    def test_a_visitors_feed_has_all_his_dialogs_and_pop_ups_but_no_events(self, store: Store) -> None:
        assert [entry.seq for entry in store.feed(visitor="v1", before=0, limit=10)] == [1, 2, 4, 5, 6, 7]

    def test_events_are_newest_first(self, store: Store) -> None:
        assert [entry.seq for entry in store.visitor_events("v1", 0, 10)] == [4, 3]
        assert [entry.seq for entry in store.visitor_events("v1", 4, 10)] == [3]

    def test_a_message_in_a_feed_is_as_it_is_now(self, store: Store, write) -> None:
        chosen = msgspec.structs.replace(store.messages(["m1"])["m1"], chosen="yes")
        write.batch.messages["m1"] = chosen
        write.entry(MessageChanged("m1", "yes"), "v1", "d1")
        write.commit()
        assert store.feed(dialog="d1", before=3, limit=1)[0].what == MessageSent(chosen)

    def test_a_visitors_messages_hold_no_notes(self, store: Store) -> None:
        assert [message.id for message in store.visitor_messages("v1", 0, 10)] == ["m1", "m3"]
        assert [message.id for message in store.visitor_messages("v1", 2, 10)] == ["m3"]
        assert [message.id for message in store.visitor_messages("v1", 0, 1)] == ["m3"]


class TestMerging:
    def test_identities_dialogs_messages_and_history_are_the_others(self, store: Store, write) -> None:
        write.visitor("v1")
        write.visitor("v2")
        write.identity("anonymous", "a1", "v1")
        write.dialog("d1", "v1")
        write.message("m1", "d1", "v1")
        write.event("v1")
        write.commit()
        write.visitor("v1", merged_into="v2")
        write.entry(VisitorMerged("v1"), "v2")
        write.batch.moved_visitors["v1"] = "v2"
        write.commit()
        assert store.identities([("anonymous", "a1")]) == {("anonymous", "a1"): "v2"}
        assert store.dialogs(["d1"])["d1"].visitor == "v2"
        assert store.open_dialogs(["v1", "v2"])["v2"].id == "d1"
        assert store.messages(["m1"])["m1"].visitor == "v2"
        assert [message.id for message in store.visitor_messages("v2", 0, 10)] == ["m1"]
        assert store.visitor_dialogs("v2") == ["d1"]
        assert [entry.seq for entry in store.feed(visitor="v2", before=0, limit=10)] == [1, 2]
        assert [entry.seq for entry in store.visitor_events("v2", 0, 10)] == [3]
        assert store.merged("v2") == ["v1"]

    def test_what_was_merged_twice_is_still_his(self, store: Store, write) -> None:
        for visitor in ("v1", "v2", "v3"):
            write.visitor(visitor)
        write.event("v1")
        write.commit()
        write.visitor("v1", merged_into="v2")
        write.visitor("v2", merged_into="v3")
        write.batch.moved_visitors |= {"v1": "v2", "v2": "v3"}
        write.commit()
        assert store.merged("v3") == ["v1", "v2"]
        assert [entry.seq for entry in store.visitor_events("v3", 0, 10)] == [1]

    def test_rows_of_the_same_batch_move_along(self, store: Store, write) -> None:
        write.visitor("v1")
        write.visitor("v2")
        write.identity("anonymous", "a1", "v1")
        write.batch.moved_visitors["v1"] = "v2"
        write.commit()
        assert store.identities([("anonymous", "a1")]) == {("anonymous", "a1"): "v2"}


class TestManyThreads:
    def test_readings_from_other_threads_see_whole_commits_only(self, store: Store, write) -> None:
        """A batch of ten entries is there as ten or not at all, whenever one looks."""
        uneven: list[int] = []
        done = threading.Event()

        def look() -> None:
            while not done.is_set():
                count = len(store.entries(0, 10_000))
                if count % 10:
                    uneven.append(count)

        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        for _ in range(30):
            for _ in range(10):
                write.event("v1")
            write.commit()
        done.set()
        for reader in readers:
            reader.join()
        assert not uneven
        assert store.last_seq() == 300

    def test_counts_tell_how_much_is_kept(self, store: Store, write) -> None:
        write.visitor("v1")
        write.event("v1")
        write.commit()
        counts = store.counts()
        assert (counts["journal"], counts["visitors"], counts["messages"]) == (1, 1, 0)
