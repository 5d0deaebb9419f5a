"""What every screen of the console does by the same keys: help, the palette, the theme, leaving."""

from __future__ import annotations

from textual.screen import Screen

from operator_console.inbox.sheets import HelpScreen


class Everywhere(Screen[None]):
    """A screen with the actions that are nobody's own."""

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen())

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_theme(self) -> None:
        self.app.theme = "desk-light" if self.app.theme == "desk-dark" else "desk-dark"

    def action_quit(self) -> None:
        self.app.exit()
