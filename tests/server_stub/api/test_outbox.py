"""What scenarios send beside the chat, over the API of a running server, and the segments of its folder."""

from __future__ import annotations

import asyncio
import time
from typing import Any

LETTER = """\
scenario: thanks
title: Thanks
status: live
trigger:
  - event: Order Completed
delivery: {kind: service}
steps:
  - email: {subject: "Thank you, {{ visitor.name }}", body: "[Your order](/orders)\\n\\n<script>alert(1)</script>"}
  - push: {title: Thanks, text: Thanks, link: "https://shop.example"}
    on_error:
      - stop: no push
"""
BUYERS = """\
segment: buyers
title: Buyers
conditions:
  - did order_completed
"""


async def until(read: Any) -> Any:
    """What `read` answers once that is true."""
    end = time.monotonic() + 10
    while not (value := await read()):
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)
    return value


async def order(desk: Any) -> None:
    (desk.data / "scenarios" / "thanks.yaml").write_text(LETTER)
    (desk.data / "scenarios" / "segments").mkdir(exist_ok=True)
    (desk.data / "scenarios" / "segments" / "buyers.yaml").write_text(BUYERS)

    async def is_read() -> bool:
        found = [one["slug"] for path in ("scenarios", "segments") for one in await desk.get(f"/api/{path}")]
        return {"thanks", "buyers"} <= set(found)

    await until(is_read)
    await desk.call("identify", {"userId": "u1", "traits": {"email": "ann@shop.example", "name": "Ann"}})
    await desk.call("track", {"userId": "u1", "event": "Order Completed", "properties": {"order_id": "1"}})


class TestOutbox:
    async def test_a_letter_is_listed_and_shown_as_it_looks(self, desk: Any) -> None:
        await order(desk)
        (row,) = await until(lambda: desk.get("/api/outbox", status="kept", channel="email"))
        assert (row["summary"], row["scenario"], row["to"]) == (
            "Thank you, Ann",
            "thanks",
            "ann@shop.example",
        )
        assert "content" not in row
        assert await desk.get("/api/outbox", status="failed") == []
        assert await desk.get("/api/outbox", before=row["id"]) == []
        whole = await desk.get(f"/api/outbox/{row['id']}")
        assert whole["content"]["subject"] == "Thank you, Ann"
        assert "Your order" in whole["content"]["text"]
        page = await desk.http.get(f"/api/outbox/{row['id']}/letter", headers=desk.auth)
        assert page.status_code == 200, page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-security-policy"].startswith("sandbox")
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "<script>" not in page.text

    async def test_what_is_not_there_is_named(self, desk: Any, problem: Any) -> None:
        for path in ("/api/outbox/none", "/api/outbox/none/letter"):
            answer = await desk.http.get(path, headers=desk.auth)
            assert (answer.status_code, problem(answer).error) == (404, "not_found")
        answer = await desk.http.get("/api/outbox", params={"status": "lost"}, headers=desk.auth)
        assert (answer.status_code, problem(answer).field) == (400, "status")

    async def test_the_schema_says_that_a_letter_is_a_page(self, desk: Any) -> None:
        paths = (await desk.http.get("/schema")).json()["paths"]
        answers = paths["/api/outbox/{row}/letter"]["get"]["responses"]
        assert list(answers["200"]["content"]) == ["text/html"]


class TestSegments:
    async def test_the_folders_segments_count_their_members(self, desk: Any) -> None:
        await order(desk)
        (segment,) = await desk.get("/api/segments")
        assert (segment["slug"], segment["file"], segment["members"]) == (
            "buyers",
            "segments/buyers.yaml",
            1,
        )

    async def test_a_broken_one_shows_its_problems_and_lives_on(self, desk: Any) -> None:
        await order(desk)
        (desk.data / "scenarios" / "segments" / "buyers.yaml").write_text("segment: buyers\nconditions: 7\n")

        async def is_broken() -> Any:
            (segment,) = await desk.get("/api/segments")
            return segment if segment.get("problems") else None

        segment = await until(is_broken)
        assert segment["members"] == 1
        assert segment["problems"][0]["line"] > 0
