"""Texts for one visitor: what templates may name, and the filled-in result.

The variables are built only when a template asks for them, since most texts are plain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.products import LISTS, placed, with_listings
from scenarios_yaml.engine.values import clean_text
from scenarios_yaml.language.texts import Text

TEXT_CHARS = 50_000
"""The longest text that a template may make, in characters."""


class _Lazy(Mapping[str, Any]):
    """A mapping that is made when it is first looked at."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self._make = make
        self._made: dict[str, Any] | None = None

    def _all(self) -> dict[str, Any]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: str) -> Any:
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def variables(scope: Scope) -> dict[str, Any]:
    """What a text may name, but for {{ products }}, which is added where a text does."""
    state = scope.state
    return {
        "visitor": _Lazy(lambda: _visitor(scope)),
        "cart": _Lazy(lambda: _plain(state.cart)),
        "order": _Lazy(lambda: _plain(state.order)),
        "page": _Lazy(lambda: _plain(state.page)),
        "session": _Lazy(lambda: _plain(state.session.touch) | _plain(state.session)),
        "dialog": _Lazy(lambda: _plain(state.dialog) | state.dialog.properties),
        "event": _event(scope),
        "run": scope.run.values if scope.run is not None else {},
        "parameters": _Lazy(lambda: _parameters(scope)),
        "site": scope.world.site,
        "currency": scope.world.currency,
    }


def products_of(scope: Scope) -> list[Any]:
    """{{ products }}: what a `product_list` of the run chose, else what the visitor has viewed."""
    chosen = scope.run.values.get("products") if scope.run is not None else None
    return chosen if isinstance(chosen, list) else plain_items(scope.state.viewed)


def plain_items(items: Iterable[Any]) -> list[Any]:
    """Items of a list with structs among them as plain dicts."""
    return [_plain(item) if isinstance(item, msgspec.Struct) else item for item in items]


def snapshot(scope: Scope) -> dict[str, Any]:
    """The variables as plain values, for a channel that fills in a template file of its own."""
    plain = {
        name: dict(value) if isinstance(value, _Lazy) else value for name, value in variables(scope).items()
    }
    return {**plain, "products": products_of(scope)}


def render(text: Text | None, scope: Scope) -> str:
    """The text for this visitor in his language, at most TEXT_CHARS long; empty where there is none."""
    if text is None:
        return ""
    return clean_text(text.render(_variables_of(text, scope), scope.locale), TEXT_CHARS)


def render_body(text: Text | None, scope: Scope) -> tuple[str, list[dict[str, Any]]]:
    """The body of a letter in Markdown, in which foreign values stay words, and the products that it shows in rows."""
    if text is None:
        return "", []
    given = _variables_of(text, scope)
    body = clean_text(text.render(given, scope.locale, markdown=True), TEXT_CHARS)
    return placed(body, given)


def _variables_of(text: Text, scope: Scope) -> dict[str, Any]:
    """What the text may name; nothing where it has nothing to fill in."""
    if all(isinstance(template, str) for template in text.templates.values()):
        return {}
    given = variables(scope)
    sources = text.sources.values()
    if any("products" in source for source in sources):
        given["products"] = products_of(scope)
    return with_listings(given) if any(name in source for name in LISTS for source in sources) else given


def render_value(value: Any, scope: Scope) -> Any:
    """A value of `set`, `emit` or a webhook's body: texts in it are filled in, all else stays as it is."""
    if isinstance(value, Text):
        return render(value, scope)
    if isinstance(value, Mapping):
        return {str(key): render_value(item, scope) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if value and all(
            isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str) for pair in value
        ):
            return {key: render_value(item, scope) for key, item in value}
        return [render_value(item, scope) for item in value]
    return value


def _visitor(scope: Scope) -> dict[str, Any]:
    state = scope.state
    return {
        "id": state.id,
        "tags": state.tags,
        "lists": state.lists,
        "segments": state.segments,
        "visits": state.visits,
        "first_visit": state.first_visit,
        "last_visit": state.last_visit,
        "first_touch": _plain(state.first_touch),
        "orders": state.orders,
        "revenue": state.revenue,
        "viewed": plain_items(state.viewed),
        **state.properties,
    }


def _event(scope: Scope) -> dict[str, Any]:
    """What triggered the run: its properties, and its name where no property is called so."""
    name = scope.run.trigger.get("name") if scope.run is not None else None
    return {"name": name, **scope.event} if name else scope.event


def _parameters(scope: Scope) -> dict[str, Any]:
    if scope.program is None:
        return {}
    return {
        name: value.render({}, scope.locale) if isinstance(value, Text) else value
        for name, value in scope.program.parameters.items()
    }


def _plain(value: Any) -> dict[str, Any]:
    """A struct as a dict with all of its fields, lists of structs included."""
    plain: dict[str, Any] = {}
    for name in value.__struct_fields__:
        item = getattr(value, name)
        if isinstance(item, msgspec.Struct):
            item = _plain(item)
        elif isinstance(item, list):
            item = plain_items(item)
        plain[name] = item
    return plain
