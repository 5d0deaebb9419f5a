"""The composer in a real terminal: killed while one types, and lent to an editor."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from server_stub.protocol import MessageSent

pytestmark = pytest.mark.slow

COLUMNS, LINES = 120, 36
F4 = "\x1bOS"
CTRL_X, CTRL_E = "\x18", "\x05"


class ConsoleProcess:
    """`operator-console` as a process of its own on a pseudo-terminal, with settings and drafts below `home`."""

    def __init__(self, url: str, token: str, home: Path, **environment: str) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._emulator = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        folders = {
            name: str(home / name.lower())
            for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        }
        script = "import sys; from operator_console.app import run_console; run_console(*sys.argv[1:])"
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, url, token],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, **folders, "TERM": "xterm-256color", "LANG": "C.UTF-8", **environment},
            start_new_session=True,
        )
        os.close(slave)

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def look(self) -> int:
        """Take in what the program has written; how many bytes that were."""
        taken = 0
        while select.select([self._master], [], [], 0.02)[0]:
            try:
                written = os.read(self._master, 65536)
            except OSError:
                break
            taken += len(written)
            # Private answers such as DECRQM's `$p` are no text; this emulator would print their last letter.
            self._emulator.feed(re.sub(rb"\x1b\[[?>=<][\d;]*[$ ]?[a-zA-Z]", b"", written))
        return taken

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Waits for a condition with a deadline, taking in what the program writes meanwhile."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            await asyncio.to_thread(self.look)
            if condition():
                return
        raise AssertionError(f"waited in vain for {what}:\n{self.text()}")

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in self.text(), repr(text))

    def kill(self) -> None:
        """As a power cut would end it."""
        self.process.kill()
        self.process.wait(timeout=10)
        os.close(self._master)


@pytest.fixture
async def start(served, tmp_path: Path):
    """Starts consoles of the owner, one after the other in the same home, and ends them."""
    started: list[ConsoleProcess] = []

    async def begin(**environment: str) -> ConsoleProcess:
        console = ConsoleProcess(served.url, served.server.operator_token, tmp_path / "home", **environment)
        started.append(console)
        await console.shows("Anna Petrova")
        await console.shows("Hello?")
        return console

    visitor = await served.visitor("Anna Petrova")
    await visitor.writes("Hello?")
    begin.visitor = visitor  # type: ignore[attr-defined]
    yield begin
    for console in started:
        if console.process.poll() is None:
            console.kill()


class TestDraftsSurviveACrash:
    async def test_what_was_being_typed_is_there_again_after_kill_9(self, start, tmp_path: Path) -> None:
        console = await start()
        console.type("n")
        await console.shows("only operators see it")
        console.type("half a sen")
        await console.until(lambda: _holds(tmp_path, "drafts.json", "half a sen"), "the draft on disk")
        console.kill()
        again = await start()
        await again.shows("half a sen")
        await again.shows("Note · only operators see it")

    async def test_a_message_that_was_held_goes_out_at_the_next_start_once(
        self, start, served, tmp_path: Path
    ) -> None:
        console = await start()
        console.type("r")
        console.type("On Friday")
        await console.shows("On Friday")
        console.type("\r")
        await console.until(lambda: _holds(tmp_path, "*.json", '"held"'), "the held message on disk")
        console.kill()
        [dialog] = (await served.owner.dialogs()).dialogs
        assert dialog.last_text == "Hello?"
        again = await start()
        await again.until(lambda: not _holds(tmp_path, "*.json", "On Friday"), "it to have been sent")
        entries = (await served.owner.feed(dialog.id)).entries
        texts = [entry.what.message.text for entry in entries if isinstance(entry.what, MessageSent)]
        assert texts == ["Hello?", "On Friday"]


class TestExternalEditor:
    async def test_what_is_written_is_changed_in_ones_own_editor_while_the_desk_goes_on(
        self, start, tmp_path: Path
    ) -> None:
        editor, go_on = tmp_path / "editor", tmp_path / "go on"
        editor.write_text(
            f'#!/bin/sh\ncp "$2" "{tmp_path}/seen"\nwhile [ ! -e "{go_on}" ]; do sleep 0.05; done\n'
            'printf "\\nand goodbye" >> "$2"\n'
        )
        editor.chmod(0o700)
        console = await start(VISUAL=f"'{editor}' --wait")
        console.type("r")
        console.type("Hello Anna")
        await console.shows("Hello Anna")
        console.type(F4)
        await console.until((tmp_path / "seen").exists, "the editor to begin")
        assert (tmp_path / "seen").read_text() == "Hello Anna"
        await console.until(lambda: not console.look(), "the console to be quiet")
        await start.visitor.writes("Are you there?")
        assert await asyncio.to_thread(_written_within, console, 1.0) == 0, (
            "nothing is painted over the editor"
        )
        go_on.touch()
        await console.shows("and goodbye")
        await console.shows("Are you there?")
        (tmp_path / "seen").unlink()
        console.type(CTRL_X + CTRL_E)
        await console.until((tmp_path / "seen").exists, "the editor to begin again")
        await console.until(lambda: console.text().count("and goodbye") == 2, "both lines")

    async def test_an_editor_that_fails_leaves_the_text_as_it_was(self, start) -> None:
        console = await start(VISUAL="false")
        console.type("r")
        console.type("Hello Anna")
        await console.shows("Hello Anna")
        console.type(F4)
        await console.shows("false ended with an error")
        await console.shows("Hello Anna")


def _holds(folder: Path, pattern: str, text: str) -> bool:
    """Whether a file of the console's state holds the text."""
    found = False
    for path in (folder / "home").rglob(pattern):
        try:
            found = found or text in path.read_text()
        except FileNotFoundError:
            continue  # sent and removed meanwhile
    return found


def _written_within(console: ConsoleProcess, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    written = 0
    while time.monotonic() < deadline:
        written += console.look()
    return written
