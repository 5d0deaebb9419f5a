"""SQLite's errors in words that help whoever runs the server."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from server_stub.store.base import StoreError

_ADVICE = {
    "SQLITE_FULL": "the disk is full. Nothing was half-written; free some space and go on",
    "SQLITE_BUSY": "another program holds the database locked. Close tools that have it open",
    "SQLITE_READONLY": "the file or its folder cannot be written to. Check who owns them",
    "SQLITE_CANTOPEN": "the file cannot be opened. Check the folder and who owns it",
    "SQLITE_NOTADB": "the file is not a database of this program",
    "SQLITE_CORRUPT": "the file is damaged. Restore it from a backup",
    "SQLITE_IOERR": "the disk does not answer as it should",
}


def as_store_error(error: sqlite3.Error, path: Path) -> StoreError:
    name = getattr(error, "sqlite_errorname", "")
    for known, advice in _ADVICE.items():
        if name.startswith(known):
            return StoreError(f"{path}: {advice} ({error}).")
    return StoreError(f"{path}: the database answered: {error}.")
