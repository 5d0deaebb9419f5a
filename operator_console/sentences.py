"""Sentences that others write in English, recognised with what is filled in, and said in the console's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from operator_console.translation import _

_HOLE = re.compile(r"\{\d\}")


class Sentences:
    """A table of them. `{0}` is what is filled in; braces that are meant are doubled, as for `str.format`."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._sentences = tuple(sentences)

    def spoken(self, text: str, part: Callable[[str], str] = str) -> str:
        """The text in the console's language, or as it is where no sentence fits; `part` says what is filled in."""
        for pattern, sentence in self._patterns:
            if found := pattern.fullmatch(text):
                return _(sentence).format(*(part(one) for one in found.groups()))
        return text

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Those that say most by themselves come first: “there is no step {0}” is no “{0} is no {1}”."""
        by_words = sorted(self._sentences, key=lambda one: -len(_HOLE.sub("", one)))
        return tuple((_pattern(one), one) for one in by_words)


def _pattern(sentence: str) -> re.Pattern[str]:
    between = (one.replace("{{", "{").replace("}}", "}") for one in _HOLE.split(sentence))
    return re.compile("(.+?)".join(map(re.escape, between)), re.DOTALL)
