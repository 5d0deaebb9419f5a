"""How a foreign value is compared with one that stands in a scenario: by the type of the one in the scenario."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from scenarios_yaml.engine.state import CartItem
from scenarios_yaml.engine.values import number, text_of

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TRUE_TEXTS = frozenset({"true", "yes", "1", "on"})
_FALSE_TEXTS = frozenset({"false", "no", "0", "off"})


def compare(actual: Any, op: str, wanted: Any) -> bool:
    """Compares a foreign value with one written in a scenario, by the type of the written one."""
    by_text = _OF_TEXTS.get(op)
    return by_text(actual, wanted) if by_text is not None else _ordered(actual, op, wanted)


def _is_in(actual: Any, wanted: Any) -> bool:
    return any(_ordered(actual, "=", value) for value in wanted)


def _matches(actual: Any, wanted: Any) -> bool:
    return glob(text_of(actual).casefold(), text_of(wanted).casefold())


def _starts_with(actual: Any, wanted: Any) -> bool:
    return text_of(actual).casefold().startswith(text_of(wanted).casefold())


def _ends_with(actual: Any, wanted: Any) -> bool:
    return text_of(actual).casefold().endswith(text_of(wanted).casefold())


def _ordered(actual: Any, op: str, wanted: Any) -> bool:
    left: Any
    right: Any
    if isinstance(wanted, bool):
        left, right = truth(actual), wanted
    elif isinstance(wanted, int | float):
        left, right = number(actual), wanted
    else:
        left, right = _word(actual), text_of(wanted).casefold()
    if left is None:
        return op == "!="
    return ORDER[op](left, right)


def _word(actual: Any) -> str | None:
    if isinstance(actual, bool):
        return "true" if actual else "false"
    if isinstance(actual, str | int | float):
        return text_of(actual).casefold()
    return None


def truth(value: Any) -> bool | None:
    """The value as yes or no; None where it is neither."""
    if isinstance(value, bool):
        return value
    word = text_of(value).casefold()
    return True if word in _TRUE_TEXTS else False if word in _FALSE_TEXTS else None


def _contains(actual: Any, wanted: Any) -> bool:
    word = text_of(wanted).casefold()
    if isinstance(actual, list | tuple):
        return any(_is_item(item, word) for item in actual)
    if isinstance(actual, dict):
        return any(str(key).casefold() == word for key in actual)
    return word in text_of(actual).casefold()


def _is_item(item: Any, word: str) -> bool:
    if isinstance(item, CartItem):
        return word in (item.product_id.casefold(), item.name.casefold())
    if isinstance(item, dict):
        return any(text_of(item.get(key)).casefold() == word for key in ("product_id", "sku", "name"))
    return text_of(item).casefold() == word


_OF_TEXTS: dict[str, Callable[[Any, Any], bool]] = {
    "in": _is_in,
    "contains": _contains,
    "matches": _matches,
    "starts with": _starts_with,
    "ends with": _ends_with,
}


def glob(text: str, pattern: str) -> bool:
    """Whether the whole text fits a pattern of `*` (any characters) and `?` (one), in time text x pattern at
    most."""
    t = p = 0
    star, mark = -1, 0
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark = p, t
            p += 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            p += 1
            t += 1
        elif star >= 0:
            mark += 1
            p, t = star + 1, mark
        else:
            return False
    return all(character == "*" for character in pattern[p:])
