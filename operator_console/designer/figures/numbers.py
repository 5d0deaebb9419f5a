"""Numbers as figures show them: in few cells, as per cent, as small bars. Pure."""

from __future__ import annotations

from operator_console.inbox.bars import compact
from operator_console.translation import figure

MOST_WHOLE = 99_999
"""From here on a count is told in thousands where there is little room."""


def amount(count: int) -> str:
    """A count in at most seven cells: 48, 1,204, 99,999, 123k."""
    return figure(count) if count <= MOST_WHOLE else compact(count)


def per_cent(share: float) -> str:
    """A share in at most five cells: 0 %, 0.4 %, 64 %, 100 %. What is not nothing is never told as nothing, and what is
    not all never as all."""
    percent = share * 100
    if 0 < percent < 0.95:
        return f"{figure(max(percent, 0.1), 1)} %"
    if 99.5 <= percent < 100:
        return "99 %"
    return f"{figure(percent)} %"


def exact_per_cent(share: float) -> str:
    """A share with one digit behind the point: 11.0 %."""
    return f"{figure(share * 100, 1)} %"


def points(difference: float) -> str:
    """A difference of two shares, in points of a hundred: +3.1, −0.4."""
    return f"{'−' if difference < 0 else '+'}{figure(abs(difference) * 100, 1)}"


def thin_bar(share: float, cells: int) -> tuple[str, str]:
    """A line of `cells` cells as far as the share goes, to half a cell, and its rest; something is never nothing."""
    halves = round(min(max(share, 0.0), 1.0) * cells * 2)
    if share > 0:
        halves = max(halves, 1)
    whole, half = divmod(halves, 2)
    drawn = "━" * whole + "╸" * half
    return drawn, "─" * (cells - len(drawn))


def interval_bar(low: float, value: float, high: float, cells: int, most: float) -> str:
    """Where a share lies between 0 and `most`, as a line from `low` to `high` with a mark at `value`: ├──●─┤."""
    if cells < 3 or most <= 0:
        return " " * max(cells, 0)

    def at(share: float) -> int:
        return min(max(round(share / most * (cells - 1)), 0), cells - 1)

    first, mark, last = at(low), at(value), at(high)
    line = [" "] * cells
    for cell in range(first, last + 1):
        line[cell] = "─"
    line[first], line[last] = "├", "┤"
    line[mark] = "●"
    return "".join(line)
