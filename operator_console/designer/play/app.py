"""The player by itself, over a file on the disk: written in an editor beside it, and played on after each Ctrl+R."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.command import CommandPalette

from operator_console.designer.play.people import WORLD, Person
from operator_console.designer.play.screen import Draft, PlayScreen
from operator_console.inbox.commands import DeskCommands
from operator_console.key_order import KeysInOrder
from operator_console.themes import DARK, PALETTES, textual_theme
from operator_console.translation import _
from scenarios_yaml.tools.testing.cases import Case


class PlayApp(KeysInOrder):
    """One player; leaving it ends the program. `read` and `keep` as the screen has them."""

    COMMANDS: ClassVar = {DeskCommands}
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        read: Callable[[], Awaitable[Draft]],
        keep: Callable[[Case], Awaitable[str]],
        *,
        world: Case = WORLD,
        person: Person | None = None,
        theme: str = DARK.name,
    ) -> None:
        super().__init__()
        for palette in PALETTES.values():
            self.register_theme(textual_theme(palette))
        self.theme = theme
        self.player = PlayScreen(read, keep, world=world, person=person)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Search for commands…"), id="--command-palette"))

    def on_mount(self) -> None:
        self.push_screen(self.player, lambda _left: self.exit())
