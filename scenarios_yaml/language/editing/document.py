"""A scenario's text that is edited: what it says, where each thing of it stands, and changes that touch nothing else.

The text is the truth; all else is derived from it when it is asked for. A place is a path in the file, keys and numbers
with dots: `title`, `trigger.0`, `steps.2.options.0.steps.1`, `blocks.helped.0`; "" is the whole file.

Each change is one step of undo. It is carried out on the text, and kept only where the text then says just what was
meant; else CannotEditError is raised and nothing has changed. A file that YAML cannot read is changed by `replace`.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scenarios_yaml.language.editing.changes import Changes
from scenarios_yaml.language.editing.edits import trimmed
from scenarios_yaml.language.editing.history import Change, History
from scenarios_yaml.language.editing.meaning import Meant, says
from scenarios_yaml.language.editing.plain import CannotEditError, Plain, plain
from scenarios_yaml.language.editing.positions import (
    deepest_place,
    line_starts,
    main_edit,
    offset_of,
    place_of_edit,
)
from scenarios_yaml.language.editing.recompose import Composed, Edit, Piece, Whole, carry_out, pieces, plans
from scenarios_yaml.language.editing.spans import find, span_of, start_of
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import ReadResult, read_composed
from scenarios_yaml.language.yaml_nodes import Mapping

__all__ = ["CannotEditError", "Document", "Edit", "Plain"]

TYPING = 1_000
"""Milliseconds: what is typed so soon after other typing is undone together with it."""

MOST_PIECES = 8
"""So many edits are parsed one by one when they are taken back; more, as of much typing, as one."""


def _now() -> int:
    return time.monotonic_ns() // 1_000_000


class Document:
    """A text that is edited. `clock` says the time in ms, for what is typed by hand."""

    def __init__(self, text: str, file: str = "", clock: Callable[[], int] = _now) -> None:
        self.file = file
        self._clock = clock
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._body = text.removeprefix(self._mark)
        self._composed: Composed | None = None
        self._composed_of = ""
        """The body that the nodes are of: while somebody types they may lag behind."""
        self._reading: ReadResult | None = None
        self._problems: dict[str, tuple[Problem, ...]] | None = None
        self._starts: list[int] | None = None
        self._history = History()
        self._group: Change | None = None
        self._revision = 0
        self._changes = Changes(self)

    # --- What it says ---------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """As it lies on disk, byte order mark and line ends kept."""
        return self._mark + self._body

    @property
    def body(self) -> str:
        """The text without a byte order mark, to which the positions of the nodes refer."""
        return self._body

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        return self._revision

    @property
    def composed(self) -> Composed:
        """The nodes, and what is wrong with the YAML."""
        if self._composed is None:
            self._composed, self._composed_of = Composed.of(self._body), self._body
        elif self._composed_of != self._body:
            before, edit = self._composed_of, self._lag()
            self._recompose(next(plans(self._composed, before, edit, self._body)), before, edit)
        return self._composed

    @property
    def is_read(self) -> bool:
        """Whether `reading` and `problems_at` are known already."""
        return self._reading is not None

    def come_after(self) -> bool:
        """Brings the nodes to what was typed, where parsing a piece of the text is enough for that; whether they are
        there. The whole text is left to whoever asks for the nodes, or to `learn`."""
        if self._composed is None or self._composed_of == self._body:
            return self._composed is not None
        before, edit = self._composed_of, self._lag()
        plan = next(pieces(self._composed, before, edit, self._body), None)
        if plan is not None:
            self._recompose(plan, before, edit)
        return plan is not None

    def learn(self, other: Document) -> bool:
        """Takes what another document has found out about the same text, in a thread perhaps; whether it is the same.
        Its nodes are this one's from now on: the other is not to be used any more."""
        if other.text != self.text:
            return False
        if self._composed is None or self._composed_of != self._body:
            self._composed, self._composed_of = other.composed, self._body
        self._reading, self._problems = other.reading, other.problems_at()
        return True

    @property
    def root(self) -> Mapping | None:
        """The nodes with their positions; None where YAML cannot read the text, or it is no mapping.

        Nodes are used again after an edit, and moved in place: what is kept of one is compared by what it says.
        """
        root = self.composed.root
        return root if isinstance(root, Mapping) else None

    @property
    def reading(self) -> ReadResult:
        """The scenario, or None, and all problems of the text. The dear one: it is made when it is asked for."""
        if self._reading is None:
            composed = self.composed
            self._reading = read_composed(self._body, self.file, composed.root, composed.problems)
        return self._reading

    def value(self, place: str) -> Plain:
        """What stands at a place, as it is written: strings, lists and mappings. Raises KeyError where nothing does."""
        if self.root is None:
            raise KeyError(place)
        return plain(find(self.root, place).node)

    def span(self, place: str) -> tuple[int, int]:
        """Where all of a place begins and ends in `text`: from the beginning of its first line, comments right above
        it at its indentation among it, to the end of its last. In braces just the item. Raises KeyError."""
        if self.root is None:
            raise KeyError(place)
        start, end = span_of(self._body, find(self.root, place))
        return (start + len(self._mark) if place else 0), end + len(self._mark)

    def line(self, place: str) -> int:
        """The line, from 1, where its key or its `-` stands. Raises KeyError."""
        if self.root is None:
            raise KeyError(place)
        found = find(self.root, place)
        if found.above is None:
            return found.node.line
        return bisect_right(self._lines(), start_of(self._body, found))

    def line_at(self, offset: int) -> int:
        """The line, from 1, in which a character of `text` stands."""
        return bisect_right(self._lines(), max(offset - len(self._mark), 0))

    def place_at(self, line: int, column: int = 1) -> str:
        """The deepest place at a position, both from 1: that of the key, the item or the value that stands there, or
        that stands above it. A position outside is the nearest one inside."""
        if self.root is None:
            return ""
        return deepest_place(self._body, self.root, offset_of(self._body, self._lines(), line, column))

    def problems_at(self) -> dict[str, tuple[Problem, ...]]:
        """Errors and warnings by the place where they stand, in the order of the file."""
        if self._problems is None:
            found: dict[str, list[Problem]] = {}
            for problem in self.reading.problems:
                found.setdefault(self.place_at(problem.line, problem.column), []).append(problem)
            self._problems = {place: tuple(problems) for place, problems in found.items()}
        return self._problems

    # --- Changes --------------------------------------------------------------------------------------------

    def put(self, place: str, value: Plain) -> None:
        """Replaces a value; adds the key where it is missing, in the order of the language, and the mappings that
        hold it. What stays the same in it keeps its layout. Raises CannotEditError."""
        with self.group():
            self._changes.put(place, value)

    def drop(self, place: str) -> None:
        """Takes an item or a key away, with its comments. A list that is left empty goes with its key, where that may
        be left out. Raises CannotEditError."""
        with self.group():
            self._changes.drop(place)

    def insert(self, list_place: str, index: int, value: Plain) -> str:
        """Puts a new item into a list, which is made where it is missing. The place that it got. Raises
        CannotEditError."""
        with self.group():
            return self._changes.insert(list_place, index, value)

    def move(self, place: str, list_place: str, index: int) -> str:
        """Moves an item within its list or into another, with its comments. `list_place` is as it was before, `index`
        counts the items without the moved one. The place that it got. Raises CannotEditError."""
        with self.group():
            return self._changes.move(place, list_place, index)

    def duplicate(self, place: str) -> str:
        """Puts a copy below an item, or below a block or a parameter; ids that would stand twice are made new
        (`letter-2`), and jumps inside it follow the copies. The copy's place. Raises CannotEditError."""
        with self.group():
            return self._changes.duplicate(place)

    def copy(self, place: str) -> str:
        """An item or a key as YAML of its own, from the first column on, comments included. Raises KeyError."""
        if self.root is None:
            raise KeyError(place)
        return self._changes.copy(place)

    def paste(self, list_place: str, index: int, fragment: str) -> str:
        """Puts what was copied, here or elsewhere, into a list; ids that are taken are made new. The place of its first
        item. Raises CannotEditError."""
        with self.group():
            return self._changes.paste(list_place, index, fragment)

    def rename(self, place: str, name: str) -> None:
        """Gives a step its id, or a block its name, and changes all of this file that names it: jumps, calls, and
        conditions like `opened this-scenario.letter`. Raises CannotEditError where the name is none, or is taken."""
        with self.group():
            self._changes.rename(place, name)

    def enable(self, place: str, enabled: bool) -> None:
        """Switches a step on or off by its key `enabled`. Raises CannotEditError."""
        with self.group():
            self._changes.enable(place, enabled)

    def replace(self, text: str) -> None:
        """The whole text anew, as somebody has typed it. What is typed within a second is one step of undo."""
        body = text.removeprefix("\ufeff")
        self._mark = "\ufeff" if text.startswith("\ufeff") else self._mark
        edit = trimmed(self._body, Edit(0, len(self._body), body))
        if edit.start == edit.end and not edit.text:
            return
        change = Change([edit], [self._inverse(edit)], self._clock())
        self._write(edit)
        if self._group is not None:
            self._group.done += change.done
            self._group.back += change.back
        else:
            self._history.add(change, TYPING)

    @contextmanager
    def group(self) -> Iterator[None]:
        """Several changes as one step of undo. Where one of them raises, none has happened; in a group inside a group,
        none of the inner one."""
        is_outer = self._group is None
        group = self._group = self._group or Change([], [])
        before = len(group.done)
        try:
            yield
        except BaseException:
            while len(group.done) > before:
                group.done.pop()
                self._carry_out(group.back.pop())
            raise
        finally:
            if is_outer:
                self._group = None
                if group.done:
                    self._history.add(group)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self._history.can_redo

    def undo(self) -> str | None:
        """Takes the last change back; the place where the text changed, None where there is nothing to undo."""
        change = self._history.back()
        return None if change is None else self._repeat(list(reversed(change.back)))

    def redo(self) -> str | None:
        """Makes the change again that was taken back last; as `undo`."""
        change = self._history.forth()
        return None if change is None else self._repeat(change.done)

    def take_back(self) -> Edit | None:
        """As `undo`, without asking for the nodes: the edit of `body` after which a cursor may stand."""
        change = self._history.back()
        return None if change is None else self._write_all(list(reversed(change.back)))

    def make_again(self) -> Edit | None:
        """As `redo`, and `take_back`."""
        change = self._history.forth()
        return None if change is None else self._write_all(change.done)

    # --- How an edit is carried out -------------------------------------------------------------------------

    def make(self, edit: Edit, meant: Meant) -> None:
        """Carries out one edit of a group. Raises CannotEditError where the text would not say what is meant; then
        nothing has changed."""
        edit = trimmed(self._body, edit)
        after = edit.on(self._body)
        composed, group = self.composed, self._group
        if composed.root is None or group is None:
            raise CannotEditError("the file cannot be read")
        ends_open = not self._body.endswith(("\n", "\r"))
        for plan in plans(composed, self._body, edit, after):
            if says(plan, composed.root, meant, ends_open=ends_open):
                group.back.append(self._inverse(edit))
                group.done.append(edit)
                self._accept(plan, edit)
                return
        raise CannotEditError(
            "this cannot be written there so that it is read as it is meant: edit the text by hand"
        )

    def _lines(self) -> list[int]:
        if self._starts is None:
            self._starts = line_starts(self._body)
        return self._starts

    def _inverse(self, edit: Edit) -> Edit:
        return Edit(edit.start, edit.start + len(edit.text), self._body[edit.start : edit.end])

    def _lag(self) -> Edit:
        """What was typed since the nodes were made, as one edit."""
        return trimmed(self._composed_of, Edit(0, len(self._composed_of), self._body))

    def _carry_out(self, edit: Edit) -> None:
        before, after = self._body, edit.on(self._body)
        plan = next(plans(self.composed, before, edit, after))
        self._write(edit)
        self._recompose(plan, before, edit)

    def _accept(self, plan: Whole | Piece, edit: Edit) -> None:
        before = self._body
        self._write(edit)
        self._recompose(plan, before, edit)

    def _recompose(self, plan: Whole | Piece, before: str, edit: Edit) -> None:
        """Makes the nodes those of the body, which `edit` has made of `before`."""
        if isinstance(plan, Whole):
            self._composed = plan.composed
        elif self._composed is not None:
            self._composed = carry_out(self._composed, plan, before, edit, self._body)
        self._composed_of = self._body

    def _write(self, edit: Edit) -> None:
        """Changes the text; the nodes come after when they are asked for."""
        self._body = edit.on(self._body)
        self._reading = self._problems = self._starts = None
        self._revision += 1

    def _write_all(self, edits: list[Edit]) -> Edit:
        for edit in edits:
            self._write(edit)
        return main_edit(edits)

    def _repeat(self, edits: list[Edit]) -> str:
        if len(edits) > MOST_PIECES:
            self._write_all(edits)
        else:
            for edit in edits:
                self._carry_out(edit)
        return "" if self.root is None else place_of_edit(self._body, self.root, main_edit(edits))
