"""What becomes of each value in the tables, and back."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import astuple

from server_stub.ids import shard_of
from server_stub.protocol import DialogSummary, Entry, Message, Preset
from server_stub.store.base import (
    AlarmRow,
    Batch,
    FileRow,
    IdentityRow,
    OperatorRow,
    OutboxRow,
    ScenarioRow,
    SegmentRow,
    TextRow,
    VisitorNoteRow,
    VisitorRow,
)
from server_stub.store.bulk import Upsert
from server_stub.store.codec import encode, kind_of

JOURNAL = Upsert("journal", ("seq", "at", "shard", "kind", "visitor_id", "dialog_id", "body"))
VISITORS = Upsert.replacing(
    "visitors",
    ("id",),
    (
        "shard",
        "wake_at",
        "name",
        "email",
        "phone",
        "user_id",
        "last_at",
        "merged_into",
        "search",
        "popup",
        "state",
        "told_at",
        "caught_up",
        "segments",
        "blocked",
        "details",
    ),
)
IDENTITIES = Upsert.replacing("identities", ("kind", "value"), ("visitor_id",))
DIALOGS = Upsert.replacing(
    "dialogs",
    ("id",),
    ("status", "assignee", "last_at", "tags", "summary"),
    fixed=("visitor_id", "opened_at"),  # a merge moves dialogs by a statement of its own
)
MESSAGES = Upsert.replacing(
    "messages", ("seq",), ("id", "dialog_id", "visitor_id", "author", "note", "text", "body")
)
OUTBOX = Upsert.replacing(
    "outbox", ("id",), ("shard", "channel", "status", "visitor_id", "at", "due_at", "item")
)
OPERATORS = Upsert.replacing(
    "operators", ("id",), ("name", "role", "token_hash", "created_at", "removed", "online", "away")
)
SCENARIOS = Upsert.replacing("scenarios", ("slug", "version"), ("text", "published_at", "live"))
SEGMENTS = Upsert.replacing("segments", ("slug", "version"), ("text", "published_at", "live"))
TEXTS = Upsert(
    "published_texts", ("kind", "slug", "seq", "base", "version", "status", "at", "by", "why", "text")
)
MEMORY = Upsert.replacing("desk_memory", ("name",), ("value",))
FILES = Upsert.replacing("files", ("id",), ("token", "stored_as", "at", "by", "message", "ref"))
PRESETS = Upsert.replacing("presets", ("id",), ("preset",))
ALARMS = Upsert.replacing("alarms", ("id",), ("dialog_id", "due_at", "message"))
VISITOR_NOTES = Upsert.replacing("visitor_notes", ("id",), ("visitor_id", "at", "removed", "note"))
SEEN_IDS = Upsert.replacing("seen_ids", ("id",), ("made",))


def encoded_entries(batch: Batch) -> list[bytes]:
    return batch.encoded or [encode(entry) for entry in batch.entries]


def journal_row(entry: Entry, encoded: bytes) -> tuple[Any, ...]:
    shard = shard_of(entry.visitor) if entry.visitor else 0
    return (entry.seq, entry.at, shard, kind_of(entry), entry.visitor, entry.dialog, encoded.decode())


def visitor_row(row: VisitorRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.shard,
        row.wake_at,
        row.name,
        row.email,
        row.phone,
        row.user_id,
        row.last_at,
        row.merged_into,
        searched_of(row),
        row.popup,
        row.state,
        row.told_at,
        row.caught_up,
        encode(row.segments).decode(),
        int(row.blocked),
        row.details,
    )


def identity_row(row: IdentityRow) -> tuple[Any, ...]:
    return (row.kind, row.value, row.visitor)


def dialog_row(dialog: DialogSummary) -> tuple[Any, ...]:
    return (
        dialog.id,
        dialog.visitor,
        dialog.opened_at,
        dialog.status,
        dialog.assignee,
        dialog.last_at,
        encode(dialog.tags).decode(),
        encode(dialog).decode(),
    )


def message_row(message: Message) -> tuple[Any, ...]:
    return (
        message.seq,
        message.id,
        message.dialog,
        message.visitor,
        message.author.kind,
        int(message.note),
        message.text,
        encode(message).decode(),
    )


def outbox_row(row: OutboxRow) -> tuple[Any, ...]:
    item = row.item
    return (
        item.id,
        row.shard,
        item.channel,
        item.status,
        item.visitor,
        item.at,
        row.due_at,
        encode(item).decode(),
    )


def operator_row(row: OperatorRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.name,
        row.role,
        row.token_hash,
        row.created_at,
        int(row.removed),
        int(row.online),
        int(row.away),
    )


def scenario_row(row: ScenarioRow) -> tuple[Any, ...]:
    return (row.slug, row.version, row.text, row.published_at, int(row.live))


def segment_row(row: SegmentRow) -> tuple[Any, ...]:
    return (row.slug, row.version, row.text, row.published_at, int(row.live))


def text_row(row: TextRow) -> tuple[Any, ...]:
    return astuple(row)


def file_row(row: FileRow) -> tuple[Any, ...]:
    return (row.ref.id, row.token, row.stored_as, row.at, row.by, row.message, encode(row.ref).decode())


def preset_row(preset: Preset) -> tuple[Any, ...]:
    return (preset.id, encode(preset).decode())


def alarm_row(row: AlarmRow) -> tuple[Any, ...]:
    return (row.id, row.dialog, row.due_at, encode(row.message).decode() if row.message else "")


def visitor_note_row(row: VisitorNoteRow) -> tuple[Any, ...]:
    note = row.note
    return (note.id, row.visitor, note.at, int(row.removed), encode(note).decode())


def searched_of(row: VisitorRow) -> str:
    """By what a visitor is found: name, email, phone as it is written and its digits, user id. One who became another
    is not found by his own."""
    # Most visitors are nameless: nothing to fold, and nothing to take digits from.
    if row.merged_into or not (row.name or row.email or row.phone or row.user_id):
        return ""
    texts = (row.name, row.email, row.phone, re.sub(r"\D", "", row.phone), row.user_id)
    return "\n".join(text.casefold() for text in texts if text)


def search_words(query: str) -> list[str]:
    """The words of any text, in the form in which they are compared; whatever a query language might take as its own
    (quotes, operators, stars) is gone."""
    return re.findall(r"\w+", query.replace("\x00", " ").casefold())[:16]
