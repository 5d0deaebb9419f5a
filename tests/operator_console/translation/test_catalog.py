"""The catalogs: complete, in step with the code, and such that nothing breaks where they are used."""

from __future__ import annotations

import ast
import gettext
import re
import string
import unicodedata
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from rich.cells import cell_len

from operator_console.actions import ACTIONS
from operator_console.inbox.line_parts import LABEL_CELLS
from operator_console.outbox.row_lines import STATUS_CELLS
from operator_console.server_words import SENTENCES
from operator_console.translation import LANGUAGES, _, said
from tests.operator_console.translation import catalog

RUSSIAN = catalog.LOCALE / "ru" / "LC_MESSAGES" / "console.po"
SAME_IN_BOTH = {"{name}: {text}"}
"""Texts without words of a language."""
KEYS = re.compile(r"Ctrl\+\w|\b(?:Esc|Tab|Enter|Del)\b|[⌥⇧]?⏎|\^\w|⌫")
TITLE_CELLS = 20
"""So wide may a title be that the help still has room for its second column in 80 columns."""


def messages() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every text of the Russian catalog: its English forms, and its Russian ones."""
    for message in catalog.read(RUSSIAN):
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            russian = message.string if isinstance(message.string, tuple) else (message.string,)
            yield english, russian


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def blanks(text: str) -> tuple[int, int]:
    """Blanks before and behind."""
    return len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))


class TestTheCatalogs:
    def test_every_language_but_english_has_one(self) -> None:
        assert {path.parts[-3] for path in catalog.languages()} == set(LANGUAGES) - {"en"}

    def test_every_text_of_the_code_is_translated(self) -> None:
        assert catalog.missing() == [], "python tests/operator_console/translation/catalog.py update"

    def test_nothing_is_left_of_texts_that_are_gone(self) -> None:
        known = {
            (text.context, text.id if isinstance(text.id, str) else text.id[0]) for text in catalog.texts()
        }
        left = {
            (message.context, message.id if isinstance(message.id, str) else message.id[0])
            for message in catalog.read(RUSSIAN)
            if message.id
        }
        assert left - known == set()

    def test_what_is_shown_is_what_is_written(self) -> None:
        with RUSSIAN.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        for message in catalog.read(RUSSIAN):
            if isinstance(message.id, str) and message.id:
                shown = (
                    compiled.pgettext(message.context, message.id)
                    if message.context
                    else compiled.gettext(message.id)
                )
                assert shown == message.string
            elif message.id:
                assert compiled.ngettext(*message.id, 1) == message.string[0]
                assert compiled.ngettext(*message.id, 3) == message.string[1]
                assert compiled.ngettext(*message.id, 5) == message.string[2]

    def test_the_words_that_are_kept_to_stand_above(self) -> None:
        header = catalog.read(RUSSIAN).header_comment
        for word in ("посетитель", "оператор", "диалог", "заготовка", "тег", "сценарий", "исходящие"):
            assert word in header


class TestTheTexts:
    def test_what_is_filled_in_is_the_same_in_both_languages(self) -> None:
        for english, russian in messages():
            for form in russian:
                assert placeholders(form) == placeholders(english[-1]), english

    def test_every_number_has_its_three_forms(self) -> None:
        assert {len(russian) for english, russian in messages() if len(english) == 2} == {3}

    def test_blanks_around_a_text_stay(self) -> None:
        for english, russian in messages():
            assert {blanks(form) for form in russian} == {blanks(english[0])}, english

    def test_an_ending_stays_an_ending(self) -> None:
        for english, russian in messages():
            for mark in (".", "…", "?", ":", "! "):
                assert {form.endswith(mark) for form in russian} == {english[0].endswith(mark)}, english

    def test_a_text_is_russian(self) -> None:
        for english, russian in messages():
            if english[0] not in SAME_IN_BOTH:
                letters = "".join(russian)
                assert any("CYRILLIC" in unicodedata.name(letter, "") for letter in letters), english

    def test_keys_that_a_text_names_stay_what_they_are(self) -> None:
        for english, russian in messages():
            assert sorted(KEYS.findall(english[0])) == sorted(KEYS.findall(russian[0])), english

    def test_titles_of_actions_are_short(self, russian) -> None:
        assert [title for action in ACTIONS if cell_len(title := _(action.title)) > TITLE_CELLS] == []

    def test_labels_fit_before_what_they_say(self, russian) -> None:
        for label in ("page", "section", "first", "now", "landing", "visits", "local time", "language", "device",
                      "shop's id", "dialogs", "merged", "place", "name", "email", "phone", "from", "to", "subject",
                      "preheader", "attached", "visitor", "scenario", "planned"):  # fmt: skip
            assert cell_len(_(label)) < LABEL_CELLS
        for label in ("source", "medium", "campaign", "term", "content"):
            assert cell_len(said("campaign", label)) < LABEL_CELLS
        for status in ("waiting", "kept", "sent", "failed", "unknown"):
            assert cell_len(said("outbox", status)) <= STATUS_CELLS


class TestExtracting:
    def found(self, source: str) -> list[tuple[str | tuple[str, str], str | None]]:
        return [(text.id, text.context) for text in catalog.texts_of(source, "a_file.py")]

    def test_texts_counts_contexts_and_tables(self) -> None:
        source = """
_("One"); counted("{count} dog", "{count} dogs", 3); said("tab", "All"); marked("In a table")
marked("Open", "tab"); Action("a.b", "Title", "Help", ("x",), "inbox", "run"); f"{_('inside')}"
"""
        assert self.found(source) == [
            ("One", None),
            (("{count} dog", "{count} dogs"), None),
            ("All", "tab"),
            ("In a table", None),
            ("Open", "tab"),
            ("Title", None),
            ("Help", None),
            ("inside", None),
        ]

    def test_both_of_two_texts(self) -> None:
        assert self.found('_("here" if there else "away")') == [("here", None), ("away", None)]

    def test_a_text_from_a_table_is_that_of_the_table(self) -> None:
        assert self.found("_(TABLE[key])") == []

    @pytest.mark.parametrize(
        "source", ['_(f"Hello {name}")', '_("Hello " + name)', 'counted(f"{n}", "x", n)']
    )
    def test_a_text_that_is_put_together_is_a_mistake(self, source: str) -> None:
        with pytest.raises(ValueError, match=r"a_file\.py:1"):
            self.found(source)


class TestTheServersWords:
    """Sentences that the server says are translated by what they say: they must be those that it says."""

    def test_they_stand_in_the_server(self) -> None:
        said_there: set[str] = set()
        for folder in ("server_stub", "scenarios_yaml"):
            for path in (catalog.ROOT / folder).rglob("*.py"):
                said_there |= set(sentences(path))
        assert [one for one in SENTENCES if one not in said_there] == []


def sentences(path: Path) -> Iterator[str]:
    """Every text of a file, with {0}, {1} … for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            number, words = 0, ""
            for part in node.values:
                if isinstance(part, ast.Constant):
                    words += str(part.value)
                else:
                    words, number = f"{words}{{{number}}}", number + 1
            yield words
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{\}", "{0}", node.value)


def test_a_header_is_a_comment() -> None:
    lines = RUSSIAN.read_text(encoding="utf-8").splitlines()
    assert len(list(takewhile(lambda line: line.startswith("#"), lines))) > 20
