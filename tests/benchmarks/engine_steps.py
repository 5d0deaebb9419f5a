"""How fast the engine decides: steps a second, and what one event costs beside a bare fold into a dict, with scenarios
and segments that listen to it and with such that do not.

    python tests/benchmarks/engine_steps.py [--seconds 1]

Prints medians of five repetitions. Refusals are not explained, as in the server, but where it says so. The reference
does what any engine must do at least: copy the visitor's record, count the event, keep its last properties.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import advance, refresh
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import Happened, Stimulus
from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment

NOW = 1_772_452_800_000
WORLD = World(operators_online=1)
REPETITIONS = 5
PAGE = {
    "url": "https://shop.example/dresses/red?page=2",
    "path": "/dresses/red",
    "title": "Red dresses",
    "referrer": "https://shop.example/",
}
BUSY = """
scenario: busy
title: Thirty steps that only decide and change
status: live
trigger: [{event: Go}]
steps:
"""
STEP = """
  - if: [visitor.score >= 0, 'did "Page Viewed" > 2 times in 1d']
    then: [{set: {run.last: 1}}]
  - tag: seen
"""
LISTENER = """
scenario: listener-%d
title: One that listens
status: live
trigger: [{event: %s, where: [page.path starts with "/dresses"]}]
audience: [visitor.score < 0]
steps: [{say: Hello}]
"""
ELSEWHERE = """
segment: elsewhere-%d
title: One that looks at other things
conditions: ['did "Order Completed" >= %d times in 30d', visitor.plan = gold, 'cart.total > 100']
"""
COUNTING = """
segment: counting-%d
title: One that counts this event
conditions: ['did "Page Viewed" >= %d times in 7d']
"""
ALTERNATING = """
segment: alternating-%d
title: One that is entered and left with each event
conditions: [page.section = sale]
"""
DIALOG = """
scenario: menu
title: A menu that comes back
status: live
trigger: [{event: Go}]
steps:
  - id: menu
    say: "How can I help, {{ visitor.name | default: 'friend' }}?"
    timeout: 1h
    options: [{label: Delivery, steps: [{say: It costs 300.}, {jump: menu}]}, {label: Bye}]
"""


def scenario(text: str) -> Scenario:
    result = read_scenario(text)
    if result.scenario is None:
        raise SystemExit(str(result.errors))
    return result.scenario


def segment(text: str) -> Segment:
    result = read_segment(text)
    if result.segment is None:
        raise SystemExit(str(result.problems))
    return result.segment


def seconds_each(function: Callable[[], Any], seconds: float) -> tuple[float, float, float]:
    """Median, least and most of the seconds that one call takes."""
    function()
    times = []
    for _ in range(REPETITIONS):
        calls, started = 0, time.perf_counter()
        while (passed := time.perf_counter() - started) < seconds:
            for _ in range(50):
                function()
            calls += 50
        times.append(passed / calls)
    return statistics.median(times), min(times), max(times)


def told(name: str, median: float, least: float, most: float, note: str = "") -> None:
    print(f"{name:<58} {median * 1e6:8.2f} µs  ({least * 1e6:.2f}-{most * 1e6:.2f})  {note}".rstrip())


def visitor() -> VisitorState:
    """A visitor in the middle of his visit, with some history."""
    state = VisitorState(id="visitor", properties={"name": "Ann", "score": 1})
    catalog = Catalog.of([])
    for number, name in enumerate(["Session Started", "Page Viewed", "Product Viewed", "Product Added"] * 5):
        event = Happened(name, {**PAGE, "product_id": f"p{number}", "price": 10})
        state = advance(state, catalog, event, NOW - 1000 + number, WORLD).state
    return state


def bare_fold() -> Callable[[], Any]:
    record: dict[str, dict[str, Any]] = {
        "count": {f"event {number}": (number, NOW) for number in range(5)},
        "last": {},
        "page": {},
    }

    def fold() -> Any:
        copied = {key: dict(value) for key, value in record.items()}
        count, _ = copied["count"].get("event 3", (0, 0))
        copied["count"]["event 3"] = (count + 1, NOW)
        copied["last"]["event 3"] = PAGE
        copied["page"] = dict(PAGE)
        return copied

    return fold


def event_cost(listening: str, live: int, *, explain: bool = False) -> Callable[[], Any]:
    state = visitor()
    catalog = Catalog.of([scenario(LISTENER % (number, listening)) for number in range(live)])
    event = Happened("Page Viewed", PAGE)
    return lambda: advance(state, catalog, event, NOW, WORLD, explain=explain)


def segment_cost(text: str, files: int, *, scenarios: int = 0) -> Callable[[], Any]:
    """An event under segments, of a visitor whose membership has been decided before."""
    counted = "%d" in text.replace("%d", "", 1)
    segments = [segment(text % ((number, number % 7 + 3) if counted else number)) for number in range(files)]
    listeners = [scenario(LISTENER % (number, "Checkout Started")) for number in range(scenarios)]
    catalog = Catalog.of(listeners, segments=segments)
    state = refresh(visitor(), catalog, NOW, WORLD)
    event = Happened("Page Viewed", PAGE)
    return lambda: advance(state, catalog, event, NOW, WORLD, explain=False)


def memberships_a_second(files: int, visitors: int, events: int) -> tuple[float, int]:
    """Events a second, one visitor after the other, under segments that count them in windows and change with the
    section; and how often somebody entered or left."""
    segments = [segment(COUNTING % (number, number % 20 + 1)) for number in range(files - 1)]
    segments.append(segment(ALTERNATING % files))
    catalog = Catalog.of([], segments=segments)
    states = [VisitorState(id=f"visitor-{number}") for number in range(visitors)]
    pages = [Happened("Page Viewed", {**PAGE, "section": section}) for section in ("sale", "new")]
    moved = 0
    started = time.perf_counter()
    for number in range(events):
        which = number % visitors
        stimulus = pages[number // visitors % 2]
        outcome = advance(states[which], catalog, stimulus, NOW + number, WORLD, explain=False)
        states[which] = outcome.state
        moved += len(outcome.effects)
    return events / (time.perf_counter() - started), moved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=0.5, help="of each repetition (default 0.5)")
    seconds = parser.parse_args().seconds

    reference = seconds_each(bare_fold(), seconds)
    told("reference: an event folded into plain dicts", *reference)
    for live in (0, 10, 100, 1_000):
        cost = seconds_each(event_cost("Checkout Started", live), seconds)
        told(
            f"one event, {live} live scenarios, none listens",
            *cost,
            f"{cost[0] / reference[0]:.1f} x the reference",
        )
    for explain in (False, True):
        for live in (1, 10, 100, 1_000):
            cost = seconds_each(event_cost("Page Viewed", live, explain=explain), seconds)
            told(
                f"one event, {live} live scenarios, all refuse{', explained' if explain else ''}",
                *cost,
                f"{cost[0] / live * 1e6:.2f} µs each",
            )
    for files in (10, 100, 1_000):
        cost = seconds_each(segment_cost(ELSEWHERE, files, scenarios=files), seconds)
        told(
            f"one event, {files} segments and scenarios, none looks at it",
            *cost,
            f"{cost[0] / reference[0]:.1f} x the reference",
        )
    for files in (1, 10, 100):
        cost = seconds_each(segment_cost(COUNTING, files), seconds)
        told(
            f"one event, {files} segments that count it in a window",
            *cost,
            f"{cost[0] / files * 1e6:.2f} µs each",
        )
    for files in (10, 100):
        rate, moved = memberships_a_second(files, 1_000, 10_000)
        print(
            f"{f'10,000 events of 1,000 visitors, {files} segments':<58} {rate:8,.0f} a second, {moved:,} moves"
        )

    busy = Catalog.of([scenario(BUSY + STEP * 15)])
    go: Stimulus = Happened("Go", {})
    state = visitor()
    taken = sum(line.phase == "step" for line in advance(state, busy, go, NOW, WORLD).trace)
    cost = seconds_each(lambda: advance(state, busy, go, NOW, WORLD), seconds)
    told(f"a run of {taken} steps, from trigger to end", *cost, f"{taken / cost[0]:,.0f} steps a second")
    menu = Catalog.of([scenario(DIALOG)])
    cost = seconds_each(lambda: advance(state, menu, go, NOW, WORLD), seconds)
    told("a trigger that asks a question with a template", *cost, f"{1 / cost[0]:,.0f} a second")


if __name__ == "__main__":
    main()
