"""The tree and its file, each showing what the other says: what is typed into the file, the tree follows after a rest;
what is done in the tree stands in the file at once; the cursor is in the same place of both.
"""

from __future__ import annotations

from abc import abstractmethod

from textual import on

from operator_console.designer.outline.rows import outline
from operator_console.designer.tree.text_view import TextView
from operator_console.designer.tree.view import TreeView
from operator_console.inbox.asking import Asking
from operator_console.translation import spoken
from scenarios_yaml.language.editing.document import Document


class Texting(Asking):
    """A mixin of the tree's screen."""

    document: Document

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

    def show_document(self) -> None:
        """Show what stands in the document now."""
        problems = self.document.reading.problems
        wrong = {
            problem.line: "hot" if problem.severity == "error" else "warm" for problem in reversed(problems)
        }
        self.text_view.show(self.document.text, wrong)
        self.tree_view.show(outline(self.document, spoken()))
        errors = sum(problem.severity == "error" for problem in problems)
        self.show_header(errors, len(problems) - errors)
        self.note("")

    # --- The cursor in both ---

    @on(TreeView.Pointed)
    def _pointed(self, event: TreeView.Pointed) -> None:
        row = event.row
        if row.kind == "broken" and not row.place:
            self.text_view.mark(row.line, row.line)
        else:
            self.text_view.mark(*self._lines_of(row.place, row.line))
        problem = next(iter(row.problems), None)
        self.note(f"{problem.line}: {problem.message}" if problem is not None else "")

    def _lines_of(self, place: str, line: int) -> tuple[int, int]:
        try:
            start, end = self.document.span(place) if place else (0, 0)
        except KeyError:
            return line, line
        text = self.document.text
        first = text.count("\n", 0, start) + 1
        return (first, first + max(text.count("\n", start, max(end - 1, start)), 0)) if place else (1, 1)

    @on(TextView.Pointed)
    def _line_clicked(self, event: TextView.Pointed) -> None:
        self.tree_view.point_at(self.document.place_at(event.line))
