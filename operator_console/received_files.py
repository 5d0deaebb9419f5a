"""Saving files whose names somebody else chose: inside the folder, over nothing, under a plain name."""

from __future__ import annotations

import os
import re
from pathlib import Path

from operator_console.safe_text import ELLIPSIS, REPLACEMENT, safe_line

MAX_NAME_BYTES = 150
"""File systems take 255; this leaves room for a number and for what a copy adds."""

_FORBIDDEN = re.compile(r'[\x00-\x1f/\\:*?"<>|~$%`]')
_WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def plain_name(foreign_name: str) -> str:
    """Return a file name that is one path component on every system, shows as it is, and is never hidden."""
    name = re.split(r"[/\\]", foreign_name)[-1]
    name = _FORBIDDEN.sub("_", safe_line(name, limit=4_096)).replace(REPLACEMENT, "_").replace(ELLIPSIS, "_")
    name = re.sub(r"\s+", " ", name).lstrip(". -").rstrip(". ")
    if _WINDOWS_DEVICE.fullmatch(name):
        name = f"_{name}"
    return _shortened(name) or "file"


def save_new(folder: Path, foreign_name: str, content: bytes, *, mode: int = 0o644) -> Path:
    """Write `content` to a new file in `folder` (made if missing) and return its path. `mode` says who may read it.

    Nothing is overwritten. Raises OSError where the folder cannot be written; a half-written file is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(plain_name(foreign_name))
    number = 1
    while True:
        path = folder / (name.name if number == 1 else f"{name.stem} ({number}){name.suffix}")
        try:
            # O_EXCL neither overwrites nor follows a link that waits there.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            number += 1
            continue
        _fill(descriptor, path, content)
        return path


def _fill(descriptor: int, path: Path, content: bytes) -> None:
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _shortened(name: str) -> str:
    """Cut the name in front of its extension, never inside of a character."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 16:
        stem, extension = name, ""
    room = MAX_NAME_BYTES - len(extension.encode()) - 1
    short = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{short}.{extension}" if extension else short
