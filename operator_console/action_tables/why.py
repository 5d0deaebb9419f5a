"""What works on the screen that answers why."""

from __future__ import annotations

from operator_console.action_tables.action import Action

WHY: tuple[Action, ...] = (
    Action(
        "why.reload",
        "Ask again",
        "Ask again, with what has happened since",
        ("ctrl+r",),
        "why",
        "reload",
        30,
    ),
    Action(
        "why.next_pane",
        "Next pane",
        "Between the scenarios and the answer",
        ("tab", "shift+tab"),
        "why",
        "next_pane",
        0,
        False,
        True,
    ),
    Action("why.back", "Back", "Back to the scenarios, and out", ("escape",), "why", "back", 12, False),
)
