"""A dialog as a letter, over the API: rendered as other letters are, and kept until a mail channel sends it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from server_stub.protocol import Ack


async def kept(desk: Any, row: str) -> dict[str, Any]:
    """The row as soon as it has been rendered."""
    deadline = time.monotonic() + 10
    while (item := await desk.get(f"/api/outbox/{row}"))["status"] == "waiting":
        assert time.monotonic() < deadline, "the letter was not rendered"
        await asyncio.sleep(0.02)
    return dict(item)


class TestTranscriptByMail:
    async def test_it_is_rendered_and_kept(self, desk: Any, problem: Any) -> None:
        async with desk.widget(traits={"name": "Clara"}) as widget:
            id_ = await widget.say("write", text="<script>alert(1)</script> fits?")
            dialog = (await widget.until(Ack, id=id_)).message.dialog
        path = f"/api/dialogs/{dialog}/transcript"
        body = {"client_id": "t1", "to": "clara@shop.example"}
        sent = await desk.http.post(path, json=body, headers=desk.auth)
        assert sent.status_code == 200, sent.text
        item = await kept(desk, sent.json()["id"])
        assert (item["status"], item["to"]) == ("kept", "clara@shop.example")
        assert "<script>alert(1)</script> fits?" in item["content"]["text"]
        page = await desk.http.get(f"/api/outbox/{item['id']}/letter", headers=desk.auth)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; fits?" in page.text
        refused = await desk.http.post(path, json={**body, "client_id": "t2", "to": "?"}, headers=desk.auth)
        assert (refused.status_code, problem(refused).field) == (400, "to")
