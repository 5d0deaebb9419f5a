"""What works in a list of rows; what decides which dialogs are listed, and what works on those that are marked."""

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

DIALOGS: tuple[Action, ...] = (
    Action("list.mark", "Mark", "Mark the dialog, and go down", ("space",), "dialogs", "mark", 0, False),
    Action(
        "list.mark_all",
        "Mark all",
        "Mark all that are shown, up to 500",
        ("asterisk",),
        "dialogs",
        "mark_all",
    ),
    Action("list.unmark", "Unmark", "Take every mark away", ("escape",), "dialogs", "unmark", 0, False),
)
"""In the dialog list alone: commands act on the marked dialogs."""

FILTERS: tuple[Action, ...] = (
    Action(
        "list.search", "Search", "Find dialogs, people and messages", ("slash",), "inbox", "search", hint=25
    ),
    Action("list.mine", "Mine", "Show the dialogs assigned to you", ("1",), "inbox", "whose('mine')"),
    Action(
        "list.unassigned", "Unassigned", "Show the dialogs of nobody", ("2",), "inbox", "whose('unassigned')"
    ),
    Action("list.all", "All", "Show the dialogs of everybody", ("3",), "inbox", "whose('all')"),
    Action(
        "list.mentioned",
        "Mentioned",
        "Show the dialogs in which a note calls you",
        ("4",),
        "inbox",
        "whose('mentioned')",
    ),
    Action("list.waiting", "Waiting", "Show only those who wait for a person", ("w",), "inbox", "waiting"),
    Action("list.status", "Status", "Show open, closed, snoozed dialogs, or all", ("x",), "inbox", "status"),
    Action("list.sort", "Sort", "Who waits longest first, or the newest message", ("S",), "inbox", "sort"),
    Action("list.filter", "Filter", "Only one tag, operator, priority or channel", ("f",), "inbox", "filter"),
    Action("list.reset", "Reset filter", "Show all open dialogs", ("F",), "inbox", "reset_filter"),
    Action(
        "list.saved",
        "Saved filters",
        "Show a saved list, save this one, take one away",
        ("s",),
        "inbox",
        "saved_filters",
    ),
    Action(
        "list.copy_address",
        "Copy address",
        "Copy the name of this list, to keep or to send it",
        ("Y",),
        "inbox",
        "copy_address",
    ),
    Action(
        "list.go_to_address",
        "Go to address",
        "Show the list that an address names",
        ("ctrl+g",),
        "inbox",
        "go_to_address",
    ),
)
"""Which dialogs are listed."""

SEARCH: tuple[Action, ...] = (
    Action(
        "search.open",
        "Open",
        "Open what is chosen: a dialog at that message, a person",
        ("enter",),
        "search",
        "submit",
        1,
        False,
    ),
    Action("search.next", "Next result", "Choose the one below", ("down",), "search", "choose(1)", 0, False),
    Action("search.last", "Result before", "Choose the one above", ("up",), "search", "choose(-1)", 0, False),
    Action("search.end", "End search", "Show everything again", ("escape",), "search", "give_up", 2, False),
)
