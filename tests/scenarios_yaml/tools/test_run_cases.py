"""The runner says of each case whether what it expects came true, and what came instead where it did not."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.run_cases import CaseResult, CaseRunner, run_cases

SHOP = """
scenario: shop
title: Shop
trigger:
  - {event: Go}
  - {keyword: [help]}
audience: [not tagged left]
exit:
  - {event: Order Completed}
goal: {event: Order Completed, within: 7d}
reentry: {not_sooner_than: 1h}
steps:
  - id: hello
    say: {en: "Hello {{ visitor.name | default: 'there' }}!", ru: Привет!}
    options:
      - {id: letter, label: {en: A letter, ru: Письмо}, jump: letter}
      - {id: form, label: {en: A form, ru: Форма}, jump: to-form}
      - {id: people, label: {en: People, ru: Люди}, jump: people}
    timeout: 1d
blocks:
  letter:
    - if: [email is unknown]
      then:
        - ask: Your email?
          input: email
          save_to: visitor.email
          timeout: 1h
    - coupon: {pool: bonus, save_to: run.code}
    - id: mail
      email: {subject: "Your code {{ run.code }}", body: "Dear reader, **{{ run.code }}**.\\n\\n[Go](/shop)"}
    - tag: wrote
    - subscribe: news
    - emit: {event: Code Given, properties: {code: "{{ run.code }}"}}
    - file: terms.txt
    - stop: posted
  to-form:
    - id: form
      popup:
        size: large
        title: A form
        text: Please fill it in.
        fields:
          - {input: text, label: Your town, save_to: visitor.city, required: true}
          - {input: phone, label: Telephone, save_to: visitor.phone}
        button: {label: Send}
      timeout: 1h
      on_close:
        - note: closed the form
    - id: thanks
      popup: {size: small, title: Thanks, text: See you., button: {label: Shop, link: /shop}}
      timeout: 1h
    - webhook:
        url: https://crm.example/leads
        send: {city: "{{ visitor.city | default: 'nowhere' }}"}
        save_to: visitor.lead
      on_error:
        - note: "not registered: {{ run.error }}"
    - id: bell
      push: {title: New, text: Look, link: /new}
      on_error: []
    - untag: wrote
    - close: solved
  people:
    - handoff: {team: sales, note: wants people}
      no_operator:
        - say: Nobody is here.
"""


def scenario(text: str = SHOP) -> Scenario:
    result = read_scenario(dedent(text))
    assert result.scenario is not None, [str(problem) for problem in result.errors]
    return result.scenario


def run(timeline: str, *, head: str = "", text: str = SHOP) -> CaseResult:
    """The result of one case with this timeline."""
    case = f"- test: one\n{indent(dedent(head), '  ')}\n  timeline:\n{indent(dedent(timeline), '    ')}"
    tests = read_tests(case)
    assert not tests.problems, [str(problem) for problem in tests.problems]
    (result,) = run_cases(CaseRunner(scenario(text)), tests.cases)
    return result


TO_LETTER = """
- event: Go
- answer: letter
- write: ann@shop.example
"""
TO_FORM = """
- event: Go
- answer: form
"""

TRUE = [
    "- event: Go\n- expect: {say: hello THERE, options: [A letter, form, people]}",
    TO_LETTER + "- expect: {email: mail, contains: [dear reader, BONUS], lacks: '{{'}",
    TO_LETTER
    + "- expect: {email: your code bonus, tag: wrote, subscribed: news, event: code_given, file: terms.txt}",
    TO_LETTER + "- expect: {visitor.email: ann@shop.example, visitor.phone: null}",
    TO_LETTER + "- expect: {visitor.tags: wrote}",
    "- event: Go\n- answer: letter\n- expect: {run.answer: A letter}",
    TO_LETTER + "- expect_stop: posted",
    "- coupons: {bonus: GIFT}" + TO_LETTER + "- expect: {email: your code gift}",
    "- coupons: {bonus: ''}" + TO_LETTER + "- expect_stop: no coupon left in bonus\n- expect_nothing",
    "- event: Go\n- answer: A LETTER\n- expect: {ask: your email}\n- write: no\n- expect: {ask: your email}",
    "- event: Go\n- answer: A letter\n- answer: ann@shop.example\n- expect: {email: mail}",
    "- event: Go\n- write: a letter\n- expect: {ask: your email}",
    TO_FORM
    + "- expect: {popup: form, fields: [city, Telephone], button: Send, size: large, contains: fill it in}",
    TO_FORM + "- submit: {city: Prague}\n- expect: {visitor.city: prague, popup: thanks}",
    TO_FORM
    + "- submit: {visitor.city: Prague, telephone: +420 123 456 789}\n- expect: {visitor.phone: '+420123456789'}",
    TO_FORM + "- submit: {Your town: Prague}\n- click\n- expect: {webhook: crm.example, contains: Prague}",
    TO_FORM + "- submit: {city: Prague}\n- click\n- expect: {closed: solved}",
    TO_FORM + "- close\n- expect: {note: closed the form, popup: thanks}",
    TO_FORM + "- webhook_replies: {error: down}\n- close\n- click\n- expect: {note: 'not registered: down'}",
    TO_FORM + "- webhook_replies: {id: 5}\n- close\n- click\n- expect: {visitor.lead.id: 5}",
    "- set: {push: true}" + TO_FORM + "- close\n- click\n- expect: {push: bell, contains: Look}",
    "- event: Go\n- answer: people\n- expect: {handoff: sales, contains: wants people}",
    "- event: Go\n- answer: people\n- expect: {handoff: true, note: wants people}",
    "- operator_online: 0\n- event: Go\n- answer: people\n- expect: {say: nobody is here}",
    "- event: Go\n- operator: Hello\n- expect_stop: taken over\n- expect_nothing",
    "- event: Go\n- event: Order Completed\n- expect_exit: order completed\n- expect_goal",
    "- event: Go\n- advance: 23h\n- expect_nothing\n- advance: 1h\n- expect_stop: no answer",
    "- event: Go\n- advance_to: 2026-03-04 09:00\n- expect_stop: no answer",
    "- tag: left\n- event: Go\n- expect_refused: tagged left\n- expect_nothing",
    "- tag: left\n- untag: left\n- event: Go\n- expect: {say: hello}",
    "- event: Go\n- answer: people\n- event: Go\n- expect_refused: re-entry",
    "- write: can you help me\n- expect: {say: hello}",
    TO_LETTER + "- open\n- expect_nothing\n- click\n- expect_nothing",
    "- set: {name: Ann}\n- event: Go\n- expect: {say: Hello Ann!}",
]


class TestWhatComesTrue:
    @pytest.mark.parametrize("timeline", TRUE)
    def test_passes(self, timeline: str) -> None:
        result = run(timeline)
        assert result.failure is None, result.failure


FALSE = [
    ("- event: Go\n- expect: {say: goodbye}", "there is no message “goodbye”", "Hello there!"),
    (
        "- event: Go\n- expect: {say: hello, options: [letter]}",
        "the answers are “A letter”, “A form”, “People”",
        "",
    ),
    ("- event: Go\n- expect: {say: hello, buttons: [Shop]}", "the buttons are none", ""),
    ("- event: Go\n- expect: {ask: hello}", "there is no question “hello”", "say: Hello there!"),
    ("- event: Go\n- expect: {say: hello}\n- expect: {say: hello}", "there is no message", "expected before"),
    ("- event: Go\n- expect_nothing", "nothing should have reached the visitor", "say: Hello there!"),
    ("- event: Gone\n- expect: {popup: form}", "there is no popup “form”", "nothing came"),
    (TO_LETTER + "- expect: {email: reminder}", "there is no email “reminder”", "email: Your code BONUS"),
    (TO_LETTER + "- expect: {email: mail, contains: Lamp}", "email does not hold “Lamp”", "Dear reader"),
    (TO_LETTER + "- expect: {email: mail, lacks: reader}", "email holds “reader”", ""),
    (TO_LETTER + "- expect: {tag: wrot}", "there is no tag “wrot”", "tag: wrote"),
    (TO_LETTER + "- expect: {untag: wrote}", "there is no untag", ""),
    (TO_LETTER + "- expect: {event: Given}", "there is no event “Given”", "event: Code Given"),
    (TO_LETTER + "- expect: {subscribed: digest}", "there is no subscribed “digest”", "subscribed: news"),
    (TO_LETTER + "- expect: {file: other.txt}", "there is no file “other.txt”", "terms.txt"),
    (TO_LETTER + "- expect: {message: hi}", "there is no message “hi”", ""),
    (TO_LETTER + "- expect: {visitor.email: bob@shop.example}", "visitor.email is not", '"ann@shop.example"'),
    (TO_LETTER + "- expect: {visitor.email: null}", "visitor.email is not unknown", ""),
    (TO_LETTER + "- expect: {run.code: BONUS}", 'run.code is not "BONUS"', "the run has ended"),
    ("- event: Go\n- answer: letter\n- expect: {run.answer: A form}", "run.answer is not", '"A letter"'),
    (TO_LETTER + "- expect: {visitor.city: Prague}", "visitor.city is not", "it is unknown"),
    (TO_LETTER + "- expect_stop: no answer", "no run ended with “no answer”", "ended: stop: posted"),
    (TO_LETTER + "- expect_exit: posted", "no run was ended by an exit rule", "ended: stop: posted"),
    (TO_LETTER + "- expect_refused: audience", "he was not refused", ""),
    (TO_LETTER + "- expect_goal", "the goal was not reached", ""),
    (TO_FORM + "- expect: {popup: form, fields: [city]}", "the fields are “city”, “phone”", ""),
    (TO_FORM + "- expect: {popup: form, button: Go}", "the button is “Send”", ""),
    (TO_FORM + "- expect: {popup: form, size: mini}", "it is large", ""),
    (TO_FORM + "- close\n- expect: {note: open}", "there is no note “open”", "closed the form"),
    (TO_FORM + "- close\n- click\n- expect: {webhook: other.example}", "there is no webhook", "crm.example"),
    (TO_FORM + "- close\n- click\n- expect: {push: bell}", "there is no push", ""),
    (TO_FORM + "- close\n- click\n- expect: {closed: sold}", "there is no closing “sold”", "solved"),
    (
        "- event: Go\n- answer: people\n- expect: {handoff: support}",
        "there is no handoff “support”",
        "handoff: wants",
    ),
    ("- event: Go\n- answer: people\n- expect: {assign: sales}", "there is no assign", ""),
    ("- answer: Yes", "nobody has asked anything", ""),
    ("- event: Go\n- answer: A leter", "there is no answer “A leter”", "did you mean “A letter”?"),
    ("- close", "there is no pop-up to close", ""),
    ("- click", "nothing was sent that he could click", ""),
    ("- open", "nothing was sent that he could open", ""),
    (TO_FORM + "- click", "the pop-up “A form” has no button to click", "submit"),
    (TO_FORM + "- submit: {town: Prague}", "has no field “town”", "it has city, phone"),
    (TO_FORM + "- submit: {phone: '+420123456789'}", "the field “Your town” must be filled in", ""),
    ("- advance_to: 2026-03-01 12:00", "“2026-03-01 12:00” is over: it is 2026-03-02 12:00", ""),
]


class TestWhatDoesNot:
    @pytest.mark.parametrize(("timeline", "message", "instead"), FALSE)
    def test_fails_and_says_what_was_seen(self, timeline: str, message: str, instead: str) -> None:
        failure = run(timeline).failure
        assert failure is not None
        assert message in failure.message
        assert instead in failure.instead

    def test_names_the_line_of_the_expectation_and_keeps_the_trace(self) -> None:
        result = run("- event: Go\n- expect:\n    say: hello\n    email: mail")
        assert result.failure is not None
        assert result.failure.line == 7
        assert [line.phase for line in result.trace] == ["started", "step"]

    def test_the_first_that_fails_ends_the_case(self) -> None:
        result = run("- event: Gone\n- expect: {say: hello}\n- event: Go")
        assert result.trace == ()


class TestLanguages:
    def test_runs_once_in_each_with_texts_of_its_own(self) -> None:
        tests = read_tests(
            dedent("""
            - test: greets
              locales: [en, ru]
              given: {name: {en: Ann, ru: Аня}}
              timeline:
                - event: Go
                - expect: {say: {en: Hello Ann, ru: Привет}, options: [{en: A letter, ru: Письмо}, form, people]}
                - answer: {en: A letter, ru: Письмо}
                - expect: {visitor.locale: {en: en, ru: ru}}
            """)
        )
        results = run_cases(CaseRunner(scenario()), tests.cases)
        assert [(one.locale, one.passed) for one in results] == [("en", True), ("ru", True)]


class TestTexts:
    HOLES = """
    scenario: holes
    title: Holes
    trigger: [{event: Go}]
    steps:
      - say: "Dear {{ visitor.name }}"
    """

    def test_a_text_with_an_unknown_variable_fails_the_case(self) -> None:
        failure = run("- event: Go", text=self.HOLES).failure
        assert failure is not None
        assert "visitor.name is undefined" in failure.message
        assert failure.instead == "line 6 of the scenario"
        assert failure.line == 4

    def test_where_the_value_is_known_nothing_fails(self) -> None:
        assert run(
            "- event: Go\n- expect: {say: Dear Ann}", head="given: {name: Ann}", text=self.HOLES
        ).passed

    def test_a_value_that_looks_like_a_template_is_a_place_that_was_not_filled_in(self) -> None:
        failure = run("- event: Go", head='given: {name: "{{ name }}"}', text=self.HOLES).failure
        assert failure is not None
        assert "still holds a place to fill in" in failure.message


TIMED = """
scenario: timed
title: Timed
trigger: [{at: 2026-03-05 10:00}, {inactive: 3d}, {segment: rich}]
reentry: {while_running: parallel}
holdout: 50%
steps:
  - id: which
    split:
      - {name: short, weight: 1, steps: [{say: Short}]}
      - {name: long, weight: 1, steps: [{say: Long}]}
  - if: [now in business_hours]
    then: [{note: open}]
    else: [{note: closed}]
"""


class TestTheWorldOfACase:
    def test_a_broadcast_fires_when_the_clock_passes_its_moment(self) -> None:
        timeline = "- advance: 2d\n- expect_nothing\n- advance_to: 2026-03-05 10:00\n- expect: {say: o}"
        assert run(timeline, text=TIMED).passed

    def test_its_moment_is_the_project_s(self) -> None:
        timeline = "- advance_to: 2026-03-05 09:59\n- expect_nothing\n- advance: 1m\n- expect: {say: o}"
        assert run(timeline, text=TIMED, head="timezone: Asia/Tokyo").passed

    def test_silence_counts_from_the_last_visit(self) -> None:
        timeline = (
            "- event: Page Viewed\n- advance: 2d23h\n- expect: {say: o}\n- advance: 1h\n- expect: {say: o}"
        )
        assert run(timeline, text=TIMED, head="at: 2026-03-03 11:00").passed

    def test_segments_are_live_and_who_is_in_one_from_the_start_has_not_entered_it(self) -> None:
        segment = read_segment("segment: rich\ntitle: Rich\nconditions: [visitor.level >= 5]\n").segment
        assert segment is not None
        tests = read_tests(
            dedent("""
            - test: enters
              timeline: [{set: {level: 5}}, {expect: {say: o}}]
            - test: was in it
              given: {level: 7}
              timeline: [{set: {level: 8}}, expect_nothing]
            """)
        )
        results = run_cases(CaseRunner(scenario(TIMED), [segment]), tests.cases)
        assert [one.failure for one in results] == [None, None]

    @pytest.mark.parametrize("variant", ["short", "long"])
    def test_a_visitor_is_found_for_each_variant(self, variant: str) -> None:
        head = f"variant: {{which: {variant}}}\nat: 2026-03-05 09:59"
        assert run(f"- advance: 1m\n- expect: {{say: {variant}}}", text=TIMED, head=head).passed

    def test_and_for_the_holdout(self) -> None:
        head = "holdout: true\nat: 2026-03-05 09:59"
        assert run("- advance: 1m\n- expect_refused: held out", text=TIMED, head=head).passed

    @pytest.mark.parametrize(
        ("head", "said"),
        [
            ("variant: {wich: short}", "there is no split “wich”"),
            ("variant: {which: shrt}", "the split “which” has no variant “shrt”"),
            ("with: [another]", "there is no scenario “another”"),
        ],
    )
    def test_what_is_not_there_fails_the_case_at_its_head(self, head: str, said: str) -> None:
        failure = run("- advance: 1m", text=TIMED, head=head).failure
        assert failure is not None
        assert said in failure.message
        assert failure.line == 1

    @pytest.mark.parametrize(("hours", "note"), [("09:00-18:00", "open"), ("closed", "closed")])
    def test_business_hours(self, hours: str, note: str) -> None:
        head = f"business_hours: {hours}\nat: 2026-03-05 09:59"
        assert run(f"- advance: 1m\n- expect: {{note: {note}}}", text=TIMED, head=head).passed

    def test_quiet_hours_and_cap_hold_letters_back(self) -> None:
        text = """
        scenario: mail
        title: Mail
        trigger: [{event: Go}]
        reentry: {while_running: parallel}
        steps: [{id: mail, email: {subject: Hi, body: Hi}}]
        """
        head = "given: {email: ann@shop.example}\nquiet_hours: 11:00-13:00\nfrequency_cap: 1 in 1d"
        timeline = """
        - event: Go
        - expect_nothing
        - advance: 1h
        - expect: {email: mail}
        - event: Go
        - expect_nothing
        - advance: 25h
        - event: Go
        - expect: {email: mail}
        """
        assert run(timeline, text=text, head=head).failure is None

    def test_a_send_that_fails_takes_on_error(self) -> None:
        text = """
        scenario: mail
        title: Mail
        trigger: [{event: Go}]
        steps: [{email: {subject: Hi, body: Hi}, on_error: [{note: lost}]}]
        """
        head = "given: {email: ann@shop.example}"
        assert run("- fail: mailbox full\n- event: Go\n- expect: {note: lost}", text=text, head=head).passed
        assert not run("- event: Go\n- expect: {note: lost}", text=text, head=head).passed

    def test_another_scenario_runs_beside_it_as_if_live(self) -> None:
        other = scenario(
            "scenario: other\ntitle: Other\ntrigger: [{event: Code Given}]\nsteps: [{note: other}]\n"
        )
        tests = read_tests(
            f"- test: one\n  with: [other]\n  timeline:{indent(TO_LETTER, '    ')}    - expect: {{note: other}}"
        )
        (result,) = run_cases(CaseRunner(scenario(), others=[other]), tests.cases)
        assert result.failure is None
