"""The order of those who wait for time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server_stub.desk.timers import SLACK, Timers


class TestTimers:
    def test_the_earliest_comes_first_and_once(self) -> None:
        timers = Timers([(300, "c"), (100, "a"), (200, "b")])
        assert timers.next_at() == 100
        assert timers.take_due(200, 10) == ["a", "b"]
        assert timers.take_due(200, 10) == []
        assert (timers.next_at(), len(timers)) == (300, 1)

    def test_a_moment_that_was_moved_or_dropped_is_passed_over(self) -> None:
        timers = Timers([(100, "a"), (100, "b")])
        timers.set("a", 500)
        timers.set("b", 0)
        assert timers.take_due(400, 10) == []
        assert timers.take_due(500, 10) == ["a"]
        assert timers.next_at() == 0

    def test_as_many_as_are_asked_for(self) -> None:
        timers = Timers([(1, f"v{number}") for number in range(5)])
        assert [len(timers.take_due(1, 2)) for _ in range(4)] == [2, 2, 1, 0]

    def test_a_visitor_who_puts_it_off_for_ever_leaves_no_heap_behind(self) -> None:
        timers = Timers()
        for moment in range(1, 50_000):
            timers.set("a", moment)
        assert len(timers._heap) <= SLACK + 3
        assert timers.take_due(50_000, 10) == ["a"]

    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 20))), st.integers(1, 20))
    def test_whoever_is_due_by_his_last_moment_is_handed_out(self, moves: list, now: int) -> None:
        timers = Timers()
        for visitor, moment in moves:
            timers.set(visitor, moment)
        last = dict(moves)
        assert set(timers.take_due(now, 100)) == {who for who, moment in last.items() if 0 < moment <= now}
