"""An edit changes its own span: every other byte, each comment among them, stays."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.editing.status import CannotEditError, set_status
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.library.index import library

EDITS = [
    ("scenario: x\nstatus: draft # not yet\ntitle: T\n", "scenario: x\nstatus: live # not yet\ntitle: T\n"),
    ('status: "draft"\ntitle: T\n', "status: live\ntitle: T\n"),
    ("status: 'draft'", "status: live"),
    ("status :   draft\r\ntitle: T\r\n", "status :   live\r\ntitle: T\r\n"),
    ("status:\ntitle: T\n", "status: live\ntitle: T\n"),
    ("status: # which?\ntitle: T\n", "status: live # which?\ntitle: T\n"),
    ("status: |\n  draft\ntitle: T\n", "status: live\ntitle: T\n"),
    (
        "scenario: x\ntitle: T # a title\n\ntrigger: []\n",
        "scenario: x\ntitle: T # a title\nstatus: live\n\ntrigger: []\n",
    ),
    (
        "title:\n  en: A\n  ru: Б  # да\n# end\nx: y",
        "title:\n  en: A\n  ru: Б  # да\nstatus: live\n# end\nx: y",
    ),
    ("title: {en: A,\n  ru: Б}\r\nx: y\r\n", "title: {en: A,\n  ru: Б}\r\nstatus: live\r\nx: y\r\n"),
    ("title: >\n  A long\n  title\n\nx: y\n", "title: >\n  A long\n  title\nstatus: live\n\nx: y\n"),
    ("{scenario: x, title: T}", "{scenario: x, title: T, status: live}"),
    ("status: [a]\n", "status: live\n"),
    ("scenario: x\n", "scenario: x\nstatus: live\n"),
    ("title: T", "title: T\nstatus: live"),
    ("\ufefftitle: T\n", "\ufefftitle: T\nstatus: live\n"),
]


class TestStatus:
    @pytest.mark.parametrize(("before", "after"), EDITS)
    def test_is_replaced_or_added_below_the_title(self, before, after):
        assert set_status(before, "live") == after

    @pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
    def test_of_every_scenario_of_the_library(self, item):
        launched = set_status(item.text, "live")
        before, after = read_scenario(item.text).scenario, read_scenario(launched).scenario
        assert before is not None
        assert after is not None
        assert (before.status, after.status) == ("draft", "live")
        assert set_status(launched, "draft") == item.text
        changed = [
            pair
            for pair in zip(item.text.splitlines(), launched.splitlines(), strict=True)
            if pair[0] != pair[1]
        ]
        assert changed == [("status: draft", "status: live")]

    @pytest.mark.parametrize("text", ["", "- a\n", "a: [\n", "a: &b c\n", "a: 1\na: 2\n"])
    def test_a_text_that_is_no_scenario_stays_as_it_is(self, text):
        with pytest.raises(CannotEditError):
            set_status(text, "live")

    def test_only_a_status(self):
        with pytest.raises(CannotEditError, match="not one of draft, live, paused, archived"):
            set_status("title: T\n", "alive")
