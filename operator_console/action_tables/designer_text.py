"""What works in the file beside the tree of a scenario, where letters are text."""

from __future__ import annotations

from operator_console.action_tables.action import Action

TEXT: tuple[Action, ...] = (
    Action(
        "text.leave",
        "To the tree",
        "Back to the tree, to the same place",
        ("escape",),
        "text",
        "leave",
        12,
        False,
    ),
    Action(
        "text.undo",
        "Undo",
        "Take the last change back, whether it was typed or made in the tree",
        ("ctrl+z", "super+z"),
        "text",
        "undo",
        20,
        False,
        changes=True,
    ),
    Action(
        "text.redo",
        "Redo",
        "Make the change again that was taken back",
        ("ctrl+y", "ctrl+shift+z", "super+y"),
        "text",
        "redo",
        22,
        False,
        changes=True,
    ),
    Action(
        "text.next_wrong",
        "Next wrong line",
        "To the next line with an error or a warning",
        ("f8",),
        "text",
        "next_wrong",
        16,
        False,
    ),
    Action(
        "text.indent",
        "Deeper",
        "Move the line, or the selected ones, a level in",
        ("alt+right",),
        "text",
        "indent(1)",
        30,
        False,
        changes=True,
    ),
    Action(
        "text.outdent",
        "Less deep",
        "Move the line, or the selected ones, a level out",
        ("alt+left",),
        "text",
        "indent(-1)",
        0,
        False,
        changes=True,
    ),
    Action(
        "text.publish",
        "Publish what is typed",
        "Publish the scenario, after a look at what differs and who stands where",
        ("ctrl+s",),
        "text",
        "publish",
        18,
        False,
        changes=True,
    ),
)
"""In the file."""
