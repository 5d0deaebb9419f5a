"""From the rows of a CSV or JSONL file to Segment messages. A row is taken whole, or not at all; then it says why."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from operator_console.commands.import_columns import Columns
from operator_console.commands.import_values import Order, iso_of, moment_of, value_of
from operator_console.commands.talk import CommandError
from server_stub.api.segment import read_call
from server_stub.work import Rejected

_TYPES = ("track", "page", "screen", "identify", "group", "alias")
_SAMPLE = 64_000
"""Characters from which the delimiter is guessed, and rows of JSON from which the columns are found."""
_FAR = 2**52
"""No moment is later: what is checked here is not yet received."""


class Row(Struct, frozen=True):
    """One row: `line` is the line of the file on which it begins."""

    line: int
    cells: dict[str, Any]
    fault: str = ""
    """Why it cannot be read at all."""


class Bad(Struct, frozen=True):
    """A row that is not taken: `column` as it is called in the file, empty where the whole row is meant."""

    line: int
    column: str
    text: str


class Good(Struct, frozen=True):
    """A row's message, or with a new address or name of the visitor two, and its moment (ms)."""

    at: int
    messages: tuple[bytes, ...]


class Rows:
    """The rows of a file, once or again. Raises `CommandError` where it is neither CSV nor JSONL, or holds nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_json = path.suffix.casefold() in (".jsonl", ".ndjson", ".json")
        with self._open() as file:
            sample = file.read(_SAMPLE)
        if not sample.strip():
            raise CommandError(f"{path} is empty.")
        self._dialect = None if self.is_json else _dialect(sample)
        self.header = self._header()

    def __iter__(self) -> Iterator[Row]:
        with self._open() as file:
            yield from self._json(file) if self.is_json else self._csv(file)

    def _open(self) -> TextIO:
        return self.path.open(encoding="utf-8-sig", errors="replace", newline="")

    def _header(self) -> list[str]:
        if not self.is_json:
            with self._open() as file:
                return [name.strip() for name in next(csv.reader(file, self._dialect or "excel"), [])]
        names: dict[str, None] = {}
        for number, row in enumerate(self):
            names |= dict.fromkeys(row.cells)
            if number >= 200:
                break
        return list(names)

    def _json(self, file: TextIO) -> Iterator[Row]:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                cells = msgspec.json.decode(line)
            except msgspec.DecodeError as error:
                yield Row(number, {}, f"this is no JSON: {error}")
                continue
            yield Row(number, cells) if isinstance(cells, dict) else Row(number, {}, "this is no JSON object")

    def _csv(self, file: TextIO) -> Iterator[Row]:
        reader = csv.reader(file, self._dialect or "excel")
        next(reader, None)
        begins = reader.line_num + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(begins, {}, str(error))
                begins = reader.line_num + 1
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(begins, cells)
            begins = reader.line_num + 1

    def _row(self, line: int, cells: list[str]) -> Row:
        if len(cells) > len(self.header):
            return Row(line, {}, f"it has {len(cells)} cells, the heading {len(self.header)}")
        return Row(line, {name: cell.strip() for name, cell in zip(self.header, cells, strict=False)})


def _dialect(sample: str) -> type[csv.Dialect]:
    """By the heading alone: text in quotes deeper down may hold anything."""
    heading = sample.partition("\n")[0]
    delimiter = max(",;\t|", key=heading.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    return Found


class Reader:
    """Makes messages of rows. The same row is the same message, whenever it is read: its id comes from its content."""

    def __init__(self, columns: Columns, zone: ZoneInfo, order: Order, *, is_json: bool) -> None:
        self._columns = columns
        self._zone = zone
        self._order = order
        self._is_json = is_json
        self._emails: dict[str, tuple[str, str]] = {}
        """By visitor, the email and name that were told last."""

    def read(self, row: Row) -> Good | Bad:
        if row.fault:
            return Bad(row.line, "", row.fault)
        try:
            return self._read(row)
        except _NotTakenError as error:
            return Bad(row.line, self._columns.column(error.meaning) or error.meaning, error.text)

    def _read(self, row: Row) -> Good:
        at = self._moment(row)
        visitor, anonymous = self._text(row, "visitor"), self._text(row, "anonymous")
        email, name = self._text(row, "email"), self._text(row, "name")
        if not visitor and not anonymous:
            visitor = email
        if not visitor and not anonymous:
            raise _NotTakenError("visitor", "nobody is named")
        who = {key: value for key, value in (("userId", visitor), ("anonymousId", anonymous)) if value}
        message = self._message(row, who, at)
        messages = [_encoded(message, at, self._text(row, "id"))]
        known = self._emails.get(visitor or anonymous, ("", ""))
        traits = {
            key: value
            for key, value, before in (("email", email, known[0]), ("name", name, known[1]))
            if value and value != before
        }
        if traits:
            self._emails[visitor or anonymous] = (email or known[0], name or known[1])
            messages.insert(0, _encoded({"type": "identify", **who, "traits": traits}, at, ""))
        return Good(at, tuple(messages))

    def _moment(self, row: Row) -> int:
        try:
            return moment_of(row.cells.get(self._columns.column("at")), self._zone, self._order)
        except ValueError as error:
            raise _NotTakenError("at", str(error)) from error

    def _message(self, row: Row, who: dict[str, Any], at: int) -> dict[str, Any]:
        kind, event = self._text(row, "type"), self._text(row, "event")
        if kind not in _TYPES:
            event, kind = event or kind, "track"
        message: dict[str, Any] = {"type": kind, **who, "timestamp": iso_of(at)}
        if kind == "track":
            if not event:
                raise _NotTakenError("event", "it is empty")
            message["event"] = event
        properties = {**self._object(row, "properties"), **self._properties(row)}
        if kind == "identify":
            message["traits"] = {**self._object(row, "traits"), **properties}
        elif properties:
            message["properties"] = properties
        context = self._object(row, "context")
        if context:
            message["context"] = context
        if kind in ("group", "alias"):
            message |= {name: row.cells[name] for name in ("groupId", "previousId") if row.cells.get(name)}
        return message

    def _properties(self, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, column in self._columns.properties.items():
            value = row.cells.get(column)
            if value is None or value == "":
                continue
            found[name] = value_of(name, value) if isinstance(value, str) and not self._is_json else value
        return found

    def _object(self, row: Row, meaning: str) -> dict[str, Any]:
        value = row.cells.get(self._columns.column(meaning))
        if isinstance(value, str) and value:
            try:
                value = msgspec.json.decode(value)
            except msgspec.DecodeError as error:
                raise _NotTakenError(meaning, f"this is no JSON: {error}") from error
        if value is None or value == "":
            return {}
        if not isinstance(value, dict):
            raise _NotTakenError(meaning, "this is no JSON object")
        return value

    def _text(self, row: Row, meaning: str) -> str:
        value = row.cells.get(self._columns.column(meaning))
        if value is None:
            return ""
        if isinstance(value, dict | list):
            raise _NotTakenError(meaning, "this is a list or an object, not a text")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()


class _NotTakenError(Exception):
    def __init__(self, meaning: str, text: str) -> None:
        super().__init__(text)
        self.meaning = meaning
        self.text = text


_encode = msgspec.json.Encoder(order="deterministic").encode
_FIELDS = {
    "event": "event",
    "userId": "visitor",
    "anonymousId": "anonymous",
    "messageId": "id",
    "timestamp": "at",
}


def _encoded(message: dict[str, Any], at: int, message_id: str) -> bytes:
    """The message as the server will take it. Raises `_NotTakenError` where it would not."""
    if "timestamp" not in message:
        message = {**message, "timestamp": iso_of(at)}
    if not message_id:
        message_id = f"import-{hashlib.blake2b(_encode(message), digest_size=16).hexdigest()}"
    body = _encode({**message, "messageId": message_id})
    try:
        read_call(str(message["type"]), body, _FAR)
    except Rejected as error:
        place = _FIELDS.get(error.field, error.field)
        raise _NotTakenError(place, error.detail) from error
    return body
