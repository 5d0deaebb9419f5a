"""The words of a text as the full-text index knows them, and where they stand.

SQLite's tokenizer (unicode61 with remove_diacritics 2) decides: a word is letters and digits, upper and lower case are
one, and so are Latin letters with and without their marks. What is found is marked, and searched in memory, alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from server_stub.protocol import FoundMessage, Message

MAX_WORDS = 16
"""Of a query; what comes behind them is not looked for."""
BEFORE = 60
"""Characters that an excerpt shows before the first word that was found."""
EXCERPT = 240
"""Characters of an excerpt."""

_MARKS = "\u0300-\u036f"
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")
_MARKED_LATIN = re.compile(f"([A-Za-z])[{_MARKS}]+")


def words_of(query: str) -> list[str]:
    """The words of any text, folded; whatever a query language might take as its own (quotes, operators, stars) is
    no part of them."""
    found = (folded(match.group()) for match in _WORD.finditer(query))
    return [word for word, _ in zip((word for word in found if word), range(MAX_WORDS), strict=False)]


def folded(word: str) -> str:
    """A word in the form in which it is compared."""
    if word.isascii():
        return word.lower()
    plain = _MARKED_LATIN.sub(r"\1", unicodedata.normalize("NFD", word))
    return "".join(map(_lower, unicodedata.normalize("NFC", plain)))


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether all the words are in it; of the last one the beginning is enough."""
    *whole, begin = words
    if text.isascii() and begin not in text.lower():
        return False
    found = {word for word, _, _ in _places(text)}
    return found.issuperset(whole) and any(word.startswith(begin) for word in found)


def found_message(message: Message, words: Sequence[str]) -> FoundMessage:
    """The part of the message around the words, which it holds."""
    *whole, begin = words
    marks = [
        (first, end)
        for word, first, end in _places(message.text)
        if word in whole or (begin and word.startswith(begin))
    ]
    text, marks = _excerpt(message.text, marks)
    return FoundMessage(
        message.dialog, message.id, message.seq, message.at, message.author, text, tuple(marks), message.note
    )


def _excerpt(text: str, marks: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    begin = max(0, marks[0][0] - BEFORE) if marks else 0
    if begin:
        # Not in the middle of a word, where there is another place.
        begin = next((match.start() for match in _WORD.finditer(text, begin) if match.start() > begin), begin)
        begin = min(begin, marks[0][0])
    end = begin + EXCERPT
    before, behind = "…" * (begin > 0), "…" * (end < len(text))
    moved = len(before) - begin
    inside = [(first + moved, last + moved) for first, last in marks if last <= end]
    return before + text[begin:end] + behind, inside


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    """(folded word, begin, end) of each word."""
    for match in _WORD.finditer(text):
        yield folded(match.group()), match.start(), match.end()


def _lower(sign: str) -> str:
    """One character stays one: the index does not know that ß may be written ss."""
    simple = sign.casefold()
    return simple if len(simple) == 1 else sign.lower()
