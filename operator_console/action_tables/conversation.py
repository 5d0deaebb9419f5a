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
    Action(
        "feed.write",
        "Write",
        "Write to the visitor, or open what is in the selected message",
        ("enter",),
        "conversation",
        "write",
        1,
        False,
    ),
    Action(
        "message.edit",
        "Edit",
        "Change the selected message, if it is yours",
        ("E",),
        "conversation",
        "edit_message",
        is_command=False,
        changes=True,
    ),
    Action(
        "message.delete",
        "Delete",
        "Take the selected message away, if it is yours",
        ("D",),
        "conversation",
        "delete_message",
        is_command=False,
        changes=True,
    ),
    Action(
        "message.copy",
        "Copy",
        "Copy the text of the selected message",
        ("y",),
        "conversation",
        "copy_message",
        is_command=False,
    ),
)
