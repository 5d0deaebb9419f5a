"""Foreign values made harmless: bounded in number, size and depth, and the same after a trip through JSON."""

from __future__ import annotations

import math
from typing import Any

STRING_CHARS = 1_000
"""The longest string that is taken of one property, in characters."""
NAME_CHARS = 200
EVENT_VALUES, EVENT_CHARS = 2_000, 32_000
"""How much is taken in of one event: values in all, nested ones included, and characters."""
KEPT_VALUES, KEPT_CHARS = 60, 3_000
"""How much is remembered of the last event of a name, and of one property."""
TRIGGER_VALUES, TRIGGER_CHARS = 400, 8_000
"""How much a run remembers of the event that started it."""
DEPTH_LIMIT = 5


def clean_text(text: str, limit: int = STRING_CHARS) -> str:
    """The text cut to `limit` characters, without lone surrogates (which no JSON can carry)."""
    if len(text) > limit:
        text = text[:limit]
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def clean_properties(properties: Any, values: int = EVENT_VALUES, chars: int = EVENT_CHARS) -> dict[str, Any]:
    """Foreign properties as a dict of JSON values. What is too much is left out; no mapping means empty."""
    if not isinstance(properties, dict):
        return {}
    return _mapping(properties, _Budget(values, chars), 0)


def slim(properties: dict[str, Any], values: int = KEPT_VALUES, chars: int = KEPT_CHARS) -> dict[str, Any]:
    """Clean properties, cut down to what is remembered; the same object where they are small already."""
    if len(properties) <= values:
        left = chars
        for value in properties.values():
            kind = type(value)
            if kind is str:
                left -= len(value)
            elif kind is dict or kind is list:
                left = -1
        if left >= 0:
            return properties
    return clean_properties(properties, values, chars)


def clean_value(value: Any) -> Any:
    """One foreign value as a JSON value, as small as one property may be."""
    return _clean(value, _Budget(KEPT_VALUES, KEPT_CHARS), 0)


class _Budget:
    __slots__ = ("chars", "values")

    def __init__(self, values: int, chars: int) -> None:
        self.values = values
        self.chars = chars

    def text(self, text: str) -> str:
        kept = clean_text(text, min(STRING_CHARS, self.chars))
        self.chars -= len(kept)
        return kept


def _mapping(value: dict[Any, Any], budget: _Budget, depth: int) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, item in value.items():
        if budget.values <= 0:
            break
        budget.values -= 1
        name = key if type(key) is str else str(key)
        if len(name) > NAME_CHARS or not name.isascii():
            name = clean_text(name, NAME_CHARS)
        kind = type(item)
        if kind is str:
            if len(item) <= STRING_CHARS and len(item) <= budget.chars and item.isascii():
                budget.chars -= len(item)
                kept[name] = item
            else:
                kept[name] = budget.text(item)
        elif kind is bool or item is None:
            kept[name] = item
        else:
            kept[name] = _clean(item, budget, depth + 1)
    return kept


def _clean(value: Any, budget: _Budget, depth: int) -> Any:
    if isinstance(value, str):
        return budget.text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= DEPTH_LIMIT:
        return None
    if isinstance(value, dict):
        return _mapping(value, budget, depth)
    if isinstance(value, list | tuple):
        return _items(value, budget, depth)
    return budget.text(str(value))


def _items(value: list[Any] | tuple[Any, ...], budget: _Budget, depth: int) -> list[Any]:
    kept = []
    for item in value:
        if budget.values <= 0:
            break
        budget.values -= 1
        kept.append(_clean(item, budget, depth + 1))
    return kept


def number(value: Any) -> float | None:
    """The value as a number, also where it is a numeric string ("1 200", "1,5"); None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str) and 0 < len(value) <= 40:
        text = value.strip().replace("\u00a0", "").replace(" ", "").replace("_", "x").replace(",", ".")
        try:
            parsed = float(text)
        except ValueError:
            return None
        return parsed if math.isfinite(parsed) else None
    return None


def text_of(value: Any) -> str:
    """The value as a short text: a string as it is, a number without a needless fraction, else nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    return ""


def shown(value: Any) -> str:
    """A value for a trace line, at most 80 characters."""
    if isinstance(value, str):
        return f'"{value[:77]}…"' if len(value) > 80 else f'"{value}"'
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return text_of(value)
    if isinstance(value, list | tuple | dict):
        return f"{len(value)} items"
    return str(value)[:80]


def first_text(properties: dict[str, Any], *names: str) -> str:
    """The first of these properties that says something, as a text; else an empty one."""
    for name in names:
        value = properties.get(name)
        if value is not None and value != "":
            return text_of(value)
    return ""
