"""`scenarios play --hours --holiday`: the shop that one plays in opens and closes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from operator_console.cli import app

LATER = """
scenario: later
title: Later
trigger:
  - event: Chat Opened
steps:
  - wait: {business_hours: next}
  - say: We are open.
"""


@pytest.fixture
def later(tmp_path: Path) -> Path:
    file = tmp_path / "later.yaml"
    file.write_text(LATER)
    return file


def play(file: Path, *options: str) -> Result:
    """On Monday evening, three hours after the shop has closed, until Wednesday."""
    lines = ":start\n:advance 36h\n:advance 12h\n"
    words = ["scenarios", "play", str(file), "--at", "2026-03-02 21:00", *options]
    return CliRunner().invoke(app, words, input=lines)


class TestBusinessHours:
    def test_without_hours_nobody_waits_for_them(self, later: Path) -> None:
        out = play(later).stdout
        assert out.index("We are open") < out.index("2026-03-04")

    def test_the_next_morning(self, later: Path) -> None:
        out = play(later, "--hours", "09:00-18:00").stdout
        assert "2026-03-03 09:00:00" in out

    def test_a_holiday_is_passed_over(self, later: Path) -> None:
        out = play(later, "--hours", "09:00-18:00", "--holiday", "03-03").stdout
        assert "2026-03-03 09:00:00" not in out
        assert "We are open" in out
        assert "2026-03-04 09:00:00" in out

    @pytest.mark.parametrize(
        ("options", "said"),
        [(("--hours", "9-18"), "9-18 are no hours."), (("--holiday", "02-30"), "02-30 is no day.")],
    )
    def test_what_means_nothing_is_told(self, later: Path, options: tuple[str, ...], said: str) -> None:
        done = play(later, *options)
        assert done.exit_code == 1
        assert said in done.stderr
