"""Small files that belong to the console: versioned JSON, written whole or not at all, for their owner only.

A file that cannot be read is never overwritten: it is set aside under another name, and the caller is told
which.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class _Envelope(msgspec.Struct):
    version: int
    content: msgspec.Raw


@dataclass(frozen=True, slots=True)
class OwnRead(Generic[T]):
    """What a file held: None where there is none. `set_aside` names a file that could not be read."""

    content: T | None
    set_aside: Path | None = None


def read_own(path: Path, content_type: type[T], version: int = 1) -> OwnRead[T]:
    """Read what `write_own` wrote. Raises OSError where the file is there and may not be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return OwnRead(None)
    try:
        envelope = msgspec.json.decode(raw, type=_Envelope)
        if envelope.version == version:
            return OwnRead(msgspec.json.decode(envelope.content, type=content_type))
    except msgspec.DecodeError:
        pass  # broken, or of another shape: set aside below, as a file of a newer console is
    return OwnRead(None, _set_aside(path))


def write_own(path: Path, content: Any, version: int = 1) -> None:
    """Replace the file by `content`: a crash leaves the old or the new one whole. Raises OSError."""
    write_whole(path, msgspec.json.encode({"version": version, "content": content}))


def write_whole(path: Path, body: bytes) -> None:
    """Replace the file by these bytes, or leave it as it was. Only its owner may read it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    path.replace(aside)
    return aside
