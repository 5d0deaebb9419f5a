"""What works in the conversation."""

from __future__ import annotations

from operator_console.action_tables.action import Action

CONVERSATION: tuple[Action, ...] = (
    Action("feed.down", "Down", "Scroll down", ("j", "down"), "conversation", "scroll_down", 0, False),
    Action(
        "feed.up",
        "Up",
        "Scroll up; older messages load by themselves",
        ("k", "up"),
        "conversation",
        "scroll_up",
        0,
        False,
    ),
    Action(
        "feed.page_down",
        "Page down",
        "A page down",
        ("pagedown", "space"),
        "conversation",
        "page_down",
        0,
        False,
    ),
    Action("feed.page_up", "Page up", "A page up", ("pageup",), "conversation", "page_up", 0, False),
    Action(
        "feed.top",
        "Top",
        "To the oldest message that is loaded",
        ("g", "home"),
        "conversation",
        "scroll_home",
        0,
        False,
    ),
    Action(
        "feed.bottom", "Bottom", "To the newest message", ("G", "end"), "conversation", "scroll_end", 0, False
    ),
    Action("feed.write", "Write", "Write to the visitor", ("enter",), "conversation", "write", 1, False),
)
