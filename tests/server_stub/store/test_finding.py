"""What is found as somebody types: messages by their words, visitors by what they are called, dialogs by a tag."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from server_stub.protocol import Author
from server_stub.store import sqlite_finding
from server_stub.store.base import Store
from server_stub.store.sqlite import SqliteStore


class TestFindingMessages:
    @pytest.fixture(autouse=True)
    def talk(self, write) -> None:
        write.visitor("v1")
        for number in (1, 2, 3):
            write.dialog(f"d{number}", "v1")
        write.message("m1", "d1", "v1", "Where is my Parcel?")
        write.message("m2", "d2", "v1", "Посылка не пришла, parcels lost")
        write.message(
            "m3", "d2", "v1", "No parcel, no joy", author=Author("operator", "o1", "Ann"), note=True
        )
        write.message("m4", "d3", "v1", "Zoë wohnt in der Straße nach Łódź; parceling is snake_case")
        write.commit()

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("p", ["m4", "m3", "m1"]),
            ("parc", ["m4", "m3", "m1"]),
            ("parcel", ["m4", "m3", "m1"]),
            ("parceli", ["m4"]),
            ("PARCEL where", ["m1"]),
            ("wher parcel", []),
            ("where parcels", []),
            ("посы", ["m2"]),
            ("ПОСЫЛКА", ["m2"]),
            ("zoe", ["m4"]),
            ("zoë str", ["m4"]),
            ("straße", ["m4"]),
            ("case", ["m4"]),
            ("snake_ca", ["m4"]),
            ("", []),
            ('"', []),
            ("* OR NEAR(", []),
            ("parcel AND", []),
            ("\x00\x1b", []),
            ("text:par", []),
        ],
    )
    def test_any_text_is_a_query_and_its_last_word_may_be_half_typed(
        self, store: Store, query: str, expected: list[str]
    ) -> None:
        assert [found.message for found in store.find_messages(query, 10)] == expected

    def test_the_newest_is_told_with_who_wrote_it_and_where_the_words_are(self, store: Store) -> None:
        found = store.find_messages("no par", 10)[0]
        assert (found.dialog, found.seq, found.at, found.author.name, found.note) == (
            "d2",
            6,
            1000,
            "Ann",
            True,
        )
        assert [found.text[begin:end] for begin, end in found.marks] == ["No", "parcel", "no"]

    def test_a_limit_counts_dialogs_and_a_dialog_full_of_a_word_hides_no_other(
        self, store: Store, write
    ) -> None:
        for number in range(1200):
            write.message(f"x{number}", "d3", "v1", "parcel service")
        write.commit()
        assert [found.dialog for found in store.find_messages("parcel", 2)] == ["d3", "d2"]
        assert [found.dialog for found in store.find_messages("par", 3)] == ["d3", "d2", "d1"]
        assert [found.dialog for found in store.find_messages("parcels", 3)] == ["d2"]

    def test_the_part_around_the_words_is_shown_of_a_long_text(self, store: Store, write) -> None:
        text = "begin " * 100 + "needle in a haystack " + "end " * 100
        write.message("m9", "d1", "v1", text)
        write.commit()
        found = store.find_messages("needle hay", 1)[0]
        assert [found.text[begin:end] for begin, end in found.marks] == ["needle", "haystack"]
        assert found.text.startswith("…begin begin")
        assert found.text.endswith("…")
        assert len(found.text) < 250

    def test_what_has_just_been_committed_is_found(self, store: Store, write) -> None:
        for number in range(450):
            write.message(f"x{number}", "d2", "v1", f"needle{number}")
        write.commit()
        assert [found.message for found in store.find_messages("needle449", 10)] == ["x449"]

    def test_a_message_that_was_edited_is_found_by_what_it_says_now(self, store: Store, write) -> None:
        message = store.messages(["m1"])["m1"]
        assert store.find_messages("where", 10)
        write.batch.messages["m1"] = replace(message, text="Found it", edited_at=5)
        write.commit()
        assert store.find_messages("where", 10) == []
        assert [found.message for found in store.find_messages("found", 10)] == ["m1"]

    def test_a_message_that_was_taken_away_is_found_no_more_and_kept_from_the_visitor(
        self, store: Store, write
    ) -> None:
        message = store.messages(["m1"])["m1"]
        assert store.find_messages("where", 10)
        write.batch.messages["m1"] = replace(message, text="", deleted=True)
        write.commit()
        assert store.find_messages("where", 10) == []
        assert "m1" not in [message.id for message in store.visitor_messages("v1", 0, 10)]


class TestFindingVisitors:
    @pytest.fixture(autouse=True)
    def people(self, write) -> None:
        write.visitor("v1", name="Zoë Ångström", email="zoe@shop.example", phone="+49 30 1234567", last_at=50)
        write.visitor("v2", name="Zora", user_id="customer-7", last_at=700_000, segments=("buyers",))
        write.visitor("v3", last_at=60, blocked=True)
        write.visitor("v4", name="Zoltan", last_at=900_000, merged_into="v2")
        write.visitor("v5", name="Ann", last_at=60, segments=("buyers", "new"), blocked=True)
        write.commit()

    @pytest.mark.parametrize(
        ("query", "narrowed", "expected"),
        [
            ("", {}, ["v2", "v5", "v3", "v1"]),
            ("zo", {}, ["v2", "v1"]),
            ("ZOË ångström", {}, ["v1"]),
            ("zoe@shop.example", {}, ["v1"]),
            ("30 123", {}, ["v1"]),
            ("customer-7", {}, ["v2"]),
            ("zoltan", {}, []),
            ("@", {}, []),
            ("", {"segment": "buyers"}, ["v2", "v5"]),
            ("zo", {"segment": "buyers"}, ["v2"]),
            ("", {"segment": "none"}, []),
            ("", {"blocked": True}, ["v5", "v3"]),
            ("a", {"blocked": True, "segment": "new"}, ["v5"]),
        ],
    )
    def test_who_was_here_last_comes_first(
        self, store: Store, query: str, narrowed: dict, expected: list[str]
    ) -> None:
        found, cursor, total = store.find_visitors(query, **narrowed, limit=10)
        assert ([row.id for row in found], cursor, total) == (expected, "", len(expected))

    @pytest.mark.parametrize("query", ["", "customer"])
    def test_pages_follow_each_other(self, store: Store, write, query: str) -> None:
        """Also where so many match that they are looked for from the last one backwards."""
        for number in range(1100):
            write.visitor(f"x{number:04}", user_id=f"customer-{number}", last_at=number * 1000 // 3 * 3)
        write.commit()
        seen, cursor = [], ""
        while True:
            page, cursor, total = store.find_visitors(query, cursor=cursor, limit=400)
            seen += [(row.last_at, row.id) for row in page]
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == total == (1104 if not query else 1101)
        assert seen == sorted(seen, reverse=True)

    def test_many_who_have_not_been_here_for_long_are_found_behind_the_last_ones(
        self, store: Store, write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite_finding, "_LAST", 10)
        for number in range(1100):
            write.visitor(f"x{number:04}", user_id=f"old-{number}", last_at=number)
            write.visitor(f"y{number:04}", user_id=f"new-{number}", last_at=2_000_000 + number * 600_000)
        write.commit()
        found, cursor, total = store.find_visitors("old", limit=2)
        assert ([row.id for row in found], total) == (["x1099", "x1098"], 1100)
        assert [row.id for row in store.find_visitors("old", cursor=cursor, limit=2)[0]] == ["x1097", "x1096"]
        assert [row.id for row in store.find_visitors("new", limit=2)[0]] == ["y1099", "y1098"]

    def test_who_comes_again_is_the_first(self, store: Store, write) -> None:
        write.visitor("v1", name="Zoë", last_at=1_300_000)
        write.commit()
        assert [row.id for row in store.find_visitors("", limit=2)[0]] == ["v1", "v2"]

    @pytest.mark.parametrize("cursor", ["x", "12", "-1_d"])
    def test_a_cursor_that_is_none_of_ours_is_an_error(self, store: Store, cursor: str) -> None:
        with pytest.raises(ValueError, match="cursor"):
            store.find_visitors("", cursor=cursor, limit=5)


class TestFindingByTag:
    @pytest.fixture(autouse=True)
    def dialogs(self, write) -> None:
        write.visitor("v1")
        for number, tags in enumerate([("Big order",), ("order", "big"), (), ("big", "late order")], 1):
            write.dialog(f"d{number}", "v1", tags=tags, last_at=number)
        write.commit()

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("order", ["d4", "d2", "d1"]),
            ("BIG or", ["d1"]),
            ("late", ["d4"]),
            ("none", []),
            ("", []),
            ("*", []),
        ],
    )
    def test_a_tag_holds_all_the_words(self, store: Store, query: str, expected: list[str]) -> None:
        assert [dialog.id for dialog in store.dialogs_tagged(query, 10)] == expected

    def test_a_tag_that_very_many_have_gives_the_newest(self, store: Store, write) -> None:
        for number in range(100, 1300):
            write.dialog(f"x{number}", "v1", last_at=number, tags=("big", "very big"))
        write.commit()
        assert [dialog.id for dialog in store.dialogs_tagged("big", 2)] == ["x1299", "x1298"]
        assert [dialog.id for dialog in store.dialogs_tagged("late", 2)] == ["d4"]


class TestBehindTheCommits:
    async def test_messages_become_searchable_without_anybody_searching(
        self, tmp_path: Path, make_writer, until
    ) -> None:
        store = SqliteStore(tmp_path / "desk.db", log_bytes=0)
        write = make_writer(store)
        write.visitor("v1")
        write.dialog("d1", "v1")
        for number in range(1000):
            write.message(f"m{number}", "d1", "v1", f"needle{number}")
        write.commit()
        await until(lambda: not store.has_unsearchable())
        store.close()
