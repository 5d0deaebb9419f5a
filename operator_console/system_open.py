"""Opening a saved file, or an address of the desk, with the program that this computer has for it: a fixed command
line, never a shell.

A stranger chose the file's name and its content. So only documents, pictures, sound and films are handed over; whatever
the system might run instead of showing it stays where it was saved.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from operator_console.errors import FileProblem
from operator_console.translation import _
from server_stub.protocol import Problem

SHOWN = frozenset(
    (
        *("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "heic", "avif"),
        *("pdf", "txt", "csv", "tsv", "md", "log", "rtf"),
        *("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "pages", "numbers", "key"),
        *("mp3", "m4a", "ogg", "wav", "flac", "mp4", "mov", "webm", "mkv", "avi"),
    )
)
"""Endings of files that programs show. No HTML, SVG, archives or shortcuts: they may do more."""


DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
"""One of these says that there is a screen, or a program that reaches one."""


def is_shown(name: str) -> bool:
    """Whether a file of that name is one that a program only shows."""
    return Path(name).suffix.lower().lstrip(".") in SHOWN


async def open_with_system(path: Path) -> None:
    """Open a saved file. Raises `FileProblem` where it must not, or cannot, be opened."""
    if not is_shown(path.name):
        detail = _("{name} may be a program: it was saved, and is not opened from here.").format(
            name=path.name
        )
        raise FileProblem(Problem("not_opened", detail))
    try:
        await asyncio.to_thread(_start, path)
    except OSError as error:
        detail = _("{name} cannot be opened: {reason}").format(name=path.name, reason=error.strerror or error)
        raise FileProblem(Problem("not_opened", detail)) from error


async def open_address(address: str) -> None:
    """Open an address of the web in the browser. Raises `FileProblem` where it is none, there is no program for it, or
    nothing on which a browser could show itself, as in a session over ssh.

    The program is started apart from the terminal: a browser that runs in one would write over the console.
    """
    if not address.startswith(("http://", "https://")):
        detail = _("{address} is no address of the web.").format(address=address)
        raise FileProblem(Problem("not_opened", detail))
    if sys.platform not in ("win32", "darwin") and not any(os.environ.get(name) for name in DISPLAYS):
        raise FileProblem(
            Problem("not_opened", _("There is no display here on which a browser could be seen."))
        )
    try:
        await asyncio.to_thread(_start, address)
    except OSError as error:
        detail = _("{name} cannot be opened: {reason}").format(name=address, reason=error.strerror or error)
        raise FileProblem(Problem("not_opened", detail)) from error


def _start(what: Path | str) -> None:
    """A path, or an address of the web."""
    if isinstance(what, Path):
        what = what.resolve()  # absolute: no name begins like an option
    if sys.platform == "win32":
        os.startfile(what)  # noqa: S606  a document or an address, as checked above
        return
    program = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if program is None:
        raise FileNotFoundError(2, _("there is no program for that on this computer"))
    process = subprocess.Popen(  # noqa: S603  one argument, a path of ours or an address
        [program, str(what)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # It may run for as long as the document is open; somebody has to take its exit status.
    threading.Thread(target=process.wait, name="opened file", daemon=True).start()
