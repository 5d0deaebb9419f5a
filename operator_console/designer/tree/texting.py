"""The tree and its file, each showing what the other says: what is typed into the file is in the document at once, and
the tree follows after a rest; what is done in the tree stands in the file at once; the cursor is in the same place of
both.

A large file takes longer to be read as a whole than a key may. So its problems, and its tree where it could not be
parsed, are found in a thread; until then those that were known stay.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

from textual import on
from textual.timer import Timer

from operator_console.designer.outline.rows import Row, outline, remember
from operator_console.designer.tree.problem_line import ProblemLine
from operator_console.designer.tree.text_lines import Wrong
from operator_console.designer.tree.text_view import TextView
from operator_console.designer.tree.view import TreeView
from operator_console.inbox.asking import Asking
from operator_console.language_words import from_language
from operator_console.translation import _, spoken
from scenarios_yaml.language.editing.document import Document, Edit
from scenarios_yaml.language.problems import Problem

FOLLOWS_AFTER = 0.15
"""Seconds: so long a rest of typing, and the tree says what the file does."""
READ_AT_ONCE = 8_000
"""Characters: a file of more than that is read in a thread. So many take about 12 ms."""
READ_AT_OPENING = 40_000
"""The same for the first look at it: nobody types yet."""


class Texting(Asking):
    """A mixin of the tree's screen."""

    document: Document
    _known: Sequence[Problem] = ()
    """What is wrong with the file, as far as it is known: while one types, that of before."""
    _known_at: Mapping[str, tuple[Problem, ...]] = {}
    """The same by place."""
    _rest: Timer | None = None
    """Runs while somebody types."""
    _is_reading = False
    _is_opened = False

    @property
    @abstractmethod
    def tree_view(self) -> TreeView:
        """The tree."""

    @property
    @abstractmethod
    def text_view(self) -> TextView:
        """The file."""

    @abstractmethod
    def show_header(self, errors: int, warnings: int) -> None:
        """Show how the document stands, above the tree."""

    @abstractmethod
    def note(self, text: str) -> None:
        """Show a line below the title; `text` is raw."""

    @abstractmethod
    def may_edit(self) -> bool:
        """Whether this person may change scenarios; says so where not."""

    @abstractmethod
    def action_next_pane(self) -> None:
        """From the tree to the file, or back."""

    # --- From the document to both ---

    def show_document(self) -> None:
        """Show what stands in the document now, after a change that was not typed."""
        self.text_view.show(self.document.text)
        self._follow()
        self.note("")

    def _follow(self) -> None:
        """Lets the tree say what the document does: at once as far as that is quick."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        document = self.document
        if document.is_read or len(document.text) <= (READ_AT_ONCE if self._is_opened else READ_AT_OPENING):
            self._learn(outline(document, spoken()))
            return
        if document.come_after():
            self._show_rows(outline(document, spoken(), self._known_at))
        self._show_header()
        if not self._is_reading:
            self._is_reading = True
            self.run_worker(self._read(), group="reading", exit_on_error=True)

    async def _read(self) -> None:
        """Reads a large file in a thread; again where it has changed meanwhile, unless somebody types still."""
        try:
            while not self.document.is_read and self._rest is None and self.is_attached:
                other = Document(self.document.text, self.document.file)
                rows = await asyncio.to_thread(_read_whole, other)
                if self.is_attached and self.document.learn(other):
                    if self.document.root is other.root:
                        remember(self.document, other)
                    self._learn(rows)
        finally:
            self._is_reading = False

    def _learn(self, rows: Sequence[Row]) -> None:
        """Shows a document that was read: its rows, and what is wrong with it."""
        self._known, self._known_at = self.document.reading.problems, self.document.problems_at()
        wrong: dict[int, Wrong] = {}
        for problem in sorted(self._known, key=lambda one: one.severity != "error"):
            colour = "hot" if problem.severity == "error" else "warm"
            wrong.setdefault(problem.line, Wrong(colour, problem.column))
        self.text_view.show_wrong(wrong)
        self._show_rows(rows)
        self._show_header()
        self._tell_problem()
        if not self._is_opened:
            self._is_opened = True
            self._open_at_error()

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self.tree_view.show(rows)
        if self.text_view.has_focus:
            self._point_tree()

    def _show_header(self) -> None:
        errors = sum(problem.severity == "error" for problem in self._known)
        self.show_header(errors, len(self._known) - errors)

    def _open_at_error(self) -> None:
        """A file that is no YAML is mended as text."""
        if self.document.root is None and self._known:
            first = min(self._known, key=lambda one: (one.severity != "error", one.line))
            self.add_class("-reading")
            self.set_focus(self.text_view)
            # Not before it has its size, by which it scrolls.
            self.call_after_refresh(self.text_view.go_to, first.line, first.column)

    # --- From the text to the document ---

    @on(TextView.Typed)
    def take_typed(self) -> None:
        """Takes over what was typed. Called, too, before anything else is done to the document."""
        typed = self.text_view.take()
        if typed is None:
            return
        self.document.replace(typed)
        self._wait()

    def _wait(self) -> None:
        """The tree follows when nothing has been typed for a moment."""
        self._show_header()
        if self._rest is not None:
            self._rest.reset()
        else:
            self._rest = self.set_timer(FOLLOWS_AFTER, self._follow)

    @on(TextView.Wanted)
    async def _wanted(self, event: TextView.Wanted) -> None:
        self.take_typed()
        if event.doing == "undo":
            self._typed_back(self.document.take_back, _("There is nothing to undo."))
        elif event.doing == "redo":
            self._typed_back(self.document.make_again, _("There is nothing to do again."))
        else:
            await self.run_action(event.doing)

    def _typed_back(self, doing: Callable[[], Edit | None], nothing: str) -> None:
        if not self.may_edit():
            return
        edit = doing()
        if edit is None:
            self.tell(nothing)
            return
        self.text_view.show(self.document.text)
        self.text_view.go_to_offset(edit.start + len(edit.text))
        self._wait()

    # --- The cursor in both ---

    @on(TreeView.Pointed)
    def _pointed(self, event: TreeView.Pointed) -> None:
        row = event.row
        self.text_view.mark(*self._lines_of(self._place_typed_at() if not row.place else row.place, row.line))
        self._tell_problem()
        problem = next(iter(row.problems), None) if not self.text_view.has_focus else None
        self.note(f"{problem.line}: {from_language(problem.message)}" if problem is not None else "")

    def _place_typed_at(self) -> str:
        """The key of the file that the text's cursor is in, where one types there; else the empty place."""
        if not self.text_view.has_focus or not self.document.come_after():
            return ""
        row, column = self.text_view.cursor_location
        return self.document.place_at(row + 1, column + 1).partition(".")[0]

    def _lines_of(self, place: str, line: int) -> tuple[int, int]:
        """The first and the last line of a place; `line` where it cannot be told."""
        document, line = self.document, max(line, 1)
        if not place or not document.come_after():
            return line, line
        try:
            start, end = document.span(place)
        except KeyError:
            return line, line
        first = document.line_at(start)
        return first, max(document.line_at(max(end - 1, start)), first)

    @on(TextView.Pointed)
    def _text_pointed(self) -> None:
        self._tell_problem()
        if self._rest is None and not self.text_view.is_ahead and self.text_view.has_focus:
            self._point_tree()

    def _point_tree(self) -> None:
        """To the row of what stands at the text's cursor."""
        row, column = self.text_view.cursor_location
        if not self.document.come_after() or self.document.root is None:
            self.tree_view.point_at_line(row + 1)
        else:
            self.tree_view.point_at(self.document.place_at(row + 1, column + 1))

    def _tell_problem(self) -> None:
        self.query_one(ProblemLine).tell(self._known, self.text_view.cursor_location[0] + 1)


def _read_whole(document: Document) -> tuple[Row, ...]:
    """Finds out all about a document that nobody else has."""
    return outline(document, spoken())
