"""What only a database on a disk can do: last, be locked, be full, be too new, and be killed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from server_stub.protocol import Entry, EventHappened
from server_stub.store.base import Batch, StoreError
from server_stub.store.codec import encode
from server_stub.store.sqlite import SqliteStore


def event(seq: int, padding: int = 0) -> Batch:
    entry = Entry(seq, 1, EventHappened("Page Viewed", {"x": "y" * padding}), "v1")
    return Batch(entries=[entry], encoded=[encode(entry)])


class TestOpening:
    def test_what_was_committed_is_there_after_closing(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "desk.db")
        store.commit(event(1))
        store.close()
        again = SqliteStore(tmp_path / "desk.db")
        assert again.last_seq() == 1
        again.close()

    def test_closing_leaves_one_file_without_a_log(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "desk.db")
        store.commit(event(1))
        store.close()
        store.close()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.db", "desk.db.lock"]

    def test_a_second_server_on_the_same_folder_is_refused_in_plain_words(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "desk.db")
        with pytest.raises(StoreError, match="in use by another server"):
            SqliteStore(tmp_path / "desk.db")
        store.close()
        SqliteStore(tmp_path / "desk.db").close()

    def test_a_database_of_a_newer_program_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        SqliteStore(tmp_path / "desk.db").close()
        with sqlite3.connect(tmp_path / "desk.db") as connection:
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
                "VALUES ('desk', '0999_from_the_future', '')"
            )
        connection.close()
        with pytest.raises(StoreError, match=r"newer version.*0999_from_the_future"):
            SqliteStore(tmp_path / "desk.db")

    def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "desk.db").write_bytes(b"this is not a database, however long one looks at it" * 100)
        with pytest.raises(StoreError, match=r"desk\.db: the file is not a database"):
            SqliteStore(tmp_path / "desk.db")
        (tmp_path / "desk.db").unlink()
        SqliteStore(tmp_path / "desk.db").close()

    def test_the_durable_settings_are_on(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "desk.db")
        asked = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
        found = [store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        assert found == ["wal", 2, 1, 0]
        store.close()


class TestTrouble:
    def test_a_full_disk_is_told_and_nothing_is_half_written(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "desk.db")
        store.commit(event(1))
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 4}").fetchone()
        with pytest.raises(StoreError, match="the disk is full"):
            store.commit(event(2, padding=100_000))
        assert store.last_seq() == 1
        store._connection.execute("PRAGMA max_page_count = 1000000").fetchone()
        store.commit(event(2, padding=100_000))
        assert store.last_seq() == 2
        store.close()

    def test_a_store_that_was_closed_says_so(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "desk.db")
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.last_seq()


class TestCheckpoints:
    def test_the_log_does_not_grow_without_end_while_commits_never_pause(self, tmp_path: Path, until) -> None:
        """Three times the log's size is written; its file keeps to what it was made to, within a slack."""
        store = SqliteStore(tmp_path / "desk.db")
        for seq in range(1, 1000):
            store.commit(event(seq, padding=100_000))
        size = (tmp_path / "desk.db-wal").stat().st_size
        assert size < 60_000_000
        store.close()
        assert (tmp_path / "desk.db").stat().st_size > 99_000_000


KILLED = """
import sys
from pathlib import Path
from server_stub.protocol import Entry, EventHappened
from server_stub.store.base import Batch
from server_stub.store.sqlite import SqliteStore

store = SqliteStore(Path(sys.argv[1]))
seq = store.last_seq()
while True:
    entries = [Entry(seq + n, 1, EventHappened("Page Viewed", {"n": n}), "v1") for n in range(1, 8)]
    store.commit(Batch(entries=entries, seen_ids={f"e:{entry.seq}": "" for entry in entries}))
    seq += 7
    print(seq, flush=True)
"""


class TestCrashes:
    def test_every_acknowledged_commit_survives_a_kill(self, tmp_path: Path) -> None:
        path = tmp_path / "desk.db"
        for _ in range(3):
            process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE)
            assert process.stdout is not None
            acknowledged = [int(process.stdout.readline()) for _ in range(40)]
            process.kill()
            acknowledged += [int(line) for line in process.stdout.read().split() if line]
            process.wait()
            process.stdout.close()
            store = SqliteStore(path)
            last = store.last_seq()
            assert last >= acknowledged[-1]
            assert last % 7 == 0
            assert [entry.seq for entry in store.entries(0, last + 1)] == list(range(1, last + 1))
            assert len(store.seen([f"e:{seq}" for seq in range(1, last + 1)])) == last
            store.close()
