"""What works everywhere in the inbox, but in text fields."""

from __future__ import annotations

from operator_console.action_tables.action import Action

EVERYWHERE: tuple[Action, ...] = (
    Action("dialog.reply", "Reply", "Write to the visitor", ("r",), "inbox", "reply", hint=10, changes=True),
    Action(
        "dialog.note",
        "Note",
        "Write a note that only operators see",
        ("n",),
        "inbox",
        "note",
        hint=30,
        changes=True,
    ),
    Action(
        "dialog.close",
        "Close",
        "Close the dialog, or open a closed one again",
        ("c",),
        "inbox",
        "close",
        40,
        changes=True,
    ),
    Action(
        "dialog.take", "Take", "Assign the dialog to yourself", ("a",), "inbox", "take", hint=20, changes=True
    ),
    Action(
        "dialog.assign",
        "Assign to…",
        "Give the dialog to another operator",
        ("A",),
        "inbox",
        "assign",
        changes=True,
    ),
    Action(
        "dialog.tag",
        "Tags",
        "Add or remove tags of the dialog",
        ("t",),
        "inbox",
        "tags",
        hint=50,
        changes=True,
    ),
    Action(
        "dialog.take_back",
        "Take back",
        "Take the text of a refused message back",
        ("b",),
        "inbox",
        "take_back",
        changes=True,
    ),
    Action("dialog.history", "History", "Show all dialogs with this visitor", ("h",), "inbox", "history", 60),
    Action("dialog.next", "Next waiting", "Go to whoever waits longest", ("u",), "inbox", "next", hint=15),
    Action(
        "visitor.edit",
        "Edit card",
        "Change name, email or phone",
        ("e",),
        "inbox",
        "edit_card",
        hint=70,
        changes=True,
    ),
    Action(
        "visitor.property",
        "Set a property",
        "Set or remove a property of the visitor",
        ("p",),
        "inbox",
        "property",
        changes=True,
    ),
    Action(
        "visitor.tag",
        "Visitor's tags",
        "Add or remove tags of the visitor",
        ("T",),
        "inbox",
        "visitor_tags",
        changes=True,
    ),
    Action(
        "visitor.why",
        "Why",
        "Show why scenarios spoke to him, or kept still",
        ("W",),
        "inbox",
        "why",
        hint=75,
    ),
    Action(
        "view.outbox",
        "Outbox",
        "Show what scenarios sent beside the chat",
        ("m",),
        "inbox",
        "outbox",
        hint=65,
    ),
    Action("view.card", "Card", "Show or hide the visitor card", ("v",), "inbox", "card", hint=80),
    Action(
        "list.search", "Search", "Search names, messages and tags", ("slash",), "inbox", "search", hint=25
    ),
    Action("list.mine", "Mine", "Show the dialogs assigned to you", ("1",), "inbox", "whose('mine')"),
    Action(
        "list.unassigned", "Unassigned", "Show the dialogs of nobody", ("2",), "inbox", "whose('unassigned')"
    ),
    Action("list.all", "All", "Show the dialogs of everybody", ("3",), "inbox", "whose('all')"),
    Action("list.waiting", "Waiting", "Show only those who wait for a person", ("w",), "inbox", "waiting"),
    Action("list.status", "Open or closed", "Show open or closed dialogs", ("x",), "inbox", "status"),
    Action("list.filter", "Filter", "Show the dialogs of one operator or tag", ("f",), "inbox", "filter"),
    Action("list.reset", "Reset filter", "Show all open dialogs", ("F",), "inbox", "reset_filter"),
    Action(
        "files.open",
        "Open link",
        "Open a link, or save a file, of this dialog",
        ("o",),
        "inbox",
        "open_link",
        90,
    ),
    Action(
        "desk.problems", "Broken scenarios", "Show the errors of scenario files", ("P",), "inbox", "problems"
    ),
    Action("desk.connect", "Try again now", "Connect again without waiting", ("ctrl+r",), "inbox", "connect"),
    Action("desk.theme", "Light or dark", "Change between light and dark", ("ctrl+l",), "inbox", "theme"),
    Action(
        "desk.bell",
        "Bell",
        "Ring, or do not ring, when somebody begins to wait",
        ("ctrl+b",),
        "inbox",
        "bell",
    ),
    Action("desk.help", "Help", "Show all keys", ("question_mark", "f1"), "inbox", "help", hint=5),
    Action(
        "desk.palette",
        "Commands",
        "Find a command by its name",
        ("ctrl+p",),
        "inbox",
        "palette",
        6,
        False,
        True,
    ),
    Action(
        "desk.next_pane", "Next pane", "Go to the next pane", ("tab",), "inbox", "next_pane", 0, False, True
    ),
    Action(
        "desk.last_pane",
        "Pane before",
        "Go back one pane",
        ("shift+tab",),
        "inbox",
        "last_pane",
        0,
        False,
        True,
    ),
    Action(
        "desk.back", "Back", "Go back: to the list, out of a search", ("escape",), "inbox", "back", 0, False
    ),
    Action("desk.quit", "Quit", "Leave the console", ("ctrl+q",), "inbox", "quit", 95, True, True),
)
