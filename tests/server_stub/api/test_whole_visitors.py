"""A person as a whole, over the API: exported for him, erased for good, merged; and only by admins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from server_stub.desk.persons.export import VisitorExport
from server_stub.protocol import Ack, CaughtUp, Erasure, Message, VisitorErased, VisitorMergePlan

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


async def write(desk: Any, widget: Any, text: str, *, file: bytes = b"") -> Message:
    ids = []
    if file:
        answer = await desk.http.post(
            "/v1/widget/files",
            params={"name": "lamp.png"},
            content=file,
            headers={"Authorization": f"Bearer {widget.token}", "Content-Type": "image/png"},
        )
        assert answer.status_code == 200, answer.text
        ids.append(answer.json()["id"])
    id_ = await widget.say("write", text=text, files=ids)
    message: Message = (await widget.until(Ack, id=id_)).message
    return message


async def plain_operator(desk: Any, role: str = "operator") -> dict[str, str]:
    body = {"name": f"Plain {role}", "role": role}
    answer = await desk.http.post("/api/operators", json=body, headers=desk.auth)
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def files_on_disk(data: Path) -> list[Path]:
    return [path for path in (data / "files").rglob("*") if path.is_file()]


async def exported(desk: Any, visitor: str) -> VisitorExport:
    return msgspec.convert(await desk.get(f"/api/visitors/{visitor}/export"), VisitorExport)


class TestWhoMay:
    @pytest.mark.parametrize("role", ["operator", "marketer"])
    async def test_only_admins_export_erase_and_merge(self, desk: Any, role: str) -> None:
        async with desk.widget() as widget:
            visitor = (await write(desk, widget, "Hello")).visitor
        headers = await plain_operator(desk, role)
        for method, path, body in (
            ("GET", f"/api/visitors/{visitor}/export", None),
            ("DELETE", f"/api/visitors/{visitor}", None),
            ("POST", f"/api/visitors/{visitor}/merge", {"gone": "v_x"}),
        ):
            answer = await desk.http.request(method, path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]) == (403, "forbidden"), path
        assert (await desk.get(f"/api/visitors/{visitor}"))["id"] == visitor


class TestExport:
    async def test_it_holds_all_that_is_known_of_him(self, desk: Any) -> None:
        async with desk.widget(traits={"name": "Clara", "email": "clara@shop.example"}) as widget:
            await widget.until(
                Ack, id=await widget.say("track", name="Help Wanted", properties={"why": "size"})
            )
            asked = await write(desk, widget, "Does it fit?", file=PNG)
        path = f"/api/dialogs/{asked.dialog}/messages"
        for body in (
            {"client_id": "c1", "text": "It does"},
            {"client_id": "c2", "text": "Tall", "note": True},
        ):
            await desk.http.post(path, json=body, headers=desk.auth)
        note = {"client_id": "n1", "text": "Prefers mail"}
        await desk.http.post(f"/api/visitors/{asked.visitor}/notes", json=note, headers=desk.auth)
        found = await exported(desk, asked.visitor)
        assert (found.card.name, found.card.email) == ("Clara", "clara@shop.example")
        assert [one.text for one in found.card.notes] == ["Prefers mail"]
        said = [message.text for message in found.messages]
        assert [text for text in said if text in ("Does it fit?", "It does", "Tall")] == [
            "Does it fit?",
            "It does",
            "Tall",
        ]
        assert [dialog.id for dialog in found.dialogs] == [asked.dialog]
        assert ("Help Wanted", {"why": "size"}) in [
            (entry.what.name, entry.what.properties) for entry in found.events
        ]
        assert "greeting" in [getattr(entry.what, "scenario", "") for entry in found.scenarios]
        assert found.changes
        assert [kind for kind, _ in found.ids] == ["anonymous"]

    async def test_the_links_of_his_files_work_from_anywhere(self, desk: Any) -> None:
        async with desk.widget() as widget:
            asked = await write(desk, widget, "This one", file=PNG)
        (file,) = (await exported(desk, asked.visitor)).files
        assert file.url.startswith(desk.url)
        async with httpx.AsyncClient(trust_env=False) as stranger:
            assert (await stranger.get(file.url)).content == PNG

    async def test_a_stranger_is_not_found(self, desk: Any) -> None:
        answer = await desk.http.get("/api/visitors/v_nobody/export", headers=desk.auth)
        assert answer.status_code == 404


class TestErase:
    async def test_his_rows_and_his_files_are_gone_from_the_disk(self, desk: Any) -> None:
        async with desk.widget(traits={"name": "Clara Unforgettable"}) as widget:
            asked = await write(desk, widget, "My secret", file=PNG)
        assert len(files_on_disk(desk.data)) == 1
        answer = await desk.http.delete(f"/api/visitors/{asked.visitor}", headers=desk.auth)
        assert answer.status_code == 200, answer.text
        erasure = msgspec.convert(answer.json(), Erasure)
        assert (erasure.dialogs, erasure.files) == (1, 1)
        assert files_on_disk(desk.data) == []
        for path in (
            f"/api/visitors/{asked.visitor}",
            f"/api/dialogs/{asked.dialog}/feed",
            asked.files[0].url,
        ):
            assert (await desk.http.get(path, headers=desk.auth)).status_code == 404, path
        assert (await desk.get("/api/visitors", q="unforgettable")).get("visitors") in (None, [])

    async def test_consoles_hear_it_and_his_open_page_begins_anew(self, desk: Any) -> None:
        async with desk.stream() as stream, desk.widget() as widget:
            await stream.until(CaughtUp)
            asked = await write(desk, widget, "Hello")
            await desk.http.delete(f"/api/visitors/{asked.visitor}", headers=desk.auth)
            entry = await stream.until_entry(lambda one: isinstance(one.what, VisitorErased))
            assert entry.visitor == asked.visitor
            assert await widget.closed() == 1012
        async with desk.widget(token=widget.token) as again:
            assert again.welcome.messages == ()
            assert (await desk.get("/api/visitors", online="true"))["visitors"] == []
            assert (await write(desk, again, "Who am I?")).visitor != asked.visitor

    async def test_files_that_a_crash_left_are_removed_at_the_next_start(
        self, data: Path, start_desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with start_desk(data) as desk, desk.widget() as widget:
            asked = await write(desk, widget, "My secret", file=PNG)
            with monkeypatch.context() as broken:
                broken.setattr(Path, "unlink", _refuse)
                await desk.http.delete(f"/api/visitors/{asked.visitor}", headers=desk.auth)
            assert len(files_on_disk(data)) == 1
        async with start_desk(data):
            assert files_on_disk(data) == []


class TestMerge:
    async def test_a_plan_is_made_and_carried_out(self, desk: Any) -> None:
        visitors = []
        for name in ("Ann", "Anna"):
            async with desk.widget(traits={"name": name}) as widget:
                visitors.append((await write(desk, widget, name)).visitor)
        path = f"/api/visitors/{visitors[0]}/merge"
        body = {"gone": visitors[1], "take": ["name"]}
        planned = await desk.http.post(path, json={**body, "rehearse": True}, headers=desk.auth)
        done = await desk.http.post(path, json=body, headers=desk.auth)
        plans = [msgspec.convert(answer.json(), VisitorMergePlan) for answer in (planned, done)]
        assert [plan.done for plan in plans] == [False, True]
        assert plans[0].fields == plans[1].fields
        assert (await desk.get(f"/api/visitors/{visitors[1]}"))["name"] == "Anna"


def _refuse(path: Path, missing_ok: bool = False) -> None:
    raise PermissionError(13, "Permission denied", str(path))
