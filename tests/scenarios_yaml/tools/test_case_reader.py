"""Test files are read strictly: each mistake with its position and what to do, all of them at once."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_reader import TestsResult, read_tests, read_tests_file

CASE = "- test: one\n  timeline:\n"


def read(text: str) -> TestsResult:
    return read_tests(dedent(text).lstrip("\n"), "shop.test.yaml")


def timeline(*lines: str) -> tuple[cases.TimelineItem, ...]:
    result = read_tests(CASE + "".join(f"    {line}\n" for line in lines))
    assert not result.problems, [str(problem) for problem in result.problems]
    return result.cases[0].timeline


MISTAKES = [
    ("", "1:1: error: the file is empty"),
    ("test: one\n", "1:1: error: a test file is a list of cases (it begins with “- test: what is shown”)"),
    ("- timeline: [close]\n", "1:3: error: a case needs the key “test”"),
    ("- test: one\n", "1:3: error: a case needs the key “timeline”"),
    ("- test: one\n  timeline: []\n", "2:13: error: “timeline” holds nothing"),
    ("- test: one\n  timelin: [close]\n", "a case has no key “timelin” (did you mean “timeline”?)"),
    (
        "- {test: one, timeline: [close]}\n- {test: one, timeline: [close]}\n",
        "2:4: error: “one” stands here twice, first in line 1",
    ),
    (CASE + "    - clos\n", "3:7: error: “clos” is nothing that a timeline knows (did you mean “close”?)"),
    (CASE + "    - event\n", "“event” is nothing that a timeline knows (it needs a value: “- event: …”)"),
    (CASE + "    - evnt: Go\n", "has no key “evnt” (did you mean “event”?)"),
    (CASE + "    - {event: Go, advance: 1d}\n", "3:19: error: one line of the timeline is one thing"),
    (CASE + "    - {advance: 1d, properties: {a: 1}}\n", "“properties” belongs to “event”, not to “advance”"),
    (CASE + "    - {properties: {a: 1}}\n", "“properties” stands without its line"),
    (CASE + "    - advance: 3 days\n", "3:16: error: “3 days” is no duration (write 3d)"),
    (CASE + "    - advance_to: tomorrow\n", "“tomorrow” is no date and time"),
    (CASE + "    - operator_online: many\n", "“many” is no whole number from 0 to 1000"),
    (CASE + "    - close: yes please\n", "“close” stands alone (write “- close”)"),
    (CASE + "    - expect: letter\n", "“expect” is a mapping of what came to how it looks"),
    (CASE + "    - expect: {}\n", "“expect” holds nothing"),
    (CASE + "    - expect: {mail: letter}\n", "“expect” has no key “mail” (did you mean “email”?)"),
    (
        CASE + "    - expect: {contains: Lamp}\n",
        "3:16: error: “contains” looks at what the same “expect” names",
    ),
    (CASE + "    - expect: {email: a, options: [b]}\n", "“options” belongs to “say” or “ask”"),
    (CASE + "    - expect: {say: a, fields: [b]}\n", "“fields” belongs to “popup”"),
    (CASE + "    - expect: {visitr.city: Prague}\n", "did you mean “visitor.city”?"),
    (CASE + "    - expect: {event.total: 1}\n", "“event.total” is not known after the fact"),
    (CASE + "    - expect: {popup: a, size: medium}\n", "“medium” is not one of small, large, mini"),
    (CASE + "    - submit: yes\n", "“submit” is a mapping of fields to values"),
    ("- {test: one, timeline: [close], at: noon}\n", "“noon” is no date and time"),
    ("- {test: one, timeline: [close], timezone: Europe/Pragu}\n", "did you mean “Europe/Prague”?"),
    ("- {test: one, timeline: [close], quiet_hours: at night}\n", "“at night” are no hours"),
    (
        "- {test: one, timeline: [close], frequency_cap: two a day}\n",
        "“two a day” is no cap (for example 2 in 1d)",
    ),
    ("- {test: one, timeline: [close], frequency_cap: 2 in a day}\n", "“a day” is no duration"),
    (
        "- {test: one, timeline: [close], given: {visits: 3}}\n",
        "“visits” cannot be given (visits are counted",
    ),
    ("- {test: one, timeline: [close], locales: [English]}\n", "“English” is no language"),
    ("- {test: one, timeline: [close], locales: [en], given: {locale: ru}}\n", "stands in “given” already"),
    ("- {test: one, timeline: [close], given: {email: }}\n", "a value is missing here"),
    ("- {test: one, timeline: [close], variant: short}\n", "“variant” is a mapping of splits to variants"),
]


class TestMistakes:
    @pytest.mark.parametrize(("text", "said"), MISTAKES)
    def test_each_is_told_with_its_position(self, text: str, said: str) -> None:
        result = read_tests(text, "shop.test.yaml")
        assert not result.cases
        assert any(said in str(problem) for problem in result.errors), [str(one) for one in result.errors]
        assert all(problem.line >= 1 and problem.column >= 1 for problem in result.problems)

    def test_all_of_a_file_are_told_at_once(self) -> None:
        result = read("""
            - test: one
              at: noon
              timeline:
                - advance: soon
                - expect: {mail: a}
            - test: two
              timeline: [open, shut]
            """)
        assert [problem.line for problem in result.problems] == [2, 4, 5, 7]

    def test_a_file_that_is_missing_is_a_problem_and_no_exception(self, tmp_path) -> None:
        missing = read_tests_file(tmp_path / "no.test.yaml")
        assert "cannot be read" in missing.problems[0].message
        latin = tmp_path / "latin.test.yaml"
        latin.write_bytes(b"- test: caf\xe9\n")
        assert "not UTF-8" in read_tests_file(latin).problems[0].message

    def test_a_file_full_of_mistakes_ends_with_so_many(self) -> None:
        text = CASE + "    - nothing: such\n" * 500
        assert len(read_tests(text).problems) == 101


class TestCases:
    def test_has_its_settings_or_the_usual_ones(self) -> None:
        usual, own = read("""
            - {test: usual, timeline: [close]}
            - test: own
              locales: [en, ru]
              given: {email: ann@shop.example, birthday: 1990-03-05, age: 30, vip: true, code: "007"}
              tags: [vip]
              lists: [news]
              variant: {which: short}
              at: 2026-03-29 01:30
              timezone: Europe/Prague
              quiet_hours: 22:00-08:00
              business_hours: 09:00-18:00
              frequency_cap: 2 in 1d
              operators_online: 0
              with: [other-one]
              timeline: [close]
            """).cases
        assert (usual.locales, usual.at, usual.timezone, usual.operators_online) == (
            ("en",),
            "2026-03-02 12:00",
            "UTC",
            1,
        )
        assert usual.business_hours is None
        assert own.locales == ("en", "ru")
        assert own.given == {
            "email": "ann@shop.example",
            "birthday": "1990-03-05",
            "age": 30,
            "vip": True,
            "code": "007",
        }
        assert (own.tags, own.lists, own.variants, own.beside) == (
            ("vip",),
            ("news",),
            {"which": "short"},
            ("other-one",),
        )
        assert (own.quiet_hours, own.business_hours) == (("22:00", "08:00"), ("09:00", "18:00"))
        assert own.frequency_cap == (2, 86_400_000)

    def test_runs_in_the_language_that_is_given_where_none_are_listed(self) -> None:
        (case,) = read("- {test: one, given: {locale: ru}, timeline: [close]}").cases
        assert case.locales == ("ru",)

    def test_a_closed_shop_has_no_business_hours(self) -> None:
        (case,) = read("- {test: one, business_hours: closed, timeline: [close]}").cases
        assert case.business_hours is None


class TestTimeline:
    def test_reads_every_kind_of_line(self) -> None:
        kinds = [
            type(item).__name__
            for item in timeline(
                "- {event: Go, properties: {total: 12.5}}",
                "- advance: 1h30m",
                "- advance_to: 2026-03-05 10:00",
                "- answer: {en: 'Yes', ru: Да}",
                "- {write: hello, files: [a.pdf]}",
                "- submit: {email: ann@shop.example, visitor.name: ''}",
                "- close",
                "- click",
                "- open",
                "- fail: mailbox full",
                "- operator_online: 0",
                "- operator: Hello",
                "- webhook_replies: {id: 5}",
                "- coupons: {bonus: ''}",
                "- set: {city: null}",
                "- tag: vip",
                "- untag: vip",
                "- expect: {say: hi, options: [a, b], contains: [x, y], visitor.city: null}",
                "- expect_nothing",
                "- expect_exit: Order",
                "- expect_stop: no answer",
                "- expect_refused: audience",
                "- expect_goal",
            )
        ]
        assert kinds == [
            "Happens", "Advance", "AdvanceTo", "Answers", "Writes", "Submits", "Touches", "Touches", "Touches",
            "FailsNext", "Online", "OperatorWrites", "Replies", "Coupons", "Changes", "Changes", "Changes",
            "Expect", "ExpectNothing", "ExpectEnd", "ExpectEnd", "ExpectEnd", "ExpectGoal",
        ]  # fmt: skip

    def test_a_reply_that_is_only_an_error_fails_the_webhook(self) -> None:
        (failing,) = timeline("- webhook_replies: {error: down}")
        assert isinstance(failing, cases.Replies)
        assert (failing.error, failing.reply) == ("down", None)

    def test_true_means_that_any_will_do_and_in_quotes_it_is_a_text(self) -> None:
        some, text = timeline("- expect: {handoff: true}", '- expect: {say: "true"}')
        assert isinstance(some, cases.Expect)
        assert isinstance(text, cases.Expect)
        assert some.wanted[0].text is None
        assert text.wanted[0].text == Text.plain("true")

    def test_an_email_that_is_expected_is_a_letter_and_no_property(self) -> None:
        (item,) = timeline("- expect: {email: letter}")
        assert isinstance(item, cases.Expect)
        assert item.wanted[0].kind == "email"
        assert not item.paths
