"""What is kept on disk of scenarios that were changed and not published."""

from __future__ import annotations

import stat

import pytest

from operator_console.designer.drafts.kept import ScenarioDraft, ScenarioDrafts

DRAFT = ScenarioDraft(
    "helper", "scenario: helper\ntitle: Привет\n", "b1", "scenario: helper\n", 1_700_000_000_000
)


class TestKeptDrafts:
    def test_are_there_in_the_next_console(self, tmp_path) -> None:
        ScenarioDrafts(tmp_path / "scenarios").keep(DRAFT)
        drafts = ScenarioDrafts(tmp_path / "scenarios")
        assert drafts.slugs == {"helper"}
        assert drafts.get("helper") == DRAFT

    def test_are_for_their_owner_only(self, tmp_path) -> None:
        ScenarioDrafts(tmp_path / "scenarios").keep(DRAFT)
        [file] = (tmp_path / "scenarios").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_end_when_they_are_published(self, tmp_path) -> None:
        drafts = ScenarioDrafts(tmp_path)
        drafts.keep(DRAFT)
        drafts.end("helper")
        drafts.end("never-kept")
        assert not drafts.slugs
        assert not list(tmp_path.iterdir())
        assert drafts.get("helper") is None

    def test_of_another_console_are_seen(self, tmp_path) -> None:
        drafts = ScenarioDrafts(tmp_path)
        ScenarioDrafts(tmp_path).keep(DRAFT)
        assert drafts.get("helper") == DRAFT
        assert drafts.slugs == {"helper"}

    def test_that_cannot_be_read_are_set_aside_and_named(self, tmp_path) -> None:
        (tmp_path / "helper.json").write_text("{")
        drafts = ScenarioDrafts(tmp_path)
        assert not drafts.slugs
        assert drafts.set_aside == [tmp_path / "helper.json.broken-1"]
        assert (tmp_path / "helper.json.broken-1").read_text() == "{"

    @pytest.mark.parametrize("slug", ["../../etc/passwd", "a/b", ".hidden", "Большой", "x" * 200, ""])
    def test_of_a_slug_that_is_no_name_of_a_file_stay_in_their_folder(self, tmp_path, slug) -> None:
        folder = tmp_path / "deep" / "scenarios"
        drafts = ScenarioDrafts(folder)
        drafts.keep(ScenarioDraft(slug, "a", "b", "c", 1))
        assert not drafts.trouble
        assert ScenarioDrafts(folder).get(slug) == ScenarioDraft(slug, "a", "b", "c", 1)
        assert [path.parent for path in tmp_path.rglob("*.json")] == [folder]

    def test_that_cannot_be_written_are_told(self, tmp_path) -> None:
        (tmp_path / "taken").write_text("a file where the folder should be")
        drafts = ScenarioDrafts(tmp_path / "taken")
        drafts.keep(DRAFT)
        assert "cannot be kept" in drafts.trouble
        assert not drafts.slugs
