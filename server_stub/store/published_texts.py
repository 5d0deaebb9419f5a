"""The table of every text that was ever published, filled from what the journal tells of those before it was there."""

from __future__ import annotations

from typing import Any

from msgspec import json
from sqlite_utils import Database

from server_stub.ids import base_of


def make(db: Database) -> None:
    """The versions of a scenario or segment are read newest first; one text by its base is looked for among them."""
    db.execute(
        "CREATE TABLE published_texts (kind TEXT NOT NULL, slug TEXT NOT NULL, seq INT NOT NULL, base TEXT NOT NULL, "
        'version TEXT NOT NULL, status TEXT NOT NULL, at INT NOT NULL, "by" TEXT NOT NULL, why TEXT NOT NULL, '
        "text TEXT NOT NULL, PRIMARY KEY (kind, slug, seq))"
    )
    for kind, table in (("scenario", "scenarios"), ("segment", "segments")):
        _fill(db, kind, table)


def _fill(db: Database, kind: str, table: str) -> None:
    """Until now one text was kept for each version: publications that changed no version are not told apart."""
    texts = {
        (slug, version): text for slug, version, text in _rows(db, f"SELECT slug, version, text FROM {table}")
    }
    last: dict[str, tuple[str, str]] = {}
    told = _rows(
        db, "SELECT seq, at, body FROM journal WHERE kind = ? AND visitor_id = '' ORDER BY seq", kind
    )
    for seq, at, body in told:
        what = json.decode(body)["what"]
        slug, version = what["slug"], what.get("version", "")
        removed = what.get("removed", False) or what.get("status") == "removed"
        status = "removed" if removed else what.get("status", "")
        text = "" if removed else texts.get((slug, version), "")
        if last.get(slug) == (version, status) or not (text or removed):
            continue
        last[slug] = (version, status)
        base = base_of(text) if text else ""
        db.execute(
            "INSERT INTO published_texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
            (kind, slug, seq, base, version, status, at, what.get("by", ""), text),
        )


def _rows(db: Database, sql: str, *values: str) -> list[tuple[Any, ...]]:
    return list(db.execute(sql, values).fetchall())
