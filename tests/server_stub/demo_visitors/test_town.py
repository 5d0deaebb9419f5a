"""Who comes when: the first guests, the rhythm, the memory."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from server_stub.demo_visitors.connection import RefusedAtTheDoorError
from server_stub.demo_visitors.town import FIRST_GUESTS, MOST_AT_ONCE, Town

PACE = 3_000.0


class Door:
    """Notes who comes; visits last as long as the test wants."""

    def __init__(self, stay: bool = False) -> None:
        self.came: list[tuple[str, str]] = []
        self.stay = stay
        self.inside = 0
        self.most = 0

    async def come(self, person, life) -> None:
        self.came.append((person.name, person.character))
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            if self.stay:
                await asyncio.Event().wait()
            person.token = person.token or f"t{len(self.came)}.s"
            person.visits += 1
        finally:
            self.inside -= 1


async def live(town: Town, until) -> None:
    living = asyncio.create_task(town.live())
    while not until() and not living.done():
        await asyncio.sleep(0.002)
    living.cancel()
    try:
        await living
    except asyncio.CancelledError:
        return


class TestArrivals:
    async def test_a_handful_comes_at_once(self) -> None:
        """The first guests are of every kind, so that the console is alive."""
        door = Door()
        await live(Town(door.come, seed=1, pace=PACE), lambda: len(door.came) >= 6)
        expected = [character for _, character, _ in FIRST_GUESTS]
        assert [character for _, character in door.came[:6]] == expected
        assert FIRST_GUESTS[-1][0] <= 10

    async def test_the_same_seed_brings_the_same_people(self) -> None:
        """Name by name."""
        doors = [Door(), Door(), Door()]
        for door, seed in zip(doors, (1, 1, 2), strict=True):
            await live(Town(door.come, seed=seed, pace=PACE), lambda door=door: len(door.came) >= 20)
        first, again, other = (door.came[:20] for door in doors)
        assert first == again
        assert first != other

    async def test_the_shop_is_never_crowded(self) -> None:
        """However long they stay."""
        door = Door(stay=True)
        town = Town(door.come, seed=1, pace=50_000)
        await live(town, lambda: len(town._memory.people) >= MOST_AT_ONCE)
        assert door.most == MOST_AT_ONCE
        assert door.inside == 0

    async def test_a_wrong_key_ends_the_town(self) -> None:
        """The first refusal is the last."""

        async def come(person, life) -> None:
            raise RefusedAtTheDoorError("no")

        with pytest.raises(RefusedAtTheDoorError):
            await asyncio.wait_for(Town(come, seed=1, pace=PACE).live(), 5)

    async def test_one_broken_visit_is_no_others_business(self, caplog) -> None:
        """It is logged, and the next one comes."""
        door = Door()

        async def come(person, life) -> None:
            await door.come(person, life)
            if len(door.came) == 1:
                raise ValueError("a mistake")

        await live(Town(come, seed=1, pace=PACE), lambda: len(door.came) >= 4)
        assert "a visit broke off" in caplog.text


class TestMemory:
    async def test_people_come_back_after_a_new_start(self, tmp_path: Path) -> None:
        """With their tokens; and the second start brings new names, not the first one's again."""
        path = tmp_path / "visitors.json"
        first, second = Door(), Door()
        await live(Town(first.come, seed=1, pace=PACE, memory=path), lambda: len(first.came) >= 10)
        assert json.loads(path.read_text())["starts"] == 1
        await live(Town(second.come, seed=1, pace=PACE, memory=path), lambda: len(second.came) >= 40)
        assert {name for name, _ in first.came} & {name for name, _ in second.came}
        assert first.came[:6] != second.came[:6]
        assert any(person["visits"] > 1 for person in json.loads(path.read_text())["people"])

    async def test_a_broken_memory_is_set_aside(self, tmp_path: Path) -> None:
        """Everybody is new then."""
        path = tmp_path / "visitors.json"
        path.write_text("{")
        door = Door()
        await live(Town(door.come, seed=1, pace=PACE, memory=path), lambda: door.came)
        assert (tmp_path / "visitors.broken").read_text() == "{"


class TestProcess:
    async def test_it_ends_with_its_input(self, desk, tmp_path: Path, wait_until) -> None:
        """The parent's death ends it; what it learnt is kept."""
        memory = tmp_path / "memory.json"
        command = [
            sys.executable,
            "-m",
            "server_stub.demo_visitors",
            "--url",
            desk.url,
            "--shop",
            "http://shop.example",
        ]
        command += ["--key", "wk", "--memory", str(memory), "--pace", "50"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            await wait_until(lambda: len({frame.id.partition("-")[0] for frame in desk.frames}) >= 3)
            process.stdin.close()
            await wait_until(lambda: process.poll() is not None)
            assert process.returncode == 0
            assert process.stderr.read() == b""
            assert len(json.loads(memory.read_text())["people"]) >= 3
        finally:
            process.kill()
            process.wait()
            process.stderr.close()

    async def test_a_wrong_key_is_told(self, desk, wait_until) -> None:
        """Status 1 and the server's words."""
        command = [
            sys.executable,
            "-m",
            "server_stub.demo_visitors",
            "--url",
            desk.url,
            "--shop",
            "http://s.example",
        ]
        process = await asyncio.create_subprocess_exec(
            *command, "--key", "wrong", stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(10):
            said = await process.stderr.read()
            assert await process.wait() == 1
        assert b"refused the write key: Not this one." in said
        process.stdin.close()
