"""Saved replies and macros filled in for one visitor: Liquid as scenarios use it, over what his card tells.

What has neither a value nor a default stays in the text as it was written, `{{ visitor.name }}`, so that it is seen
before it is sent. Liquid is imported with the first reply that has something to fill in: it takes a while. No Textual
in here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from msgspec import to_builtins

from server_stub.protocol import DialogSummary, Me, VisitorCard

HOLE = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)", re.DOTALL)
"""A place that is still to be filled in, or one that was begun and never ended."""
_UNDEFINED = " is undefined"


@dataclass(frozen=True, slots=True)
class Filled:
    """The text for one visitor, raw. `problem` says in a sentence what is wrong with the template, if anything is."""

    text: str
    problem: str = ""

    @property
    def holes(self) -> tuple[str, ...]:
        """What could not be filled in, as it stands in the text."""
        return holes_in(self.text)


def holes_in(text: str) -> tuple[str, ...]:
    """Places of a text that are still to be filled in, each once."""
    return tuple(dict.fromkeys(found.group() for found in HOLE.finditer(text)))


def variables(card: VisitorCard | None, row: DialogSummary | None, me: Me) -> dict[str, Any]:
    """What a reply may name: visitor, cart, dialog, operator, site. What is empty is not there."""
    visitor: dict[str, Any] = {}
    if card is not None:
        fields: dict[str, Any] = to_builtins(card)
        visitor = {**fields.pop("properties", {}), **fields}
    cart = visitor.pop("cart", {})
    if row is not None and not visitor.get("name") and "@" not in row.visitor_name:
        visitor["name"] = row.visitor_name
    return {
        "visitor": _given(_with_first_name(visitor)),
        "cart": _given(cart),
        "dialog": _given(to_builtins(row) if row is not None else {}),
        "operator": _given(_with_first_name({"name": me.name, "role": me.role})),
        "site": _given({"name": me.site, "url": me.site_url}),
    }


def fill(text: str, given: Mapping[str, Any]) -> Filled:
    """A reply's text with the variables in it. Never raises: a template that is wrong stays as it is."""
    if HOLE.search(text) is None:
        return Filled(text)
    from liquid.exceptions import LiquidError

    try:
        return Filled(_environment().from_string(text).render(**given))
    except (LiquidError, ArithmeticError, TypeError, ValueError) as error:
        return Filled(text, str(error.args[0]) if error.args else type(error).__name__)


def with_variable_for_name(text: str, name: str) -> str:
    """The text with a variable where it calls the visitor by that name, so that it does not call the next one so.

    It has no default: where somebody's name is not known, whoever sends the reply is asked.
    """
    first = name.split()[0] if name.split() else ""
    for word, variable in ((name.strip(), "name"), (first, "first_name")):
        if len(word) > 2 and "@" not in word:
            place = f"{{{{ visitor.{variable} }}}}"
            text = re.sub(rf"(?<![\w@]){re.escape(word)}(?![\w@])", place, text)
    return text


def _with_first_name(person: dict[str, Any]) -> dict[str, Any]:
    name = person.get("name")
    if isinstance(name, str) and name.split() and not person.get("first_name"):
        return {**person, "first_name": name.split()[0]}
    return person


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, ())}


@lru_cache(maxsize=1)
def _environment() -> Any:
    from liquid import Mode, Undefined

    from scenarios_yaml.language.liquid_environment import TextEnvironment

    class Hole(Undefined):
        """A variable without a value: it stays in the text as it was written."""

        __slots__ = ()

        def __str__(self) -> str:
            path = (self.hint or self.name).removesuffix(_UNDEFINED).strip("'")
            return f"{{{{ {path} }}}}"

    return TextEnvironment(tolerance=Mode.STRICT, undefined=Hole)
