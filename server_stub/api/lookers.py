"""Who looks at which dialog right now: state of the consoles' connections, kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from server_stub.protocol import Lookers

C = TypeVar("C")


class Looks(Generic[C]):
    """Each console looks at one dialog or at none. `tell` hears of every dialog whose lookers have changed."""

    def __init__(self, operator_of: Callable[[C], str], tell: Callable[[Lookers], None]) -> None:
        self._operator_of = operator_of
        self._tell = tell
        self._dialogs: dict[C, str] = {}
        self._consoles: dict[str, dict[C, None]] = {}

    def looks(self, console: C, dialog: str) -> None:
        """From now on this console shows that dialog; empty: none."""
        left = self._dialogs.get(console, "")
        if dialog == left:
            return
        before = {key: self._operators(key) for key in (left, dialog) if key}
        if left:
            del self._dialogs[console]
            del self._consoles[left][console]
            if not self._consoles[left]:
                del self._consoles[left]
        if dialog:
            self._dialogs[console] = dialog
            self._consoles.setdefault(dialog, {})[console] = None
        for key, operators in before.items():
            now = self._operators(key)
            if now != operators:
                self._tell(Lookers(key, now))

    def all(self) -> list[Lookers]:
        """Every dialog that somebody looks at."""
        return [Lookers(dialog, self._operators(dialog)) for dialog in self._consoles]

    def _operators(self, dialog: str) -> tuple[str, ...]:
        """Each once, however many consoles he has, in the order in which they came."""
        return tuple(dict.fromkeys(map(self._operator_of, self._consoles.get(dialog, ()))))
