"""The chat: what a scenario says and asks, and what becomes of the answers."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import OptionChosen, QuestionClosed, SendChat
from scenarios_yaml.engine.stimuli import Chose

MENU = """
steps:
  - id: menu
    say: How can I help?
    timeout: 1h
    options:
      - label: Delivery
        steps:
          - say: It costs 300.
      - label: Something else
        jump: people
  - say: Anything else?
blocks:
  people:
    - say: I am calling a colleague.
"""


class TestSay:
    def test_without_options_goes_on_at_once(self, play):
        visitor = play("steps: [{say: One}, {say: Two}]")
        visitor.go()
        assert visitor.said == ["One", "Two"]
        assert visitor.state.runs == []

    def test_fills_in_what_is_known_of_the_visitor(self, play):
        visitor = play("""steps: [{say: "Hi {{ visitor.name | default: 'there' }}"}]""")
        visitor.go()
        visitor.change(name="Ann")
        visitor.advance("1m")
        visitor.go()
        assert visitor.said == ["Hi there", "Hi Ann"]

    def test_speaks_the_visitors_language(self, play):
        visitor = play("steps: [{say: {en: Hello, ru: Привет}}]")
        visitor.change(locale="ru-RU")
        visitor.go()
        assert visitor.said == ["Привет"]

    def test_opens_a_dialog_held_by_the_bot(self, play):
        visitor = play("steps: [{say: Hello}]")
        visitor.go()
        assert visitor.state.dialog.id
        assert visitor.state.dialog.holder == "bot"

    def test_with_options_holds_the_run(self, play):
        visitor = play(MENU)
        visitor.go()
        (message,) = visitor.all(SendChat)
        assert [option.label for option in message.options] == ["Delivery", "Something else"]
        assert visitor.state.next_wake() == visitor.now + 3_600_000

    def test_a_branch_that_ends_goes_on_below_its_question(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.press("Delivery")
        assert visitor.said[1:] == ["It costs 300.", "Anything else?"]
        assert visitor.got(OptionChosen) == [OptionChosen(visitor.all(SendChat)[0].id, "delivery")]

    def test_an_option_may_jump_to_a_block_and_does_not_come_back(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.press("Something else")
        assert visitor.said[1:] == ["I am calling a colleague."]
        assert visitor.ended == ["done"]

    @pytest.mark.parametrize("text", ["Delivery", "delivery", "  DELIVERY "])
    def test_a_typed_label_is_the_answer_ignoring_case(self, play, text):
        visitor = play(MENU)
        visitor.go()
        outcome = visitor.write(text)
        assert outcome.taken
        assert "It costs 300." in visitor.said

    def test_any_other_text_leaves_the_question_open_and_is_for_people(self, play):
        visitor = play(MENU)
        visitor.go()
        outcome = visitor.write("Are you human?")
        assert not outcome.taken
        assert "the question stays open" in visitor.steps[-1]
        visitor.press("Delivery")
        assert "It costs 300." in visitor.said

    def test_no_answer_in_time_stops_the_run(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.advance("1h")
        assert visitor.ended == ["no answer"]
        assert visitor.got(QuestionClosed) == [QuestionClosed(visitor.all(SendChat)[0].id)]

    def test_no_answer_takes_its_branch_where_there_is_one_and_goes_on_below(self, play):
        visitor = play("""
            steps:
              - say: Well?
                timeout: 5m
                options: [{label: "Yes"}]
                no_answer: [{say: Too late}]
              - say: Below
            """)
        visitor.go()
        visitor.advance("5m")
        assert visitor.said == ["Well?", "Too late", "Below"]

    def test_options_whose_condition_fails_are_not_offered(self, play):
        visitor = play("""
            steps:
              - say: Well?
                options:
                  - label: For guests
                    if: [email is unknown]
                  - label: For members
                    if: [email is known]
            """)
        visitor.change(email="a@b.co")
        visitor.go()
        assert [option.label for option in visitor.all(SendChat)[0].options] == ["For members"]

    def test_an_answer_that_is_pressed_twice_counts_once(self, play):
        visitor = play(MENU)
        visitor.go()
        message = visitor.all(SendChat)[0].id
        visitor.tell(Chose(message, "delivery"))
        visitor.tell(Chose(message, "something-else"))
        assert visitor.said == ["How can I help?", "It costs 300.", "Anything else?"]

    def test_an_option_that_is_not_there_changes_nothing(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.tell(Chose(visitor.all(SendChat)[0].id, "nonsense"))
        visitor.tell(Chose("nonsense", "delivery"))
        assert visitor.run.waiting.kind == "answer"

    def test_the_way_of_answers_is_told_as_run_path(self, play):
        visitor = play("""
            steps:
              - say: First?
                options: [{label: A, steps: [{say: Second?, options: [{label: B}]}]}]
              - say: "{{ run.path }}"
            """)
        visitor.go()
        visitor.press("A")
        visitor.press("B")
        assert visitor.said[-1] == "A > B"

    def test_ids_are_the_same_in_every_replay(self, play):
        first, second = play(MENU), play(MENU)
        for visitor in (first, second):
            visitor.go()
            visitor.press("Delivery")
        assert first.effects == second.effects


ASK = """
steps:
  - ask: Your {kind}?
    input: {kind}
    save_to: visitor.given
    timeout: 1h
    retries: 1
    retry_text: Once more, please.
    no_answer: [{{say: Never mind}}]
  - say: "Thanks, {{{{ visitor.given }}}}"
"""


class TestAsk:
    @pytest.mark.parametrize(
        ("kind", "text", "value"),
        [
            ("text", "  blue ", "blue"),
            ("email", "Ann@Shop.Example", "Ann@shop.example"),
            ("phone", "+44 (20) 7946-0958", "+442079460958"),
            ("number", "1,5", 1.5),
            ("number", "12", 12),
            ("date", "31.12.1999", "1999-12-31"),
            ("date", "1999-12-31", "1999-12-31"),
            ("rating", "4", 4),
        ],
    )
    def test_what_fits_is_saved_in_its_kind(self, play, kind, text, value):
        visitor = play(ASK.format(kind=kind))
        visitor.go()
        assert visitor.write(text).taken
        assert visitor.state.properties["given"] == value
        assert visitor.state.runs == []

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("email", "ann"),
            ("email", "ann@shop"),
            ("email", "a b@shop.example"),
            ("phone", "call me"),
            ("phone", "12"),
            ("number", "many"),
            ("date", "31.02.2020"),
            ("rating", "6"),
            ("text", "   "),
            ("file", "no file"),
        ],
    )
    def test_what_does_not_fit_is_asked_again_then_given_up(self, play, kind, text):
        visitor = play(ASK.format(kind=kind))
        visitor.go()
        visitor.write(text)
        assert visitor.said[-1] == "Once more, please."
        visitor.write(text)
        assert visitor.said[-2:] == ["Never mind", "Thanks, "]
        assert "given" not in visitor.state.properties

    def test_a_file_is_an_answer(self, play):
        visitor = play(ASK.format(kind="file"))
        visitor.go()
        visitor.write("", "photo.png")
        assert visitor.state.properties["given"] == "photo.png"

    def test_choices_are_offered_as_buttons_and_may_be_typed(self, play):
        text = """
            steps:
              - {ask: Size?, input: choice, choices: [Small, Large], save_to: run.size, timeout: 1h}
              - say: "{{ run.size }} it is"
            """
        pressed, typed = play(text), play(text)
        pressed.go()
        pressed.press("Large")
        typed.go()
        typed.write("small")
        assert (pressed.said[-1], typed.said[-1]) == ("Large it is", "Small it is")

    def test_the_timeout_counts_from_the_first_question(self, play):
        visitor = play(ASK.format(kind="email"))
        visitor.go()
        visitor.advance("50m")
        visitor.write("nonsense")
        visitor.advance("10m")
        assert visitor.said[-2:] == ["Never mind", "Thanks, "]

    def test_while_a_run_waits_for_text_keywords_start_nothing(self, play):
        other = "scenario: order\ntrigger: [{keyword: [order]}]\nsteps: [{say: What shall it be?}]"
        visitor = play(ASK.format(kind="email"), other)
        visitor.go()
        visitor.write("order")
        assert visitor.started == ["test"]


class TestFilesAndProducts:
    def test_a_file_goes_into_the_chat_with_its_caption(self, play):
        visitor = play("steps: [{file: terms.pdf, caption: Our terms}]")
        visitor.go()
        (message,) = visitor.all(SendChat)
        assert (message.file, message.text) == ("terms.pdf", "Our terms")

    def test_a_product_list_that_no_text_names_is_shown_by_itself(self, play):
        visitor = play("steps: [{product_list: {from: viewed, limit: 2}}]")
        for name in ("Lamp", "Chair", "Table"):
            visitor.event("Product Viewed", product_id=name, name=name, url=f"/{name}")
        visitor.go()
        assert [button.label for button in visitor.all(SendChat)[0].buttons] == ["Table", "Chair"]

    def test_a_product_list_feeds_the_texts_that_name_products(self, play):
        visitor = play("""
            steps:
              - product_list: {from: cart, limit: 5}
              - say: "{% for p in products %}{{ p.name }} {% endfor %}"
            """)
        visitor.event("Product Added", product_id="1", name="Lamp", price=10)
        visitor.go()
        assert visitor.said == ["Lamp "]
