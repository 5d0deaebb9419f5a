"""What works on the figures of a scenario, and on the visitors behind a number."""

from __future__ import annotations

from operator_console.action_tables.action import Action

FIGURES: tuple[Action, ...] = (
    Action("figures.open", "Who it was", "The visitors behind the number", ("enter",), "figures", "open", 10),
    Action("figures.down", "Down", "The number below", ("j", "down"), "figures", "move(1)", 0, False),
    Action("figures.up", "Up", "The number above", ("k", "up"), "figures", "move(-1)", 0, False),
    Action("figures.left", "Left", "The number before", ("h", "left"), "figures", "beside(-1)", 0, False),
    Action("figures.right", "Right", "The next number", ("l", "right"), "figures", "beside(1)", 0, False),
    Action(
        "figures.page_down", "Page down", "Ten numbers down", ("pagedown",), "figures", "move(10)", 0, False
    ),
    Action("figures.page_up", "Page up", "Ten numbers up", ("pageup",), "figures", "move(-10)", 0, False),
    Action("figures.top", "Top", "The first number", ("g", "home"), "figures", "move(-9999)", 0, False),
    Action("figures.bottom", "Bottom", "The last number", ("G", "end"), "figures", "move(9999)", 0, False),
    Action("figures.week", "7 days", "Figures of the last 7 days", ("1",), "figures", "period(0)", 20),
    Action("figures.month", "30 days", "Figures of the last 30 days", ("2",), "figures", "period(1)", 21),
    Action("figures.quarter", "90 days", "Figures of the last 90 days", ("3",), "figures", "period(2)", 22),
    Action("figures.year", "365 days", "Figures of the last 365 days", ("4",), "figures", "period(3)", 23),
    Action(
        "figures.ever",
        "All the time",
        "Figures since the scenario is there",
        ("5",),
        "figures",
        "period(4)",
        24,
    ),
    Action(
        "figures.version",
        "Version",
        "Figures of the version that lies on the desk alone, or of all that were published",
        ("v",),
        "figures",
        "version",
        26,
    ),
    Action("figures.reload", "Load again", "Read the figures again", ("ctrl+r",), "figures", "reload"),
    Action("figures.back", "Back", "Out of the figures", ("escape",), "figures", "back", 12, False),
)
"""What works on the figures of one scenario."""

BEHIND: tuple[Action, ...] = (
    Action("behind.why", "Why", "Why the scenario spoke to this visitor", ("W",), "behind", "why", 15),
    Action("behind.card", "Full card", "Everything about this visitor", ("c",), "behind", "card", 17),
    Action("behind.reload", "Load again", "Go on reading", ("ctrl+r",), "behind", "reload"),
    Action("behind.back", "Back", "Out of the list", ("escape",), "behind", "back", 12, False),
)
"""What works on the visitors behind a number."""
