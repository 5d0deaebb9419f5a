"""What is kept step by step is what a computation from scratch says: counts, segments, due times, merges."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios_yaml.engine.audience import all_hold, holds
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import EmitEvent
from scenarios_yaml.engine.engine import Outcome, advance, refresh
from scenarios_yaml.engine.merge import merge
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import Happened, PropertiesChanged, Stimulus, TimePassed
from scenarios_yaml.engine.timing import next_change
from scenarios_yaml.language.conditions import parse_condition

START = 1_772_452_800_000
MINUTE = 60_000
HOUR = 3_600_000
WORLD = World(
    operators_online=1,
    timezone="Europe/Berlin",
    business_hours={0: ("09:00", "18:00"), 2: ("20:00", "02:00")},
)
bounded = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ORDER = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class TestCounts:
    @bounded
    @given(
        events=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20), st.integers(0, 90)), max_size=90),
        passed=st.integers(0, 300),
        window=st.integers(1, 400),
        op=st.sampled_from(sorted(ORDER)),
        times=st.integers(0, 80),
        negated=st.booleans(),
    )
    def test_are_those_of_a_full_recount(self, read, events, passed, window, op, times, negated):
        """Also of events that are told late, in any order, and of more than are usually kept."""
        did = f"did {'not ' if negated else ''}Buy {op} {times} times"
        lines = (
            f"{did} in {window}m",
            did,
            f"{did} in {window}m where price > 10",
            f"{did} where price > 10",
            f"sum(Buy.price) {op} {times * 10} in {window}m",
        )
        catalog = Catalog.of(
            [read("audience: [" + ", ".join(f"'{line}'" for line in lines) + "]\nsteps: [{tag: x}]")]
        )
        state, now = VisitorState(id="ann"), START
        log: list[tuple[int, int]] = []
        for minutes, price, late in events:
            now += minutes * MINUTE
            log.append((now - late * MINUTE, price))
            happened = Happened("Buy", {"price": str(price)}, now - late * MINUTE)
            state = advance(state, catalog, happened, now, WORLD).state
        now += passed * MINUTE
        inside = [price for at, price in log if at > now - window * MINUTE]
        counts = (
            len(inside),
            len(log),
            sum(price > 10 for price in inside),
            sum(price > 10 for _, price in log),
        )
        scope = Scope(state, WORLD, now)
        verdicts = [holds(parse_condition(line), scope) for line in lines]
        assert verdicts[:4] == [ORDER[op](count, times) != negated for count in counts]
        assert verdicts[4] == ORDER[op](sum(inside), times * 10)

    @bounded
    @given(
        events=st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 20)), min_size=1, max_size=12),
        condition=st.sampled_from([
            "did Buy >= 3 times in 7m", "did Buy = 2 times in 7m", "did not Buy in 5m", "did not Buy = 1 times in 9m",
            "did Buy < 2 times in 7m where price > 10", "sum(Buy.price) > 25 in 8m", "sum(Buy.price) <= 10 in 8m",
            "last_visit more than 5m ago", "first_visit less than 6m ago", "received x in 5m",
        ]),
    )  # fmt: skip
    def test_the_moment_at_which_a_verdict_changes_is_the_one_that_is_known_ahead(
        self, read, events, condition
    ):
        catalog = Catalog.of([read(f"audience: ['{condition}']\nsteps: [{{tag: x}}]")])
        parsed = parse_condition(condition)
        state, now = VisitorState(id="ann"), START
        for minutes, price in events:
            now += minutes * MINUTE
            for event in (Happened("Buy", {"price": price}), Happened("Page Viewed")):
                state = advance(state, catalog, event, now, WORLD).state
        for _ in range(30):
            scope = Scope(state, WORLD, now)
            due = next_change([parsed], scope)
            until = due or now + HOUR
            verdict = holds(parsed, scope)
            moments = range(now, until, MINUTE // 2)
            assert all(holds(parsed, Scope(state, WORLD, at)) == verdict for at in [*moments, until - 1])
            if not due:
                break
            assert holds(parsed, Scope(state, WORLD, due)) != verdict
            now = due
        else:
            pytest.fail("it changes without end")


SEGMENTS: dict[str, list[str]] = {
    "buyers": ["did buy"],
    "busy": ["did buy >= 2 times in 3h"],
    "spent": ["sum(buy.price) > 30 in 1d"],
    "lamps": ["did buy in 2d where category = lamps"],
    "away": ["last_visit more than 2h ago"],
    "fresh": ["first_visit less than 1d ago", "not tagged old"],
    "evening": ["now in 18:00-09:00", "email is known"],
    "weekend": ["weekday in [sat, sun]"],
    "birthday": ["visitor.birthday is not today", "visitor.birthday in this week"],
    "open": ["now in business_hours"],
    "quiet": ["did not buy in 1h", "last_visit less than 5h ago"],
    "odd": ["any: [visitor.plan = gold, {all: [did not buy in 4h, tagged old]}, now in 02:00-03:30]"],
    "never": ["not: {any: [email is known, did page_viewed in 30m]}"],
    "rich": ["cart.total > 20"],
    "touched": ["opened letters.first in 2h"],
    "inner": ["in segment busy", "not in segment evening"],
    "outer": ["any: [in segment inner, in segment theirs]", "not in segment weekend"],
    "listed": ["visitor.tags contains old", "visitor.news is subscribed"],
    "paged": ['page.path starts with "/a"', "visits < 3"],
    "ordered": ["last_order less than 6h ago", "order.total > 10"],
}
HOURS = [0, MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 7 * HOUR, 26 * HOUR]
BUY = st.builds(
    Happened,
    st.just("Buy"),
    st.fixed_dictionaries({"price": st.integers(0, 30), "category": st.sampled_from(["lamps", "x"])}),
)
happenings: st.SearchStrategy[Stimulus] = st.one_of(
    BUY,
    BUY,
    st.builds(
        Happened,
        st.sampled_from(["Page Viewed", "Session Started", "Lead", "Product Added", "Order Completed"]),
        st.fixed_dictionaries({
            "price": st.integers(0, 30), "category": st.sampled_from(["lamps", "x"]), "product_id": st.just("p"),
            "path": st.sampled_from(["/a", "/b"]), "total": st.integers(0, 20),
        }),
    ),
    st.builds(Happened, st.sampled_from(["Segment Entered", "Segment Left"]), st.just({"segment": "theirs"})),
    st.builds(Happened, st.just("Email Opened"), st.just({"scenario": "letters", "step": "first"})),
    st.builds(Happened, st.sampled_from(["Subscribed", "Unsubscribed"]), st.just({"list": "news"})),
    st.builds(
        PropertiesChanged,
        st.sampled_from([{}, {"email": "a@b.co"}, {"email": None}, {"plan": "gold"}, {"plan": "x"}]),
        st.sampled_from([(), ("old",)]),
        st.sampled_from([(), ("old",)]),
    ),
    st.just(TimePassed()),
)  # fmt: skip
histories = st.lists(st.tuples(st.sampled_from(HOURS), happenings), max_size=14)
ACTS = """
    scenario: acts
    trigger: [{event: Segment Entered, where: [event.segment = busy]}, {event: Lead}]
    reentry: {while_running: parallel}
    steps:
      - tag: old
      - wait: 1h
      - set: {visitor.plan: gold}
      - untag: old
      - emit: {event: Buy, properties: {price: 9}}
    """


class TestMembership:
    @pytest.fixture
    def catalog(self, read, group) -> Catalog:
        return Catalog.of([read(ACTS)], segments=[group(slug, *lines) for slug, lines in SEGMENTS.items()])

    def members(self, state: VisitorState, catalog: Catalog, now: int) -> set[str]:
        scope = Scope(state, WORLD, now)
        return {segment.slug for segment in catalog.segments.segments if all_hold(segment.conditions, scope)}

    @bounded
    @given(history=histories, odd=st.integers(1, 5 * HOUR))
    def test_is_that_of_a_full_evaluation_at_any_moment(self, catalog, history, odd):
        state, now = VisitorState(id="ann"), START
        inside: set[str] = set()

        def tell(stimulus: Stimulus, at: int) -> None:
            nonlocal state
            outcome = advance(state, catalog, stimulus, at, WORLD)
            state = outcome.state
            follow(inside, outcome)
            if state.decided:
                assert set(state.live_segments) == inside == self.members(state, catalog, at)
                assert not state.segments_due or state.segments_due > at

        for passed, stimulus in [*history, (odd, TimePassed())]:
            end = now + passed
            while (due := state.next_wake()) and due <= end:
                if state.decided:
                    assert set(state.live_segments) == self.members(state, catalog, due - 1)
                tell(TimePassed(), due)
            now = end
            if state.decided:
                assert set(state.live_segments) == self.members(state, catalog, now)
            tell(stimulus, now)

    @bounded
    @given(history=histories)
    def test_deciding_everything_anew_changes_nothing(self, catalog, history):
        state, now = VisitorState(id="ann"), START
        for passed, stimulus in history:
            now += passed
            state = advance(state, catalog, stimulus, now, WORLD).state
        again = refresh(state, catalog, now, WORLD)
        if state.decided:
            assert again.live_segments == state.live_segments
            assert again.segments == state.segments

    @bounded
    @given(one=histories, other=histories)
    def test_of_two_who_become_one_is_decided_anew(self, catalog, one, other):
        kept, gone, now = VisitorState(id="ann"), VisitorState(id="bob"), START
        for passed, stimulus in one:
            now += passed
            kept = advance(kept, catalog, stimulus, now, WORLD).state
        for passed, stimulus in other:
            now += passed
            gone = advance(gone, catalog, stimulus, now, WORLD).state
        kept = advance(kept, catalog, TimePassed(), now, WORLD).state
        merged = merge(kept, gone, now)
        inside = set(merged.live_segments)
        outcome = advance(merged, catalog, TimePassed(), now, WORLD)
        follow(inside, outcome)
        if outcome.state.decided:
            assert inside == set(outcome.state.live_segments) == self.members(outcome.state, catalog, now)


def follow(inside: set[str], outcome: Outcome) -> None:
    """Lets the events of an outcome move the segments that a listener to them would know of."""
    for effect in outcome.effects:
        if isinstance(effect, EmitEvent) and effect.name == "Segment Entered":
            inside.add(effect.properties["segment"])
        elif isinstance(effect, EmitEvent) and effect.name == "Segment Left":
            inside.remove(effect.properties["segment"])


class TestDueTimes:
    """What was armed for runs that have ended or begun anew is gone; what is armed is what a fresh look says."""

    TEXTS = (
        "scenario: debounce\ntrigger: [{event: Buy}]\nreentry: {while_running: restart}\nexit: [{event: Out}]\n"
        "steps: [{wait: 2h}, {say: x}, {wait: 30m}, {tag: old}]",
        "scenario: timed\ntrigger: [{event: Lead}]\nreentry: {while_running: parallel}\n"
        "exit: [last_visit more than 3h ago, did buy >= 2 times in 1h]\nsteps: [{wait: 20h}]",
        "scenario: asks\ntrigger: [{event: Page Viewed}]\nexit: [tagged old]\n"
        "steps: [{wait_for: {event: Lead, up_to: 5h}}, {say: Well?, timeout: 1h, options: [{label: Ok}]}]",
        "scenario: silent\ntrigger: [{inactive: 1h}, {inactive: 9h}]\nsteps: [{tag: silent}, {untag: silent}]",
    )
    WAITS = {"debounce": (2 * HOUR, HOUR // 2), "timed": (20 * HOUR,), "asks": (5 * HOUR, HOUR)}  # noqa: RUF012

    @bounded
    @given(history=histories, out=st.integers(0, 14))
    def test_are_what_a_fresh_computation_says(self, read, history, out):
        catalog = Catalog.of([read(text) for text in self.TEXTS])
        state, now = VisitorState(id="ann"), START
        trace: list[Any] = []
        history = [*history[:out], (MINUTE, Happened("Out")), *history[out:]]
        for passed, stimulus in history:
            now += passed
            outcome = advance(state, catalog, stimulus, now, WORLD)
            state = outcome.state
            trace += outcome.trace
            assert state.next_wake() == min(self.fresh(state, catalog, now, trace), default=0)
            assert refresh(state, catalog, now, WORLD) is state

    def fresh(self, state: VisitorState, catalog: Catalog, now: int, trace: list[Any]) -> list[int]:
        silences = (state.last_visit + duration for duration, _ in catalog.inactive)
        dues = [due for due in silences if due > now][:1] if state.last_visit else []
        for run in state.runs:
            program = catalog.programs[run.scenario]
            came_there_at = [
                line.at for line in trace if line.run == run.id and line.step == run.waiting.step
            ][-1]
            lengths = [came_there_at + length for length in self.WAITS[run.scenario]]
            assert run.waiting.due_at in lengths
            dues.append(run.waiting.due_at)
            scope = Scope(state, WORLD, now, program, run)
            dues += [due for exit_ in program.exit_conditions if (due := next_change([exit_], scope))]
        return dues


FACTS = st.lists(
    st.tuples(
        st.sampled_from([MINUTE, HOUR, 7 * HOUR]),
        st.booleans(),
        st.one_of(
            st.builds(
                Happened,
                st.sampled_from(["Buy", "Page Viewed", "Session Started", "Lead", "Order Completed"]),
                st.fixed_dictionaries({"price": st.integers(0, 30), "total": st.integers(0, 20)}),
            ),
            st.builds(Happened, st.just("Email Opened"), st.just({"scenario": "letters"})),
            st.builds(
                Happened, st.just("Subscribed"), st.fixed_dictionaries({"list": st.sampled_from(["a", "b"])})
            ),
        ),
    ),
    max_size=25,
)


class TestMerge:
    TEXT = (
        "audience: ['did buy >= 70 times in 1d where price > 10', 'sum(buy.price) > 5 in 1d']\n"
        "trigger: [{event: Never}]\nsteps: [{tag: x}]"
    )

    @bounded
    @given(log=FACTS)
    def test_is_a_replay_of_both_logs_in_time_order(self, read, log):
        """For all that merge.py says is added up; what it names as different is tested in test_merge.py."""
        catalog = Catalog.of([read(self.TEXT)])
        one = VisitorState(id="ann")
        parts = {True: VisitorState(id="ann"), False: VisitorState(id="bob")}
        now = START
        for number, (passed, known, happened) in enumerate(log):
            now += passed
            stimulus = Happened(happened.name, {**happened.properties, "order_id": f"o{number}"})
            one = advance(one, catalog, stimulus, now, WORLD).state
            parts[known] = advance(parts[known], catalog, stimulus, now, WORLD).state
        merged = merge(parts[True], parts[False], now)
        for name in (
            "visits",
            "orders",
            "revenue",
            "first_visit",
            "last_visit",
            "history",
            "received",
            "first_touch",
        ):
            assert getattr(merged, name) == getattr(one, name), name
        assert merged.order == one.order
        assert sorted(merged.lists) == sorted(one.lists)
