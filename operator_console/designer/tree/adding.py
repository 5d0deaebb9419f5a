"""Something is added to the tree: what may stand there, chosen by name, and asked for at once in its form."""

from __future__ import annotations

from collections.abc import Callable

from operator_console.designer.outline.choices import kind_name, what_may_stand
from operator_console.designer.outline.rows import Row
from operator_console.designer.tree.forming import Forming
from operator_console.designer.tree.held import Held
from operator_console.designer.tree.new_values import new_value
from operator_console.inbox.sheets import Choice, Picker
from operator_console.translation import _
from scenarios_yaml.language.tree import all_steps

NAMED = ("blocks", "parameter", "parameters")
"""Kinds that need a name before anything else."""
ONE_OF_THE_HEAD = ("goal", "reentry", "delivery", "holdout", "timezone")
ASKED_FIRST = {"choose": "choose.0", "split": "split.0"}
"""Of what is made of parts, the part that is asked for at once."""


class Adding(Forming):
    """A part of the tree's screen."""

    def may_edit_rows(self) -> bool:
        """Whether this person may change rows, and can: those of a file that is no YAML are only shown."""
        if self.document.root is None:
            self.tell(_("The file cannot be read as a tree. Tab goes into it, to its first error."))
            return False
        return self.may_edit()

    def action_add(self) -> None:
        row = self.tree_view.row
        if row is None or not self.may_edit_rows():
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

        self.app.push_screen(Picker(_("Add"), choices, in_columns=True), chosen)

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
        if kind in NAMED:
            holder = "blocks" if kind == "blocks" else "parameters"
            self.ask_name(
                kind_name(kind), self._free(holder), lambda name: self._put(f"{holder}.{name}", kind)
            )
        elif kind in ONE_OF_THE_HEAD:
            self._put(place, kind)
        else:
            above, _dot, last = place.rpartition(".")
            at = (above, int(last) + 1) if where == "after" else (place, self.length(place))
            self._insert(*at, kind)

    def _put(self, place: str, kind: str) -> None:
        """A key that is not there yet."""
        value = new_value("parameter" if kind == "parameters" else kind, self._targets())

        def doing() -> str:
            self.document.put(place, value)
            return place

        self._ask_for(doing, kind)

    def _insert(self, list_place: str, index: int, kind: str) -> None:
        """An item of a list, which may not be there yet."""
        targets = self._targets(only_blocks=kind == "call")
        if kind == "call" and not targets:
            self.tell(_("There is no block of steps yet: a on the first row adds one."))
            return
        value = new_value(kind, targets)
        self._ask_for(lambda: self.document.insert(list_place, index, value), kind)

    def _ask_for(self, doing: Callable[[], str], kind: str) -> None:
        """Makes something new and opens its form; without one it is kept as it is."""
        held = Held(self.document)
        added = self.change(doing)
        if added is None:
            held.give_up()
            return
        first = f"{added}.{ASKED_FIRST[kind]}" if kind in ASKED_FIRST else added
        if not self.open_form(first, kind_name(kind), held):
            held.keep()

    def length(self, place: str) -> int:
        """How many items a list holds; none where it is not there."""
        try:
            there = self.document.value(place)
        except KeyError:
            return 0
        return len(there) if isinstance(there, list) else 0

    def _targets(self, *, only_blocks: bool = False) -> tuple[str, ...]:
        """Blocks, and ids that a jump may lead to: the last ones first, since a way back may go round for ever."""
        scenario = self.document.reading.scenario
        if scenario is None:
            return ()
        blocks = tuple(name for name, _steps in scenario.blocks)
        ids = () if only_blocks else tuple(step.id for step in all_steps([scenario.steps]) if step.id)
        return blocks + ids[::-1]

    def _free(self, holder: str) -> str:
        stem = "block" if holder == "blocks" else "value"
        try:
            there = self.document.value(holder)
        except KeyError:
            there = {}
        names = there if isinstance(there, dict) else {}
        return next(name for n in range(1, len(names) + 2) if (name := f"{stem}_{n}") not in names)
