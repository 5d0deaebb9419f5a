"""What a scenario's tree costs the console: figures that come live, and opening and editing a very large one.

    python tests/benchmarks/tree_figures.py [--nodes 200] [--large 2000] [--seconds 5] [--presses 60]

Figures: a tree of 200 nodes is open, and ten times a second each of them has other figures; the share of one core that
it takes, with them and without, and key press → paint meanwhile. Large: from the moment that a file of 2,000 nodes is
handed to the screen until its first paint; then each kind of edit, from the key until the frame behind which the change
stands, beside the same key in a file of 20 nodes in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import console_keys as keys
from textual.pilot import Pilot

from operator_console.app import OperatorApp
from operator_console.designer.tree.screen import TreeScreen
from scenarios_yaml.language.reader import read_scenario
from server_stub.protocol import (
    FiguresChanged,
    Me,
    ScenarioFigures,
    ScenarioFile,
    ScenarioVersion,
    StepFigures,
)

UPDATES = 10
"""A second."""
ME = Me("op_maria", "Maria Lind", "owner", "", "")
HEAD = """\
scenario: large
title: A large one
status: live
trigger:
  - event: Session Started
goal: {event: Order Completed, within: 3d}
steps:
"""


def scenario(nodes: int) -> str:
    """A file whose tree has about so many rows: questions with two answers each, some steps without ids."""
    parts = [HEAD]
    for number in range(max(nodes // 6, 1)):
        parts.append(
            f"  - id: question-{number}\n"
            f"    say: Is this the question number {number}?\n"
            "    options:\n"
            f"      - id: yes-{number}\n"
            f'        label: "Yes, it is {number}"\n'
            "        steps:\n"
            f"          - say: Good, {number}.\n"
            f"      - id: no-{number}\n"
            f'        label: "No, not {number}"\n'
            "    timeout: 1d\n"
            "  - wait: 15s\n"
            f"  - tag: asked-{number}\n"
        )
    return "".join(parts)


def step_keys(text: str) -> list[str]:
    """Of the questions, and of the steps below them."""
    read = read_scenario(text).scenario
    assert read is not None
    return [step.key for step in read.steps]


def frame(app: OperatorApp, steps: list[str], version: str, turn: int) -> FiguresChanged:
    """Figures in which each step has something new."""
    told = tuple(
        StepFigures(
            step, version, reached=1000 + turn, waiting=turn % 90, answered=500 + turn, timed_out=20,
            delivered=1000 + turn, seen=900, branches={}, ended=turn % 50, ended_why={"no answer": turn % 50},
        )
        for step in steps
    )  # fmt: skip
    figures = ScenarioFigures("large", turn, entered=2000 + turn, running=40, goal=100 + turn, steps=told)
    return FiguresChanged(app.inbox.mirror.watched, figures, whole=turn == 0)


class Desk(keys.BigDesk):
    """One that has a single scenario, of one version."""

    def __init__(self, text: str) -> None:
        super().__init__(20)
        self.text = text

    async def versions(self, *_: Any, **__: Any) -> tuple[ScenarioVersion, ...]:
        return ()


@asynccontextmanager
async def tree(text: str) -> AsyncIterator[tuple[OperatorApp, Pilot[None], TreeScreen, Desk, float]]:
    """The tree of a text on the screen, and how many ms it took until its first rows were painted."""
    desk = Desk(text)
    app = OperatorApp(desk, keep_in=lambda me: Path(tempfile.mkdtemp()), now=lambda: keys.NOW)
    version = getattr(read_scenario(text).scenario, "version", "v1")
    async with app.run_test(size=keys.SIZE) as pilot:
        await pilot.pause(0.3)
        painted = keys.Painted(app)
        began = time.perf_counter()
        screen = TreeScreen(
            desk, ME, ScenarioFile("large", "large.yaml", text, "b", version, "live"), "Large"
        )
        app.push_screen(screen)
        while not (screen.is_mounted and screen.query("TreeView") and screen.tree_view.rows):
            await asyncio.wait_for(painted.next(), 30)
        await asyncio.wait_for(painted.next(), 30)
        opened = (time.perf_counter() - began) * 1000
        await pilot.pause(0.8)
        yield app, pilot, screen, desk, opened


def moving() -> Iterator[str]:
    while True:
        yield from "jjjjjjjjkkkk"


async def measure_figures(nodes: int, seconds: float, presses: int) -> None:
    text = scenario(nodes)
    steps = step_keys(text)
    async with tree(text) as (app, _pilot, screen, desk, _opened):
        version = read_scenario(text).scenario.version  # type: ignore[union-attr]
        view = screen.tree_view
        print(f"figures at {len(view.rows)} rows, {len(steps)} of them with news, {UPDATES} times a second")

        async def share(news: bool) -> float:
            used, began, turn = time.process_time(), time.perf_counter(), 0
            while time.perf_counter() - began < seconds:
                if news:
                    desk._tell(frame(app, steps, version, turn))
                turn += 1
                await asyncio.sleep(max(began + turn / UPDATES - time.perf_counter(), 0))
            return (time.process_time() - used) / (time.perf_counter() - began)

        cursor: Callable[[], Any] = lambda: view._cursor  # noqa: E731
        keys.report("key → paint, no figures", await keys.presses(app, moving(), presses, cursor))
        quiet = await share(news=False)
        busy = await share(news=True)
        stop = asyncio.Event()

        async def feed() -> None:
            turn = 1_000
            while not stop.is_set():
                turn += 1
                desk._tell(frame(app, steps, version, turn))
                await asyncio.sleep(1 / UPDATES)

        feeding = asyncio.create_task(feed())
        keys.report("key → paint, figures coming", await keys.presses(app, moving(), presses, cursor))
        stop.set()
        await feeding
        print(
            f"  share of a core: {busy:.1%} with figures, {quiet:.1%} without: {busy - quiet:.1%} for them\n"
        )


async def measure_edits(nodes: int, presses: int) -> dict[str, float]:
    """Median ms of each kind of edit, by its name; and of opening."""
    found: dict[str, float] = {}
    async with tree(scenario(nodes)) as (app, pilot, screen, _desk, opened):
        found["open → first paint"] = opened
        edits = {
            "cursor": iter("jk" * presses),
            "duplicate": iter("c" * presses),
            "undo": iter("u" * presses),
            "switch off, on": iter("oo" * presses),
            "move down, up": iter("JK" * presses),
            "fold, unfold": iter([*["space"] * 2 * presses]),
        }
        for name, pressed in edits.items():
            screen.tree_view.point_at("steps.3")
            await pilot.pause(0.8)
            what: Callable[[], Any] = lambda: (screen.document.revision, screen.tree_view._cursor)  # noqa: E731
            if name == "fold, unfold":
                what = lambda: len(screen.tree_view._shown)  # noqa: E731
            used = time.process_time()
            taken = sorted(await keys.presses(app, pressed, presses, what))
            work = (time.process_time() - used) * 1000 / presses
            found[name] = taken[len(taken) // 2]
            found[f"{name}, p95"] = taken[int(len(taken) * 0.95)]
            found[f"{name}, work of the processor"] = work
    return found


async def measure_large(large: int, presses: int) -> None:
    small = await measure_edits(20, presses)
    whole = await measure_edits(large, presses)
    print(f"{'key → paint, ms':<38}{'20 nodes':>10}{f'{large:,} nodes':>14}{'ratio':>8}")
    for name, taken in whole.items():
        print(f"  {name:<36}{small[name]:>10.1f}{taken:>14.1f}{taken / small[name]:>8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--large", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--presses", type=int, default=60)
    options = parser.parse_args()
    print(f"{'':<46} p50     p95     p99  ms")
    asyncio.run(measure_figures(options.nodes, options.seconds, options.presses))
    asyncio.run(measure_large(options.large, options.presses))


if __name__ == "__main__":
    main()
