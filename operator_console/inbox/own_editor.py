"""A text changed in the operator's own editor ($VISUAL, else $EDITOR), with the console out of the way."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from operator_console.translation import _

if TYPE_CHECKING:
    from operator_console.app import OperatorApp

FALLBACK = "vi"


class EditorProblem(Exception):
    """The editor could not be used; the text says why. What was written stays as it was."""


async def edited_outside(app: OperatorApp, text: str) -> str:
    """The text after the editor has ended, without the line's end that editors put behind the last line.

    It lies in a file that only its owner may read, and that is removed afterwards. The app goes on meanwhile, without
    painting. Raises EditorProblem.
    """
    command = editor_command()
    with tempfile.TemporaryDirectory(prefix="operator-console-") as folder:
        path = Path(folder) / "message.md"
        path.write_text(text, encoding="utf-8")
        try:
            with _lent(app):
                editor = await asyncio.create_subprocess_exec(*command, str(path))
                status = await editor.wait()
        except SuspendNotSupported as error:
            raise EditorProblem(_("This terminal cannot be lent to an editor.")) from error
        except OSError as error:
            raise EditorProblem(_("{editor} could not be started.").format(editor=command[0])) from error
        if status != 0:
            told = _("{editor} ended with an error; nothing was taken over.")
            raise EditorProblem(told.format(editor=command[0]))
        return _read(path)


@contextmanager
def _lent(app: OperatorApp) -> Iterator[None]:
    """The terminal is the editor's: nothing is painted, and its Ctrl+C does not end the console."""
    with app.suspend(), app.batch_update():
        before = signal.signal(signal.SIGINT, lambda *_: None)
        app.is_lent = True
        try:
            yield
        finally:
            app.is_lent = False
            signal.signal(signal.SIGINT, before)


def editor_command() -> list[str]:
    """The editor's program with its arguments. Raises EditorProblem where the variable cannot be read."""
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or FALLBACK
    try:
        command = shlex.split(wanted)
    except ValueError as error:
        raise EditorProblem(_("$EDITOR cannot be read: {reason}.").format(reason=error)) from error
    return command or [FALLBACK]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EditorProblem(_("What the editor left cannot be read.")) from error
