"""`scenarios test` through the real command: what it prints, its exit status, JUnit and coverage."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from textwrap import dedent

import pytest

GOOD = """
scenario: good
title: Good
trigger: [{event: Go}]
steps:
  - id: hello
    say: Hello!
    options: [{label: "Yes", steps: [{stop: agreed}]}, {label: "No", steps: [{stop: refused}]}]
    timeout: 1d
"""
GOOD_TEST = """
- test: both ways
  locales: [en, ru]
  timeline:
    - event: Go
    - answer: "Yes"
    - expect_stop: agreed
"""
BAD_TEST = """
- test: "fails <b>&\\e[31m\\u202e ]]>"
  timeline:
    - event: Go
    - expect: {say: Goodbye}
- test: passes
  timeline:
    - event: Go
    - answer: "No"
"""
REPO = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario whose tests pass."""
    (tmp_path / "good.yaml").write_text(dedent(GOOD))
    (tmp_path / "good.test.yaml").write_text(dedent(GOOD_TEST))
    return tmp_path


@pytest.fixture
def bad(folder: Path) -> Path:
    """And one whose tests do not."""
    (folder / "bad.yaml").write_text(dedent(GOOD).replace("good", "bad"))
    (folder / "bad.test.yaml").write_text(dedent(BAD_TEST))
    return folder


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "operator_console.cli", "scenarios", "test", *map(str, arguments)]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, encoding="utf-8", timeout=60)


class TestWhatItPrints:
    def test_a_line_a_scenario_and_a_sum(self, folder: Path) -> None:
        done = run(folder)
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert lines[0].split() == ["✓", "good", "2", "passed"]
        assert lines[1].startswith("1 scenario: 2 passed in ")

    def test_a_failure_with_its_place_what_was_seen_and_the_trace(self, bad: Path) -> None:
        done = run(bad / "bad.yaml")
        assert done.returncode == 1
        assert "✗ bad  " in done.stdout
        assert f"{bad / 'bad.test.yaml'}:5: there is no message “Goodbye”" in done.stdout
        assert "seen: say: Hello! [Yes | No]" in done.stdout
        trace = [
            line.split() for line in done.stdout.splitlines() if line.strip().startswith("03-02 12:00:00")
        ]
        assert trace == [
            ["03-02", "12:00:00", "4", "started:", "on", "Go"],
            ["03-02", "12:00:00", "6", "hello", "asked,", "2", "answers"],
        ]
        assert "1 passed, 1 failed" in done.stdout

    def test_foreign_text_cannot_command_the_terminal(self, bad: Path) -> None:
        out = run(bad).stdout
        assert "fails <b>&" in out
        assert "\x1b" not in out
        assert "\u202e" not in out

    def test_mistakes_of_a_file_are_told_and_nothing_of_it_runs(self, folder: Path) -> None:
        (folder / "good.test.yaml").write_text("- test: one\n  timeline: [{evnt: Go}]\n")
        done = run(folder)
        assert done.returncode == 1
        assert (
            "good.test.yaml:2:15: error: a line of the timeline has no key “evnt” (did you mean “event”?)"
            in done.stdout
        )

    def test_a_test_without_its_scenario_is_a_mistake(self, folder: Path) -> None:
        (folder / "good.yaml").unlink()
        done = run(folder)
        assert done.returncode == 1
        assert "good.yaml:1:1: error: the file cannot be read" in done.stdout

    def test_scenarios_without_a_test_are_named(self, folder: Path) -> None:
        (folder / "alone.yaml").write_text(dedent(GOOD).replace("good", "alone"))
        done = run(folder)
        assert done.returncode == 0
        assert "– alone  has no test" in done.stdout


class TestStatus:
    def test_a_path_that_is_not_there_is_wrong_use(self, tmp_path: Path) -> None:
        assert run(tmp_path / "nothing").returncode == 2

    def test_nothing_to_run_is_no_success(self, tmp_path: Path) -> None:
        done = run(tmp_path)
        assert done.returncode == 1
        assert "There is no test in" in done.stderr

    def test_too_little_covered_is_no_success(self, folder: Path) -> None:
        assert run(folder, "--fail-under", "60").returncode == 0
        done = run(folder, "--fail-under", "61")
        assert done.returncode == 1
        assert "at least 61% are wanted" in done.stderr


class TestCoverage:
    def test_names_what_no_test_walks_and_the_whole(self, folder: Path) -> None:
        done = run(folder, "--coverage")
        lines = done.stdout.splitlines()
        assert lines[0].split() == ["✓", "good", "2", "passed", "60%"]
        assert f"{folder / 'good.yaml'}:8: no test walks hello: answer No" in lines
        assert f"{folder / 'good.yaml'}:8: no test walks step stop" in lines
        assert "Covered: 60.0% (3 of 5 ways)" in lines

    def test_a_scenario_without_a_test_counts(self, folder: Path) -> None:
        (folder / "alone.yaml").write_text(dedent(GOOD).replace("good", "alone"))
        assert "Covered: 30.0% (3 of 10 ways)" in run(folder, "--coverage").stdout


class TestJunit:
    def test_can_be_read_back_hostile_names_and_all(self, bad: Path, tmp_path: Path) -> None:
        (bad / "broken.yaml").write_text("scenario: broken\n")
        (bad / "broken.test.yaml").write_text(dedent(GOOD_TEST))
        target = tmp_path / "reports" / "junit.xml"
        assert run(bad, "--junit", target).returncode == 1
        root = ET.fromstring(target.read_text(encoding="utf-8"))
        assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
            "tests": "5",
            "failures": "1",
            "errors": "1",
        }
        suites = {suite.get("name"): suite for suite in root}
        assert set(suites) == {"bad", "broken", "good"}
        failed, passed = suites["bad"]
        assert failed.get("name") == "fails <b>&�� ]]> [en]"
        failure = failed.find("failure")
        assert failure is not None
        assert failure.get("message") == "there is no message “Goodbye”"
        assert "bad.test.yaml:5" in (failure.text or "")
        assert "hello asked, 2 answers" in (failure.text or "")
        assert list(passed) == []
        error = suites["broken"][0].find("error")
        assert error is not None
        assert "needs the key" in (error.text or "")
        assert [case.get("name") for case in suites["good"]] == ["both ways [en]", "both ways [ru]"]
