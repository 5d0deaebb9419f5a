"""Figures of a scenario at the console, asked for and watched, against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from operator_console.client import DeskClient
from operator_console.inbox.scenario_words import run_words
from operator_console.mirror import Mirror
from server_stub.protocol import (
    DayFigures,
    FiguresChanged,
    PublishScenario,
    RunProgress,
    ScenarioFigures,
    StepFigures,
    VariantFigures,
    Watching,
)
from server_stub.serve import Server
from server_stub.work import Identity, TrackEvent

SERIES = """\
scenario: series
title: A series
status: live
trigger: [{event: Series Wanted}]
steps: [{id: pause, wait: 3d}]
"""
SERIES_WATCHED = Watching("series")


class Desk:
    def __init__(self, server: Server, client: DeskClient) -> None:
        self.server = server
        self.client = client

    async def enter(self, who: str) -> None:
        at = self.server.app.now()
        work = TrackEvent(
            who=Identity(anonymous_id=who),
            name="Series Wanted",
            message_id=who,
            happened_at=at,
            received_at=at,
            source="server",
        )
        await self.server.app.desk.submit(work)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    server = Server(tmp_path / "data", port=0, log_bytes=0)
    await server.start()
    client = DeskClient(server.url, server.operator_token)
    await client.publish("series", PublishScenario(text=SERIES))
    yield Desk(server, client)
    await client.close()
    await server.stop()


class TestAskedFor:
    async def test_tell_what_happened_and_to_whom(self, desk: Desk) -> None:
        await desk.enter("a1")
        figures = await desk.client.figures("series")
        assert (figures.entered, figures.steps[0].waiting) == (1, 1)
        behind = await desk.client.figure_visitors("series", "reached", step="pause")
        assert [one.visitor for one in behind.visitors] == [desk.server.app.desk.visitor_of("a1")]


class TestWatched:
    async def test_come_whole_and_then_as_they_change(self, desk: Desk) -> None:
        mirror = Mirror()
        mirror.watch(SERIES_WATCHED)
        await desk.client.watch(SERIES_WATCHED)
        events = desk.client.stream(0)
        async with asyncio.timeout(10):
            await desk.enter("a1")
            async for event in events:
                if isinstance(event, FiguresChanged):
                    mirror.figures_changed(event)
                if mirror.figures is not None and mirror.figures.entered == 1:
                    break
            await desk.enter("a2")
            async for event in events:
                if isinstance(event, FiguresChanged):
                    mirror.figures_changed(event)
                if mirror.figures is not None and mirror.figures.entered == 2:
                    break
        await events.aclose()  # type: ignore[attr-defined]
        assert mirror.figures == await desk.client.figures("series")


def told(seq: int, *steps: str, day: str = "2026-03-02", **more: Any) -> ScenarioFigures:
    made = tuple(StepFigures(step, "v", reached=seq) for step in steps)
    variants = tuple(VariantFigures(step, "v", "a", seq) for step in steps)
    return ScenarioFigures("series", seq, days=(DayFigures(day, seq),), steps=made, variants=variants, **more)


class TestHeldOut:
    def test_is_told_in_words(self) -> None:
        line = RunProgress(
            "", "series", "v", "held_out", result="whether he comes to Order Completed is watched"
        )
        assert run_words(line) == "held out, to be compared with the others"


class TestMirror:
    def test_takes_what_changed_in_the_place_of_what_it_knew(self) -> None:
        mirror = Mirror()
        mirror.watch(SERIES_WATCHED)
        mirror.figures_changed(FiguresChanged(SERIES_WATCHED, told(1, "a", "b"), whole=True))
        mirror.figures_changed(FiguresChanged(SERIES_WATCHED, told(2, "b", day="2026-03-01", entered=7)))
        figures = mirror.figures
        assert figures is not None
        assert [(step.step, step.reached) for step in figures.steps] == [("a", 1), ("b", 2)]
        assert [(one.step, one.entered) for one in figures.variants] == [("a", 1), ("b", 2)]
        assert [day.day for day in figures.days] == ["2026-03-01", "2026-03-02"]
        assert (figures.seq, figures.entered) == (2, 7)

    def test_after_a_reconnection_the_whole_takes_the_place_of_all(self) -> None:
        mirror = Mirror()
        mirror.watch(SERIES_WATCHED)
        mirror.figures_changed(FiguresChanged(SERIES_WATCHED, told(1, "a", "b"), whole=True))
        mirror.figures_changed(FiguresChanged(SERIES_WATCHED, told(2, "b"), whole=True))
        assert mirror.figures == told(2, "b")

    def test_passes_over_what_it_watched_before(self) -> None:
        mirror = Mirror()
        mirror.watch(SERIES_WATCHED)
        mirror.watch(Watching("other"))
        mirror.figures_changed(FiguresChanged(SERIES_WATCHED, told(1, "a"), whole=True))
        assert mirror.figures is None
