"""The settings file: complete when it is made, and clear about what is wrong in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import fields

from server_stub.desk.transaction import world_of
from server_stub.settings import SectionRule, Settings, SiteSettings, Table, section_of
from server_stub.settings_file import (
    SettingsError,
    commented_settings,
    field_docs,
    load_settings,
    parse_settings,
)

WHERE = Path("settings.toml")


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(SettingsError) as caught:
        parse_settings(WHERE, text)
    return [(problem.line, problem.text) for problem in caught.value.problems]


class TestTheFileOfTheFirstStart:
    def test_names_and_documents_every_setting(self) -> None:
        text = commented_settings()
        flat = " ".join(text.replace("\n# ", " ").split())
        for table in fields(Settings):
            assert f"[{table.name}]" in text
            assert field_docs(Settings)[table.name] in flat
            value = getattr(Settings(), table.name)
            if isinstance(value, Table):
                for name, doc in field_docs(type(value)).items():
                    assert f"\n# {name} = " in text
                    assert doc in flat

    def test_changes_nothing_as_it_is(self) -> None:
        assert parse_settings(WHERE, commented_settings()) == Settings()

    def test_holds_the_defaults_when_every_line_is_taken_in(self) -> None:
        text = re.sub(r"^# (?=\S+ = |\[)", "", commented_settings(), flags=re.M)
        assert text != commented_settings()
        assert parse_settings(WHERE, text) == Settings()

    def test_is_written_once(self, tmp_path: Path) -> None:
        path = tmp_path / "data" / "settings.toml"
        assert load_settings(path) == Settings()
        path.write_text(path.read_text().replace('# name = "My shop"', 'name = "Dresses"', 1))
        assert load_settings(path).site.name == "Dresses"

    def test_an_undocumented_setting_is_an_error(self) -> None:
        class Silent(Table, frozen=True):
            word: str = ""

        with pytest.raises((LookupError, OSError)):
            field_docs(Silent)


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("[site\n", 1, "not TOML"),
            ('[site]\nname = "a\n', 2, "not TOML"),
            ("[site]\nnmae = 'x'\n", 2, "did you mean `name`"),
            ("\n[sight]\n", 2, "did you mean `site`"),
            ("[look]\ntheme = 'dork'\n", 2, "look.theme"),
            ("[look]\ncolour = 'red'\n", 2, "look.colour"),
            ("[limits]\n\nwidget_frames = 0\n", 3, ">= 1"),
            ("[limits]\nwidget_frames = 'many'\n", 2, "Expected `int`"),
            ("[site]\ntimezone = 'Mars/Base'\n", 2, "no time zone"),
            ("[site]\nallowed_origins = ['https://shop.example/path']\n", 2, "no origin"),
            ("[business_hours]\nmon = '9-18'\n", 2, "regex"),
            ("[business_hours]\nmoon = '09:00-18:00'\n", 2, "Invalid enum"),
            ("[[sections]]\npath = '/a'\n[[sections]]\nname = 'b'\n", 3, "no `path`"),
            ("[[sections]]\npath = 'a'\n", 1, "slash"),
            ("[[sections]]\npath = '/a'\npaht = '/b'\n", 3, "did you mean `path`"),
            ("site = 5\n", 1, "must be a table"),
            ("sections = 5\n", 1, "Expected `array`"),
        ],
    )
    def test_is_named_with_its_line(self, text: str, line: int, said: str) -> None:
        found = problems(text)
        assert len(found) == 1
        assert found[0][0] == line, found
        assert said in found[0][1]

    def test_all_of_it_is_told_at_once(self) -> None:
        text = "[site]\nnmae = 1\n[look]\nside = 'top'\n[nothing]\n"
        assert {line for line, _ in problems(text)} == {2, 4, 5}

    def test_the_message_leads_an_editor_to_the_place(self, tmp_path: Path) -> None:
        path = tmp_path / "settings.toml"
        path.write_text("[site]\nnmae = 1\n")
        with pytest.raises(SettingsError, match=r"settings\.toml:2: "):
            load_settings(path)


class TestSections:
    RULES = (
        SectionRule(path="/catalog"),
        SectionRule(path="/blog/", name="blog"),
        SectionRule(path="/", name="rest"),
    )

    @pytest.mark.parametrize(
        ("path", "section"),
        [
            ("/catalog/dresses", "dresses"),
            ("/catalog/dresses/42", "dresses"),
            ("/blog", "blog"),
            ("/blog/1", "blog"),
            ("/blogger", "rest"),
            ("/", "rest"),
        ],
    )
    def test_the_first_match_wins(self, path: str, section: str) -> None:
        assert section_of(path, self.RULES) == section

    def test_no_rule_no_section(self) -> None:
        assert section_of("/about", self.RULES[:2]) == ""
        assert section_of("/catalog", self.RULES[:1]) == ""


class TestTheDemosSettings:
    def test_what_differs_from_the_defaults_is_written_live(self, tmp_path: Path) -> None:
        first = Settings(site=SiteSettings(name="Alder & Thread", timezone="Europe/Prague"))
        path = tmp_path / "settings.toml"
        assert load_settings(path, first) == first
        assert load_settings(path) == first
        live = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "["))]
        assert live == ['name = "Alder & Thread"', 'timezone = "Europe/Prague"']


class TestMessages:
    def test_quiet_hours_the_cap_and_the_shops_addresses_reach_the_scenarios(self) -> None:
        text = (
            '[site]\nurl = "https://shop.example/"\ndesk_url = "https://desk.example"\n'
            '[messages]\nquiet_hours = "21:00-09:00"\nmost = 3\nwithin = "2w"\n'
        )
        world = world_of(parse_settings(WHERE, text), operators_online=0)
        assert world.quiet_hours == ("21:00", "09:00")
        assert world.frequency_cap == (3, 14 * 24 * 3_600_000)
        assert world.site["url"] == "https://shop.example"
        assert world.site["desk"] == "https://desk.example"

    def test_without_them_nothing_is_held_back(self) -> None:
        world = world_of(Settings(), operators_online=0)
        assert (world.quiet_hours, world.frequency_cap) == (("", ""), (0, 0))

    @pytest.mark.parametrize(
        "line",
        ['quiet_hours = "9-21"', 'quiet_hours = "21:00"', "most = -1", 'within = "soon"', 'within = "0d"'],
    )
    def test_what_cannot_be_is_named_with_its_line(self, line: str) -> None:
        ((number, text),) = problems(f"[messages]\n{line}\n")
        assert number == 2
        assert f"`messages.{line.split()[0]}`" in text

    def test_every_pool_of_the_library_has_a_code(self) -> None:
        assert {"first-order-10", "cart-5", "bonus", "come-back-10", "birthday-10", "next-order-5"} <= set(
            Settings().coupons
        )
