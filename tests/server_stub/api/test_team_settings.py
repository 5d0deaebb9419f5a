"""Settings of the team and of holidays: written commented, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from server_stub.desk.transaction import world_of
from server_stub.settings import Settings, TeamSettings
from server_stub.settings_file import SettingsError, commented_settings, parse_settings

PATH = Path("settings.toml")


class TestTheFile:
    def test_names_each_way_of_assignment(self) -> None:
        text = commented_settings()
        assert '# assignment = "by_hand"' in text
        assert "# most_dialogs = 0" in text
        assert "# holidays = []" in text
        for way in ("by_hand", "round_robin", "least_busy"):
            assert f"{way}:" in text

    def test_is_read_as_it_is_written(self) -> None:
        text = '[team]\nassignment = "least_busy"\nmost_dialogs = 5\n[site]\nholidays = ["12-25", "2026-04-03"]\n'
        settings = parse_settings(PATH, text)
        assert settings.team == TeamSettings("least_busy", 5)
        assert world_of(settings, 0).holidays == ("12-25", "2026-04-03")

    def test_by_default_nobody_is_given_anything(self) -> None:
        assert Settings().team == TeamSettings("by_hand", 0)
        assert world_of(Settings(), 0).holidays == ()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('[team]\nassignment = "random"', "assignment"),
            ("[team]\nmost_dialogs = -1", "most_dialogs"),
            ("[team]\nmost_dialog = 1", "did you mean `most_dialogs`"),
            ('[site]\nholidays = ["2026-02-30"]', "there is no day '2026-02-30'"),
            ('[site]\nholidays = ["25.12."]', "holidays"),
            ("[site]\nholidays = [2026-12-25]", "holidays"),
            ('[site]\nholidays = "12-25"', "holidays"),
        ],
    )
    def test_a_mistake_is_named_with_its_line(self, text: str, said: str) -> None:
        with pytest.raises(SettingsError) as wrong:
            parse_settings(PATH, text)
        (problem,) = wrong.value.problems
        assert problem.line == 2
        assert said in problem.text

    def test_a_leap_day_of_every_year_is_one(self) -> None:
        assert parse_settings(PATH, '[site]\nholidays = ["02-29"]').site.holidays == ("02-29",)
