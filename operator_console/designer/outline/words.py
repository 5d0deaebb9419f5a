"""Words with a colour: a sentence of the console's language, filled in with what a scenario says.

A sentence is translated as a whole, with names in braces where something is filled in, and only then taken apart: so
each language puts its words in its own order, and a value keeps its colour wherever it comes to stand.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from operator_console.safe_text import safe_line
from operator_console.translation import spoken

Role: TypeAlias = Literal["plain", "strong", "value", "soft", "quote", "jump", "bad"]
"""What a word is, which decides its colour: the sentence around it, its point, a value of the file, something beside
the point, a text that the visitor reads, a place that the run goes to, something that is not understood."""

QUOTED_CHARS = 160
"""A row of the tree is one line: longer texts are cut here, and by the screen at its edge."""
VALUE_CHARS = 80
_QUOTES = {"ru": "«{}»"}


class Word(NamedTuple):
    """A piece of a row. `text` is cleaned."""

    text: str
    role: Role = "plain"


Phrase: TypeAlias = tuple[Word, ...]
NOTHING: Phrase = ()


def phrase(sentence: str, role: Role = "plain", **filled: Phrase | Word) -> Phrase:
    """The sentence, already translated, with `{names}` filled in. `role` is that of its own words."""
    words: list[Word] = []
    for literal, name in _pieces(sentence):
        if literal:
            words.append(Word(literal, role))
        if name:
            part = filled[name]
            if isinstance(part, Word):
                words.append(part)
            else:
                words.extend(part)
    return tuple(words)


@lru_cache(maxsize=2048)
def _pieces(sentence: str) -> tuple[tuple[str, str], ...]:
    """Each literal piece of a sentence with the name that follows it; the last has none."""
    return tuple((literal, name or "") for literal, name, _spec, _conv in string.Formatter().parse(sentence))


def plain(words: Iterable[Word]) -> str:
    """What the words say, without colours."""
    return "".join([word.text for word in words])


def value(text: object, role: Role = "value") -> Word:
    """Something that stands in the file: cleaned, one line."""
    return Word(safe_line(text, VALUE_CHARS), role)


def quoted(text: str, role: Role = "quote") -> Word:
    """A text in the quotation marks of the console's language, cleaned, one line."""
    return Word(in_quotes(safe_line(text, QUOTED_CHARS)), role)


def in_quotes(text: str) -> str:
    """A cleaned text in the quotation marks of the console's language."""
    return _QUOTES.get(spoken(), "“{}”").format(text)


def is_in_quotes(text: str) -> bool:
    """Whether a text ends in a quotation mark."""
    return text.endswith(("”", "»"))


def joined(parts: Iterable[Phrase], between: str) -> Phrase:
    """Phrases one after the other with `between` among them; empty ones are left out."""
    words: list[Word] = []
    for part in parts:
        if part:
            if words:
                words.append(Word(between))
            words.extend(part)
    return tuple(words)


def listed(parts: Iterable[Phrase], last: str) -> Phrase:
    """a, b or c: `last` is the word before the last one, blanks and all."""
    there = [part for part in parts if part]
    if len(there) < 2:
        return there[0] if there else NOTHING
    return (*joined(there[:-1], ", "), Word(last), *there[-1])
