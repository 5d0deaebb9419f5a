"""What works while a scenario of the library is launched: on its conditions, in their fields, on its messages."""

from __future__ import annotations

from operator_console.action_tables.action import Action

LAUNCH: tuple[Action, ...] = (
    Action(
        "launch.next",
        "Go on",
        "To the messages, and how they look",
        ("ctrl+s", "enter"),
        "launch",
        "next",
        10,
        False,
    ),
    Action(
        "launch.again",
        "Ask again",
        "Ask once more whom it would reach",
        ("ctrl+r",),
        "launch",
        "again",
        20,
        is_priority=True,
    ),
    Action(
        "launch.back",
        "Back",
        "To the library; what was set is kept",
        ("escape",),
        "launch",
        "back",
        12,
        False,
        True,
    ),
)
LAUNCH_FIELD: tuple[Action, ...] = (
    Action(
        "launch_field.next",
        "Go on",
        "As it stands, it is right",
        ("enter",),
        "launch_field",
        "submit",
        5,
        False,
    ),
    Action(
        "launch_field.below",
        "Field below",
        "To the field below",
        ("down",),
        "launch_field",
        "go(1)",
        0,
        False,
    ),
    Action(
        "launch_field.above", "Field above", "To the field above", ("up",), "launch_field", "go(-1)", 0, False
    ),
)
LAUNCH_LOOK: tuple[Action, ...] = (
    Action(
        "launch_look.edit",
        "Edit",
        "Edit the texts of the message",
        ("e",),
        "launch_look",
        "edit",
        20,
        changes=True,
    ),
    Action(
        "launch_look.next",
        "Launch it",
        "See what will happen, and launch it or keep it as a draft",
        ("L", "ctrl+s"),
        "launch_look",
        "next",
        10,
        changes=True,
    ),
    Action(
        "launch_look.browser",
        "In the browser",
        "Show the message as a real page, which follows the cursor and each change",
        ("w",),
        "launch_look",
        "browser",
        30,
    ),
    Action(
        "launch_look.next_pane",
        "Next pane",
        "Between the messages and how they look",
        ("tab", "shift+tab"),
        "launch_look",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "launch_look.back",
        "Back",
        "To the conditions",
        ("escape",),
        "launch_look",
        "back",
        12,
        False,
    ),
)
