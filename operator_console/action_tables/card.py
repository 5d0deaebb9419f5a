"""What works in the visitor card, and while one of its fields is edited."""

from __future__ import annotations

from operator_console.action_tables.action import Action

CARD: tuple[Action, ...] = (
    Action(
        "card.down",
        "Down",
        "Scroll down; older events load by themselves",
        ("j", "down"),
        "card",
        "scroll_down",
        0,
        False,
    ),
    Action("card.up", "Up", "Scroll up", ("k", "up"), "card", "scroll_up", 0, False),
    Action(
        "card.page_down", "Page down", "A page down", ("pagedown", "space"), "card", "page_down", 0, False
    ),
    Action("card.page_up", "Page up", "A page up", ("pageup",), "card", "page_up", 0, False),
    Action("card.top", "Top", "To the top", ("g", "home"), "card", "scroll_home", 0, False),
    Action("card.bottom", "Bottom", "To the end", ("G", "end"), "card", "scroll_end", 0, False),
)

FIELD: tuple[Action, ...] = (
    Action("field.keep", "Keep", "Keep what is written", ("enter",), "field", "submit", 1, False),
    Action("field.forget", "Forget", "What stood there before", ("escape",), "field", "forget", 2, False),
)
