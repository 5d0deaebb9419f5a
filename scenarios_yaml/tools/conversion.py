"""How sure a conversion is, and whether a scenario does better than none: pure arithmetic over counts.

An interval of one share is Wilson's (E. B. Wilson, Probable inference, the law of succession, and statistical
inference, Journal of the American Statistical Association 22, 1927): it stays within 0 and 1 and is honest for few
visitors and for shares near nothing, where a shop's conversions are. An interval of a difference is made of two of them
by Newcombe's method 10 (R. G. Newcombe, Interval estimation for the difference between independent proportions,
Statistics in Medicine 17, 1998).
"""

from __future__ import annotations

from math import sqrt
from typing import Literal, TypeAlias

from msgspec import Struct

USUAL = 1.959964
"""Standard deviations for 95 of 100."""
LOOKED_AT_OFTEN = 2.413
"""Standard deviations for a verdict over figures that are looked at while they grow: who looks five times and stops at
the first difference he sees is still wrong in 5 of 100 cases only (S. J. Pocock, Group sequential methods in the design
and analysis of clinical trials, Biometrika 64, 1977)."""
LEAST_EXPECTED = 5
"""Below so many expected in one cell of the table of two groups, with and without the goal, nothing is said of them
(W. G. Cochran, Some methods for strengthening the common chi-squared tests, Biometrics 10, 1954)."""
ALIKE_WITHIN = 0.01
"""Shares that differ by less than one in a hundred are alike to a shop."""

Verdict: TypeAlias = Literal["too_early", "better", "worse", "alike"]


class Share(Struct, frozen=True):
    """How many of how many, with the interval in which the true share lies. Without anybody it may be anything."""

    hits: int
    all: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """0 where there is nobody."""
        return self.hits / self.all if self.all else 0.0


class Comparison(Struct, frozen=True):
    """By how much the share of `tried` is above that of `other` (below, where negative), from `low` to `high`.

    verdict: `too_early` (to tell) · `better`, `worse`: the one with `tried` · `alike`: whatever the difference is, it
    is less than `ALIKE_WITHIN`.
    """

    tried: Share
    other: Share
    low: float
    high: float
    verdict: Verdict

    @property
    def value(self) -> float:
        return self.tried.value - self.other.value


def share(hits: int, of: int, deviations: float = USUAL) -> Share:
    """`hits` of so many, with Wilson's interval. Runs can come to a goal in another period than the one in which they
    began: more hits than all count as all. Raises ValueError for negative numbers."""
    if hits < 0 or of < 0:
        raise ValueError(f"{hits} of {of} is no share")
    if not of:
        return Share(0, 0, 0.0, 1.0)
    hits = min(hits, of)
    value, square = hits / of, deviations * deviations
    middle = (value + square / (2 * of)) / (1 + square / of)
    half = deviations / (1 + square / of) * sqrt(value * (1 - value) / of + square / (4 * of * of))
    low = 0.0 if not hits else max(0.0, middle - half)
    high = 1.0 if hits == of else min(1.0, middle + half)
    return Share(hits, of, low, high)


def compared(hits: int, of: int, other_hits: int, other_of: int) -> Comparison:
    """Those who went through a scenario beside those who were held out, or one variant beside another.

    It is too early to tell while fewer than `LEAST_EXPECTED` are expected in a cell, and while the interval of the
    difference, with `LOOKED_AT_OFTEN`, has room for no difference as well as for one that matters. Raises ValueError
    for negative numbers.
    """
    tried, other = share(hits, of), share(other_hits, other_of)
    low, high = _difference(tried, other)
    verdict: Verdict = "too_early"
    if _enough(tried, other):
        cautious = (share(one.hits, one.all, LOOKED_AT_OFTEN) for one in (tried, other))
        surely_above, surely_below = _difference(*cautious)
        if surely_above > 0:
            verdict = "better"
        elif surely_below < 0:
            verdict = "worse"
        elif surely_above > -ALIKE_WITHIN and surely_below < ALIKE_WITHIN:
            verdict = "alike"
    return Comparison(tried, other, low, high, verdict)


def _difference(tried: Share, other: Share) -> tuple[float, float]:
    """Newcombe's interval."""
    if not tried.all or not other.all:
        return -1.0, 1.0
    difference = tried.value - other.value
    below = sqrt((tried.value - tried.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((tried.high - tried.value) ** 2 + (other.value - other.low) ** 2)
    return max(-1.0, difference - below), min(1.0, difference + above)


def _enough(tried: Share, other: Share) -> bool:
    """Whether each group, had they no difference, would be expected to have enough with and without the goal."""
    everybody = tried.all + other.all
    if not everybody:
        return False
    hits = (tried.hits + other.hits) / everybody
    least = min(tried.all, other.all) * min(hits, 1 - hits)
    return least >= LEAST_EXPECTED
