"""`serve --web-console`: the same console in a browser's tab, for who has the link and for nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from typer.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from operator_console.cli import app
from operator_console.web_console import site as site_module
from operator_console.web_console.site import Site

KEY = "the-secret-of-the-link"
SECONDS = 30.0


async def until(holds: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + SECONDS
    while not (found := holds()):
        assert time.monotonic() < deadline, f"never: {what}"
        await asyncio.sleep(0.05)
    return found


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """The site's address."""
    runner = web.AppRunner(await Site(KEY).application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
async def http(site: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site, trust_env=False) as client:
        yield client


class TestTheDoor:
    @pytest.mark.parametrize(
        "path", ["/", "/?key=", "/?key=wrong", "/ws", "/static/js/textual.js", "/page.js"]
    )
    async def test_without_the_key_there_is_nothing(self, http: httpx.AsyncClient, path: str) -> None:
        answer = await http.get(path)
        assert answer.status_code == 403
        assert "link" in answer.text

    async def test_the_link_lets_in_and_hides_its_key(self, http: httpx.AsyncClient) -> None:
        """The key becomes a cookie that no script reads, and is gone from the address."""
        answer = await http.get("/", params={"key": KEY})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        page = await http.get("/")
        assert page.status_code == 200
        assert KEY not in page.text
        assert f"ws://{http.base_url.netloc.decode()}/ws" in page.text

    async def test_the_page_loads_nothing_from_elsewhere(self, http: httpx.AsyncClient) -> None:
        await http.get("/", params={"key": KEY})
        page = await http.get("/")
        assert "https://" not in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:1", "null", None])
    async def test_a_page_of_another_site_opens_no_console(
        self, site: str, origin: str | None, http: httpx.AsyncClient
    ) -> None:
        """Also one of another port of this machine, to which the browser sends the cookie along."""
        cookie = (await http.get("/", params={"key": KEY})).headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws{site[4:]}/ws", additional_headers=headers, proxy=None):
                pass
        assert refused.value.response.status_code == 403

    async def test_more_tabs_than_the_machine_can_bear(
        self, site: str, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(site_module, "MOST_TABS", 0)
        cookie = (await http.get("/", params={"key": KEY})).headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie, "Origin": site}
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws{site[4:]}/ws", additional_headers=headers, proxy=None):
                pass
        assert refused.value.response.status_code == 503

    async def test_whether_it_lives_is_no_secret(self, http: httpx.AsyncClient) -> None:
        assert (await http.get("/healthz")).status_code == 200


class TestTheHelp:
    def test_says_who_gets_in(self) -> None:
        said = " ".join(CliRunner().invoke(app, ["serve", "--help"]).output.split())
        assert "--web-console" in said
        assert "Whoever has the link is the operator" in said
        assert "listens on this machine only" in said


# --- With a real server, and a real browser -----------------------------------------------------------------


class Serving:
    """`operator-console serve --web-console` as it is started in a terminal."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data = folder / "desk"
        self.environment = os.environ | {
            f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "CONFIG", "DATA")
        }
        words = ["operator_console.cli", "serve", "--port", "0", "--data", str(self.data)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words, "--web-console", "--web-console-port", "0", *options],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = dict(self.process.stdout.readline().split(maxsplit=1) for _ in range(4))

    @property
    def url(self) -> str:
        return self.said["address"].strip()

    @property
    def link(self) -> str:
        return self.said["console"].strip()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode

    def owner(self) -> httpx.Client:
        token = json.loads((self.data / "console.json").read_text())["token"]
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=SECONDS
        )

    async def write(self, text: str) -> str:
        """A visitor writes; the dialog."""
        async with connect(f"ws{self.url[4:]}/v1/widget", proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "key": self.said["write"].split()[1]}))
            await socket.recv()
            await socket.send(json.dumps({"type": "write", "id": "w1", "text": text}))
            while (frame := json.loads(await socket.recv()))["type"] != "ack":
                pass
            return str(frame["message"]["dialog"])


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    started = Serving(tmp_path)
    yield started
    started.stop()


def online(http: httpx.Client) -> bool:
    return any(one.get("online", False) for one in http.get("/api/operators").json())


@pytest.mark.slow
class TestInABrowser:
    async def test_an_operator_answers_from_a_tab(self, serving: Serving, browser: Any) -> None:
        dialog = await serving.write("Is the lamp in stock?")
        with serving.owner() as http:
            page = await browser.new_page(viewport={"width": 1200, "height": 800})
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            shown = shown_on(page)
            await page.goto(serving.link)
            assert page.url == serving.link.partition("?")[0]
            await page.wait_for_selector("body.-first-byte", timeout=SECONDS * 1000)
            await until(lambda: b"Is the lamp in stock?" in shown, "the dialog is shown")
            assert online(http)
            for key in ("Enter", "r"):
                await page.keyboard.press(key)
            await page.keyboard.type("Yes, three of them.")
            await page.keyboard.press("Enter")

            def answered() -> bool:
                entries = http.get(f"/api/dialogs/{dialog}/feed").json()["entries"]
                texts = [entry["what"].get("message", {}) for entry in entries]
                return any(isinstance(m, dict) and m.get("text") == "Yes, three of them." for m in texts)

            await until(answered, "the answer is in the dialog")
            await page.close()
            await until(lambda: not online(http), "the console has ended with its tab")
            assert complaints == []

    async def test_the_files_and_programs_of_the_server_are_none_of_a_tabs_business(
        self, serving: Serving, browser: Any, tmp_path: Path
    ) -> None:
        """Attaching would read the server's files, and an editor would run on it: a tab has neither."""
        await serving.write("Is the lamp in stock?")
        page = await browser.new_page(viewport={"width": 1200, "height": 800})
        shown = shown_on(page)
        await page.goto(serving.link)
        await page.wait_for_selector("body.-first-byte", timeout=SECONDS * 1000)
        await until(lambda: b"Is the lamp in stock?" in shown, "the dialog is shown")
        for key in ("Enter", "r"):
            await page.keyboard.press(key)
        for key in ("Control+O", "F4"):
            shown.clear()
            await page.keyboard.press(key)
            await until(lambda: b"programs" in shown, f"{key} is refused")
        await page.close()

    async def test_the_server_takes_the_tabs_with_it(self, serving: Serving, browser: Any) -> None:
        page = await browser.new_page()
        await page.goto(serving.link)
        await page.wait_for_selector("body.-first-byte", timeout=SECONDS * 1000)
        assert await asyncio.to_thread(serving.stop) == 0
        await page.wait_for_selector("body.-closed", timeout=SECONDS * 1000)
        assert await page.get_by_text("The console has ended.").is_visible()

    async def test_a_tab_ends_also_where_the_site_was_killed(self, serving: Serving, browser: Any) -> None:
        with serving.owner() as http:
            page = await browser.new_page()
            await page.goto(serving.link)
            await until(lambda: online(http), "the tab's operator is online")
            (site,) = children_of(serving.process.pid)
            os.kill(site, signal.SIGKILL)
            await until(lambda: not online(http), "the console has ended with its site")
            assert http.get("/healthz").status_code == 200


@pytest.mark.slow
class TestAsWhom:
    async def test_a_token_says_who_the_operator_is(self, tmp_path: Path, browser: Any) -> None:
        first = Serving(tmp_path)
        with first.owner() as http:
            answer = http.post("/api/operators", json={"name": "Ann", "role": "operator"}).json()
        link = first.link
        first.stop()
        serving = Serving(tmp_path, "--web-console-token", answer["token"])
        try:
            assert serving.link.partition("?")[2] == link.partition("?")[2], "a bookmark is good for long"
            page = await browser.new_page()
            await page.goto(serving.link)
            with serving.owner() as http:

                def who() -> list[str]:
                    return [one["name"] for one in http.get("/api/operators").json() if one.get("online")]

                assert await until(who, "somebody is online") == ["Ann"]
        finally:
            serving.stop()


def shown_on(page: Any) -> bytearray:
    """What the page's terminal is given to show, from now on: it paints on a canvas, which holds no text."""
    shown = bytearray()

    def take(payload: bytes | str) -> None:
        shown.extend(payload if isinstance(payload, bytes) else b"")

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    return shown


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in found.stdout.split()]
