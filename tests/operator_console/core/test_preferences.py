"""A person's own settings and keys: files that may be missing, are documented by themselves, and say what is wrong."""

from pathlib import Path

import msgspec
import pytest

from operator_console.actions import ACTIONS
from operator_console.keymap import as_toml as keys_as_toml
from operator_console.keymap import problems_of, read_keymap
from operator_console.preferences import (
    NoticePreferences,
    Preferences,
    PreferencesError,
    as_toml,
    read_preferences,
)


class TestSettings:
    def test_without_a_file_everything_is_at_its_default(self, tmp_path: Path) -> None:
        assert read_preferences(tmp_path / "none.toml") == Preferences()

    def test_the_printed_file_says_the_defaults_and_explains_every_setting(self, tmp_path: Path) -> None:
        path = tmp_path / "console.toml"
        path.write_text(as_toml(), encoding="utf-8")
        assert read_preferences(path) == Preferences()
        lines = as_toml().splitlines()
        names = [*Preferences.__struct_fields__, *NoticePreferences.__struct_fields__]
        for name in names:
            if name != "notices":
                at = next(number for number, line in enumerate(lines) if line.startswith(f"{name} = "))
                assert lines[at - 1].startswith("# "), name

    def test_what_is_left_out_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "console.toml"
        path.write_text('undo_seconds = 0\n[notices]\nsilent = "22:00-08:00"\n', encoding="utf-8")
        read = read_preferences(path)
        assert (read.undo_seconds, read.notices.silent, read.theme) == (0, "22:00-08:00", "dark")

    @pytest.mark.parametrize(
        "text",
        ["undo_seconds = 900", "undo = 5", 'theme = "pink"', "[notices]\nsilent = 'late'", "a = [", "\xff"],
    )
    def test_what_cannot_be_is_told_with_the_file_and_what_to_do(self, text: str, tmp_path: Path) -> None:
        path = tmp_path / "console.toml"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(PreferencesError, match=r"console\.toml") as caught:
            read_preferences(path)
        assert "operator-console settings" in str(caught.value)


class TestKeys:
    def test_the_printed_file_has_every_action_and_changes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.toml"
        path.write_text(keys_as_toml({}), encoding="utf-8")
        assert read_keymap(path) == {action.id: action.keys for action in ACTIONS}

    def test_one_line_changes_one_action(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.toml"
        path.write_text('[keys]\n"dialog.reply" = "r, f7"\n', encoding="utf-8")
        assert read_keymap(path) == {"dialog.reply": ("r", "f7")}
        assert msgspec.toml.decode(keys_as_toml(read_keymap(path)))["keys"]["dialog.reply"] == "r, f7"

    def test_a_key_that_would_mean_two_things_is_refused_and_both_are_named(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.toml"
        path.write_text('[keys]\n"dialog.reply" = "n"\n', encoding="utf-8")
        with pytest.raises(PreferencesError, match=r"'n' would be both dialog\.reply and dialog\.note"):
            read_keymap(path)

    def test_letters_stay_letters_where_text_is_written(self) -> None:
        assert "is a letter there" in problems_of({"compose.send": ("s",)})[0]

    def test_an_unknown_action_and_an_action_without_a_key_are_told(self) -> None:
        assert problems_of({"dialog.fly": ("x",), "dialog.reply": ()}) == [
            "There is no action 'dialog.fly'.",
            "dialog.reply has no key left.",
        ]

    def test_the_table_itself_is_in_order(self) -> None:
        assert problems_of({action.id: action.keys for action in ACTIONS}) == []
