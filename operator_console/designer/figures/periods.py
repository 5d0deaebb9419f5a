"""Of which days figures are shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from operator_console.inbox.times import DAY
from operator_console.translation import _, counted


@dataclass(frozen=True, slots=True)
class Period:
    """The last `days` days, today the last of them; 0: all that there ever were."""

    days: int

    def since(self, now: int) -> int:
        """A moment of its first day, in ms; 0: without a bound. Whole days are taken, of the project."""
        return max(now - (self.days - 1) * DAY, 1) if self.days else 0

    @property
    def words(self) -> str:
        return counted("last {count} day", "last {count} days", self.days) if self.days else _("all the time")

    @property
    def short(self) -> str:
        """In a few cells: 7d, or the word for all."""
        return _("{count}d").format(count=self.days) if self.days else _("all")


PERIODS = (Period(7), Period(30), Period(90), Period(365), Period(0))
"""By the keys 1 to 5."""
USUAL = PERIODS[1]
