"""One table of what an operator can do: keys, footer, help screen and palette all come from it.

To add an action: a line here, and an `action_…` method of that name on the widget or screen of its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.binding import Binding, BindingType

Place: TypeAlias = Literal[
    "inbox", "list", "search", "conversation", "composer", "card", "field", "outbox", "why"
]
"""Where its keys work: everywhere in the inbox but in text fields, or only where the focus is."""
Screenwide: TypeAlias = Literal["inbox", "outbox", "why"]
"""The places that are a whole screen."""

PLACES: dict[Place, str] = {
    "inbox": "Everywhere",
    "list": "In a list",
    "search": "While searching",
    "conversation": "In the conversation",
    "composer": "While writing",
    "card": "In the visitor card, a letter, an answer to why",
    "field": "While editing the card",
    "outbox": "In the outbox",
    "why": "While asking why",
}
SHARED = ("desk.help", "desk.palette", "desk.theme", "desk.quit")
"""Actions of the inbox that work in every screen."""
TEXT_PLACES: tuple[Place, ...] = ("search", "composer", "field")
"""Where letters are text, and no keys."""


@dataclass(frozen=True, slots=True)
class Action:
    """`run` is the Textual action; `keys` are Textual's names of keys; `hint` ranks it in the footer (0: not
    there).
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    place: Place
    run: str
    hint: int = 0
    is_command: bool = True
    """Whether the palette offers it. Moving a cursor is no command."""
    is_priority: bool = False
    """Whether the key works while a text field has the focus."""


ACTIONS: tuple[Action, ...] = (
    # --- Everywhere ---
    Action("dialog.reply", "Reply", "Write to the visitor", ("r",), "inbox", "reply", hint=10),
    Action("dialog.note", "Note", "Write a note that only operators see", ("n",), "inbox", "note", hint=30),
    Action(
        "dialog.close", "Close", "Close the dialog, or open a closed one again", ("c",), "inbox", "close", 40
    ),
    Action("dialog.take", "Take", "Assign the dialog to yourself", ("a",), "inbox", "take", hint=20),
    Action("dialog.assign", "Assign to…", "Give the dialog to another operator", ("A",), "inbox", "assign"),
    Action("dialog.tag", "Tags", "Add or remove tags of the dialog", ("t",), "inbox", "tags", hint=50),
    Action(
        "dialog.take_back",
        "Take back",
        "Take the text of a refused message back",
        ("b",),
        "inbox",
        "take_back",
    ),
    Action("dialog.history", "History", "Show all dialogs with this visitor", ("h",), "inbox", "history", 60),
    Action("dialog.next", "Next waiting", "Go to whoever waits longest", ("u",), "inbox", "next", hint=15),
    Action("visitor.edit", "Edit card", "Change name, email or phone", ("e",), "inbox", "edit_card", hint=70),
    Action(
        "visitor.property",
        "Set a property",
        "Set or remove a property of the visitor",
        ("p",),
        "inbox",
        "property",
    ),
    Action(
        "visitor.tag", "Visitor's tags", "Add or remove tags of the visitor", ("T",), "inbox", "visitor_tags"
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
    # --- In a list ---
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
    # --- While searching ---
    Action("search.all", "All messages", "Search all messages", ("enter",), "search", "submit", 1, False),
    Action("search.end", "End search", "Show everything again", ("escape",), "search", "give_up", 2, False),
    # --- In the conversation ---
    Action("feed.down", "Down", "Scroll down", ("j", "down"), "conversation", "scroll_down", 0, False),
    Action(
        "feed.up",
        "Up",
        "Scroll up; older messages load by themselves",
        ("k", "up"),
        "conversation",
        "scroll_up",
        0,
        False,
    ),
    Action(
        "feed.page_down",
        "Page down",
        "A page down",
        ("pagedown", "space"),
        "conversation",
        "page_down",
        0,
        False,
    ),
    Action("feed.page_up", "Page up", "A page up", ("pageup",), "conversation", "page_up", 0, False),
    Action(
        "feed.top",
        "Top",
        "To the oldest message that is loaded",
        ("g", "home"),
        "conversation",
        "scroll_home",
        0,
        False,
    ),
    Action(
        "feed.bottom", "Bottom", "To the newest message", ("G", "end"), "conversation", "scroll_end", 0, False
    ),
    Action("feed.write", "Write", "Write to the visitor", ("enter",), "conversation", "write", 1, False),
    # --- While writing ---
    Action("compose.send", "Send", "Send what is written", ("enter",), "composer", "send", 1, False),
    Action(
        "compose.newline",
        "New line",
        "A new line",
        ("shift+enter", "alt+enter", "ctrl+j"),
        "composer",
        "newline",
        2,
        False,
    ),
    Action(
        "compose.note",
        "Note or message",
        "Change between a note and a message",
        ("ctrl+n",),
        "composer",
        "toggle_note",
        3,
    ),
    Action("compose.attach", "Attach", "Attach a file of up to 2 MB", ("ctrl+o",), "composer", "attach", 4),
    Action(
        "compose.back",
        "Back",
        "Leave the composer; what is written stays",
        ("escape",),
        "composer",
        "leave",
        5,
        False,
    ),
    Action(
        "compose.older",
        "Sent before",
        "What you sent before, from the first line",
        ("up",),
        "composer",
        "older",
        0,
        False,
    ),
    Action(
        "compose.newer",
        "Sent after",
        "Forward again, from the last line",
        ("down",),
        "composer",
        "newer",
        0,
        False,
    ),
    # --- In the card ---
    Action(
        "card.down",
        "Down",
        "Scroll down; older events load by themselves",
        ("j", "down"),
        "card",
        "scroll_down",
        0,
        False,
    ),
    Action("card.up", "Up", "Scroll up", ("k", "up"), "card", "scroll_up", 0, False),
    Action(
        "card.page_down", "Page down", "A page down", ("pagedown", "space"), "card", "page_down", 0, False
    ),
    Action("card.page_up", "Page up", "A page up", ("pageup",), "card", "page_up", 0, False),
    Action("card.top", "Top", "To the top", ("g", "home"), "card", "scroll_home", 0, False),
    Action("card.bottom", "Bottom", "To the end", ("G", "end"), "card", "scroll_end", 0, False),
    # --- While editing the card ---
    Action("field.keep", "Keep", "Keep what is written", ("enter",), "field", "submit", 1, False),
    Action("field.forget", "Forget", "What stood there before", ("escape",), "field", "forget", 2, False),
    # --- In the outbox ---
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
    # --- While asking why ---
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

CHANGING = frozenset(
    {
        "dialog.reply", "dialog.note", "dialog.close", "dialog.take", "dialog.assign", "dialog.tag",
        "dialog.take_back",
        "visitor.edit", "visitor.property", "visitor.tag", "compose.send", "compose.attach",
    }
)  # fmt: skip
"""Actions that a console opened for reading only does not have."""

_SHOWN_KEYS = {
    "slash": "/",
    "question_mark": "?",
    "enter": "⏎",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "f1": "F1",
}


def at_place(place: Place) -> tuple[Action, ...]:
    """The actions whose keys work there, in the table's order."""
    return tuple(action for action in ACTIONS if action.place == place)


def of_screen(screen: Screenwide) -> tuple[Action, ...]:
    """What works everywhere in a screen: its own, and what works in all of them."""
    shared = tuple(action for action in ACTIONS if action.id in SHARED and screen != "inbox")
    return at_place(screen) + shared


def bindings(place: Place) -> list[BindingType]:
    """Textual's bindings of a place. The action's id is the binding's, so a keymap may give it other keys."""
    actions = of_screen(place) if place in ("inbox", "outbox", "why") else at_place(place)
    return [
        Binding(
            ",".join(action.keys),
            action.run,
            action.title,
            show=False,
            priority=action.is_priority,
            tooltip=action.help,
            id=action.id,
        )
        for action in actions
    ]


def shown_key(key: str) -> str:
    """A key as people read it: ctrl+p → ^P, question_mark → ?."""
    if key in _SHOWN_KEYS:
        return _SHOWN_KEYS[key]
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    for prefix, short in (("shift+", "⇧"), ("alt+", "⌥")):
        if key.startswith(prefix):
            return short + shown_key(key.removeprefix(prefix))
    return key


def hints(place: Place, *, screen: Screenwide = "inbox", read_only: bool = False) -> list[Action]:
    """What the footer shows while the focus is there, most useful first: the place's own, then those of the whole
    screen.
    """
    own = sorted(
        (action for action in at_place(place) if action.hint and place != screen),
        key=lambda action: action.hint,
    )
    rest = sorted((action for action in of_screen(screen) if action.hint), key=lambda action: action.hint)
    if place in TEXT_PLACES:
        # Only what works beside text is offered.
        rest = [action for action in rest if action.is_priority]
    return [action for action in own + rest if not (read_only and action.id in CHANGING)]
