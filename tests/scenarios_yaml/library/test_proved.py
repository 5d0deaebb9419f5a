"""The whole library passes what a marketer's own scenarios have to pass: check, and tests that walk every branch."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from scenarios_yaml.library.index import library
from scenarios_yaml.tools.testing.case_reader import read_tests


def scenarios(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`operator-console scenarios …`, as from a shell."""
    command = [sys.executable, "-m", "operator_console.cli", "scenarios", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def folder():
    with as_file(files("scenarios_yaml").joinpath("library")) as path:
        yield path


def test_check_finds_nothing_wrong_in_any_file_or_in_all_together(folder):
    done = scenarios("check", folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert "0 errors, 0 warnings" in done.stderr


def test_every_branch_is_walked_by_a_test_that_passes(folder, tmp_path):
    report = tmp_path / "results.xml"
    done = scenarios("test", folder, "--coverage", "--fail-under", "100", "--junit", report)
    assert done.returncode == 0, done.stdout
    suites = ET.parse(report).getroot().iter("testsuite")
    ran = {suite.get("name"): int(suite.get("tests", "0")) for suite in suites}
    assert len(ran) == len(library())
    assert min(ran.values()) >= 2


@pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
def test_its_tests_run_in_both_languages(item):
    cases = read_tests(item.test, f"{item.slug}.test.yaml").cases
    assert {locale for case in cases for locale in case.locales} >= {"en", "ru"}
