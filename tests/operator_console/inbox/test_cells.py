"""Text in cells: what is wrapped or cut fits, and no grapheme is taken apart."""

from __future__ import annotations

import time
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from operator_console.inbox.cells import cut, pad, wrap
from operator_console.inbox.feed_lines import LINK
from operator_console.inbox.times import DAY, HOUR, MINUTE, ago, day, span
from operator_console.safe_text import safe_text

FAMILY = "👨‍👩‍👧"
NOON = 1_772_452_800_000


class TestWrapping:
    def test_breaks_at_blanks(self) -> None:
        assert wrap("the oak one is dimmable", 10) == ["the oak", "one is", "dimmable"]

    def test_wide_characters_count_two(self) -> None:
        assert wrap("山の写真の付いた", 6) == ["山の写", "真の付", "いた"]

    def test_an_emoji_of_several_characters_stays_whole(self) -> None:
        assert wrap(FAMILY * 3, 4) == [FAMILY * 2, FAMILY]

    def test_keeps_the_writers_own_lines(self) -> None:
        assert wrap("one\n\ntwo", 20) == ["one", "", "two"]

    def test_a_word_of_twenty_thousand_characters_takes_no_time(self) -> None:
        began = time.process_time()
        assert len(wrap("é" * 20_000, 40)) == 500
        assert time.process_time() - began < 1

    @given(st.text(max_size=300), st.integers(4, 80))
    def test_every_line_fits_and_nothing_but_blanks_is_lost(self, raw: str, width: int) -> None:
        text = safe_text(raw, limit=1000, multiline=True)
        lines = wrap(text, width)
        assert all(cell_len(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())


class TestCutting:
    @given(st.text(max_size=100), st.integers(0, 40))
    def test_what_is_padded_is_exactly_as_wide(self, raw: str, width: int) -> None:
        assert cell_len(pad(safe_text(raw), width)) == width

    def test_a_cut_is_marked(self) -> None:
        assert cut("Anna Petrova", 6) == "Anna…"


class TestTimes:
    @pytest.mark.parametrize(
        ("past", "text"),
        [(0, "now"), (4 * MINUTE, "4m"), (3 * HOUR, "3h"), (2 * DAY, "2d"), (20 * DAY, "10 Feb")],
    )
    def test_how_long_ago(self, past: int, text: str) -> None:
        assert ago(NOON - past, NOON, None) == text

    def test_days_have_names(self) -> None:

        assert [day(NOON - n * DAY, NOON, UTC) for n in (0, 1, 3, 30)] == [
            "Today",
            "Yesterday",
            "Friday",
            "31 Jan",
        ]

    def test_lengths(self) -> None:
        assert [span(n) for n in (5_000, 4 * MINUTE, 200 * MINUTE, 2 * HOUR, 3 * DAY)] == [
            "5s",
            "4m",
            "3h 20m",
            "2h",
            "3d",
        ]

    def test_a_time_out_of_range_does_not_break_the_screen(self) -> None:
        assert day(10**18, NOON, None)


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("see https://shop.example/p?a=1, please", ["https://shop.example/p?a=1"]),
            ("(http://a.example/b).", ["http://a.example/b"]),
            ("javascript:alert(1) file:///etc/passwd", []),
        ],
    )
    def test_only_web_links_are_links(self, text: str, found: list[str]) -> None:
        assert LINK.findall(text) == found
