"""From a segment's file, `segments/<slug>.yaml`, to the model: as strict as the reader of scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from scenarios_yaml.language.condition_tokens import ConditionError, tokenize
from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.file_text import check_file_name, text_of_bytes, text_of_file
from scenarios_yaml.language.keys import Keys, may, must
from scenarios_yaml.language.model import Condition, Segment
from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.reading import Reading, TooManyProblemsError
from scenarios_yaml.language.scalars import read_comment, read_slug
from scenarios_yaml.language.text_reading import NOTHING, read_text
from scenarios_yaml.language.version import version_of
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode, compose

NO_CONDITIONS: tuple[Condition, ...] = ()
FOREIGN_ROOTS = {
    "event": ("a segment has no event", "“event.…” is what triggered a scenario; did EVENT looks back"),
    "run": ("a segment has no run", "“run.…” is what a scenario's run has saved; visitor.… stays"),
    "parameters": ("a segment has no parameters", "write the value itself"),
}
"""What only a run of a scenario has: what is said of it, and what to do."""


class SegmentKeys(Keys, what="a segment"):
    segment = must(read_slug, "", "Its name: that of the file, without .yaml.")
    title = must(read_text, NOTHING, "What people call it.")
    comment = may(read_comment, "", "A note of the author.")
    conditions = must(read_conditions, NO_CONDITIONS, "A visitor is in it while all of these hold.")


class SegmentResult(Struct, frozen=True):
    """`segment` is None where `problems` holds an error; warnings alone leave it there."""

    segment: Segment | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def read_segment_file(path: str | Path) -> SegmentResult:
    """Reads one file. A file that is missing, unreadable or not UTF-8 is a problem of the result, not an
    exception."""
    text = text_of_file(path)
    return SegmentResult(None, (text,)) if isinstance(text, Problem) else read_segment(text, str(path))


def read_segment_bytes(data: bytes, file: str = "") -> SegmentResult:
    """Like `read_segment`, from the bytes of a file: UTF-8, with or without a byte order mark."""
    text = text_of_bytes(data, file)
    return SegmentResult(None, (text,)) if isinstance(text, Problem) else read_segment(text, file)


def read_segment(text: str, file: str = "") -> SegmentResult:
    """Reads a segment. `file` names it in problems; its stem must be the slug (`-` and `_` count as one).

    Never raises, whatever the text: what is wrong with it is in `problems`.
    """
    reading = Reading(text.removeprefix("\ufeff"), file)
    reading.may_have_parameters = False
    try:
        segment = _read(reading)
    except TooManyProblemsError:
        return SegmentResult(None, reading.too_many())
    return SegmentResult(None if reading.has_errors else segment, reading.all_problems())


def _read(reading: Reading) -> Segment | None:
    root, problems = compose(reading.text)
    reading.refuse_yaml(problems)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        hint = "it begins with “segment: its-name”"
        reading.error(root, "a segment is a mapping of keys to values", hint)
        return None
    keys = SegmentKeys(reading, root)
    check_file_name(reading, keys.node("segment"), "segment", keys.segment)
    written = keys.node("conditions")
    if written is not None:
        _refuse_foreign(reading, written, keys.segment)
    return Segment(
        slug=keys.segment,
        title=keys.title,
        version=version_of(root),
        conditions=keys.conditions,
        comment=keys.comment,
    )


def _refuse_foreign(reading: Reading, node: YamlNode, slug: str) -> None:
    """Reports what no segment can look at."""
    for line in _lines(node):
        for offset, message, hint in _foreign(line.value, slug):
            reading.error_inside(line, offset, message, hint)


def _lines(node: YamlNode) -> Iterator[Scalar]:
    """The condition lines below a node, in the order of the file."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for _, value in node.pairs:
            yield from _lines(value)
    else:
        for item in node.items:
            yield from _lines(item)


def _foreign(line: str, slug: str) -> Iterator[tuple[int, str, str]]:
    """Offset, message and hint. A parameter as a value is refused by the reader of the line itself."""
    try:
        tokens = tokenize(line)
    except ConditionError:
        return  # said where the condition is read
    for number, token in enumerate(tokens):
        before = [earlier.text for earlier in tokens[max(0, number - 2) : number]]
        root, dot, _ = token.text.partition(".")
        counted = before[-1:] == ["where"] and tokens[0].text == "did"
        if token.kind == "word" and dot and root in FOREIGN_ROOTS and (not number or counted):
            if not (counted and root == "event"):
                yield token.start, *FOREIGN_ROOTS[root]
        elif slug and token.text == slug and before == ["in", "segment"]:
            yield (
                token.start,
                f"the segment {quoted(slug)} names itself",
                "nobody could ever know who is in it",
            )
