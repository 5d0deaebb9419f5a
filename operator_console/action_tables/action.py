"""What an action is: one line of the table, from which keys, footer, help and palette are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Place: TypeAlias = Literal[
    "inbox",
    "list",
    "dialogs",
    "search",
    "conversation",
    "composer",
    "card",
    "aside",
    "field",
    "outbox",
    "why",
    "person",
    "visitors",
    "replies",
    "scenarios",
    "library",
    "player",
    "play",
    "play_line",
    "tree",
    "versions",
    "rows",
    "figures",
    "behind",
    "launch",
    "launch_field",
    "launch_look",
    "widget_look",
    "text",
]
"""Where its keys work: everywhere in the inbox but in text fields, or only where the focus is."""
Screenwide: TypeAlias = Literal[
    "inbox",
    "outbox",
    "why",
    "person",
    "visitors",
    "replies",
    "scenarios",
    "library",
    "player",
    "tree",
    "versions",
    "launch",
    "launch_look",
    "widget_look",
    "figures",
    "behind",
]
"""The places that are a whole screen."""


@dataclass(frozen=True, slots=True)
class Action:
    """`run` is the Textual action; `keys` are Textual's names of keys; `hint` ranks it in the footer (0: not
    there).
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    place: Place
    run: str
    hint: int = 0
    is_command: bool = True
    """Whether the palette offers it. Moving a cursor is no command."""
    is_priority: bool = False
    """Whether the key works while a text field has the focus."""
    changes: bool = False
    """Whether it changes something at the desk: a console opened for reading only does not have it."""
