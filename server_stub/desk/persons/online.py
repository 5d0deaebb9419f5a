"""Who of the visitors that are here fits a search: the few whose page is open, looked through one by one.

The store finds among all who ever came; who is here now is the sockets' to know, and never so many that an index pays.
"""

from __future__ import annotations

from collections.abc import Iterable

from server_stub.store.base import VisitorRow
from server_stub.store.cursors import make_cursor, read_cursor
from server_stub.store.rows import search_words, searched_of


def matching(rows: Iterable[VisitorRow], query: str, segment: str, *, blocked: bool) -> list[VisitorRow]:
    """Who was here last comes first, as in the store's list. `blocked`: only those who are."""
    words = search_words(query)
    found = [
        row
        for row in rows
        if not row.merged_into
        and (not segment or segment in row.segments)
        and (not blocked or row.blocked)
        and (bool(words) or not query.strip())
        and all(word in searched_of(row) for word in words)
    ]
    return sorted(found, key=_place, reverse=True)


def page_of(rows: list[VisitorRow], cursor: str, limit: int) -> tuple[list[VisitorRow], str]:
    """The next `limit` of sorted rows behind the cursor, and the cursor behind them, empty at the end.

    Raises ValueError for a cursor that is none.
    """
    begin = read_cursor(cursor)
    rows = [row for row in rows if _place(row) < begin]
    page = rows[:limit]
    return page, make_cursor(page[-1].last_at, page[-1].id) if len(rows) > limit else ""


def _place(row: VisitorRow) -> tuple[int, str]:
    return (row.last_at, row.id)
