"""What works on the screen of the widget's look."""

from __future__ import annotations

from operator_console.action_tables.action import Action

WIDGET_LOOK: tuple[Action, ...] = (
    Action(
        "widget_look.keep",
        "Keep the look",
        "Let the widget look so, from each visitor's next page on",
        ("ctrl+s",),
        "widget_look",
        "keep",
        5,
        is_priority=True,
        changes=True,
    ),
    Action(
        "widget_look.browser",
        "In the browser",
        "Show the widget in the browser as it would look; the page follows what is typed",
        ("ctrl+o",),
        "widget_look",
        "browser",
        10,
        is_priority=True,
    ),
    Action(
        "widget_look.back",
        "Back",
        "Back to the scenarios, after a question where something is not kept",
        ("escape",),
        "widget_look",
        "back",
        12,
        False,
    ),
)
"""What works on the screen of the widget's look."""
