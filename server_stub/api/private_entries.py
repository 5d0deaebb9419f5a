"""Entries that one operator alone may read: of his own presets. Others get their numbers, with nothing behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from server_stub.protocol import Entry, Erased, PresetChanged

_encode = msgspec.json.Encoder().encode


def owner_of(entry: Entry) -> str:
    """The operator who alone may read it; empty: everybody may."""
    return entry.what.preset.owner if isinstance(entry.what, PresetChanged) else ""


def readable_by(operator: str, entry: Entry) -> Entry:
    """The entry as this operator gets it."""
    if owner_of(entry) in ("", operator):
        return entry
    return Entry(entry.seq, entry.at, Erased())


class Readable:
    """A commit as one operator gets it: the same numbers, as JSON."""

    __slots__ = ("encoded", "entries")

    def __init__(self, operator: str, entries: Sequence[Entry], encoded: Sequence[bytes]) -> None:
        self.entries = [readable_by(operator, entry) for entry in entries]
        self.encoded = [
            body if seen is entry else _encode(seen)
            for seen, entry, body in zip(self.entries, entries, encoded, strict=True)
        ]


def any_private(entries: Iterable[Entry]) -> bool:
    return any(owner_of(entry) for entry in entries)
