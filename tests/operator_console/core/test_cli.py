"""The command as people call it: help, answers, exit statuses; and the server and demo as real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from operator_console.cli import app
from operator_console.commands.children import Child
from operator_console.commands.demo import is_free

COMMAND = [sys.executable, "-m", "operator_console.cli"]

GOOD = """\
scenario: hello
title: Says hello
trigger:
  - event: Session Started
steps:
  - say: Hello!
"""


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=os.environ | environment, timeout=60
    )


def within(condition: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return value


@pytest.fixture
def start(own_home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command in the background; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def card_of(data: Path) -> dict[str, Any]:
    """The card of a server that is ready, its key included."""

    def complete() -> dict[str, Any] | None:
        try:
            found = json.loads((data / "console.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found if found.get("write_key") else None

    return within(complete)


class TestHelp:
    def test_without_a_command_it_explains_itself(self) -> None:
        """The same as --help, and status 0."""
        result = CliRunner().invoke(app, [])
        assert result.exit_code == 0
        assert "operator-console demo" in result.output
        assert result.output.split() == CliRunner().invoke(app, ["--help"]).output.split()

    @pytest.mark.parametrize(
        "command",
        [
            "demo",
            "serve",
            "open",
            "doctor",
            "operators add",
            "operators list",
            "operators remove",
            "scenarios list",
            "scenarios check",
        ],
    )
    def test_every_command_has_help(self, command: str) -> None:
        """A sentence that ends with a full stop, and every option with a word on it."""
        result = CliRunner().invoke(app, [*command.split(), "--help"])
        assert result.exit_code == 0
        assert "." in result.output

    @pytest.mark.parametrize(
        "wrong", [["nonsense"], ["serve", "--port", "x"], ["serve", "--prot", "1"], ["scenarios", "check"]]
    )
    def test_wrong_use_is_status_2(self, wrong: list[str]) -> None:
        """And says how to ask for help."""
        result = CliRunner().invoke(app, wrong)
        assert result.exit_code == 2
        assert "--help" in result.output

    def test_the_version(self) -> None:
        """One line."""
        result = CliRunner().invoke(app, ["--version"])
        assert result.exit_code == 0
        assert result.output.startswith("operator-console ")

    def test_help_loads_neither_screen_nor_server(self) -> None:
        """So that it is there at once."""
        code = (
            "import sys\nfrom operator_console.cli import app\n"
            "try:\n    app(['--version'])\nexcept SystemExit:\n    pass\n"
            "unwanted = ('textual', 'litestar', 'httpx', 'server_stub.serve')\n"
            "print([name for name in unwanted if name in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


class TestOpen:
    def test_without_a_server_it_says_what_to_do(self, own_home: Path) -> None:
        """Status 1, a sentence on standard error, nothing on standard output."""
        done = call("open")
        assert (done.returncode, done.stdout) == (1, "")
        assert "No server runs on this machine." in done.stderr
        assert "operator-console demo" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_wrong_address_is_named(self, own_home: Path) -> None:
        """What is no address cannot be opened."""
        done = call("open", "ftp://x")
        assert done.returncode == 1
        assert "ftp://x" in done.stderr

    def test_without_a_token_and_a_terminal_it_explains(self, own_home: Path) -> None:
        """It does not wait for input that never comes."""
        done = call("open", "http://127.0.0.1:1")
        assert done.returncode == 1
        assert "operators add" in done.stderr

    def test_a_server_that_does_not_answer(self, own_home: Path) -> None:
        """With a token the network is tried."""
        done = call("open", "http://127.0.0.1:1", "--token", "t")
        assert done.returncode == 1
        assert "does not answer" in done.stderr


class TestScenariosCheck:
    def test_a_good_file(self, tmp_path: Path) -> None:
        """Status 0, and nothing on standard output."""
        (tmp_path / "hello.yaml").write_text(GOOD)
        done = call("scenarios", "check", str(tmp_path))
        assert (done.returncode, done.stdout) == (0, ""), done.stdout
        assert "1 file checked: 0 errors, 0 warnings." in done.stderr

    def test_mistakes_are_placed(self, tmp_path: Path) -> None:
        """File, line and column, as editors read them; status 1."""
        path = tmp_path / "hello.yaml"
        path.write_text(GOOD.replace("  - say: Hello!", "  - sya: Hello!"))
        done = call("scenarios", "check", str(path))
        assert done.returncode == 1
        assert f"{path}:6:" in done.stdout
        assert "error" in done.stdout

    def test_as_json(self, tmp_path: Path) -> None:
        """For programs."""
        (tmp_path / "hello.yaml").write_text(GOOD.replace("event:", "evnt:"))
        done = call("scenarios", "check", str(tmp_path), "--json")
        problems = json.loads(done.stdout)
        assert problems[0]["line"] == 4
        assert {"file", "column", "severity", "message", "hint"} <= problems[0].keys()

    def test_no_such_file(self, tmp_path: Path) -> None:
        """Neither a missing file nor an empty folder passes for a good one."""
        assert call("scenarios", "check", str(tmp_path / "none.yaml")).returncode == 1
        assert call("scenarios", "check", str(tmp_path)).returncode == 1

    def test_hostile_names_do_not_reach_the_terminal(self, tmp_path: Path) -> None:
        """A key with an escape sequence is shown without it."""
        (tmp_path / "x.yaml").write_text('"\\e]0;owned\\a": 1\n' + GOOD)
        done = call("scenarios", "check", str(tmp_path))
        assert done.returncode == 1
        assert "\x1b" not in done.stdout + done.stderr


class TestDoctor:
    def test_a_healthy_machine(self, own_home: Path, tmp_path: Path) -> None:
        """Every line is ok or says what to do."""
        done = call("doctor", "--data", str(tmp_path / "new"))
        assert done.returncode == 0, done.stdout
        assert all(line[:4].strip() in ("ok", "warn", "") for line in done.stdout.splitlines())
        assert not (tmp_path / "new").exists()

    def test_a_port_that_is_taken(self, own_home: Path) -> None:
        """A warning with another one to try."""
        with socket.create_server(("127.0.0.1", 0)) as bound:
            port = bound.getsockname()[1]
            findings = json.loads(call("doctor", "--port", str(port), "--json").stdout)
        [finding] = [one for one in findings if one["what"] == "Port"]
        assert finding["result"] == "warn"
        assert "--port" in finding["advice"]

    def test_a_server_that_does_not_answer(self, own_home: Path) -> None:
        """Fails, with status 1."""
        done = call("doctor", "--url", "http://127.0.0.1:1")
        assert done.returncode == 1
        assert "fail  Server" in done.stdout

    def test_a_folder_that_is_a_file(self, own_home: Path, tmp_path: Path) -> None:
        """Is named."""
        (tmp_path / "file").touch()
        done = call("doctor", "--data", str(tmp_path / "file"))
        assert done.returncode == 1
        assert "fail  Data folder" in done.stdout


class TestChild:
    def script(self, folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> Child:
        (folder / "some_child.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(folder))
        return Child("some_child", ["a"], folder / "logs" / "child.log")

    def test_it_ends_with_its_input(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Asked nicely, and what it said is in its log."""
        child = self.script(
            tmp_path, "import sys; print('ready', flush=True); sys.stdin.read(); print('bye')", monkeypatch
        )
        within(lambda: child.last_words() == "ready")
        child.stop()
        assert child.has_ended
        assert child.last_words() == "ready\nbye"

    def test_one_that_does_not_listen_is_ended(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """By SIGTERM, and at last by SIGKILL."""
        monkeypatch.setattr("operator_console.commands.children.STOP_WITHIN", 0.2)
        code = (
            "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
        )
        child = self.script(tmp_path, code, monkeypatch)
        within(lambda: child.last_words() == "up")
        child.stop()
        assert child.has_ended

    def test_only_this_start_counts(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last words are not those of yesterday's child."""
        for word in ("one", "two"):
            child = self.script(tmp_path, f"print('{word}')", monkeypatch)
            child.stop()
            assert child.last_words() == word


@pytest.mark.slow
class TestServe:
    def test_it_prints_what_a_shop_needs_and_stops_in_order(
        self, start, own_home: Path, tmp_path: Path
    ) -> None:
        """Address, key and snippet on standard output; Ctrl+C ends it with status 0 and leaves no card."""
        data = tmp_path / "data"
        server = start("serve", "--port", "0", "--data", str(data))
        card = card_of(data)
        assert httpx.get(f"{card['url']}/readyz").is_success
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=15)
        assert server.returncode == 0, err
        assert card["url"] in out
        assert f'data-key="{card["write_key"]}"' in out
        assert "Everything is kept" in err
        assert not (data / "console.json").exists()

    def test_operators_while_it_runs_and_while_it_does_not(
        self, start, own_home: Path, tmp_path: Path
    ) -> None:
        """Added, listed as JSON, signed in, removed."""
        data = tmp_path / "data"
        server = start("serve", "--port", "0", "--data", str(data))
        card = card_of(data)
        added = call("operators", "add", "Ann")
        assert added.returncode == 0, added.stderr
        token = added.stdout.strip()
        me = httpx.get(f"{card['url']}/api/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert me["name"] == "Ann"
        again = call("operators", "add", "Ann")
        assert again.returncode == 1
        assert again.stdout == ""
        assert json.loads(call("scenarios", "list", "--json").stdout) == []
        server.send_signal(signal.SIGTERM)
        assert server.wait(15) == 0
        listed = json.loads(call("operators", "list", "--json", "--data", str(data)).stdout)
        assert "Ann" in [operator["name"] for operator in listed]
        assert call("operators", "remove", "Ann", "--data", str(data)).returncode == 0
        assert call("operators", "remove", "Ann", "--data", str(data)).returncode == 1
        assert call("operators", "list", "--data", str(tmp_path / "none")).returncode == 1

    def test_two_on_one_folder_and_on_one_port(self, start, own_home: Path, tmp_path: Path) -> None:
        """The second is told where the first is, or which port to try."""
        data = tmp_path / "data"
        start("serve", "--port", "0", "--data", str(data))
        card = card_of(data)
        same_folder = call("serve", "--port", "0", "--data", str(data))
        assert same_folder.returncode == 1
        assert card["url"] in same_folder.stderr
        port = card["url"].rpartition(":")[2]
        same_port = call("serve", "--port", port, "--data", str(tmp_path / "other"))
        assert same_port.returncode == 1
        assert "--port" in same_port.stderr
        assert "Traceback" not in same_port.stderr

    def test_settings_with_a_mistake(self, own_home: Path, tmp_path: Path) -> None:
        """The line of the file is named."""
        (tmp_path / "settings.toml").write_text("[site]\nnmae = 'x'\n")
        done = call("serve", "--port", "0", "--data", str(tmp_path))
        assert done.returncode == 1
        assert "settings.toml:2" in done.stderr


@pytest.mark.slow
class TestDemo:
    def test_without_a_terminal_it_prints_the_addresses(self, start, own_home: Path, tmp_path: Path) -> None:
        """Shop, server and key; visitors come; SIGTERM stops all of it; a second start goes on."""
        data = tmp_path / "demo"
        dialogs = [self.run_once(start, data), self.run_once(start, data)]
        assert dialogs[0] >= 1
        assert dialogs[1] >= dialogs[0]

    def run_once(self, start, data: Path) -> int:
        demo = start("demo", "--port", "0", "--data", str(data), "--pace", "20")
        card = card_of(data)
        headers = {"Authorization": f"Bearer {card['token']}"}
        assert httpx.get(card["shop_url"]).is_success

        def total() -> int:
            return int(httpx.get(f"{card['url']}/api/dialogs", headers=headers).json().get("total", 0))

        dialogs = within(total)
        # At a second start there are dialogs before the demo has come to print.
        first_line = demo.stdout.readline()
        demo.send_signal(signal.SIGTERM)
        _, err = demo.communicate(timeout=30)
        assert demo.returncode == 128 + signal.SIGTERM, err
        assert card["shop_url"] in first_line
        assert str(data) in err
        self.assert_all_gone(card)
        return dialogs

    def test_a_killed_demo_leaves_nothing_running(self, start, own_home: Path, tmp_path: Path) -> None:
        """Even after SIGKILL the server and the visitors end by themselves."""
        data = tmp_path / "demo"
        demo = start("demo", "--port", "0", "--data", str(data))
        card = card_of(data)
        demo.kill()
        self.assert_all_gone(card)

    def test_the_port_that_was_asked_for_is_taken(self, own_home: Path, tmp_path: Path) -> None:
        """Another one is proposed, and it is free."""
        with socket.create_server(("127.0.0.1", 0)) as bound:
            port = bound.getsockname()[1]
            done = call("demo", "--port", str(port), "--data", str(tmp_path / "demo"))
        assert done.returncode == 1
        assert f"Port {port} is taken" in done.stderr
        proposed = int(done.stderr.partition("Try --port ")[2].partition(".")[0])
        assert is_free(proposed)

    def test_a_server_that_cannot_start_is_explained(self, own_home: Path, tmp_path: Path) -> None:
        """In the words of its log."""
        (tmp_path / "settings.toml").write_text("[site]\nnmae = 'x'\n")
        done = call("demo", "--port", "0", "--data", str(tmp_path))
        assert done.returncode == 1
        assert "settings.toml:2" in done.stderr
        assert "server.log" in done.stderr

    def assert_all_gone(self, card: dict[str, Any]) -> None:
        port = int(card["url"].rpartition(":")[2])
        within(lambda: is_free(port))
        within(lambda: not _lives(card["pid"]))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
