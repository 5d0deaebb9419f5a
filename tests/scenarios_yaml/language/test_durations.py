"""Durations as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios_yaml.language.durations import LONGEST, duration_hint, format_duration, parse_duration


class TestDurations:
    @pytest.mark.parametrize(
        ("written", "milliseconds"),
        [
            ("30s", 30_000), ("15m", 900_000), ("1h30m", 5_400_000), ("3d", 259_200_000), ("2w", 1_209_600_000),
            ("1w2d3h4m5s", 788_645_000), ("90m", 5_400_000), ("007s", 7_000),
        ],
    )  # fmt: skip
    def test_in_milliseconds(self, written, milliseconds):
        assert parse_duration(written) == milliseconds

    @pytest.mark.parametrize(
        "written",
        ["", "0s", "3", "d", "3 d", "3d ", "-3d", "1.5h", "30m1h", "3D", "3d3d", "٣d", "9999999s", "600w"],
    )
    def test_anything_else_is_none(self, written):
        assert parse_duration(written) is None

    @pytest.mark.parametrize(
        ("written", "hint"),
        [("3 days", "write 3d"), ("1 Hour", "write 1h"), ("15 min", "write 15m"), ("0", "longer than nothing"),
         ("10", "with its unit: 10s, 10m, 10h or 10d"), ("soon", "for example 30s, 15m, 1h30m, 3d or 2w")],
    )  # fmt: skip
    def test_what_was_probably_meant(self, written, hint):
        assert hint in duration_hint(written)

    @settings(deadline=None)
    @given(st.integers(1, LONGEST // 1000))
    def test_written_and_read_again(self, seconds):
        assert parse_duration(format_duration(seconds * 1000)) == seconds * 1000
