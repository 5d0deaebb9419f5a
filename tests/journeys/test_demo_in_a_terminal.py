"""`operator-console demo` as a person starts it: in a terminal, looked at through a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest

pytestmark = pytest.mark.slow

COLUMNS, LINES = 140, 40


class Terminal:
    """A program on a pseudo-terminal, and the screen that a person would see."""

    def __init__(self, command: list[str]) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._emulator = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def look(self, seconds: float) -> bool:
        """Take in what the program writes within that time; False where it has hung up."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if ready:
            try:
                # Private answers such as DECRQM's `$p` are no text; this emulator would print their last letter.
                self._emulator.feed(
                    re.sub(rb"\x1b\[[?>=<][\d;]*[$ ]?[a-zA-Z]", b"", os.read(self._master, 65536))
                )
            except OSError:
                return False
        return True

    def until(self, what: str, seconds: float = 40) -> str:
        deadline = time.monotonic() + seconds
        while what not in self.text():
            assert time.monotonic() < deadline, f"{what!r} did not come:\n{self.text()}"
            assert self.look(0.2), f"ended without {what!r}:\n{self.text()}"
        return self.text()

    def ended(self, seconds: float = 20) -> int:
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.look(0.1)
        return self.process.wait(timeout=1)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)


@contextmanager
def demo(data: Path, port: int) -> Iterator[Terminal]:
    arguments = ["demo", "--data", str(data), "--port", str(port), "--pace", "20"]
    start = "import sys; from operator_console.cli import main; sys.argv[0] = 'operator-console'; main()"
    terminal = Terminal([sys.executable, "-c", start, *arguments])
    try:
        yield terminal
    finally:
        terminal.close()


def test_the_demo_comes_alive_is_answered_and_goes_on_with_its_data(
    tmp_path: Path, free_ports: list[int]
) -> None:
    data = tmp_path / "demo"
    with demo(data, free_ports[0]) as terminal:
        terminal.until("Alder & Thread")
        terminal.until(" waiting")
        terminal.type("u")
        terminal.until("Write to the visitor")
        terminal.type("r")
        terminal.until("send")
        terminal.type("Good evening from the terminal")
        terminal.until("Good evening from the terminal")
        terminal.type("\r")
        terminal.until("Owner")
        terminal.type("\x1b")
        terminal.look(0.5)
        terminal.type("\x11")
        assert terminal.ended() == 0
        assert "Everything is kept" in terminal.text()
    with demo(data, free_ports[0]) as terminal:
        terminal.until("Alder & Thread")
        terminal.type("1")
        terminal.until("Good evening from the")
        terminal.type("\x11")
        assert terminal.ended() == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", free_ports[0])) != 0, "the server runs on"
