"""What is being completed while somebody writes, and what fits: saved replies, colleagues, emoji. Knows no screen.

`/` begins a saved reply (at the start, or behind a blank), `@` a colleague (in notes), `:` an emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import is_
from typing import Literal, TypeAlias

from operator_console.inbox.emoji_names import EmojiNames
from server_stub.protocol import Operator, Preset

Kind: TypeAlias = Literal["reply", "colleague", "emoji"]

MAX_OFFERED = 50
MAX_QUERY = 40
"""Characters behind a slash that may still be the words of a saved reply."""

_REPLY = re.compile(rf"(?:^|(?<=\s))/((?:[^\s/][^\n/]{{0,{MAX_QUERY}}})?)$")
_COLLEAGUE = re.compile(r"(?:^|(?<=[\s(]))@([\w.\-]{0,40}(?: [\w.\-]{1,40})?)$")
_EMOJI = re.compile(r"(?:^|(?<=[\s(\"'.,!?]))(?<![\d:]):([^\W\d][\w+\-]{1,30})$")
_WHOLE_EMOJI = re.compile(r"(?:^|(?<=[\s(\"'.,!?])):([\w+\-]{2,40}):$")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is being completed: `query` is what was typed of it, `length` the characters that an answer replaces."""

    kind: Kind
    query: str
    length: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One that fits. `label` and `detail` are raw; `value` says which it is, `folder` where it lies."""

    value: str
    label: str
    detail: str = ""
    folder: str = ""


def wanted_at(before: str, *, is_note: bool) -> Wanted | None:
    """What is being completed, from the text before the cursor."""
    line = before.rsplit("\n", 1)[-1]
    if found := _REPLY.search(line):
        return Wanted("reply", found.group(1), len(found.group()))
    if is_note and (found := _COLLEAGUE.search(line)):
        return Wanted("colleague", found.group(1), len(found.group()))
    if found := _EMOJI.search(line):
        return Wanted("emoji", found.group(1), len(found.group()))
    return None


def whole_emoji(before: str, names: EmojiNames) -> tuple[str, int]:
    """The emoji that was just named in full, `:tada:`, and the length of its name with the colons; else nothing."""
    found = _WHOLE_EMOJI.search(before.rsplit("\n", 1)[-1])
    char = names.named(found.group(1)) if found else ""
    return (char, len(found.group())) if found and char else ("", 0)


@dataclass(frozen=True, slots=True)
class _Reply:
    """A saved reply as it is searched."""

    preset: Preset
    name: str
    folder: str
    whole: str
    """Name, folder and text."""
    name_words: tuple[str, ...]


class ReplyFinder:
    """Finds saved replies by what is typed behind a slash. A shop may have thousands, and every key asks: what is
    compared is made once a reply.
    """

    def __init__(self) -> None:
        self._known: list[Preset] = []
        self._replies: list[_Reply] = []
        self._last: tuple[str, list[Offer]] | None = None

    def find(self, query: str, presets: Iterable[Preset]) -> list[Offer]:
        """Those that have all the words of the query: by name first, then by folder, then by their text."""
        self._learn([one for one in presets if one.kind == "reply"])
        if self._last is None or self._last[0] != query:
            found = self._found(query.casefold().split())
            self._last = (
                query,
                [Offer(one.preset.id, one.preset.name, one.preset.text, one.preset.folder) for one in found],
            )
        return self._last[1]

    def _learn(self, presets: list[Preset]) -> None:
        known = self._known
        if len(known) == len(presets) and all(map(is_, known, presets)):
            return
        self._known, self._last = presets, None
        self._replies = [
            _Reply(
                one,
                one.name.casefold(),
                one.folder.casefold(),
                f"{one.name}\n{one.folder}\n{one.text}".casefold(),
                tuple(_WORD.findall(one.name.casefold())),
            )
            for one in presets
        ]
        self._replies.sort(key=lambda one: (one.folder, one.name))

    def _found(self, words: list[str]) -> list[_Reply]:
        if not words:
            return self._replies[:MAX_OFFERED]
        having = self._replies
        for word in words:
            having = [reply for reply in having if word in reply.whole]
        by_rank: list[list[_Reply]] = [[], [], [], [], []]
        for reply in having:
            by_rank[_rank(reply, words)].append(reply)
        return [reply for rank in by_rank for reply in rank][:MAX_OFFERED]


def _rank(reply: _Reply, words: list[str]) -> int:
    """Where one that has all the words has them; 0 is the best."""
    if reply.name.startswith(" ".join(words)):
        return 0
    if all(any(one.startswith(word) for one in reply.name_words) for word in words):
        return 1
    if all(word in reply.name for word in words):
        return 2
    return 3 if all(word in reply.name or word in reply.folder for word in words) else 4


def colleagues_for(query: str, operators: Iterable[Operator], me: str) -> list[Offer]:
    """Colleagues of whose name a word begins with the query; those who are here come first."""
    wanted = query.casefold()
    found = [
        one
        for one in operators
        if one.id != me and (_begins(one.name.casefold(), wanted) or one.name.casefold().startswith(wanted))
    ]
    found.sort(key=lambda one: (not one.online, one.away, one.name.casefold()))
    return [Offer(one.id, one.name, _presence(one)) for one in found[:MAX_OFFERED]]


def _presence(operator: Operator) -> str:
    return "away" if operator.online and operator.away else "here" if operator.online else "not here"


def _begins(name: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in _WORD.findall(name))


def emoji_for(query: str, names: EmojiNames) -> list[Offer]:
    """Emoji of that name."""
    return [Offer(one.char, f"{one.char} {one.name}") for one in names.find(query, MAX_OFFERED)]


def called_in(text: str, operators: Iterable[Operator], me: str) -> tuple[str, ...]:
    """Ids of the colleagues whom a note calls by @name."""
    folded = text.casefold()
    return tuple(
        one.id
        for one in operators
        if one.id != me and one.name and re.search(rf"@{re.escape(one.name.casefold())}(?!\w)", folded)
    )
