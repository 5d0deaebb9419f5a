"""The console's long passes of the garbage collector: while the hands rest, and never under a key."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from operator_console import idle_collector
from operator_console.idle_collector import AT_LATEST, EVERY, REST, IdleCollector


class Passes:
    """Stands in for the module `gc`, and for the clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.long_passes = 0
        self.thresholds = (700, 10, 10)

    def collect(self) -> int:
        self.long_passes += 1
        return 0

    def freeze(self) -> None:
        pass

    def get_threshold(self) -> tuple[int, int, int]:
        return self.thresholds

    def set_threshold(self, *thresholds: int) -> None:
        self.thresholds = (thresholds[0], thresholds[1], thresholds[2])


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Passes:
    it = Passes()
    monkeypatch.setattr(idle_collector, "gc", it)
    monkeypatch.setattr(idle_collector, "time", SimpleNamespace(monotonic=lambda: it.now))
    return it


class TestTheLongPass:
    def test_is_made_by_hand_only_until_the_console_ends(self, passes: Passes) -> None:
        collector = IdleCollector()
        collector.begin()
        collector.begin()  # after a lost connection everything is loaded again
        assert passes.thresholds == (700, 10, idle_collector.NEVER_BY_ITSELF)
        collector.end()
        assert passes.thresholds == (700, 10, 10)

    def test_waits_for_hands_that_rest(self, passes: Passes) -> None:
        collector = IdleCollector()
        collector.begin()
        begun = passes.long_passes
        passes.now += EVERY
        collector.was_pressed()
        assert not collector.look()
        passes.now += REST
        assert collector.look()
        assert not collector.look(), "once is enough for a while"
        assert passes.long_passes == begun + 1

    def test_does_not_wait_for_ever(self, passes: Passes) -> None:
        collector = IdleCollector()
        collector.begin()
        passes.now += AT_LATEST
        collector.was_pressed()
        assert collector.look()

    def test_nothing_is_collected_before_everything_is_loaded(self, passes: Passes) -> None:
        collector = IdleCollector()
        passes.now += AT_LATEST
        assert not collector.look()
        assert passes.long_passes == 0
