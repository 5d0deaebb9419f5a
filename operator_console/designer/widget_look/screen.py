"""How the widget looks: its fields, and beside them a picture of it on a page, which follows each key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from operator_console.actions import Place, bindings
from operator_console.designer.widget_look.browsing import Browsing
from operator_console.designer.widget_look.form import LookForm
from operator_console.designer.widget_look.header import LookHeader
from operator_console.designer.widget_look.picture import Shown
from operator_console.designer.widget_look.picture_view import PictureView
from operator_console.errors import Refused
from operator_console.inbox.bars import HintBar
from operator_console.inbox.sheets import Choice, Picker
from operator_console.translation import _
from server_stub.protocol import Me, WidgetLook, WriteLook

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

CONFLICT = 409


class WidgetLookScreen(Browsing):
    """`look` is how it is set at the desk. Operators read only."""

    PLACE: ClassVar[Place] = "widget_look"
    CSS_PATH = "widget_look.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("widget_look")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(self, desk: Desk, me: Me, look: WidgetLook, *, read_only: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self.read_only = read_only
        self._me = me
        self._kept = look
        self._shop = me.site or _("Chat with us")

    def compose(self) -> ComposeResult:
        yield LookHeader(id="look-header")
        with Horizontal(id="look-panes"):
            yield LookForm(self._kept, self._shop, id="look-form")
            yield PictureView(id="look-picture")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place = hints.place = "widget_look"
        hints.read_only = not self._is_writer
        if self._is_writer:
            self.query_one("#look-title", Input).focus()
        else:
            self.form.disabled = True
        self._show()

    @property
    def form(self) -> LookForm:
        """The fields."""
        return self.query_one(LookForm)

    @property
    def header(self) -> LookHeader:
        """The lines above."""
        return self.query_one(LookHeader)

    @property
    def _is_writer(self) -> bool:
        return not self.read_only and self._me.role != "operator"

    def may_change(self) -> bool:
        """Whether this person may change the look; says so where not."""
        if self._me.role == "operator":
            self.tell(_("The widget's look is changed by marketers and admins."))
            return False
        return super().may_change()

    # --- What is shown ---

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not kept."""
        return self.form.typed() != self._kept

    def seen_look(self) -> WidgetLook:
        return replace(self.form.typed(), colour=self.form.seen_colour)

    @on(LookForm.Changed)
    def _changed(self) -> None:
        self._show()
        self.follow_in_browser()

    def _show(self) -> None:
        look = self.seen_look()
        shown = Shown(
            title=look.title or self._shop,
            colour=look.colour,
            is_dark=look.theme == "dark",
            is_left=look.side == "left",
            greeting=look.greeting,
            operator=self._me.name,
        )
        is_auto = look.theme == "auto"
        note = _("Light here; dark where the visitor's device is.") if is_auto else ""
        self.query_one(PictureView).show(shown, note)
        if not self._is_writer:
            self.header.say(_("To be read: it is changed by marketers and admins."), "faint")
        elif self.is_changed:
            self.header.say(_("Changed, and not kept yet."), "warm")
        else:
            self.header.say(_("So it stands on the shop's pages."), "faint")

    # --- Keeping it ---

    def action_keep(self) -> None:
        if not self.may_change():
            return
        if self.is_changed:
            self.ask(self._keep, group="look", exclusive=True)
        else:
            self.tell(_("Nothing is changed."))

    async def _keep(self, *, leaves: bool = False) -> None:
        typed = self.form.typed()
        self.form.forget_refusals()
        try:
            self._kept = await self.desk.write_look(_written(typed, self._kept))
        except Refused as error:
            if error.status == CONFLICT:
                await self._meet(error)
            elif not self.form.refuse(error.problem.field.rpartition(".")[2], _said(error)):
                raise
            return
        self._show()
        self.tell(_("It is kept. Visitors see it from their next page on."))
        if leaves:
            self.dismiss(None)

    async def _meet(self, error: Refused) -> None:
        """Another look is set by now: what is typed stays, and may be put in its place."""
        theirs = await self.desk.look()
        if theirs == self._kept:
            raise error
        self._kept = theirs
        self._show()
        self.header.say(
            _(
                "Somebody has set another look meanwhile. Ctrl+S puts yours in its place, Esc leaves the other one."
            ),
            "hot",
        )

    # --- Leaving ---

    def action_back(self) -> None:
        if not self._is_writer or not self.is_changed:
            self.dismiss(None)
            return

        def chosen(value: str | None) -> None:
            if value == "leave":
                self.dismiss(None)
            elif value == "keep":
                self.ask(self._leave_with_it, group="look", exclusive=True)

        choices = [
            Choice("keep", _("Keep it, and leave"), _("visitors see it from their next page on")),
            Choice("leave", _("Leave without it"), _("the widget stays as it was")),
            Choice("stay", _("Go on here")),
        ]
        self.app.push_screen(Picker(_("The look is changed and not kept"), choices), chosen)

    async def _leave_with_it(self) -> None:
        await self._keep(leaves=True)


def _written(typed: WidgetLook, base: WidgetLook) -> WriteLook:
    return WriteLook(typed.title, typed.colour, typed.theme, typed.side, typed.greeting, base)


def _said(error: Refused) -> str:
    return " ".join(filter(None, (error.message, error.advice if error.problem.hint else "")))
