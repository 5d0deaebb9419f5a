"""A desk in memory that has scenarios: those of the library, launched, paused, one of them broken."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.library.index import library
from server_stub.protocol import (
    ChangeScenario,
    DayFigures,
    Publication,
    ScenarioChanged,
    ScenarioFile,
    ScenarioProblem,
    ScenarioStatus,
    ScenarioTests,
    ScenarioTotals,
    ShopWorld,
    StepCount,
)

LIVE = {"site_bonus_popup": 48, "abandoned_cart_series": 1_204, "help_choosing_bot": 3, "exit_promo_popup": 0}
PAUSED = ("come_back_offer_email",)
ARCHIVED = ("holiday_broadcast",)
BROKEN = "cart_reminder_popup"
OWN = """\
scenario: greeting
title: {en: Good evening, ru: Добрый вечер}
status: live
trigger:
  - event: Session Started
    where:
      - page.path starts with "/lamps"
# Only in the evening.
audience:
  - now in 18:00-22:00
steps:
  - say: Good evening!
"""


def _memory_desk() -> ModuleType:
    """The desk of the inbox's tests: with `importmode=importlib` there is no package to import it from."""
    name = "console_memory_desk"
    if name not in sys.modules:
        path = Path(__file__).parents[1] / "inbox" / "memory_desk.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def switched(text: str, status: str) -> str:
    """The text with another status."""
    return re.sub(r"^status: \w+", f"status: {status}", text, count=1, flags=re.MULTILINE)


def shop_desk() -> Any:
    """The lively desk of the inbox's tests, with a dozen scenarios."""
    desk = _memory_desk().lively()
    wanted = [
        *LIVE,
        *PAUSED,
        *ARCHIVED,
        BROKEN,
        "wholesale_bot",
        "first_visit_bonus_popup",
        "order_thanks_popup",
    ]
    texts = {item.slug: item.text for item in library() if item.slug in wanted}
    texts["greeting"] = OWN
    for slug in texts:
        status = (
            "live" if slug in LIVE else "paused" if slug in PAUSED else "archived" if slug in ARCHIVED else ""
        )
        texts[slug] = switched(texts[slug], status) if status else texts[slug]
    texts[BROKEN] = texts[BROKEN].replace("event: Cart Viewed", "evnt: Cart Viewed", 1)
    desk.texts = texts
    desk.scenario_files = [_status(slug, text) for slug, text in texts.items()]
    desk.switched = []

    async def scenario_file(slug: str, kind: str = "scenario") -> ScenarioFile:
        status = next(one for one in desk.scenario_files if one.slug == slug)
        standing = (
            StepCount(status.version, "letter", 3),
            StepCount(status.version, "offer", status.running - 3),
        )
        return ScenarioFile(
            slug,
            f"{slug}.yaml",
            desk.texts[slug],
            "b1",
            status.version,
            status.status,
            published_at=desk.now - 3_600_000,
            by="op_maria" if status.status == "live" else "",
            standing=standing if status.running > 3 else (),
        )

    async def change_scenario(slug: str, change: ChangeScenario) -> Publication:
        desk.switched.append((slug, change.status))
        desk.texts[slug] = switched(desk.texts[slug], change.status)
        status = _status(slug, desk.texts[slug])
        desk.scenario_files = [status if one.slug == slug else one for one in desk.scenario_files]
        desk.record(ScenarioChanged(slug, status.status, status.version, status.title, status.file))
        return Publication(slug, published=True, base="b2", version=status.version)

    async def world() -> ShopWorld:
        return ShopWorld("Europe/Prague", business_hours={"mon": "09:00-18:00"}, site={"name": "Lamps"})

    async def scenario_tests(slug: str) -> ScenarioTests:
        return ScenarioTests(slug, f"{slug}.test.yaml", "", "")

    desk.scenario_file, desk.change_scenario = scenario_file, change_scenario
    desk.world, desk.scenario_tests = world, scenario_tests
    return desk


def _status(slug: str, text: str) -> ScenarioStatus:
    result = read_scenario(text)
    problems = tuple(
        ScenarioProblem(one.line, one.column, one.message, one.hint)
        for one in result.problems
        if one.severity == "error"
    )
    scenario = result.scenario
    return ScenarioStatus(
        slug,
        scenario.title.render({}, "en") if scenario else slug,
        scenario.status if scenario else "draft",
        scenario.version if scenario else "",
        f"{slug}.yaml",
        running=LIVE.get(slug, 0),
        problems=problems,
        totals=_totals(LIVE.get(slug, 0)),
    )


def _totals(running: int) -> ScenarioTotals:
    """Of the last thirty days: the more are on their way, the more have entered."""
    entered = [running * (3 + day * 7 % 5 + day // 6) // 10 for day in range(30)]
    days = tuple(DayFigures(f"2026-02-{day + 1:02}", count, count // 9) for day, count in enumerate(entered))
    return ScenarioTotals(sum(entered), sum(day.goal for day in days), days)


@pytest.fixture
def desk() -> Any:
    """`desk.texts` are the files by slug; `desk.switched` what was switched how."""
    return shop_desk()
