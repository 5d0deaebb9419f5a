"""Events that are told long after they happened: they count, and start nothing."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.clock import DAY
from scenarios_yaml.engine.stimuli import Happened

HOUR = DAY // 24
REMINDER = "scenario: test\ntrigger: [{event: Product Added}]\nexit: [{event: Order Completed}]\n"
REMINDER += "steps: [{wait: 3d}, {set: {visitor.reminded: true}}]"
ADDED = {"product_id": "p1", "name": "Lamp", "price": 100}


@pytest.fixture
def visitor(play):
    return play(REMINDER)


class TestAnEventOfThePast:
    def test_starts_nothing(self, visitor):
        visitor.tell(Happened("Product Added", ADDED, visitor.now - 25 * HOUR))
        assert visitor.state.runs == []

    def test_of_today_starts_what_listens(self, visitor):
        visitor.tell(Happened("Product Added", ADDED, visitor.now - 23 * HOUR))
        assert len(visitor.state.runs) == 1

    def test_counts(self, visitor):
        visitor.tell(Happened("Product Added", ADDED, visitor.now - 30 * DAY))
        assert visitor.state.cart.total == 100
        assert visitor.state.history["productadded"].count == 1

    def test_ends_a_run_that_had_begun_when_it_happened(self, visitor):
        visitor.event("Product Added", **ADDED)
        begun = visitor.now
        visitor.advance("2d")
        visitor.tell(Happened("Order Completed", {"order_id": "o1"}, begun + HOUR))
        assert visitor.ended == ["exit: Order Completed"]

    def test_that_happened_before_a_run_began_does_not_end_it(self, visitor):
        visitor.event("Product Added", **ADDED)
        visitor.tell(Happened("Order Completed", {"order_id": "o1"}, visitor.now - HOUR))
        assert visitor.ended == []

    def test_does_not_answer_a_wait_that_began_later(self, play):
        waiting = "steps: [{wait_for: {event: Meeting Booked, up_to: 3d}, then: [{tag: met}]}]"
        visitor = play(waiting)
        visitor.go()
        visitor.tell(Happened("Meeting Booked", {}, visitor.now - HOUR))
        assert visitor.state.tags == []

    def test_moves_him_into_segments_without_a_word(self, play, group):
        welcome = "scenario: test\ntrigger: [{segment: rich}]\nsteps: [{say: Welcome}]"
        visitor = play(welcome, segments=[group("rich", "cart.total > 50")])
        visitor.event("Page Viewed")
        visitor.tell(Happened("Product Added", ADDED, visitor.now - 30 * DAY))
        assert visitor.state.segments == ["rich"]
        assert visitor.said == []
