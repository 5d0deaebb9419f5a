"""What works while a message is written."""

from __future__ import annotations

from operator_console.action_tables.action import Action

COMPOSER: tuple[Action, ...] = (
    Action(
        "compose.send", "Send", "Send what is written", ("enter",), "composer", "send", 1, False, changes=True
    ),
    Action(
        "compose.newline",
        "New line",
        "A new line",
        ("shift+enter", "alt+enter", "ctrl+j"),
        "composer",
        "newline",
        2,
        False,
    ),
    Action(
        "compose.note",
        "Note or message",
        "Change between a note and a message",
        ("ctrl+n",),
        "composer",
        "toggle_note",
        3,
    ),
    Action(
        "compose.attach",
        "Attach",
        "Attach a file of up to 2 MB",
        ("ctrl+o",),
        "composer",
        "attach",
        4,
        changes=True,
    ),
    Action(
        "compose.back",
        "Back",
        "Leave the composer; what is written stays",
        ("escape",),
        "composer",
        "leave",
        5,
        False,
    ),
    Action(
        "compose.older",
        "Sent before",
        "What you sent before, from the first line",
        ("up",),
        "composer",
        "older",
        0,
        False,
    ),
    Action(
        "compose.newer",
        "Sent after",
        "Forward again, from the last line",
        ("down",),
        "composer",
        "newer",
        0,
        False,
    ),
)
