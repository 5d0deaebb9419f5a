"""Holidays: days on which the shop does not open, of one year or of every one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.state import World

ZONE = "Europe/Berlin"
WORKING_WEEK = World(timezone=ZONE, business_hours=dict.fromkeys(range(5), ("09:00", "18:00")))
CHRISTMAS = replace(WORKING_WEEK, holidays=("2026-12-24", "12-25", "12-26"))


class TestTheShopStaysClosed:
    @pytest.mark.parametrize(
        ("when", "is_open"),
        [
            ("2026-12-23 12:00", True),
            ("2026-12-24 12:00", False),
            ("2026-12-25 12:00", False),
            ("2026-12-28 12:00", True),
            ("2025-12-24 12:00", True),  # a Wednesday; only 2026 was named
            ("2025-12-25 12:00", False),  # a Thursday; of every year
        ],
    )
    def test_on_the_named_days(self, at, when, is_open):
        assert clock.in_business_hours(at(when, ZONE), CHRISTMAS) == is_open

    def test_days_are_those_of_the_shops_zone(self, at):
        world = World(timezone="Asia/Tokyo", business_hours={4: ("08:00", "20:00")}, holidays=("12-25",))
        assert not clock.in_business_hours(at("2026-12-24 23:30", "UTC"), world)

    def test_hours_that_began_the_evening_before_go_on(self, at):
        bar = World(
            timezone=ZONE, business_hours=dict.fromkeys(range(7), ("20:00", "02:00")), holidays=("12-25",)
        )
        assert clock.in_business_hours(at("2026-12-25 01:59", ZONE), bar)
        assert not clock.in_business_hours(at("2026-12-25 20:00", ZONE), bar)
        assert not clock.in_business_hours(at("2026-12-26 01:00", ZONE), bar)
        assert clock.in_business_hours(at("2026-12-26 20:00", ZONE), bar)


class TestWaiting:
    def test_goes_on_when_the_shop_opens_again(self, play, at):
        visitor = play("steps: [{wait: {business_hours: next}}, {say: Hello}]", world=CHRISTMAS)
        visitor.until("2026-12-23 18:30", ZONE)
        visitor.go()
        assert visitor.state.next_wake() == at("2026-12-28 09:00", ZONE)

    def test_over_a_row_of_holidays_that_is_longer_than_a_week(self, at):
        row = tuple((date(2026, 12, 21) + timedelta(days=ahead)).isoformat() for ahead in range(21))
        world = replace(WORKING_WEEK, holidays=row)
        assert clock.next_business_hours(at("2026-12-19 12:00", ZONE), world) == at("2027-01-11 09:00", ZONE)
        assert clock.next_edge_of_business(at("2026-12-19 12:00", ZONE), world) == at(
            "2027-01-11 09:00", ZONE
        )

    def test_a_shop_that_never_opens_keeps_nobody_waiting(self, at):
        always = tuple((date(2028, 1, 1) + timedelta(days=ahead)).isoformat()[5:] for ahead in range(366))
        world = replace(WORKING_WEEK, holidays=always)
        now = at("2026-03-02 12:00", ZONE)
        assert clock.next_business_hours(now, world) == now
        assert clock.next_edge_of_business(now, world) == 0

    def test_the_last_days_of_the_calendar_are_no_harm(self):
        last = 253_370_764_800_000
        assert clock.next_edge_of_business(last, CHRISTMAS) > last
        assert clock.next_business_hours(last, CHRISTMAS) >= last


class TestConditions:
    def test_the_edges_of_now_in_business_hours(self, at):
        """When a segment with `now in business_hours` is looked at again."""
        edges = [at("2026-12-23 17:00", ZONE)]
        for _ in range(3):
            edges.append(clock.next_edge_of_business(edges[-1], CHRISTMAS))
        wanted = ("2026-12-23 18:00", "2026-12-28 09:00", "2026-12-28 18:00")
        assert edges[1:] == [at(when, ZONE) for when in wanted]


MONDAY = 1_772_409_600_000
"""2026-03-02 00:00 UTC."""
HOURS = st.sampled_from([("09:00", "18:00"), ("20:00", "02:00"), ("00:00", "24:00"), ("23:00", "10:00")])
DAYS = st.integers(0, 20).map(lambda ahead: (date(2026, 3, 1) + timedelta(days=ahead)).isoformat())


class TestTheArithmetic:
    @settings(max_examples=60, deadline=None)
    @given(
        week=st.dictionaries(st.integers(0, 6), HOURS, max_size=7),
        holidays=st.lists(DAYS | DAYS.map(lambda day: day[5:]), max_size=12),
        quarters=st.integers(0, 14 * 96),
    )
    def test_edges_are_where_the_shop_opens_and_closes(self, week, holidays, quarters):
        """Every quarter of an hour up to the edge it is as now, and at the edge it is not."""
        world = World(timezone="UTC", business_hours=week, holidays=tuple(holidays))
        now = MONDAY + quarters * 15 * clock.MINUTE
        inside = clock.in_business_hours(now, world)
        edge = clock.next_edge_of_business(now, world)
        end = edge or now + 3 * clock.DAY
        assert all(
            clock.in_business_hours(moment, world) == inside for moment in range(now, end, 15 * clock.MINUTE)
        )
        if edge:
            assert clock.in_business_hours(edge, world) != inside
        opens = clock.next_business_hours(now, world)
        if week and any(hours[0] != hours[1] for hours in week.values()):
            assert clock.in_business_hours(opens, world)
