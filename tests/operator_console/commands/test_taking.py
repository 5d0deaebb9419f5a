"""`scenarios new --from`: a scenario of the library under a name of one's own is whole, and its test passes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from operator_console.cli import app
from operator_console.commands.taking import take
from operator_console.commands.talk import CommandError
from scenarios_yaml.library.index import library


def run(*arguments: object):
    return CliRunner().invoke(app, ["scenarios", *map(str, arguments)])


class TestItsName:
    @pytest.mark.parametrize("slug", [item.slug for item in library()])
    def test_is_the_new_one_wherever_it_speaks_of_itself(self, tmp_path: Path, slug: str) -> None:
        for path in take(slug, "of-our-own", tmp_path).written[:2]:
            assert slug not in path.read_text()

    def test_the_renamed_one_counts_its_own_letters(self, tmp_path: Path) -> None:
        """`opened SCENARIO.letter` and `not received SCENARIO` mean the copy."""
        take("abandoned_cart_series", "our-carts", tmp_path)
        assert run("check", tmp_path).exit_code == 0
        tested = run("test", tmp_path)
        assert tested.exit_code == 0, tested.output


class TestWhatComesAlong:
    def test_are_segments_files_and_the_test(self, tmp_path: Path) -> None:
        take("holiday_broadcast", "flowers", tmp_path)
        take("category_bot", "sizes", tmp_path)
        found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*") if path.is_file()}
        assert found == {
            "flowers.yaml",
            "flowers.test.yaml",
            "segments/bought_flowers_in_late_may.yaml",
            "sizes.yaml",
            "sizes.test.yaml",
            "files/size_chart.txt",
        }
        tested = run("test", tmp_path)
        assert tested.exit_code == 0, tested.output

    def test_what_the_folder_has_stays_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "files").mkdir()
        (tmp_path / "files" / "size_chart.txt").write_text("Ours.")
        below = tmp_path / "dresses"
        taken = take("category_bot", "sizes", below)
        assert [path.name for path in taken.written] == ["sizes.yaml", "sizes.test.yaml"]
        assert (tmp_path / "files" / "size_chart.txt").read_text() == "Ours."

    def test_cases_with_scenarios_that_are_not_here_stay_behind(self, tmp_path: Path) -> None:
        taken = take("knowledge_base_bot", "faq", tmp_path)
        assert taken.missing == ("order_registration_bot",)
        assert taken.left_out > 0
        tested = run("test", tmp_path)
        assert tested.exit_code == 0, tested.output

    def test_cases_with_scenarios_that_are_here_come_along(self, tmp_path: Path) -> None:
        for slug in ("order_registration_bot", "write_us_chat"):
            take(slug, slug, tmp_path)
        taken = take("knowledge_base_bot", "faq", tmp_path)
        assert (taken.missing, taken.left_out) == ((), 0)
        tested = run("test", tmp_path)
        assert tested.exit_code == 0, tested.output


class TestRefusals:
    def test_nothing_is_overwritten_and_nothing_half_written(self, tmp_path: Path) -> None:
        (tmp_path / "sizes.test.yaml").write_text("# ours\n")
        with pytest.raises(CommandError, match="there already"):
            take("category_bot", "sizes", tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["sizes.test.yaml"]

    def test_a_mistyped_name_is_guessed(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError) as error:
            take("categry_bot", "sizes", tmp_path)
        assert "category_bot" in error.value.advice

    def test_what_is_missing_is_said(self, tmp_path: Path) -> None:
        said = run("new", "faq", "--from", "knowledge_base_bot", "--folder", tmp_path).output
        assert "scenarios new order_registration_bot --from order_registration_bot" in said
        assert "Without 2 cases of its test" in said
