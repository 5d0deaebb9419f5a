"""Names that were seen, how often and when last: a bounded number of them, however many a site makes up."""

from __future__ import annotations

from collections.abc import Callable

from server_stub.protocol import KnownName

NAME_CHARS = 200
"""A longer one is nothing that anybody would choose from a list."""


def as_written(name: str) -> str:
    """The form in which names are compared where case and spaces count."""
    return name


class _Count:
    __slots__ = ("last_at", "name", "times")

    def __init__(self, name: str, times: int = 0, last_at: int = 0) -> None:
        self.name = name
        self.times = times
        self.last_at = last_at


class Tally:
    """At most `most` names; where there are more, those seen least often give way. `key` is the form in which names are
    compared: of those that are the same, the one written last is shown."""

    __slots__ = ("_key", "_most", "_seen")

    def __init__(self, most: int, key: Callable[[str], str] = as_written) -> None:
        self._most = most
        self._key = key
        self._seen: dict[str, _Count] = {}

    def count(self, name: str, at: int) -> None:
        """It was seen at `at` (ms). What is no name, since it is empty or too long, is passed over."""
        if not name or len(name) > NAME_CHARS:
            return
        key = self._key(name)
        one = self._seen.get(key)
        if one is None:
            self._seen[key] = _Count(name, 1, at)
            self._make_room()
            return
        one.name = name
        one.times += 1
        if at > one.last_at:
            one.last_at = at

    def mention(self, name: str) -> None:
        """It is used somewhere, whether it was seen or not."""
        if name and len(name) <= NAME_CHARS:
            self._seen.setdefault(self._key(name), _Count(name))

    def copy(self) -> Tally:
        other = Tally(self._most, self._key)
        other._seen = {key: _Count(one.name, one.times, one.last_at) for key, one in self._seen.items()}
        return other

    def names(self) -> tuple[KnownName, ...]:
        """Those seen most often first."""
        ranked = sorted(self._seen.values(), key=_rank)[: self._most]
        return tuple(KnownName(one.name, one.times, one.last_at) for one in ranked)

    def __contains__(self, name: str) -> bool:
        return self._key(name) in self._seen

    def _make_room(self) -> None:
        if len(self._seen) >= 2 * self._most:
            kept = sorted(self._seen.items(), key=lambda item: _rank(item[1]))[: self._most]
            self._seen = dict(kept)


def _rank(one: _Count) -> tuple[int, int, str]:
    return -one.times, -one.last_at, one.name
