"""The server's life: first start, second start, a broken folder, operators from outside, and a clean end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from scenarios_yaml.library.index import library
from server_stub.operators import add_operator, list_operators, remove_operator
from server_stub.protocol import CaughtUp, ScenarioChanged, Welcome
from server_stub.scenario_folder import LIVE_IN_DEMO, copy_library, is_scenario, read_folder
from server_stub.serve import Server
from server_stub.settings_file import SettingsError
from server_stub.store.base import StoreError
from server_stub.work import Rejected


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestTheFirstStart:
    async def test_makes_settings_and_secrets_for_the_owner_alone(self, desk: Any) -> None:
        for name in ("write_key", "widget_secret", "identity_secret", "owner_token", "console.json"):
            assert mode(desk.data / name) == 0o600, name
        assert mode(desk.data) == 0o700
        assert (desk.data / "settings.toml").exists()
        card = json.loads((desk.data / "console.json").read_text())
        assert card == {"url": desk.url, "token": desk.token, "pid": os.getpid()}
        assert desk.token not in (desk.data / "desk.sqlite").read_bytes().decode("latin-1")

    async def test_the_second_start_goes_on_with_the_same_data(self, data: Any, start_desk: Any) -> None:
        async with start_desk(data) as first:
            await first.call("track", {"anonymousId": "a", "event": "E"})
            async with first.widget() as widget:
                token = widget.token
            kept = (first.key, first.token)
        assert not (data / "console.json").exists()
        async with start_desk(data) as second:
            assert (second.key, second.token) == kept
            assert len(await second.events("E")) == 1
            async with second.widget(token=token) as again:
                assert again.token == token

    async def test_a_lost_owner_token_makes_a_new_owner(self, data: Any, start_desk: Any) -> None:
        async with start_desk(data) as first:
            lost = first.token
        (data / "owner_token").unlink()
        async with start_desk(data) as second:
            assert second.token != lost
            assert (await second.get("/api/me"))["role"] == "owner"


class TestWhatPreventsAStart:
    async def test_a_taken_port(self, desk: Any, tmp_path: Path) -> None:
        port = int(desk.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            await Server(tmp_path / "other", port=port).start()

    async def test_a_folder_in_use(self, desk: Any) -> None:
        with pytest.raises(StoreError, match="in use"):
            await Server(desk.data, port=0).start()
        assert (await desk.http.get("/readyz")).status_code == 200

    async def test_broken_settings(self, data: Path) -> None:
        (data / "settings.toml").write_text("[site]\nnmae = 1\n")
        server = Server(data, port=0)
        with pytest.raises(SettingsError, match="did you mean `name`"):
            await server.start()
        (data / "settings.toml").write_text("")
        await Server.start(server := Server(data, port=0))
        await server.stop()


class TestTheEnd:
    async def test_sockets_are_told_to_come_back(self, data: Any, start_desk: Any) -> None:
        async with start_desk(data) as desk, desk.stream() as stream, desk.widget() as widget:
            await stream.until(CaughtUp)
            began = time.monotonic()
            await desk.server.stop()
            assert time.monotonic() - began < 3
            for client in (stream, widget):
                with pytest.raises(ConnectionClosed):
                    while True:
                        await client.next()
                assert client.socket.close_code in (1001, 1012)

    async def test_what_was_acknowledged_before_is_there_after(self, data: Any, start_desk: Any) -> None:
        acknowledged = []

        async def traffic(desk: Any, number: int) -> None:
            count = 0
            while True:
                count += 1
                id_ = f"{number}-{count}"
                try:
                    answer = await desk.call("track", {"anonymousId": id_, "event": "E", "messageId": id_})
                except httpx.TransportError:
                    return
                if answer.status_code != 200:
                    assert answer.status_code == 503
                    return
                acknowledged.append(id_)

        async with start_desk(data) as desk:
            tasks = [asyncio.create_task(traffic(desk, number)) for number in range(8)]
            while len(acknowledged) < 100:
                await asyncio.sleep(0.01)
            await desk.server.stop()
            await asyncio.gather(*tasks)
        async with start_desk(data) as desk:
            stored = {event.message_id for _, event in await desk.events("E")}
        assert set(acknowledged) <= stored

    @pytest.mark.slow
    async def test_sigterm_ends_the_process_in_good_order(self, make_server: Callable[..., Any]) -> None:
        server = make_server()
        await asyncio.to_thread(server.start)
        card = json.loads((server.data / "console.json").read_text())
        assert card["pid"] == server.process.pid
        began = time.monotonic()
        assert await asyncio.to_thread(server._end, signal.SIGTERM) == 0
        assert time.monotonic() - began < 3
        assert not (server.data / "console.json").exists()

    @pytest.mark.slow
    async def test_the_demo_shop_is_served_beside(
        self, make_server: Callable[..., Any], free_ports: list[int]
    ) -> None:
        server = make_server(shop_port=free_ports[0])
        await asyncio.to_thread(server.start)
        async with httpx.AsyncClient(trust_env=False) as http:
            shop = await http.get(f"{server.shop_url}/")
            assert shop.status_code == 200
            assert "widget.js" in shop.text
            headers = {"Authorization": f"Bearer {server.token}"}
            scenarios = (await http.get(f"{server.url}/api/scenarios", headers=headers)).json()
            assert {one["slug"] for one in scenarios if one["status"] == "live"} == LIVE_IN_DEMO
            assert len(scenarios) >= 7
            me = (await http.get(f"{server.url}/api/me", headers=headers)).json()
            assert (me["site"], me["site_url"]) == ("Alder & Thread", server.shop_url)


class TestOperatorsFromOutside:
    def test_without_a_server_the_database_is_opened(self, data: Path) -> None:
        token = add_operator(data, "Ann", "operator")
        assert len(token) > 40
        assert [(one.name, one.role) for one in list_operators(data)] == [("Ann", "operator")]
        with pytest.raises(Rejected, match="already"):
            add_operator(data, "Ann", "operator")
        assert remove_operator(data, "Ann") is True
        assert remove_operator(data, "Ann") is False
        assert list_operators(data) == []

    async def test_with_a_server_it_is_asked(self, desk: Any) -> None:
        token = await asyncio.to_thread(add_operator, desk.data, "Ann", "operator")
        headers = {"Authorization": f"Bearer {token}"}
        assert (await desk.http.get("/api/me", headers=headers)).json()["name"] == "Ann"
        with pytest.raises(Rejected, match="of that name"):
            await asyncio.to_thread(add_operator, desk.data, "Ann", "operator")
        names = [one.name for one in await asyncio.to_thread(list_operators, desk.data)]
        assert names == ["Owner", "Ann"]
        assert await asyncio.to_thread(remove_operator, desk.data, "Ann") is True
        assert (await desk.http.get("/api/me", headers=headers)).status_code == 401
        with pytest.raises(Rejected, match="owner"):
            await asyncio.to_thread(remove_operator, desk.data, "Owner")

    async def test_tokens_outlive_a_restart(self, data: Path, start_desk: Any) -> None:
        token = await asyncio.to_thread(add_operator, data, "Ann", "admin")
        async with start_desk(data) as desk:
            answer = await desk.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})
            assert answer.json()["role"] == "admin"

    @pytest.mark.parametrize(
        ("name", "role"), [("", "operator"), ("a" * 100, "operator"), ("\x1b[2J", "operator"), ("A", "king")]
    )
    def test_names_and_roles_are_checked(self, data: Path, name: str, role: str) -> None:
        with pytest.raises(Rejected):
            add_operator(data, name, role)


class TestTheScenarioFolder:
    async def test_a_changed_file_is_live_without_a_restart(self, desk: Any) -> None:
        path = desk.data / "scenarios" / "greeting.yaml"
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            path.write_text(path.read_text().replace("Can I help you?", "May I help you?"))
            entry = await stream.until_entry(lambda e: isinstance(e.what, ScenarioChanged))
            assert (entry.what.slug, entry.what.problems) == ("greeting", ())
        async with desk.widget() as widget:
            await widget.say("track", name="Help Wanted")
            while not isinstance(reply := await widget.next(), Welcome):
                if getattr(getattr(reply, "message", None), "text", "") == "May I help you?":
                    break

    async def test_a_broken_file_keeps_the_last_good_version_live(self, desk: Any) -> None:
        path = desk.data / "scenarios" / "greeting.yaml"
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            path.write_text(path.read_text().replace("say: Can I help you?", "sya: Can I help you?"))
            entry = await stream.until_entry(lambda e: isinstance(e.what, ScenarioChanged))
            [problem, *_] = entry.what.problems
            assert problem.line == 8
            assert "sya" in problem.text
        found = {one["slug"]: one for one in await desk.get("/api/scenarios")}
        assert found["greeting"]["problems"]
        async with desk.widget() as widget:
            await widget.say("track", name="Help Wanted")
            while getattr(getattr(await widget.next(), "message", None), "text", "") != "Can I help you?":
                continue

    def test_tests_segments_and_hidden_files_are_no_scenarios(self) -> None:
        assert is_scenario(Path("greeting.yaml"))
        assert is_scenario(Path("sales/greeting.yaml"))
        for name in ("greeting.test.yaml", ".greeting.yaml", "segments/vip.yaml", ".git/a.yaml", "a.txt"):
            assert not is_scenario(Path(name)), name

    def test_reads_good_and_broken_apart(self, data: Path) -> None:
        (data / "scenarios" / "broken.yaml").write_text("scenario: broken\n")
        (data / "scenarios" / "binary.yaml").write_bytes(b"\xff\xfe\x00")
        work = read_folder(data / "scenarios", 1)
        assert [name for name, _ in work.good] == ["bonus.yaml", "greeting.yaml"]
        assert [name for name, _ in work.broken] == ["binary.yaml", "broken.yaml"]
        assert all(problems for _, problems in work.broken)

    def test_the_library_is_copied_live_into_an_empty_folder_only(self, tmp_path: Path) -> None:
        folder = tmp_path / "scenarios"
        copied = copy_library(folder)
        work = read_folder(folder, 1)
        assert (work.broken, work.broken_segments) == ((), ())
        assert len(work.good) == len(copied) == len(library())
        assert all("status: live" in text for _, text in work.good)
        assert copy_library(folder) == []

    def test_in_the_demo_the_key_ones_are_live_and_others_wait_as_drafts(self, tmp_path: Path) -> None:
        folder = tmp_path / "scenarios"
        assert copy_library(folder, LIVE_IN_DEMO) == sorted(LIVE_IN_DEMO)
        texts = dict(read_folder(folder, 1).good)
        live = {name.removesuffix(".yaml") for name, text in texts.items() if "\nstatus: live" in text}
        starters = {name.removesuffix(".yaml") for name, text in texts.items() if "\nstarter: true" in text}
        assert live == LIVE_IN_DEMO
        assert starters - live == {"first_visit_bonus_popup"}
