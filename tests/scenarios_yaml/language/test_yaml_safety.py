"""YAML can do more than a scenario needs. What has been used to surprise is refused, with its place."""

from __future__ import annotations

import time

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.yaml_nodes import compose

REFUSED = [
    ("a: «&anchor b\n", "“&anchor” names a place", ""),
    ("a: «!!python/object:os.system b\n", "is a YAML tag", ""),
    ("a: «!local {b: c}\n", "is a YAML tag", ""),
    ("a: {b: c}\n«<<: {d: e}\n", "“<<” merges mappings", ""),
    ("a: b\n«a: c\n", "the key “a” stands here twice, first in line 1", ""),
    ("a: {b: 1, «b: 2}\n", "stands here twice", ""),
    ("a: b\n«--- \nc: d\n", "a second document begins here", "delete `---`"),
    ("a:\n«\tb: c\n", "a tab stands where spaces belong", "indent with spaces"),
    ("«\u0007a: b\n", "cannot be seen stands here: U+0007", "delete it"),
    ("a: one«\u2028two\n", "U+2028", "delete it"),
    ("a: «\x1b[31mred\n", "U+001B", ""),
]

TRIPPED = [
    ("say: «{{ visitor.name }}\n", "cannot begin with `{{`", "put the text in quotes: it begins with `{{`"),
    ("say: «{{ visitor.name }}, hello\n", "cannot begin with `{{`", "put the text in quotes"),
    ("a: {title: «{{ visitor.name }}, b: c}\n", "cannot begin with `{{`", "put the text in quotes"),
    ("say: {«% if visitor.name %}Hi{% endif %}\n", "", "put the text in quotes: it begins with `{%`"),
    ("say: Note«: the shop is closed\n", "second colon", "put the text in quotes: it holds `: `"),
    ("a: {title: Sale«: today, text: X}\n", "", "put the text in quotes: it holds `: `"),
    (
        "a: {title: We are «#1, text: X}\n",
        "its end would be a comment",
        "in quotes: what follows ` #` is a comment",
    ),
    ("say: {label: «?what}\n", "", "put the text in quotes: a `?` stands inside `{…}`"),
    ("say: «? what\n", "a `?` cannot stand here", "put the text in quotes: it begins with `?`"),
    ("say: «@home\n", "", "it begins with `@`"),
    ("say: «`code`\n", "", "it begins with ```"),
    ("say: «%d of them\n", "", "it begins with `%`"),
    ("say: *Hello«*\n", "", "it begins with `*`"),
    ("say: &« more\n", "", "it begins with `&`"),
    ("say: > «quoted\n", "cannot begin with `>`", "it begins with `>`"),
    ("say: [Sale] «today\n", "", "put the text in quotes: it begins with `[`"),
    ("say: {sale} «today\n", "", "put the text in quotes: it begins with `{`"),
    ('say: "Hello" «and goodbye\n', "behind the closing quote", "one pair of quotes"),
    ("say: 'It'«s fine'\n", "behind the closing quote", "a quote inside '…' is written twice"),
    ('- "Order Completed" > «3\n', "", "quotes"),
    ("if: [city in «[a, b]]\n", "", "put the condition in quotes"),
    ('say: "never closed\n«', "in the middle of a text in quotes", "close the quotes"),
    ("a: {b: c\nd«: e\n", "the bracket that opens in line 1 is not closed", ""),
    ('say: "a «\\q b"\n', "an unknown escape", ""),
    ("say: «- Hello\n", "a list cannot begin here", "it begins with `- `"),
    (
        "a:\n  - b: c\n «  d: e\n".replace(" «  ", "   «"),
        "does not fit the list above",
        "check the indentation",
    ),
    ("a: b\n  c«: d\n", "second colon", ""),
    ("goal:{event: A, within«: 1d}\n", "", "put a space after the colon"),
    ("a:\n  - b\n«\t- c\n", "a tab stands where spaces belong", "indent with spaces"),
]


class TestWhatIsRefused:
    @pytest.mark.parametrize(("marked", "message", "hint"), REFUSED)
    def test_at_its_place(self, small, marked, message, hint):
        text = marked.replace("«", "")
        _, line, column = small.problems(marked)
        problems = compose(text)[1]
        assert [(p.line, p.column) for p in problems] == [(line, column)], list(map(str, problems))
        assert message in problems[0].message
        assert hint in problems[0].hint

    def test_an_alias_is_refused_together_with_its_anchor(self):
        _, problems = compose("a: &x b\nc: *x\nd: *x\n")
        assert [(p.line, p.column) for p in problems] == [(1, 4), (2, 4), (3, 4)]
        assert all("in quotes" in problem.hint for problem in problems)

    @pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
    def test_nesting_beyond_forty_levels(self, opening):
        node, problems = compose(opening * 5000)
        assert node is None
        assert "nested too deep" in problems[0].message

    def test_forty_levels_are_read(self):
        assert compose("[" * 40 + "]" * 40)[1] == []
        assert compose("[" * 41 + "]" * 41)[1] != []

    def test_more_than_twenty_thousand_pieces(self):
        _, problems = compose("- a\n" * 20_001)
        assert "more than 20,000 pieces" in problems[0].message
        assert problems[0].line == 20_000

    def test_more_than_256_kilobytes(self):
        assert compose("a: " + "я" * 131_000)[1] == []
        assert "too large" in compose("a: " + "я" * 131_100)[1][0].message

    def test_the_billion_laughs(self):
        lines = ["a0: &a0 lol"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
        began = time.process_time()
        result = read_scenario("\n".join(lines))
        assert result.scenario is None
        assert time.process_time() - began < 1

    def test_half_a_character(self):
        assert "U+D800" in compose("a: \ud800")[1][0].message

    @pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
    def test_an_empty_file(self, text):
        assert compose(text)[1][0].message == "the file is empty"


class TestWhatTripsAWriter:
    @pytest.mark.parametrize(("marked", "message", "hint"), TRIPPED)
    def test_gets_told_what_to_do(self, small, marked, message, hint):
        _, line, column = small.problems(marked)
        problem = compose(marked.replace("«", ""))[1][-1]
        assert (problem.line, problem.column) == (line, column), str(problem)
        assert message in problem.message
        assert hint in problem.hint

    def test_once_for_each_line(self):
        """What is no YAML because of one text in a line is said of that text, and nothing else of the line."""
        for text in ("- say: {{ a }}, b\n", "- say: {{ a }}\n", "- &a say: b\n- *a\n"):
            problems = read_scenario(f"scenario: a\ntitle: T\ntrigger:\n- event: A\nsteps:\n{text}").problems
            assert len({problem.line for problem in problems}) == len(problems), list(map(str, problems))


class TestScalars:
    """Every scalar is a string until the schema types it."""

    def test_no_is_a_country_and_ten_o_clock_a_time(self, small):
        scenario = small.read(
            small.file("  - wait: {at: 10:00}\n  - set: {visitor.country: NO, visitor.code: 0123, visitor.n: 12}\n")
            .replace("title: A title", "title: NO")
        )  # fmt: skip
        assert scenario.title.sources == {"": "NO"}
        wait, setting = scenario.steps
        assert wait.at == "10:00"
        values = {path: getattr(value, "sources", value) for path, value in setting.values}
        assert values == {"visitor.country": {"": "NO"}, "visitor.code": {"": "0123"}, "visitor.n": 12}

    def test_quotes_make_a_text_of_a_number(self, small):
        step = small.step('  - set: {visitor.a: "12", visitor.b: true, visitor.c: "true", visitor.d: null}\n')
        values = {path: getattr(value, "sources", value) for path, value in step.values}
        assert values == {
            "visitor.a": {"": "12"},
            "visitor.b": True,
            "visitor.c": {"": "true"},
            "visitor.d": None,
        }

    def test_an_off_day_is_not_false(self, small):
        assert small.step("  - tag: off\n").tag == "off"
