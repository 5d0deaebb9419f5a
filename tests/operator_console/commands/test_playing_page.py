"""The player in a terminal: what is decided stands beside the chat where there is room; keys end it cleanly."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from operator_console.commands.playing_page import TerminalPage
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.playing.player import Player

REPO = Path(__file__).parents[3]
SHOP = """
scenario: shop
title: Shop
trigger: [{event: Go}]
steps:
  - id: menu
    say: "How can I help, {{ visitor.name | default: 'friend' }}?"
    timeout: 1d
    options: [{label: Delivery, jump: to-form}, {label: Nothing, steps: []}]
blocks:
  to-form:
    - id: form
      popup:
        size: large
        title: Where to?
        text: Tell us.
        fields: [{input: email, label: Your email, save_to: visitor.email, required: true}]
        button: {label: Send it}
      timeout: 1h
    - email: {subject: Welcome, preheader: Hi, body: "Dear **you**.\\n\\n[To the shop](https://shop.example/)"}
    - note: told
"""


@pytest.fixture
def shop() -> Player:
    scenario = read_scenario(SHOP).scenario
    assert scenario is not None
    return Player([scenario])


def shown(player: Player, capsys: pytest.CaptureFixture[str], *lines: str) -> list[str]:
    """What the last line brings to the screen."""
    page = TerminalPage(player)
    for line in lines:
        capsys.readouterr()
        page.show(player.feed(line))
    return capsys.readouterr().out.splitlines()


class TestTheScreen:
    @pytest.fixture(autouse=True)
    def _wide(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "120")

    def test_decisions_stand_beside_the_bubble_and_answers_are_numbered(self, shop, capsys) -> None:
        out = shown(shop, capsys, ":event Go")
        beside = next(line for line in out if "started: on Go" in line)
        assert beside.startswith("╭")
        assert any("How can I help, friend?" in line and "asked, 2 answers" in line for line in out)
        assert [line.split()[:2] for line in out[-2:]] == [["1", "Delivery"], ["2", "Nothing"]]

    def test_below_it_where_there_is_no_room(self, shop, capsys, monkeypatch) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        out = shown(shop, capsys, ":event Go")
        question = next(number for number, line in enumerate(out) if "How can I help" in line)
        decided = next(number for number, line in enumerate(out) if "started: on Go" in line)
        assert decided > question
        assert max(map(len, out)) <= 80

    def test_a_pop_up_is_a_box_that_says_how_it_is_sent_off(self, shop, capsys) -> None:
        out = shown(shop, capsys, ":event Go", "1")
        assert any(line.startswith("╔") and "Where to?" in line for line in out)
        assert any("Your email*" in line for line in out)
        assert any("Send it" in line for line in out)
        assert any(line.startswith("╚") and ":submit email=… · :close" in line for line in out)

    def test_an_email_is_a_panel_with_its_subject_and_body(self, shop, capsys) -> None:
        out = "\n".join(shown(shop, capsys, ":event Go", "1", ":submit email=ann@shop.example"))
        for part in (
            "email to ann@shop.example",
            "Welcome",
            "Dear you.",
            "To the shop (https://shop.example/)",
            "→ note: told",
        ):
            assert part in out

    def test_foreign_text_stays_text(self, shop, capsys) -> None:
        out = "\n".join(shown(shop, capsys, ":as name=x[red]x[/]\x1b]0;y\x07", ":event Go"))
        assert "x[red]x[/]�" in out
        assert "\x1b" not in out


class TestLeaving:
    @pytest.mark.parametrize("key", [b"\x03", b"\x04", b":quit\r"])
    def test_keys_end_it_cleanly(self, tmp_path: Path, key: bytes) -> None:
        file = tmp_path / "shop.yaml"
        file.write_text(SHOP)
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "operator_console.cli", "scenarios", "play", str(file)]
        process = subprocess.Popen(
            command, cwd=REPO, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"},
            start_new_session=True, preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(theirs)
        try:
            assert "03-02 12:00" in _read_until(ours, "›")
            assert _pressed_until_it_ends(process, ours, key) == 0
            assert "Traceback" not in _read_until(ours, "no such thing", seconds=0.2)
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def _pressed_until_it_ends(process: subprocess.Popen[bytes], fd: int, key: bytes) -> int:
    """Again where nothing comes of it: a signal between a prompt and the waiting for keys is seen with the next key."""
    for _ in range(20):
        os.write(fd, key)
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue
    return -1


def _take_terminal() -> None:
    """The terminal sends Ctrl+C only to those whose own it is; who runs the tests in the background ignores it."""
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(fd: int, wanted: str, seconds: float = 20) -> str:
    """What the terminal shows until then, or until the time is over or nobody writes any more."""
    got = b""
    end = time.monotonic() + seconds
    while wanted.encode() not in got and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                got += os.read(fd, 4096)
            except OSError:
                break
    return got.decode(errors="replace")
