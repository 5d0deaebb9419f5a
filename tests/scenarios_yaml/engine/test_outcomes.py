"""What becomes of what was sent: mails, pushes and messages whose outcome is told to the run."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import QuestionClosed, Send, ShowPopup
from scenarios_yaml.engine.sending import REPLY_LIMIT
from scenarios_yaml.engine.stimuli import Delivered, TimePassed

STEPS = {
    "email": "email: {subject: x, body: x}",
    "push": "push: {title: x, text: x, link: 'https://shop.example'}",
    "messenger": "message: Hello",
}
HELD = "steps:\n  - {STEP}\n    on_error: [{{say: 'Failed: {{{{ run.error }}}}'}}]\n  - say: below"
FREE = "steps:\n  - {STEP}\n  - wait: 1d\n  - say: below"


@pytest.fixture(params=list(STEPS))
def sender(request, play):
    """Makes a visitor whom every channel reaches, with a scenario that sends by one of them."""

    def make(text):
        visitor = play(text.format(STEP=STEPS[request.param]))
        visitor.change(email="ann@shop.example", push=True, messenger="tg:1")
        visitor.go()
        return visitor

    return make


class TestWithOnError:
    def test_holds_the_run_until_it_is_known_to_have_left(self, sender):
        visitor = sender(HELD)
        assert visitor.said == []
        visitor.now += 600_000
        visitor.reply(id=visitor.all(Send)[0].id)
        assert visitor.said == ["below"]
        assert "sent" in visitor.steps

    def test_a_failure_takes_it_and_goes_on_below(self, sender):
        visitor = sender(HELD)
        visitor.reply(ok=False, error="550 no such user", id=visitor.all(Send)[0].id)
        assert visitor.said == ["Failed: could not be sent: 550 no such user", "below"]

    def test_what_nothing_is_heard_of_counts_as_sent(self, sender):
        visitor = sender(HELD)
        visitor.now += REPLY_LIMIT - 1
        visitor.tell(TimePassed())
        assert visitor.said == []
        visitor.now += 1
        visitor.tell(TimePassed())
        assert visitor.said == ["below"]
        assert "nothing heard of it: taken as sent" in visitor.steps

    def test_a_failure_that_is_heard_of_later_still_changes_nothing(self, sender):
        visitor = sender(HELD + "\n  - wait: 1d")
        visitor.advance("1h")
        visitor.reply(ok=False, error="late", id=visitor.all(Send)[0].id)
        assert visitor.run.waiting.kind == "wait"

    def test_the_outcome_of_another_row_moves_nothing(self, sender):
        visitor = sender(HELD)
        visitor.reply(ok=False, id="another")
        assert visitor.run.waiting.kind == "reply"

    def test_an_exit_wins_while_it_is_held(self, play):
        visitor = play("exit: [{event: Out}]\n" + HELD.format(STEP=STEPS["email"]))
        visitor.change(email="ann@shop.example")
        visitor.go()
        visitor.event("Out")
        visitor.reply(ok=False, id=visitor.all(Send)[0].id)
        assert (visitor.ended, visitor.said) == (["exit: Out"], [])


class TestWithoutOnError:
    def test_goes_on_at_once(self, sender):
        visitor = sender(FREE)
        assert visitor.run.waiting.kind == "wait"
        visitor.reply(id=visitor.all(Send)[0].id)
        assert visitor.run.waiting.kind == "wait"
        visitor.advance("1d")
        assert visitor.said == ["below"]

    def test_a_failure_that_is_heard_of_later_ends_the_run_with_its_reason(self, sender):
        visitor = sender(FREE)
        visitor.now += 3_600_000
        visitor.reply(ok=False, error="mailbox full", id=visitor.all(Send)[0].id)
        assert visitor.ended == ["could not be sent: mailbox full"]
        visitor.advance("2d")
        assert visitor.said == []

    def test_takes_back_the_question_with_which_it_waits(self, play):
        visitor = play("steps: [{message: Hello}, {say: Well?, options: [{label: 'Yes'}]}]")
        visitor.change(messenger="tg:1")
        visitor.go()
        visitor.tell(Delivered("ann.1", ok=False, id=visitor.all(Send)[0].id))
        assert visitor.ended == ["could not be sent: nobody said why"]
        assert len(visitor.got(QuestionClosed)) == 1

    def test_the_failure_of_a_run_that_is_over_changes_nothing(self, sender):
        visitor = sender(FREE)
        visitor.advance("1d")
        visitor.reply(ok=False, id=visitor.all(Send)[0].id)
        assert visitor.ended == ["done"]


class TestAnswersThatTakeAMoment:
    """A visitor who left his address in a pop-up waits for the next one, though a mail goes out in between."""

    TEXT = """
        steps:
          - popup:
              size: large
              title: Ten per cent off
              text: x
              fields: [{input: email, label: Email, save_to: visitor.email}]
            on_submit:
              - email: {subject: x, body: x}
                on_error: [{set: {run.failed: true}}]
              - coupon: {pool: ten, save_to: run.code}
              - popup: {size: mini, title: Your code, text: x}
        """

    def submitted(self, play, text=TEXT):
        visitor = play(text)
        visitor.go()
        visitor.dialog("d1", holder="people")
        visitor.submit(email="ann@shop.example")
        return visitor

    def test_the_pop_up_that_answers_him_opens_when_the_mail_has_left(self, play):
        visitor = self.submitted(play)
        visitor.now += 8_000
        visitor.reply(id=visitor.all(Send)[0].id)
        visitor.now += 100
        visitor.coupon("ABC")
        assert visitor.popups == ["Ten per cent off", "Your code"]

    def test_also_where_it_could_not_be_sent(self, play):
        visitor = self.submitted(play)
        visitor.now += 8_000
        visitor.reply(ok=False, id=visitor.all(Send)[0].id)
        visitor.coupon("ABC")
        assert visitor.popups == ["Ten per cent off", "Your code"]

    def test_not_long_afterwards_when_nobody_waits_for_it_any_more(self, play):
        visitor = self.submitted(play)
        visitor.now += 120_000
        visitor.reply(id=visitor.all(Send)[0].id)
        visitor.coupon("ABC")
        assert visitor.popups == ["Ten per cent off"]

    def test_what_does_not_answer_the_visitor_is_no_answer_after_a_mail_either(self, play):
        visitor = play(
            "steps: [{email: {subject: x, body: x}, on_error: []}, {popup: {size: mini, title: P, text: x}}]"
        )
        visitor.change(email="ann@shop.example")
        visitor.dialog("d1", holder="people")
        visitor.go()
        visitor.reply(id=visitor.all(Send)[0].id)
        assert visitor.got(ShowPopup) == []

    def test_others_do_not_break_in_while_he_waits_but_not_for_long(self, play):
        talks = """
            scenario: talks
            steps:
              - ask: Your email?
                input: email
                save_to: visitor.email
                timeout: 1h
              - email: {subject: x, body: x}
                on_error: []
              - say: It is on its way
            """
        other = """
            scenario: other
            trigger: [{event: Other}]
            delivery: {if_busy: queue}
            steps: [{popup: {size: mini, title: O, text: x}}]
            """
        visitor = play(talks, other)
        visitor.go()
        visitor.write("ann@shop.example")
        visitor.now += 2_000
        visitor.event("Other")
        assert visitor.popups == []
        visitor.advance("1m")
        assert visitor.popups == ["O"]
