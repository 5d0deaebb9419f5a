"""What works on the screen of saved replies and macros."""

from __future__ import annotations

from operator_console.action_tables.action import Action

REPLIES: tuple[Action, ...] = (
    Action(
        "replies.new",
        "New reply",
        "Write a new saved reply",
        ("n",),
        "replies",
        "new_reply",
        15,
        changes=True,
    ),
    Action(
        "replies.new_macro",
        "New macro",
        "Write a macro: an answer and what becomes of the dialog",
        ("m",),
        "replies",
        "new_macro",
        20,
        changes=True,
    ),
    Action(
        "replies.edit", "Change it", "Change the reply or macro", ("e",), "replies", "edit", 25, changes=True
    ),
    Action(
        "replies.use",
        "Use it",
        "Put the reply into the composer, or run the macro, in the open dialog",
        ("u",),
        "replies",
        "use",
        10,
        changes=True,
    ),
    Action(
        "replies.remove",
        "Remove it",
        "Remove the reply or macro",
        ("D",),
        "replies",
        "remove",
        35,
        changes=True,
    ),
    Action(
        "replies.search", "Search", "Search names, folders and texts", ("slash",), "replies", "search", 30
    ),
    Action("replies.all", "All", "Show replies and macros", ("1",), "replies", "kind('')"),
    Action("replies.replies", "Saved replies", "Show only saved replies", ("2",), "replies", "kind('reply')"),
    Action("replies.macros", "Macros", "Show only macros", ("3",), "replies", "kind('macro')"),
    Action("replies.reset", "Reset filter", "Show all of them", ("F",), "replies", "reset_filter"),
    Action(
        "replies.next_pane",
        "Next pane",
        "Between the list and what is read",
        ("tab", "shift+tab"),
        "replies",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "replies.back",
        "Back",
        "Out of the text, a search, the screen",
        ("escape",),
        "replies",
        "back",
        12,
        False,
    ),
)
