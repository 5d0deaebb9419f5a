"""What every screen of the console does by the same keys: help, the palette, the theme, leaving."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.screen import Screen
from textual.widget import Widget

from operator_console.inbox.bars import Bar
from operator_console.inbox.sheets import HelpScreen
from operator_console.translation import _


class Everywhere(Screen[None]):
    """A screen with the actions that are nobody's own."""

    def is_kept_from_browser(self) -> bool:
        """Whether this console is a tab of a browser; says so. Its files and programs would be the server's, which are
        none of the operator's business."""
        if self.app.is_web:
            self.notify(
                _(
                    "In a browser the console has no files and programs of yours: use it in a terminal for that."
                ),
                markup=False,
            )
        return self.app.is_web

    def hand_over(self, path: Path) -> None:
        """Give a file that was saved to the browser in which this console is shown, and keep no copy of it."""
        self.app.deliver_binary(path.open("rb"), save_filename=path.name)
        path.unlink()

    def doer_of(self, action: str) -> Widget:
        """Who does an action that was clicked: the screen where it can, else what has the focus."""
        return self if hasattr(self, f"action_{action}") else (self.focused or self)

    @on(Bar.Pressed)
    async def _hint_pressed(self, event: Bar.Pressed) -> None:
        await self.doer_of(event.run.partition("(")[0]).run_action(event.run)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen())

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_theme(self) -> None:
        self.app.theme = "desk-light" if self.app.theme == "desk-dark" else "desk-dark"

    def action_quit(self) -> None:
        self.app.exit()
