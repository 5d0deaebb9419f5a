"""Where a branch may stand in a scenario, and how it comes there: as one change, which can be undone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from operator_console.designer.from_dialog.branching import Branch, keyword_of
from operator_console.designer.outline.rows import Row, outline
from operator_console.translation import _, spoken
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain
from scenarios_yaml.language.steps import KINDS

NEW = """\
scenario: {slug}
title: {slug}
status: draft
trigger:
  - event: Chat Opened
steps:
  - say: {slug}
"""


class Spot(Struct, frozen=True):
    """A list of the file and a number in it. `is_answer`: the branch stands behind an answer there, whose words are
    what the visitor wrote first. `said` is how the spot is called, clean."""

    list_place: str
    index: int
    said: str
    is_answer: bool = False


def spots(document: Document, branch: Branch) -> tuple[Spot, ...]:
    """Where it may stand: behind a new answer of each question, where the visitor began; at the end; after each step.
    Nowhere in a file that YAML cannot read."""
    if document.root is None:
        return ()
    rows = outline(document, spoken())
    steps = [row for row in rows if row.kind in KINDS and row.place.rpartition(".")[2].isdigit()]
    answers = [_answer_spot(row, rows) for row in steps if row.kind == "say" and branch.opening]
    after = [
        Spot(above, int(number) + 1, _("after: {step}").format(step=row.text))
        for row in steps
        for above, _dot, number in (row.place.rpartition("."),)
    ]
    ends = [Spot("steps", _length(document, "steps"), _("at the end"))]
    return (*(one for one in answers if one is not None), *ends, *after)


def _answer_spot(question: Row, rows: Sequence[Row]) -> Spot | None:
    """A new answer below those that a question has."""
    options = f"{question.place}.options"
    count = sum(row.kind == "option" and row.place.rpartition(".")[0] == options for row in rows)
    if not count:
        return None
    said = _("a new answer to: {step}").format(step=question.text)
    return Spot(options, count, said, is_answer=True)


def put_in(document: Document, branch: Branch, spot: Spot) -> str:
    """Put the branch there, as one step of undo; the place of its first row. Raises CannotEditError, and changes
    nothing then."""
    if not branch.steps and not spot.is_answer:
        raise CannotEditError(_("nothing was said that a bot could say"))
    with document.group():
        if spot.is_answer:
            answer: dict[str, Plain] = {"label": branch.opening}
            if branch.steps:
                answer["steps"] = list(branch.steps)
            return document.insert(spot.list_place, spot.index, answer)
        for number, step in enumerate(branch.steps):
            document.insert(spot.list_place, spot.index + number, step)
    return f"{spot.list_place}.{spot.index}"


def new_scenario(title: str, slug: str) -> str:
    """A draft for a branch to be put into by `fill`. Raises CannotEditError where such a title cannot be written."""
    document = Document(NEW.format(slug=slug), f"{slug}.yaml")
    with document.group():
        document.put("title", title)
        document.put("steps.0.say", _("Hello!"))
    return document.text


def fill(document: Document, branch: Branch) -> str:
    """Let a new draft be the branch and nothing else, and begin with what the visitor wrote, where that is short; as
    one step of undo; the place of its first row. Raises CannotEditError, and changes nothing then."""
    if not branch.steps:
        raise CannotEditError(_("nothing was said that a bot could say"))
    keyword = keyword_of(branch.opening)
    with document.group():
        if keyword:
            document.put("trigger", [{"keyword": [keyword]}])
        document.put("steps", list(branch.steps))
    return "steps.0"


def _length(document: Document, place: str) -> int:
    try:
        there = document.value(place)
    except KeyError:
        return 0
    return len(there) if isinstance(there, list) else 0
