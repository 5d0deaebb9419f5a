"""My text and theirs, both made of the same one, as one text in which nothing of either is lost. Pure.

What it is to say is decided by places (three_way.py). How it is written comes from the lines of both, where these say
just that; else from my text, changed where it has to be. Texts that YAML cannot read are merged by lines alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from operator_console.designer.merging.carrying_out import become
from operator_console.designer.merging.comments import keep_comments
from operator_console.designer.merging.lines import Piece, merge_lines
from operator_console.designer.merging.three_way import At, Choice, Side, merge
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.editing.plain import Plain

LINE = "line "
"""Begins the key of a choice between lines of texts that cannot be read by places."""


class Outcome(Struct, frozen=True):
    """The text, and what was or is to be chosen. `taken` counts the parts that only they changed."""

    text: str
    choices: tuple[Choice, ...] = ()
    taken: int = 0


def merge_texts(base: str, mine: str, theirs: str, answers: Mapping[str, Side] | None = None) -> Outcome:
    """Both texts in one. `answers` are by the keys of the choices; what is missing is as usual: mine, or both."""
    answers = answers or {}
    if theirs in (base, mine):
        return Outcome(mine)
    if mine == base:
        return Outcome(theirs, taken=1)
    texts = _Texts(base, mine, theirs)
    if not all(_is_readable(document) for document in texts.documents()):
        return texts.by_lines(answers)
    values: list[Plain] = [document.value("") for document in texts.documents()]
    merged = merge(values[0], values[1], values[2], answers)
    try:
        text = texts.saying(merged.value)
    except CannotEditError:
        return texts.by_lines(answers)
    return Outcome(text, merged.choices, merged.taken)


def _is_readable(document: Document) -> bool:
    return document.root is not None and not document.composed.problems


class _Texts:
    """Three texts, by lines with the line ends of mine."""

    def __init__(self, base: str, mine: str, theirs: str) -> None:
        self._mark = "\ufeff" if mine.startswith("\ufeff") else ""
        self._end = "\r\n" if "\r\n" in mine else "\n"
        self._base, self._mine, self._theirs = (_lines(text) for text in (base, mine, theirs))
        self._closes = mine.endswith(("\n", "\r")) or not mine

    def documents(self) -> tuple[Document, Document, Document]:
        """The three as documents."""
        base, mine, theirs = (Document(self._text(lines)) for lines in (self._base, self._mine, self._theirs))
        return base, mine, theirs

    def _text(self, lines: list[str]) -> str:
        ending = self._end if self._closes and lines else ""
        return f"{self._mark}{self._end.join(lines)}{ending}"

    def _pieces(self) -> list[Piece]:
        return merge_lines(self._base, self._mine, self._theirs)

    def saying(self, wanted: Plain) -> str:
        """A text that says this. Raises CannotEditError where none could be made."""
        base, mine, theirs = self.documents()
        written = Document(self._text([line for piece in self._pieces() for line in piece.taken]))
        for document in (written, mine):
            try:
                if not _is_readable(document):
                    continue
                become(document, wanted)
            except CannotEditError:
                continue
            keep_comments(base, theirs, document)
            return document.text
        raise CannotEditError("the two versions cannot be written as one file")

    def by_lines(self, answers: Mapping[str, Side]) -> Outcome:
        """What only one side changed is taken; lines that both changed are choices."""
        lines: list[str] = []
        choices: list[Choice] = []
        taken = 0
        base_at, mine_at, theirs_at = 1, 1, 1
        for piece in self._pieces():
            if piece.is_clash:
                at = At(f"{LINE}{base_at}", f"{LINE}{mine_at}", f"{LINE}{theirs_at}")
                choice = Choice(
                    f"{at.base} {at.mine} {at.theirs}",
                    "lines",
                    at,
                    "\n".join(piece.base),
                    "\n".join(piece.mine),
                    "\n".join(piece.theirs),
                )
                choices.append(choice)
                answer = answers.get(choice.key, choice.usual)
                lines += piece.mine if answer != "theirs" else ()
                lines += piece.theirs if answer != "mine" else ()
            else:
                taken += piece.base == piece.mine != piece.theirs
                lines += piece.taken
            base_at += len(piece.base)
            mine_at += len(piece.mine)
            theirs_at += len(piece.theirs)
        return Outcome(self._text(lines), tuple(choices), taken)


def _lines(text: str) -> list[str]:
    body = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return body.removesuffix("\n").split("\n") if body else []
