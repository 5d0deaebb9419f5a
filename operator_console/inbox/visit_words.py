"""What happened to a visitor, by visit: when it was, how long, from where he came.

The server begins a visit with the event Session Started, and ends it after 30 minutes of silence. What comes later
(a letter of a scenario, an order that the back end tells of) belongs to no visit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from operator_console.inbox.event_words import Told
from operator_console.inbox.times import MINUTE, clock, day, day_said, moment, span
from operator_console.translation import _

SILENCE = 30 * MINUTE
"""After so much of it a visit is over, as at the server."""


@dataclass(slots=True)
class Visit:
    """One visit, or what happened between two. `lines` are newest first; `number` is 0 where it is none."""

    number: int = 0
    lines: list[Told] = field(default_factory=list)
    source: str = ""
    """From where he came; cleaned."""
    is_between: bool = False
    began: int = 0
    ended: int = 0

    def when(self, now: int, zone: tzinfo | None) -> str:
        """yesterday 14:02 · 6 min"""
        if not self.number:
            words = day(self.began, now, zone)
            return _("{day}, between visits").format(day=words) if self.is_between else words
        words = f"{that_day(self.began, now, zone)} {clock(self.began, zone)}"
        lasted = self.ended - self.began
        return f"{words} · {span(lasted)}" if lasted >= MINUTE else words

    def title(self) -> str:
        """Visit 3; empty where it is none."""
        return _("Visit {number}").format(number=self.number) if self.number else ""


def that_day(at: int, now: int, zone: tzinfo | None) -> str:
    """The day within a sentence: today, yesterday, Tuesday, 3 Mar."""
    away = (moment(now, zone).date() - moment(at, zone).date()).days
    return _("today") if away == 0 else _("yesterday") if away == 1 else day_said(at, now, zone)


def by_visit(story: Sequence[Told], visits: int, seen_seq: int) -> list[Visit]:
    """The story, newest first, in visits, newest first. The visitor had `visits` of them at entry `seen_seq`."""
    begun = [line for line in story if line.is_visit]
    number = visits + sum(line.seq > seen_seq for line in begun) - len(begun)
    found: list[Visit] = []
    for line in reversed(story):
        current = found[-1] if found else None
        if line.is_visit:
            number += 1
            found.append(Visit(max(number, 0), source=line.detail, began=line.at, ended=line.at))
            continue
        is_later = current is not None and line.at - current.ended > SILENCE
        if current is None or (is_later and not current.is_between):
            current = Visit(is_between=current is not None, began=line.at, ended=line.at)
            found.append(current)
        current.lines.insert(0, line)
        current.ended = max(current.ended, line.at, line.until)
    return found[::-1]
