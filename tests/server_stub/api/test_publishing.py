"""Scenarios and segments are published over the API: compared, rehearsed, never over what another has published."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server_stub.protocol import Publication, ScenarioFile
from server_stub.store.base import StoreError

SERIES = """\
scenario: series
title: A series
status: live
trigger:
  - event: Series Wanted
steps:
  - wait: 3d
  - id: over
    tag: over
"""
VIPS = "segment: vips\ntitle: The good ones\nconditions:\n  - tagged vip\n"


async def put(desk: Any, slug: str, text: str, base: str = "", kind: str = "scenarios", **more: Any) -> Any:
    body = {"text": text, "base": base, **more}
    return await desk.http.put(f"/api/{kind}/{slug}", json=body, headers=desk.auth)


async def published(desk: Any, slug: str, text: str, base: str = "", **more: Any) -> Publication:
    answer = await put(desk, slug, text, base, **more)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Publication)


async def file(desk: Any, slug: str, kind: str = "scenarios") -> ScenarioFile:
    return msgspec.convert(await desk.get(f"/api/{kind}/{slug}"), ScenarioFile)


async def somebody_waits(desk: Any, user: str = "u1") -> None:
    answer = await desk.call("track", {"userId": user, "event": "Series Wanted", "messageId": f"m-{user}"})
    assert answer.status_code == 200


class TestPublish:
    async def test_a_new_scenario_is_live_at_once_and_lies_in_the_folder(self, desk: Any) -> None:
        done = await published(desk, "series", SERIES)
        assert done.published
        assert (desk.data / "scenarios" / "series.yaml").read_text() == SERIES
        [status] = [one for one in await desk.get("/api/scenarios") if one["slug"] == "series"]
        assert (status["status"], status["version"]) == ("live", done.version)

    async def test_the_text_comes_back_with_who_published_it(self, desk: Any) -> None:
        done = await published(desk, "series", SERIES)
        back = await file(desk, "series")
        assert (back.text, back.base, back.by) == (SERIES, done.base, "Owner")
        assert back.published_at > 0

    async def test_replacing_names_what_it_replaces(self, desk: Any) -> None:
        first = await published(desk, "series", SERIES)
        other = SERIES.replace("A series", "Letters")
        second = await published(desk, "series", other, first.base)
        assert [(one.what, one.before, one.after) for one in second.differences] == [
            ("title", "A series", "Letters")
        ]
        assert (await file(desk, "series")).text == other

    async def test_throwing_the_switch_is_a_difference_though_no_new_version(self, desk: Any) -> None:
        first = await published(desk, "series", SERIES)
        paused = await published(desk, "series", SERIES.replace("live", "paused"), first.base)
        assert [(one.what, one.before, one.after) for one in paused.differences] == [
            ("status", "live", "paused")
        ]
        assert paused.version == first.version

    async def test_a_segment_lies_in_its_own_folder(self, desk: Any) -> None:
        await published(desk, "vips", VIPS, kind="segments")
        assert (desk.data / "scenarios" / "segments" / "vips.yaml").read_text() == VIPS
        assert (await file(desk, "vips", "segments")).text == VIPS
        assert [one["slug"] for one in await desk.get("/api/segments")] == ["vips"]

    async def test_the_same_text_publishes_nothing(self, desk: Any) -> None:
        first = await published(desk, "series", SERIES)
        seq = await desk.last_seq()
        again = await published(desk, "series", SERIES, first.base)
        assert not again.published
        assert await desk.last_seq() == seq


class TestNothingIsOverwrittenUnseen:
    async def test_a_version_published_in_between_is_a_conflict(self, desk: Any, problem: Any) -> None:
        first = await published(desk, "series", SERIES)
        await published(desk, "series", SERIES.replace("A series", "Hers"), first.base)
        refused = await put(desk, "series", SERIES.replace("A series", "His"), first.base)
        assert (refused.status_code, problem(refused).error) == (409, "conflict")
        assert "Owner has published another version" in problem(refused).detail
        assert "Hers" in (await file(desk, "series")).text

    async def test_so_is_a_file_changed_in_the_folder(self, desk: Any, problem: Any) -> None:
        first = await published(desk, "series", SERIES)
        (desk.data / "scenarios" / "series.yaml").write_text(SERIES.replace("A series", "Edited"))
        refused = await put(desk, "series", SERIES.replace("A series", "His"), first.base)
        assert (refused.status_code, problem(refused).error) == (409, "conflict")
        assert "Edited" in (desk.data / "scenarios" / "series.yaml").read_text()

    async def test_a_new_one_does_not_take_the_place_of_one_that_is_there(
        self, desk: Any, problem: Any
    ) -> None:
        refused = await put(desk, "greeting", SERIES.replace("series", "greeting"))
        assert (refused.status_code, problem(refused).error) == (409, "conflict")

    async def test_a_text_with_errors_changes_nothing_and_tells_them_all(
        self, desk: Any, problem: Any
    ) -> None:
        refused = await put(
            desk, "series", SERIES.replace("wait: 3d", "wait: 3 days").replace("tag:", "tagg:")
        )
        assert refused.status_code == 422
        assert [(one.line, one.text != "") for one in problem(refused).problems] == [(7, True), (9, True)]
        assert not (desk.data / "scenarios" / "series.yaml").exists()

    @pytest.mark.parametrize("slug", ["..%2Fx", "x%2Fy", "Ä", "a b"])
    async def test_a_name_that_is_no_slug_is_refused(self, desk: Any, slug: str) -> None:
        answer = await put(desk, slug, SERIES)
        assert answer.status_code in (404, 422)
        assert sorted(path.name for path in (desk.data / "scenarios").iterdir()) == [
            "bonus.yaml",
            "greeting.yaml",
        ]

    async def test_what_could_not_be_stored_is_not_in_the_folder_either(
        self, desk: Any, monkeypatch: Any
    ) -> None:
        first = await published(desk, "series", SERIES)

        def fail(*_: Any) -> None:
            raise StoreError("the disk is full")

        monkeypatch.setattr(desk.server.app.store, "commit", fail)
        answer = await put(desk, "series", SERIES.replace("A series", "His"), first.base)
        assert answer.status_code == 503
        assert (desk.data / "scenarios" / "series.yaml").read_text() == SERIES


class TestVisitorsInFlight:
    async def test_a_rehearsal_shows_them_and_publishes_nothing(self, desk: Any) -> None:
        first = await published(desk, "series", SERIES)
        await somebody_waits(desk)
        other = SERIES.replace("  - wait: 3d", "  - tag: first\n  - wait: 3d")
        rehearsal = await published(desk, "series", other, first.base, rehearse=True)
        assert not rehearsal.published
        assert [(one.step, one.visitors, one.fate, one.to) for one in rehearsal.standing] == [
            ("steps.0", 1, "follows", "steps.1")
        ]
        assert (await file(desk, "series")).text == SERIES

    async def test_the_file_tells_who_stands_where(self, desk: Any) -> None:
        done = await published(desk, "series", SERIES)
        await somebody_waits(desk, "u1")
        await somebody_waits(desk, "u2")
        back = await file(desk, "series")
        assert [(one.version, one.step, one.visitors) for one in back.standing] == [
            (done.version, "steps.0", 2)
        ]

    async def test_a_step_that_is_gone_needs_a_choice(self, desk: Any, problem: Any) -> None:
        first = await published(desk, "series", SERIES)
        await somebody_waits(desk)
        gone = SERIES.replace("  - wait: 3d\n", "")
        refused = await put(desk, "series", gone, first.base)
        assert (refused.status_code, problem(refused).error) == (409, "undecided")
        done = await published(desk, "series", gone, first.base, moves={"steps.0": "over"})
        assert [(one.fate, one.to) for one in done.standing] == [("moves", "over")]

    async def test_a_choice_that_leads_nowhere_is_refused(self, desk: Any, problem: Any) -> None:
        first = await published(desk, "series", SERIES)
        await somebody_waits(desk)
        gone = SERIES.replace("  - wait: 3d\n", "")
        refused = await put(desk, "series", gone, first.base, moves={"steps.0": "nowhere"})
        assert (refused.status_code, problem(refused).field) == (422, "moves")

    async def test_choices_outlive_a_restart(self, data: Any, start_desk: Any) -> None:
        async with start_desk(data) as desk:
            first = await published(desk, "series", SERIES)
            await somebody_waits(desk)
            gone = SERIES.replace("  - wait: 3d\n", "").replace("  - id: over", "  - id: end")
            await published(desk, "series", gone, first.base, moves={"steps.0": "end"})
            before = desk.server.app.desk.scenarios.catalog.moves
        async with start_desk(data) as desk:
            assert desk.server.app.desk.scenarios.catalog.moves == before
            assert before[("series", first.version)].chosen
            assert (await file(desk, "series")).by == "Owner"
