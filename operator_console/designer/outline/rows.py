"""A scenario as rows of a tree in plain words, in reading order: when, for whom, until when, what happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from weakref import WeakKeyDictionary

from msgspec import Struct

from operator_console.designer.outline.branch_rows import steps_rows
from operator_console.designer.outline.building import Building, Draft, child
from operator_console.designer.outline.head_rows import head_rows
from operator_console.designer.outline.memory import Memory, Telling, said_by
from operator_console.designer.outline.read_parts import Gap, Parts, read_head, read_parts
from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Word, plain
from operator_console.safe_text import safe_line
from operator_console.translation import _, spoken
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import ReadResult
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.language.yaml_nodes import Mapping as MappingNode


class Outlined(Protocol):
    """What is asked of a document: `scenarios_yaml.language.editing.document.Document` is one."""

    @property
    def text(self) -> str: ...
    @property
    def reading(self) -> ReadResult: ...
    @property
    def root(self) -> MappingNode | None: ...
    def problems_at(self) -> dict[str, tuple[Problem, ...]]: ...


class Row(Struct, frozen=True):
    """One row of the tree.

    `place` is where it stands in the file (`steps.2.options.0`), the empty one that of the whole file. `kind` is
    "head", "trigger", "audience", "exit", "goal", "condition", "steps", a step's kind, "branch", "option", "case",
    "variant", "block" or "broken". `line` counts from 1.
    """

    place: str
    depth: int
    kind: str
    words: tuple[Word, ...]
    step: str = ""
    """The key of the model's step that it is, or a branch of: figures and traces name it by that."""
    branch: str = ""
    """Which of the step's branches: an option's id, a variant's name, `case 2`, or the key of the file."""
    line: int = 0
    enabled: bool = True
    comment: str = ""
    problems: tuple[Problem, ...] = ()
    can_fold: bool = False
    """Rows stand below it."""
    may_hold: tuple[str, ...] = ()
    """Kinds of rows, or keys of branches, that may be added below it: `choices.what_may_stand` names them."""
    below: str = ""
    """The list of the file into which rows of `may_hold` that are items go; empty where it has none."""
    target: str = ""
    """The place where a jump leads, in this file."""

    @property
    def text(self) -> str:
        """What it says, without colours."""
        return plain(self.words)


def outline(
    document: Outlined, language: str, problems: Mapping[str, tuple[Problem, ...]] | None = None
) -> tuple[Row, ...]:
    """The rows of a document in the console's language; texts of the file in `language`, where it has them.

    Never raises. Of a file with errors it is what could be read, with rows of the kind "broken" for the rest. What was
    told before of the same document is remembered: after an edit only what has changed is read. `problems` are by
    place; None asks the document, which may have to read the whole file for them.
    """
    parts = read_parts(document.text) if document.root is None else Parts(document.root)
    building = Building()
    if parts.root is None:
        building.add("", 0, "broken", (Word(_("This file cannot be read as a tree."), "bad"),), 1)
    else:
        _tell(building, parts.root, document, language, reads_anyhow=problems is None)
    _fill_gaps(building, parts.gaps)
    there = document.problems_at() if problems is None else problems
    return _rows(building.drafts, building.targets, there)


def remember(document: Outlined, other: Outlined) -> None:
    """From now on what was told of `other`, in a thread perhaps, is remembered of `document`, which says the same."""
    if other in _MEMORIES:
        _MEMORIES[document] = _MEMORIES[other]


_MEMORIES: WeakKeyDictionary[Outlined, Memory] = WeakKeyDictionary()


def _tell(
    building: Building, root: MappingNode, document: Outlined, language: str, *, reads_anyhow: bool
) -> None:
    """Makes the rows of all that was read. Where the whole file is read anyhow, nothing is read twice."""
    head = read_head(document.text, root)
    building.shown = TextsShown.of(language, head.scenario.parameters)
    memory = _MEMORIES.setdefault(document, Memory())
    said_in = (language, spoken(), said_by(child(root, "parameters")))
    is_same = memory.said_in == said_in
    before = memory.told if is_same else {}
    telling = Telling(head.reading, building.shown, before, kept_before=memory.kept if is_same else {})
    if reads_anyhow and not before and (scenario := document.reading.scenario) is not None:
        sequences = (scenario.steps, *(steps for _name, steps in scenario.blocks))
        telling.read = {step.path: step for step in all_steps(sequences)}
    head_rows(building, head.scenario, root)
    steps_rows(building, telling, root)
    memory.said_in, memory.told, memory.kept = said_in, telling.now, telling.kept


def _fill_gaps(building: Building, gaps: tuple[Gap, ...]) -> None:
    """Puts in the lines that YAML could not take, each before the first row of a later line."""
    for gap in gaps:
        at = next((number for number, draft in enumerate(building.drafts) if draft.line > gap.line), None)
        index = len(building.drafts) if at is None else at
        depth = building.drafts[index - 1].depth if index else 0
        words = (Word(safe_line(gap.text) or "…", "bad"),)
        building.drafts.insert(index, Draft("", depth, "broken", words, gap.line))


def _rows(
    drafts: list[Draft], targets: dict[str, str], problems: Mapping[str, tuple[Problem, ...]]
) -> tuple[Row, ...]:
    at = _problems_by_row(drafts, problems)
    last = len(drafts) - 1
    return tuple(
        _row(
            draft,
            tuple(at[number]) if number in at else (),
            number < last and drafts[number + 1].depth > draft.depth,
            targets.get(draft.jump, "") if draft.jump else "",
        )
        for number, draft in enumerate(drafts)
    )


def _row(draft: Draft, problems: tuple[Problem, ...], can_fold: bool, target: str) -> Row:
    """The row of a draft; the one that it has made before, where it is the same."""
    row = draft.row
    if row is None or problems or row.can_fold != can_fold or row.target != target:
        row = Row(
            draft.place,
            draft.depth,
            draft.kind,
            draft.words,
            draft.step,
            draft.branch,
            draft.line,
            draft.enabled,
            draft.comment,
            problems,
            can_fold,
            draft.may_hold,
            draft.below,
            target,
        )
        draft.row = None if problems else row
    return row


def _problems_by_row(
    drafts: list[Draft], problems: Mapping[str, tuple[Problem, ...]]
) -> dict[int, list[Problem]]:
    """Each problem at the row of its place or of the nearest one above; of a line that is no YAML at its own row."""
    if not problems:
        return {}
    rows: dict[str, int] = {}
    gaps: dict[int, int] = {}
    for number, draft in enumerate(drafts):
        if draft.kind == "broken" and not draft.place:
            gaps[draft.line] = number
        rows.setdefault(draft.place, number)
    found: dict[int, list[Problem]] = {}
    for place, there in problems.items():
        row = rows[nearest_place(rows, place)]
        for problem in there:
            found.setdefault(gaps.get(problem.line, row), []).append(problem)
    return found


def nearest_place(places: dict[str, int], place: str) -> str:
    """The place itself, or the nearest around it that is there; else the empty one, which always is."""
    while place and place not in places:
        place = place.rpartition(".")[0]
    return place
