"""`scenarios play --screen` reads the file again when asked to, and keeps tests beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_console.commands.playing import PlayOptions, play
from operator_console.commands.playing_screen import keep_case, read_draft
from operator_console.commands.talk import CommandError
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.cases import Case

TEXT = (
    "scenario: hello\ntitle: Hello\ntrigger: [{event: Go}]\naudience: [in segment rich]\nsteps: [{say: Hi}]\n"
)
SEGMENT = "segment: rich\ntitle: Rich\nconditions: [visits > 3]\n"
GOES = Case(name="goes", line=1, timeline=(cases.Happens(event="Go", line=0),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "rich.yaml").write_text(SEGMENT)
    path = tmp_path / "hello.yaml"
    path.write_text(TEXT)
    return path


class TestTheDraft:
    def test_it_is_read_with_the_segments_beside_it(self, file: Path) -> None:
        draft = read_draft(file)
        assert draft.scenario is not None
        assert [segment.slug for segment in draft.segments] == ["rich"]
        assert draft.trouble == ""

    def test_a_mistake_is_told_with_its_place(self, file: Path) -> None:
        file.write_text(TEXT.replace("event: Go", "evnt: Go"))
        draft = read_draft(file)
        assert draft.scenario is None
        assert draft.trouble.startswith(f"{file}:3:")

    def test_a_file_that_is_gone_is_told(self, file: Path) -> None:
        file.unlink()
        assert read_draft(file).trouble

    def test_scenarios_that_run_beside_it_come_along(self, file: Path) -> None:
        other = file.with_name("other.yaml")
        other.write_text(TEXT.replace("hello", "other"))
        assert [scenario.slug for scenario in read_draft(file, [other]).others] == ["other"]


class TestKeepingATest:
    def test_the_first_one_makes_the_file(self, file: Path) -> None:
        assert keep_case(file, GOES) == "Kept in hello.test.yaml"
        tests = file.with_name("hello.test.yaml")
        assert [case.name for case in read_tests(tests.read_text()).cases] == ["goes"]
        assert tests.stat().st_mode & 0o777 == 0o644

    def test_the_next_one_stands_below_and_the_file_keeps_its_mode(self, file: Path) -> None:
        tests = file.with_name("hello.test.yaml")
        tests.write_bytes(b"# ours\r\n- test: first\r\n  timeline: [event: Go]\r\n")
        tests.chmod(0o640)
        keep_case(file, GOES)
        assert tests.read_bytes().startswith(
            b"# ours\r\n- test: first\r\n  timeline: [event: Go]\r\n\r\n- test: goes\r\n"
        )
        assert tests.stat().st_mode & 0o777 == 0o640

    def test_tests_that_cannot_be_read_stay_as_they_are(self, file: Path) -> None:
        tests = file.with_name("hello.test.yaml")
        for broken in (b"- test: [", b"\xff\xfe"):
            tests.write_bytes(broken)
            with pytest.raises(CannotError):
                keep_case(file, GOES)
            assert tests.read_bytes() == broken
        assert sorted(path.name for path in file.parent.iterdir()) == [
            "hello.test.yaml",
            "hello.yaml",
            "segments",
        ]


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        "options",
        [
            PlayOptions("en", "soon", "UTC", on_screen=True),
            PlayOptions("en", "2026-03-02 12:00", "Nowhere/City", on_screen=True),
            PlayOptions("en", "2026-03-02 12:00", "UTC", ("what",), on_screen=True),
            PlayOptions("en", "2026-03-02 12:00", "UTC", (), "always", on_screen=True),
        ],
    )
    def test_what_means_nothing_is_told_before_the_screen_comes(
        self, file: Path, options: PlayOptions
    ) -> None:
        with pytest.raises(CommandError):
            play(file, [], options)
