"""Every text that was ever published is kept: newest first, by its base, and out of an older database's journal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from server_stub.ids import base_of
from server_stub.protocol import ScenarioChanged, SegmentChanged
from server_stub.store.base import ScenarioRow, SegmentRow, Store, TextRow
from server_stub.store.sqlite import SqliteStore


def row(seq: int, text: str = "scenario: cart", slug: str = "cart", kind: str = "scenario") -> TextRow:
    return TextRow(kind, slug, seq, base_of(text), f"v{seq}", "live", 10 * seq, "o1", "for spring", text)


class TestPublishedTexts:
    def test_they_come_newest_first_in_pages_without_their_texts(self, store: Store, write) -> None:
        rows = [row(seq, f"scenario: cart # {seq}") for seq in (3, 5, 9)]
        write.batch.texts = {(one.kind, one.slug, one.seq): one for one in rows}
        write.commit()
        assert [one.seq for one in store.texts_of("scenario", "cart", 0, 2)] == [9, 5]
        assert [one.seq for one in store.texts_of("scenario", "cart", 5, 2)] == [3]
        [newest] = store.texts_of("scenario", "cart", 0, 1)
        assert (newest.why, newest.by, newest.text) == ("for spring", "o1", "")

    def test_one_is_found_by_its_base_as_it_was_published_last(self, store: Store, write) -> None:
        rows = [row(3), row(5, "scenario: cart # other"), row(9)]
        write.batch.texts = {(one.kind, one.slug, one.seq): one for one in rows}
        write.commit()
        assert store.published_text("scenario", "cart", rows[0].base) == rows[2]
        assert store.published_text("scenario", "cart", "none") is None

    def test_scenarios_and_segments_of_one_name_are_two(self, store: Store, write) -> None:
        rows = [row(3), row(4, "segment: cart", kind="segment"), row(5, slug="other")]
        write.batch.texts = {(one.kind, one.slug, one.seq): one for one in rows}
        write.commit()
        assert [one.seq for one in store.texts_of("segment", "cart", 0, 9)] == [4]
        assert store.published_text("scenario", "cart", rows[1].base) is None


class TestAnOlderDatabase:
    """Its journal tells when what was published, and one text of each version was kept."""

    def test_its_versions_are_those_of_the_journal(self, tmp_path: Path, make_writer) -> None:
        store = SqliteStore(tmp_path / "desk.db", log_bytes=0)
        write = make_writer(store)
        write.batch.scenarios = {
            ("cart", "v1"): ScenarioRow("cart", "v1", "first", 40, live=False),
            ("cart", "v2"): ScenarioRow("cart", "v2", "second", 40, live=True),
        }
        write.batch.segments = {("vips", "s1"): SegmentRow("vips", "s1", "the good ones", 10, live=True)}
        write.entry(ScenarioChanged("cart", "live", "v1"), at=10)
        write.entry(SegmentChanged("vips", "s1"), at=10)
        write.entry(ScenarioChanged("cart", "live", "v1", file="moved.yaml"), at=20)
        write.entry(ScenarioChanged("cart", "paused", "v1", by="o1"), at=30)
        write.entry(ScenarioChanged("cart", "live", "v2", by="o2"), at=40)
        write.entry(ScenarioChanged("cart", "removed", ""), at=50)
        write.entry(ScenarioChanged("lost", "live", "v0"), at=60)
        write.commit()
        store.close()
        self._make_older(tmp_path / "desk.db")
        store = SqliteStore(tmp_path / "desk.db", log_bytes=0)
        told = [(one.at, one.status, one.by) for one in store.texts_of("scenario", "cart", 0, 9)]
        assert told == [(50, "removed", ""), (40, "live", "o2"), (30, "paused", "o1"), (10, "live", "")]
        found = store.published_text("scenario", "cart", base_of("first"))
        assert (found.text, found.status, found.seq) == ("first", "paused", 4)
        assert [one.base for one in store.texts_of("segment", "vips", 0, 9)] == [base_of("the good ones")]
        assert store.texts_of("scenario", "lost", 0, 9) == []
        store.close()

    def _make_older(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE published_texts")
            connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0013_published_texts'")
        connection.close()
