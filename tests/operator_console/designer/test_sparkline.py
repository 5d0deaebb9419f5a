"""Numbers as a row of bars."""

from __future__ import annotations

from operator_console.designer.sparkline import sparkline


class TestSparkline:
    def test_the_largest_is_the_highest_and_nothing_the_lowest(self) -> None:
        assert sparkline([0, 7, 14], 10) == "▁▅█"

    def test_nothing_at_all_is_a_line(self) -> None:
        assert sparkline([0, 0, 0], 10) == "▁▁▁"
        assert sparkline([], 10) == ""

    def test_where_there_are_more_than_cells_each_stands_for_the_sum_of_several(self) -> None:
        assert sparkline([1] * 30, 10) == "█" * 10
        assert sparkline([0, 0, 0, 0, 9, 9], 3) == "▁▁█"

    def test_what_is_left_over_stands_at_the_beginning_so_that_the_last_bar_is_whole(self) -> None:
        assert len(sparkline([1] * 31, 10)) <= 10
        assert sparkline([1] * 31, 10)[-1] == "█"
