"""The operator console as a Textual application: themes, palette, the inbox, start and end. Wiring only."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.actions import ActionParseResult
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode

from operator_console.actions import use_keys
from operator_console.designer.figures.watching import FiguresWanted, WatchWanted, WhoWanted
from operator_console.dialog_filter import Filter
from operator_console.inbox.commands import DeskCommands
from operator_console.inbox.desk import Desk
from operator_console.inbox.screen import InboxScreen
from operator_console.kept_styles import KeptStyles
from operator_console.key_order import KeysInOrder
from operator_console.preferences import Preferences
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import DARK, LIGHT, PALETTES, textual_theme
from operator_console.translation import _, marked
from server_stub.protocol import Me


def wall_clock() -> int:
    """Now, in ms since the epoch."""
    return time.time_ns() // 1_000_000


SIGNS_OF_LIFE = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
"""By which the operator shows that he is there, on whichever screen, also where a widget keeps the event to itself."""


class OperatorApp(KeysInOrder):
    """The console over one desk.

    `keep_in` gives the folder for drafts and unsent messages; `now` gives ms since the epoch, `zone` is
    the time zone of what is shown (None: the terminal's); files are saved in `downloads`.
    """

    TITLE = marked("Sales desk")
    COMMANDS: ClassVar = {DeskCommands}
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True
    is_lent = False
    """Whether the terminal is another program's for a while."""

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
        preferences: Preferences | None = None,
        keymap: Mapping[str, tuple[str, ...]] | None = None,
        at: Filter = Filter(),  # noqa: B008  immutable
    ) -> None:
        super().__init__()
        self.stylesheet = KeptStyles(variables=self.get_css_variables())
        for palette in PALETTES.values():
            self.register_theme(textual_theme(palette))
        self.theme = theme
        self.window_title = _(self.TITLE)
        self.inbox = InboxScreen(
            desk,
            keep_in=keep_in,
            now=now,
            zone=zone,
            read_only=read_only,
            downloads=downloads or Path.home() / "Downloads",
            preferences=preferences,
            at=at,
        )
        if keymap:
            use_keys(keymap)
            self.set_keymap({action: ",".join(keys) for action, keys in keymap.items()})

    def on_mount(self) -> None:
        self._to_terminal("\x1b[22;0t")  # keep the window's title, to be put back
        self.push_screen(self.inbox)

    async def _close_all(self) -> None:
        # The bars go one by one: what the connection says meanwhile would find none of them.
        self.workers.cancel_group(self.inbox, "link")
        await super()._close_all()

    async def on_unmount(self) -> None:
        self._to_terminal("\x1b[23;0t")
        await self.inbox.leave()

    @on(InboxScreen.TitleChanged)
    def _show_title(self, event: InboxScreen.TitleChanged) -> None:
        """The window's title says how many wait, also where the window is behind others."""
        # Not by `App.title`: setting that paints the whole screen anew.
        self.window_title = safe_line(event.title, 80)
        self._to_terminal(f"\x1b]0;{self.window_title}\x07")

    @on(InboxScreen.Signalled)
    def _signal(self, event: InboxScreen.Signalled) -> None:
        self._to_terminal(event.written)

    @on(WatchWanted)
    def _look_at_figures(self, event: WatchWanted) -> None:
        self.inbox.look_at_figures(event.by, event.watch)

    @on(FiguresWanted)
    def _show_figures(self, event: FiguresWanted) -> None:
        self.inbox.show_figures_of(event.scenario, event.title)

    @on(WhoWanted)
    def _show_who(self, event: WhoWanted) -> None:
        self.inbox.show_who(event)

    def _to_terminal(self, sequence: str) -> None:
        if self._driver is not None and not self.is_headless and not self.is_lent:
            self._driver.write(sequence)

    def bell(self) -> None:
        if not self.is_lent:
            super().bell()

    def _fatal_error(self) -> None:
        """End after an error of the program. Textual's own report shows local variables, and tokens among
        them.
        """
        self._exit_renderables.append(Text(safe_text(traceback.format_exc(), limit=20_000, multiline=True)))
        self._close_messages_no_wait()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, SIGNS_OF_LIFE) and not event.is_forwarded:
            self.inbox.was_pressed()
            self.inbox.collector.was_pressed()
        await super().on_event(event)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        if default_namespace is not self.inbox.dialogs:
            self.inbox.open_pointed()
        return await super().run_action(action, default_namespace, namespaces)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Search for commands…"), id="--command-palette"))

    def on_app_focus(self) -> None:
        self.inbox.in_front(True)

    def on_app_blur(self) -> None:
        self.inbox.in_front(False)


def run_console(url: str, token: str, *, read_only: bool = False, at: Filter = Filter()) -> int:  # noqa: B008
    """Open the console over the server at `url` with the list `at`; returns the exit code.

    Raises PreferencesError where a file of the console's settings or keys is wrong: nothing has been opened then.
    """
    from operator_console.client import DeskClient
    from operator_console.credentials import state_folder
    from operator_console.inbox.picture_screen import prepare_terminal
    from operator_console.keymap import keymap_path, read_keymap
    from operator_console.preferences import preferences_path, read_preferences
    from operator_console.translation import language_of_terminal, speak

    preferences, keymap = read_preferences(preferences_path()), read_keymap(keymap_path())
    speak(preferences.language or language_of_terminal())
    app = OperatorApp(
        DeskClient(url, token),
        keep_in=lambda me: state_folder(url, me.id),
        theme=(DARK if preferences.theme == "dark" else LIGHT).name,
        read_only=read_only,
        preferences=preferences,
        keymap=keymap,
        at=at,
    )
    prepare_terminal(os.environ)
    app.run()
    return app.return_code or 0
