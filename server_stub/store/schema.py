"""The tables, as named migrations: each runs once, in order, in a transaction of its own.

A released migration is never changed; what comes later is a new one at the end. Tables that are only ever found by
their key are WITHOUT ROWID. An index costs every write 1.3 to 2 times its price, so each one here names its reader.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from server_stub.store import published_texts, sqlite_figures
from server_stub.store.base import StoreError

migrations = Migrations("desk")

FEED_KINDS = (
    "kind IN ('message','message_changed','dialog_opened','dialog','dialog_merged','rated','receipt','popup',"
    "'popup_ended')"
)
LATELY_SLOT = 600_000
"""Milliseconds of a stretch of time in which visitors count as having been here together."""
EVENT_KINDS = "kind IN ('event','run','popup','popup_ended')"


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Apply what is missing. Raises StoreError where the file was written by a newer program."""
    database = Database(connection)
    known = {migration.name for migration in migrations._migrations}
    newer = [done.name for done in migrations.applied(database) if done.name not in known]
    if newer:
        raise StoreError(
            f"The database was written by a newer version of this program (it has {newer[-1]!r}, which this one "
            "does not know). Install that version again, or start with another folder by --data."
        )
    migrations.apply(database)


@migrations(name="0001_journal")
def _journal(db: Database) -> None:
    db.table("journal").create(
        {"seq": int, "at": int, "shard": int, "kind": str, "visitor_id": str, "dialog_id": str, "body": str},
        pk="seq",
        not_null={"at", "shard", "kind", "visitor_id", "dialog_id", "body"},
    )
    # The rowid (seq) is part of every index: these order by it without a sort.
    db.execute("CREATE INDEX journal_visitor ON journal (visitor_id) WHERE visitor_id <> ''")
    db.execute("CREATE INDEX journal_dialog ON journal (dialog_id) WHERE dialog_id <> ''")
    # The feed of a visitor who has thousands of events and ten messages.
    db.execute(
        "CREATE INDEX journal_visitor_feed ON journal (visitor_id) WHERE visitor_id <> '' AND kind IN "
        "('message','message_changed','dialog_opened','dialog','receipt','popup','popup_ended','erased')"
    )


@migrations(name="0002_visitors")
def _visitors(db: Database) -> None:
    db.table("visitors").create(
        {
            "id": str,
            "shard": int,
            "wake_at": int,
            "name": str,
            "email": str,
            "phone": str,
            "user_id": str,
            "last_at": int,
            "merged_into": str,
            "search": str,
            "popup": bytes,
            "state": bytes,
        },
        pk="id",
        not_null={
            "shard",
            "wake_at",
            "name",
            "email",
            "phone",
            "user_id",
            "last_at",
            "merged_into",
            "search",
        },
    )
    # The cards of merged visitors.
    db.execute("CREATE INDEX visitors_merged ON visitors (merged_into) WHERE merged_into <> ''")
    # Timers after a restart, and search by name, email and phone. A visitor's row is written with each of his
    # events, these hardly ever: as indexes they would be written each time, so the database notices a difference.
    for table, column, nothing, kind in (("wakes", "wake_at", "0", "INT"), ("known", "search", "''", "TEXT")):
        db.execute(
            f"CREATE TABLE {table} (id TEXT PRIMARY KEY NOT NULL, {column} {kind} NOT NULL) WITHOUT ROWID"
        )
        fill = (
            f"INSERT INTO {table} VALUES (new.id, new.{column}) "
            f"ON CONFLICT (id) DO UPDATE SET {column} = excluded.{column};"
        )
        db.execute(
            f"CREATE TRIGGER visitors_{table}_new AFTER INSERT ON visitors WHEN new.{column} <> {nothing} "
            f"BEGIN {fill} END"
        )
        db.execute(
            f"CREATE TRIGGER visitors_{table}_set AFTER UPDATE OF {column} ON visitors "
            f"WHEN new.{column} <> old.{column} AND new.{column} <> {nothing} BEGIN {fill} END"
        )
        db.execute(
            f"CREATE TRIGGER visitors_{table}_gone AFTER UPDATE OF {column} ON visitors "
            f"WHEN old.{column} <> {nothing} AND new.{column} = {nothing} "
            f"BEGIN DELETE FROM {table} WHERE id = new.id; END"
        )
    db.execute(
        "CREATE TABLE identities (kind TEXT NOT NULL, value TEXT NOT NULL, visitor_id TEXT NOT NULL "
        "REFERENCES visitors (id), PRIMARY KEY (kind, value)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX identities_visitor ON identities (visitor_id)")


@migrations(name="0003_dialogs")
def _dialogs(db: Database) -> None:
    db.table("dialogs").create(
        {
            "id": str,
            "visitor_id": str,
            "status": str,
            "assignee": str,
            "opened_at": int,
            "last_at": int,
            "tags": str,
            "summary": str,
        },
        pk="id",
        not_null={"visitor_id", "status", "assignee", "opened_at", "last_at", "tags", "summary"},
        foreign_keys=[("visitor_id", "visitors", "id")],
    )
    # The list by time covers its filters; the open ones, which are few, have an index of their own.
    db.execute("CREATE INDEX dialogs_newest ON dialogs (last_at, id, status, assignee)")
    db.execute("CREATE INDEX dialogs_open ON dialogs (last_at, id, assignee) WHERE status = 'open'")
    db.execute("CREATE INDEX dialogs_visitor ON dialogs (visitor_id, opened_at)")
    db.execute(
        "CREATE TABLE dialog_tags (tag TEXT NOT NULL, dialog_id TEXT NOT NULL REFERENCES dialogs (id), "
        "PRIMARY KEY (tag, dialog_id)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX dialog_tags_dialog ON dialog_tags (dialog_id)")
    # A dialog's row is written with each message, its tags hardly ever: the database notices when they differ.
    fill = "INSERT INTO dialog_tags SELECT DISTINCT value, new.id FROM json_each(new.tags);"
    db.execute(
        f"CREATE TRIGGER dialogs_tagged AFTER INSERT ON dialogs WHEN new.tags <> '[]' BEGIN {fill} END"
    )
    db.execute(
        "CREATE TRIGGER dialogs_retagged AFTER UPDATE OF tags ON dialogs WHEN old.tags <> new.tags "
        f"BEGIN DELETE FROM dialog_tags WHERE dialog_id = new.id; {fill} END"
    )


@migrations(name="0004_messages")
def _messages(db: Database) -> None:
    db.table("messages").create(
        {
            "seq": int,
            "id": str,
            "dialog_id": str,
            "visitor_id": str,
            "author": str,
            "note": int,
            "text": str,
            "body": str,
        },
        pk="seq",
        not_null={"id", "dialog_id", "visitor_id", "author", "note", "text", "body"},
        foreign_keys=[("dialog_id", "dialogs", "id")],
    )
    db.table("messages").create_index(["id"], unique=True)
    db.execute("CREATE INDEX messages_visitor ON messages (visitor_id) WHERE note = 0")
    # What an operator has not seen yet.
    db.execute("CREATE INDEX messages_unread ON messages (dialog_id) WHERE author = 'visitor'")
    # Filled behind the commits, up to meta.searchable_up_to: see SqliteStore.
    db.execute(
        "CREATE VIRTUAL TABLE messages_search USING fts5 "
        "(text, content='messages', content_rowid='seq', tokenize='unicode61 remove_diacritics 2')"
    )


@migrations(name="0005_the_rest")
def _the_rest(db: Database) -> None:
    db.table("outbox").create(
        {
            "id": str,
            "shard": int,
            "channel": str,
            "status": str,
            "visitor_id": str,
            "at": int,
            "due_at": int,
            "item": str,
        },
        pk="id",
        not_null={"shard", "channel", "status", "visitor_id", "at", "due_at", "item"},
    )
    db.table("outbox").create_index(["at"])
    db.execute("CREATE INDEX outbox_waiting ON outbox (due_at) WHERE status = 'waiting'")
    db.table("operators").create(
        {
            "id": str,
            "name": str,
            "role": str,
            "token_hash": str,
            "created_at": int,
            "removed": int,
            "online": int,
        },
        pk="id",
        not_null={"name", "role", "token_hash", "created_at", "removed", "online"},
    )
    db.table("scenarios").create(
        {"slug": str, "version": str, "text": str, "published_at": int, "live": int},
        pk=("slug", "version"),
        not_null={"text", "published_at", "live"},
    )
    db.table("files").create(
        {"id": str, "token": str, "stored_as": str, "at": int, "by": str, "message": str, "ref": str},
        pk="id",
        not_null={"token", "stored_as", "at", "by", "message", "ref"},
    )
    db.table("files").create_index(["token"], unique=True)
    db.execute("CREATE TABLE seen_ids (id TEXT PRIMARY KEY NOT NULL, made TEXT NOT NULL) WITHOUT ROWID")
    db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID")
    db.execute("INSERT INTO meta VALUES ('searchable_up_to', '0')")


@migrations(name="0006_rounds")
def _rounds(db: Database) -> None:
    db.execute("ALTER TABLE visitors ADD COLUMN told_at INT NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE visitors ADD COLUMN caught_up INT NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE visitors ADD COLUMN segments TEXT NOT NULL DEFAULT '[]'")
    db.execute(
        "CREATE TABLE segment_members (segment TEXT NOT NULL, visitor_id TEXT NOT NULL, "
        "PRIMARY KEY (segment, visitor_id)) WITHOUT ROWID"
    )
    # Written with each event of a visitor, changed hardly ever: the database notices a difference.
    fill = "INSERT INTO segment_members SELECT DISTINCT value, new.id FROM json_each(new.segments);"
    db.execute(
        "CREATE TRIGGER visitors_in_segments AFTER INSERT ON visitors WHEN new.segments <> '[]' "
        f"BEGIN {fill} END"
    )
    db.execute(
        "CREATE TRIGGER visitors_change_segments AFTER UPDATE OF segments ON visitors "
        "WHEN old.segments <> new.segments BEGIN DELETE FROM segment_members WHERE visitor_id = new.id "
        f"AND segment IN (SELECT value FROM json_each(old.segments)); {fill} END"
    )
    db.table("segments").create(
        {"slug": str, "version": str, "text": str, "published_at": int, "live": int},
        pk=("slug", "version"),
        not_null={"text", "published_at", "live"},
    )
    db.execute("CREATE TABLE desk_memory (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID")


@migrations(name="0007_outbox_of_a_visitor")
def _outbox_of_a_visitor(db: Database) -> None:
    # What one visitor was sent.
    db.execute("CREATE INDEX outbox_visitor ON outbox (visitor_id, at) WHERE visitor_id <> ''")


@migrations(name="0008_what_concerned_everybody")
def _what_concerned_everybody(db: Database) -> None:
    # Scenarios, operators and broadcasts by time, for whoever replays the past: a few among millions.
    db.execute("CREATE INDEX journal_house ON journal (kind) WHERE visitor_id = ''")


@migrations(name="0009_snoozed_dialogs")
def _snoozed_dialogs(db: Database) -> None:
    # Those that are not closed are few among all; the status tells the open ones from the snoozed ones.
    db.execute("DROP INDEX dialogs_open")
    db.execute(
        "CREATE INDEX dialogs_active ON dialogs (last_at, id, status, assignee) WHERE status <> 'closed'"
    )
    # For handing out dialogs. A dialog's row is written with each message, its status and assignee now and then.
    db.execute(
        "CREATE TABLE open_dialogs (operator TEXT PRIMARY KEY NOT NULL, open INT NOT NULL) WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO open_dialogs SELECT assignee, count(*) FROM dialogs "
        "WHERE status = 'open' AND assignee <> '' GROUP BY assignee"
    )
    one_more = "INSERT INTO open_dialogs VALUES (new.assignee, 1) ON CONFLICT (operator) DO UPDATE SET open = open + 1;"
    one_less = "UPDATE open_dialogs SET open = open - 1 WHERE operator = old.assignee;"
    for name, change, when, then in (
        ("assigned_new", "INSERT", "new.status = 'open' AND new.assignee <> ''", one_more),
        (
            "assigned",
            "UPDATE OF status, assignee",
            "new.status = 'open' AND new.assignee <> '' AND (old.status <> 'open' OR old.assignee <> new.assignee)",
            one_more,
        ),
        (
            "left",
            "UPDATE OF status, assignee",
            "old.status = 'open' AND old.assignee <> '' AND (new.status <> 'open' OR old.assignee <> new.assignee)",
            one_less,
        ),
        ("gone", "DELETE", "old.status = 'open' AND old.assignee <> ''", one_less),
    ):
        db.execute(f"CREATE TRIGGER dialogs_{name} AFTER {change} ON dialogs WHEN {when} BEGIN {then} END")


@migrations(name="0010_an_operators_day")
def _an_operators_day(db: Database) -> None:
    db.execute("ALTER TABLE operators ADD COLUMN away INT NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE visitors ADD COLUMN blocked INT NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE visitors ADD COLUMN details BLOB NOT NULL DEFAULT x''")
    db.execute("CREATE TABLE presets (id TEXT PRIMARY KEY NOT NULL, preset TEXT NOT NULL) WITHOUT ROWID")
    db.execute(
        "CREATE TABLE alarms (id TEXT PRIMARY KEY NOT NULL, dialog_id TEXT NOT NULL, due_at INT NOT NULL, "
        "message TEXT NOT NULL) WITHOUT ROWID"
    )
    # What of a dialog waits to be sent.
    db.execute("CREATE INDEX alarms_dialog ON alarms (dialog_id)")
    db.execute(
        "CREATE TABLE visitor_notes (id TEXT PRIMARY KEY NOT NULL, visitor_id TEXT NOT NULL, at INT NOT NULL, "
        "removed INT NOT NULL, note TEXT NOT NULL) WITHOUT ROWID"
    )
    # His card.
    db.execute("CREATE INDEX visitor_notes_visitor ON visitor_notes (visitor_id, at)")
    # The feed of a visitor knows more kinds of entries.
    db.execute("DROP INDEX journal_visitor_feed")
    db.execute(
        f"CREATE INDEX journal_visitor_feed ON journal (visitor_id) WHERE visitor_id <> '' AND {FEED_KINDS}"
    )


@migrations(name="0011_finding")
def _finding(db: Database) -> None:
    # Visitors by the time when they were here last, to ten minutes: changed now and then, not with each event. Those
    # who became another are none.
    db.execute("CREATE TABLE lately (id TEXT PRIMARY KEY NOT NULL, slot INT NOT NULL) WITHOUT ROWID")
    db.execute("INSERT INTO lately SELECT id, last_at / 600000 FROM visitors WHERE merged_into = ''")
    db.execute("CREATE INDEX lately_slot ON lately (slot)")
    fill = (
        "INSERT INTO lately VALUES (new.id, new.last_at / 600000) "
        "ON CONFLICT (id) DO UPDATE SET slot = excluded.slot;"
    )
    db.execute(
        "CREATE TRIGGER visitors_lately_new AFTER INSERT ON visitors WHEN new.merged_into = '' "
        f"BEGIN {fill} END"
    )
    db.execute(
        "CREATE TRIGGER visitors_lately_set AFTER UPDATE OF last_at, merged_into ON visitors "
        "WHEN new.merged_into = '' AND (new.last_at / 600000 <> old.last_at / 600000 OR old.merged_into <> '') "
        f"BEGIN {fill} END"
    )
    db.execute(
        "CREATE TRIGGER visitors_lately_merged AFTER UPDATE OF merged_into ON visitors "
        "WHEN new.merged_into <> '' AND old.merged_into = '' BEGIN DELETE FROM lately WHERE id = new.id; END"
    )
    db.execute("CREATE INDEX visitors_blocked ON visitors (blocked) WHERE blocked = 1")
    # The words of messages, newest first, for whoever types: the last word is half of one. With an index of beginnings
    # that is one list as well, and only as much of it is read as is shown.
    db.execute("DROP TABLE messages_search")
    db.execute(
        "CREATE VIRTUAL TABLE messages_search USING fts5 (text, content='messages', content_rowid='seq', "
        "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    )
    db.execute("UPDATE meta SET value = '0' WHERE key = 'searchable_up_to'")
    # What was edited or erased after it had been made searchable.
    is_searchable = "old.seq <= (SELECT CAST(value AS INT) FROM meta WHERE key = 'searchable_up_to')"
    out = "INSERT INTO messages_search (messages_search, rowid, text) VALUES ('delete', old.seq, old.text);"
    back = "INSERT INTO messages_search (rowid, text) VALUES (new.seq, new.text);"
    db.execute(
        "CREATE TRIGGER messages_reworded AFTER UPDATE OF text ON messages "
        f"WHEN old.text <> new.text AND {is_searchable} BEGIN {out} {back} END"
    )
    db.execute(f"CREATE TRIGGER messages_gone AFTER DELETE ON messages WHEN {is_searchable} BEGIN {out} END")


@migrations(name="0012_erasing")
def _erasing(db: Database) -> None:
    # A dialog's messages, whoever wrote them: for merging and erasing, and for what an operator has not seen yet.
    db.execute("DROP INDEX messages_unread")
    db.execute("CREATE INDEX messages_dialog ON messages (dialog_id, author)")
    db.execute("CREATE INDEX files_message ON files (message) WHERE message <> ''")
    for table in ("wakes", "known", "lately"):
        db.execute(
            f"CREATE TRIGGER visitors_erased_{table} AFTER DELETE ON visitors "
            f"BEGIN DELETE FROM {table} WHERE id = old.id; END"
        )
    db.execute(
        "CREATE TRIGGER visitors_erased_segments AFTER DELETE ON visitors BEGIN DELETE FROM segment_members "
        "WHERE visitor_id = old.id AND segment IN (SELECT value FROM json_each(old.segments)); END"
    )


@migrations(name="0013_published_texts")
def _published_texts(db: Database) -> None:
    published_texts.make(db)


@migrations(name="0014_figures")
def _figures(db: Database) -> None:
    # Filled by the desk when it starts: counting needs the shop's time zone.
    sqlite_figures.make(db)
