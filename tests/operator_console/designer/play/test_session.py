"""A draft is played with a visitor: forwards, one thing back, and again when the draft has changed."""

from __future__ import annotations

import pytest

from operator_console.designer.look.views import ChatLook, MailLook, PopupLook
from operator_console.designer.play.doings import Next, Start
from operator_console.designer.play.screen_view import screen_view
from operator_console.designer.play.session import Session, Verdict
from scenarios_yaml.engine.effects import ShowPopup
from scenarios_yaml.language.durations import MILLISECONDS
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.case_writer import written
from scenarios_yaml.tools.testing.cases import Case
from scenarios_yaml.tools.testing.run_cases import CaseRunner

BOT = """
scenario: bot
title: {en: A bot, ru: Бот}
trigger:
  - {event: Page Viewed, where: [page.path starts with "/help"]}
  - {keyword: [help]}
audience: [email is known]
exit: [{event: Order Completed}]
goal: {event: Order Completed, within: 7d}
steps:
  - id: pause
    wait: 15s
  - id: menu
    say: {en: How can I help?, ru: Чем помочь?}
    timeout: 1d
    options:
      - {label: {en: Prices, ru: Цены}, steps: [{say: {en: Cheap., ru: Дёшево.}}, {jump: menu}]}
      - {label: {en: A form, ru: Форма}, jump: to-form}
      - {label: {en: People, ru: Люди}, jump: people}
blocks:
  to-form:
    - id: form
      popup:
        size: large
        title: Form
        text: Fill in.
        fields: [{input: text, label: Town, save_to: visitor.city, required: true}]
        button: {label: Send}
      timeout: 1h
    - coupon: {pool: bonus, save_to: run.code}
    - id: letter
      email: {subject: "Code {{ run.code }}", body: "Hello.\\n\\n[Go](/shop)"}
    - tag: has-code
  people:
    - handoff: {note: Came by himself}
"""
KNOWN = Case(name="", line=0, given={"email": "ann@shop.example"})


def scenario(text: str = BOT) -> Scenario:
    result = read_scenario(text)
    assert result.scenario is not None, [str(problem) for problem in result.errors]
    return result.scenario


@pytest.fixture
def session() -> Session:
    return Session(scenario(), KNOWN)


def typed(session: Session, *lines: str) -> Session:
    for line in lines:
        session.type(line)
    return session


def said(session: Session) -> list[str]:
    """The chat, each message by who says it."""
    return [f"{look.author}: {look.text}" for look in screen_view(session).chat]


class TestPlaying:
    def test_it_begins_on_a_monday_at_noon_with_nothing_on_the_screen(self, session: Session) -> None:
        assert session.shown(session.now) == "2026-03-02 12:00:00"
        assert screen_view(session).shown == ()
        assert session.standing == ()
        assert session.verdict is None

    def test_the_trigger_is_made_to_happen_and_the_run_stands_at_its_first_wait(
        self, session: Session
    ) -> None:
        session.start()
        (standing,) = session.standing
        assert (standing.step, standing.waits) == ("pause", "wait")
        assert standing.until == session.now + 15_000 == session.next_due
        assert session.verdict == Verdict("started", session.trace[0].result, session.trace[0].line)

    def test_each_trigger_can_be_made_to_happen(self) -> None:
        session = Session(scenario(BOT.replace("wait: 15s", "tag: asked")), KNOWN)
        session.type(":start 2")
        assert said(session) == ["visitor: help", "bot: How can I help?"]

    def test_time_passes_until_something_is_due(self, session: Session) -> None:
        typed(session, ":start", ":next")
        assert said(session) == ["bot: How can I help?"]
        assert session.standing[0].step == "menu"
        assert [option.label for option in session.answers] == ["Prices", "A form", "People"]

    def test_an_answer_by_its_number_shows_as_chosen_and_the_question_is_closed(
        self, session: Session
    ) -> None:
        typed(session, ":start", ":next", "3")
        question, answer, *_ = screen_view(session).chat
        assert [one.label for one in question.answers if one.is_chosen] == ["People"]
        assert not question.is_open
        assert answer == ChatLook(text="People", author="visitor")
        assert [one.words for one in screen_view(session).shown if one.where == "behind"] == [
            "handed over to people: Came by himself"
        ]
        assert session.verdict is not None
        assert session.verdict.phase == "ended"

    def test_a_pop_up_is_on_the_screen_until_it_is_filled_in_and_its_letter_comes(
        self, session: Session
    ) -> None:
        typed(session, ":start", ":next", "a form")
        view = screen_view(session)
        assert isinstance(view.popup, PopupLook)
        assert (view.popup.title, view.popup_step) == ("Form", "form")
        session.type("Prague")
        view = screen_view(session)
        assert view.popup is None
        (letter,) = view.received
        assert isinstance(letter.look, MailLook)
        assert letter.look.subject == "Code BONUS"
        assert session.state.properties["city"] == "Prague"

    def test_the_steps_that_were_reached_are_known(self, session: Session) -> None:
        typed(session, ":start", ":next")
        assert session.walked >= {"pause", "menu"}
        assert "form" not in session.walked

    def test_an_operator_takes_over(self, session: Session) -> None:
        typed(session, ":start", ":next", ":operator Hello from me")
        assert said(session)[-1] == "operator: Hello from me"
        assert session.standing == ()

    def test_a_visitor_in_another_language_sees_that_one(self) -> None:
        russian = Case(name="", line=0, locales=("ru",), given=KNOWN.given)
        session = typed(Session(scenario(), russian), ":start", ":next", "1")
        assert said(session)[:3] == ["bot: Чем помочь?", "visitor: Цены", "bot: Дёшево."]

    def test_what_cannot_be_done_changes_nothing(self, session: Session) -> None:
        session.start()
        before = (session.state, session.now, len(session.turns), len(session.trace))
        for line in (":close", ":submit a=b", ":advance soon", ":nonsense", ":start 7", ":until 2020-01-01"):
            with pytest.raises(CannotError):
                session.type(line)
        assert (session.state, session.now, len(session.turns), len(session.trace)) == before

    def test_a_command_that_only_looks_does_nothing(self, session: Session) -> None:
        assert session.type(":state") is None
        assert not session.turns

    def test_a_text_that_cannot_be_filled_in_is_told_of_with_its_line(self) -> None:
        text = "scenario: a\ntitle: A\ntrigger: [{event: Go}]\nsteps:\n  - say: Hello {{ visitor.name }}!\n"
        turn = Session(scenario(text)).start()
        assert [hole.line for hole in turn.holes] == [5]

    def test_scenarios_that_set_each_other_off_without_end_come_to_one(self) -> None:
        first, second = (
            scenario(
                f"scenario: {own}\ntitle: A\ntrigger: [{{event: {own} go}}]\n"
                f"steps: [{{emit: {{event: {other} go}}}}]\n"
            )
            for own, other in (("a", "b"), ("b", "a"))
        )
        session = Session(first, Case(name="", line=0, beside=("b",)), others=[second])
        session.start()
        assert session.verdict is not None
        assert "without end" in session.verdict.result


class TestBeingLetIn:
    def test_one_who_does_not_fit_is_refused_with_the_condition_and_what_to_type(self) -> None:
        session = Session(scenario())
        session.start()
        verdict = session.verdict
        assert verdict is not None
        assert (verdict.phase, verdict.hint) == ("refused", ":as email=ann@shop.example")
        assert verdict.result.startswith("audience: email is known")

    def test_he_can_be_made_to_fit_and_the_vain_start_is_gone(self) -> None:
        session = Session(scenario())
        session.start()
        session.fit()
        assert session.verdict is not None
        assert session.verdict.phase == "started"
        assert [type(turn.doing).__name__ for turn in session.turns] == ["Fit", "Start"]

    def test_where_nothing_helps_it_is_said_and_the_start_stays(self) -> None:
        text = BOT.replace("audience: [email is known]", "audience: [page.title = nowhere]")
        session = Session(scenario(text))
        session.start()
        with pytest.raises(CannotError, match="nothing is known"):
            session.fit()
        assert [turn.doing for turn in session.turns] == [Start()]


class TestGoingBack:
    def test_one_thing_after_the_other_is_made_undone_to_the_first(self, session: Session) -> None:
        lines = (":start", ":next", ":coupon bonus=SALE", ":operators 0", "a form", "Prague")
        states = []
        for line in lines:
            states.append((session.state, session.now, screen_view(session), session.trace))
            session.type(line)
        for line, before in zip(reversed(lines), reversed(states), strict=True):
            assert session.back() is not None, line
            assert (session.state, session.now, screen_view(session), session.trace) == before
        assert session.back() is None

    def test_what_is_done_again_comes_out_the_same(self, session: Session) -> None:
        typed(session, ":start", ":next", "a form", "Prague")
        trace, view = session.trace, screen_view(session)
        session.back()
        session.type("Prague")
        assert (session.trace, screen_view(session)) == (trace, view)

    def test_codes_that_were_given_are_forgotten(self, session: Session) -> None:
        typed(session, ":start", ":next", "a form", ":coupon bonus=SALE")
        session.back()
        session.type("Prague")
        (letter,) = screen_view(session).received
        assert isinstance(letter.look, MailLook)
        assert letter.look.subject == "Code BONUS"


class TestADraftThatChanges:
    def test_all_that_was_done_is_done_again(self, session: Session) -> None:
        typed(session, ":start", ":next", "1")
        again, misfit = session.again(scenario(BOT.replace("Cheap.", "Very cheap.")))
        assert misfit is None
        assert "bot: Very cheap." in said(again)
        assert "bot: Cheap." in said(session)

    def test_a_longer_wait_is_waited_for(self, session: Session) -> None:
        typed(session, ":start", ":next")
        again, misfit = session.again(scenario(BOT.replace("wait: 15s", "wait: 2d")))
        assert misfit is None
        assert again.now - session.now == 2 * MILLISECONDS["d"] - 15_000
        assert said(again) == said(session)

    def test_another_trigger_is_made_to_happen(self, session: Session) -> None:
        session.start()
        again, misfit = session.again(scenario(BOT.replace('"/help"', '"/questions"')))
        assert misfit is None
        assert again.state.page.path == "/questions"

    def test_what_no_longer_fits_is_left_out_with_all_after_it_and_told(self, session: Session) -> None:
        typed(session, ":start", ":next", "a form", "Prague", ":advance 1d")
        again, misfit = session.again(scenario(BOT.replace("A form, ru", "A paper, ru")))
        assert misfit is not None
        assert isinstance(misfit.doing, cases.Answers)
        assert misfit.message == "there is no answer “a form”"
        assert misfit.left_out == 2
        assert [turn.doing for turn in again.turns] == [Start(), Next()]

    def test_another_visitor_can_take_his_place(self, session: Session) -> None:
        session.start()
        again, _ = session.again(session.scenario, Case(name="", line=0, locales=("ru",)))
        assert again.verdict is not None
        assert again.verdict.phase == "refused"


class TestRecording:
    def recorded(self, session: Session) -> str:
        text = written(session.record("what was played"))
        tests = read_tests(text)
        assert not tests.problems, text
        for case in tests.cases:
            for result in CaseRunner(session.scenario).run(case):
                assert result.passed, f"{result.failure}\n{text}"
        return text

    def test_a_session_becomes_a_case_that_passes(self, session: Session) -> None:
        assert self.recorded(typed(session, ":start", ":next", "2", "Prague", ":advance 1d")) == (
            "- test: what was played\n"
            "  given: {email: ann@shop.example}\n"
            "  timeline:\n"
            "    - event: Page Viewed\n"
            "      properties: {path: /help, url: https://shop.example/, title: Shop}\n"
            "    - advance: 15s\n"
            '    - expect: {say: "How can I help?", options: [Prices, A form, People]}\n'
            "    - answer: A form\n"
            "    - expect: {popup: form, fields: [city], button: Send, size: large, contains: Form}\n"
            "    - submit: {city: Prague}\n"
            "    - expect: {email: letter, contains: Code BONUS}\n"
            "    - expect: {tag: has-code}\n"
            "    - expect: {visitor.city: Prague}\n"
            "    - expect_stop: done\n"
            "    - advance: 1d\n"
            "    - expect_nothing\n"
        )

    def test_a_refusal_an_exit_and_a_goal_are_expected(self) -> None:
        session = typed(Session(scenario()), ":start", ":as email=ann@shop.example", ":start")
        text = self.recorded(typed(session, ":event Order Completed order_id=A-1 total=1200"))
        assert "- expect_refused: email is known\n" in text
        assert "- expect_exit: Order Completed\n" in text
        assert "- expect_goal\n" in text

    def test_how_the_world_answered_is_part_of_it(self, session: Session) -> None:
        lines = (":coupon bonus=SALE", ":operators 0", ":fail mailbox full", ":start", ":next", "2", "Prague")
        text = self.recorded(typed(session, *lines))
        assert "- coupons: {bonus: SALE}\n" in text
        assert "- operator_online: 0\n" in text
        assert "- fail: mailbox full\n" in text

    def test_the_variant_that_he_fell_into_is_named(self) -> None:
        variants = ", ".join(
            f"{{name: {name}, weight: 50, steps: [{{say: {name}}}]}}" for name in ("one", "two")
        )
        split = f"{{id: which, split: [{variants}]}}"
        text = f"scenario: a\ntitle: A\ntrigger: [{{event: Go}}]\nsteps: [{split}]\n"
        session = typed(Session(scenario(text)), ":start")
        variant = screen_view(session).chat[0].text
        assert f"  variant: {{which: {variant}}}\n" in self.recorded(session)

    def test_a_session_in_which_a_text_has_a_hole_is_no_test(self) -> None:
        text = "scenario: a\ntitle: A\ntrigger: [{event: Go}]\nsteps: [{say: 'Hello {{ visitor.name }}!'}]\n"
        session = typed(Session(scenario(text)), ":start")
        with pytest.raises(CannotError, match="cannot be filled in"):
            session.record("greets")

    @pytest.mark.parametrize("name", ["", "  "])
    def test_a_test_has_a_name(self, session: Session, name: str) -> None:
        session.start()
        with pytest.raises(CannotError, match="has a name"):
            session.record(name)

    def test_where_nothing_was_done_there_is_nothing_to_record(self, session: Session) -> None:
        with pytest.raises(CannotError, match="nothing was done"):
            session.record("nothing")

    def test_recording_changes_nothing(self, session: Session) -> None:
        typed(session, ":start", ":next", "2")
        before = (session.state, session.trace, session.popup)
        session.record("so far")
        assert (session.state, session.trace, session.popup) == before
        assert isinstance(session.popup, ShowPopup)
