"""A segment's file is read as strictly as a scenario's, and holds only what can be known without a run."""

from __future__ import annotations

import pytest

from scenarios_yaml.language import model
from scenarios_yaml.language.segment_reader import read_segment, read_segment_bytes, read_segment_file

GOOD = """\
segment: big-spenders
title: {en: Big spenders, ru: Щедрые}
comment: Asked for by the sales team
conditions:
  - sum(order_completed.total) > 10000 in 90d
  - any:
      - tagged vip
      - not in segment wholesale
  - did order_completed where event.total > 5000
"""

MISTAKES = [
    ("segment: a\ntitle: T\nconditions:\n  - in segment «a\n", "the segment “a” names itself"),
    ("segment: a\ntitle: T\nconditions:\n  - not: {any: [not in segment «a]}\n", "names itself"),
    ("segment: a\ntitle: T\nconditions:\n  - «event.total > 5\n", "a segment has no event"),
    ("segment: a\ntitle: T\nconditions:\n  - «run.size is known\n", "a segment has no run"),
    ("segment: a\ntitle: T\nconditions:\n  - «parameters.sum > 5\n", "a segment has no parameters"),
    ("segment: a\ntitle: T\nconditions:\n  - cart.total > «parameters.sum\n", "a segment has no parameters"),
    ("segment: a\ntitle: T\nconditions:\n  - did cart_viewed where «run.a = 1\n", "a segment has no run"),
    ('segment: a\ntitle: "T {{ «parameters.sum }}"\nconditions:\n  - visits > 1\n', "a segment has no parameters"),
    ("segment: «Big Ones\ntitle: T\nconditions:\n  - visits > 1\n", "no short name"),
    ("«title: T\nconditions:\n  - visits > 1\n", "needs the key “segment”"),
    ("«segment: a\nconditions:\n  - visits > 1\n", "needs the key “title”"),
    ("«segment: a\ntitle: T\n", "needs the key “conditions”"),
    ("segment: a\ntitle: T\nconditions: «[]\n", "a condition is missing here"),
    ("segment: a\ntitle: T\nconditions: «visits > 1\n", "a list of conditions"),
    ("segment: a\ntitle: T\n«conditons: x\nconditions:\n  - visits > 1\n", "no key “conditons”"),
    ("«- visits > 1\n", "a segment is a mapping"),
]  # fmt: skip


def place_of_mark(marked: str) -> tuple[int, int]:
    before = marked.partition("«")[0]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


class TestAGoodSegment:
    def test_becomes_its_conditions(self):
        segment = read_segment(GOOD, "segments/big_spenders.yaml").segment
        assert segment is not None
        assert (segment.slug, segment.comment) == ("big-spenders", "Asked for by the sales team")
        assert segment.title.sources == {"en": "Big spenders", "ru": "Щедрые"}
        total, either, order = segment.conditions
        assert isinstance(total, model.SumOf)
        assert isinstance(either, model.Any_)
        assert [type(one) for one in either.of] == [model.Tagged, model.InSegment]
        assert isinstance(order, model.Did)
        assert order.line == 9

    def test_has_a_version_that_layout_does_not_change(self):
        version = read_segment(GOOD).segment.version
        assert read_segment(GOOD.replace("title:", "# a remark\ntitle:")).segment.version == version
        assert read_segment(GOOD.replace("10000", "20000")).segment.version != version


class TestMistakes:
    @pytest.mark.parametrize(("marked", "message"), MISTAKES)
    def test_are_named_where_they_stand(self, marked, message):
        result = read_segment(marked.replace("«", ""))
        assert result.segment is None
        assert message in result.problems[0].message
        assert [(p.line, p.column) for p in result.problems] == [place_of_mark(marked)]

    def test_all_at_once(self):
        text = "segment: A\ntitel: T\nconditions:\n  - run.x = 1\n  - sity is known\n"
        assert [problem.line for problem in read_segment(text).errors] == [1, 1, 2, 4, 5]

    def test_the_name_is_that_of_the_file(self):
        (problem,) = read_segment(GOOD, "segments/spenders.yaml").problems
        assert "the segment “big-spenders” stands in a file named “spenders”" in problem.message

    def test_a_misspelt_event_is_a_warning(self):
        result = read_segment("segment: a\ntitle: T\nconditions:\n  - did order_complete\n")
        assert result.segment is not None
        assert [problem.hint for problem in result.warnings] == ["did you mean “Order Completed”?"]


class TestFiles:
    def test_a_file_on_disk(self, tmp_path):
        path = tmp_path / "big-spenders.yaml"
        path.write_text(GOOD, encoding="utf-8")
        assert read_segment_file(path).problems == ()

    def test_a_missing_file_and_bytes_that_are_no_text(self, tmp_path):
        assert "cannot be read" in read_segment_file(tmp_path / "none.yaml").problems[0].message
        assert "not UTF-8" in read_segment_bytes(b"segment: \xff", "a.yaml").problems[0].message
