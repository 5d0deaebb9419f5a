"""Which of the ids that count once tell of a person: they go when he is erased."""

from __future__ import annotations

from collections.abc import Iterable

EVENT = "e:"
"""An event, by its messageId."""
FRAME = "w:"
"""A frame of the widget, by the visitor's anonymous id and its own."""


def of_events(message_ids: Iterable[str]) -> set[str]:
    return {EVENT + message_id for message_id in message_ids if message_id}


def of_browser(anonymous_id: str) -> tuple[str, str]:
    """(first, end): the keys of a browser are those with `first <= key < end`."""
    return f"{FRAME}{anonymous_id}:", f"{FRAME}{anonymous_id};"
