"""What two people changed, each in another way, in the words of the tree. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from msgspec import Struct

from operator_console.designer.forms.field_words import label_of
from operator_console.designer.forms.fields import form_at
from operator_console.designer.merging.texts import LINE
from operator_console.designer.merging.three_way import Choice
from operator_console.designer.outline.finding import row_of_place
from operator_console.designer.outline.rows import Row, outline
from operator_console.designer.outline.words import in_quotes
from operator_console.inbox.cells import cut
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.editing.plain import Plain, inside

Sign: TypeAlias = Literal[" ", "+", "-"]
DifferingLine: TypeAlias = tuple[Sign, str]
MOST_LINES = 14
"""Lines of a difference that are shown; a whole step rarely has more."""
LONGEST = 160
LINE_CELLS = 72
"""So much of a line of the file is shown."""
MOST_ROWS = 6


class SideWords(Struct, frozen=True):
    """What one side made of it: in words, and as lines of the file beside those from before. Cleaned."""

    said: str
    lines: tuple[DifferingLine, ...] = ()


class ChoiceWords(Struct, frozen=True):
    """`where` names the row of the tree, `what` the field of it; cleaned."""

    choice: Choice
    where: str
    what: str
    before: str
    mine: SideWords
    theirs: SideWords


class Versions:
    """The three texts with their rows, for as long as they are compared. Texts of the file are told in `language`."""

    def __init__(self, base: str, mine: str, theirs: str, language: str) -> None:
        self._documents = tuple(Document(text) for text in (base, mine, theirs))
        self._rows: tuple[tuple[Row, ...], ...] = tuple(
            outline(document, language) for document in self._documents
        )

    def words(self, choices: Sequence[Choice]) -> tuple[ChoiceWords, ...]:
        """Each choice in words, in the order of the file."""
        return tuple(self._words(choice) for choice in sorted(choices, key=self._line))

    def _line(self, choice: Choice) -> int:
        places = (choice.at.mine, choice.at.theirs)
        for place, document in zip(places, self._documents[1:], strict=True):
            if place.startswith(LINE):
                return int(place.removeprefix(LINE))
            try:
                return document.line(place)
            except KeyError:
                continue
        return 0

    def _words(self, choice: Choice) -> ChoiceWords:
        at = choice.at
        places, values = (at.base, at.mine, at.theirs), (choice.base, choice.mine, choice.theirs)
        if choice.what == "lines":
            line = safe_line(at.mine.partition(" ")[2], 10)
            where, what = _("Line {number} of the file").format(number=line), ""
        elif choice.what == "added":
            where = self._where(1, at.mine.rpartition(".")[0])[0]
            what = _("both of you have added something here")
        elif choice.what == "order":
            where, what = self._where(1, at.mine)[0], _("both of you have changed the order")
        else:
            known = next((n for n in (1, 0, 2) if values[n] is not None), 0)
            where, what = self._where(known, places[known])
        said = [self._said(choice, number, places[number], values[number]) for number in range(3)]
        before = _lines(choice, values[0])
        mine, theirs = (SideWords(said[n], _differing(before, _lines(choice, values[n]))) for n in (1, 2))
        return ChoiceWords(choice, where, what, said[0] if choice.base is not None else "", mine, theirs)

    def _where(self, version: int, place: str) -> tuple[str, str]:
        """The row of a place, and the field of it where the place is one."""
        row = self._rows[version][row_of_place(self._rows[version], place)]
        rest = inside(row.place, place)
        if not rest:
            return row.text, ""
        fields = form_at(self._documents[version], row.place)
        field = next((one for one in fields if inside(one.place, place) is not None), None)
        return row.text, label_of(field) if field is not None else safe_line(rest, 60)

    def _said(self, choice: Choice, version: int, place: str, value: Plain | None) -> str:
        if value is None:
            return _("taken away")
        if choice.what == "lines":
            return safe_line(value, LONGEST) if isinstance(value, str) else ""
        if isinstance(value, str):
            shown = safe_line(value, LONGEST)
            return in_quotes(shown) if " " in shown else shown or "—"
        if choice.what in ("added", "order") and isinstance(value, list):
            holder, _dot, first = place.rpartition(".")
            start, holder = (int(first), holder) if choice.what == "added" else (0, place)
            return self._row_words(version, [f"{holder}.{start + n}" for n in range(len(value))])
        return self._row_words(version, [place])

    def _row_words(self, version: int, places: Sequence[str]) -> str:
        rows = self._rows[version]
        said = [rows[row_of_place(rows, place)].text for place in places[:MOST_ROWS]]
        return ", ".join(said) + ("…" if len(places) > MOST_ROWS else "")


def _lines(choice: Choice, value: Plain | None) -> list[str]:
    """The value as lines of a file; nothing where a word says it all."""
    if value is None or choice.what == "order":
        return []
    if isinstance(value, str):
        return value.split("\n") if "\n" in value or choice.what == "lines" else []
    holder = Document("steps: []\n")
    items: list[Plain] = value if isinstance(value, list) else [value]
    holder.put("steps", items)
    lines = [line.removeprefix("  ") for line in holder.text.splitlines()[1:]]
    return lines if len(lines) > len(items) else []


def _differing(before: list[str], after: list[str]) -> tuple[DifferingLine, ...]:
    """What became of the lines, with a line around each change. Where nothing is left, a word has said so."""
    found: list[DifferingLine] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(1) if after else ():
        for what, a, b, c, d in group:
            if what == "equal":
                found += [(" ", _clean(line)) for line in before[a:b]]
            else:
                found += [("-", _clean(line)) for line in before[a:b]]
                found += [("+", _clean(line)) for line in after[c:d]]
    return tuple(found[:MOST_LINES])


def _clean(line: str) -> str:
    """A line of the file, with its indentation."""
    indent = len(line) - len(line.lstrip(" "))
    return cut(" " * min(indent, 40) + safe_line(line, LONGEST).lstrip(" "), LINE_CELLS)
