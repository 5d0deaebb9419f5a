"""A look made of the file and of what is typed: only the step is read, and half a text shows what was seen last."""

from __future__ import annotations

from operator_console.designer.look.measures import measures
from operator_console.designer.look.of_form import StepLooks, seen_step, with_typed
from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.sample import Sample
from operator_console.designer.look.views import ChatLook, MailLook, PopupLook
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import library

NOW = 1_771_000_000_000
SITE = {"name": "Lamps", "url": "https://shop.example"}
OFFER = """\
scenario: offer
title: {en: A small gift, ru: Подарок}
trigger:
  - event: Session Started
parameters:
  share: {type: number, default: 10, label: How much}
steps:
  - if: [email is unknown]
    then:
      - id: gift
        popup:
          size: small
          title: {en: "{{ parameters.share }}% off, {{ visitor.name }}", ru: "Скидка, {{ visitor.name }}"}
          text: Leave your email.
          fields:
            - {input: email, label: Email, save_to: visitor.email}
          button: {label: Get it}
        on_submit:
          - say: "Your code: {{ run.code }}"
  - id: talk
    say: Which one?
    timeout: 1d
    options:
      - label: Lamps
        steps:
          - wait: 1m
      - label: Tables
  - coupon: {pool: first, save_to: run.code}
"""


def looks(place: str, text: str = OFFER) -> StepLooks:
    return StepLooks(Document(text), place, SITE, NOW)


class TestWhichStepIsSeen:
    def test_the_one_that_holds_the_place(self) -> None:
        document = Document(OFFER)
        assert seen_step(document, "steps.0.then.0.popup.fields.0") == "steps.0.then.0"
        assert seen_step(document, "steps.1.options.1") == "steps.1"
        assert seen_step(document, "steps.0.then.0.on_submit.0") == "steps.0.then.0.on_submit.0"

    def test_none_at_what_a_visitor_does_not_see(self) -> None:
        document = Document(OFFER)
        for place in ("", "trigger.0", "title", "steps.0", "steps.2", "steps.1.options.0.steps.0", "steps.9"):
            assert seen_step(document, place) == "", place

    def test_as_many_as_have_a_look(self) -> None:
        for item in library():
            document = Document(item.text)
            scenario = document.reading.scenario
            assert scenario is not None
            scope = Sample("en", SITE, now=NOW).scope(scenario)
            for step in all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)]):
                look = step_look(step, scope)
                place = seen_step(document, step.path)
                assert (place == step.path) is (look is not None), step.path
                if look is not None:
                    assert StepLooks(document, place, SITE, NOW).look({}, "en") == look


class TestWhatIsTyped:
    def test_stands_in_the_look_filled_in(self) -> None:
        it = looks("steps.0.then.0")
        typed = {"steps.0.then.0.popup.text": "For you, {{ visitor.name }}: {{ run.code }}"}
        look = it.look(typed, "en")
        assert isinstance(look, PopupLook)
        assert (look.title, look.text) == ("10% off, Ann", "For you, Ann: FIRST")

    def test_is_shown_in_the_language_that_is_written(self) -> None:
        look = looks("steps.0.then.0").look({}, "ru")
        assert isinstance(look, PopupLook)
        assert look.title == "Скидка, Аня"

    def test_half_a_template_shows_what_was_seen_last(self) -> None:
        it = looks("steps.1")
        before = it.look({"steps.1.say": "Which one, then?"}, "en")
        assert it.look({"steps.1.say": "Which {{ visi"}, "en") == before
        after = it.look({"steps.1.say": "Which {{ visitor.name }}"}, "en")
        assert isinstance(after, ChatLook)
        assert after.text == "Which Ann"

    def test_what_is_taken_away_is_gone(self) -> None:
        look = looks("steps.0.then.0").look({"steps.0.then.0.popup.fields": None}, "en")
        assert isinstance(look, PopupLook)
        assert look.fields == ()

    def test_the_file_is_left_as_it_is(self) -> None:
        document = Document(OFFER)
        value = document.value("steps.0.then.0")
        changed = with_typed(value, "steps.0.then.0", {"steps.0.then.0.popup.fields.0.label": "Mail"})
        assert changed != value
        assert document.value("steps.0.then.0") == value
        assert document.text == OFFER

    def test_a_step_of_a_file_with_errors_is_shown_all_the_same(self) -> None:
        look = looks("steps.1", OFFER.replace("wait: 1m", "wait: soon")).look({}, "en")
        assert isinstance(look, ChatLook)
        assert [answer.label for answer in look.answers] == ["Lamps", "Tables"]


class TestTheSizeInWords:
    def test_of_a_pop_up_in_pixels_and_of_a_letter_in_words(self) -> None:
        popup = looks("steps.0.then.0").look({}, "en")
        assert popup is not None
        assert measures(popup)[0].endswith(" px")
        assert measures(MailLook(subject="Hello", body="one two")) == ["subject: 5 characters · 2 words"]
