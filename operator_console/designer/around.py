"""What stands around the screens on which scenarios are changed: drafts, names, the clock, what the stream tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from operator_console.designer.drafts.kept import ScenarioDrafts


def _wall_clock() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class DesignAround:
    """Given by the inbox to the screens of the designer. `now` is in ms; `names` are operators' names by id."""

    drafts: ScenarioDrafts | None = None
    """None where nothing can be kept: the console was opened for reading only, or its folder cannot be written."""
    names: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], int] = _wall_clock
    zone: tzinfo | None = None
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def listen(self, heard: Callable[[], None]) -> None:
        """Call it whenever the stream has told of scenarios, until `forget`."""
        self._listeners.append(heard)

    def forget(self, heard: Callable[[], None]) -> None:
        """Call it no more."""
        if heard in self._listeners:
            self._listeners.remove(heard)

    def told(self) -> None:
        """The stream has told of scenarios."""
        for heard in tuple(self._listeners):
            heard()
