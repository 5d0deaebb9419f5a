"""The tests that stand beside a scenario are read and replaced over the API, never over what another has written."""

from __future__ import annotations

from typing import Any

import msgspec

from server_stub.protocol import ScenarioTests, ShopWorld

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
ONE = """\
- test: tags after three days
  timeline:
    - event: Series Wanted
    - advance: 3d
    - expect: {tag: over}
"""


async def publish(desk: Any) -> None:
    answer = await desk.http.put("/api/scenarios/series", json={"text": SERIES}, headers=desk.auth)
    assert answer.status_code == 200, answer.text


async def put(desk: Any, text: str, base: str = "", slug: str = "series") -> Any:
    body = {"text": text, "base": base}
    return await desk.http.put(f"/api/scenarios/{slug}/tests", json=body, headers=desk.auth)


async def written(desk: Any, text: str, base: str = "") -> ScenarioTests:
    answer = await put(desk, text, base)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=ScenarioTests)


async def there_now(desk: Any) -> ScenarioTests:
    return msgspec.convert(await desk.get("/api/scenarios/series/tests"), ScenarioTests)


class TestTheTestsBesideAScenario:
    async def test_there_are_none_until_some_are_written(self, desk: Any) -> None:
        await publish(desk)
        assert await there_now(desk) == ScenarioTests("series", "series.test.yaml", "", "")
        done = await written(desk, ONE)
        assert (desk.data / "scenarios" / "series.test.yaml").read_text() == ONE
        assert await there_now(desk) == done == ScenarioTests("series", "series.test.yaml", ONE, done.base)
        assert done.base

    async def test_an_empty_text_takes_them_away(self, desk: Any) -> None:
        await publish(desk)
        done = await written(desk, ONE)
        assert (await written(desk, "\n", done.base)).base == ""
        assert not (desk.data / "scenarios" / "series.test.yaml").exists()

    async def test_writing_them_is_no_version_and_no_entry(self, desk: Any) -> None:
        await publish(desk)
        seq = await desk.last_seq()
        await written(desk, ONE)
        assert len(await desk.get("/api/scenarios/series/versions")) == 1
        assert await desk.last_seq() == seq

    async def test_the_file_keeps_the_line_ends_that_it_has(self, desk: Any) -> None:
        await publish(desk)
        file = desk.data / "scenarios" / "series.test.yaml"
        file.write_bytes(ONE.replace("\n", "\r\n").encode())
        there = await there_now(desk)
        assert there.text == ONE
        await written(desk, ONE.replace("three", "3"), there.base)
        assert file.read_bytes() == ONE.replace("three", "3").replace("\n", "\r\n").encode()


class TestWhatIsRefused:
    async def test_tests_that_were_changed_in_between_are_not_overwritten(
        self, desk: Any, problem: Any
    ) -> None:
        await publish(desk)
        first = await written(desk, ONE)
        await written(desk, ONE.replace("three", "3"), first.base)
        for base in ("", first.base):
            refused = await put(desk, ONE, base)
            assert (refused.status_code, problem(refused).error) == (409, "conflict")
        assert "3 days" in (await there_now(desk)).text

    async def test_a_text_that_is_no_tests_names_its_errors(self, desk: Any, problem: Any) -> None:
        await publish(desk)
        refused = await put(desk, ONE.replace("advance", "advnace"))
        assert refused.status_code == 422
        assert [one.line for one in problem(refused).problems] == [4]
        assert (await there_now(desk)).text == ""

    async def test_of_a_scenario_that_is_not_there(self, desk: Any) -> None:
        assert (await put(desk, ONE, slug="nobody")).status_code == 404
        outside = await desk.http.get("/api/scenarios/..%2Fsettings/tests", headers=desk.auth)
        assert outside.status_code == 404

    async def test_they_are_written_by_marketers(self, desk: Any) -> None:
        await publish(desk)
        made = await desk.http.post(
            "/api/operators", json={"name": "Ann", "role": "operator"}, headers=desk.auth
        )
        auth = {"authorization": f"Bearer {made.json()['token']}"}
        assert (await desk.http.get("/api/scenarios/series/tests", headers=auth)).status_code == 200
        refused = await desk.http.put("/api/scenarios/series/tests", json={"text": ONE}, headers=auth)
        assert refused.status_code == 403


class TestTheWorldOfTheShop:
    async def test_it_tells_hours_zone_and_name(self, desk: Any) -> None:
        world = msgspec.convert(await desk.get("/api/world"), ShopWorld)
        assert world.timezone
        assert set(world.business_hours) == {"mon", "tue", "wed", "thu", "fri"}
        assert world.site["name"]
