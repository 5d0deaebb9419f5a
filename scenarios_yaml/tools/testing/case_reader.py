"""From a test file to its cases: strict, and all problems of a file at once, each with its position."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.file_text import text_of_file
from scenarios_yaml.language.keys import Key, Keys, any_word, many, may, must, reads
from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.reading import Reading, TooManyProblemsError
from scenarios_yaml.language.scalars import (
    read_bool,
    read_moment,
    read_slug,
    read_tag,
    read_weekday,
    read_words,
    whole_number,
)
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode, compose
from scenarios_yaml.tools.testing.case_values import (
    read_business_hours,
    read_cap,
    read_data_mapping,
    read_holiday,
    read_hours,
    read_locale,
    read_zone,
)
from scenarios_yaml.tools.testing.cases import MONDAY_NOON, Case, TimelineItem
from scenarios_yaml.tools.testing.timeline_reader import read_item

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
    text = text_of_file(path)
    return TestsResult((), (text,)) if isinstance(text, Problem) else read_tests(text, str(path))


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
    reading.refuse_yaml(problems)
    if root is None:
        return ()
    if not isinstance(root, Sequence):
        reading.error(root, "a test file is a list of cases", "it begins with “- test: what is shown”")
        return ()
    if not root.items:
        reading.error(root, "there is no case in this file", "it begins with “- test: what is shown”")
    seen: dict[str, int] = {}
    return tuple(_read_case(reading, node, seen) for node in root.items)


def _read_locales(keys: CaseKeys) -> tuple[str, ...]:
    node = keys.node("locales")
    own = keys.given.get("locale")
    if node is None:
        return (own,) if isinstance(own, str) and own else ("en",)
    if own is not None:
        hint = "leave one of them out"
        keys.reading.error(keys.key("locales"), "his language stands in “given” already", hint)
    locales = keys.locales
    if isinstance(node, Sequence) and not node.items:
        keys.reading.error(node, "“locales” holds nothing", "for example [en, ru]")
    return tuple(dict.fromkeys(locales)) or ("en",)


def _read_timeline(keys: CaseKeys) -> tuple[TimelineItem, ...]:
    items = keys.timeline
    node = keys.node("timeline")
    if isinstance(node, Sequence) and not node.items:
        keys.reading.error(node, "“timeline” holds nothing")
    return tuple(item for item in items if item is not None)


@reads({"type": "object", "propertyNames": {"not": {"enum": list(NOT_GIVEN)}}})
def _read_given(reading: Reading, node: YamlNode) -> dict[str, Any]:
    if isinstance(node, Mapping):
        for key, _ in node.pairs:
            if key.value in NOT_GIVEN:
                reading.error(key, f"{quoted(key.value)} cannot be given", NOT_GIVEN[key.value])
    return read_data_mapping(reading, node)


@reads({"type": "object", "additionalProperties": any_word()})
def _read_variants(reading: Reading, node: YamlNode) -> dict[str, str]:
    if not isinstance(node, Mapping):
        reading.error(node, "“variant” is a mapping of splits to variants", "for example {which-text: short}")
        return {}
    return {key.value: read_words(reading, value) for key, value in node.pairs}


Data: TypeAlias = dict[str, Any]
Hours: TypeAlias = tuple[str, str]
NO_DATA: Data = {}
NO_HOURS: Hours = ("", "")
NO_VARIANTS: dict[str, str] = {}


class CaseKeys(Keys, what="a case"):
    test = must(read_words, "", "What it shows, in a sentence of its own.")
    locales = many(read_locale, "The languages in which it runs, one after the other: [en, ru].", least=1)
    given = may(_read_given, NO_DATA, "What is known of the visitor: {email: ann@shop.example, locale: ru}.")
    tags = many(read_tag, "Tags that he has already.")
    lists = many(read_slug, "Lists that he is on already.")
    variant = may(_read_variants, NO_VARIANTS, "Which variant of a split he takes: {which-text: short}.")
    holdout = may(read_bool, False, "true: he is one of those who are held out.")
    at_ = may(read_moment, MONDAY_NOON, "When it begins, in the project's time: 2026-03-02 12:00, a Monday.")
    timezone = may(read_zone, "UTC", "The project's time zone: Europe/Prague. The visitor's stands in given.")
    quiet_hours = may(read_hours, NO_HOURS, "When nobody is disturbed: 22:00-08:00.")
    business_hours: Key[Hours | None] = may(
        read_business_hours, None, "When the shop is open: 09:00-18:00, or closed."
    )
    open_on = many(
        read_weekday, "The days on which it opens, where that is not each: [mon, tue, wed, thu, fri]."
    )
    holidays = many(read_holiday, "Days on which the shop does not open: [12-25, 2026-04-03].")
    frequency_cap = may(read_cap, (0, 0), "How many messages a visitor gets at most: 2 in 1d.")
    operators_online = may(whole_number(0, 1_000), 1, "How many operators are there.")
    with_ = many(read_slug, "Other scenarios that run, too.")
    site = may(read_data_mapping, NO_DATA, "What is said of the shop: {name: Lamps}.")
    timeline = many(read_item, "What happens, and what must come of it.", needed=True, least=1)


def _read_case(reading: Reading, node: YamlNode, seen: dict[str, int]) -> Case:
    keys = CaseKeys(reading, node)
    name = keys.test
    if name in seen:
        reading.error(keys.key("test"), f"{quoted(name)} stands here twice, first in line {seen[name]}")
    elif name:
        seen[name] = node.line
    return Case(
        name=name,
        line=node.line,
        locales=_read_locales(keys),
        given=keys.given,
        tags=keys.tags,
        lists=keys.lists,
        variants=keys.variant,
        held_out=keys.holdout,
        at=keys.at_,
        timezone=keys.timezone,
        quiet_hours=keys.quiet_hours,
        business_hours=keys.business_hours,
        open_on=keys.open_on,
        holidays=keys.holidays,
        frequency_cap=keys.frequency_cap,
        operators_online=keys.operators_online,
        beside=keys.with_,
        site=keys.site,
        timeline=_read_timeline(keys),
    )
