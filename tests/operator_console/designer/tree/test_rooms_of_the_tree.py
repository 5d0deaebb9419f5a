"""The screen of the tree is made of rooms, each a mixin: none of them takes a name that is another's."""

from __future__ import annotations

from itertools import combinations

from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.asking import Asking


class Bare(Asking):
    """What Textual gives to each class of its own accord."""


def own_names(room: type) -> set[str]:
    """What a class gives: not what it only asks of the others, nor what Textual calls of each class."""
    return {
        name
        for name, value in vars(room).items()
        if name not in vars(Bare)
        and not name.startswith(("__", "on_"))
        and not name.isupper()
        and not getattr(value, "__isabstractmethod__", False)
    }


def test_no_two_rooms_of_the_tree_give_the_same_name() -> None:
    rooms = [room for room in TreeScreen.__mro__ if room.__module__.startswith("operator_console.")]
    taken = {
        f"{one.__name__} and {other.__name__}: {', '.join(sorted(both))}"
        for one, other in combinations(rooms, 2)
        if not issubclass(one, other) and (both := own_names(one) & own_names(other))
    }
    assert not taken
