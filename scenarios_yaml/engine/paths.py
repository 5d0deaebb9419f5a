"""What a path of the language means for one visitor at one moment: `visitor.email`, `cart.total`, `run.code`
…

Bare names mean the visitor's: `email` is `visitor.email`. What is not there is `MISSING`, never an error.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from scenarios_yaml.engine.clock import zone_of
from scenarios_yaml.engine.state import PROPERTIES_BYTES, PROPERTIES_LIMIT, Run, VisitorState, World
from scenarios_yaml.language.texts import Text

if TYPE_CHECKING:
    from scenarios_yaml.engine.catalog import Program

ROOTS: Final = frozenset(
    {"visitor", "cart", "order", "page", "session", "event", "dialog", "run", "parameters"}
)
VISITOR_FIELDS: Final = frozenset({
    "id", "tags", "lists", "segments", "first_visit", "last_visit", "visits", "first_touch", "orders",
    "revenue", "viewed",
})  # fmt: skip
_TOUCH_FIELDS: Final = frozenset({"referrer", "channel", "utm", "landing"})


class Missing:
    """The value of a path that leads nowhere."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "unknown"


MISSING: Final = Missing()


class Scope:
    """What conditions and texts look at: a visitor, a moment, and the run and event (if any)."""

    __slots__ = ("event", "now", "program", "run", "state", "world")

    def __init__(
        self,
        state: VisitorState,
        world: World,
        now: int,
        program: Program | None = None,
        run: Run | None = None,
        event: dict[str, Any] | None = None,
    ) -> None:
        self.state = state
        self.world = world
        self.now = now
        self.program = program
        self.run = run
        self.event = event if event is not None else _trigger_properties(run)

    @property
    def locale(self) -> str:
        """The visitor's language, else the project's."""
        locale = self.state.properties.get("locale")
        return locale if isinstance(locale, str) and locale else self.world.locale

    @property
    def zone(self) -> ZoneInfo:
        """The scenario's time zone: the project's, or the visitor's own where it says so and he has one."""
        if self.program is not None and self.program.scenario.timezone == "visitor":
            return self.visitor_zone
        return zone_of(self.world.timezone)

    @property
    def visitor_zone(self) -> ZoneInfo:
        own = self.state.properties.get("timezone")
        return zone_of(own if isinstance(own, str) else "", self.world.timezone)


def _trigger_properties(run: Run | None) -> dict[str, Any]:
    properties = run.trigger.get("properties") if run is not None else None
    return properties if isinstance(properties, dict) else {}


@lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, str]:
    """The root of a path and what follows it. A bare name's root is `visitor`."""
    root, dot, rest = path.partition(".")
    if dot and root in ROOTS:
        return root, rest
    return "visitor", path


def lookup(path: str, scope: Scope) -> Any:
    """The value at a path, or MISSING."""
    find, rest = _finder(path)
    return find(scope, rest)


def _visitor(scope: Scope, rest: str) -> Any:
    found = follow(scope.state.properties, rest)
    if found is MISSING and rest.partition(".")[0] in VISITOR_FIELDS:
        return follow(scope.state, rest)
    return found


def _cart(scope: Scope, rest: str) -> Any:
    return follow(scope.state.cart, rest)


def _order(scope: Scope, rest: str) -> Any:
    return follow(scope.state.order, rest) if scope.state.orders else MISSING


def _page(scope: Scope, rest: str) -> Any:
    return follow(scope.state.page, rest)


def _session(scope: Scope, rest: str) -> Any:
    session = scope.state.session
    return follow(session.touch if rest.partition(".")[0] in _TOUCH_FIELDS else session, rest)


def _dialog(scope: Scope, rest: str) -> Any:
    dialog = scope.state.dialog
    if not dialog.id:
        return MISSING
    found = follow(dialog.properties, rest)
    return follow(dialog, rest) if found is MISSING else found


def _event(scope: Scope, rest: str) -> Any:
    found = follow(scope.event, rest.removeprefix("properties."))
    if found is MISSING and rest == "name" and scope.run is not None:
        return scope.run.trigger.get("name", MISSING)
    return found


def _run(scope: Scope, rest: str) -> Any:
    run = scope.run
    if run is None:
        return MISSING
    found = follow(run.values, rest)
    if found is MISSING and rest in ("id", "started_at", "scenario"):
        return getattr(run, rest)
    return found


def _parameter(scope: Scope, rest: str) -> Any:
    if scope.program is None:
        return MISSING
    value = scope.program.parameters.get(rest, MISSING)
    return value.render({}, scope.locale) if isinstance(value, Text) else value


_FINDERS: dict[str, Callable[[Scope, str], Any]] = {
    "visitor": _visitor,
    "cart": _cart,
    "order": _order,
    "page": _page,
    "session": _session,
    "dialog": _dialog,
    "event": _event,
    "run": _run,
    "parameters": _parameter,
}


@lru_cache(maxsize=4096)
def _finder(path: str) -> tuple[Callable[[Scope, str], Any], str]:
    root, rest = split_path(path)
    return _FINDERS[root], rest


def follow(value: Any, path: str) -> Any:
    """Follows a dotted path through mappings, structs and lists. A key that holds dots itself is found as
    well."""
    if isinstance(value, dict) and path in value:
        return value[path]
    if isinstance(value, Struct) and path in value.__struct_fields__:
        value = getattr(value, path)
        return MISSING if value is None else value
    for part in path.split("."):
        if isinstance(value, dict):
            value = value.get(part, MISSING)
        elif isinstance(value, Struct):
            value = getattr(value, part) if part in value.__struct_fields__ else MISSING
        elif isinstance(value, list) and part.isdecimal() and len(part) < 6 and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return MISSING if value is None else value


def with_value(values: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of `values` with `value` at a dotted path; None removes it."""
    head, dot, rest = path.partition(".")
    changed = dict(values)
    if path in values or not dot:
        head, dot = path, ""
    if value is None and head not in values:
        return changed
    if dot:
        inner = changed.get(head)
        changed[head] = with_value(inner if isinstance(inner, dict) else {}, rest, value)
    elif value is None:
        changed.pop(head, None)
    else:
        changed[head] = value
    return changed


def bounded(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """`after` where there is room for it, else `before`: neither too many values nor too much in them."""
    if len(after) < len(before):
        return after
    grown = len(after) > max(len(before), PROPERTIES_LIMIT)
    return before if grown or len(msgspec.json.encode(after)) > PROPERTIES_BYTES else after
