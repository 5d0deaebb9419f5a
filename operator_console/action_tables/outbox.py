"""What works in the outbox."""

from __future__ import annotations

from operator_console.action_tables.action import Action

OUTBOX: tuple[Action, ...] = (
    Action(
        "outbox.visitor",
        "Visitor",
        "Go to the visitor's dialog, or see his card",
        ("d",),
        "outbox",
        "visitor",
        10,
    ),
    Action(
        "outbox.why", "Why", "Show why this scenario reached the visitor", ("W",), "outbox", "why", hint=15
    ),
    Action(
        "outbox.search",
        "Search",
        "Search recipients, subjects, scenarios",
        ("slash",),
        "outbox",
        "search",
        25,
    ),
    Action(
        "outbox.status",
        "Status",
        "Only waiting, kept, sent, failed, unknown",
        ("x",),
        "outbox",
        "status",
        30,
    ),
    Action("outbox.scenario", "Scenario", "Show the rows of one scenario", ("f",), "outbox", "scenario", 35),
    Action("outbox.all", "All channels", "Show every channel", ("1",), "outbox", "channel('')"),
    Action("outbox.email", "Emails", "Show the emails", ("2",), "outbox", "channel('email')"),
    Action("outbox.push", "Pushes", "Show the web pushes", ("3",), "outbox", "channel('push')"),
    Action(
        "outbox.messenger",
        "Messages",
        "Show the messages to messengers",
        ("4",),
        "outbox",
        "channel('messenger')",
    ),
    Action("outbox.webhook", "Webhooks", "Show the webhooks", ("5",), "outbox", "channel('webhook')"),
    Action("outbox.reset", "Reset filter", "Show all rows", ("F",), "outbox", "reset_filter"),
    Action("outbox.reload", "Load again", "Read the outbox again", ("ctrl+r",), "outbox", "reload"),
    Action(
        "outbox.next_pane",
        "Next pane",
        "Between the list and what is read",
        ("tab", "shift+tab"),
        "outbox",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "outbox.back",
        "Back",
        "Out of the message, a search, the outbox",
        ("escape",),
        "outbox",
        "back",
        12,
        False,
    ),
)
