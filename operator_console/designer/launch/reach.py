"""Whom a draft would reach: what is known of it while the desk still counts, and when it is done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from server_stub.protocol import PastReport, ReachNow, ReachProgress, ReachReport

State: TypeAlias = Literal["idle", "asking", "done", "failed"]
DAYS = 30
"""How far back it is looked."""


@dataclass(slots=True)
class Reach:
    """The answer to one text. While another text is asked about, what is known of the one before stays, as `is_old`."""

    text: str = ""
    """The text that was asked about."""
    state: State = "idle"
    now: ReachNow | None = None
    past: PastReport | None = None
    is_old: bool = False
    part: Literal["now", "past"] = "now"
    done: int = 0
    of: int = 0
    entered: int = 0
    trouble: str = ""
    """Why there is no answer, raw."""

    def begin(self, text: str) -> None:
        """This text is asked about from now on."""
        self.is_old = self.now is not None
        self.text, self.state, self.trouble = text, "asking", ""
        self.part, self.done, self.of, self.entered = "now", 0, 0, 0

    def take(self, line: ReachProgress | ReachReport) -> None:
        """One line of the answer."""
        if isinstance(line, ReachReport):
            self.now, self.past = line.now, line.past
            self.state, self.is_old = "done", False
            return
        self.part, self.done, self.of, self.entered = line.part, line.done, line.of, line.entered
        if line.now is not None:
            self.now, self.past, self.is_old = line.now, None, False

    def fail(self, trouble: str) -> None:
        """There is no answer."""
        self.state, self.trouble = "failed", trouble

    def stop(self) -> None:
        """The question was taken back before its end."""
        if self.state == "asking":
            self.state = "idle"

    def is_known(self, text: str) -> bool:
        """Whether all is known of this very text."""
        return self.state == "done" and self.text == text

    @property
    def share(self) -> float:
        """How much of the part has been looked through, 0 to 1."""
        return min(self.done / self.of, 1.0) if self.of else 0.0
