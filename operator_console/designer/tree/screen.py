"""One scenario as a tree in plain words, with its file beside it and the cursor in the same place of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from operator_console.actions import Place, bindings
from operator_console.designer.around import DesignAround
from operator_console.designer.figures.in_tree import TreeFigures
from operator_console.designer.tree.browsing import Browsing
from operator_console.designer.tree.editing import Editing
from operator_console.designer.tree.header import TreeHeader
from operator_console.designer.tree.playing import Playing
from operator_console.designer.tree.problem_line import ProblemLine
from operator_console.designer.tree.publishing import Publishing
from operator_console.designer.tree.text_view import TextView
from operator_console.designer.tree.texting import Texting
from operator_console.designer.tree.view import TreeView
from operator_console.dirty_lines import DirtyLines
from operator_console.inbox.bars import HintBar
from operator_console.inbox.search_field import SearchField
from operator_console.translation import _, counted
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import Me, ScenarioFile

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

SEARCH_AFTER = 0.05


class TreeScreen(Texting, TreeFigures, Editing, Publishing, Playing, Browsing):
    """Over the file of one scenario as it lies on the desk; `title` and `status` are those of what runs."""

    PLACE: ClassVar[Place] = "tree"
    CSS_PATH = "tree.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("tree")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        me: Me,
        file: ScenarioFile,
        title: str,
        *,
        read_only: bool = False,
        around: DesignAround | None = None,
    ) -> None:
        super().__init__()
        self._compositor = DirtyLines()
        self.desk = desk
        self.around = around or DesignAround()
        self.read_only = read_only
        self.slug = file.slug
        self.title = title
        self.base = file.base
        self.document = Document(file.text, f"{file.slug}.yaml")
        self.saved = self.document.text
        self._me = me
        self._status = file.status
        self._came_from: list[str] = []
        """Places from which jumps were followed."""
        self._search_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield TreeHeader(id="tree-header")
        with Horizontal(id="tree-panes"):
            with Vertical(id="tree-left"):
                yield SearchField(id="tree-search", placeholder=_("words of the tree"))
                yield TreeView(id="tree-rows")
            with Vertical(id="tree-right"):
                yield TextView(id="tree-text")
                yield ProblemLine(id="tree-problem")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "tree", self.read_only or self._me.role == "operator"
        self.text_view.read_only = hints.read_only
        self.set_focus(self.tree_view)
        self.show_document()

    @property
    def tree_view(self) -> TreeView:
        """The tree."""
        return self.query_one(TreeView)

    @property
    def text_view(self) -> TextView:
        """The file."""
        return self.query_one(TextView)

    @property
    def header(self) -> TreeHeader:
        """The lines above."""
        return self.query_one(TreeHeader)

    def may_edit(self) -> bool:
        if self._me.role == "operator":
            self.tell(_("Scenarios are changed by marketers and admins."))
            return False
        return self.may_change()

    def show_header(self, errors: int, warnings: int) -> None:
        head = next(iter(self.tree_view.rows), None)
        if head is not None and head.kind == "head" and head.words[0].role == "strong":
            self.title = head.words[0].text
        header = self.header
        header.title, header.slug, header.status = self.title or self.slug, self.slug, self._status
        header.is_changed = self.is_changed
        header.errors, header.warnings = errors, warnings
        header.refresh()

    def note(self, text: str) -> None:
        self.header.note = text
        self.header.refresh()

    # --- Jumps ---

    @on(TreeView.Opened)
    def _opened(self) -> None:
        if self.read_only or self._me.role == "operator":
            self.tree_view.action_fold()
        else:
            self.action_edit()

    def action_follow(self) -> None:
        """To the step or block that the row leads to."""
        row = self.tree_view.row
        if row is None or not row.target:
            self.tell(_("This row leads nowhere else."))
            return
        self._came_from.append(row.place)
        self.tree_view.point_at(row.target)

    def action_return(self) -> None:
        """Back to where the last jump was followed."""
        if self._came_from:
            self.tree_view.point_at(self._came_from.pop())
        else:
            self.tell(_("No jump was followed."))

    def action_next_problem(self) -> None:
        if not self.tree_view.next_problem():
            self.tell(_("Nothing is wrong with this file."))

    # --- Search ---

    def action_search(self) -> None:
        field = self.query_one(SearchField)
        field.add_class("-shown")
        self.remove_class("-reading")
        self.set_focus(field)

    @on(Input.Changed)
    def _search_typed(self) -> None:
        if self._search_timer is not None:
            self._search_timer.stop()
        self._search_timer = self.set_timer(SEARCH_AFTER, self._search)

    def _search(self) -> None:
        words = self.query_one(SearchField).value.strip()
        found = self.tree_view.search(words)
        self.note(counted("{count} row has it", "{count} rows have it", found) if words else "")

    @on(Input.Submitted)
    def _search_entered(self) -> None:
        self._search()
        self.tree_view.focus()

    @on(SearchField.Ended)
    def _search_ended(self) -> None:
        self.action_back()

    def action_next_found(self, by: int) -> None:
        if not self.tree_view.next_found(by):
            self.tell(_("Nothing was searched, or nothing found. / searches."))

    # --- Focus ---

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.take_typed()
        hints = self.query_one(HintBar)
        is_tree = isinstance(event.widget, TreeView)
        hints.place = "rows" if is_tree else "search" if isinstance(event.widget, SearchField) else "card"
        if isinstance(event.widget, TextView) and not event.widget.read_only:
            hints.place = "text"
        hints.refresh()
        if is_tree:
            self.remove_class("-reading")

    def action_next_pane(self) -> None:
        if self.next_pane_of_play():
            return
        if self.text_view.has_focus:
            self.remove_class("-reading")
            self.tree_view.focus()
        else:
            self.add_class("-reading")
            self.text_view.focus()

    def action_back(self) -> None:
        field = self.query_one(SearchField)
        if not field.has_class("-shown") and self.back_from_play():
            return
        if self.text_view.has_focus:
            self.action_next_pane()
        elif field.has_class("-shown"):
            field.remove_class("-shown")
            field.value = ""
            self.tree_view.search("")
            self.note("")
            self.tree_view.focus()
        else:
            self.leave()

    def doer_of(self, action: str) -> Widget:
        return self.owner_in_play(action) or super().doer_of(action)
