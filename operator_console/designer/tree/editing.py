"""Changes of a scenario by keys: add, edit, move, copy, switch off, undo. Each is one step of undo."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from operator_console.designer.forms.fields import form_at
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.outline.choices import kind_name, what_may_stand
from operator_console.designer.outline.rows import Row
from operator_console.designer.tree.new_values import new_value
from operator_console.designer.tree.view import TreeView
from operator_console.inbox.asking import Asking
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.tree import all_steps


class Editing(Asking):
    """A mixin of the tree's screen."""

    document: Document
    _clipboard: ClassVar[tuple[str, str]] = ("", "")
    """A kind of row, and the piece of YAML that it is; also of another scenario."""

    @property
    @abstractmethod
    def tree_view(self) -> TreeView:
        """The tree."""

    @abstractmethod
    def show_document(self) -> None:
        """Show what stands in the document now."""

    @abstractmethod
    def may_edit(self) -> bool:
        """Whether this person may change scenarios; says so where not."""

    # --- How a change is made ---

    def _change(self, doing: Callable[[], str | None]) -> str | None:
        """Makes a change and shows it, with the cursor where `doing` says; None where it could not be made."""
        row = self.tree_view.row
        try:
            place = doing()
        except (CannotEditError, KeyError) as error:
            self.tell(_("Not changed: {reason}").format(reason=safe_line(error.args[0], 200)))
            return None
        self.show_document()
        self.tree_view.point_at(place if place is not None else row.place if row is not None else "")
        return place

    def _item(self) -> tuple[Row, str, int] | None:
        """The row under the cursor with the list that it is an item of, and its number there; says so where it is
        none.
        """
        row = self.tree_view.row
        above, _dot, last = row.place.rpartition(".") if row is not None else ("", "", "")
        if row is None or not self.may_edit():
            return None
        if not last.isdigit():
            self.tell(_("This row stays where it is. Choose a step, an answer or a condition."))
            return None
        return row, above, int(last)

    # --- Adding ---

    def action_add(self) -> None:
        row = self.tree_view.row
        if row is None or not self.may_edit():
            return
        choices = [Choice(f"in {one.into} {one.kind}", one.name, one.help) for one in what_may_stand(row)]
        choices += self._beside(row)
        if not choices:
            self.tell(_("Nothing can be added here."))
            return

        def chosen(value: str | None) -> None:
            if value is not None:
                where, place, kind = value.split(" ")
                self._add(where, place, kind)

        self.app.push_screen(Picker(_("Add"), choices), chosen)

    def _beside(self, row: Row) -> list[Choice]:
        """What may be added below a row in the list that it stands in."""
        above, _dot, last = row.place.rpartition(".")
        if not last.isdigit():
            return []
        holder = next(
            (one for one in self.tree_view.rows if one.below == above or f"{one.place}.if" == above), None
        )
        if holder is None:
            return []
        after = _("after this row")
        return [
            Choice(f"after {row.place} {one.kind}", f"{one.name} · {after}", one.help)
            for one in what_may_stand(holder)
            if one.into == above
        ]

    def _add(self, where: str, place: str, kind: str) -> None:
        value = new_value(kind, self._names())

        def doing() -> str:
            if where == "after":
                above, _dot, last = place.rpartition(".")
                return self.document.insert(above, int(last) + 1, value)
            if kind in ("parameters", "parameter", "blocks"):
                name = self._free(kind)
                item = new_value("parameter") if kind != "blocks" else value
                self.document.put(f"{place}.{name}", item)
                return f"{place}.{name}"
            if kind in ("goal", "reentry", "delivery", "holdout", "timezone"):
                self.document.put(place, value)
                return place
            return self.document.insert(place, self._length(place), value)

        added = self._change(doing)
        if added is not None:
            self._edit(added)

    def _length(self, place: str) -> int:
        try:
            there = self.document.value(place)
        except KeyError:
            return 0
        return len(there) if isinstance(there, list) else 0

    def _names(self) -> tuple[str, ...]:
        scenario = self.document.reading.scenario
        if scenario is None:
            return ()
        blocks = tuple(name for name, _steps in scenario.blocks)
        return blocks + tuple(step.id for step in all_steps([scenario.steps]) if step.id)

    def _free(self, kind: str) -> str:
        stem = "block" if kind == "blocks" else "value"
        try:
            there = self.document.value("blocks" if kind == "blocks" else "parameters")
        except KeyError:
            there = {}
        names = there if isinstance(there, dict) else {}
        return next(name for n in range(1, len(names) + 2) if (name := f"{stem}_{n}") not in names)

    # --- One row ---

    def action_edit(self) -> None:
        row = self.tree_view.row
        if row is not None and self.may_edit():
            self._edit(row.place)

    def _edit(self, place: str) -> None:
        """A form where there is one; of a line, as conditions are, the line."""
        if form_at(self.document, place):
            row = self.tree_view.row
            title = kind_name(row.kind) if row is not None else ""
            self.app.push_screen(FormSheet(self.document, place, title), self._edited)
            return
        try:
            there = self.document.value(place)
        except KeyError:
            there = ""
        if not isinstance(there, str):
            self.tell(_("This row is made of those below it."))
            return

        def check(values: tuple[str, ...]) -> str:
            try:
                before = {problem.message for problem in self.document.reading.errors}
                with self.document.group():
                    self.document.put(place, values[0])
                    wrong = next(
                        (one for one in self.document.reading.errors if one.message not in before), None
                    )
                    if wrong is not None:
                        raise CannotEditError(f"{wrong.message} {wrong.hint}".strip())
            except CannotEditError as error:
                return str(error)
            return ""

        self.app.push_screen(
            Prompt(_("Condition"), [_("A line, such as: cart.total > 1000")], values=[there], check=check),
            lambda values: self._edited(values is not None),
        )

    def _edited(self, is_changed: bool | None) -> None:
        if is_changed:
            self._change(lambda: None)

    def action_switch(self) -> None:
        """Switch a step off, or on again."""
        if (item := self._item()) is not None:
            row = item[0]
            self._change(lambda: self.document.enable(row.place, not row.enabled))

    def action_drop(self) -> None:
        if (item := self._item()) is not None:
            row = item[0]
            self._change(lambda: self.document.drop(row.place))
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
            self._change(lambda: self.document.drop(row.place))

    def _keep(self, row: Row) -> None:
        Editing._clipboard = (_family(row.kind), self.document.copy(row.place))

    def action_paste(self) -> None:
        row, (family, piece) = self.tree_view.row, self._clipboard
        if row is None or not self.may_edit():
            return
        above, _dot, last = row.place.rpartition(".")
        if not piece:
            self.tell(_("Nothing was copied."))
        elif last.isdigit() and _family(row.kind) == family:
            self._change(lambda: self.document.paste(above, int(last) + 1, piece))
        elif row.below and family in {_family(kind) for kind in row.may_hold}:
            self._change(lambda: self.document.paste(row.below, self._length(row.below), piece))
        else:
            self.tell(_("What was copied does not fit here."))

    def action_duplicate(self) -> None:
        if (item := self._item()) is not None:
            row = item[0]
            self._change(lambda: self.document.duplicate(row.place))

    def action_move(self, by: int) -> None:
        """Up (-1) or down (1) within its list."""
        if (item := self._item()) is None:
            return
        row, above, number = item
        if 0 <= number + by < self._length(above):
            self._change(lambda: self.document.move(row.place, above, number + by))
        else:
            self.tell(_("It stands at the end of its list. x and v take it elsewhere."))

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


def _family(kind: str) -> str:
    """Rows of one family may stand in the same list: all kinds of steps do."""
    return "step" if kind in KINDS else kind
