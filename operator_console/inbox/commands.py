"""The command palette: every action of the table that is a command, by `area: what it does`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from operator_console.actions import ACTIONS, SCREENS, Action, Screenwide, keys_of, of_screen, shown_key
from operator_console.translation import _, marked

AREAS = {
    "compose": marked("compose"),
    "desk": marked("desk"),
    "dialog": marked("dialog"),
    "files": marked("files"),
    "list": marked("list"),
    "outbox": marked("outbox"),
    "person": marked("person"),
    "replies": marked("replies"),
    "view": marked("view"),
    "visitor": marked("visitor"),
    "visitors": marked("visitors"),
    "why": marked("why"),
}
"""The areas of actions, by the beginning of their ids."""


class DeskCommands(Provider):
    """Finds actions of the screen by the words of their area, title and help."""

    def _commands(self) -> list[Action]:
        screen: Screenwide = getattr(self.screen, "PLACE", "inbox")
        if screen == "inbox":
            others = {one for one in SCREENS if one != screen}
            return [action for action in ACTIONS if action.is_command and action.place not in others]
        return [action for action in of_screen(screen) if action.is_command]

    def _lists(self, typed: str) -> list[tuple[str, str, str]]:
        """Lists of dialogs that have a name: how the screen calls them, help, and address."""
        more: Callable[[str], list[tuple[str, str, str]]] | None = getattr(self.screen, "more_commands", None)
        return more(typed) if more is not None else []

    async def discover(self) -> Hits:
        for action in self._commands():
            yield DiscoveryHit(_name(action), partial(self._run, action), help=_help(action))
        for name, text, address in self._lists(""):
            yield DiscoveryHit(Content(name), partial(self._go_to, address), text=name, help=text)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in self._commands():
            score = max(matcher.match(_name(action)), matcher.match(_(action.help)) * 0.7)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(_name(action)), partial(self._run, action), help=_help(action)
                )

        for name, text, address in self._lists(query):
            # An address that was typed is meant, whatever else sounds like it.
            score = 1.0 if query in name else matcher.match(name)
            if score > 0:
                yield Hit(score, Content(name), partial(self._go_to, address), text=name, help=text)

    async def _go_to(self, address: str) -> None:
        self.screen.go_to_address(address)  # type: ignore[attr-defined]

    async def _run(self, action: Action) -> None:
        await self.screen.run_action(action.run)


def _name(action: Action) -> str:
    area = action.id.partition(".")[0]
    return f"{_(AREAS.get(area, area))}: {_(action.title).lower()}"


def _help(action: Action) -> str:
    return f"{_(action.help)}  ({shown_key(keys_of(action)[0])})"
