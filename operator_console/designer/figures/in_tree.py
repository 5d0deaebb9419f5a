"""The figures of a scenario at the rows of its tree, live. A mixin of the tree's screen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from textual import on
from textual.timer import Timer

from operator_console.designer.figures.column import LEGENDS, node_words
from operator_console.designer.figures.lineage import Lineage, is_place
from operator_console.designer.figures.of_nodes import node_figures
from operator_console.designer.figures.periods import USUAL
from operator_console.designer.figures.story import behind_row
from operator_console.designer.figures.watching import FiguresWanted, Watch, WatchesFigures, WhoWanted
from operator_console.designer.outline.rows import Row
from operator_console.designer.tree.header import TreeHeader
from operator_console.designer.tree.view import TreeView
from operator_console.translation import _
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import ScenarioFigures

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

FOLLOWED_AFTER = 0.4
"""Seconds of rest after an edit until its steps are compared with those that were counted."""


Frame: TypeAlias = tuple[tuple[str, str], ...]


class TreeFigures(WatchesFigures):
    """`slug` is the scenario that is edited, `saved` its text as it lies on the desk."""

    desk: Desk
    document: Document
    slug: str
    saved: str
    _figures: ScenarioFigures | None = None
    _lineage: Lineage
    """From the first figures on."""
    _followed: Frame = ()
    """What stood where when the steps were followed."""
    _is_moved = False
    _origins_timer: Timer | None = None

    @property
    @abstractmethod
    def tree_view(self) -> TreeView:
        """The tree."""

    @property
    @abstractmethod
    def header(self) -> TreeHeader:
        """The lines above."""

    @abstractmethod
    def note(self, text: str) -> None:
        """Show a line below the title; `text` is raw."""

    def watched(self) -> Watch | None:
        return Watch(self.slug, USUAL) if self.tree_view.shows_figures else None

    def action_figures(self) -> None:
        """All figures of the scenario, on a screen of their own."""
        self.post_message(FiguresWanted(self.slug, self.title or self.slug))

    def action_who(self) -> None:
        """The visitors behind the number at the row."""
        row, figures = self.tree_view.row, self._figures
        behind = behind_row(row, figures, self._key_now) if row is not None and figures is not None else None
        if behind is None:
            self.tell(_("Nobody came here in the days whose figures stand at the rows."))
        else:
            self.post_message(WhoWanted(self.slug, self.title or self.slug, behind, USUAL))

    def action_node_figures(self) -> None:
        """Show the figures at the rows, or hide them: while they are hidden nobody counts them for this console."""
        is_shown = self.tree_view.switch_figures()
        self.ask_figures()
        self._show_legend()
        self.tell(_("Figures stand at the rows.") if is_shown else _("The rows stand without figures."))

    def show_figures(self, figures: ScenarioFigures) -> None:
        is_first, self._figures = self._figures is None, figures
        if is_first:
            self._lineage = Lineage(self.slug)
            self._find_origins()
        elif any(not self._lineage.knows(step.version) for step in figures.steps):
            self._find_origins()
        self._show_nodes()

    @on(TreeView.Shown)
    def _rows_shown(self) -> None:
        """The rows are other ones: what is known of them is shown at once, and where they come from after a rest."""
        if self._figures is None:
            return
        self._show_nodes()
        if self._origins_timer is not None:
            self._origins_timer.stop()
        self._origins_timer = self.set_timer(FOLLOWED_AFTER, self._find_origins)

    @on(TreeView.Pointed)
    def _tell_figures(self, event: TreeView.Pointed) -> None:
        """What the figures say of the row, in words, where nothing is wrong with it."""
        node = self.tree_view.figures_at(event.row.place)
        if node is not None and not event.row.problems:
            self.note(node_words(node))

    # --- Where the steps come from ---

    def _find_origins(self) -> None:
        self.ask(self._read_origins, group="figures", exclusive=True, quietly=True)

    async def _read_origins(self) -> None:
        text = self.document.text
        await self._lineage.publish(self.saved)
        await self._lineage.show(text)
        self._followed = _frame(self.tree_view.rows) if text == self.document.text else ()
        self._show_nodes()
        versions = {step.version for step in self._figures.steps} if self._figures is not None else set()
        if await self._lineage.learn(self.desk, versions):
            self._show_nodes()

    def _key_now(self, version: str, step: str) -> str:
        """As long as the rows have moved since the steps were followed, only those with ids are told."""
        key = self._lineage.key_now(version, step)
        return "" if self._is_moved and is_place(key) else key

    def _show_nodes(self) -> None:
        figures, view = self._figures, self.tree_view
        if figures is None:
            return
        self._is_moved = _frame(view.rows) != self._followed
        view.show_figures(node_figures(view.rows, figures, self._key_now))
        self._show_legend()

    def _show_legend(self) -> None:
        """Says above the tree what the figures at its rows are."""
        header, legend = self.header, LEGENDS[self.tree_view.wide]
        about = f"{_(legend)} · {USUAL.words}" if legend else ""
        if about != header.about_figures:
            header.about_figures = about
            header.refresh()


def _frame(rows: Sequence[Row]) -> Frame:
    """What stands where: while it is the same, no step has moved."""
    return tuple((row.place, row.kind) for row in rows)
