"""One table of what an operator can do: keys, footer, help screen and palette all come from it.

To add an action: a line in the table of its place (action_tables/), and an `action_…` method of that name on the widget
or screen of its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from textual.binding import Binding, BindingType

from operator_console.action_tables.action import Action, Place, Screenwide
from operator_console.action_tables.card import CARD, FIELD
from operator_console.action_tables.composer import COMPOSER
from operator_console.action_tables.conversation import CONVERSATION
from operator_console.action_tables.designer import LIBRARY, SCENARIOS
from operator_console.action_tables.designer_figures import BEHIND, FIGURES
from operator_console.action_tables.designer_launch import LAUNCH, LAUNCH_FIELD, LAUNCH_LOOK
from operator_console.action_tables.designer_look import WIDGET_LOOK
from operator_console.action_tables.designer_play import PLAY, PLAY_LINE, PLAYER
from operator_console.action_tables.designer_text import TEXT
from operator_console.action_tables.designer_tree import ROWS, TREE
from operator_console.action_tables.designer_versions import VERSIONS
from operator_console.action_tables.everywhere import EVERYWHERE
from operator_console.action_tables.lists import DIALOGS, FILTERS, LISTS, SEARCH
from operator_console.action_tables.outbox import OUTBOX
from operator_console.action_tables.person import ASIDE, PERSON
from operator_console.action_tables.replies import REPLIES
from operator_console.action_tables.visitors import VISITORS
from operator_console.action_tables.why import WHY
from operator_console.translation import _, marked

__all__ = [
    "ACTIONS",
    "PLACES",
    "Action",
    "Place",
    "Screenwide",
    "at_place",
    "bindings",
    "keys_of",
    "of_screen",
    "shown_key",
    "use_keys",
]

PLACES: dict[Place, str] = {
    "inbox": marked("Everywhere"),
    "list": marked("In a list"),
    "dialogs": marked("In the list of dialogs"),
    "search": marked("While searching"),
    "conversation": marked("In the conversation"),
    "composer": marked("While writing"),
    "card": marked("In the visitor card, a letter, an answer to why"),
    "aside": marked("In the card beside a dialog"),
    "field": marked("While editing the card"),
    "outbox": marked("In the outbox"),
    "why": marked("While asking why"),
    "person": marked("On the full card of a visitor"),
    "visitors": marked("In the list of visitors"),
    "replies": marked("In the saved replies and macros"),
    "scenarios": marked("In the scenarios"),
    "library": marked("In the library of scenarios"),
    "player": marked("In the player of a scenario"),
    "play": marked("In what is played"),
    "play_line": marked("While writing as the visitor"),
    "tree": marked("In the tree of a scenario"),
    "rows": marked("In the rows of the tree"),
    "versions": marked("In the versions of a scenario"),
    "figures": marked("In the figures of a scenario"),
    "behind": marked("In the visitors behind a figure"),
    "launch": marked("While launching a scenario"),
    "launch_field": marked("In what the shop sets"),
    "launch_look": marked("In the messages of a launch"),
    "widget_look": marked("In the widget's look"),
    "text": marked("In the file beside the tree"),
}
SCREENS: tuple[Screenwide, ...] = get_args(Screenwide)
"""The places that are a whole screen."""
SHARED = ("desk.help", "desk.palette", "desk.theme", "desk.quit")
"""Actions of the inbox that work in every screen."""
TEXT_PLACES: tuple[Place, ...] = ("search", "composer", "field", "play_line", "launch_field", "text")
"""Where letters are text, and no keys."""


ACTIONS: tuple[Action, ...] = (
    *EVERYWHERE,
    *FILTERS,
    *LISTS,
    *DIALOGS,
    *SEARCH,
    *CONVERSATION,
    *COMPOSER,
    *CARD,
    *FIELD,
    *OUTBOX,
    *WHY,
    *ASIDE,
    *PERSON,
    *VISITORS,
    *REPLIES,
    *SCENARIOS,
    *LIBRARY,
    *PLAYER,
    *PLAY,
    *PLAY_LINE,
    *TREE,
    *ROWS,
    *VERSIONS,
    *FIGURES,
    *BEHIND,
    *LAUNCH,
    *LAUNCH_FIELD,
    *LAUNCH_LOOK,
    *WIDGET_LOOK,
    *TEXT,
)

_SHOWN_KEYS = {
    "slash": "/",
    "question_mark": "?",
    "full_stop": ".",
    "comma": ",",
    "exclamation_mark": "!",
    "at": "@",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "asterisk": "*",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "enter": "⏎",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "space": marked("Space"),
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "f1": "F1",
    "f4": "F4",
    "f8": "F8",
}


_other_keys: dict[str, tuple[str, ...]] = {}


def use_keys(keymap: Mapping[str, tuple[str, ...]]) -> None:
    """From now on footer, help and palette show these keys, by action's id. The app is given the same ones."""
    _other_keys.clear()
    _other_keys.update(keymap)


def keys_of(action: Action) -> tuple[str, ...]:
    """The keys of an action, as the person at the console has them."""
    return _other_keys.get(action.id, action.keys)


def at_place(place: Place) -> tuple[Action, ...]:
    """The actions whose keys work there, in the table's order."""
    return tuple(action for action in ACTIONS if action.place == place)


def of_screen(screen: Screenwide) -> tuple[Action, ...]:
    """What works everywhere in a screen: its own, and what works in all of them."""
    shared = tuple(action for action in ACTIONS if action.id in SHARED and screen != "inbox")
    return at_place(screen) + shared


def bindings(place: Place) -> list[BindingType]:
    """Textual's bindings of a place. The action's id is the binding's, so a keymap may give it other keys."""
    actions = next((of_screen(screen) for screen in SCREENS if screen == place), at_place(place))
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
        return _(_SHOWN_KEYS[key])
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
    return [action for action in own + rest if not (read_only and action.changes)]
