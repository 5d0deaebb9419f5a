"""What scenarios send and show lies beside them, and comes under an address of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server_stub.protocol import NewMessage

CHART = "Size  Bust\nS     88\n"

SENDS_CHART = """\
scenario: sizes
title: Sizes
status: live
trigger:
  - event: Sizes Wanted
steps:
  - file: size_chart.txt
    caption: Our sizes
"""


@pytest.fixture
def with_files(data: Path) -> None:
    folder = data / "scenarios" / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "size_chart.txt").write_text(CHART)
    (folder / "page.html").write_text("<script>alert(1)</script>")
    (data / "scenarios" / "sizes.yaml").write_text(SENDS_CHART)


@pytest.mark.usefixtures("with_files")
class TestScenarioFiles:
    async def test_a_bots_file_reaches_the_visitor_by_its_link(self, desk: Any) -> None:
        async with desk.widget() as page:
            await page.say("track", name="Sizes Wanted")
            while not (message := (await page.until(NewMessage)).message).files:
                pass
            answer = await desk.http.get(message.files[0].url)
        assert (answer.status_code, answer.text) == (200, CHART)
        assert "size_chart.txt" in answer.headers["content-disposition"]

    async def test_nothing_of_it_runs_in_a_browser(self, desk: Any) -> None:
        answer = await desk.http.get("/scenario-files/page.html")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "nothing.txt",
            "..%2fsizes.yaml",
            "%2e%2e/%2e%2e/write_key",
            "a%00b",
            "%2fetc%2fpasswd",
            "x" * 3000,
        ],
    )
    async def test_there_is_no_way_out_of_the_folder(self, desk: Any, problem: Any, path: str) -> None:
        answer = await desk.http.get(f"/scenario-files/{path}")
        assert (answer.status_code, problem(answer).error) == (404, "not_found")
