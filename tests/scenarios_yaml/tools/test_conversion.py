"""How sure a conversion is: intervals as they are published, and a verdict that does not come too early."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios_yaml.tools.conversion import compared, share


class TestShare:
    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"),
        [
            # Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_has_wilsons_interval(self, hits, of, low, high):
        found = share(hits, of)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)

    def test_of_nobody_may_be_anything(self):
        assert (share(0, 0).low, share(0, 0).high, share(0, 0).value) == (0.0, 1.0, 0.0)

    def test_is_never_more_than_all(self):
        assert share(7, 5).value == 1.0

    def test_is_not_made_of_negative_numbers(self):
        with pytest.raises(ValueError, match="no share"):
            share(-1, 5)

    @given(st.integers(0, 1000), st.integers(1, 1000))
    def test_lies_within_its_interval(self, hits, of):
        found = share(hits, of)
        assert 0 <= found.low <= found.value <= found.high <= 1


class TestComparison:
    @pytest.mark.parametrize(
        ("counts", "low", "high"),
        [
            # Newcombe, Interval estimation for the difference …, 1998, table II, method 10.
            ((56, 70, 48, 80), 0.0524, 0.3339),
            ((9, 10, 3, 10), 0.1705, 0.8090),
            ((5, 56, 0, 29), -0.0381, 0.1926),
        ],
    )
    def test_has_newcombes_interval(self, counts, low, high):
        found = compared(*counts)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)

    def test_is_too_early_with_few_visitors_however_they_differ(self):
        assert compared(6, 8, 0, 3).verdict == "too_early"

    def test_is_too_early_with_nobody(self):
        found = compared(0, 0, 0, 0)
        assert (found.verdict, found.low, found.high) == ("too_early", -1.0, 1.0)

    def test_is_too_early_while_there_is_room_for_both(self):
        assert compared(60, 1000, 5, 100).verdict == "too_early"

    def test_is_better_or_worse_once_it_is_sure(self):
        assert compared(300, 1000, 20, 120).verdict == "better"
        assert compared(20, 120, 300, 1000).verdict == "worse"

    def test_is_alike_where_no_difference_can_matter(self):
        assert compared(10_000, 100_000, 10_010, 100_000).verdict == "alike"

    def test_that_is_looked_at_as_it_grows_is_seldom_wrong(self):
        """Two groups without any difference, looked at five times: a verdict at any of them is a false one."""
        chance = random.Random(11)
        wrong = 0
        for _ in range(400):
            hits, others, seen = 0, 0, False
            for look in range(1, 6):
                hits += sum(chance.random() < 0.1 for _ in range(200))
                others += sum(chance.random() < 0.1 for _ in range(200))
                seen = seen or compared(hits, 200 * look, others, 200 * look).verdict in ("better", "worse")
            wrong += seen
        assert wrong <= 0.075 * 400
