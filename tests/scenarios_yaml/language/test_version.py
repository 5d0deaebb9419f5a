"""A version tells what the file says from how it is laid out."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.reader import read_scenario

TEXT = """\
scenario: a
title: T
status: draft
trigger:
  - event: Session Started
reentry: {times: once, not_sooner_than: 1d}
steps:
  - say: Hello
  - set: {visitor.n: 5}
"""


def version(text: str) -> str:
    result = read_scenario(text)
    assert result.scenario is not None, result.problems
    return result.scenario.version


class TestVersion:
    def test_is_twelve_hex_digits_and_always_the_same(self):
        assert version(TEXT) == version(TEXT) == "d0ea3571c715"

    @pytest.mark.parametrize(
        ("was", "becomes"),
        [
            ("scenario: a\n", "# A comment\n\nscenario: a # and another\n"),
            ("title: T\n", 'title: "T"\n'),
            ("say: Hello", "say: 'Hello'"),
            ("{times: once, not_sooner_than: 1d}", "{not_sooner_than: 1d, times: once}"),
            ("reentry: {times: once, not_sooner_than: 1d}", "reentry:\n  times: once\n  not_sooner_than: 1d"),
            ("scenario: a\ntitle: T\n", "title: T\nscenario: a\n"),
            ("status: draft\n", "status: live\n"),
            ("status: draft\n", ""),
            ("\n", "\r\n"),
        ],
    )
    def test_layout_comments_and_status_make_no_new_one(self, was, becomes):
        assert was in TEXT
        assert version(TEXT.replace(was, becomes)) == version(TEXT)

    @pytest.mark.parametrize(
        ("was", "becomes"),
        [
            ("Hello", "Hello!"),
            ("say: Hello", "id: hello\n    say: Hello"),
            ("say: Hello", "enabled: false\n    say: Hello"),
            ("1d", "2d"),
            ("{visitor.n: 5}", '{visitor.n: "5"}'),
            ("  - say: Hello\n  - set: {visitor.n: 5}\n", "  - set: {visitor.n: 5}\n  - say: Hello\n"),
        ],
    )
    def test_what_it_says_makes_a_new_one(self, was, becomes):
        assert was in TEXT
        assert version(TEXT.replace(was, becomes)) != version(TEXT)
