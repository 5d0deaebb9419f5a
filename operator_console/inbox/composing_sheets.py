"""Sheets that belong to writing: when a message is to be sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from operator_console.inbox.sheets import CleanInput
from operator_console.inbox.times import HOUR, coming, moment, span
from operator_console.safe_text import safe_line
from operator_console.translation import _
from operator_console.typed_times import moment_typed

EVENING = 18
"""The hour of "this evening"."""


class LaterSheet(ModalScreen[int | None]):
    """A moment to come, typed or chosen; gives ms since the epoch. `moment` is what it is now (0: nothing)."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, title: str, now: Callable[[], int], zone: tzinfo | None, moment: int = 0) -> None:
        super().__init__()
        self._sheet_title = title
        self._now = now
        self._zone = zone
        self._moment = moment
        self._shown: list[int] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = Content(self._sheet_title).markup
            sheet.border_subtitle = _("⏎ choose · Esc back")
            yield CleanInput(placeholder=_("in 2h · tomorrow 9:00 · mon 10:00 · 5 mar"))
            yield Static("", markup=False, classes="label", id="reading")
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        self._offer()
        self._read("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._read(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if not event.value.strip() and highlighted is not None:
            self.dismiss(self._shown[highlighted])
            return
        try:
            self.dismiss(moment_typed(event.value, self._now(), self._zone))
        except ValueError:
            self._read(event.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])

    def action_move(self, by: int) -> None:
        choices = self.query_one(OptionList)
        choices.highlighted = ((choices.highlighted or 0) + by) % len(self._shown)

    def _offer(self) -> None:
        """The moments that are mostly meant, those that are still to come."""
        typed = [(_("in an hour"), "1h"), (_("this evening"), f"today {EVENING}:00")]
        typed += [(_("tomorrow morning"), "tomorrow"), (_("on Monday"), "mon")]
        choices = self.query_one(OptionList)
        for label, words in typed:
            try:
                at = moment_typed(words, self._now(), self._zone)
            except ValueError:
                continue  # this evening is past
            self._shown.append(at)
            when = coming(at, self._now(), self._zone)
            choices.add_option(Option(Content.assemble(label, (f"  {when}", "$desk-faint"))))
        choices.highlighted = 0

    def _read(self, typed: str) -> None:
        """Say how what is typed is understood."""
        line = self.query_one("#reading", Static)
        is_wrong = False
        if not typed.strip():
            told = _("Your own time.")
            if self._moment:
                told = _("It is planned for {when}.").format(
                    when=coming(self._moment, self._now(), self._zone)
                )
        else:
            try:
                told = self._told(moment_typed(typed, self._now(), self._zone))
            except ValueError as error:
                told, is_wrong = str(error), True
        line.update(Content(safe_line(told, 200)))
        line.set_class(is_wrong, "-wrong")
        self.query_one(OptionList).set_class(bool(typed.strip()), "-unused")

    def _told(self, at: int) -> str:
        wall = moment(at, self._zone)
        away = at - self._now()
        left = span(away) if away < 48 * HOUR else _("{days} days").format(days=away // (24 * HOUR))
        return _("{when}, in {left}").format(
            when=f"{coming(at, self._now(), self._zone)} ({wall:%d.%m.%Y})", left=left
        )
