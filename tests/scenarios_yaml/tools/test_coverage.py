"""Coverage counts what a visitor can walk: triggers, steps, branches; and says where nobody has been."""

from __future__ import annotations

from textwrap import dedent, indent

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.coverage import Coverage, Walk, percent, ways_of
from scenarios_yaml.tools.testing.run_cases import CaseRunner, run_cases

SMALL = dedent("""\
    scenario: small
    title: Small
    trigger:
      - {event: Go, where: [event.kind = a]}
      - {event: Go, where: [event.kind = b]}
      - {keyword: [hello]}
    steps:
      - id: known
        if: [email is known]
        then:
          - id: mail
            email: {subject: Hi, body: Hi}
            on_error:
              - note: lost
      - id: ask
        say: Shall we?
        options:
          - {label: "Yes", jump: both}
          - label: "No"
            steps:
              - jump: both
        timeout: 1h
    blocks:
      both:
        - id: pop
          popup: {size: small, title: T, text: T, fields: [{input: text, label: Town, save_to: run.town}]}
          timeout: 1h
        - id: mini
          popup: {size: mini, title: T, text: T}
          on_close: []
        - id: order
          wait_for: {event: Order Completed, up_to: 1d}
    """)


def covered(*timelines: str, text: str = SMALL, locales: str = "[en]", head: str = "given: {}") -> Coverage:
    scenario = read_scenario(text).scenario
    assert scenario is not None
    cases = "".join(
        f"- test: case {number}\n  locales: {locales}\n  {head}\n  timeline:\n{indent(dedent(timeline), '    ')}\n"
        for number, timeline in enumerate(timelines)
    )
    tests = read_tests(cases)
    assert not tests.problems, [str(problem) for problem in tests.problems]
    walk = Walk(scenario)
    results = run_cases(CaseRunner(scenario), tests.cases)
    for result in results:
        assert result.failure is None, result.failure
        walk.add(result.locale, result.trace, result.did, result.triggers)
    return walk.of(ways_of(scenario, text), (result.locale for result in results))


def missing(coverage: Coverage) -> list[str]:
    return [f"{way.line} {way.named}" for way in coverage.missing]


EVENT_A = "- {event: Go, properties: {kind: a}}"
EVERYTHING = (
    f"- set: {{email: ann@shop.example}}\n{EVENT_A}\n- answer: 'Yes'\n- submit: {{town: Prague}}\n- close\n"
    "- event: Order Completed",
    "- fail: full\n- set: {email: ann@shop.example}\n- {event: Go, properties: {kind: b}}\n- answer: 'No'\n"
    "- submit: {town: Prague}\n- close\n- advance: 2d",
    "- write: hello\n- advance: 2h",
)


class TestWays:
    def test_are_counted_in_the_model(self) -> None:
        scenario = read_scenario(SMALL).scenario
        assert scenario is not None
        assert [f"{way.line} {way.named}" for way in ways_of(scenario, SMALL)] == [
            "4 trigger: Go",
            "5 trigger: Go",
            "6 trigger: keyword hello",
            "10 known: then",
            "8 known: else",
            "11 mail: done",
            "13 mail: on error",
            "14 step note",
            "18 ask: answer Yes",
            "19 ask: answer No",
            "21 step jump",
            "25 pop: submitted",
            "30 mini: closed",
            "31 order: Order Completed comes",
            "31 order: Order Completed does not come",
        ]

    def test_a_step_that_is_switched_off_is_none(self) -> None:
        text = "scenario: a\ntitle: A\ntrigger: [{event: Go}]\nsteps: [{note: on}, {note: off, enabled: false}]\n"
        scenario = read_scenario(text).scenario
        assert scenario is not None
        assert [way.named for way in ways_of(scenario)] == ["trigger: Go", "step note"]


class TestWalking:
    def test_all_that_is_walked_is_found(self) -> None:
        coverage = covered(*EVERYTHING)
        assert missing(coverage) == []
        assert coverage.done == len(coverage.ways) == 15

    def test_what_is_not_walked_is_named_with_its_line(self) -> None:
        assert missing(covered(*EVERYTHING[:1])) == [
            "5 trigger: Go",
            "6 trigger: keyword hello",
            "8 known: else",
            "13 mail: on error",
            "14 step note",
            "19 ask: answer No",
            "21 step jump",
            "31 order: Order Completed does not come",
        ]

    def test_stops_that_are_implied_need_no_test(self) -> None:
        named = [way.named for way in covered(EVENT_A).ways]
        assert not any(word in name for name in named for word in ("no answer", "pop: closed", "timed out"))

    def test_a_typed_label_is_an_answer_too(self) -> None:
        assert "18 ask: answer Yes" not in missing(covered(f"{EVENT_A}\n- write: 'YES'"))

    def test_a_letter_that_failed_has_not_been_sent(self) -> None:
        found = missing(covered("- fail: full\n- set: {email: ann@shop.example}\n" + EVENT_A))
        assert "11 mail: done" in found
        assert "13 mail: on error" not in found

    def test_tells_apart_triggers_of_one_event_and_broadcasts_by_their_moment(self) -> None:
        text = (
            "scenario: b\ntitle: B\ntrigger: [{at: 2026-03-03 10:00}, {schedule: 0 10 4 3 *}, {inactive: 1d}, "
            "{inactive: 4d}]\nreentry: {while_running: parallel}\nsteps: [{note: hi}]\n"
        )
        coverage = covered("- advance_to: 2026-03-04 11:00", text=text)
        assert [way.named for way in coverage.missing] == [
            "trigger: inactive for 1d",
            "trigger: inactive for 4d",
        ]
        silent = covered("- event: Page Viewed\n- advance: 23h\n- advance: 2h", text=text)
        assert [way.named for way in silent.missing] == [
            "trigger: schedule 0 10 4 3 *",
            "trigger: inactive for 4d",
        ]

    def test_cases_splits_and_handovers(self) -> None:
        text = dedent("""\
            scenario: c
            title: C
            trigger: [{event: Go}]
            steps:
              - choose:
                  - {if: [city = Prague], steps: [{note: p}]}
                  - {if: [city = Brno], steps: [{note: b}]}
                otherwise: [{note: other}]
              - id: which
                split:
                  - {name: one, weight: 1, steps: []}
                  - {name: two, weight: 1, steps: []}
              - ask: Your age?
                input: number
                save_to: run.age
                timeout: 1h
                no_answer: [{note: silent}]
              - handoff: {}
                no_operator: [{note: alone}]
            """)
        first = covered(
            "- event: Go\n- write: many\n- write: lots\n- write: no idea",
            text=text,
            head="variant: {which: two}\n  given: {city: Brno}",
        )
        assert [way.named for way in first.missing] == [
            "choose: case 1", "choose: otherwise", "step note", "step note", "which: variant one", "ask: answered",
            "handoff: no operator", "step note",
        ]  # fmt: skip


class TestLanguages:
    def test_what_is_walked_in_one_language_only_is_told_apart(self) -> None:
        answer = "- answer: {en: 'Yes', ru: 'No'}"
        coverage = covered(f"{EVENT_A}\n{answer}", locales="[en, ru]")
        assert [(way.named, locale) for way, locale in coverage.in_one_language] == [
            ("ask: answer Yes", "en"),
            ("ask: answer No", "ru"),
            ("step jump", "ru"),
        ]

    def test_one_language_alone_needs_no_such_word(self) -> None:
        assert covered(EVENT_A).in_one_language == ()


def test_all_of_nothing_is_everything() -> None:
    assert (percent(0, 0), percent(1, 4)) == (100.0, 25.0)
