"""A folder of scenario files and what it knows of the server's: nothing is overwritten unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_console.errors import FileProblem
from operator_console.working_copy import MEMORY, WorkingCopy
from server_stub.protocol import ScenarioFile

URL = "http://desk.example"


def remote(text: str, slug: str = "series", file: str = "", base: str = "") -> ScenarioFile:
    return ScenarioFile(slug, file or f"{slug}.yaml", text, base or f"b-{hash(text)}", "v1")


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    return WorkingCopy(tmp_path / "scenarios", URL)


def pulled(copy: WorkingCopy, one: ScenarioFile, **options: bool) -> tuple[str, str]:
    path, done = copy.pull("scenario", one, **options)
    copy.save()
    return path.name, done


class TestPull:
    def test_a_new_file_lies_where_the_server_has_it(self, copy):
        path, done = copy.pull("scenario", remote("scenario: series\n", file="sales/series.yaml"))
        assert done == "new"
        assert path == copy.folder / "sales" / "series.yaml"
        assert path.read_text() == "scenario: series\n"

    def test_an_untouched_file_follows_the_server(self, copy):
        pulled(copy, remote("scenario: series\n# one\n"))
        assert pulled(copy, remote("scenario: series\n# two\n")) == ("series.yaml", "updated")
        assert (copy.folder / "series.yaml").read_text().endswith("# two\n")

    def test_a_file_that_only_we_changed_stays(self, copy):
        one = remote("scenario: series\n# one\n")
        pulled(copy, one)
        (copy.folder / "series.yaml").write_text("scenario: series\n# ours\n")
        assert pulled(copy, one) == ("series.yaml", "ours")
        assert (copy.folder / "series.yaml").read_text().endswith("# ours\n")

    def test_one_changed_on_both_sides_stays_and_theirs_lies_beside_it(self, copy):
        pulled(copy, remote("scenario: series\n# one\n"))
        (copy.folder / "series.yaml").write_text("scenario: series\n# ours\n")
        assert pulled(copy, remote("scenario: series\n# theirs\n")) == ("series.yaml.theirs", "both")
        assert (copy.folder / "series.yaml").read_text().endswith("# ours\n")
        assert (copy.folder / "series.yaml.theirs").read_text().endswith("# theirs\n")

    def test_a_file_that_was_never_pulled_is_not_overwritten(self, copy):
        copy.folder.mkdir()
        (copy.folder / "series.yaml").write_text("scenario: series\n# ours\n")
        assert pulled(copy, remote("scenario: series\n# theirs\n"))[1] == "both"

    def test_force_takes_the_servers(self, copy):
        pulled(copy, remote("scenario: series\n# one\n"))
        (copy.folder / "series.yaml").write_text("scenario: series\n# ours\n")
        assert pulled(copy, remote("scenario: series\n# theirs\n"), force=True)[1] == "updated"
        assert (copy.folder / "series.yaml").read_text().endswith("# theirs\n")

    def test_a_moved_file_is_found_by_the_name_in_it(self, copy):
        pulled(copy, remote("scenario: series\n# one\n"))
        (copy.folder / "deep").mkdir()
        (copy.folder / "series.yaml").rename(copy.folder / "deep" / "series.yaml")
        path, done = copy.pull("scenario", remote("scenario: series\n# two\n"))
        assert (path.parent.name, done) == ("deep", "updated")

    @pytest.mark.parametrize("file", ["../../etc/cron.yaml", "/etc/cron.yaml", "..\\x.yaml", "", "a.txt"])
    def test_no_file_of_the_server_gets_out_of_the_folder(self, copy, file):
        path, _ = copy.pull("scenario", remote("scenario: series\n", file=file))
        assert path.resolve().is_relative_to(copy.folder.resolve())


class TestFiles:
    def test_scenarios_and_segments_but_no_tests_files_or_hidden_ones(self, copy):
        for name in (
            "a.yaml",
            "a.test.yaml",
            "sales/b.yaml",
            "segments/big.yaml",
            "files/c.yaml",
            ".git/d.yaml",
        ):
            path = copy.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("title: x\n")
        assert sorted((local.kind, local.slug) for local in copy.files()) == [
            ("scenario", "a"),
            ("scenario", "b"),
            ("segment", "big"),
        ]

    def test_know_what_they_were_made_from(self, copy):
        pulled(copy, remote("scenario: series\n", base="b1"))
        [local] = WorkingCopy(copy.folder, URL).files()
        assert local.base == "b1"

    def test_are_called_by_the_name_in_them(self, copy):
        copy.folder.mkdir()
        (copy.folder / "a_b.yaml").write_text("scenario: a-b  # dashes\n")
        assert [local.slug for local in copy.files()] == ["a-b"]


class TestMemory:
    def test_a_folder_of_another_server_is_refused(self, copy):
        pulled(copy, remote("scenario: series\n"))
        with pytest.raises(FileProblem, match="was pulled from"):
            WorkingCopy(copy.folder, "http://other.example")

    def test_a_broken_memory_is_set_aside_and_said(self, copy):
        pulled(copy, remote("scenario: series\n"))
        (copy.folder / MEMORY).write_text("{")
        with pytest.raises(FileProblem, match="set aside"):
            WorkingCopy(copy.folder, URL)
        assert WorkingCopy(copy.folder, URL).pull("scenario", remote("scenario: series\n"))[1] == "same"
