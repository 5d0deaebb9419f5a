"""`scenarios check` over whole folders: what only many files together show, each in its own file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from operator_console.commands.checking import check
from operator_console.commands.talk import CommandError

HELLO = "scenario: hello\ntitle: T\ntrigger:\n  - event: Chat Opened\nsteps:\n"
VIP = "segment: vip\ntitle: Our best\nconditions:\n  - visits > 9\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a shop keeps it: shelves of scenarios, segments, files to send."""
    for name in ("sales", "segments", "files"):
        (tmp_path / name).mkdir()
    (tmp_path / "segments" / "vip.yaml").write_text(VIP)
    (tmp_path / "files" / "terms.pdf").write_bytes(b"%PDF")
    (tmp_path / "files" / "data.yaml").write_text("not: a scenario\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class Checked:
    """What `check` said of some paths."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(
        self, *paths: Path, settings: Path | None = None, locales: tuple[str, ...] = (), status: int = 0
    ) -> tuple[list[str], str]:
        """The lines of standard output, and the summary."""
        assert check(list(paths), settings=settings, locales=locales, as_json=False) == status
        said = self._capsys.readouterr()
        return said.out.splitlines(), said.err.strip()


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Checked:
    return Checked(capsys)


class TestAFolder:
    def test_holds_scenarios_segments_and_tests(self, folder: Path, checked: Checked) -> None:
        """Each is read as what it is; files to send are not read at all."""
        write(folder, "sales/hello.yaml", HELLO + "  - say: Hello!\n")
        write(
            folder,
            "sales/hello.test.yaml",
            "- test: greets\n  timeline:\n    - event: Chat Opened\n    - expect: {say: Hello}\n",
        )
        assert checked(folder) == ([], "3 files checked: 0 errors, 0 warnings.")

    def test_mistakes_in_each_kind_of_file(self, folder: Path, checked: Checked) -> None:
        """In one form: file:line:column: severity: message."""
        scenario = write(folder, "sales/hello.yaml", HELLO + "  - sya: Hello!\n")
        test = write(folder, "sales/hello.test.yaml", "- tset: greets\n")
        segment = write(folder, "segments/vip.yaml", VIP.replace("visits", "vists"))
        lines, summary = checked(folder, status=1)
        assert f"{scenario}:6:5: error: there is no step “sya”" in lines
        assert any(line.startswith(f"{test}:1:3: error: ") for line in lines)
        assert any(line.startswith(f"{segment}:4:5: error: ") for line in lines)
        assert summary.startswith("3 files checked: ")

    def test_what_names_nothing(self, folder: Path, checked: Checked) -> None:
        """Segments, scenarios and files to send, each at its word."""
        steps = "  - if: [in segment vpi]\n    then: [{start: helo}]\n  - file: term.pdf\n"
        path = write(folder, "sales/hello.yaml", HELLO + steps)
        lines, summary = checked(folder)
        assert lines == [
            f"{path}:6:21: warning: there is no segment “vpi”",
            "    did you mean “vip”?",
            f"{path}:7:20: warning: there is no scenario “helo”",
            "    did you mean “hello”?",
            f"{path}:8:11: warning: there is no file “term.pdf”",
            "    did you mean “terms.pdf”?",
        ]
        assert summary == "2 files checked: 0 errors, 3 warnings."

    def test_a_scenario_with_an_error_is_still_there_for_the_others(
        self, folder: Path, checked: Checked
    ) -> None:
        """Its mistake is told once, and nobody is told that it does not exist."""
        write(folder, "sales/hello.yaml", HELLO + "  - start: other\n")
        write(folder, "sales/other.yaml", HELLO.replace("hello", "other") + "  - sya: Hello!\n")
        lines, _ = checked(folder, status=1)
        assert [line for line in lines if "warning" in line] == []


class TestOneFile:
    def test_knows_the_segments_files_and_scenarios_around_it(self, folder: Path, checked: Checked) -> None:
        """They are found upwards, and not checked themselves."""
        write(folder, "other.yaml", "nonsense")
        steps = "  - if: [in segment vip]\n    then: [{start: other}]\n  - file: terms.pdf\n"
        path = write(folder, "sales/hello.yaml", HELLO + steps)
        assert checked(path) == ([], "1 file checked: 0 errors, 0 warnings.")

    def test_a_segment_outside_its_folder(self, tmp_path: Path, checked: Checked) -> None:
        """It is known by its first key."""
        assert checked(write(tmp_path, "vip.yaml", VIP))[0] == []

    def test_bytes_that_are_no_text(self, tmp_path: Path, checked: Checked) -> None:
        """A position, as for every other mistake."""
        path = tmp_path / "hello.yaml"
        path.write_bytes(b"scenario: hello\ntitle: \xff\n")
        assert checked(path, status=1)[0][0] == f"{path}:2:8: error: this character is not UTF-8"


class TestWhatIsAskedFor:
    def test_pools_of_promo_codes_by_the_servers_settings(self, folder: Path, checked: Checked) -> None:
        """They are not checked without."""
        path = write(folder, "sales/hello.yaml", HELLO + "  - coupon: {pool: brthday, save_to: run.code}\n")
        settings = write(folder, "settings.toml", '[coupons]\nbirthday = "B10"\n')
        assert checked(path)[0] == []
        lines, _ = checked(path, settings=settings)
        assert lines == [
            f"{path}:6:20: warning: there is no pool of promo codes “brthday”",
            "    did you mean “birthday”?",
        ]

    def test_settings_that_are_not_there_or_not_good(self, folder: Path) -> None:
        """A sentence, not a traceback."""
        with pytest.raises(CommandError, match="There is no"):
            check([folder], settings=folder / "none.toml", locales=(), as_json=False)
        with pytest.raises(CommandError, match="cannot be read"):
            check(
                [folder], settings=write(folder, "settings.toml", "coupons = 3\n"), locales=(), as_json=False
            )

    def test_languages(self, folder: Path, checked: Checked) -> None:
        """Every text must be there in each."""
        path = write(folder, "sales/hello.yaml", HELLO + "  - say: {en: Hello}\n")
        lines, _ = checked(path, locales=("en", "ru"))
        assert lines[-2].startswith(f"{path}:6:10: warning: this text is missing in ru")

    def test_json(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """For programs, with the offending text."""
        path = write(folder, "sales/hello.yaml", HELLO + "  - start: helo\n")
        check([path], settings=None, locales=(), as_json=True)
        (problem,) = json.loads(capsys.readouterr().out)
        assert problem == {
            "file": str(path),
            "line": 6,
            "column": 12,
            "severity": "warning",
            "message": "there is no scenario “helo”",
            "hint": "did you mean “hello”?",
            "text": "helo",
        }
