"""What has been committed and was used lately, so that the writer seldom waits for the disk."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from server_stub.desk.changes import Changes
from server_stub.desk.people import Person, person_of
from server_stub.desk.queue import Queue
from server_stub.protocol import DialogSummary
from server_stub.store.base import Store

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The values that were used last, at most `room` of them."""

    __slots__ = ("_room", "_values")

    def __init__(self, room: int) -> None:
        self._room = room
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def update(self, values: Mapping[K, V]) -> None:
        own = self._values
        for key, value in values.items():
            own[key] = value
            own.move_to_end(key)
        while len(own) > self._room:
            own.popitem(last=False)

    def forget(self, keys: Iterable[K]) -> None:
        for key in keys:
            self._values.pop(key, None)

    def forget_where(self, is_gone: Callable[[V], bool]) -> None:
        """Looks at every value: for what happens seldom."""
        self.forget([key for key, value in self._values.items() if is_gone(value)])

    def __contains__(self, key: K) -> bool:
        return key in self._values


class Cache:
    """`room`: how many visitors are kept. A state takes 1 to 20 KB."""

    def __init__(self, store: Store, room: int) -> None:
        self._store = store
        self.people: Recent[str, Person] = Recent(room)
        self.identities: Recent[tuple[str, str], str] = Recent(room * 2)
        self.dialogs: Recent[str, DialogSummary] = Recent(room)
        self.queue = Queue()

    def person(self, visitor: str) -> Person | None:
        found = self.people.get(visitor)
        if found is None:
            self.read_people([visitor])
            found = self.people.get(visitor)
        return found

    def identity(self, key: tuple[str, str]) -> str:
        """The visitor who has it, or an empty string."""
        if key not in self.identities:
            self.read_identities([key])
        return self.identities.get(key) or ""

    def dialog(self, dialog: str) -> DialogSummary | None:
        found = self.dialogs.get(dialog)
        if found is None:
            self.dialogs.update(self._store.dialogs([dialog]))
            found = self.dialogs.get(dialog)
        return found

    def read_people(self, visitors: Iterable[str]) -> None:
        """Read those who are not here yet, in one query."""
        missing = [visitor for visitor in visitors if visitor not in self.people]
        if missing:
            found = self._store.visitors(missing)
            self.people.update({key: person_of(row) for key, row in found.items()})

    def read_identities(self, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Read those that are not here yet, in one query; answers with those that nobody has."""
        missing = [key for key in keys if key not in self.identities]
        if not missing:
            return set()
        found = self._store.identities(missing)
        self.identities.update(found)
        return {key for key in missing if key not in found}

    def read_dialogs(self, dialogs: Iterable[str]) -> None:
        missing = [dialog for dialog in dialogs if dialog not in self.dialogs]
        if missing:
            self.dialogs.update(self._store.dialogs(missing))

    def take(self, committed: Changes) -> None:
        """What has just been committed is what is true now."""
        self.people.update(committed.people)
        self.identities.update(committed.identities)
        self.dialogs.update(committed.dialogs)
        self.dialogs.forget(committed.moved_dialogs)
        self.queue.take(committed.dialogs, committed.moved_dialogs, committed.memory)
        if committed.erased:
            self._forget(frozenset(committed.erased))

    def _forget(self, erased: frozenset[str]) -> None:
        self.people.forget(erased)
        self.identities.forget_where(lambda visitor: visitor in erased)
        self.dialogs.forget_where(lambda dialog: dialog.visitor in erased)
