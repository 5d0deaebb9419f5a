"""What holds for every sequence of stimuli, however odd: found by hypothesis."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.merge import merge, withdrawn
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import (
    BroadcastDue,
    Chose,
    CouponTaken,
    Delivered,
    DialogMoved,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
    Stimulus,
    TimePassed,
    Wrote,
)
from scenarios_yaml.language.model import Scenario

START = 1_772_452_800_000
WORLD = World(operators_online=1, timezone="Europe/Berlin", business_hours={0: ("09:00", "18:00")})
TEXTS = (
    """
    scenario: bot
    trigger: [{event: Page Viewed}, {keyword: [order]}]
    exit: [{event: Order Completed}]
    steps:
      - wait: 15s
      - id: menu
        say: "Hi {{ visitor.name }} {{ event.price | times: 2 }}"
        timeout: 1h
        options:
          - {label: A, jump: ask}
          - {label: B, steps: [{say: "{{ cart.items[0].name | upcase }}"}, {jump: menu}]}
        no_answer: [{tag: silent}]
      - call: ask
      - close: done
    blocks:
      ask:
        - {ask: Email?, input: email, save_to: visitor.email, timeout: 10m, no_answer: [{note: none}]}
        - handoff: {team: support}
          no_operator: [{say: Later}]
    """,
    """
    scenario: promo
    trigger: [{event: Exit Intent, where: [page.path not starts with "/checkout"]}, {event: Product Added}]
    audience: [email is unknown, 'did "Product Viewed" < 5 times in 1d where price > 10']
    delivery: {if_busy: queue, priority: 70}
    reentry: {not_sooner_than: 1h, key: cart.id, while_running: restart}
    steps:
      - popup:
          size: large
          title: "{{ products.size }}"
          text: x
          fields:
            - {input: email, label: E, save_to: visitor.email}
            - {input: number, label: N, save_to: run.n}
        timeout: 30m
        on_submit:
          - coupon: {pool: ten, save_to: run.code}
          - popup: {size: mini, title: "{{ run.code }}", text: y}
        on_close: [{emit: {event: Page Viewed, properties: {path: /x}}}]
    """,
    """
    scenario: series
    timezone: visitor
    trigger: [{event: Product Added}, {inactive: 2h}, {segment: vip}, {segment: keen}, {schedule: "0 10 1 * *"}]
    exit: [cart.total > 1000000, tagged silent, last_visit more than 26h ago]
    goal: {event: Order Completed, within: 2d, where: [event.total > 5]}
    delivery: {if_busy: queue}
    reentry: {while_running: parallel, times: 20}
    steps:
      - wait: {for: 1h, since: last_visit}
      - split:
          - {name: a, weight: 1, steps: [{wait: {at: "10:00", within: 1d}}]}
          - {name: b, weight: 1, steps: [{wait: {until: event.starts_at}}]}
      - email: {subject: "{{ cart.total }}", body: "{% for i in cart.items %}{{ i.name }}{% endfor %}"}
        on_error: [{set: {visitor.failed: "{{ run.error }}", dialog.x: 1}}]
      - wait_for: {event: Email Opened, up_to: 2d}
        then: [{webhook: {url: "https://shop.example", save_to: run.reply}, on_error: [{start: bot}]}]
        on_timeout: [{subscribe: news}, {untag: silent}]
      - choose:
          - if: [sum(Order_Completed.total) > 10 in 1d]
            steps: [{product_list: {from: viewed, limit: 2}}]
        otherwise: [{push: {title: t, text: t, link: "https://shop.example"}, on_error: [{stop: no push}]}]
      - say: "{{ run.reply.a }}"
    """,
)
SEGMENTS = {
    "keen": ['did "Product Viewed" >= 2 times in 1h', "email is unknown"],
    "gone": ["last_visit more than 12h ago", "not in segment keen"],
    "evening": ["now in 17:00-09:00", "any: [tagged silent, visits = 0]"],
}
NAMES = (
    "Page Viewed", "Exit Intent", "Product Added", "Product Viewed", "Order Completed", "Email Opened",
    "Session Started", "Cart Viewed", "Tag Added", "Segment Entered", "Unsubscribed", "Push Subscribed",
    "Product Removed", "x",
)  # fmt: skip
KEYS = (
    "product_id", "price", "quantity", "products", "path", "total", "starts_at", "segment", "name", "email",
    "scenario", "cart_id", "utm", "list",
)  # fmt: skip

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["vip", "/checkout", "a@b.co", "2026-03-03 10:00", "p1", "12,5", "bot"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
properties = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), junk, max_size=6)
EXAMPLES = 25
AIMED = "?"
"""Stands for the id of the question, pop-up or run that waits at that moment."""
runs = st.just(AIMED) | st.builds("ann.{}".format, st.integers(1, 6))
messages = st.just(AIMED) | st.builds("{}.{}".format, runs, st.integers(1, 8)) | st.text(max_size=6)
words = st.sampled_from(["A", "b", "order", "a@b.co", "12", ""]) | st.text(max_size=20)
stimuli: st.SearchStrategy[Stimulus] = st.one_of(
    st.builds(Happened, st.sampled_from(NAMES), properties, st.integers(0, START * 2)),
    st.builds(Happened, st.text(max_size=20), properties),
    st.builds(Wrote, words, files=st.lists(words, max_size=2).map(tuple)),
    st.builds(Chose, messages, st.sampled_from(["a", "b", "0"]) | words),
    st.builds(PopupEnded, messages, st.sampled_from(["submitted", "clicked", "closed"]), properties),
    st.just(TimePassed()),
    st.builds(PropertiesChanged, properties, st.lists(words, max_size=2).map(tuple), st.just(("silent",))),
    st.builds(OperatorWrote, words),
    st.builds(DialogMoved, st.sampled_from(["", "d1"]), st.sampled_from(["bot", "people"]), words, words),
    st.builds(CouponTaken, runs, words),
    st.builds(Delivered, runs, st.booleans(), junk, words),
    st.builds(BroadcastDue, st.sampled_from(["series", "bot", "none"])),
)  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from([0, 1, 900, 15_000, 600_000, 3_600_000, 90_000_000]), stimuli), max_size=25
)
quick = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def catalog(read, group) -> Catalog:
    scenarios: list[Scenario] = [read(text) for text in TEXTS]
    return Catalog.of(scenarios, segments=[group(slug, *lines) for slug, lines in SEGMENTS.items()])


def aim(stimulus: Stimulus, state: VisitorState) -> Stimulus:
    """The stimulus with `AIMED` replaced by what the visitor's runs wait for."""
    waiting = [(run, run.waiting) for run in state.runs if run.waiting]
    match stimulus:
        case Chose(message="?"):
            ids = [wait.message for _, wait in waiting if wait.kind in ("answer", "input")]
            return Chose(ids[-1] if ids else "", stimulus.option)
        case PopupEnded(popup="?"):
            return PopupEnded(state.popup, stimulus.outcome, stimulus.fields)
        case CouponTaken(run="?") | Delivered(run="?"):
            ids = [run.id for run, wait in waiting if wait.kind == "reply"]
            return msgspec.structs.replace(stimulus, run=ids[-1] if ids else "")
    return stimulus


def restart(state: VisitorState) -> VisitorState:
    return msgspec.json.decode(msgspec.json.encode(state), type=VisitorState)


class TestEverySequence:
    @quick
    @given(steps=steps)
    def test_never_raises_and_survives_a_restart_at_any_moment(self, catalog, steps):
        """The state that went in is as it was; the one that came out is the same after JSON."""
        state, now = VisitorState(id="ann"), START
        for passed, stimulus in steps:
            now += passed
            before = msgspec.json.encode(state)
            outcome = advance(state, catalog, aim(stimulus, state), now, WORLD)
            assert msgspec.json.encode(state) == before
            state = restart(outcome.state)
            assert state == outcome.state
            assert state.next_wake() == 0 or state.next_wake() > now
            assert all(run.waiting for run in state.runs)
            msgspec.json.encode((outcome.effects, outcome.trace))

    @quick
    @given(steps=steps)
    def test_the_same_log_gives_the_same_trace_and_effects(self, catalog, steps):
        assert replay(catalog, steps) == replay(catalog, steps)

    @quick
    @given(steps=steps, looks=st.lists(st.integers(1, 3_600_000), max_size=4))
    def test_how_often_the_caller_looks_at_the_clock_changes_nothing(self, catalog, steps, looks):
        rarely = replay(catalog, steps, looks=None)
        assert replay(catalog, steps, looks=[]) == rarely
        assert replay(catalog, steps, looks=looks) == rarely

    @quick
    @given(first=steps, second=steps, after=steps)
    def test_two_visitors_merge_at_any_moment(self, catalog, first, second, after):
        kept, now = run_through(catalog, "ann", first, START)
        gone, now = run_through(catalog, "bob", second, now)
        before = msgspec.json.encode((kept, gone))
        merged = merge(kept, gone, now)
        assert msgspec.json.encode((kept, gone)) == before
        assert restart(merged) == merged
        assert merged.visits == kept.visits + gone.visits
        assert {run.id for run in merged.runs} <= {run.id for run in [*kept.runs, *gone.runs]}
        msgspec.json.encode(withdrawn(kept, gone, merged))
        state, _ = run_through(catalog, "ann", after, now, merged)
        assert len({run.id for run in state.runs}) == len(state.runs)


def run_through(
    catalog: Catalog,
    visitor: str,
    steps: list[tuple[int, Stimulus]],
    now: int,
    state: VisitorState | None = None,
) -> tuple[VisitorState, int]:
    state = state or VisitorState(id=visitor)
    for passed, stimulus in steps:
        now += passed
        state = advance(state, catalog, aim(stimulus, state), now, WORLD).state
    return state, now


def replay(
    catalog: Catalog, steps: list[tuple[int, Stimulus]], looks: list[int] | None = None
) -> tuple[Any, Any, Any]:
    """The whole outcome. With `looks`, time is told whenever something is due, and at odd moments too."""
    state, now = VisitorState(id="ann"), START
    effects: list[Any] = []
    trace: list[Any] = []

    def tell(stimulus: Stimulus, at: int) -> None:
        nonlocal state
        # What the visitor sees at that moment is what was due before, whether or not anybody has looked.
        seen = advance(state, catalog, TimePassed(), at, WORLD).state
        outcome = advance(state, catalog, aim(stimulus, seen), at, WORLD)
        state = restart(outcome.state)
        effects.extend(outcome.effects)
        trace.extend(outcome.trace)

    for passed, stimulus in steps:
        end = now + passed
        if looks is not None:
            for look in sorted(now + look for look in looks):
                while (due := state.next_wake()) and due <= min(look, end):
                    tell(TimePassed(), due)
                if look <= end:
                    tell(TimePassed(), look)
            while (due := state.next_wake()) and due <= end:
                tell(TimePassed(), due)
        now = end
        tell(stimulus, now)
    return msgspec.json.encode(effects), msgspec.json.encode(trace), state
