"""What works in a list of rows, and while it is searched."""

from __future__ import annotations

from operator_console.action_tables.action import Action

LISTS: tuple[Action, ...] = (
    Action("list.down", "Down", "Next row", ("j", "down"), "list", "down", 0, False),
    Action("list.up", "Up", "Row before", ("k", "up"), "list", "up", 0, False),
    Action(
        "list.page_down", "Page down", "A page down", ("pagedown", "ctrl+f"), "list", "page_down", 0, False
    ),
    Action("list.page_up", "Page up", "A page up", ("pageup", "ctrl+u"), "list", "page_up", 0, False),
    Action("list.top", "Top", "To the newest row, with what is new", ("g", "home"), "list", "top", 0, False),
    Action(
        "list.bottom", "Bottom", "To the oldest row that is loaded", ("G", "end"), "list", "bottom", 0, False
    ),
    Action(
        "list.open",
        "Open",
        "Go into the conversation, or the message",
        ("enter", "l", "right"),
        "list",
        "open",
        1,
        False,
    ),
)

SEARCH: tuple[Action, ...] = (
    Action("search.all", "All messages", "Search all messages", ("enter",), "search", "submit", 1, False),
    Action("search.end", "End search", "Show everything again", ("escape",), "search", "give_up", 2, False),
)
