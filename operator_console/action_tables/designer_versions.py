"""What works on the screen of a scenario's versions."""

from __future__ import annotations

from operator_console.action_tables.action import Action

VERSIONS: tuple[Action, ...] = (
    Action(
        "versions.go_back",
        "Go back to it",
        "Publish this version again, after a look at what differs from now",
        ("b",),
        "versions",
        "go_back",
        16,
        changes=True,
    ),
    Action(
        "versions.mark",
        "Compare with it",
        "Show the difference from this version at each other; again: from the one before each",
        ("space",),
        "versions",
        "mark",
        18,
    ),
    Action(
        "versions.next_pane",
        "Next pane",
        "Between the list and what differs",
        ("tab", "shift+tab"),
        "versions",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "versions.back",
        "Back",
        "Out of a version, out of the screen",
        ("escape",),
        "versions",
        "back",
        12,
        False,
    ),
    Action("versions.reload", "Load again", "Load the versions again", ("ctrl+r",), "versions", "reload"),
)
"""What works on the screen of a scenario's versions."""
