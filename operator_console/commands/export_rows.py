"""What an export says of a visitor and of a dialog: the columns of a table, and the same with everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from server_stub.desk.cards import device_of_state
from server_stub.desk.people import person_of
from server_stub.desk.persons.details import place_of
from server_stub.protocol import DialogSummary, Message, MessageSent
from server_stub.store.base import VisitorRow
from server_stub.store.sqlite_readings import SqliteReadings

Row = dict[str, Any]

VISITOR_COLUMNS = (
    "id", "name", "email", "phone", "user_id", "tags", "segments", "lists", "unsubscribed", "blocked",
    "first_visit", "last_visit", "visits", "orders", "revenue", "currency", "channel", "utm", "referrer",
    "place", "device", "properties",
)  # fmt: skip
DIALOG_COLUMNS = (
    "id", "visitor", "visitor_name", "email", "status", "holder", "assignee", "channel", "tags", "priority",
    "opened_at", "last_at", "waiting_since", "rating", "messages", "last_author", "last_text",
)  # fmt: skip
_OWN_COLUMNS = ("name", "email", "phone", "currency", "device", "browser", "os")
"""Properties that stand in columns of their own."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FEED = 1000
"""Entries of a feed that are read at a time."""


def visitor_row(row: VisitorRow) -> Row:
    """One visitor, by the names of VISITOR_COLUMNS."""
    person = person_of(row)
    state = person.state
    touch = state.first_touch
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "user_id": row.user_id,
        "tags": state.tags,
        "segments": state.segments,
        "lists": state.lists,
        "unsubscribed": state.unsubscribed,
        "blocked": state.blocked,
        "first_visit": iso_of(state.first_visit),
        "last_visit": iso_of(state.last_visit),
        "visits": state.visits,
        "orders": state.orders,
        "revenue": state.revenue,
        "currency": state.properties.get("currency") or state.order.currency or state.cart.currency,
        "channel": touch.channel if touch.at else "",
        "utm": touch.utm,
        "referrer": touch.referrer,
        "place": place_of(state, person.details),
        "device": device_of_state(state),
        "properties": {name: value for name, value in state.properties.items() if name not in _OWN_COLUMNS},
    }


def dialog_rows(store: SqliteReadings, row: VisitorRow, operators: Mapping[str, str]) -> Iterator[Row]:
    """The dialogs of a visitor, the newest first. `operators` are their names by id. Raises StoreError."""
    ids = store.visitor_dialogs(row.id)
    summaries = store.dialogs(ids)
    for dialog in ids:
        if dialog in summaries:
            yield _dialog_row(store, summaries[dialog], row.email, operators)


def _dialog_row(
    store: SqliteReadings, dialog: DialogSummary, email: str, operators: Mapping[str, str]
) -> Row:
    messages = [_said(message) for message in _messages(store, dialog.id)]
    return {
        "id": dialog.id,
        "visitor": dialog.visitor,
        "visitor_name": dialog.visitor_name,
        "email": email,
        "status": dialog.status,
        "holder": dialog.holder,
        "assignee": operators.get(dialog.assignee, dialog.assignee),
        "channel": dialog.channel,
        "tags": dialog.tags,
        "priority": dialog.priority,
        "opened_at": iso_of(dialog.opened_at),
        "last_at": iso_of(dialog.last_at),
        "waiting_since": iso_of(dialog.waiting_since),
        "rating": dialog.rating or None,
        "messages": messages,
        "last_author": dialog.last_author,
        "last_text": dialog.last_text,
    }


def _messages(store: SqliteReadings, dialog: str) -> list[Message]:
    found: list[Message] = []
    before = 0
    while True:
        page = store.feed(dialog=dialog, before=before, limit=_FEED)
        found[:0] = [entry.what.message for entry in page if isinstance(entry.what, MessageSent)]
        if len(page) < _FEED:
            return found
        before = page[0].seq


def _said(message: Message) -> Row:
    chosen = next((option.label for option in message.options if option.id == message.chosen), "")
    said = {
        "at": iso_of(message.at),
        "author": message.author.kind,
        "name": message.author.name,
        "text": message.text,
        "note": message.note,
        "chosen": chosen,
        "files": [file.name for file in message.files],
        "deleted": message.deleted,
    }
    return {name: value for name, value in said.items() if value or name == "text"}


def iso_of(moment: int) -> str:
    """A moment (ms) in UTC, as every program reads it; empty for 0."""
    if not moment:
        return ""
    return datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- As text -----------------------------------------------------------------------------------------


def json_line(row: Row) -> str:
    """A row on one line; what is empty is left out."""
    kept = {name: value for name, value in row.items() if value not in ("", None, [], {}, ())}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), default=str)


def cells(row: Row, columns: Iterable[str]) -> list[Any]:
    """A row as the cells of a table."""
    return [_cell(row[name]) for name in columns]


def _cell(value: Any) -> Any:
    make = _CELLS.get(type(value), str)
    cell = make(value)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _listed(values: Iterable[Any]) -> Any:
    """Texts beside each other; of messages, how many there are."""
    values = list(values)
    return len(values) if any(isinstance(value, dict) for value in values) else "; ".join(map(str, values))


_CELLS: dict[type, Callable[[Any], Any]] = {
    str: lambda text: text,
    int: lambda number: number,
    float: lambda number: number,
    bool: lambda is_so: "yes" if is_so else "",
    type(None): lambda _: "",
    list: _listed,
    tuple: _listed,
    dict: lambda value: json.dumps(value, ensure_ascii=False, default=str) if value else "",
}
