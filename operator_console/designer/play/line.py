"""The line in which the visitor of a session writes, with commands completed behind a colon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from textual.binding import BindingType
from textual.suggester import Suggester

from operator_console.actions import bindings
from operator_console.inbox.sheets import CleanInput
from operator_console.translation import marked
from scenarios_yaml.tools.playing.player_lines import COMMANDS as PLAYERS_COMMANDS

MOST_KEPT = 200
WORDS = {
    "start": marked("make happen what starts the scenario; :start 2: its second trigger"),
    "fit": marked("make him one whom the scenario lets in"),
    "advance": marked("let time pass: 30s, 15m, 1h30m, 3d, 2w"),
    "next": marked("let time pass until something is due"),
    "until": marked("let time pass until this local moment"),
    "event": marked("an event of the shop, with properties; values may be JSON"),
    "as": marked("change what is known of the visitor; name= forgets it"),
    "tag": marked("give the visitor a tag (:untag takes it)"),
    "untag": marked("take a tag from the visitor"),
    "submit": marked("fill in the pop-up and send it off"),
    "click": marked("press the pop-up's button, else the link of the last email"),
    "close": marked("close the pop-up"),
    "open": marked("open the last email"),
    "operators": marked("so many operators are online"),
    "operator": marked("an operator writes into the dialog"),
    "webhook": marked("what webhooks reply from now on; error=TEXT fails them"),
    "coupon": marked("the next code of a pool; cart-5= is used up"),
    "fail": marked("the next thing that is sent fails"),
    "state": marked("what is known of the visitor now"),
    "trace": marked("what was decided at each step"),
    "why": marked("who was not let in, and by which condition"),
    "back": marked("make the last thing undone"),
    "record": marked("keep the session as a test of the scenario"),
    "reset": marked("begin anew with this visitor"),
    "help": marked("this list"),
}
"""What each command does."""
COMMANDS = {name: (PLAYERS_COMMANDS.get(name, ("", ""))[0], words) for name, words in WORDS.items()}
"""What may follow a colon: an example of what comes after it, and what it does."""


class CommandSuggester(Suggester):
    """Offers the rest of a command with an example behind it; `events` are the names of events that the draft knows."""

    def __init__(self, events: Callable[[], Iterable[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._events = events

    async def get_suggestion(self, value: str) -> str | None:
        if not value.startswith(":") or value.startswith("::"):
            return None
        name, space, rest = value[1:].partition(" ")
        if not space:
            return next(self._named(name), None) if name else None
        if name == "event" and rest:
            return next(
                (f":event {event}" for event in self._events() if event.startswith(rest) and event != rest),
                None,
            )
        example = COMMANDS.get(name, ("", ""))[0]
        return f":{name} {example}" if example.startswith(rest) and example != rest else None

    def _named(self, begun: str) -> Iterator[str]:
        for name, (example, _what) in COMMANDS.items():
            if name.startswith(begun):
                yield f":{name} {example}".rstrip()


class PlayLine(CleanInput):
    """Up and down bring back what was typed before."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("play_line")

    def __init__(self, events: Callable[[], Iterable[str]], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, suggester=CommandSuggester(events), select_on_focus=False)
        self._typed: list[str] = []
        self._at = 0

    def keep(self, line: str) -> None:
        """Remember a line that was typed, and be empty."""
        if line and (not self._typed or self._typed[-1] != line):
            self._typed = [*self._typed[-MOST_KEPT:], line]
        self._at = len(self._typed)
        self.value = ""

    def action_earlier(self) -> None:
        self._bring(self._at - 1)

    def action_later(self) -> None:
        self._bring(self._at + 1)

    def _bring(self, at: int) -> None:
        if 0 <= at <= len(self._typed):
            self._at = at
            self.value = self._typed[at] if at < len(self._typed) else ""
            self.cursor_position = len(self.value)
