"""A person is erased: nothing stays of him but the numbers of his entries, not even in the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from server_stub.desk import tracking, visitor_side
from server_stub.protocol import (
    Author,
    Entry,
    Erased,
    Erasure,
    EventHappened,
    FileRef,
    Message,
    OutboxItem,
    VisitorChanged,
    VisitorErased,
    VisitorNote,
)
from server_stub.store import seen_keys
from server_stub.store.base import AlarmRow, FileRow, OutboxRow, Store, StoreError, VisitorNoteRow
from server_stub.store.sqlite import SqliteStore

OPERATOR = Author("operator", "o1", "Ann")
SECRET = "quixoticum"
"""A word that is nobody else's."""


def person(write, visitor: str, dialog: str, word: str) -> None:
    """Everything that is kept of somebody; each text holds the word."""
    write.visitor(
        visitor,
        name=word,
        email=f"{word}@shop.example",
        segments=("buyers",),
        wake_at=7,
        last_at=9,
        popup=word.encode(),
        details=word.encode(),
    )
    write.identity("anonymous", f"{word}-browser", visitor)
    write.identity("user", f"{word}-account", visitor)
    write.dialog(dialog, visitor, visitor_name=word, tags=("vip",), assignee="o1", last_text=word)
    message = write.message(f"{dialog}-m1", dialog, visitor, f"my name is {word}")
    write.message(f"{dialog}-m2", dialog, visitor, f"hello {word}", author=OPERATOR)
    write.message(f"{dialog}-m3", dialog, visitor, f"a note on {word}", author=OPERATOR, note=True)
    write.entry(EventHappened("Page Viewed", {"path": f"/{word}"}, f"{word}-event"), visitor)
    write.entry(VisitorChanged(OPERATOR, {"name": word}), visitor)
    write.batch.seen_ids |= {f"e:{word}-event": "", f"w:{word}-browser:f1": message.id}
    ref = FileRef(f"{dialog}-f1", f"{word}.png", "image/png", 3, f"/files/{dialog}")
    write.batch.files[ref.id] = FileRow(ref, f"stored-{dialog}", f"token-{dialog}", 5, "visitor", message.id)
    item = OutboxItem(f"{dialog}-x1", "email", "waiting", 5, visitor, "hi", f"Hello {word}")
    write.batch.outbox[item.id] = OutboxRow(item, 1)
    waiting = Message(f"{dialog}-m9", dialog, visitor, OPERATOR, 10, text=f"later, {word}", send_at=99)
    write.batch.alarms[waiting.id] = AlarmRow(waiting.id, dialog, 99, waiting)
    note = VisitorNote(f"{visitor}-n1", 1, OPERATOR, f"{word} likes tea")
    write.batch.visitor_notes[note.id] = VisitorNoteRow(visitor, note)


def erase(write, visitor: str) -> None:
    write.entry(VisitorErased(OPERATOR), visitor)
    write.batch.erased_visitors.append(visitor)
    write.commit()


class TestErasing:
    @pytest.fixture(autouse=True)
    def two(self, write) -> None:
        person(write, "v1", "d1", SECRET)
        person(write, "v2", "d2", "somebody")
        write.commit()

    def test_it_is_told_before_what_would_go(self, store: Store) -> None:
        assert store.erasable("v1") == Erasure(entries=6, messages=3, files=1, dialogs=1)
        assert [row.stored_as for row in store.files_of("v1")] == ["stored-d1"]
        assert store.erasable("none") == Erasure(0, 0, 0, 0)
        assert store.files_of("none") == []

    def test_his_entries_are_empty_and_keep_their_numbers(self, store: Store, write) -> None:
        others = [entry for entry in store.entries(0, 100) if entry.visitor == "v2"]
        erase(write, "v1")
        entries = store.entries(0, 100)
        assert [entry.seq for entry in entries] == list(range(1, 14))
        assert entries[:6] == [Entry(seq, 1000, Erased()) for seq in range(1, 7)]
        assert entries[6:12] == others
        assert entries[12] == Entry(13, 1000, VisitorErased(OPERATOR), "v1")
        assert [msgspec.json.decode(body, type=Entry) for _, body in store.encoded_entries(0, 100)] == entries

    def test_he_is_in_no_list(self, store: Store, write) -> None:
        erase(write, "v1")
        asked = {"status": "", "assignee": None, "tag": "", "visitor": "", "cursor": "", "limit": 10}
        assert store.visitors(["v1"]) == {}
        assert store.identities([("anonymous", f"{SECRET}-browser"), ("user", f"{SECRET}-account")]) == {}
        assert [row.id for row in store.dialog_page(**asked)[0]] == ["d2"]
        assert [row.id for row in store.dialogs_tagged("vip", 5)] == ["d2"]
        assert store.messages(["d1-m1", "d1-m2", "d1-m3"]) == {}
        assert store.find_messages(SECRET, 10) == []
        assert [row.id for row in store.find_visitors("", limit=9)[0]] == ["v2"]
        assert store.find_visitors(SECRET, limit=9)[0] == []
        assert store.segment_members() == {"buyers": 1}
        assert store.wakes() == [(7, "v2")]
        assert store.files(["d1-f1"]) == {}
        assert [item.id for item in store.outbox(9)] == ["d2-x1"]
        assert [row.id for row in store.alarms()] == ["d2-m9"]
        assert store.visitor_note("v1-n1") is None
        assert store.open_counts() == {"o1": 1}
        assert store.seen([f"e:{SECRET}-event", f"w:{SECRET}-browser:f1"]) == {}
        assert store.feed(dialog="d1", before=0, limit=9) == []
        assert [entry.what for entry in store.journal_of(["v1"])] == [VisitorErased(OPERATOR)]
        assert store.house_entries() == []

    def test_everybody_else_is_as_he_was(self, store: Store, write) -> None:
        erase(write, "v1")
        assert store.erasable("v2") == Erasure(entries=6, messages=3, files=1, dialogs=1)
        assert [found.message for found in store.find_messages("somebody", 10)] == ["d2-m3"]
        assert set(store.seen(["e:somebody-event", "w:somebody-browser:f1"])) == {
            "e:somebody-event",
            "w:somebody-browser:f1",
        }
        assert [row.ref.id for row in store.files_of("v2")] == ["d2-f1"]

    def test_those_who_became_him_go_with_him(self, store: Store, write) -> None:
        write.batch.visitors["v1"] = replace(store.visitors(["v1"])["v1"], merged_into="v2")
        write.batch.moved_visitors["v1"] = "v2"
        write.commit()
        assert store.erasable("v2") == Erasure(entries=12, messages=6, files=2, dialogs=2)
        erase(write, "v2")
        assert [type(entry.what) for entry in store.entries(0, 100)] == [Erased] * 12 + [VisitorErased]
        assert store.visitors(["v1", "v2"]) == {}
        assert store.find_visitors("", limit=9)[0] == []

    def test_what_is_written_of_him_in_the_same_batch_goes_as_well(self, store: Store, write) -> None:
        write.message("d1-m7", "d1", "v1", f"{SECRET} again")
        erase(write, "v1")
        assert [type(entry.what) for entry in store.entries(12, 100)] == [Erased, VisitorErased]
        assert store.messages(["d1-m7"]) == {}

    def test_he_may_come_again_as_somebody_new(self, store: Store, write) -> None:
        erase(write, "v1")
        person(write, "v9", "d9", SECRET)
        write.commit()
        assert [found.dialog for found in store.find_messages(SECRET, 5)] == ["d9"]


class TestKeysThatTellOfPeople:
    def test_the_store_knows_them_as_the_desk_makes_them(self) -> None:
        assert (seen_keys.EVENT, seen_keys.FRAME) == (tracking.EVENT, visitor_side.FRAME)


class TestOnTheDisk:
    """Of the files themselves: what was deleted, and what lies in index and log."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return tmp_path

    @staticmethod
    def holds(folder: Path, word: str) -> list[str]:
        return [file.name for file in folder.iterdir() if word.encode() in file.read_bytes()]

    async def test_no_word_of_him_stays_in_any_file(
        self, folder: Path, make_writer: Callable, until: Callable[..., Any]
    ) -> None:
        """Index and log are cleaned behind the commit, while the server runs."""
        store = SqliteStore(folder / "desk.db", log_bytes=2_000_000)
        write = make_writer(store)
        for number in range(40):
            person(write, f"a{number}", f"e{number}", f"other{number}")
            if number == 20:
                person(write, "v1", "d1", SECRET)
            write.commit()
            store.find_messages("name", 1)
        message = store.messages(["d1-m1"])["d1-m1"]
        write.batch.messages[message.id] = replace(message, text="nothing")
        write.commit()
        assert store.find_messages(SECRET, 1)
        assert self.holds(folder, SECRET)
        erase(write, "v1")
        await until(lambda: not self.holds(folder, SECRET))
        assert [found.dialog for found in store.find_messages("other3", 1)] == ["e39"]
        store.close()
        assert not self.holds(folder, SECRET)

    async def test_a_server_that_was_stopped_in_between_finishes_when_it_starts_again(
        self, folder: Path, make_writer: Callable, until: Callable[..., Any]
    ) -> None:
        store = SqliteStore(folder / "desk.db", log_bytes=0)
        write = make_writer(store)
        person(write, "v1", "d1", SECRET)
        write.commit()
        assert store.find_messages(SECRET, 1)
        person(write, "v2", "d2", "other")
        write.commit()
        assert store.find_messages("other", 1)
        erase(write, "v1")
        store.close()
        again = SqliteStore(folder / "desk.db", log_bytes=0)
        await until(lambda: not self.holds(folder, SECRET))
        again.close()

    async def test_a_reading_that_goes_on_only_delays_it(
        self, folder: Path, make_writer: Callable, until: Callable[..., Any]
    ) -> None:
        store = SqliteStore(folder / "desk.db", log_bytes=0)
        write = make_writer(store)
        person(write, "v1", "d1", SECRET)
        for _ in range(1000):
            write.event("v2")
        write.commit()
        reading = store.journals("", "", ("event",))
        next(reading)
        erase(write, "v1")
        assert store.visitors(["v1"]) == {}
        reading.close()
        await until(lambda: not self.holds(folder, SECRET))
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.erasable("v1")
