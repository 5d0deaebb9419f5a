"""A scenario's way from the library to a server and back, by the real command as a new user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.test_demo_in_a_terminal import Terminal

pytestmark = pytest.mark.slow

COMMAND = [
    sys.executable,
    "-c",
    "import sys; from operator_console.cli import main; sys.argv[0] = 'operator-console'; main()",
]
ROOT = Path(__file__).parents[2]

WELCOME = """\
scenario: welcome
title: Writes to who left something
status: live
trigger:
  - event: Product Added
steps:
  - id: pause
    wait: 2d
  - id: letter
    email:
      subject: Still there
      body: Your cart is here.
"""
WITHOUT_PAUSE = WELCOME.replace("  - id: pause\n    wait: 2d\n", "  - id: rest\n    wait: 4d\n")


class Shell:
    """Somebody's terminal in a folder of his own: he types `operator-console scenarios …`."""

    def __init__(self, folder: Path, server: Any) -> None:
        self.folder = folder
        self.server = server
        folder.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        home = {
            name: str(self.folder / ".home")
            for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
        }
        return {
            **os.environ,
            **home,
            "PYTHONPATH": str(ROOT),
            "OPERATOR_CONSOLE_TOKEN": self.server.token,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def arguments(self, typed: str) -> list[str]:
        words = typed.split()
        at_server = words[0] in ("list", "show", "pull", "push", "diff", "why")
        return ["scenarios", *words, *(["--url", self.server.url] if at_server else [])]

    def run(self, typed: str, *, status: int = 0, given: str = "") -> str:
        """What the command printed and said; fails where it ends otherwise."""
        done = subprocess.run(
            [*COMMAND, *self.arguments(typed)],
            cwd=self.folder,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
        )
        told = done.stdout + done.stderr
        assert done.returncode == status, f"{typed}: {done.returncode}\n{told}"
        assert "Traceback" not in told
        return told

    def file(self, name: str) -> Path:
        return self.folder / "scenarios" / name

    def change(self, name: str, old: str, new: str) -> None:
        text = self.file(name).read_text()
        assert old in text
        self.file(name).write_text(text.replace(old, new))


@pytest.fixture
def server(make_server: Callable[..., Any]) -> Any:
    """A server without any scenario."""
    server = make_server("desk")
    server.start()
    return server


@pytest.fixture
def tell(server: Any) -> Callable[..., None]:
    """Tell the server an event of a customer, as a shop's back end does."""

    def send(kind: str, **message: Any) -> None:
        answer = httpx.post(f"{server.url}/v1/{kind}", auth=(server.write_key, ""), json=message)
        assert answer.status_code == 200, answer.text

    return send


@pytest.fixture
def terminal(server: Any, tmp_path: Path) -> Iterator[Callable[[Shell, str], Terminal]]:
    """A command on a pseudo-terminal, where it asks."""
    opened: list[Terminal] = []

    def open_(shell: Shell, typed: str) -> Terminal:
        for name, value in shell.environment.items():
            os.environ[name] = value
        opened.append(Terminal([*COMMAND, *shell.arguments(typed)]))
        return opened[-1]

    before = dict(os.environ)
    yield open_
    os.environ.clear()
    os.environ.update(before)
    for one in opened:
        one.close()


def test_a_scenario_goes_from_the_library_to_the_server_and_to_a_colleague(
    server: Any, tell: Callable[..., None], tmp_path: Path
) -> None:
    ann = Shell(tmp_path / "ann", server)
    assert "abandoned_cart_series" in ann.run("library")
    ann.run("new our-carts --from abandoned_cart_series")
    ann.run("new flowers --from holiday_broadcast")
    assert "0 errors, 0 warnings" in ann.run("check scenarios")
    assert "failed" not in ann.run("test scenarios")

    played = ann.run(
        "play scenarios/our-carts.yaml --as email=ann@shop.example",
        given=":event Product Added product_id=p1 name=Lamp price=1200 quantity=1 cart_id=c1\n:advance 3d\n",
    )
    assert "Your cart is waiting for you" in played

    ann.change("our-carts.yaml", "status: draft", "status: live")
    assert "nobody to ask" in ann.run("push", status=1)
    pushed = ann.run("push --yes")
    assert "our-carts  new scenario" in pushed
    assert "live: it starts at once" in pushed
    assert "bought_flowers_in_late_may: published" in pushed
    listed = json.loads(ann.run("list --json"))
    assert {one["slug"]: one["status"] for one in listed} == {"flowers": "draft", "our-carts": "live"}
    assert "Nothing differs" in ann.run("diff")

    bob = Shell(tmp_path / "bob", server)
    assert "3 files" in bob.run("pull")
    for name in ("our-carts.yaml", "flowers.yaml", "segments/bought_flowers_in_late_may.yaml"):
        assert bob.file(name).read_bytes() == ann.file(name).read_bytes()

    # Both change the same letter; whoever comes second is told, and nothing is lost.
    bob.change("our-carts.yaml", "en: Your cart is waiting for you", "en: Your cart misses you")
    told = bob.run("diff", status=1)
    assert "- Your cart is waiting for you" in told
    assert "+ Your cart misses you" in told
    bob.run("push --yes")
    ann.change("our-carts.yaml", "en: Your cart is waiting for you", "en: Do not forget your cart")
    mine = ann.file("our-carts.yaml").read_text()
    assert "somebody else has published another version" in ann.run("push --yes", status=1)
    assert "Your cart misses you" in ann.run("show our-carts")
    assert "changed here and there" in ann.run("pull", status=1)
    assert ann.file("our-carts.yaml").read_text() == mine
    assert "Your cart misses you" in ann.file("our-carts.yaml.theirs").read_text()
    ann.run("push --yes")
    assert "Do not forget your cart" in bob.run("show our-carts")

    tell("identify", userId="u17", traits={"email": "kim@shop.example"})
    lamp = {"product_id": "p1", "name": "Lamp", "price": 1200, "quantity": 1, "cart_id": "c1"}
    tell("track", userId="u17", event="Product Added", properties=lamp)
    why = ann.run("why our-carts kim@shop.example")
    assert "entered" in why
    assert "cart.items is not empty" in why
    assert "kim@shop.example" in ann.run(f"backtest scenarios/our-carts.yaml --from 1d --data {server.data}")


def test_visitors_whose_step_is_gone_are_asked_about(
    server: Any, tell: Callable[..., None], terminal: Any, tmp_path: Path
) -> None:
    ann = Shell(tmp_path / "ann", server)
    ann.file("").mkdir()
    ann.file("welcome.yaml").write_text(WELCOME)
    ann.run("push --yes")
    tell("track", userId="u17", event="Product Added", properties={"product_id": "p1"})

    ann.file("welcome.yaml").write_text(WITHOUT_PAUSE)
    assert "1 visitor stands at pause: the step is gone" in ann.run("diff", status=1)
    assert "--move welcome.pause=STEP" in ann.run("push --yes", status=1)
    assert "id: pause" in ann.run("show welcome")

    asking = terminal(ann, f"push {ann.file('')}")
    asking.until("Where do the 1 at")
    asking.type("letter\r")
    asking.until("they go on at letter")
    asking.until("Publish welcome?")
    asking.type("y\r")
    asking.until("Published: 1.")
    assert asking.ended() == 0
    assert "id: rest" in ann.run("show welcome")
