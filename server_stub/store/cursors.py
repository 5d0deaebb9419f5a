"""Where a page of a list ended: a moment and an id, as text for whoever asks for the next page."""

from __future__ import annotations

END = 2**62
"""Behind every moment and every seq."""


def make_cursor(last_at: int, last_id: str) -> str:
    return f"{last_at}_{last_id}"


def read_cursor(cursor: str) -> tuple[int, str]:
    """Where a page begins. Raises ValueError where it was not made by `make_cursor`."""
    if not cursor:
        return END, ""
    moment, _, row = cursor.partition("_")
    if not (moment.isascii() and moment.isdigit() and row and len(moment) < 19):
        raise ValueError("cursor: not one that a page ended with")
    return int(moment), row
