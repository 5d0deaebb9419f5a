"""Foreign text on its way to the terminal: proven against a real terminal emulator and by generated text."""

import subprocess
import sys
import time

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operator_console.safe_text import safe_line, safe_text

ATTACKS = [
    "\x1b[2J",
    "\x1b[31m",
    "\x1b[6n",
    "\x1b[?1000h",
    "\x1b[?1003;1006h",
    "\x1b[?1049h",
    "\x1b[?25l",
    "\x1b[4;20r",
    "\x1b[10A",
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]8;;https://evil.example\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]52;c;ZXZpbA==",
    '\x1bP$q"p\x1b\\',
    "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\",
    "\x1b_Gi=1;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstart\x1b\\",
    "\x1bc",
    "\x1b(0",
    "\x1b#8",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x9b2J",
    "\x9b6n",
    "\x9d0;owned\x9c",
    "\x90q\x9c",
    "\x84",
    "\x08",
    "\x07",
    "\x0e",
    "\x7f",
    "\r",
    "\x00",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\ud800",
    "\U000e0041\U000e0042",
]

MARKUP = [
    "[/",
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold red]",
    '[foo="bar"]',
    "\\[x]",
    "$text",
    "[link=https://x]y[/link]",
]

PIECES = st.one_of(
    st.text(max_size=8),
    st.characters(max_codepoint=0x9F),
    st.sampled_from(ATTACKS + MARKUP),
    st.sampled_from(
        ["\u0301", "\u200d", "\ufe0f", "\t", "\n", "\r\n", "\u2028", "漢", "👩\u200d🚒", "Ёж", "…", "\xad"]
    ),
)
HOSTILE = st.lists(PIECES, max_size=30).map("".join)

SHOWN_AS_IT_IS = set("\n\u200c\u200d")


class TestWhatComesOut:
    @given(HOSTILE)
    def test_nothing_but_text(self, text: str) -> None:
        """No control, bidi or invisible character and no surrogate survives."""
        for char in safe_text(text, multiline=True):
            if char not in SHOWN_AS_IT_IS:
                assert ord(char) >= 0x20
                assert not 0x7F <= ord(char) <= 0x9F
                assert not 0xD800 <= ord(char) <= 0xDFFF
                assert char not in "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff"

    @given(HOSTILE)
    def test_one_line_stays_one_line(self, text: str) -> None:
        """Without `multiline`, and in `safe_line`, no line end is left."""
        assert "\n" not in safe_text(text)
        assert "\n" not in safe_line(text)

    @given(HOSTILE, st.integers(1, 60))
    def test_clean_text_stays_as_it_is(self, text: str, limit: int) -> None:
        """Cleaning twice is cleaning once, also where the text was cut."""
        many = safe_text(text, limit=limit, multiline=True)
        assert safe_text(many, limit=limit, multiline=True) == many
        one = safe_text(text, limit=limit)
        assert safe_text(one, limit=limit) == one
        line = safe_line(text, limit)
        assert safe_line(line, limit) == line

    @given(HOSTILE, st.integers(1, 60))
    def test_never_longer_than_asked(self, text: str, limit: int) -> None:
        """The limit holds after tabs have grown and marks were added."""
        assert len(safe_text(text, limit=limit, multiline=True)) <= limit
        assert len(safe_line(text, limit)) <= limit

    @given(st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd", "Po"), max_codepoint=0x24F)))
    def test_ordinary_text_passes(self, text: str) -> None:
        """Letters, digits and punctuation come out as they went in."""
        assert safe_text(text) == text


class TestARealTerminal:
    """What a terminal emulator does with cleaned text: it writes characters, and nothing else happens."""

    @pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
    def test_each_attack_is_only_text(self, attack: str) -> None:
        """Cursor, modes, margins, title and colours are those of plain text; nothing is answered."""
        self.assert_harmless(safe_text(f"before {attack} after", multiline=True))

    @settings(max_examples=200)
    @given(HOSTILE)
    def test_generated_text_is_only_text(self, text: str) -> None:
        """The same for any mixture."""
        self.assert_harmless(safe_text(text, multiline=True))

    def test_the_emulator_does_notice_raw_text(self) -> None:
        """The proof can fail: raw, the same texts do rename the window and change colours and modes."""
        with pytest.raises(AssertionError):
            self.assert_harmless("\x1b]0;owned\x07")
        with pytest.raises(AssertionError):
            self.assert_harmless("\x1b[31mred")
        with pytest.raises(AssertionError):
            self.assert_harmless("\x1b[6n")

    def assert_harmless(self, text: str) -> None:
        answers: list[str] = []
        screen = pyte.Screen(80, 24)
        screen.write_process_input = answers.append  # type: ignore[method-assign]
        stream = pyte.Stream(screen)
        modes, cursor = set(screen.mode), screen.cursor.attrs
        stream.feed(text.replace("\n", "\r\n"))
        assert answers == []
        assert (screen.title, screen.icon_name) == ("", "")
        assert set(screen.mode) == modes
        assert screen.margins is None
        assert screen.cursor.attrs == cursor
        assert not screen.cursor.hidden
        assert screen.charset == 0
        stream.feed("\r\nEND")
        assert any("END" in line for line in screen.display)


class TestEscapeSequences:
    @pytest.mark.parametrize(
        ("raw", "clean"),
        [
            ("\x1b[31mred\x1b[0m", "�red�"),
            ("\x1b]0;title\x07name", "�name"),
            ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "�click�"),
            ("a\x1b]52;c;ZXZpbA==\x9cb", "a�b"),
            ("a\x1bPq#0;2\x1b\\b", "a�b"),
            ("a\x9d0;x\x9cb", "a�b"),
            ("a\x9b31mb", "a�b"),
            ("a\x1b(0b", "a�b"),
        ],
        ids=ascii,
    )
    def test_a_whole_sequence_is_one_mark(self, raw: str, clean: str) -> None:
        """No `[31m` litter stays."""
        assert safe_text(raw) == clean

    def test_an_unterminated_one_takes_its_line_at_most(self) -> None:
        """The lines below are still read."""
        assert safe_text("hi \x1b]0;never ends\nnext line", multiline=True) == "hi �\nnext line"
        assert safe_text("cut \x1b[12;") == "cut �"

    def test_wrongly_decoded_quotation_marks_take_no_text_along(self) -> None:
        """cp1252 quotes read as Latin-1 are C1 characters: the words between stay."""
        assert (
            safe_text("\x93quoted\x94 and \x9dmore\x9d words \x9bhere") == "�quoted� and �more� words �here"
        )


class TestMarkupIsText:
    @pytest.mark.parametrize("markup", MARKUP)
    def test_it_passes_literally(self, markup: str) -> None:
        """The cleaner does not escape: literal sinks show what was typed."""
        assert safe_text(markup) == markup


class TestScripts:
    @pytest.mark.parametrize(
        "text",
        [
            "Привет, ёжик!",
            "日本語テキスト",
            "Tiếng Việt",
            "สวัสดีครับ",
            "👩‍❤️‍👨 👍🏽 1️⃣ 🇺🇦",
            "می‌خواهم",
            "ä ö ü ß €",
        ],
    )
    def test_they_stay_whole(self, text: str) -> None:
        """Joiners, emoji selectors and up to three marks are kept."""
        assert safe_text(text) == text

    def test_piles_of_marks_are_cut_to_three(self) -> None:
        """Text that climbs over the lines above does not."""
        assert safe_text("e" + "\u0301" * 50 + "x") == "e\u0301\u0301\u0301x"
        assert safe_text("a" + "\u200d" * 50 + "b") == "a\u200d\u200d\u200db"

    def test_invisible_tag_text_is_one_mark(self) -> None:
        """Text hidden in tag characters shows as one mark."""
        assert safe_text("ok" + "".join(chr(0xE0000 + ord(c)) for c in "evil")) == "ok�"


class TestLines:
    def test_all_newlines_are_one_kind(self) -> None:
        """CR, LF, both, VT, FF, NEL, LS and PS each end a line."""
        assert safe_text("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", multiline=True) == "a\nb\nc\nd\ne\nf\ng\nh"

    def test_safe_line_shows_where_lines_ended(self) -> None:
        """Empty lines and outer blanks go, line ends are seen."""
        assert safe_line("  Hello \r\n\r\n there ") == "Hello ⏎ there"

    def test_tabs_are_expanded(self) -> None:
        """A tab reaches the next multiple of four."""
        assert safe_text("a\tb") == "a   b"

    def test_a_cut_is_seen(self) -> None:
        """An ellipsis ends what was longer."""
        assert safe_text("x" * 50, limit=10) == "x" * 9 + "…"
        assert safe_line("x" * 50, 10) == "x" * 9 + "…"


class TestOtherValues:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(None, ""), (12, "12"), (b"caf\xc3\xa9\xff", "café�"), (ValueError("a\x1bcb"), "a�b"), ("", "")],
        ids=ascii,
    )
    def test_they_become_text(self, value: object, text: str) -> None:
        """Numbers, bytes, exceptions and nothing at all."""
        assert safe_text(value) == text


class TestSpeed:
    @pytest.mark.parametrize(
        "piece", ["\x9d", "\x1b]", "\x1b[", "\x1b[1;", "\u0301", "\x9da\x1b]b", "\t", "\x1b \x1b", "ж"]
    )
    def test_time_is_linear(self, piece: str) -> None:
        """Eight times the text takes far less than 64 times the time, whatever it repeats."""
        small = self.best_of(piece * (20_000 // len(piece)))
        large = self.best_of(piece * (160_000 // len(piece)))
        assert large < max(small, 0.000_5) * 32

    def test_a_line_of_100_kb_is_cut_before_it_is_looked_at(self) -> None:
        """The default limit bounds the work."""
        text = "\x1b[31m" * 20_000
        assert len(safe_text(text)) <= 10_000
        assert min(self.timed(text, 10_000) for _ in range(3)) < 0.05

    def best_of(self, text: str) -> float:
        return min(self.timed(text, 10_000_000) for _ in range(3))

    def timed(self, text: str, limit: int) -> float:
        start = time.process_time()
        safe_text(text, limit=limit, multiline=True)
        return time.process_time() - start


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        # httpx brings Rich along for its own command line, hence the difference.
        ("operator_console.safe_text, operator_console.drafts", "textual rich httpx"),
        ("operator_console.client, operator_console.outgoing, operator_console.local_server", "textual"),
    ],
)
def test_it_knows_no_screen(modules: str, unwanted: str) -> None:
    """Importing the console's core loads no Textual, and the cleaner no Rich either."""
    code = f"import {modules}, sys; print([name for name in {unwanted.split()} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
