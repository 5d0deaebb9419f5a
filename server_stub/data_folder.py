"""The data folder: where the database, the settings, the scenarios, the files and the secrets lie.

Secrets are files that only their owner may read, made on the first start; the folder is closed to others too.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

SECRETS = ("write_key", "widget_secret", "identity_secret", "webhook_secret")
"""`write_key` stands in the shop's pages. With the others the server signs visitors' tokens, the shop its users, and
the server its webhooks."""

DATABASE = "desk.sqlite"
SETTINGS = "settings.toml"


class DataFolder:
    """Paths below one folder. Making the object makes the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        # Journal, tokens and files of visitors: nobody else's business on a shared machine.
        root.chmod(0o700)

    @property
    def database(self) -> Path:
        return self.root / DATABASE

    @property
    def settings(self) -> Path:
        return self.root / SETTINGS

    @property
    def scenarios(self) -> Path:
        return self.root / "scenarios"

    @property
    def scenario_files(self) -> Path:
        """What scenarios send and show (`file`, `image`)."""
        return self.scenarios / "files"

    @property
    def templates(self) -> Path:
        """Bodies of letters, named by `email: {template: …}` of scenarios."""
        return self.scenarios / "templates"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def console(self) -> Path:
        """Where a console on this machine finds the running server: {url, token, pid}."""
        return self.root / "console.json"

    @property
    def lock(self) -> Path:
        """Held by the process that owns the database."""
        return self.root / "server.lock"

    @property
    def owner_token(self) -> Path:
        return self.root / "owner_token"

    def secret(self, name: str) -> str:
        """The secret of that name, made where there is none yet. Raises OSError, and ValueError if it is empty."""
        path = self.root / name
        if not path.exists():
            fresh = secrets.token_hex(16) if name == "write_key" else secrets.token_urlsafe(32)
            with contextlib.suppress(FileExistsError):  # another process was first: its secret is the one
                write_private(path, fresh)
        value = path.read_text(encoding="utf-8").strip()
        if not value:
            raise ValueError(f"{path} is empty; put the secret back or delete the file for a new one.")
        return value


def write_private(path: Path, text: str) -> None:
    """Make a file that only its owner may read. Raises FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def replace_private(path: Path, text: str) -> None:
    """As `write_private`, in place of what is there; a reader sees the old or the new file, never half."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_private(fresh, text)
    fresh.replace(path)
