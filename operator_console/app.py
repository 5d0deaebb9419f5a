"""The operator console as a Textual application: themes, palette, the inbox, start and end. Wiring only."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from operator_console.inbox.commands import DeskCommands
from operator_console.inbox.desk import Desk
from operator_console.inbox.screen import InboxScreen
from operator_console.themes import DARK, PALETTES, textual_theme
from server_stub.protocol import Me


def wall_clock() -> int:
    """Now, in ms since the epoch."""
    return time.time_ns() // 1_000_000


class OperatorApp(App[None]):
    """The console over one desk.

    `keep_in` gives the folder for drafts and unsent messages of an operator; `now` gives ms since the epoch, `zone`
    is the time zone of what is shown (None: the terminal's); files are saved in `downloads`.
    """

    TITLE = "Sales desk"
    COMMANDS: ClassVar = {DeskCommands}
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        desk: Desk,
        *,
        keep_in: Callable[[Me], Path],
        now: Callable[[], int] = wall_clock,
        zone: tzinfo | None = None,
        theme: str = DARK.name,
        read_only: bool = False,
        downloads: Path | None = None,
    ) -> None:
        super().__init__()
        for palette in PALETTES.values():
            self.register_theme(textual_theme(palette))
        self.theme = theme
        self.inbox = InboxScreen(
            desk,
            keep_in=keep_in,
            now=now,
            zone=zone,
            read_only=read_only,
            downloads=downloads or Path.home() / "Downloads",
        )

    def on_mount(self) -> None:
        self.push_screen(self.inbox)

    async def on_unmount(self) -> None:
        await self.inbox.leave()

    def on_app_focus(self) -> None:
        self.inbox.in_front(True)

    def on_app_blur(self) -> None:
        self.inbox.in_front(False)


def run_console(url: str, token: str, *, read_only: bool = False) -> int:
    """Open the console over the server at `url`; returns the exit code."""
    from operator_console.client import DeskClient
    from operator_console.credentials import state_folder

    app = OperatorApp(
        DeskClient(url, token), keep_in=lambda me: state_folder(url, me.id), read_only=read_only
    )
    app.run()
    return app.return_code or 0
