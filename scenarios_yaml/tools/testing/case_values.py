"""Values that only test files hold: languages, zones, hours, caps, and data as an event would carry it."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from scenarios_yaml.engine.clock import is_day, known_zone
from scenarios_yaml.language.keys import Schema, any_word, reads, string_like
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import is_time, parse_number, read_duration
from scenarios_yaml.language.text_reading import read_text
from scenarios_yaml.language.texts import Text, is_template
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

WORDING: Schema = {
    "anyOf": [any_word(), {"type": "object", "minProperties": 1, "additionalProperties": any_word()}]
}
"""A text, or one for each language."""


@reads(WORDING, "wording")
def read_wording(reading: Reading, node: YamlNode) -> Text:
    """A text as it is to be seen or typed, or one for each language. Nothing in it is filled in: a test may well say
    that `{{` must not be seen."""
    if isinstance(node, Scalar) and is_template(node.value):
        return Text.plain(node.value)
    if isinstance(node, Mapping):
        written = {key.value: value.value for key, value in node.pairs if isinstance(value, Scalar)}
        if len(written) == len(node.pairs) and any(map(is_template, written.values())):
            return Text(dict(written), written)
    return read_text(reading, node)


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@reads(any_word(f"^{_LANGUAGE.pattern}$"), "language")
def read_locale(reading: Reading, node: YamlNode) -> str:
    """A language like `en` or `pt-BR`."""
    word = reading.word(node, "a language like en") or ""
    if word and not _LANGUAGE.fullmatch(word):
        reading.error(node, f"{quoted(word)} is no language", "for example en or ru")
    return word


@reads(any_word(), "zone")
def read_zone(reading: Reading, node: YamlNode) -> str:
    word = reading.word(node, "a time zone like Europe/Prague")
    if word is not None and known_zone(word) is None:
        hint = did_you_mean(word, sorted(available_timezones())) or "for example Europe/Prague"
        reading.error(node, f"{quoted(word)} is no time zone", hint)
        return "UTC"
    return word or "UTC"


@reads(string_like(r"^[0-9: -]+$", "22:00-08:00"), "hours")
def read_hours(reading: Reading, node: YamlNode) -> tuple[str, str]:
    """`22:00-08:00`; they may cross midnight."""
    word = reading.word(node, "hours like 22:00-08:00")
    begins, dash, ends = (word or "").replace(" ", "").partition("-")
    if word is not None and not (dash and is_time(begins) and is_time(ends)):
        reading.error(node, f"{quoted(word)} are no hours", "for example 22:00-08:00")
        return "", ""
    return begins, ends


@reads({"anyOf": [{"const": "closed"}, string_like(r"^[0-9: -]+$", "09:00-18:00")]})
def read_business_hours(reading: Reading, node: YamlNode) -> tuple[str, str] | None:
    if isinstance(node, Scalar) and node.value == "closed":
        return None
    return read_hours(reading, node)


@reads(string_like(r"^(?:\d{4}-)?\d{2}-\d{2}$", "12-25"))
def read_holiday(reading: Reading, node: YamlNode) -> str:
    """`2026-04-03`, or `12-25` of every year."""
    word = reading.word(node, "a day like 12-25")
    if word is not None and not is_day(word):
        reading.error(node, f"{quoted(word)} is no day", "for example 12-25 or 2026-04-03")
        return ""
    return word or ""


@reads(string_like(r"^\s*\d+\s+in\s+\S+\s*$", "2 in 1d"))
def read_cap(reading: Reading, node: YamlNode) -> tuple[int, int]:
    word = reading.word(node, "a cap like 2 in 1d")
    if word is None:
        return 0, 0
    most, middle, window = word.partition(" in ")
    number = parse_number(most.strip())
    if not middle or not isinstance(number, int) or number < 1:
        reading.error(node, f"{quoted(word)} is no cap", "for example 2 in 1d")
        return 0, 0
    written = Scalar(window.strip(), node.line, node.column, style="'")
    return number, read_duration(reading, written)


# --- Data: properties of visitors and events ----------------------------------------------------------------


@reads({"type": "object"})
def read_data_mapping(reading: Reading, node: YamlNode) -> dict[str, Any]:
    """Properties by name. A scalar is a number, true, false or null where it looks like one and stands without
    quotes; else a text."""
    if not isinstance(node, Mapping):
        reading.error(node, "properties are a mapping of names to values", "for example {city: Prague}")
        return {}
    return {key.value: read_data(reading, value) for key, value in node.pairs}


@reads({})
def read_data(reading: Reading, node: YamlNode) -> Any:
    """A value as an event would carry it."""
    if isinstance(node, Sequence):
        return [read_data(reading, item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.value: read_data(reading, value) for key, value in node.pairs}
    if node.style:
        return node.value
    if node.is_empty:
        reading.error(node, "a value is missing here", "write null, or “” for an empty text")
        return None
    if node.value in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[node.value]
    number = parse_number(node.value)
    return node.value if number is None else number
