"""The stream: the journal from a number on, without a gap and without a double."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server_stub.api import consoles as consoles_module
from server_stub.api import stream as stream_module
from server_stub.protocol import CaughtUp, Entries, OperatorChanged, StartOver


async def track(desk: Any, count: int, prefix: str = "e") -> None:
    batch = [
        {"type": "track", "event": "E", "anonymousId": f"{prefix}{i % 20}", "messageId": f"{prefix}-{i}"}
        for i in range(count)
    ]
    assert (await desk.call("batch", {"batch": batch})).status_code == 200


def is_whole(seqs: list[int]) -> bool:
    return seqs == list(range(seqs[0], seqs[0] + len(seqs)))


class TestTheBacklog:
    async def test_begins_behind_after(self, desk: Any) -> None:
        await track(desk, 30)
        everything = [entry.seq for entry in await desk.entries()]
        assert everything[0] == 1
        assert is_whole(everything)
        later = [entry.seq for entry in await desk.entries(after=10)]
        assert later[: len(everything) - 10] == everything[10:]
        assert is_whole(later)

    async def test_ends_with_caught_up(self, desk: Any) -> None:
        await track(desk, 5)
        async with desk.stream(0) as stream:
            caught_up = await stream.until(CaughtUp)
            assert caught_up.seq == stream.entries[-1].seq

    async def test_without_after_there_is_none(self, desk: Any) -> None:
        await track(desk, 5)
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            assert [e for e in stream.entries if not isinstance(e.what, OperatorChanged)] == []

    async def test_an_unknown_number_means_start_over(self, desk: Any) -> None:
        async with desk.stream(10_000) as stream:
            assert (await stream.until(StartOver)).seq <= await desk.last_seq()
            with pytest.raises(ConnectionClosed):
                await stream.next()

    async def test_too_much_means_start_over(self, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stream_module, "MAX_BACKLOG", 50)
        await track(desk, 60)
        async with desk.stream(0) as stream:
            assert isinstance(await stream.next(), StartOver)

    @pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 30, "٣"])
    async def test_anything_but_a_number_is_refused(self, desk: Any, after: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with desk.stream(after):
                pass
        assert refused.value.response.status_code == 400
        assert json.loads(refused.value.response.body)["field"] == "after"


class TestLive:
    async def test_no_gap_and_no_double_while_others_write(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Consoles that come, go and resume in the middle of the traffic see every entry once."""
        monkeypatch.setattr(stream_module, "CHUNK", 7)
        writing = True

        async def write(number: int) -> None:
            count = 0
            while writing:
                count += 1
                await track(desk, 5, f"w{number}-{count}")

        async def watch() -> list[int]:
            seen: list[int] = []
            for _ in range(6):
                async with desk.stream(seen[-1] if seen else 0) as stream:
                    end = (seen[-1] if seen else 0) + 60
                    while not stream.entries or stream.entries[-1].seq < end:
                        await stream.next()
                    seen += [entry.seq for entry in stream.entries]
            return seen

        writers = [asyncio.create_task(write(number)) for number in range(3)]
        try:
            views = await asyncio.gather(*(watch() for _ in range(4)))
        finally:
            writing = False
            await asyncio.gather(*writers)
        for seen in views:
            assert seen[0] == 1
            assert is_whole(seen)

    async def test_a_commit_is_one_frame(self, desk: Any) -> None:
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            await track(desk, 100)
            frames = 0
            while len([e for e in stream.entries if not isinstance(e.what, OperatorChanged)]) < 100:
                frames += isinstance(await stream.next(), Entries)
            assert frames < 10

    async def test_says_that_it_lives_while_nothing_happens(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stream_module, "CAUGHT_UP_SECONDS", 0.2)
        async with desk.stream() as stream:
            first = await stream.until(CaughtUp)
            again = await stream.until(CaughtUp)
            assert again.seq >= first.seq

    async def test_whoever_does_not_read_is_let_go_and_resumes(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stream_module, "OUTLET_BYTES", 200_000)
        address = desk.url.removeprefix("http://")
        host, port = address.split(":")
        with socket.socket() as lazy:
            lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            await asyncio.get_running_loop().run_in_executor(None, lazy.connect, (host, int(port)))
            lazy.sendall(
                f"GET /api/stream?after=0 HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {desk.token}\r\n\r\n".encode()
            )
            async with asyncio.timeout(30), desk.stream(0) as eager:
                big = {"event": "E", "anonymousId": "a", "properties": {"text": "x" * 20_000}}
                count = 0
                while len(desk.server.app.consoles) != 1 or count < 50:
                    assert (await desk.call("track", {**big, "messageId": f"m{count}"})).status_code == 200
                    count += 1
                while len([e for e in eager.entries if e.visitor]) < count:
                    await eager.next()
        assert is_whole([entry.seq for entry in await desk.entries()])


class TestWhoMayListen:
    @pytest.mark.parametrize("token", ["wrong", "x" * 500])
    async def test_a_foreign_token_is_refused_before_the_handshake(self, desk: Any, token: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with desk.stream(token=token):
                pass
        assert refused.value.response.status_code == 401
        assert json.loads(refused.value.response.body)["error"] == "wrong_token"

    async def test_a_removed_operator_is_sent_away(self, desk: Any) -> None:
        added = await desk.http.post("/api/operators", json={"name": "Ann"}, headers=desk.auth)
        assert added.status_code == 201, added.text
        token, id_ = added.json()["token"], added.json()["operator"]["id"]
        async with desk.stream(token=token) as stream:
            await stream.until(CaughtUp)
            gone = await desk.http.delete(f"/api/operators/{id_}", headers=desk.auth)
            assert gone.status_code == 204
            with pytest.raises(ConnectionClosed):
                while True:
                    await stream.next()
            assert stream.socket.close_code == 4401
        answer = await desk.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401

    async def test_bad_frames_of_a_console_end_nothing_at_once(self, desk: Any) -> None:
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            for frame in ("{", '{"type":"typing"}', '{"type":"dance"}', '{"type":"typing","dialog":"none"}'):
                await stream.socket.send(frame)
            await track(desk, 1)
            await stream.until_entry(lambda entry: bool(entry.visitor))

    async def test_fifty_bad_frames_end_it(self, desk: Any) -> None:
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            for _ in range(50):
                await stream.socket.send("{")
            with pytest.raises(ConnectionClosed):
                while True:
                    await stream.next()
            assert stream.socket.close_code == 1008

    async def test_an_unknown_socket_is_refused(self, desk: Any) -> None:
        from websockets.asyncio.client import connect

        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws{desk.url.removeprefix('http')}/v1/other", proxy=None):
                pass
        assert refused.value.response.status_code == 404


class TestOperatorsPresence:
    async def test_comes_with_the_first_console_and_goes_with_the_last(
        self, desk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(desk.server.app.consoles, "_grace", 0.05)
        async with desk.stream() as watcher:
            await watcher.until(CaughtUp)
            added = (await desk.http.post("/api/operators", json={"name": "Ann"}, headers=desk.auth)).json()
            ann = added["operator"]["id"]
            async with desk.stream(token=added["token"]), desk.stream(token=added["token"]):
                await watcher.until_entry(lambda e: getattr(e.what, "operator", "") == ann and e.what.online)
                online = {one["id"]: one.get("online", False) for one in await desk.get("/api/operators")}
                assert online[ann] is True
            came = watcher.entries[-1].seq
            await watcher.until_entry(
                lambda e: e.seq > came and getattr(e.what, "operator", "") == ann and not e.what.online
            )
            told = [e.what.online for e in watcher.entries if getattr(e.what, "operator", "") == ann]
            assert told == [False, True, False], "added, came once, went once"

    def test_consoles_reconnect_within_the_grace(self) -> None:
        assert consoles_module.OPERATOR_GRACE >= 1
