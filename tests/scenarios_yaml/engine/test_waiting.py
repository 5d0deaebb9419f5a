"""Waits in all their forms, over both changes of the clocks in two zones, and waits for events."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.state import World
from scenarios_yaml.engine.stimuli import TimePassed

SHOP_HOURS = World(
    operators_online=1,
    timezone="Europe/Berlin",
    business_hours=dict.fromkeys(range(5), ("09:00", "18:00")),
)


def waits(play, wait, start, zone, **more):
    """The moment at which a run goes on that came to this wait at a local time."""
    visitor = play(f"steps: [{{wait: {wait}}}, {{set: {{run.a: b}}}}]", world=World(timezone=zone, **more))
    visitor.until(start, zone)
    visitor.go()
    return visitor.state.next_wake()


class TestDurations:
    def test_a_duration(self, play, at):
        assert waits(play, "1h30m", "2026-03-02 12:00", "UTC") == at("2026-03-02 13:30")

    def test_goes_on_exactly_when_it_is_over(self, play):
        visitor = play("steps: [{wait: 15s}, {say: Hello}]")
        visitor.go()
        visitor.advance("14s")
        assert visitor.said == []
        visitor.advance("1s")
        assert visitor.said == ["Hello"]

    def test_a_late_timer_is_told_at_its_own_moment(self, play, at):
        visitor = play("steps: [{wait: 1h}, {say: One}, {wait: 1h}, {say: Two}]")
        visitor.go()
        visitor.until("2026-03-02 20:00")
        visitor.tell(TimePassed())
        assert visitor.said == ["One", "Two"]
        assert visitor.trace[-1].at == at("2026-03-02 14:00")

    def test_since_the_trigger(self, play, at):
        visitor = play("steps: [{wait: 1h}, {wait: {for: 3h, since: trigger}}, {say: Hello}]")
        visitor.go()
        visitor.advance("1h")
        assert visitor.state.next_wake() == at("2026-03-02 15:00")

    def test_since_the_last_visit_waits_on_while_he_comes_back(self, play):
        visitor = play("steps: [{wait: {for: 1d, since: last_visit}}, {say: Hello}]")
        visitor.event("Page Viewed")
        visitor.go()
        visitor.advance("20h")
        visitor.event("Page Viewed")
        visitor.advance("23h")
        assert visitor.said == []
        visitor.advance("1h")
        assert visitor.said == ["Hello"]

    def test_since_the_last_message(self, play):
        visitor = play("steps: [{say: Hello}, {wait: {for: 10m, since: last_message}}, {say: Still there?}]")
        visitor.go()
        visitor.advance("9m")
        visitor.write("wait a moment")
        visitor.advance("9m")
        assert visitor.said == ["Hello"]
        visitor.advance("1m")
        assert visitor.said == ["Hello", "Still there?"]

    def test_what_is_over_already_is_not_waited_for(self, play):
        visitor = play("steps: [{wait: 2h}, {wait: {for: 1h, since: trigger}}, {say: Hello}]")
        visitor.go()
        visitor.advance("2h")
        assert visitor.said == ["Hello"]


class TestWallTime:
    @pytest.mark.parametrize(
        ("wait", "start", "zone", "end"),
        [
            ("{at: '10:00'}", "2026-03-02 09:00", "Europe/Berlin", "2026-03-02 10:00"),
            ("{at: '10:00'}", "2026-03-02 10:01", "Europe/Berlin", "2026-03-03 10:00"),
            ("{at: '10:00', weekdays: [sat]}", "2026-03-02 09:00", "America/New_York", "2026-03-07 10:00"),
            ("{at: '10:00', weekdays: [mon]}", "2026-03-02 10:01", "UTC", "2026-03-09 10:00"),
            (
                "{at: '10:00', weekdays: [sat, sun], within: 2d}",
                "2026-03-02 12:00",
                "UTC",
                "2026-03-04 12:00",
            ),
            ("{until: 2026-05-01 08:30}", "2026-03-02 12:00", "Europe/Berlin", "2026-05-01 08:30"),
        ],
    )
    def test_the_next_such_moment(self, play, at, wait, start, zone, end):
        assert waits(play, wait, start, zone) == at(end, zone)

    @pytest.mark.parametrize(
        ("wait", "start", "zone", "end"),
        [
            # Clocks go forward: 02:30 does not exist on that day, 03:00 is the next minute that does.
            ("{at: '02:30'}", "2026-03-29 01:00", "Europe/Berlin", "2026-03-29 03:00"),
            ("{at: '02:30'}", "2026-03-08 01:00", "America/New_York", "2026-03-08 03:00"),
            ("{at: '02:30'}", "2026-03-29 03:30", "Europe/Berlin", "2026-03-30 02:30"),
            # Clocks go back: 02:30 and 01:30 exist twice, the first counts.
            ("{at: '02:30'}", "2026-10-25 01:00", "Europe/Berlin", "2026-10-25 02:30"),
            ("{at: '01:30'}", "2026-11-01 00:30", "America/New_York", "2026-11-01 01:30"),
            # A day of 23 hours and one of 25: the wall time stays, a duration is what it says.
            ("{at: '10:00'}", "2026-03-28 10:01", "Europe/Berlin", "2026-03-29 10:00"),
            ("{at: '10:00'}", "2026-10-24 10:01", "Europe/Berlin", "2026-10-25 10:00"),
            ("1d", "2026-03-28 12:00", "Europe/Berlin", "2026-03-29 13:00"),
            ("1d", "2026-10-31 12:00", "America/New_York", "2026-11-01 11:00"),
        ],
    )
    def test_over_both_clock_changes(self, play, at, wait, start, zone, end):
        assert waits(play, wait, start, zone) == at(end, zone)

    def test_after_the_first_of_two_the_second_does_not_count(self, play, at):
        visitor = play("steps: [{wait: {at: '02:30'}}, {say: x}]", world=World(timezone="Europe/Berlin"))
        visitor.now = at("2026-10-25 02:31", "Europe/Berlin")
        visitor.go()
        assert visitor.state.next_wake() == at("2026-10-26 02:30", "Europe/Berlin")

    def test_the_visitors_own_zone_where_the_scenario_says_so(self, play, at):
        text = "timezone: visitor\nsteps: [{wait: {at: '10:00'}}, {say: x}]"
        visitor = play(text, world=World(timezone="Europe/Berlin"))
        visitor.change(timezone="Asia/Tokyo")
        visitor.go()
        assert visitor.state.next_wake() == at("2026-03-03 10:00", "Asia/Tokyo")

    @pytest.mark.parametrize("zone", ["Nowhere/Land", "", "../../etc/passwd", "x" * 500, "\x00"])
    def test_a_zone_that_is_none_is_the_projects(self, play, at, zone):
        text = "timezone: visitor\nsteps: [{wait: {at: '10:00'}}, {say: x}]"
        visitor = play(text, world=World(timezone="Europe/Berlin"))
        visitor.change(timezone=zone)
        visitor.go()
        assert visitor.state.next_wake() == at("2026-03-03 10:00", "Europe/Berlin")

    def test_until_a_moment_that_the_event_names(self, play, at):
        visitor = play("steps: [{wait: {until: event.starts_at}}, {say: It begins}]")
        visitor.go(starts_at="2026-03-04T09:00:00+02:00")
        assert visitor.state.next_wake() == at("2026-03-04 07:00")

    @pytest.mark.parametrize("value", ["soon", None, [], "9999-99-99", -1, 10**30, float("nan"), True])
    def test_until_what_is_no_moment_stops_the_run(self, play, value):
        visitor = play("steps: [{wait: {until: event.starts_at}}, {say: It begins}]")
        visitor.go(starts_at=value)
        assert visitor.ended == ["event.starts_at: no moment"]


class TestBusinessHours:
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-02 08:00", "2026-03-02 09:00"),
            ("2026-03-02 18:00", "2026-03-03 09:00"),
            ("2026-03-06 18:30", "2026-03-09 09:00"),
            ("2026-03-28 12:00", "2026-03-30 09:00"),
        ],
    )
    def test_waits_for_the_next_opening(self, play, at, start, end):
        visitor = play("steps: [{wait: {business_hours: next}}, {say: x}]", world=SHOP_HOURS)
        visitor.until(start, "Europe/Berlin")
        visitor.go()
        assert visitor.state.next_wake() == at(end, "Europe/Berlin")

    def test_goes_on_at_once_while_open_or_where_there_are_none(self, play):
        text = "steps: [{wait: {business_hours: next}}, {say: Hello}]"
        open_now, without = play(text, world=SHOP_HOURS), play(text)
        open_now.until("2026-03-02 09:00", "Europe/Berlin")
        for visitor in (open_now, without):
            visitor.go()
            assert visitor.said == ["Hello"]

    def test_hours_may_cross_midnight(self, at):
        world = World(timezone="Europe/Berlin", business_hours={4: ("20:00", "02:00")})
        assert clock.in_business_hours(at("2026-03-07 01:59", "Europe/Berlin"), world)
        assert not clock.in_business_hours(at("2026-03-07 02:00", "Europe/Berlin"), world)
        assert not clock.in_business_hours(at("2026-03-06 01:00", "Europe/Berlin"), world)


class TestWaitFor:
    TEXT = """
        trigger: [{event: Go}]
        steps:
          - wait: 1h
          - wait_for: {event: Email Opened, up_to: 3d, where: [event.n > 1]}
            then: [{say: opened}]
            on_timeout: [{say: not opened}]
          - say: below
        """

    def test_goes_on_exactly_when_the_event_comes(self, play):
        visitor = play(self.TEXT)
        visitor.go()
        visitor.advance("2h")
        visitor.event("email_opened", n=2)
        assert visitor.said == ["opened", "below"]

    def test_at_once_where_it_has_come_since_the_trigger(self, play):
        visitor = play(self.TEXT)
        visitor.go()
        visitor.event("Email Opened", n=2)
        visitor.advance("1h")
        assert visitor.said == ["opened", "below"]

    def test_what_came_before_the_trigger_does_not_count(self, play):
        visitor = play(self.TEXT)
        visitor.event("Email Opened", n=2)
        visitor.advance("1m")
        visitor.go()
        visitor.advance("1h")
        assert visitor.said == []

    def test_the_trigger_itself_is_not_the_awaited_event(self, play):
        visitor = play(
            "steps: [{wait_for: {event: Go, up_to: 1d}, then: [{say: again}]}]\nreentry: {times: 1}"
        )
        visitor.go()
        assert visitor.said == []
        visitor.advance("1m")
        visitor.go()
        assert visitor.said == ["again"]

    def test_an_event_whose_where_does_not_hold_is_another(self, play):
        visitor = play(self.TEXT)
        visitor.go()
        visitor.advance("2h")
        visitor.event("Email Opened", n=1)
        assert visitor.said == []

    def test_the_other_branch_when_it_does_not_come(self, play):
        visitor = play(self.TEXT)
        visitor.go()
        visitor.advance("1h")
        visitor.advance("3d")
        assert visitor.said == ["not opened", "below"]
