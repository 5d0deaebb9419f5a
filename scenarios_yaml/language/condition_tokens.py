"""The words of one condition line, each with its place in the line."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.problems import did_you_mean, quoted

TokenKind: TypeAlias = Literal["word", "string", "op", "mark", "end"]

_TOKEN = re.compile(
    r"""
    (?P<string> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )
  | (?P<op>     <= | >= | != | == | = | < | > )
  | (?P<mark>   [\[\](),] )
  | (?P<word>   [^\s"'\[\](),=<>!] [^\s"\[\](),=<>!]* )
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")


class Token(Struct, frozen=True):
    """`text` is what was written, without quotes for a string; `start` and `end` are offsets in the line."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        return "the end of the line" if self.kind == "end" else quoted(self.text)


class ConditionError(Exception):
    """What is wrong with a condition line. `offset` is where in the line, `hint` what to do."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.hint = hint


def tokenize(line: str) -> list[Token]:
    """All tokens, the last one of kind `end`. Raises ConditionError."""
    tokens = []
    at = _end_of_space(line, 0)
    while at < len(line):
        match = _TOKEN.match(line, at)
        if not match:
            raise _unreadable(line, at)
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]  # the names of the groups are the kinds
        text = match.group()
        if kind == "word" and text[0] in "“”„‟«»‘’‚":
            raise ConditionError(at, "these quotes are not read", 'write straight ones: "…"')
        if kind == "string":
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        tokens.append(Token(kind, text, at, match.end()))
        at = _end_of_space(line, match.end())
    tokens.append(Token("end", "", len(line), len(line)))
    return tokens


def _end_of_space(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _unreadable(line: str, at: int) -> ConditionError:
    if line[at] in "\"'":
        return ConditionError(at, "the quotes that begin here are not closed")
    return ConditionError(at, f"{quoted(line[at])} means nothing here", "“not” or “!=” says the opposite")


class Tokens:
    """Reads tokens one after the other, and says what was wanted where something else stands."""

    def __init__(self, line: str) -> None:
        self.line = line
        self._tokens = tokenize(line)
        self._at = 0

    @property
    def now(self) -> Token:
        return self._tokens[self._at]

    @property
    def following(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        if token.kind != "end":
            self._at += 1
        return token

    def at_word(self, *words: str) -> bool:
        return self.now.kind == "word" and self.now.text in words

    def take_word(self, *words: str) -> bool:
        """Steps over one of these words if it is there."""
        if self.at_word(*words):
            self._at += 1
            return True
        return False

    def need_word(self, *words: str) -> str:
        if not self.at_word(*words):
            wanted = " or ".join(f"“{word}”" for word in words)
            raise self.wanted(wanted, did_you_mean(self.now.text, words))
        return self.take().text

    def need_mark(self, mark: str) -> None:
        if not (self.now.kind == "mark" and self.now.text == mark):
            raise self.wanted(f"“{mark}”")
        self._at += 1

    def need_end(self, hint: str = "") -> None:
        if self.now.kind != "end":
            raise ConditionError(self.now.start, f"{self.now.name} is too much here", hint)

    def wanted(self, what: str, hint: str = "") -> ConditionError:
        return ConditionError(self.now.start, f"{what} is wanted here, not {self.now.name}", hint)
