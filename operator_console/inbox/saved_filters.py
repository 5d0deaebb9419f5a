"""Saved filters: lists that are wanted again, under a name, for everybody or for oneself.

A saved filter is a preset whose text is the list's address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import uuid4

from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList

from operator_console.dialog_filter import Filter, address_of
from operator_console.inbox.finding import Finding
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.safe_text import safe_line
from operator_console.translation import _
from server_stub.protocol import Preset, WritePreset

SAVE, SHOW, REMOVE = "save", "show", "remove"
"""What the picker gives, before the id of a saved filter."""


class FilterPicker(Picker):
    """Shows one, keeps the list that is shown, or takes one away: pressed twice, for there is no way back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "remove", "Remove", show=False, priority=True),
    ]

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(_("Saved filters"), choices, empty=_("No filter is saved yet."))
        self._doomed = ""

    def on_mount(self) -> None:
        super().on_mount()
        sheet = self.query_one(".sheet")
        sheet.border_subtitle = _("⏎ show · Del remove · Esc back")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._doomed = ""
        super().on_input_changed(event)

    def action_move(self, by: int) -> None:
        self._doomed = ""
        super().action_move(by)

    def action_remove(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is None or at >= len(self._shown) or self._shown[at].value == SAVE:
            return
        _what, _space, preset = self._shown[at].value.partition(" ")
        if self._doomed == preset:
            self.dismiss(f"{REMOVE} {preset}")
            return
        self._doomed = preset
        shown = list(self._shown)
        shown[at] = Choice(shown[at].value, shown[at].label, _("Del once more takes it away"))
        self._offer(shown)
        self.query_one(OptionList).highlighted = at


class SavedFilters(Finding):
    """The saved filters' part of the inbox."""

    def saved_filters(self) -> list[Preset]:
        """All that this operator may see, by name."""
        found = [preset for preset in self.mirror.presets.values() if preset.kind == "filter"]
        return sorted(found, key=lambda preset: (preset.name.casefold(), preset.id))

    def action_saved_filters(self) -> None:
        address = address_of(self._filter)
        saved = self.saved_filters()
        choices = [
            Choice(f"{SHOW} {preset.id}", preset.name, f"{preset.text} · {_whose(preset)}")
            for preset in saved
        ]
        if self._filter != Filter() and not self.read_only and address not in {one.text for one in saved}:
            choices.append(Choice(SAVE, _("Save the list that is shown…"), address))

        def chosen(value: str | None) -> None:
            what, _space, preset = (value or "").partition(" ")
            known = self.mirror.presets.get(preset)
            if what == SAVE:
                self._name_it(address)
            elif what == SHOW and known is not None:
                self.go_to_address(known.text)
            elif what == REMOVE and known is not None:
                self._remove_filter(known)

        self.app.push_screen(FilterPicker(choices), chosen)

    def _name_it(self, address: str) -> None:
        def check(values: tuple[str, ...]) -> str:
            return "" if values[0] else _("It needs a name.")

        def named(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._ask_for_whom(values[0], address)

        self.app.push_screen(Prompt(_("Save the list that is shown"), [_("Name")], check=check), named)

    def _ask_for_whom(self, name: str, address: str) -> None:
        choices = [
            Choice("own", _("Only for me"), _("nobody else sees it")),
            Choice("shared", _("For everybody"), _("each operator has it")),
        ]

        def chosen(value: str | None) -> None:
            if value is not None:
                self._save_filter(name, address, is_shared=value == "shared")

        self.app.push_screen(Picker(_("Who has it?"), choices), chosen)

    def _save_filter(self, name: str, address: str, *, is_shared: bool) -> None:
        """Under the name; what was kept under it before goes."""
        if not self.may_change():
            return
        before = [one.id for one in self.saved_filters() if one.name == name and (not one.owner) == is_shared]
        preset = WritePreset(kind="filter", name=name, text=address, is_shared=is_shared)

        async def save() -> None:
            await self.desk.write_preset(before[0] if before else uuid4().hex, preset)
            self.tell(_("Saved: {name}").format(name=name))

        self.ask(save)

    def _remove_filter(self, preset: Preset) -> None:
        if not self.may_change():
            return

        async def remove() -> None:
            await self.desk.remove_preset(preset.id)
            self.tell(_("Taken away: {name}").format(name=preset.name))

        self.ask(remove)

    def more_commands(self, typed: str) -> list[tuple[str, str, str]]:
        """For the palette: name, help, and the address of a list. What is typed may be an address itself."""
        found = [
            (
                _("list: {name}").format(name=safe_line(preset.name, 80)),
                safe_line(preset.text, 120),
                preset.text,
            )
            for preset in self.saved_filters()
        ]
        if self.is_address(typed):
            name = _("list: go to {address}").format(address=safe_line(typed, 100))
            found.insert(0, (name, _("The list at this address"), typed))
        return found


def _whose(preset: Preset) -> str:
    return _("mine") if preset.owner else _("shared")
