"""Changes of a scenario by keys: edit, move, copy, switch off, undo. Each is one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from operator_console.designer.outline.rows import Row
from operator_console.designer.tree.adding import Adding
from operator_console.inbox.sheets import Prompt
from operator_console.translation import _
from scenarios_yaml.language.steps import KINDS


class Editing(Adding):
    """A mixin of the tree's screen."""

    _clipboard: ClassVar[tuple[str, str]] = ("", "")
    """A kind of row, and the piece of YAML that it is; also of another scenario."""

    def _item(self) -> tuple[Row, str, int] | None:
        """The row under the cursor with the list that it is an item of, and its number there; says so where it is
        none.
        """
        row = self.tree_view.row
        above, _dot, last = row.place.rpartition(".") if row is not None else ("", "", "")
        if row is None or not self.may_edit_rows():
            return None
        if not last.isdigit():
            self.tell(_("This row stays where it is. Choose a step, an answer or a condition."))
            return None
        return row, above, int(last)

    # --- One row ---

    def action_edit(self) -> None:
        row = self.tree_view.row
        if row is not None and self.may_edit_rows():
            self.edit_place(row)

    def action_note(self) -> None:
        """A note for colleagues on a step, or on the whole scenario; an empty one is taken away."""
        row = self.tree_view.row
        if row is None or not self.may_edit_rows():
            return
        if row.place and row.kind not in KINDS:
            self.tell(_("A note stands on a step, or on the scenario as a whole."))
            return
        place = f"{row.place}.comment" if row.place else "comment"

        def written(values: tuple[str, ...] | None) -> None:
            if values is not None and values[0] != row.comment:
                self.change(lambda: self._note_at(place, values[0]))

        label = _("For you and your colleagues; no visitor sees it.")
        self.app.push_screen(Prompt(_("Note"), [label], values=[row.comment]), written)

    def _note_at(self, place: str, text: str) -> None:
        if text:
            self.document.put(place, text)
        else:
            self.document.drop(place)

    def action_switch(self) -> None:
        """Switch a step off, or on again."""
        if (item := self._item()) is not None:
            row = item[0]
            self.change(lambda: self.document.enable(row.place, not row.enabled))

    def action_drop(self) -> None:
        if (item := self._item()) is not None:
            row = item[0]
            self.change(lambda: self.document.drop(row.place))
            self.tell(_("Taken away. u brings it back."))

    # --- Several places ---

    def action_copy(self) -> None:
        if (item := self._item()) is not None:
            self._keep(item[0])
            self.tell(_("Copied. v puts it below the cursor, also in another scenario."))

    def action_cut(self) -> None:
        if (item := self._item()) is not None:
            row = item[0]
            self._keep(row)
            self.change(lambda: self.document.drop(row.place))

    def _keep(self, row: Row) -> None:
        Editing._clipboard = (family(row.kind), self.document.copy(row.place))

    def action_paste(self) -> None:
        row, (kind, piece) = self.tree_view.row, self._clipboard
        if row is None or not self.may_edit_rows():
            return
        above, _dot, last = row.place.rpartition(".")
        if not piece:
            self.tell(_("Nothing was copied."))
        elif last.isdigit() and family(row.kind) == kind:
            self.change(lambda: self.document.paste(above, int(last) + 1, piece))
        elif row.below and kind in {family(one) for one in row.may_hold}:
            self.change(lambda: self.document.paste(row.below, self.length(row.below), piece))
        else:
            self.tell(_("What was copied does not fit here."))

    def action_duplicate(self) -> None:
        if (item := self._item()) is not None:
            row = item[0]
            self.change(lambda: self.document.duplicate(row.place))

    # --- Up, down, in, out ---

    def action_move(self, by: int) -> None:
        """Up (-1) or down (1) within its list."""
        if (item := self._item()) is None:
            return
        row, above, number = item
        if 0 <= number + by < self.length(above):
            self.change(lambda: self.document.move(row.place, above, number + by))
        else:
            self.tell(_("It stands at the end of its list. > and < take it in and out, x and v elsewhere."))

    def action_indent(self) -> None:
        """Into the last branch of what stands above it."""
        if (item := self._item()) is None:
            return
        row, above, number = item
        into = branch_of(self.tree_view.rows, f"{above}.{number - 1}", family(row.kind)) if number else ""
        if into:
            self.change(lambda: self.document.move(row.place, into, self.length(into)))
        else:
            self.tell(_("What stands above it has no branch that it could go into."))

    def action_outdent(self) -> None:
        """Out of its branch, behind what holds it."""
        if (item := self._item()) is None:
            return
        row, above, _number = item
        place = holder_of(self.tree_view.rows, above, family(row.kind))
        if place:
            out, _dot, last = place.rpartition(".")
            self.change(lambda: self.document.move(row.place, out, int(last) + 1))
        else:
            self.tell(_("It stands in no branch that it could leave."))

    # --- Back and forth ---

    def action_undo(self) -> None:
        self._step(self.document.undo, _("There is nothing to undo."))

    def action_redo(self) -> None:
        self._step(self.document.redo, _("There is nothing to do again."))

    def _step(self, doing: Callable[[], str | None], nothing: str) -> None:
        if not self.may_edit():
            return
        place = doing()
        if place is None:
            self.tell(nothing)
            return
        self.show_document()
        self.tree_view.point_at(place)


def family(kind: str) -> str:
    """Rows of one family may stand in the same list: all kinds of steps do."""
    return "step" if kind in KINDS else "condition" if kind == "audience" else kind


def branch_of(rows: Sequence[Row], place: str, wanted: str) -> str:
    """The list of a row into which something of a family goes: its last branch; empty where it has none."""
    holder = next((row for row in rows if row.place == place), None)
    if holder is None:
        return ""
    own = [
        row for row in rows if row.place.startswith(f"{place}.") and row.step == holder.step and row.branch
    ]
    takers = [row for row in (holder, *own) if wanted in {family(kind) for kind in row.may_hold}]
    below = [row.below for row in takers if row.below]
    return below[-1] if below else ""


def holder_of(rows: Sequence[Row], place: str, wanted: str) -> str:
    """The nearest item of a list around a place that is of a family; empty where there is none."""
    kinds = {row.place: family(row.kind) for row in rows}
    while place:
        if place.rpartition(".")[2].isdigit() and kinds.get(place) == wanted:
            return place
        place = place.rpartition(".")[0]
    return ""
