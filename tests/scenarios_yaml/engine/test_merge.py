"""An anonymous visitor turns out to be a known one."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.audience import holds
from scenarios_yaml.engine.effects import HidePopup, QuestionClosed, SendChat
from scenarios_yaml.engine.merge import merge, withdrawn
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.engine.stimuli import PropertiesChanged, TimePassed
from scenarios_yaml.language.conditions import parse_condition

SERIES = (
    "scenario: series\ntrigger: [{event: Go}]\nreentry: {key: cart.id}\nsteps: [{wait: 3d}, {say: Hello}]"
)
ASKS = "scenario: asks\ntrigger: [{event: Ask}]\nsteps: [{say: Well?, options: [{label: 'Yes', steps: [{say: Good}]}]}]"
SHOWS = "scenario: shows\ntrigger: [{event: Show}]\nsteps: [{popup: {size: mini, title: T, text: x}}]"


@pytest.fixture
def people(play):
    """The known one, last here yesterday, and the anonymous one, who is here now."""
    known, anonymous = play(SERIES, ASKS, SHOWS), play(SERIES, ASKS, SHOWS)
    anonymous.state = VisitorState(id="guest")
    anonymous.now = known.now + 86_400_000
    return known, anonymous


def together(known, anonymous):
    """The known visitor's play goes on with the merged state."""
    before = known.state, anonymous.state
    known.now = anonymous.now
    known.state = merge(known.state, anonymous.state, known.now)
    return withdrawn(*before, known.state)


class TestFacts:
    def test_what_he_did_is_added_up(self, people):
        known, anonymous = people
        for visitor in people:
            visitor.event("Session Started", channel="email" if visitor is known else "search")
            visitor.event("Product Viewed", product_id=f"of {visitor.state.id}")
            visitor.event("Order Completed", order_id=visitor.state.id, total=10)
            visitor.event("Subscribed", list=f"list-{visitor.state.id}")
        known.change(tags=("vip", "both"))
        anonymous.change(tags=("both", "new"))
        together(known, anonymous)
        state = known.state
        assert (state.visits, state.orders, state.revenue) == (2, 2, 20)
        assert state.tags == ["vip", "both", "new"]
        assert state.lists == ["list-ann", "list-guest"]
        assert [item.product_id for item in state.viewed] == ["of guest", "of ann"]
        assert state.history["productviewed"].count == 2
        assert state.history["productviewed"].recent == sorted(state.history["productviewed"].recent)
        condition = parse_condition('did "Product Viewed" = 2 times in 2d')
        assert holds(condition, Scope(state, known.world, known.now))

    def test_the_first_touch_is_the_older_and_the_session_the_newer(self, people):
        known, anonymous = people
        known.event("Session Started", channel="email", session_id="old")
        anonymous.event("Session Started", channel="search", session_id="new")
        together(known, anonymous)
        assert (known.state.first_touch.channel, known.state.session.id) == ("email", "new")
        assert known.state.last_visit == anonymous.now

    def test_properties_of_the_kept_one_win(self, people):
        known, anonymous = people
        known.change(name="Ann", city="Riga")
        anonymous.change(city="Oslo", device="phone")
        together(known, anonymous)
        assert known.state.properties == {"name": "Ann", "city": "Riga", "device": "phone"}

    def test_the_cart_is_that_of_the_more_recent(self, people):
        known, anonymous = people
        known.event("Product Added", product_id="old", price=1)
        anonymous.event("Product Added", product_id="new", price=2)
        together(known, anonymous)
        assert [item.product_id for item in known.state.cart.items] == ["new"]

    def test_an_empty_cart_takes_nothing_away(self, people):
        known, anonymous = people
        known.event("Product Added", product_id="old", price=1)
        anonymous.event("Page Viewed")
        together(known, anonymous)
        assert [item.product_id for item in known.state.cart.items] == ["old"]

    def test_who_has_unsubscribed_stays_so(self, people):
        known, anonymous = people
        known.event("Unsubscribed", list="news")
        anonymous.event("Subscribed", list="news")
        together(known, anonymous)
        assert (known.state.lists, known.state.unsubscribed) == ([], ["news"])

    def test_a_tag_that_only_one_has_lost_stays(self, people):
        known, anonymous = people
        known.change(tags=("vip",))
        anonymous.change(tags=("vip",))
        anonymous.tell(PropertiesChanged(tags_removed=("vip",)))
        together(known, anonymous)
        assert known.state.tags == ["vip"]

    def test_an_order_that_both_were_told_of_counts_twice(self, people):
        known, anonymous = people
        for visitor in people:
            visitor.event("Order Completed", order_id="o1", total=10)
        together(known, anonymous)
        assert (known.state.orders, known.state.revenue, known.state.order.id) == (2, 20, "o1")

    def test_what_he_is_in_is_decided_anew_and_told(self, play, group):
        segments = [group("keen", "did page_viewed >= 3 times in 3d"), group("guests", "not tagged known")]
        known, anonymous = (play(SERIES, segments=segments) for _ in range(2))
        anonymous.state = VisitorState(id="guest")
        known.change(tags=("known",))
        for visitor in (known, known, anonymous, anonymous):
            visitor.event("Page Viewed")
        assert (known.moves, anonymous.moves) == ([], ["+guests"])
        together(known, anonymous)
        assert known.state.next_wake() == known.now
        known.tell(TimePassed())
        assert known.moves == ["-guests", "+keen"]
        assert known.state.segments == ["keen"]

    def test_goals_of_both_are_watched(self, play):
        text = "goal: {event: Order Completed, within: 7d}\nsteps: [{tag: x}]"
        known, anonymous = play(text), play(text)
        anonymous.state = VisitorState(id="guest")
        anonymous.go()
        together(known, anonymous)
        known.event("Order Completed")
        assert known.goals == ["Order Completed after 0s"]


class TestRuns:
    def test_of_two_in_one_scenario_the_older_goes_on(self, people):
        known, anonymous = people
        known.now += 43_200_000
        known.event("Go")
        anonymous.event("Go")
        together(known, anonymous)
        assert [run.id for run in known.state.runs] == ["ann.1"]
        assert known.state.records["series"].times == 2

    def test_two_keys_are_two_runs(self, people):
        known, anonymous = people
        for visitor in people:
            visitor.event("Product Added", product_id="p", cart_id=visitor.state.id)
            visitor.event("Go")
        together(known, anonymous)
        assert [run.key for run in known.state.runs] == ["ann", "guest"]

    def test_the_question_of_who_is_here_now_can_still_be_answered(self, people):
        known, anonymous = people
        anonymous.event("Page Viewed")
        anonymous.event("Ask")
        together(known, anonymous)
        known.effects = list(anonymous.effects)
        known.press("Yes")
        assert known.said == ["Well?", "Good"]

    def test_the_pop_up_of_who_was_here_before_goes(self, people):
        known, anonymous = people
        known.now += 86_000_000
        known.event("Page Viewed")
        known.event("Show")
        anonymous.event("Page Viewed")
        anonymous.event("Ask")
        popup = known.state.popup
        assert together(known, anonymous) == (HidePopup(popup, "withdrawn"),)
        assert known.state.popup == ""
        assert [run.scenario for run in known.state.runs] == ["asks"]

    def test_a_question_that_ends_by_it_is_closed(self, people):
        known, anonymous = people
        for visitor in people:
            visitor.event("Page Viewed")
            visitor.event("Ask")
        (question,) = anonymous.all(SendChat)
        assert together(known, anonymous) == (QuestionClosed(question.id),)

    def test_new_runs_get_names_that_nobody_had(self, people):
        known, anonymous = people
        for visitor in people:
            visitor.event("Product Added", product_id="p", cart_id=visitor.state.id)
            visitor.event("Go")
        together(known, anonymous)
        known.event("Ask")
        assert len({run.id for run in known.state.runs}) == 3
