"""Tokens, and the server of this machine."""

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from operator_console import credentials, local_server
from operator_console.local_server import LocalServer

URL = "https://desk.example"


class MemoryKeyring(KeyringBackend):
    """A keyring as a desktop has one."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("none")


class LockedKeyring(MemoryKeyring):
    """A keyring whose owner says no."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")


@pytest.fixture
def use(own_home):
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


class TestTokens:
    def test_without_a_keyring_a_private_file_takes_them(self, use, own_home: Path) -> None:
        """Only its owner can read it."""
        use(keyring.backends.null.Keyring())
        where = Path(credentials.save_token(URL, "s3cret"))
        assert stat.S_IMODE(where.stat().st_mode) == 0o600
        assert credentials.find_token(URL) == "s3cret"
        assert credentials.find_token("https://other.example") == ""

    def test_the_keyring_is_preferred(self, use, own_home: Path) -> None:
        """Nothing is written to a file then."""
        ring = MemoryKeyring()
        use(ring)
        assert credentials.save_token(URL, "s3cret") == "the system's keyring"
        assert credentials.find_token(URL) == "s3cret"
        assert "s3cret" not in "".join(path.read_text() for path in own_home.rglob("*.json"))
        assert credentials.forget_token(URL)
        assert not credentials.forget_token(URL)

    def test_a_locked_keyring_is_no_obstacle(self, use) -> None:
        """The file takes over."""
        use(LockedKeyring())
        assert credentials.save_token(URL, "s3cret").endswith("tokens.json")
        assert credentials.find_token(URL) == "s3cret"

    def test_forgetting(self, use) -> None:
        """A token once, not twice."""
        use(keyring.backends.null.Keyring())
        credentials.save_token(URL, "x")
        assert credentials.forget_token(URL)
        assert credentials.find_token(URL) == ""
        assert not credentials.forget_token(URL)

    def test_folders_of_servers_do_not_meet(self, own_home: Path) -> None:
        """Server and operator make the name; neither leaves the folder."""
        one = credentials.state_folder(URL, "o1")
        assert one != credentials.state_folder(URL, "o2")
        assert one.parent == credentials.state_folder("https://x.example/../..", "../o").parent


def card(data: Path, url: str, pid: int, since: int = 1) -> LocalServer:
    data.mkdir(exist_ok=True)
    server = LocalServer(url=url, token="t", data=str(data), pid=pid, since=since)
    local_server.announce(server)
    return server


class TestLocalServer:
    async def test_it_is_found(self, desk, own_home: Path, tmp_path: Path) -> None:
        """Through the pointer to its card, which only the owner can read."""
        desk.answers["GET /healthz"] = (200, b"ok")
        server = card(tmp_path / "data", desk.url, os.getpid())
        found = await asyncio.to_thread(local_server.find_local)
        assert found == local_server.Found((server,), ())
        assert stat.S_IMODE((tmp_path / "data" / "console.json").stat().st_mode) == 0o600

    async def test_the_newest_comes_first(self, desk, own_home: Path, tmp_path: Path) -> None:
        """Two servers on one machine."""
        desk.answers["GET /healthz"] = (200, b"ok")
        card(tmp_path / "old", desk.url, os.getpid(), since=1)
        card(tmp_path / "new", desk.url, os.getpid(), since=2)
        found = await asyncio.to_thread(local_server.find_local)
        assert [Path(server.data).name for server in found.servers] == ["new", "old"]

    def test_one_that_was_killed_is_explained_once(self, own_home: Path, tmp_path: Path) -> None:
        """The pointer goes, and the sentence says where it was."""
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        card(tmp_path / "data", "http://127.0.0.1:1", gone.pid)
        found = local_server.find_local()
        assert found.servers == ()
        assert "ended without saying so" in found.gone[0]
        assert str(tmp_path / "data") in found.gone[0]
        assert local_server.find_local() == local_server.Found((), ())

    def test_one_whose_folder_was_deleted_has_stopped(self, own_home: Path, tmp_path: Path) -> None:
        """The pointer leads nowhere."""
        card(tmp_path / "data", "http://127.0.0.1:1", os.getpid())
        (tmp_path / "data" / "console.json").unlink()
        assert "has stopped" in local_server.find_local().gone[0]

    def test_a_server_that_stops_leaves_nothing(self, own_home: Path, tmp_path: Path) -> None:
        """Card and pointer go together."""
        card(tmp_path / "data", "http://127.0.0.1:1", os.getpid())
        local_server.withdraw(tmp_path / "data")
        assert local_server.find_local() == local_server.Found((), ())
        assert local_server.read_card(tmp_path / "data") is None
