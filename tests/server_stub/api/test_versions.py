"""Every text that was ever published can be read again: who published it, when, why, and what it was."""

from __future__ import annotations

from typing import Any

import msgspec

from server_stub.protocol import Publication, ScenarioChanged, ScenarioFile, ScenarioVersion, SegmentChanged

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
OTHER = SERIES.replace("A series", "Letters")
NOTED = SERIES.replace("  - wait: 3d", "  # three days, as agreed\n  - wait: 3d")
VIPS = "segment: vips\ntitle: The good ones\nconditions:\n  - tagged vip\n"


async def published(
    desk: Any, text: str, base: str = "", slug: str = "series", kind: str = "scenarios", **more: Any
) -> Publication:
    body = {"text": text, "base": base, **more}
    answer = await desk.http.put(f"/api/{kind}/{slug}", json=body, headers=desk.auth)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Publication)


async def versions(desk: Any, slug: str = "series", kind: str = "scenarios", **asked: Any) -> Any:
    found = await desk.get(f"/api/{kind}/{slug}/versions", **asked)
    return msgspec.convert(found, list[ScenarioVersion])


async def text_of(desk: Any, base: str, slug: str = "series", kind: str = "scenarios") -> ScenarioFile:
    return msgspec.convert(await desk.get(f"/api/{kind}/{slug}/versions/{base}"), ScenarioFile)


async def file(desk: Any, slug: str = "series") -> ScenarioFile:
    return msgspec.convert(await desk.get(f"/api/scenarios/{slug}"), ScenarioFile)


class TestVersions:
    async def test_they_come_newest_first_with_who_when_and_why(self, desk: Any) -> None:
        first = await published(desk, SERIES, why="three letters for spring")
        second = await published(desk, OTHER, first.base, why="a better title")
        found = await versions(desk)
        assert [(one.base, one.version, one.by, one.why) for one in found] == [
            (second.base, second.version, "Owner", "a better title"),
            (first.base, first.version, "Owner", "three letters for spring"),
        ]
        assert found[0].at >= found[1].at > 0
        assert (await file(desk)).why == "a better title"

    async def test_a_text_comes_back_as_it_was(self, desk: Any) -> None:
        first = await published(desk, SERIES)
        await published(desk, OTHER, first.base)
        back = await text_of(desk, first.base)
        assert (back.text, back.base, back.by, back.status) == (SERIES, first.base, "Owner", "live")

    async def test_a_comment_makes_another_text_though_no_other_version(self, desk: Any) -> None:
        first = await published(desk, SERIES)
        noted = await published(desk, NOTED, first.base)
        assert noted.version == first.version
        assert [one.base for one in await versions(desk)] == [noted.base, first.base]

    async def test_going_back_is_a_publication_of_its_own(self, desk: Any) -> None:
        first = await published(desk, SERIES)
        second = await published(desk, OTHER, first.base)
        again = await published(desk, (await text_of(desk, first.base)).text, second.base)
        assert [one.base for one in await versions(desk)] == [again.base, second.base, first.base]
        assert again.base == first.base

    async def test_a_rehearsal_and_the_same_text_are_none(self, desk: Any) -> None:
        first = await published(desk, SERIES)
        await published(desk, OTHER, first.base, rehearse=True)
        await published(desk, SERIES, first.base)
        assert len(await versions(desk)) == 1

    async def test_they_come_in_pages(self, desk: Any) -> None:
        base = ""
        for number in range(3):
            base = (await published(desk, SERIES.replace("A series", f"Series {number}"), base)).base
        [newest] = await versions(desk, limit=1)
        older = await versions(desk, before=newest.seq)
        assert newest.base == base
        assert len(older) == 2

    async def test_the_stream_tells_the_text_and_the_reason(self, desk: Any) -> None:
        async with desk.stream() as stream:
            first = await published(desk, SERIES)
            done = await published(desk, NOTED, first.base, why="noted")
            entry = await stream.until_entry(
                lambda entry: isinstance(entry.what, ScenarioChanged) and entry.what.why == "noted"
            )
        assert entry.what.base == done.base
        assert [one.seq for one in await versions(desk, limit=1)] == [entry.seq]

    async def test_segments_have_them_as_well(self, desk: Any) -> None:
        first = await published(desk, VIPS, slug="vips", kind="segments", why="new")
        other = VIPS.replace("conditions", "# who buys often\nconditions")
        second = await published(desk, other, first.base, slug="vips", kind="segments")
        found = await versions(desk, "vips", "segments")
        assert [(one.base, one.why, one.by) for one in found] == [
            (second.base, "", "Owner"),
            (first.base, "new", "Owner"),
        ]
        assert (await text_of(desk, first.base, "vips", "segments")).text == VIPS


class TestTheFolder:
    async def _changed(self, desk: Any, slug: str, text: str) -> None:
        """The file is changed as in somebody's editor, and the server has read it."""
        async with desk.stream() as stream:
            path = desk.data / "scenarios" / f"{slug}.yaml"
            if text:
                path.write_text(text)
            else:
                path.unlink()
            await stream.until_entry(
                lambda entry: (
                    isinstance(entry.what, ScenarioChanged | SegmentChanged) and entry.what.slug == slug
                )
            )

    async def test_a_file_changed_there_is_nobodys_version(self, desk: Any) -> None:
        first = await published(desk, SERIES)
        await self._changed(desk, "series", NOTED)
        found = await versions(desk)
        assert [(one.by, one.version) for one in found] == [("", first.version), ("Owner", first.version)]
        assert (await text_of(desk, found[0].base)).text == NOTED
        assert (await file(desk)).by == ""

    async def test_a_file_that_breaks_is_no_version(self, desk: Any) -> None:
        await published(desk, SERIES)
        await self._changed(desk, "series", SERIES.replace("wait: 3d", "wait: soon"))
        assert len(await versions(desk)) == 1

    async def test_what_was_removed_can_be_read_and_brought_back(self, desk: Any) -> None:
        first = await published(desk, SERIES)
        await self._changed(desk, "series", "")
        assert [(one.status, one.base) for one in await versions(desk)] == [
            ("removed", ""),
            ("live", first.base),
        ]
        await published(desk, (await text_of(desk, first.base)).text)
        assert [one.status for one in await versions(desk)] == ["live", "removed", "live"]

    async def test_a_restart_adds_none(self, data: Any, start_desk: Any) -> None:
        async with start_desk(data) as desk:
            first = await published(desk, SERIES)
            await published(desk, NOTED, first.base)
            before = await versions(desk)
            last = await desk.last_seq()
        async with start_desk(data) as desk:
            assert await versions(desk) == before
            entries = [entry.what for entry in await desk.entries(last)]
            assert not [what for what in entries if isinstance(what, ScenarioChanged)]

    async def test_line_ends_and_byte_order_mark_of_a_file_stay(self, data: Any, start_desk: Any) -> None:
        path = data / "scenarios" / "series.yaml"
        path.write_bytes(b"\xef\xbb\xbf" + SERIES.replace("\n", "\r\n").encode())
        async with start_desk(data) as desk:
            text = (await file(desk)).text
            assert text == SERIES
            await published(desk, OTHER, (await file(desk)).base)
            assert path.read_bytes() == b"\xef\xbb\xbf" + OTHER.replace("\n", "\r\n").encode()
            assert (await file(desk)).by == "Owner"


class TestBadRequests:
    async def test_what_never_was_is_not_found(self, desk: Any, problem: Any) -> None:
        for path in ("nothing/versions", "greeting/versions/none", "greeting/versions/0123456789abcdef"):
            answer = await desk.http.get(f"/api/scenarios/{path}", headers=desk.auth)
            assert (answer.status_code, problem(answer).error) == (404, "not_found")

    async def test_a_reason_is_of_bounded_length(self, desk: Any, problem: Any) -> None:
        body = {"text": SERIES, "why": "x" * 1001}
        answer = await desk.http.put("/api/scenarios/series", json=body, headers=desk.auth)
        assert (answer.status_code, problem(answer).field) == (422, "why")
        assert not (desk.data / "scenarios" / "series.yaml").exists()

    async def test_choices_outlive_a_comment(self, data: Any, start_desk: Any) -> None:
        """What was chosen for visitors in flight belongs to the version, whatever is written beside it later."""
        async with start_desk(data) as desk:
            first = await published(desk, SERIES)
            event = {"userId": "u1", "event": "Series Wanted", "messageId": "m1"}
            assert (await desk.call("track", event)).status_code == 200
            gone = SERIES.replace("  - wait: 3d\n", "")
            second = await published(desk, gone, first.base, moves={"steps.0": "over"})
            await published(desk, f"{gone}# checked\n", second.base)
            before = desk.server.app.desk.scenarios.catalog.moves
        async with start_desk(data) as desk:
            assert desk.server.app.desk.scenarios.catalog.moves == before
            assert before[("series", first.version)].chosen
