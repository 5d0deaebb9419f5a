"""Figures that come by the stream: painted no more often than is read, and followed from version to version."""

from __future__ import annotations

import time
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from operator_console.app import OperatorApp
from operator_console.designer.figures.lineage import Lineage
from operator_console.designer.figures.screen import FiguresScreen
from operator_console.designer.figures.view import FiguresView
from operator_console.designer.figures.watching import PAINTS
from operator_console.errors import Unreachable
from scenarios_yaml.language.reader import read_scenario
from server_stub.protocol import FiguresChanged, Problem, ScenarioFile, ScenarioVersion

FIRST = """\
scenario: greeting
title: A greeting
trigger:
  - event: Session Started
steps:
  - say: Hello
  - say: How are you?
    id: how
"""
SECOND = FIRST.replace("steps:\n", "steps:\n  - wait: 5s\n")
THIRD = SECOND.replace("  - say: Hello\n", "").replace("id: how", "id: health")


async def until(pilot: Any, condition: Any) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("waited in vain")


class TestPainting:
    async def test_happens_at_most_ten_times_a_second_and_ends_with_the_last_figures(
        self, figured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        painted: list[float] = []
        show = FiguresScreen.show_figures

        def noted(self: FiguresScreen, figures: Any) -> None:
            painted.append(time.monotonic())
            show(self, figures)

        app = OperatorApp(figured, keep_in=lambda me: tmp_path, now=figured.clock, zone=UTC)
        async with app.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            app.inbox.show_figures_of("come_back", "Come back")
            await until(
                pilot, lambda: isinstance(app.screen, FiguresScreen) and app.screen.query(FiguresView)
            )
            await until(pilot, lambda: app.screen.body.chosen)
            monkeypatch.setattr(FiguresScreen, "show_figures", noted)
            figures = await figured.figures("come_back")
            for number in range(60):
                told = replace(figures, entered=2_000 + number)
                figured._tell(FiguresChanged(figured.watched[-1], told, whole=True))
                await pilot.pause(0.01)
            await until(pilot, lambda: app.screen.body.chosen.count == 2_059)
        gaps = [later - earlier for earlier, later in pairwise(painted)]
        assert gaps
        assert min(gaps) > 0.9 / PAINTS


class Versions:
    """A desk that has three versions, or none that can be read."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = {str(number): text for number, text in enumerate(texts)}
        self.asked = 0

    async def versions(self, _slug: str) -> tuple[ScenarioVersion, ...]:
        self.asked += 1
        if not self.texts:
            raise Unreachable(Problem("unreachable", "The desk does not answer."))
        return tuple(
            ScenarioVersion(int(base), base, version_of(text), 0) for base, text in self.texts.items()
        )

    async def version(self, slug: str, base: str) -> ScenarioFile:
        return ScenarioFile(
            slug, f"{slug}.yaml", self.texts[base], base, version_of(self.texts[base]), "live"
        )


def version_of(text: str) -> str:
    scenario = read_scenario(text).scenario
    assert scenario is not None
    return scenario.version


class TestFromVersionToVersion:
    async def test_a_step_without_an_id_is_followed_to_where_it_stands_now(self) -> None:
        lineage = Lineage("greeting")
        await lineage.publish(SECOND)
        await lineage.show(SECOND)
        assert await lineage.learn(Versions((FIRST, SECOND)), [version_of(FIRST)])
        assert lineage.key_now(version_of(FIRST), "steps.0") == "steps.1"
        assert lineage.key_now(version_of(FIRST), "how") == "how"
        assert lineage.key_now(version_of(SECOND), "steps.0") == "steps.0"

    async def test_what_is_gone_leads_nowhere(self) -> None:
        lineage = Lineage("greeting")
        await lineage.show(THIRD)
        await lineage.learn(Versions((FIRST,)), [version_of(FIRST)])
        assert lineage.key_now(version_of(FIRST), "steps.0") == ""

    async def test_of_an_unknown_version_only_ids_are_told(self) -> None:
        lineage = Lineage("greeting")
        await lineage.show(SECOND)
        assert lineage.key_now("older", "how") == "how"
        assert lineage.key_now("older", "steps.0") == ""

    async def test_a_text_with_errors_changes_nothing_of_what_is_known(self) -> None:
        lineage = Lineage("greeting")
        await lineage.publish(FIRST)
        await lineage.show(SECOND)
        await lineage.learn(Versions((FIRST,)), [version_of(FIRST)])
        await lineage.show("scenario: [")
        assert lineage.key_now(version_of(FIRST), "steps.0") == "steps.1"

    async def test_a_version_is_asked_for_once(self) -> None:
        lineage, desk = Lineage("greeting"), Versions((SECOND,))
        await lineage.show(SECOND)
        assert await lineage.learn(desk, ["older"])
        assert not await lineage.learn(desk, ["older"])
        assert desk.asked == 1

    async def test_where_the_desk_could_not_be_reached_it_is_asked_again(self) -> None:
        lineage, desk = Lineage("greeting"), Versions(())
        await lineage.show(SECOND)
        with pytest.raises(Unreachable):
            await lineage.learn(desk, ["older"])
        assert not lineage.knows("older")
