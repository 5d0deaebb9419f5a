"""A folder of scenario files that belongs to a server's: what was pulled when, so that nothing is overwritten unseen.

`.desk.json` in the folder remembers, for each file, which text of the server it was made from (its `base`) and how the
local text looked then. From these follows who has changed a file since: nobody, we, they, or both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from msgspec import Struct

from operator_console.client import FileKind
from operator_console.errors import FileProblem
from operator_console.own_files import read_own, write_own
from server_stub.protocol import Problem, ScenarioFile

MEMORY = ".desk.json"
THEIRS = ".theirs"
"""Ending of a server's text beside a local file that was changed, too. No scenario: its name does not end in .yaml."""

Pulled: TypeAlias = Literal["new", "updated", "same", "ours", "both"]


class _Known(Struct):
    base: str
    text_hash: str


class _Memory(Struct):
    url: str
    files: dict[str, _Known]


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A scenario or segment of the folder. `base` is empty where it was never pulled."""

    kind: FileKind
    slug: str
    path: Path
    text: str
    base: str


class WorkingCopy:
    """`folder` need not exist yet. Raises FileProblem where it belongs to another server, or its memory is broken."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        found = read_own(folder / MEMORY, _Memory)
        if found.set_aside is not None:
            detail = f"{folder / MEMORY} cannot be read. It was set aside as {found.set_aside.name}."
            raise FileProblem(Problem("unreadable", detail, hint="Pull again: files that differ are kept."))
        self._memory = found.content or _Memory(url, {})
        if self._memory.url != url:
            detail = f"{folder} was pulled from {self._memory.url}, not from {url}."
            hint = f"Take another folder, or delete {folder / MEMORY} if the server has moved."
            raise FileProblem(Problem("another_server", detail, hint=hint))

    def files(self, only: Path | None = None) -> Iterator[LocalFile]:
        """All scenarios and segments of the folder, or of one file or folder in it. Raises OSError."""
        inside = (
            [only] if only is not None and only.is_file() else sorted((only or self.folder).rglob("*.yaml"))
        )
        for path in inside:
            local = self._local(path)
            if local is not None:
                yield local

    def pull(self, kind: FileKind, remote: ScenarioFile, *, force: bool = False) -> tuple[Path, Pulled]:
        """Bring one text of the server into the folder; answers where it lies now, and what was done.

        `both`: the local text was changed, too; it stays, and the server's lies beside it, its name ending in THEIRS.
        Raises OSError.
        """
        path, done = self.outlook(kind, remote, force=force)
        if done == "ours":
            return path, done
        if done != "same":
            _write(path, remote.text)
        self.remember(kind, remote.slug, remote.base, remote.text)
        return path, done

    def outlook(self, kind: FileKind, remote: ScenarioFile, *, force: bool = False) -> tuple[Path, Pulled]:
        """What `pull` would do, and where the server's text would lie. Raises OSError."""
        path = self._path_of(kind, remote)
        known = self._memory.files.get(_key(kind, remote.slug))
        ours = _read(path)
        if ours == remote.text:
            return path, "same"
        if ours is None or force or (known is not None and known.text_hash == _hash(ours)):
            return path, "new" if ours is None else "updated"
        if known is not None and known.base == remote.base:
            return path, "ours"
        return path.with_name(path.name + THEIRS), "both"

    def remember(self, kind: FileKind, slug: str, base: str, text: str) -> None:
        """What lies on the server is this text, and whoever works here has seen it. `save` keeps it."""
        self._memory.files[_key(kind, slug)] = _Known(base, _hash(text))

    def save(self) -> None:
        """Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_own(self.folder / MEMORY, self._memory)

    def _local(self, path: Path) -> LocalFile | None:
        relative = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or path.name.endswith(".test.yaml") or relative.parts[0] in ("files", "templates"):
            return None
        kind: FileKind = "segment" if path.parent.name == "segments" else "scenario"
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        slug = _slug_in(text, kind) or path.stem
        known = self._memory.files.get(_key(kind, slug))
        return LocalFile(kind, slug, path, text, known.base if known else "")

    def _path_of(self, kind: FileKind, remote: ScenarioFile) -> Path:
        """Where the slug's file lies here already, else where the server has it, within the folder in any case."""
        here = next(
            (local.path for local in self.files() if (local.kind, local.slug) == (kind, remote.slug)), None
        )
        if here is not None:
            return here
        parts = [part for part in PurePosixPath(remote.file).parts if part not in ("/", "..", ".")]
        if not parts or not parts[-1].endswith(".yaml"):
            parts = ["segments"] * (kind == "segment") + [f"{remote.slug}.yaml"]
        return self.folder.joinpath(*parts)


def _slug_in(text: str, kind: FileKind) -> str:
    """The slug that the text names: files may be named with `_` where the slug has `-`."""
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon and key == kind:
            return value.partition("#")[0].strip().strip("'\"")
    return ""


def _key(kind: FileKind, slug: str) -> str:
    return f"{kind}:{slug}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
