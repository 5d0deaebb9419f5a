"""The tree on the screen: 2,000 rows by the line API, folded and searched, with a cursor that stays at its place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.designer.figures.column import CELLS, ColumnPainter, Wide, width_for
from operator_console.designer.figures.of_nodes import NodeFigures
from operator_console.designer.outline.finding import look_up, row_of_place, row_of_step, subtree
from operator_console.designer.outline.rows import Row
from operator_console.designer.tree.row_lines import GROUNDS, Played, RowState, TreePainter
from operator_console.inbox.whole_lines import WholeLines
from operator_console.themes import palette_of

MOST_KEPT = 400
"""Rows whose painted words are kept: some screens."""


class TreeView(WholeLines, ScrollView, can_focus=True):
    """Shows rows; knows nothing of the document that they come from."""

    DEFAULT_CSS = """
    TreeView { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list"), *bindings("rows")]

    @dataclass
    class Pointed(Message):
        """The cursor stands on another row. Only the last of several matters."""

        row: Row

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TreeView.Pointed)

    @dataclass
    class Shown(Message):
        """The rows are other ones, or the same after an edit."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TreeView.Shown)

    @dataclass
    class Opened(Message):
        """Enter, or a second click, on a row."""

        row: Row

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._shown: list[int] = []
        """The numbers of the rows that are not folded away."""
        self._cursor = 0
        """Among the shown ones."""
        self._folded: set[str] = set()
        self._query = ""
        """What was searched last."""
        self._found: tuple[int, ...] = ()
        self._hovered = -1
        self._painter: TreePainter | None = None
        self._figures: Mapping[str, NodeFigures] = {}
        self._has_figures: bool | None = None
        """Whether they stand at the rows; None: where there is room for them."""
        self._column: ColumnPainter | None = None
        self._kept: dict[Hashable, tuple[Row, Strip]] = {}
        """The words of rows as they were painted, by all that their look depends on."""
        self._standing: frozenset[str] = frozenset()
        self._walked: frozenset[str] = frozenset()
        self._ways: frozenset[str] = frozenset()

    # --- Rows in ---

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows, or the same after an edit: the cursor stays at its place or the nearest above it."""
        place = self.row.place if self.row is not None else ""
        self._rows, self._found = rows, look_up(rows, self._query)
        self._folded &= {row.place for row in rows if row.can_fold}
        self._arrange()
        if rows:
            self.point_at(place)
        self.post_message(self.Shown())

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._shown[self._cursor]] if self._shown else None

    @property
    def rows(self) -> Sequence[Row]:
        """All rows, folded ones too."""
        return self._rows

    def point_at(self, place: str) -> None:
        """Put the cursor on the row of a place, or on the nearest around it; what hides it is unfolded."""
        if not self._rows:
            return
        self._go_to(row_of_place(self._rows, place))

    def mark_played(
        self, standing: frozenset[str], walked: frozenset[str], ways: frozenset[str] = frozenset()
    ) -> None:
        """Mark the rows of these steps (by their keys): at which a played run stands, and by which it came; and of the
        branches that it took (by their places)."""
        if (standing, walked, ways) == (self._standing, self._walked, self._ways):
            return
        before = self._played_now()
        self._standing, self._walked, self._ways = standing, walked, ways
        after = self._played_now()
        for at, _played in before ^ after:
            self._refresh_row(at)

    def point_at_step(self, step: str) -> bool:
        """Put the cursor on the row of a step, by its key; whether there is one."""
        number = row_of_step(self._rows, step) if step else None
        if number is not None:
            self._go_to(number)
        return number is not None

    def _played_now(self) -> set[tuple[int, Played]]:
        """What is marked of the rows on the screen."""
        top = self.scroll_offset.y
        shown = enumerate(self._shown[top : top + self.size.height], top)
        return {(at, self._played(number)) for at, number in shown}

    def _played(self, number: int) -> Played:
        """Of a row; of a folded one also what it hides of the run."""
        if not self._walked and not self._standing:
            return ""
        row = self._rows[number]
        is_folded = row.can_fold and row.place in self._folded
        rows = [self._rows[one] for one in subtree(self._rows, number)] if is_folded else [row]
        steps = {one.step for one in rows if not one.branch}
        if steps & self._standing:
            return "stands"
        return "walked" if steps & self._walked or row.place in self._ways else ""

    def point_at_line(self, line: int) -> None:
        """Put the cursor on the last row that begins in a line of the file (from 1) or above it."""
        here = [number for number, row in enumerate(self._rows) if row.line <= line]
        if here:
            self._go_to(max(here, key=lambda number: (self._rows[number].line, number)))

    def _arrange(self) -> None:
        shown, deepest = [], -1
        for number, row in enumerate(self._rows):
            if deepest >= 0 and row.depth > deepest:
                continue
            shown.append(number)
            deepest = row.depth if row.can_fold and row.place in self._folded else -1
        self._shown = shown
        self._cursor = min(self._cursor, max(len(shown) - 1, 0))
        size = Size(self.size.width, len(shown))
        if size != self.virtual_size:
            # Assigning `virtual_size` would be a layout of the whole screen.
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    # --- Painting ---

    def render_line(self, y: int) -> Strip:
        wide, at = self.wide, y + self.scroll_offset.y
        node = self._figures.get(self._rows[self._shown[at]].place) if at < len(self._shown) else None
        if not wide or node is None:
            return self._words_of_line(y, 0)
        return self._with_figures(y, at, node, wide)

    def _with_figures(self, y: int, at: int, node: NodeFigures, wide: Wide) -> Strip:
        """A row whose words are kept: while figures come, they are the same."""
        number, state = self._shown[at], self._state(at)
        row, less = self._rows[number], CELLS[wide]
        is_folded, is_found = row.place in self._folded, number in self._found
        width = self.scrollable_content_region.width - less
        key = (number, state, width, is_folded, is_found, self._played(number))
        kept = self._kept.get(key)
        if kept is None or kept[0] is not row:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = (row, self._words_of_line(y, less))
        if self._column is None or self._column.wide != wide:
            self._column = ColumnPainter(palette_of(self.app.theme), wide)
        return Strip.join([kept[1], self._column.paint(node, GROUNDS[state])])

    def _words_of_line(self, y: int, less: int) -> Strip:
        """A line without its figures, so many cells narrower."""
        palette, at = palette_of(self.app.theme), y + self.scroll_offset.y
        if at >= len(self._shown):
            return Strip.blank(self.size.width, palette.style("text", "ground"))
        width = self.scrollable_content_region.width - less
        if self._painter is None or self._painter.width != width:
            self._painter = TreePainter(palette, width)
        number = self._shown[at]
        row = self._rows[number]
        is_folded = row.can_fold and row.place in self._folded
        hidden = len(subtree(self._rows, number)) - 1 if is_folded else 0
        state = self._state(at)
        return self._painter.paint(
            row,
            state,
            is_folded=is_folded,
            hidden=hidden,
            is_found=number in self._found,
            played=self._played(number),
        )

    # --- Figures at the rows ---

    @property
    def shows_figures(self) -> bool:
        """Whether anybody looks at figures here: at the rows, or told of the one under the cursor."""
        return self._has_figures is not False

    def switch_figures(self) -> bool:
        """Show the figures at the rows, also where there is little room, or hide them; which of the two."""
        self._has_figures = not self.wide if self._figures else not self.shows_figures
        self.refresh()
        return self._has_figures

    def figures_at(self, place: str) -> NodeFigures | None:
        """What stands at the row of a place."""
        return self._figures.get(place) if self.shows_figures else None

    def show_figures(self, figures: Mapping[str, NodeFigures]) -> None:
        """Show figures by the places of rows. Only the lines that have changed are painted."""
        before, self._figures = self._figures, figures
        if not before or not figures:
            self.refresh()
            return
        top = self.scroll_offset.y
        for at, number in enumerate(self._shown[top : top + self.size.height], top):
            place = self._rows[number].place
            if before.get(place) != figures.get(place):
                self._refresh_row(at)

    @property
    def wide(self) -> Wide:
        """How much of the column of figures is shown."""
        if not self._figures or self._has_figures is False:
            return ""
        width = self.scrollable_content_region.width
        return width_for(width) or ("small" if self._has_figures else "")

    def _state(self, at: int) -> RowState:
        if at == self._cursor:
            return "cursor" if self.has_focus else "away"
        return "hover" if at == self._hovered else ""

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter = self._column = None
        self._kept.clear()

    def on_resize(self) -> None:
        self._arrange()
        self._keep_visible()

    def on_focus(self) -> None:
        self._refresh_row(self._cursor)

    def on_blur(self) -> None:
        self._refresh_row(self._cursor)

    def _refresh_row(self, at: int) -> None:
        self.refresh(Region(0, at - self.scroll_offset.y, self.size.width, 1))

    # --- The cursor ---

    def _point(self, at: int) -> None:
        if not self._shown:
            return
        self._refresh_row(self._cursor)
        self._cursor = min(max(at, 0), len(self._shown) - 1)
        self._refresh_row(self._cursor)
        self._keep_visible()
        self.post_message(self.Pointed(self._rows[self._shown[self._cursor]]))

    def _keep_visible(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, immediate=True)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)

    def action_down(self) -> None:
        self._point(self._cursor + 1)

    def action_up(self) -> None:
        self._point(self._cursor - 1)

    def action_page_down(self) -> None:
        self._point(self._cursor + max(self.size.height - 1, 1))

    def action_page_up(self) -> None:
        self._point(self._cursor - max(self.size.height - 1, 1))

    def action_top(self) -> None:
        self._point(0)

    def action_bottom(self) -> None:
        self._point(len(self._shown) - 1)

    def action_open(self) -> None:
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    # --- Folding ---

    def action_fold(self) -> None:
        """Fold the row under the cursor, or unfold it; from a row that holds nothing, the one that holds it."""
        row = self.row
        if row is None:
            return
        if not row.can_fold:
            self._to_holder()
            row = self.row
            assert row is not None  # noqa: S101  the first row of a file holds all others
        self._folded ^= {row.place}
        self._arrange()
        self._keep_visible()

    def _to_holder(self) -> None:
        holder = next(self._holders(self._shown[self._cursor]), None)
        if holder is not None:
            self._go_to(holder)

    def action_fold_all(self) -> None:
        """Fold all branches, or unfold all where some are folded."""
        place = self.row.place if self.row is not None else ""
        foldable = {row.place for row in self._rows if row.can_fold and row.depth >= 1}
        self._folded = set() if self._folded else foldable
        self._arrange()
        shown = {self._rows[number].place: at for at, number in enumerate(self._shown)}
        while place and place not in shown:
            place = place.rpartition(".")[0]
        self._point(shown.get(place, 0))

    # --- Search ---

    def search(self, query: str) -> int:
        """Mark the rows that hold the words, and go to the first one from the cursor on; how many there are."""
        self._query, self._found = query, look_up(self._rows, query)
        self.refresh()
        if self._found and self._shown:
            here = self._shown[self._cursor]
            self._go_to(next((number for number in self._found if number >= here), self._found[0]))
        return len(self._found)

    def next_found(self, by: int) -> bool:
        """Go to the next row that was found (1), or the one before (-1), around the end; whether there is any."""
        return self._next_of(self._found, by)

    def next_problem(self) -> bool:
        """Go to the next row with an error or a warning; whether there is any."""
        return self._next_of(tuple(number for number, row in enumerate(self._rows) if row.problems), 1)

    def _next_of(self, numbers: tuple[int, ...], by: int) -> bool:
        if not numbers or not self._shown:
            return False
        here = self._shown[self._cursor]
        if by > 0:
            self._go_to(next((number for number in numbers if number > here), numbers[0]))
        else:
            self._go_to(next((number for number in reversed(numbers) if number < here), numbers[-1]))
        return True

    def _go_to(self, number: int) -> None:
        hiding = {self._rows[above].place for above in self._holders(number)} & self._folded
        if hiding:
            self._folded -= hiding
            self._arrange()
        self._point(bisect_left(self._shown, number))

    def _holders(self, number: int) -> Iterator[int]:
        """The rows that hold one, the nearest first."""
        depth = self._rows[number].depth
        for above in range(number - 1, -1, -1):
            if self._rows[above].depth < depth:
                depth = self._rows[above].depth
                yield above

    # --- Mouse ---

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if at >= len(self._shown):
            return
        was_here = at == self._cursor and self.has_focus
        self._point(at)
        row = self._rows[self._shown[at]]
        if was_here and row.can_fold:
            self.action_fold()
        elif was_here:
            self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(event.y + self.scroll_offset.y)

    def on_leave(self) -> None:
        self._hover(-1)

    def _hover(self, at: int) -> None:
        if at != self._hovered:
            before, self._hovered = self._hovered, at
            self._refresh_row(before)
            self._refresh_row(at)
