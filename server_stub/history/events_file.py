"""The past of an events file: Segment messages, one a line, in any order.

The file may be larger than the memory: it is read once for an index (who, when, where in the file), which several
processes share, and then visitor by visitor. Who is who: a message with a user id is that user's; an anonymous id
belongs to the user with whom it first came together, anywhere in the file; else it is a visitor of its own.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterator
from pathlib import Path

import msgspec

from scenarios_yaml.tools.past.log import Around, VisitorLog
from server_stub.desk.transaction import world_of
from server_stub.history.events_lines import EventsError, Telling, decode_line, decode_who, moment_of
from server_stub.settings import Settings

_LATEST = 2**42 - 1
"""Milliseconds: a later moment, in the year 2109, is taken for this one."""
NO_SURROUNDINGS = (
    "An events file holds what visitors did: no other scenarios, no operators, nothing that was sent."
)


class _Index(msgspec.Struct):
    """`visitors` in the order of their first line; of each, `starts[n]:starts[n + 1]` of `lines` are his."""

    visitors: list[str]
    starts: bytes
    lines: bytes
    """Where his lines begin in the file, in the order of their time."""


class EventsPast:
    """`index` is one that has been made before, in another process (see `index` below); empty: it is made now.

    Raises OSError, and EventsError with the first line that cannot be read.
    """

    def __init__(self, path: Path, settings: Settings | None = None, index: bytes = b"") -> None:
        self._path = path
        self._settings = settings or Settings()
        self.index = index or msgspec.msgpack.encode(_make_index(path))
        """It can be given to another process."""
        found = msgspec.msgpack.decode(self.index, type=_Index)
        self.visitors = found.visitors
        self._starts = array("Q", found.starts)
        self._lines = array("Q", found.lines)
        with path.open("rb") as file:
            # An empty file cannot be mapped, and need not be.
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._lines else None

    def close(self) -> None:
        if self._data is not None:
            self._data.close()

    def __len__(self) -> int:
        """Messages."""
        return len(self._lines)

    def around(self) -> Around:
        settings = self._settings
        return Around(world=world_of(settings, 0), coupons=dict(settings.coupons), unknown=(NO_SURROUNDINGS,))

    def ranges(self, size: int) -> list[tuple[str, str]]:
        count = len(self.visitors)
        return [(str(begin), str(min(begin + size, count))) for begin in range(0, count, size)]

    def logs(self, first: str, end: str, scenario: str = "") -> Iterator[VisitorLog]:  # noqa: ARG002
        """The logs of the visitors with these numbers. No scenario has outcomes in an events file."""
        for number in range(int(first), int(end)):
            yield self._log(number)

    def _log(self, number: int) -> VisitorLog:
        visitor = self.visitors[number]
        telling = Telling(visitor, self._settings)
        data = self._data
        if data is None:
            return VisitorLog(visitor)
        for place in self._lines[self._starts[number] : self._starts[number + 1]]:
            end = data.find(b"\n", place)
            text = data[place : end if end >= 0 else len(data)]
            try:
                message = decode_line(text)
                telling.take(message, moment_of(message))
            except (msgspec.DecodeError, ValueError) as error:
                line = data[:place].count(b"\n") + 1
                raise EventsError(str(self._path), line, str(error)) from error
        return VisitorLog(visitor, telling.items)


def _make_index(path: Path) -> _Index:
    numbers: dict[tuple[str, str], int] = {}
    users: dict[str, str] = {}
    moments: list[int] = []
    places, owners = array("Q"), array("Q")
    place = 0
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            begin, place = place, place + len(text)
            if text.isspace():
                continue
            try:
                who = decode_who(text)
                at = min(moment_of(who), _LATEST)
                kind, name = _identity(who.user_id, who.anonymous_id)
            except (msgspec.DecodeError, ValueError) as error:
                raise EventsError(str(path), number, str(error)) from error
            if kind == "user":
                for other in (who.anonymous_id, who.previous_id if who.type == "alias" else None):
                    if other is not None:
                        users.setdefault(str(other), name)
            owners.append(numbers.setdefault((kind, name), len(numbers)))
            places.append(begin)
            moments.append(at)
    return _sorted(numbers, users, owners, moments, places)


def _identity(user_id: str | int | None, anonymous_id: str | int | None) -> tuple[str, str]:
    if user_id is not None and user_id != "":
        return "user", str(user_id)
    if anonymous_id is None or anonymous_id == "":
        raise ValueError("the message has neither a userId nor an anonymousId")
    return "anonymous", str(anonymous_id)


def _sorted(
    numbers: dict[tuple[str, str], int],
    users: dict[str, str],
    owners: array[int],
    moments: list[int],
    places: array[int],
) -> _Index:
    """The lines by visitor and time; those of an anonymous id stand with its user's."""
    final: dict[tuple[str, str], int] = {}
    number_of = array("Q", bytes(8 * len(numbers)))
    for (kind, name), number in numbers.items():
        person = ("user", users[name]) if kind == "anonymous" and name in users else (kind, name)
        if kind == "user" and name in users and users[name] != name:
            person = ("user", users[name])
        number_of[number] = final.setdefault(person, len(final))
    for row, owner in enumerate(owners):
        moments[row] |= number_of[owner] << 42
    order = sorted(range(len(moments)), key=moments.__getitem__)
    starts = array("Q", [0] * (len(final) + 1))
    for moment in moments:
        starts[(moment >> 42) + 1] += 1
    for number in range(len(final)):
        starts[number + 1] += starts[number]
    lines = array("Q", (places[row] for row in order))
    return _Index([name for _, name in final], starts.tobytes(), lines.tobytes())
