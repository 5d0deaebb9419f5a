"""What works in the list of visitors."""

from __future__ import annotations

from operator_console.action_tables.action import Action

VISITORS: tuple[Action, ...] = (
    Action("visitors.dialog", "Dialog", "Go to his dialog, or begin one", ("d",), "visitors", "dialog", 10),
    Action(
        "visitors.search",
        "Search",
        "Find any visitor by name, email, phone or the shop's id",
        ("slash",),
        "visitors",
        "search",
        20,
    ),
    Action(
        "visitors.segment", "Segment", "Show who is in one segment now", ("f",), "visitors", "segment", 25
    ),
    Action(
        "visitors.here",
        "On the site",
        "Show who is on the site now",
        ("1",),
        "visitors",
        "whom('here')",
        30,
    ),
    Action(
        "visitors.all",
        "Everybody",
        "Show all visitors, the latest first",
        ("2",),
        "visitors",
        "whom('all')",
        35,
    ),
    Action("visitors.blocked", "Blocked", "Show the blocked visitors", ("3",), "visitors", "whom('blocked')"),
    Action(
        "visitors.reset", "Reset filter", "Show who is on the site now", ("F",), "visitors", "reset_filter"
    ),
    Action("visitors.reload", "Load again", "Read the list again", ("ctrl+r",), "visitors", "reload"),
    Action(
        "visitors.next_pane",
        "Next pane",
        "Between the list and the card",
        ("tab", "shift+tab"),
        "visitors",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "visitors.back",
        "Back",
        "Out of the card, a search, the list",
        ("escape",),
        "visitors",
        "back",
        12,
        False,
    ),
)
