"""A file as lines: edited anywhere, it stays what it was elsewhere, and what is shown is as long as what is there."""

from __future__ import annotations

import random

import pytest

from operator_console.designer.tree.file_lines import FileLines
from operator_console.designer.tree.text_lines import LinePainter, LineState, Wrong, coloured
from operator_console.safe_text import safe_characters
from operator_console.themes import DARK

PIECES = [
    "a",
    "é",
    "\t",
    "{{ x }}",
    "  - say: ",
    "\n",
    "\r\n",
    "\r",
    "\u2028",
    "\x85",
    "\x0b",
    "\x1b[2J",
    "\u202e",
    "🙂",
    "",
]


def some_text(chance: random.Random, most: int = 30) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randrange(most)))


class TestLines:
    @pytest.mark.parametrize("seed", range(20))
    def test_a_text_comes_back_as_it_was_and_each_place_has_its_offset(self, seed) -> None:
        text = some_text(random.Random(seed), 60)
        lines = FileLines(text)
        assert lines.text == text
        for row, line in enumerate(lines.lines):
            for column in range(len(line)):
                assert lines.location_of(lines.offset_of((row, column))) == (row, column)

    @pytest.mark.parametrize("seed", range(100))
    def test_an_edit_changes_what_it_replaces_and_nothing_else(self, seed) -> None:
        chance = random.Random(seed)
        lines = FileLines(some_text(chance))
        for _ in range(20):
            before = lines.text
            places = sorted(
                (row, chance.randint(0, len(lines[row])))
                for row in (chance.randrange(lines.line_count) for _ in range(2))
            )
            start, end = lines.offset_of(places[0]), lines.offset_of(places[1])
            new = chance.choice(["", "x", "two words", "a\u2028b"])
            result = lines.replace_range(*places, new)
            assert lines.text == before[:start] + new + before[end:]
            assert result.replaced_text == before[start:end]
            assert lines.offset_of(result.end_location) == start + len(new)

    def test_a_typed_line_ends_as_the_file_does(self) -> None:
        lines = FileLines("a\r\nb\r\n")
        lines.replace_range((0, 1), (0, 1), "\nx\ny")
        assert lines.text == "a\r\nx\r\ny\r\nb\r\n"

    @pytest.mark.parametrize("seed", range(100))
    def test_another_text_is_taken_over_by_the_lines_that_differ(self, seed) -> None:
        chance = random.Random(seed)
        old = some_text(chance, 40)
        at, end = sorted(chance.randint(0, len(old)) for _ in range(2))
        new = old[:at] + some_text(chance, 5) + old[end:]
        lines = FileLines(old)
        swap = lines.become(new)
        assert lines.text == new
        assert lines.lines == FileLines(new).lines
        assert (swap is None) == (old == new)
        if swap is not None:
            kept = FileLines(old).lines[swap.last + 1 :]
            assert lines.lines[swap.now_last + 1 :] == kept
            assert lines.lines[: swap.first] == FileLines(old).lines[: swap.first]


class TestWhatTheTerminalGets:
    def test_as_many_characters_as_there_are_and_none_that_it_obeys(self) -> None:
        evil = "a\x1b[2J\x9b2J\x07\u202e\u200b\u2028\ufeff\xad\U000e0041b" + "e" + "\u0301" * 9
        clean = safe_characters(evil)
        assert len(clean) == len(evil)
        assert not set(clean) & set("\x1b\x9b\x07\u202e\u200b\u2028\ufeff\xad\U000e0041")
        assert clean.count("\u0301") == 3
        assert safe_characters(clean) == clean
        assert safe_characters("\tкофе é 🙂 {{ x }}") == "\tкофе é 🙂 {{ x }}"

    @pytest.mark.parametrize("left", [0, 3, 40])
    @pytest.mark.parametrize(
        "line", ["", "\ta: \tb", '  - say: "{{ x }} # no" # yes', "ширина: 日本語の行", "x" * 99]
    )
    def test_a_line_is_painted_in_exactly_its_width(self, line, left) -> None:
        painter = LinePainter(DARK, 40, 4)
        for state in (
            LineState(7),
            LineState(7, True, Wrong("hot", 3), (1, 4), 2),
            LineState(7, False, Wrong("warm", 300), (0, 0), len(line)),
        ):
            strip = painter.paint(line, state, left)
            assert sum(segment.cell_length for segment in strip) == strip.cell_length == 40
            assert "\t" not in strip.text

    def test_templates_and_comments_stand_out_but_not_within_quotes(self) -> None:
        pieces = coloured('  - say: "{{ visitor.name }} # is no comment"  # is one')
        assert ("{{ visitor.name }}", "bot") in pieces
        assert pieces[-1] == ("# is one", "note")
        assert [text for text, colour in pieces if colour == "note"] == ["# is one"]
        assert (
            "".join(text for text, _colour in pieces)
            == '  - say: "{{ visitor.name }} # is no comment"  # is one'
        )
