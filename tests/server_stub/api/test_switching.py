"""A scenario is launched, paused, resumed and archived at once, by one word of its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server_stub.protocol import Publication, ScenarioFile, ScenarioVersion

WANTED = """\
# what the shop is proud of
scenario:   wanted     # by its file's name
title: "Wanted"
status: paused   # until the spring
trigger:
  -   event: Lamp Wanted
steps:
  - wait: 3d

"""


async def switch(desk: Any, status: str, slug: str = "wanted", auth: Any = None, **more: Any) -> Any:
    body = {"status": status, **more}
    return await desk.http.patch(f"/api/scenarios/{slug}", json=body, headers=auth or desk.auth)


async def switched(desk: Any, status: str, slug: str = "wanted", **more: Any) -> Publication:
    answer = await switch(desk, status, slug, **more)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Publication)


async def status_of(desk: Any, slug: str = "wanted") -> tuple[str, int]:
    [found] = [one for one in await desk.get("/api/scenarios") if one["slug"] == slug]
    return found["status"], found.get("running", 0)


async def somebody_wants(desk: Any, user: str) -> None:
    event = {"userId": user, "event": "Lamp Wanted", "messageId": f"m-{user}"}
    assert (await desk.call("track", event)).status_code == 200


@pytest.fixture
def data(data: Path) -> Path:
    """The folder with one scenario more, as somebody has written it by hand."""
    (data / "scenarios" / "wanted.yaml").write_text(WANTED)
    return data


class TestTheSwitch:
    async def test_it_is_live_at_once_and_one_word_of_the_file_is_another(self, desk: Any) -> None:
        await somebody_wants(desk, "u1")
        assert await status_of(desk) == ("paused", 0)
        done = await switched(desk, "live")
        assert (done.published, [(one.what, one.before, one.after) for one in done.differences]) == (
            True,
            [("status", "paused", "live")],
        )
        await somebody_wants(desk, "u2")
        assert await status_of(desk) == ("live", 1)
        path = desk.data / "scenarios" / "wanted.yaml"
        assert path.read_text() == WANTED.replace("paused", "live")

    async def test_who_is_on_his_way_stays_there_while_it_is_paused(self, desk: Any) -> None:
        await switched(desk, "live")
        await somebody_wants(desk, "u1")
        await switched(desk, "paused")
        await somebody_wants(desk, "u2")
        assert await status_of(desk) == ("paused", 1)
        await switched(desk, "archived")
        assert (await status_of(desk))[0] == "archived"

    async def test_it_is_a_version_with_who_and_why(self, desk: Any) -> None:
        done = await switched(desk, "live", why="spring has come")
        found = msgspec.convert(await desk.get("/api/scenarios/wanted/versions"), list[ScenarioVersion])
        assert [(one.status, one.by, one.why) for one in found] == [
            ("live", "Owner", "spring has come"),
            ("paused", "", ""),
        ]
        assert (found[0].base, found[0].version) == (done.base, found[1].version)

    async def test_the_same_status_again_publishes_nothing(self, desk: Any) -> None:
        await switched(desk, "live")
        seq = await desk.last_seq()
        assert not (await switched(desk, "live")).published
        assert await desk.last_seq() == seq

    async def test_a_file_of_another_system_keeps_its_line_ends(self, data: Any, start_desk: Any) -> None:
        path = data / "scenarios" / "wanted.yaml"
        path.write_bytes(WANTED.replace("\n", "\r\n").encode())
        async with start_desk(data) as desk:
            await switched(desk, "live")
        assert path.read_bytes() == WANTED.replace("paused", "live").replace("\n", "\r\n").encode()

    async def test_a_scenario_that_says_nothing_of_it_is_given_a_line(self, desk: Any) -> None:
        path = desk.data / "scenarios" / "quiet.yaml"
        text = WANTED.replace("wanted", "quiet").replace("status: paused   # until the spring\n", "")
        path.write_text(text)
        await switched(desk, "live", "quiet")
        assert path.read_text() == text.replace('title: "Wanted"\n', 'title: "Wanted"\nstatus: live\n')


class TestRefusals:
    async def test_a_text_published_in_between_is_a_conflict_where_one_names_the_one_he_saw(
        self, desk: Any, problem: Any
    ) -> None:
        seen = msgspec.convert(await desk.get("/api/scenarios/wanted"), ScenarioFile).base
        assert (await switched(desk, "live", base=seen)).published
        refused = await switch(desk, "archived", base=seen)
        assert (refused.status_code, problem(refused).error) == (409, "conflict")
        assert (await status_of(desk))[0] == "live"

    async def test_a_broken_file_is_left_alone_and_its_errors_are_told(self, desk: Any, problem: Any) -> None:
        path = desk.data / "scenarios" / "wanted.yaml"
        broken = WANTED.replace("wait: 3d", "wait: soon")
        path.write_text(broken)
        refused = await switch(desk, "live")
        assert (refused.status_code, [one.line for one in problem(refused).problems]) == (422, [8])
        assert path.read_text() == broken

    async def test_so_is_one_that_is_no_yaml(self, desk: Any, problem: Any) -> None:
        path = desk.data / "scenarios" / "wanted.yaml"
        path.write_text("scenario: [wanted\n")
        refused = await switch(desk, "live")
        assert (refused.status_code, problem(refused).error) == (422, "invalid")
        assert path.read_text() == "scenario: [wanted\n"

    async def test_what_is_not_there_is_not_found(self, desk: Any, problem: Any) -> None:
        refused = await switch(desk, "live", "nothing")
        assert (refused.status_code, problem(refused).error) == (404, "not_found")

    async def test_a_status_that_is_none_is_refused(self, desk: Any, problem: Any) -> None:
        refused = await switch(desk, "alive")
        assert (refused.status_code, problem(refused).field) == (400, "status")

    async def test_operators_may_not(self, desk: Any) -> None:
        added = await desk.http.post("/api/operators", json={"name": "Ann"}, headers=desk.auth)
        auth = {"Authorization": f"Bearer {added.json()['token']}"}
        assert (await switch(desk, "live", auth=auth)).status_code == 403
        assert (await status_of(desk))[0] == "paused"
