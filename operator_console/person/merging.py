"""Before two visitors become one: what will become of each field, to be chosen, and rehearsed by the server."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from operator_console.errors import DeskError
from operator_console.inbox.asking import Asking
from operator_console.inbox.cells import pad
from operator_console.inbox.desk import Desk
from operator_console.inbox.value_words import key_text, value_text
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import MergedField, MergeVisitors, VisitorCard, VisitorMergePlan

NAME_CELLS = 16


class MergeSheet(Asking, ModalScreen[VisitorMergePlan | None]):
    """`gone` becomes part of `kept`. Gives what came of it, or None."""

    CSS_PATH = "person.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("space", "toggle", "Other value", show=False),
        Binding("M", "merge", "Merge", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
    ]

    def __init__(self, desk: Desk, kept: VisitorCard, gone: str) -> None:
        super().__init__()
        self._desk = desk
        self._kept = kept
        self._gone = gone
        self._gone_called = str(called("", gone))
        self._plan: VisitorMergePlan | None = None
        self._take: set[str] = set()
        """Fields for which the value of the one who goes is taken."""

    def compose(self) -> ComposeResult:
        name = called(self._kept.name or self._kept.email, self._kept.id)
        with Vertical(classes="sheet -table") as sheet:
            sheet.border_title = Content(_("Merge into {name}").format(name=name)).markup
            sheet.border_subtitle = _("Space other value · M merge · Esc back")
            yield Static("", id="merge-head", markup=False)
            yield OptionList(id="merge-fields", markup=False)
            yield Static("", id="merge-rest", classes="label", markup=False)
            yield Static("", markup=False, classes="problem")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self._rehearse()

    # --- The rehearsal ---

    def _rehearse(self) -> None:
        self.ask(self._load, group="merge", exclusive=True)

    def _request(self, *, rehearse: bool) -> MergeVisitors:
        return MergeVisitors(self._gone, tuple(sorted(self._take)), rehearse)

    async def _load(self) -> None:
        try:
            if self._plan is None:
                gone = await self._desk.visitor(self._gone)
                self._gone_called = str(called(gone.name or gone.email, gone.id))
            self._plan = await self._desk.merge_visitors(self._kept.id, self._request(rehearse=True))
        except DeskError as error:
            self._problem(error)
            return
        self._show(self._plan)

    def _problem(self, error: DeskError) -> None:
        line = self.query_one(".problem", Static)
        line.update(safe_line(f"{error.message} {error.advice}", 400))
        line.display = True

    def _show(self, plan: VisitorMergePlan) -> None:
        cells = self._cells()
        head = Content.assemble(
            (
                "  "
                + pad(_("field"), NAME_CELLS)
                + pad(_("stays"), cells)
                + pad(_("goes"), cells)
                + _("result"),
                "$desk-faint",
            )
        )
        self.query_one("#merge-head", Static).update(head)
        choices = self.query_one(OptionList)
        at = choices.highlighted or 0
        choices.clear_options()
        choices.add_options([Option(self._row(one, cells)) for one in plan.fields])
        if plan.fields:
            choices.highlighted = min(at, len(plan.fields) - 1)
        else:
            choices.add_option(Option(Content(_("They differ in no field.")), disabled=True))
        self.query_one("#merge-rest", Static).update(self._rest(plan))

    def _cells(self) -> int:
        room = self.query_one(OptionList).scrollable_content_region.width - NAME_CELLS - 4
        return max(room // 3, 8)

    def _row(self, one: MergedField, cells: int) -> Content:
        name = safe_line(key_text(one.name), 60)
        kept, gone, result = shown(one.kept), shown(one.gone), shown(one.result)
        takes_gone = one.name in self._take
        return Content.assemble(
            ("● " if takes_gone else "  ", "$desk-warm"),
            pad(name, NAME_CELLS - 1) + " ",
            (pad(kept, cells - 1) + " ", "$desk-soft" if result == kept else "$desk-faint strike"),
            (pad(gone, cells - 1) + " ", "$desk-soft" if result == gone else "$desk-faint strike"),
            (pad(result, cells), "bold"),
        )

    def _rest(self, plan: VisitorMergePlan) -> str:
        lines = [
            _("{name} goes: his history, visits and orders become part of this one.").format(
                name=self._gone_called
            )
        ]
        if plan.dialogs:
            lines.append(counted("{count} dialog moves along.", "{count} dialogs move along.", plan.dialogs))
        if plan.merged_dialog:
            lines.append(_("Both have a dialog that is not closed: the two become one."))
        lines.append(_("It cannot be undone."))
        return " ".join(lines)

    # --- Choosing ---

    def action_move(self, by: int) -> None:
        choices = self.query_one(OptionList)
        if by > 0:
            choices.action_cursor_down()
        else:
            choices.action_cursor_up()

    @on(OptionList.OptionSelected)
    def action_toggle(self) -> None:
        at = self.query_one(OptionList).highlighted
        if self._plan is None or at is None or at >= len(self._plan.fields):
            return
        self._take ^= {self._plan.fields[at].name}
        self._rehearse()

    def action_merge(self) -> None:
        if self._plan is not None:
            self.ask(self._merge, group="merge", exclusive=True)

    async def _merge(self) -> None:
        try:
            plan = await self._desk.merge_visitors(self._kept.id, self._request(rehearse=False))
        except DeskError as error:
            self._problem(error)
            return
        self.dismiss(plan)

    def on_resize(self, _event: events.Resize) -> None:
        if self._plan is not None:
            self.call_after_refresh(self._show, self._plan)


def shown(value: Any) -> str:
    """A field's value as one line."""
    if value is None or value == "":
        return "—"
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return safe_line(", ".join(value), 160)
    return value_text(value)
