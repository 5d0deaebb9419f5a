"""Before two visitors become one: what will become of each field, to be chosen, and rehearsed by the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.cells import cell_len
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
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.times import clock, day
from operator_console.inbox.value_words import key_text, value_text
from operator_console.person.around import Around
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked
from operator_console.visitor_names import called
from server_stub.protocol import MergedField, MergeVisitors, VisitorCard, VisitorMergePlan

NAME_CELLS = 18
MOMENTS = ("first_visit", "last_visit")
FIELD_WORDS = {
    "name": marked("name"),
    "email": marked("email"),
    "phone": marked("phone"),
    "user_id": marked("user id"),
    "tags": marked("tags"),
    "segments": marked("segments"),
    "lists": marked("lists"),
    "unsubscribed": marked("unsubscribed"),
    "first_visit": marked("first visit"),
    "last_visit": marked("last visit"),
    "visits": marked("visits"),
    "orders": marked("orders"),
    "revenue": marked("revenue"),
    "cart": marked("cart"),
    "channel": marked("channel"),
    "place": marked("place"),
    "devices": marked("devices"),
    "notes": marked("notes"),
    "blocked": marked("blocked"),
}
"""What the server merges, beside properties."""


class MergeSheet(Asking, ModalScreen[None]):
    """`gone` becomes part of `kept`; `merged` is called when it is done."""

    CSS_PATH: ClassVar = ["../inbox/dialogs.tcss", "person.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("space", "other_value", "Other value", show=False),
        Binding("M", "merge", "Merge", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
    ]

    def __init__(self, around: Around, kept: VisitorCard, gone: str, *, merged: Callable[[], None]) -> None:
        super().__init__()
        self._around = around
        self._desk = around.desk
        self._kept = kept
        self._gone = gone
        self._merged = merged
        self._gone_called = str(called("", gone))
        self._choosable: set[str] = set()
        """What the one who goes has to say: of these, either value may stay."""
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
                self._choosable = {*gone.properties, *(("user_id",) if gone.user_id else ())}
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
                "   "
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
        name = _(FIELD_WORDS.get(one.name, "")) or safe_line(key_text(one.name), 60)
        kept, gone, result = (self._shown(one.name, value) for value in (one.kept, one.gone, one.result))
        takes_gone = one.name in self._take
        kept_look = "$desk-faint strike" if one.result == one.gone and one.kept is not None else "$desk-soft"
        gone_look = "$desk-faint strike" if one.result == one.kept and one.gone is not None else "$desk-soft"
        return Content.assemble(
            ("● " if takes_gone else "  ", "$desk-warm"),
            pad(name, NAME_CELLS - 1) + " ",
            *_column(kept, cells, kept_look),
            *_column(gone, cells, gone_look),
            (pad(result, cells), "bold"),
        )

    def _shown(self, name: str, value: Any) -> str:
        """A field's value as one line; moments as people say them."""
        if name in MOMENTS and isinstance(value, int) and value:
            now = self._around.now()
            return f"{day(value, now, self._around.zone)} {clock(value, self._around.zone)}"
        return shown(value)

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
    def action_other_value(self) -> None:
        at = self.query_one(OptionList).highlighted
        if self._plan is None or at is None or at >= len(self._plan.fields):
            return
        field = self._plan.fields[at]
        if field.name not in self._choosable or field.kept is None:
            self.tell(_("Here nothing is to be chosen: it is added up, or only one of them has it."))
            return
        self._take ^= {field.name}
        self._rehearse()

    def action_merge(self) -> None:
        if self._plan is not None:
            self.ask(self._merge, group="merge", exclusive=True)

    async def _merge(self) -> None:
        try:
            await self._desk.merge_visitors(self._kept.id, self._request(rehearse=False))
        except DeskError as error:
            self._problem(error)
            return
        self.dismiss(None)
        self._merged()

    def on_resize(self, _event: events.Resize) -> None:
        if self._plan is not None:
            self.call_after_refresh(self._show, self._plan)


def _column(text: str, cells: int, look: str) -> tuple[tuple[str, str], str]:
    """The text in its look, and blanks behind it."""
    short = cut(text, cells - 1)
    return (short, look), " " * (cells - cell_len(short))


def shown(value: Any) -> str:
    """A field's value as one line."""
    if value is None or value == "":
        return "—"
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return safe_line(", ".join(value), 160)
    return value_text(value)
