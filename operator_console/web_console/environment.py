"""How the pieces call each other: the environment that a tab's console gets, and its command line."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

URL = "OPERATOR_CONSOLE_WEB_URL"
"""The desk's address."""
TOKEN = "OPERATOR_CONSOLE_TOKEN"  # noqa: S105 - the name of a variable
"""The token of the operator whose consoles these are. Not on a command line: everybody on a machine can read those."""
KEY = "OPERATOR_CONSOLE_WEB_KEY"
"""The secret of the link."""


def tab_command() -> str:
    """The shell's command for one tab's console."""
    words = [sys.executable, "-m", "operator_console.web_console.tab"]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
