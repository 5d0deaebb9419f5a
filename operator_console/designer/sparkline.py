"""A row of numbers as a row of bars, one cell each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
NOTHING = "▁"


def sparkline(amounts: Sequence[int], cells: int) -> str:
    """Bars of at most `cells` cells, the highest of them for the largest amount. Where there are more amounts, each bar
    stands for the sum of several, the last one for the latest; nothing at all stands as the lowest line."""
    if not amounts or cells <= 0:
        return ""
    size = -(-len(amounts) // cells)
    begin = len(amounts) % size
    sums = [sum(amounts[:begin])] if begin else []
    sums += [sum(amounts[at : at + size]) for at in range(begin, len(amounts), size)]
    most = max(sums)
    return "".join(BARS[round(one / most * (len(BARS) - 1))] if most else NOTHING for one in sums)
