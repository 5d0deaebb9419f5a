"""Who of the visitors that are here fits a search: the few whose page is open, looked through one by one.

The store finds among all who ever came; who is here now is the sockets' to know, and never so many that an index pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from server_stub.store.base import VisitorRow
from server_stub.store.rows import search_words, searched


def matching(rows: Iterable[VisitorRow], query: str, segment: str, *, blocked: bool) -> list[VisitorRow]:
    """Who was here last comes first. `blocked`: only those who are."""
    words = search_words(query)
    found = [
        row
        for row in rows
        if not row.merged_into
        and (not segment or segment in row.segments)
        and (not blocked or row.blocked)
        and (not words or _holds(row, words))
    ]
    return sorted(found, key=_place)


def page_of(rows: list[VisitorRow], cursor: str, limit: int) -> tuple[list[VisitorRow], str]:
    """The next `limit` of sorted rows behind the cursor, and the cursor behind them, empty at the end.

    Raises ValueError for a cursor that is none.
    """
    if cursor:
        last_at, _, visitor = cursor.partition(".")
        if not last_at.isdecimal() or not visitor:
            raise ValueError("cursor: not one that a page ended with")
        behind = (-int(last_at), visitor)
        rows = [row for row in rows if _place(row) > behind]
    page = rows[:limit]
    return page, f"{page[-1].last_at}.{page[-1].id}" if len(rows) > limit else ""


def _place(row: VisitorRow) -> tuple[int, str]:
    return (-row.last_at, row.id)


def _holds(row: VisitorRow, words: list[str]) -> bool:
    text = searched(row.name, row.email, row.phone, re.sub(r"\D", "", row.phone), row.user_id)
    return all(word in text for word in words)
