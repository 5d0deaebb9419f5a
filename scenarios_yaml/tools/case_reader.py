"""From a test file to its cases: strict, and all problems of a file at once, each with its position."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from scenarios_yaml.language.fields import Fields, read_list
from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.reading import Reading, TooManyProblemsError
from scenarios_yaml.language.scalars import (
    read_bool,
    read_moment,
    read_slug,
    read_tag,
    read_words,
    whole_number,
)
from scenarios_yaml.language.yaml_nodes import MAX_BYTES, Mapping, Sequence, YamlNode, compose
from scenarios_yaml.tools.case_values import (
    read_business_hours,
    read_cap,
    read_data_mapping,
    read_hours,
    read_locale,
    read_zone,
)
from scenarios_yaml.tools.cases import MONDAY_NOON, Case, TimelineItem
from scenarios_yaml.tools.timeline_reader import read_item

CASE_KEYS = (
    "test", "locales", "given", "tags", "lists", "variant", "holdout", "at", "timezone", "quiet_hours",
    "business_hours", "frequency_cap", "operators_online", "with", "site", "timeline",
)  # fmt: skip

NOT_GIVEN = {
    "visits": "visits are counted: begin the timeline with “- event: Session Started”",
    "first_visit": "visits are counted: begin the timeline with “- event: Session Started”",
    "last_visit": "his last visit comes from events: “- event: Page Viewed”, then “- advance: 3d”",
    "orders": "orders are counted: begin the timeline with “- event: Order Completed”",
    "revenue": "orders are counted: begin the timeline with “- event: Order Completed”",
    "viewed": "viewed products come from events: “- event: Product Viewed”",
    "segments": "segments are computed: give what their conditions ask for",
    "tags": "tags stand beside “given”: “tags: [a, b]”",
    "lists": "lists stand beside “given”: “lists: [news]”",
}
"""What the desk itself knows of a visitor, and how a test makes it true."""


class TestsResult(Struct, frozen=True):
    """The cases of a file, none where `problems` holds an error."""

    __test__ = False  # pytest looks at names that begin like this one's

    cases: tuple[Case, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def read_tests_file(path: str | Path) -> TestsResult:
    """Reads one test file. A file that cannot be read is a problem of the result, not an exception."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 4)
        text = data.decode("utf-8-sig")
    except OSError as error:
        return _refused(str(path), f"the file cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        return _refused(str(path), "the file is not UTF-8", "save it as UTF-8")
    return read_tests(text, str(path))


def _refused(file: str, message: str, hint: str = "") -> TestsResult:
    return TestsResult((), (Problem(1, 1, message, hint, "error", "", file),))


def read_tests(text: str, file: str = "") -> TestsResult:
    """Reads the cases of a test file. Never raises, whatever the text: what is wrong with it is in `problems`."""
    reading = Reading(text.removeprefix("\ufeff"), file)
    try:
        cases = _read(reading)
    except TooManyProblemsError:
        return TestsResult((), reading.too_many())
    return TestsResult(() if reading.has_errors else cases, reading.all_problems())


def _read(reading: Reading) -> tuple[Case, ...]:
    root, problems = compose(reading.text)
    for problem in problems:
        reading.report(problem.severity, problem.line, problem.column, problem.message, problem.hint)
    if root is None:
        return ()
    if not isinstance(root, Sequence):
        reading.error(root, "a test file is a list of cases", "it begins with “- test: what is shown”")
        return ()
    if not root.items:
        reading.error(root, "there is no case in this file", "it begins with “- test: what is shown”")
    seen: dict[str, int] = {}
    return tuple(_read_case(reading, node, seen) for node in root.items)


def _read_case(reading: Reading, node: YamlNode, seen: dict[str, int]) -> Case:
    fields = Fields(reading, node, "a case", CASE_KEYS)
    name = fields.need("test", read_words, "")
    if name in seen:
        reading.error(fields.key("test"), f"{quoted(name)} stands here twice, first in line {seen[name]}")
    elif name:
        seen[name] = node.line
    given = fields.read("given", _read_given, {})
    return Case(
        name=name,
        line=node.line,
        locales=_read_locales(reading, fields, given),
        given=given,
        tags=fields.many("tags", read_tag),
        lists=fields.many("lists", read_slug),
        variants=fields.read("variant", _read_variants, {}),
        held_out=fields.read("holdout", read_bool, False),
        at=fields.read("at", read_moment, MONDAY_NOON),
        timezone=fields.read("timezone", read_zone, "UTC"),
        quiet_hours=fields.read("quiet_hours", read_hours, ("", "")),
        business_hours=fields.read("business_hours", read_business_hours, None),
        frequency_cap=fields.read("frequency_cap", read_cap, (0, 0)),
        operators_online=fields.read("operators_online", whole_number(0, 1_000), 1),
        beside=fields.many("with", read_slug),
        site=fields.read("site", read_data_mapping, {}),
        timeline=_read_timeline(reading, fields),
    )


def _read_timeline(reading: Reading, fields: Fields) -> tuple[TimelineItem, ...]:
    node = fields.node("timeline")
    if node is None:
        return fields.need("timeline", lambda _r, _n: (), ())
    items = read_list(reading, node, "“timeline”", read_item)
    if isinstance(node, Sequence) and not node.items:
        reading.error(node, "“timeline” holds nothing")
    return tuple(item for item in items if item is not None)


def _read_locales(reading: Reading, fields: Fields, given: dict[str, Any]) -> tuple[str, ...]:
    node = fields.node("locales")
    own = given.get("locale")
    if node is None:
        return (own,) if isinstance(own, str) and own else ("en",)
    if own is not None:
        reading.error(
            fields.key("locales"), "his language stands in “given” already", "leave one of them out"
        )
    locales = read_list(reading, node, "“locales”", read_locale)
    if isinstance(node, Sequence) and not node.items:
        reading.error(node, "“locales” holds nothing", "for example [en, ru]")
    return tuple(dict.fromkeys(locales)) or ("en",)


def _read_given(reading: Reading, node: YamlNode) -> dict[str, Any]:
    if isinstance(node, Mapping):
        for key, _ in node.pairs:
            if key.value in NOT_GIVEN:
                reading.error(key, f"{quoted(key.value)} cannot be given", NOT_GIVEN[key.value])
    return read_data_mapping(reading, node)


def _read_variants(reading: Reading, node: YamlNode) -> dict[str, str]:
    if not isinstance(node, Mapping):
        reading.error(node, "“variant” is a mapping of splits to variants", "for example {which-text: short}")
        return {}
    return {key.value: read_words(reading, value) for key, value in node.pairs}
