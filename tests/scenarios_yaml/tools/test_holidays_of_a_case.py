"""`holidays` and `open_on` at the head of a test: when the shop of its world does not open."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.testing.case_reader import TestsResult, read_tests
from scenarios_yaml.tools.testing.case_writer import written
from scenarios_yaml.tools.testing.run_cases import CaseRunner, run_cases

SCENARIO = """
scenario: later
title: Later
trigger: [{event: Go}]
steps:
  - wait: {business_hours: next}
  - say: We are open.
"""


def read(head: str, timeline: str = "- event: Go") -> TestsResult:
    lines = indent(dedent(timeline), "    ")
    return read_tests(f"- test: one\n{indent(dedent(head), '  ')}\n  timeline:\n{lines}")


class TestHolidaysOfACase:
    @pytest.mark.parametrize("day", ["2026-03-03", "03-03"])
    def test_a_wait_for_the_shop_goes_past_them(self, day: str) -> None:
        """On Monday evening, with Tuesday as a holiday, the shop opens on Wednesday."""
        tests = read(
            f"at: 2026-03-02 20:00\nbusiness_hours: 09:00-18:00\nholidays: [{day}]",
            """
            - event: Go
            - advance: 36h
            - expect_nothing
            - advance: 2h
            - expect: {say: We are open}
            """,
        )
        scenario = read_scenario(dedent(SCENARIO)).scenario
        assert scenario is not None
        (result,) = run_cases(CaseRunner(scenario), tests.cases)
        assert result.passed, result.failure

    @pytest.mark.parametrize("day", ["christmas", "2026-02-30", "13-01", "12/25", "25-12-2026"])
    def test_what_is_no_day_is_named(self, day: str) -> None:
        (problem,) = read(f"holidays: [{day}]").problems
        assert problem.message == f"“{day}” is no day"
        assert problem.line == 2

    def test_without_any_there_are_none(self) -> None:
        (case,) = read("business_hours: 09:00-18:00").cases
        assert case.holidays == ()


class TestTheDaysOnWhichItOpens:
    def test_a_wait_for_the_shop_goes_past_the_others(self) -> None:
        """On Monday evening, where it opens on Mondays and Thursdays, it opens on Thursday."""
        tests = read(
            "at: 2026-03-02 20:00\nbusiness_hours: 09:00-18:00\nopen_on: [mon, thu]",
            """
            - event: Go
            - advance: 60h
            - expect_nothing
            - advance: 2h
            - expect: {say: We are open}
            """,
        )
        scenario = read_scenario(dedent(SCENARIO)).scenario
        assert scenario is not None
        (result,) = run_cases(CaseRunner(scenario), tests.cases)
        assert result.passed, result.failure

    def test_they_are_written_as_they_are_read(self) -> None:
        (case,) = read("business_hours: 09:00-18:00\nopen_on: [mon, thu]", "- close").cases
        assert case.open_on == (0, 3)
        assert "  open_on: [mon, thu]\n" in written(case)
        assert read_tests(written(case)).cases[0].open_on == (0, 3)

    def test_what_is_no_day_of_the_week_is_named(self) -> None:
        (problem,) = read("open_on: [Monday]").problems
        assert problem.message == "“Monday” is no weekday"
        assert problem.hint == "did you mean “mon”?"
