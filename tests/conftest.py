"""What tests of several folders share: a real browser, and a real server in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A folder by as many processes as there are cores, two to four; a file or a test by this one, where one can look
    into it (`-s`), and pictures as well where they are taken anew."""
    named = [Path(argument.partition("::")[0]) for argument in config.args]
    if config.getoption("update_snapshots", default=False) or not all(path.is_dir() for path in named):
        return 0
    return min(max(os.cpu_count() or 1, 2), 4)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_ports() -> list[int]:
    """Ports for what must know its address before it starts."""
    return [free_port() for _ in range(3)]


@pytest.fixture(scope="session")
def browser_options() -> dict[str, Any]:
    """Options for Playwright's `chromium.launch`: the system's browser, else Playwright's own, fetched once."""
    for name in BROWSER_NAMES:
        if path := shutil.which(name):
            return {"executable_path": path, "args": BROWSER_FLAGS}
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    return {"args": BROWSER_FLAGS}


@pytest.fixture
async def browser(browser_options: dict[str, Any]) -> AsyncIterator[Any]:
    """A headless Chromium (Playwright, async)."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**browser_options)
        yield chromium
        await chromium.close()


class ServerProcess:
    """`python -m server_stub.serve` on a data folder of its own, killed and started again at will."""

    def __init__(self, data: Path, *, port: int | None = None, shop_port: int | None = None) -> None:
        self.data = data
        self.port = port or free_port()
        self.shop_port = shop_port
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def shop_url(self) -> str:
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def token(self) -> str:
        return str(json.loads((self.data / "console.json").read_text())["token"])

    @property
    def write_key(self) -> str:
        return (self.data / "write_key").read_text().strip()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "server_stub.serve",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
        ]
        if self.shop_port:
            command += ["--demo", "--shop-port", str(self.shop_port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        with httpx.Client(base_url=self.url, timeout=5, trust_env=False, verify=False) as http:
            while time.monotonic() < deadline:
                assert self.process is not None
                if self.process.poll() is not None:
                    assert self.process.stderr is not None
                    raise AssertionError(f"the server ended at once:\n{self.process.stderr.read().decode()}")
                try:
                    if http.get("/readyz").status_code == 200:
                        return
                except httpx.TransportError:
                    time.sleep(0.02)
        raise AssertionError(f"the server did not become ready within {seconds:.0f} s")

    def kill(self) -> None:
        """As a power cut would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As an operator would end it; the exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=15)
        assert self.process.stderr is not None
        self.process.stderr.close()
        self.process = None
        return code


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Starts real servers below the test's own folder, and ends them after it."""
    started: list[ServerProcess] = []

    def make(name: str = "data", **options: Any) -> ServerProcess:
        server = ServerProcess(tmp_path / name, **options)
        started.append(server)
        return server

    yield make
    for server in started:
        server.kill()


async def until(condition: Callable[[], Any], seconds: float = 30, what: str = "") -> Any:
    """The condition's first true value; fails with `what` where the deadline passes first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited {seconds:.0f} s in vain: {what or condition}")


@pytest.fixture(name="until")
def until_fixture() -> Callable[..., Any]:
    """`await until(condition, seconds, what)`: waits for a condition, never for a time."""
    return until
