"""A command of the player as the line of a test's timeline that does the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios_yaml.language.durations import duration_hint, parse_duration
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.scalars import is_moment, is_tag
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.playing.player_lines import Command, json_of, pairs
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Doable


def item_of(command: Command) -> Doable | None:
    """What the command makes happen; None for those that only look, or begin anew. Raises `CannotError` where what
    stands behind its name cannot be read."""
    maker = _MAKERS.get(command.name)
    return maker(command.rest) if maker is not None else None


def _advance(rest: str) -> Doable:
    duration = parse_duration(rest.replace(" ", ""))
    if duration is None:
        raise CannotError(f"{quoted(rest)} is no duration", duration_hint(rest))
    return cases.Advance(duration=duration, line=0)


def _until(rest: str) -> Doable:
    if not is_moment(rest):
        raise CannotError(f"{quoted(rest)} is no date and time", "for example :until 2026-03-05 10:00")
    return cases.AdvanceTo(until=rest, line=0)


def _event(rest: str) -> Doable:
    name, properties = pairs(rest)
    if not name:
        raise CannotError("an event has a name", "for example :event Order Completed total=1200")
    return cases.Happens(event=name, properties=properties, line=0)


def _as(rest: str) -> Doable:
    before, properties = pairs(rest)
    if before or not properties:
        raise CannotError(
            "what is known of him is written name=value", "for example :as city=Moscow locale=ru"
        )
    return cases.Changes(properties=properties, line=0)


def _tag(rest: str) -> Doable:
    return cases.Changes(tags_added=(_tag_of(rest),), line=0)


def _untag(rest: str) -> Doable:
    return cases.Changes(tags_removed=(_tag_of(rest),), line=0)


def _tag_of(rest: str) -> str:
    if not is_tag(rest):
        raise CannotError(f"{quoted(rest)} is no tag", "for example :tag vip")
    return rest


def _submit(rest: str) -> Doable:
    before, fields = pairs(rest)
    if before:
        raise CannotError("fields are written name=value", "for example :submit email=ann@shop.example")
    typed = tuple((name, Text.plain(as_typed(value))) for name, value in fields.items())
    return cases.Submits(fields=typed, line=0)


def _operators(rest: str) -> Doable:
    if not (rest.isascii() and rest.isdecimal()) or len(rest) > 3:
        raise CannotError(f"{quoted(rest)} is no number of operators", "for example :operators 0")
    return cases.Online(operators=int(rest), line=0)


def _webhook(rest: str) -> Doable:
    if rest.startswith("error="):
        return cases.Replies(error=rest.removeprefix("error=") or "failed", line=0)
    return cases.Replies(reply=json_of(rest), line=0)


def _coupon(rest: str) -> Doable:
    pool, equals, code = rest.partition("=")
    if not equals or not pool.strip():
        raise CannotError("a code is written pool=CODE", "for example :coupon cart-5=SALE")
    return cases.Coupons(codes={pool.strip(): code.strip()}, line=0)


def as_typed(value: Any) -> str:
    """A value that was read from a line, as it was typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


_MAKERS: dict[str, Callable[[str], Doable]] = {
    "advance": _advance,
    "until": _until,
    "event": _event,
    "as": _as,
    "tag": _tag,
    "untag": _untag,
    "submit": _submit,
    "close": lambda _: cases.Touches(how="close", line=0),
    "click": lambda _: cases.Touches(how="click", line=0),
    "open": lambda _: cases.Touches(how="open", line=0),
    "operators": _operators,
    "operator": lambda rest: cases.OperatorWrites(text=Text.plain(rest or "…"), line=0),
    "webhook": _webhook,
    "coupon": _coupon,
    "fail": lambda rest: cases.FailsNext(reason=rest or "failed", line=0),
}
