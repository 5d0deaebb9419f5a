"""From cases to the text of a test file: what `case_reader` reads of it are the same cases.

What is short stands on one line, as a person would write it; what is long stands below its key. A word is put in
quotes wherever it could be taken for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, assert_never

from msgspec import structs

from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.reading import NULLS
from scenarios_yaml.language.scalars import WEEKDAYS
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.cases import MONDAY_NOON, Case, Doable, Expectation, TimelineItem

WIDEST = 110
"""Columns of a line; what would be longer stands below its key, where it has parts."""

_PLAIN = re.compile(r"[^\W\d_]([\w .@/+-]*[\w.@/+])?|(https?:/)?/[\w./-]*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")
_KEY = re.compile(r"[\w.-]+")
_TAKEN = frozenset({"true", "false", *NULLS})
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Raw(str):
    """A word that stands without quotes: a duration, a moment, hours."""


def written(case: Case) -> str:
    """The case as an item of a test file's list, from the first column, with a line end behind it."""
    lines = [f"- test: {_scalar(case.name)}"]
    for key, value in _head(case):
        lines += _laid(key, value, 2)
    lines.append("  timeline:")
    for item in case.timeline:
        lines += _item(item)
    return "\n".join(lines) + "\n"


def appended(text: str, case: Case) -> str:
    """A test file's text with one more case at its end, under a name that no other has; all before stays as it is.

    Raises `CannotError` where the file cannot be read as it is.
    """
    if not text.strip().removeprefix("\ufeff"):
        return text + written(case)
    before = read_tests(text)
    if before.errors:
        raise CannotError("the tests of this scenario cannot be read as they are", str(before.errors[0]))
    names = {one.name for one in before.cases}
    numbers = (f"{case.name} ({number})" for number in count(2))
    name = case.name if case.name not in names else next(one for one in numbers if one not in names)
    ending = "\r\n" if "\r\n" in text else "\n"
    first = next(line for line in text.splitlines() if line.lstrip("\ufeff \t").startswith("- "))
    indent = " " * (len(first.lstrip("\ufeff")) - len(first.lstrip("\ufeff ")))
    lines = [f"{indent}{line}" for line in written(structs.replace(case, name=name)).splitlines()]
    return text.rstrip(" \t\r\n") + ending * 2 + ending.join(lines) + ending


def _head(case: Case) -> Iterator[tuple[str, Any]]:
    if case.locales != ("en",) and "locale" not in case.given:
        yield "locales", case.locales
    yield from _given(
        given=case.given,
        tags=case.tags,
        lists=case.lists,
        variant=case.variants,
        holdout=case.held_out,
        at=Raw(case.at) if case.at != MONDAY_NOON else "",
        timezone=Raw(case.timezone) if case.timezone != "UTC" else "",
        quiet_hours=_hours(case.quiet_hours),
        business_hours=_hours(case.business_hours) if case.business_hours else "",
        open_on=tuple(Raw(WEEKDAYS[day]) for day in case.open_on),
        holidays=tuple(Raw(day) for day in case.holidays),
        frequency_cap=_cap(case.frequency_cap),
    )
    if case.operators_online != 1:
        yield "operators_online", case.operators_online
    yield from _given(**{"with": case.beside, "site": case.site})


def _given(**values: Any) -> Iterator[tuple[str, Any]]:
    """Those that are not empty."""
    return ((key, value) for key, value in values.items() if value)


def _hours(hours: tuple[str, str]) -> str:
    return Raw("-".join(hours)) if any(hours) else ""


def _cap(cap: tuple[int, int]) -> str:
    return Raw(f"{cap[0]} in {format_duration(cap[1])}") if cap[0] else ""


# --- The timeline -------------------------------------------------------------------------------------------


def _item(item: TimelineItem) -> list[str]:
    match item:
        case cases.Touches():
            return [f"    - {item.how}"]
        case cases.Expect() | cases.ExpectNothing() | cases.ExpectEnd() | cases.ExpectGoal():
            return _expectation(item)
    (key, value), *beside = _done(item)
    lines = _laid(key, value, 6)
    for more, below in beside:
        lines += _laid(more, below, 6)
    return ["    - " + lines[0].lstrip(), *lines[1:]]


def _done(item: Doable) -> list[tuple[str, Any]]:
    """The keys of what happens, the one that names it first."""
    match item:
        case cases.Online() | cases.FailsNext() | cases.Replies() | cases.Coupons():
            return [_world(item)]
        case cases.Happens():
            return [("event", item.event), *_given(properties=item.properties)]
        case cases.Advance():
            return [("advance", Raw(format_duration(item.duration)))]
        case cases.AdvanceTo():
            return [("advance_to", Raw(item.until))]
        case cases.Answers():
            return [("answer", item.answer)]
        case cases.Writes():
            return [("write", item.text), *_given(files=item.files)]
        case cases.Submits():
            return [("submit", dict(item.fields))]
        case cases.Touches():
            return [(item.how, None)]
        case cases.OperatorWrites():
            return [("operator", item.text)]
        case cases.Changes():
            return [_change(item)]
        case _:
            assert_never(item)


def _change(item: cases.Changes) -> tuple[str, Any]:
    if item.tags_added:
        return "tag", item.tags_added[0]
    return ("untag", item.tags_removed[0]) if item.tags_removed else ("set", item.properties)


def _world(item: cases.Online | cases.FailsNext | cases.Replies | cases.Coupons) -> tuple[str, Any]:
    match item:
        case cases.Online():
            return "operator_online", item.operators
        case cases.FailsNext():
            return "fail", item.reason
        case cases.Replies():
            return "webhook_replies", {"error": item.error} if item.error else item.reply
        case cases.Coupons():
            return "coupons", item.codes
        case _:
            assert_never(item)


def _expectation(item: Expectation) -> list[str]:
    match item:
        case cases.ExpectNothing():
            return ["    - expect_nothing"]
        case cases.ExpectGoal():
            return ["    - expect_goal"]
        case cases.ExpectEnd():
            lines = _laid(f"expect_{item.how}", item.text, 6)
        case cases.Expect():
            lines = _laid("expect", dict(_expected(item)), 6)
        case _:
            assert_never(item)
    return ["    - " + lines[0].lstrip(), *lines[1:]]


def _expected(item: cases.Expect) -> Iterator[tuple[str, Any]]:
    details: dict[str, Any] = {}
    for wanted in item.wanted:
        yield wanted.kind, True if wanted.text is None else wanted.text
        details |= {
            name: getattr(wanted, name) for name in ("options", "buttons", "fields", "button", "size")
        }
    for name, value in details.items():
        if value is not None and value != "":
            yield name, _short(value)
    for lacks in (False, True):
        texts = tuple(one.text for one in item.contents if one.lacks is lacks)
        if texts:
            yield ("lacks" if lacks else "contains"), texts[0] if len(texts) == 1 else texts
    for path in item.paths:
        yield path.path, path.value


def _short(value: Any) -> Any:
    return Raw(value) if isinstance(value, str) else value


# --- Values -------------------------------------------------------------------------------------------------


def _laid(key: str, value: Any, indent: int) -> list[str]:
    """`key: value` on one line where there is room for it; else its parts below."""
    value = _as_data(value)
    head = f"{' ' * indent}{_key(key)}:"
    whole = f"{head} {_scalar(value) if _is_scalar(value) else _flow(value)}"
    if _is_scalar(value) or not value or len(whole) <= WIDEST:
        return [whole]
    lines = [head]
    if isinstance(value, dict):
        for name, part in value.items():
            lines += _laid(name, part, indent + 2)
        return lines
    return [*lines, *(f"{' ' * (indent + 2)}- {_flow(part)}" for part in value)]


def _flow(value: Any) -> str:
    value = _as_data(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    return _scalar(value)


def _as_data(value: Any) -> Any:
    if isinstance(value, Text):
        return value.sources[""] if list(value.sources) == [""] else value.sources
    return value


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list | tuple)


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) and key.isascii() else _quoted(key)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and value not in _TAKEN
        return value if is_plain or _MOMENT.fullmatch(value) else _quoted(value)
    return _number(value)


def _number(value: float) -> str:
    """Without an exponent, which the reader would take for a word."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    return text if "e" not in text and "n" not in text else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes. JSON's escapes are YAML's, too; what no file may hold is escaped as well."""
    clean = _SURROGATE.sub("\ufffd", text)
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(clean, ensure_ascii=False)
    )
