"""Segments with live membership: who is in one, when he enters and leaves, and what that sets going."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import refresh
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import TimePassed

DAY = 86_400_000
QUIET = "trigger: [{event: Never}]\nsteps: [{tag: x}]"
WELCOME = "trigger: [{segment: vips}]\nsteps: [{say: Welcome}]"
BERLIN = World(operators_online=1, timezone="Europe/Berlin")


@pytest.fixture
def visitor_in(play, group):
    """A visitor of a shop with one segment of these conditions, named `vips`."""

    def make(*conditions, texts=(QUIET,), **more):
        return play(*texts, segments=[group("vips", *conditions)], **more)

    return make


class TestEnteringAndLeaving:
    @pytest.mark.parametrize(
        ("condition", "happens"),
        [
            ("visitor.plan = gold", lambda visitor: visitor.change(plan="gold")),
            ("visitor.address.city = Riga", lambda visitor: visitor.change(address={"city": "Riga"})),
            ("tagged vip", lambda visitor: visitor.change(tags=("vip",))),
            ("visitor.tags contains vip", lambda visitor: visitor.change(tags=("vip",))),
            ("cart.total > 100", lambda visitor: visitor.event("Product Added", product_id="p", price=200)),
            ("order.total > 100", lambda visitor: visitor.event("Order Completed", order_id="o", total=200)),
            ("visitor.revenue > 100", lambda visitor: visitor.event("Order Completed", total=200)),
            ("visits = 1", lambda visitor: visitor.event("Session Started")),
            ("page.section = sale", lambda visitor: visitor.event("Section Viewed", section="sale")),
            ("session.channel = email", lambda visitor: visitor.event("Session Started", channel="email")),
            ("visitor.viewed is not empty", lambda visitor: visitor.event("Product Viewed", product_id="p")),
            ("did lead_won", lambda visitor: visitor.event("Lead Won")),
            ("did lead_won where price > 10", lambda visitor: visitor.event("Lead Won", price=20)),
            ("sum(lead_won.price) > 10 in 1d", lambda visitor: visitor.event("Lead Won", price=20)),
            (
                "opened test.letter",
                lambda visitor: visitor.event("Email Opened", scenario="test", step="letter"),
            ),
            ("push is subscribed", lambda visitor: visitor.event("Push Subscribed")),
            ("visitor.news is subscribed", lambda visitor: visitor.event("Subscribed", list="news")),
            ("last_visit less than 1d ago", lambda visitor: visitor.event("Page Viewed")),
            ("first_visit less than 1d ago", lambda visitor: visitor.event("Page Viewed")),
            ("last_order less than 1d ago", lambda visitor: visitor.event("Order Completed")),
            (
                "in segment from-outside",
                lambda visitor: visitor.event("Segment Entered", segment="from-outside"),
            ),
            ("dialog.holder = people", lambda visitor: visitor.operator_writes()),
        ],
    )
    def test_at_once_when_what_it_looks_at_changes(self, visitor_in, condition, happens):
        visitor = visitor_in(condition)
        visitor.event("Chat Opened Elsewhere")
        assert visitor.moves == []
        happens(visitor)
        assert visitor.moves == ["+vips"]
        assert "vips" in visitor.state.segments

    def test_leaves_as_soon_as_a_condition_no_longer_holds(self, visitor_in):
        visitor = visitor_in("visitor.plan = gold", "not tagged blocked")
        visitor.change(plan="gold")
        visitor.change(tags=("blocked",))
        assert visitor.moves == ["+vips", "-vips"]
        assert visitor.state.segments == []

    def test_a_new_visitor_enters_what_fits_everybody(self, visitor_in):
        visitor = visitor_in("email is unknown", texts=(WELCOME,))
        visitor.event("Session Started")
        assert visitor.said == ["Welcome"]

    def test_one_who_comes_with_his_address_never_was_without(self, visitor_in):
        visitor = visitor_in("email is unknown")
        visitor.change(email="ann@shop.example")
        assert visitor.moves == []

    def test_what_a_run_sends_counts_at_once(self, visitor_in):
        text = "steps: [{say: Hello}, {if: [in segment vips], then: [{tag: told}]}]"
        visitor = visitor_in("received test", texts=(text,))
        visitor.go()
        assert visitor.state.tags == ["told"]

    @pytest.mark.parametrize(
        "step", ["{tag: vip}", "{set: {visitor.plan: gold}}", "{emit: {event: Lead Won}}"]
    )
    def test_what_a_run_does_counts_from_its_next_step_on(self, visitor_in, step):
        text = f"steps: [{step}, {{if: [in segment vips], then: [{{say: 'Yes'}}], else: [{{say: 'No'}}]}}]"
        visitor = visitor_in("any: [tagged vip, visitor.plan = gold, did lead_won]", texts=(text,))
        visitor.go()
        assert visitor.said == ["Yes"]


class TestWhatItSetsGoing:
    def test_a_trigger_fires_when_he_enters_and_not_while_he_is_in(self, visitor_in):
        visitor = visitor_in("visitor.plan = gold", texts=(WELCOME,))
        visitor.change(plan="gold")
        visitor.change(plan="gold", city="Riga")
        assert visitor.said == ["Welcome"]

    def test_events_exits_and_waits_hear_of_it(self, visitor_in):
        hears = "scenario: hears\ntrigger: [{event: Segment Left}]\nsteps: [{tag: left}]"
        ends = "scenario: ends\nexit: [{event: Segment Entered, where: [event.segment = vips]}]\nsteps: [{wait: 1d}]"
        waits = "scenario: waits\nsteps: [{wait_for: {event: Segment Entered, up_to: 1d}, then: [{tag: entered}]}]"
        visitor = visitor_in("visitor.plan = gold", texts=(hears, ends, waits))
        visitor.go()
        visitor.change(plan="gold")
        visitor.change(plan="silver")
        assert visitor.ended == ["exit: Segment Entered", "done", "done"]
        assert visitor.state.tags == ["entered", "left"]

    def test_an_exit_by_membership_is_continuous(self, visitor_in):
        visitor = visitor_in("visitor.plan = gold", texts=("exit: [in segment vips]\nsteps: [{wait: 1d}]",))
        visitor.go()
        visitor.change(plan="gold")
        assert visitor.ended == ["exit: in segment vips"]

    def test_the_event_that_lets_him_in_is_judged_with_him_inside(self, visitor_in):
        text = "trigger: [{event: Order Completed}]\naudience: [in segment vips]\nsteps: [{say: Thanks}]"
        visitor = visitor_in("sum(order_completed.total) > 100 in 30d", texts=(text,))
        visitor.event("Order Completed", order_id="o", total=200)
        assert visitor.said == ["Thanks"]

    def test_scenarios_and_segments_in_a_circle_come_to_an_end(self, visitor_in):
        circle = (
            "scenario: off\ntrigger: [{segment: vips}]\nsteps: [{untag: vip}]",
            "scenario: on\ntrigger: [{event: Segment Left}]\nsteps: [{tag: vip}]",
        )
        visitor = visitor_in("tagged vip", texts=circle)
        visitor.change(tags=("vip",))
        assert len(visitor.moves) < 1_000


class TestTime:
    """The moment at which time alone changes it is known to the millisecond."""

    @pytest.mark.parametrize(
        ("condition", "lasts"),
        [
            ("did lead_won in 1d", DAY),
            ("did lead_won >= 2 times in 1d", DAY - 1000),
            ("sum(lead_won.price) > 30 in 1d", DAY - 1000),
            ("last_visit less than 7d ago", 7 * DAY),
            ("first_visit less than 3d ago", 3 * DAY - 2000),
            ("not last_visit more than 7d ago", 7 * DAY),
            ("opened test in 2d", 2 * DAY),
        ],
    )
    def test_he_leaves_when_it_stops_being_true(self, visitor_in, condition, lasts):
        visitor = visitor_in(f"not: {condition[4:]}" if condition.startswith("not ") else condition)
        for name in ("Page Viewed", "Lead Won", "Lead Won"):
            visitor.event(name, price=20)
            visitor.now += 1000
        visitor.now -= 1000
        visitor.event("Email Opened", scenario="test")
        visitor.event("Page Viewed")
        assert visitor.moves == ["+vips"]
        assert visitor.state.next_wake() == visitor.now + lasts
        visitor.now += lasts - 1
        visitor.tell(TimePassed())
        assert visitor.moves == ["+vips"]
        visitor.now += 1
        visitor.tell(TimePassed())
        assert visitor.moves == ["+vips", "-vips"]
        assert visitor.state.next_wake() == 0

    @pytest.mark.parametrize(
        ("condition", "after"),
        [
            ("last_visit more than 7d ago", 7 * DAY),
            ("did not page_viewed in 3d", 3 * DAY),
            ("not opened test in 2d", 2 * DAY),
            ("did page_viewed < 1 times in 5d", 5 * DAY),
        ],
    )
    def test_he_enters_when_it_becomes_true(self, visitor_in, condition, after):
        visitor = visitor_in(f"all: [{condition}, visits = 1]", texts=(WELCOME,))
        for name in ("Page Viewed", "Email Opened", "Session Started"):
            visitor.event(name, scenario="test")
        assert visitor.moves == []
        assert visitor.state.next_wake() == visitor.now + after
        visitor.advance("8d")
        assert (visitor.moves, visitor.said) == (["+vips"], ["Welcome"])

    def test_what_others_keep_from_holding_is_not_waited_for(self, visitor_in):
        visitor = visitor_in("last_visit more than 7d ago", "tagged vip")
        visitor.event("Page Viewed")
        assert visitor.state.next_wake() == 0
        visitor.change(tags=("vip",))
        assert visitor.state.next_wake() == visitor.now + 7 * DAY

    def test_several_are_each_met_at_their_own_moment(self, play, group):
        visitor = play(
            QUIET, segments=[group("day", "did lead_won in 1d"), group("week", "did lead_won in 1w")]
        )
        visitor.event("Lead Won")
        visitor.advance("30d")
        assert visitor.moves == ["+day", "+week", "-day", "-week"]

    @pytest.mark.parametrize(
        ("condition", "start", "edges"),
        [
            ("now in 22:00-08:00", "2026-03-28 12:00", ["2026-03-28 22:00", "2026-03-29 08:00"]),
            ("now in 02:15-02:45", "2026-03-29 00:00", ["2026-03-30 02:15", "2026-03-30 02:45"]),
            ("now in 02:15-05:00", "2026-03-29 00:00", ["2026-03-29 03:00", "2026-03-29 05:00"]),
            ("now in 01:00-02:30", "2026-10-25 00:30", ["2026-10-25 01:00", "2026-10-25 02:30"]),
            ("now not in 22:00-08:00", "2026-03-02 23:00", ["2026-03-03 08:00", "2026-03-03 22:00"]),
            ("weekday in [sat, sun]", "2026-03-04 12:00", ["2026-03-07 00:00", "2026-03-09 00:00"]),
            ("weekday in [sun]", "2026-03-28 12:00", ["2026-03-29 00:00", "2026-03-30 00:00"]),
            ("weekday in [sun]", "2026-10-24 12:00", ["2026-10-25 00:00", "2026-10-26 00:00"]),
            ("visitor.birthday in this month", "2026-02-10 12:00", ["2026-03-01 00:00", "2026-04-01 00:00"]),
            ("visitor.birthday in this week", "2026-02-10 12:00", ["2026-03-23 00:00", "2026-03-30 00:00"]),
            ("visitor.birthday is today", "2026-03-30 12:00", ["2027-03-29 00:00", "2027-03-30 00:00"]),
        ],
    )
    def test_hours_and_days_over_both_clock_changes(self, visitor_in, at, condition, start, edges):
        visitor = visitor_in(condition, world=BERLIN)
        visitor.until(start, "Europe/Berlin")
        visitor.change(birthday="1990-03-29")
        visitor.event("Page Viewed")
        for edge in edges:
            assert visitor.state.next_wake() == at(edge, "Europe/Berlin")
            visitor.now = visitor.state.next_wake()
            visitor.tell(TimePassed())
        assert visitor.moves == ["+vips", "-vips"]

    def test_business_hours(self, visitor_in, at):
        hours = dict.fromkeys(range(5), ("09:00", "18:00"))
        visitor = visitor_in(
            "now in business_hours", world=World(timezone="Europe/Berlin", business_hours=hours)
        )
        visitor.until("2026-03-06 17:00", "Europe/Berlin")
        visitor.event("Page Viewed")
        assert visitor.state.next_wake() == at("2026-03-06 18:00", "Europe/Berlin")
        visitor.advance("2h")
        assert visitor.state.next_wake() == at("2026-03-09 09:00", "Europe/Berlin")


class TestSegmentsThatNameOthers:
    def test_are_decided_after_those(self, play, group):
        chain = [
            group("a-third", "in segment b-second"),
            group("b-second", "not in segment c-first"),
            group("c-first", "not tagged vip"),
        ]
        visitor = play(QUIET, segments=chain)
        visitor.event("Page Viewed")
        assert visitor.moves == ["+c-first"]
        visitor.change(tags=("vip",))
        assert visitor.moves == ["+c-first", "-c-first", "+b-second", "+a-third"]
        assert visitor.state.segments == ["b-second", "a-third"]

    def test_in_a_circle_the_later_one_is_left_out(self, play, group):
        circle = [group("b", "not in segment a"), group("a", "not in segment b"), group("c", "in segment b")]
        visitor = play(QUIET, segments=circle)
        visitor.event("Page Viewed")
        assert visitor.moves == ["+a"]


class TestOutside:
    def test_what_others_tell_of_a_segment_with_a_file_is_no_fact(self, visitor_in):
        visitor = visitor_in("tagged vip", texts=(WELCOME,))
        visitor.event("Segment Entered", segment="vips")
        assert (visitor.state.segments, visitor.said) == ([], [])
        visitor.change(tags=("vip",))
        visitor.event("Segment Left", segment="vips")
        assert visitor.state.segments == ["vips"]

    def test_segments_without_a_file_are_theirs(self, visitor_in):
        visitor = visitor_in("tagged vip", texts=("trigger: [{segment: theirs}]\nsteps: [{say: Hello}]",))
        visitor.event("Segment Entered", segment="theirs")
        assert (visitor.state.segments, visitor.said) == (["theirs"], ["Hello"])
        visitor.event("Segment Left", segment="theirs")
        assert visitor.state.segments == []

    def test_operators_coming_online_are_seen_with_his_next_step(self, visitor_in):
        visitor = visitor_in("operators online > 0", world=World(operators_online=0))
        visitor.event("Page Viewed")
        visitor.world = World(operators_online=2)
        visitor.event("Page Viewed")
        assert visitor.moves == ["+vips"]


class TestPublishing:
    def test_nobody_enters_because_a_file_was_written(self, visitor_in, group):
        visitor = visitor_in("tagged vip", texts=(WELCOME,))
        visitor.event("Page Viewed")
        visitor.publish(WELCOME, segments=[group("vips", "did page_viewed in 3d")])
        visitor.refresh()
        assert visitor.state.segments == ["vips"]
        assert visitor.state.next_wake() == visitor.now + 3 * DAY
        visitor.event("Page Viewed")
        assert (visitor.moves, visitor.said) == ([], [])

    def test_members_of_a_segment_whose_file_is_gone_leave(self, visitor_in, group):
        visitor = visitor_in("did page_viewed in 3d")
        visitor.event("Page Viewed")
        visitor.event("Segment Entered", segment="theirs")
        visitor.publish(QUIET, segments=[])
        visitor.refresh()
        assert visitor.state.segments == ["theirs"]
        assert visitor.state.next_wake() == 0

    def test_a_file_takes_over_what_others_told_of(self, visitor_in, group):
        visitor = visitor_in("tagged vip")
        visitor.event("Segment Entered", segment="one")
        visitor.event("Segment Entered", segment="two")
        visitor.publish(QUIET, segments=[group("one", "tagged vip"), group("two", "not tagged vip")])
        visitor.refresh()
        assert visitor.state.segments == ["two"]

    def test_one_who_was_forgotten_is_corrected_when_he_is_next_heard_of(self, visitor_in, group):
        visitor = visitor_in("tagged vip", texts=(WELCOME,))
        visitor.event("Page Viewed")
        visitor.publish(WELCOME, segments=[group("vips", "not tagged vip")])
        visitor.event("Page Viewed")
        assert (visitor.state.segments, visitor.said, visitor.moves) == (["vips"], [], [])

    def test_changes_nothing_where_there_is_nothing_to_change(self, visitor_in):
        visitor = visitor_in("tagged vip")
        visitor.event("Page Viewed")
        assert refresh(visitor.state, visitor.catalog, visitor.now, visitor.world) is visitor.state
        nobody = VisitorState(id="bob")
        assert refresh(nobody, Catalog.of([]), visitor.now, visitor.world) is nobody

    def test_ends_of_runs_by_time_are_armed_anew(self, play):
        visitor = play("steps: [{wait: 30d}]")
        visitor.event("Page Viewed")
        visitor.go()
        visitor.publish("exit: [last_visit more than 7d ago]\nsteps: [{wait: 30d}]")
        visitor.refresh()
        visitor.advance("6d")
        assert visitor.ended == []
        visitor.advance("1d")
        assert visitor.ended == ["exit: last_visit more than 7d ago"]
