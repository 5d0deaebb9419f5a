"""A visitor's state in rows that people read: only what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from scenarios_yaml.engine.state import Run, VisitorState
from scenarios_yaml.engine.values import text_of

_WAITS = {
    "wait": "waits",
    "answer": "waits for an answer",
    "input": "waits for an answer",
    "popup": "waits for the pop-up",
    "event": "waits for an event",
    "reply": "waits for a reply",
    "turn": "waits for its turn",
}


def state_rows(state: VisitorState, shown: Callable[[int], str]) -> tuple[tuple[str, str], ...]:
    """Names and values; `shown` writes a moment (ms) in the project's time."""
    return tuple((name, value) for name, value in _rows(state, shown) if value)


def _rows(state: VisitorState, shown: Callable[[int], str]) -> Iterator[tuple[str, str]]:
    yield "visitor", state.id
    for name, value in sorted(state.properties.items()):
        yield name, _text(value)
    yield "tags", ", ".join(state.tags)
    yield "lists", ", ".join(state.lists)
    yield "has left", ", ".join(state.unsubscribed)
    yield "segments", ", ".join(state.segments)
    yield "visits", str(state.visits or "")
    yield "last visit", shown(state.last_visit) if state.last_visit else ""
    yield "page", state.page.path
    items = ", ".join(
        f"{item.name or item.product_id} × {text_of(item.quantity)}" for item in state.cart.items
    )
    yield "cart", f"{text_of(state.cart.total)} ({items})" if items else ""
    yield "last order", f"{state.order.id} {text_of(state.order.total)}".strip() if state.orders else ""
    dialog = state.dialog
    yield "dialog", f"held by {dialog.assignee or dialog.holder}" if dialog.id else ""
    for run in state.runs:
        yield f"run of {run.scenario}", _run(run, shown)
        for name, value in run.values.items():
            yield f"  run.{name}", _text(value)


def _run(run: Run, shown: Callable[[int], str]) -> str:
    if run.waiting is None:
        return "on its way"
    until = f" until {shown(run.waiting.due_at)}" if run.waiting.due_at else ""
    return f"{_WAITS[run.waiting.kind]} at {run.waiting.step}{until}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_of(value) or msgspec.json.encode(value).decode()
