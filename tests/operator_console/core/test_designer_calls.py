"""What the scenario designer asks of a server, against the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from operator_console.client import DeskClient, Refused, Unreachable
from server_stub.protocol import ChangeScenario, MakePreview, PublishScenario, ReachReport
from server_stub.serve import Server

SERIES = """\
scenario: series
title: A series
status: live
trigger:
  - event: Series Wanted
steps:
  - wait: 3d
"""


@pytest.fixture
async def operator(tmp_path: Path) -> AsyncIterator[DeskClient]:
    server = Server(tmp_path / "data", port=0, log_bytes=0)
    await server.start()
    client = DeskClient(server.url, server.operator_token)
    yield client
    await client.close()
    await server.stop()


class TestVersions:
    async def test_a_text_is_gone_back_to(self, operator: DeskClient) -> None:
        first = await operator.publish("series", PublishScenario(text=SERIES, why="new"))
        other = SERIES.replace("A series", "Letters")
        await operator.publish("series", PublishScenario(text=other, base=first.base))
        newest, oldest = await operator.versions("series")
        assert (newest.why, oldest.why) == ("", "new")
        assert await operator.versions("series", before=newest.seq) == (oldest,)
        assert (await operator.version("series", oldest.base)).text == SERIES


class TestTheSwitch:
    async def test_a_scenario_is_paused(self, operator: DeskClient) -> None:
        await operator.publish("series", PublishScenario(text=SERIES))
        done = await operator.change_scenario("series", ChangeScenario("paused", why="sold out"))
        assert done.published
        [status] = await operator.scenarios()
        assert status.status == "paused"


class TestNames:
    async def test_what_a_scenario_waits_for_is_known(self, operator: DeskClient) -> None:
        await operator.publish("series", PublishScenario(text=SERIES))
        assert [one.name for one in (await operator.names()).events] == ["Series Wanted"]


class TestReach:
    async def test_it_comes_bit_by_bit_and_ends_in_a_report(self, operator: DeskClient) -> None:
        lines = [line async for line in operator.reach(SERIES, days=7)]
        assert len(lines) > 1
        assert isinstance(lines[-1], ReachReport)
        assert lines[-1].past.scenario == "series"

    async def test_a_text_with_errors_is_refused_with_all_of_them(self, operator: DeskClient) -> None:
        with pytest.raises(Refused) as refused:
            await anext(operator.reach(SERIES.replace("3d", "soon")))
        assert [one.line for one in refused.value.problem.problems] == [7]

    async def test_a_server_that_is_gone_is_unreachable(self) -> None:
        client = DeskClient("http://127.0.0.1:1", "token")
        with pytest.raises(Unreachable):
            await anext(client.reach(SERIES))
        await client.close()


class TestPreviews:
    async def test_one_is_made_and_changed(self, operator: DeskClient) -> None:
        text = (
            SERIES
            + "  - id: hello\n    say: Hello!\n  - id: sale\n    push: {title: Sale, text: Now, link: /}\n"
        )
        preview = await operator.make_preview(MakePreview(text, "hello"))
        changed = await operator.change_preview(preview.id, MakePreview(text, "sale"))
        assert (preview.kind, changed.kind, changed.url) == ("chat", "push", preview.url)

    async def test_one_that_is_over_is_refused(self, operator: DeskClient) -> None:
        with pytest.raises(Refused) as refused:
            await operator.change_preview("none", MakePreview(SERIES, "steps.0"))
        assert refused.value.status == 404
