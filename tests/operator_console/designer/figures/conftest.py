"""A desk in memory that has figures: a scenario with a test of hypotheses, a pop-up, a letter and a question."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from scenarios_yaml.language.reader import read_scenario
from server_stub.protocol import (
    DayFigures,
    FigureVisitor,
    FigureVisitors,
    ScenarioFigures,
    ScenarioFile,
    ScenarioVersion,
    StepFigures,
    VariantFigures,
)

COME_BACK = """\
scenario: come_back
title: Come back with an offer
status: live
trigger:
  - event: Session Started
goal: {event: Order Completed, within: 3d}
holdout: 10%
steps:
  - id: offer
    split:
      - name: discount
        weight: 50
        steps:
          - id: letter
            email: {subject: Ten off, body: Good bye}
      - name: plain
        weight: 50
        steps:
          - id: stay
            popup:
              size: mini
              title: Stay
              text: A present
              button: {label: "Yes"}
              fields: [{input: email, label: Email, save_to: email}]
  - id: good
    say: Was it good?
    options:
      - label: "Yes, thank you"
        id: thanks
    timeout: 1d
"""


def come_back_figures(version: str = "v1") -> ScenarioFigures:
    """30 days up to the 2nd of March 2026."""
    days = tuple(
        DayFigures((date(2026, 2, 1) + timedelta(days=day)).isoformat(), 20 + day * day * 7 % 41, 2 + day % 5)
        for day in range(30)
    )
    steps = (
        StepFigures("offer", version, reached=1204, branches={"discount": 602, "plain": 597}),
        StepFigures(
            "letter", version, reached=602, delivered=590, seen=301, clicked=66, failed=3, suppressed=9,
            failed_why={"could not be sent": 3}, suppressed_why={"unsubscribed": 6, "the frequency cap": 3},
        ),
        StepFigures(
            "stay", version, reached=597, delivered=580, submitted=116, clicked=29, closed=290, ended=290,
            ended_why={"pop-up closed": 290},
        ),
        StepFigures(
            "good", version, reached=860, waiting=48, delivered=860, seen=790, answered=510, timed_out=120, ended=120,
            branches={"thanks": 510}, ended_why={"no answer": 120},
        ),
    )  # fmt: skip
    return ScenarioFigures(
        "come_back",
        7,
        entered=1204,
        running=48,
        ended={"done": 610, "pop-up closed": 290, "exit: Order Completed": 133, "no answer": 120},
        goal=133,
        held_out=120,
        held_out_goal=9,
        days=days,
        steps=steps,
        variants=(
            VariantFigures("offer", version, "discount", 602, 88),
            VariantFigures("offer", version, "plain", 597, 45),
        ),
    )


@pytest.fixture
def figured(desk: Any) -> Any:
    """`figured.asked` are the questions about figures, `figured.asked_behind` those about visitors."""
    version = read_scenario(COME_BACK).scenario.version
    desk.asked, desk.asked_behind = [], []

    async def scenario_file(slug: str, kind: str = "scenario") -> ScenarioFile:
        return ScenarioFile(slug, f"{slug}.yaml", COME_BACK, "b1", version, "live")

    async def figures(
        slug: str, *, since: int = 0, until: int = 0, version: str = version
    ) -> ScenarioFigures:
        desk.asked.append((slug, since, version))
        return come_back_figures(desk.version)

    async def figure_visitors(slug: str, figure: str, **more: Any) -> FigureVisitors:
        desk.asked_behind.append((figure, more["step"], more["branch"]))
        first = int(more["before"] or 0)
        names = ("Anna Petrova", "Mihkel Saar", "", "Lena Vogt")
        people = tuple(
            FigureVisitor(
                f"v{number}", desk.now - number * 3_700_000, 1000 - number, names[number % 4], f"v{number}.1",
                version, more["step"], more["branch"],
            )
            for number in range(first, min(first + more["limit"], 250))
        )  # fmt: skip
        last = first + len(people)
        return FigureVisitors(people, str(last) if last < 250 else "")

    async def versions(slug: str, kind: str = "scenario", **_: Any) -> tuple[ScenarioVersion, ...]:
        return (ScenarioVersion(1, "b1", version, desk.now),)

    desk.version = version
    desk.scenario_file, desk.figures, desk.figure_visitors, desk.versions = (
        scenario_file,
        figures,
        figure_visitors,
        versions,
    )
    return desk
