"""Sheets of what is done with a dialog: when it comes back, who gets it with which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from operator_console.inbox.sheets import Choice, CleanInput, Picker, choice_line
from operator_console.inbox.times import HOUR, coming, moment
from operator_console.translation import _
from operator_console.typed_times import moment_typed

EVENING = 18
MORNING = 9
"""Hours of the operator's wall clock."""


def snooze_choices(now: int, zone: tzinfo | None) -> list[Choice]:
    """When a dialog may come back, as moments in ms; "0": with the visitor's next message."""
    today = moment(now, zone)
    found = [(_("In an hour"), now + HOUR)]

    def at(days: int, hour: int) -> int:
        wall = datetime.combine(today.date() + timedelta(days=days), time(hour))
        return round((wall.astimezone() if zone is None else wall.replace(tzinfo=zone)).timestamp() * 1000)

    if at(0, EVENING) > now + HOUR:
        found.append((_("This evening"), at(0, EVENING)))
    found.append((_("Tomorrow morning"), at(1, MORNING)))
    to_monday = 7 - today.weekday()
    if to_monday > 1:
        found.append((_("Next Monday"), at(to_monday, MORNING)))
    choices = [Choice(str(when), title, coming(when, now, zone)) for title, when in found]
    return [*choices, Choice("0", _("Until the visitor writes"), _("and not before"))]


class MomentPicker(Picker):
    """A moment: one of the choices, or as it is typed ("tomorrow 9:00"). Gives ms as text, or None."""

    def __init__(
        self, title: str, choices: Sequence[Choice], now: Callable[[], int], zone: tzinfo | None
    ) -> None:
        super().__init__(title, choices, new=_("or type: in 2h, tomorrow 9:00, mon 10:00"))
        self._now = now
        self._zone = zone

    def _fill(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        shown = [choice for choice in self._choices if wanted in choice.label.casefold()]
        problem = ""
        if wanted:
            try:
                when = moment_typed(typed, self._now(), self._zone)
                shown.insert(0, Choice(str(when), coming(when, self._now(), self._zone)))
            except ValueError as error:
                problem = str(error)
        self._offer(shown, empty=problem)


@dataclass(frozen=True, slots=True)
class Handed:
    """To whom (an operator's id, or nobody), and with which words."""

    operator: str
    note: str


class TransferSheet(ModalScreen[Handed | None]):
    """Who gets the dialog, found by typing; below it a word for him, which the visitor does not see."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = choices
        self._shown: list[Choice] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = Content(_("Assign to")).markup
            sheet.border_subtitle = Content(_("⏎ assign · Tab to the note · Esc back")).markup
            yield CleanInput(placeholder=_("type to find"), id="find")
            yield OptionList(markup=False)
            yield Static(_("A note for whoever gets it (optional)"), markup=False, classes="label")
            yield CleanInput(id="note", max_length=2_000)

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self._fill("")

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "find":
            self._fill(event.value)

    def on_input_submitted(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and highlighted < len(self._shown):
            self._give(self._shown[highlighted].value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._give(self._shown[event.option_index].value)

    def action_move(self, by: int) -> None:
        choices = self.query_one(OptionList)
        if self._shown:
            choices.highlighted = ((choices.highlighted or 0) + by) % len(self._shown)

    def _give(self, operator: str) -> None:
        self.dismiss(Handed(operator, self.query_one("#note", Input).value.strip()))

    def _fill(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        self._shown = [choice for choice in self._choices if wanted in choice.label.casefold()]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options([Option(choice_line(choice)) for choice in self._shown])
        if not self._shown:
            choices.add_option(Option(Content(_("Nobody of that name.")), disabled=True))
        choices.highlighted = 0 if self._shown else None
