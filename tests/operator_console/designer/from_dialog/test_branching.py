"""Messages of a real dialog as the branch of a bot, and where it may stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operator_console.designer.from_dialog.branching import branch_of, keyword_of, said
from operator_console.designer.from_dialog.placing import fill, new_scenario, put_in, spots
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.library.index import library
from server_stub.protocol import Author, FileRef, Message, Option

ORDER = (
    ("visitor", "Where is my order?"),
    ("operator", "Which number has it?"),
    ("visitor", "12345"),
    ("operator", "Is it to Prague?"),
    ("visitor", "Yes"),
    ("operator", "It comes on Monday."),
    ("operator", "Good bye!"),
)
BOT = next(item.text for item in library() if item.slug == "delivery_and_orders_bot")


def message(number: int, kind: Any, text: str, **more: Any) -> Message:
    return Message(f"m{number}", "d", "v", Author(kind), number, seq=number, text=text, **more)


def messages(*told: tuple[str, str]) -> list[Message]:
    return [message(number, kind, text) for number, (kind, text) in enumerate(told)]


class TestWhatMessagesBecome:
    def test_what_people_said_are_steps_and_what_the_visitor_said_are_answers(self) -> None:
        branch = branch_of(messages(*ORDER))
        assert branch.opening == "Where is my order?"
        assert branch.steps == (
            {"ask": "Which number has it?", "input": "number", "save_to": "run.reply", "timeout": "1d"},
            {
                "say": "Is it to Prague?",
                "timeout": "1d",
                "options": [
                    {"label": "Yes", "steps": [{"say": "It comes on Monday."}, {"say": "Good bye!"}]}
                ],
            },
        )

    @pytest.mark.parametrize(
        ("answer", "kind", "kept"),
        [
            ("ann@shop.example", "email", "visitor.email"),
            ("+420 123 456 789", "phone", "visitor.phone"),
            ("17", "number", "run.reply"),
            ("I would like to know where it is, since I have waited for a week", "text", "run.reply"),
        ],
    )
    def test_what_nobody_would_press_is_asked_for(self, answer: str, kind: str, kept: str) -> None:
        (step,) = branch_of(messages(("operator", "Tell me"), ("visitor", answer))).steps
        assert step == {"ask": "Tell me", "input": kind, "save_to": kept, "timeout": "1d"}

    def test_the_answers_of_a_bot_all_stay_and_the_one_that_was_taken_goes_on(self) -> None:
        offered = (Option("a", "Prices"), Option("b", "Delivery"))
        question = message(1, "bot", "What is it about?", options=offered, chosen="b")
        for told in ([], [message(2, "visitor", "Delivery")]):
            branch = branch_of([question, *told, message(3, "operator", "Within two days.")])
            assert branch.steps[0]["options"] == [  # type: ignore[index,call-overload]
                {"label": "Prices"},
                {"label": "Delivery", "steps": [{"say": "Within two days."}]},
            ]

    def test_notes_and_what_was_taken_away_are_left_out(self) -> None:
        told = [
            message(1, "operator", "He is angry", note=True),
            message(2, "operator", "", deleted=True),
            message(3, "system", "Closed"),
            message(4, "operator", "Later", send_at=5),
            message(5, "operator", "Hello"),
        ]
        assert [one.text for one in said(told)] == ["Hello"]
        assert branch_of(told).steps == ({"say": "Hello"},)

    def test_a_file_is_a_word_on_the_step(self) -> None:
        file = FileRef(id="f", name="price.pdf", media_type="application/pdf", size=1, url="/f")
        (step,) = branch_of([message(1, "operator", "Here", files=(file,))]).steps
        assert "price.pdf" in step["comment"]  # type: ignore[index,call-overload]
        (alone,) = branch_of([message(1, "operator", "", files=(file,))]).steps
        assert alone["enabled"] == "false"  # type: ignore[index,call-overload]

    def test_the_name_of_the_one_visitor_is_that_of_each(self) -> None:
        told = messages(("operator", "Hello, Ann! Annabel is here, Ann Lee."))
        (step,) = branch_of(told, "Ann Lee").steps
        named = "{% if visitor.name %}, {{ visitor.name }}{% endif %}"
        assert step == {"say": f"Hello{named}! Annabel is here{named}."}

    def test_braces_that_somebody_wrote_are_braces(self) -> None:
        told = messages(("operator", "Write {{ visitor.email }} or {% if %}"), ("visitor", "{{ name }}"))
        document = Document(new_scenario("A", "a"))
        fill(document, branch_of(told))
        scenario = document.reading.scenario
        assert scenario is not None
        shown = scenario.steps[0].text.render({"visitor": {"email": "x"}}, "en")  # type: ignore[union-attr]
        assert shown == "Write { { visitor.email }} or { % if %}"

    def test_a_word_to_begin_with_is_short(self) -> None:
        assert keyword_of("Where is my order?!") == "Where is my order"
        assert keyword_of("x" * 60) == keyword_of("?!") == ""


class TestWhereItStands:
    def test_a_new_scenario_is_the_branch_and_begins_with_what_was_written(self) -> None:
        document = Document(empty := new_scenario("Where's my order?", "order"), "order.yaml")
        assert document.reading.scenario is not None
        assert fill(document, branch_of(messages(*ORDER))) == "steps.0"
        assert document.reading.problems == ()
        assert document.value("trigger") == [{"keyword": ["Where is my order"]}]
        assert document.undo() is not None
        assert document.text == empty

    def test_an_answer_of_a_question_that_is_there(self) -> None:
        document, branch = Document(BOT), branch_of(messages(*ORDER))
        spot = spots(document, branch)[0]
        assert spot.is_answer
        assert put_in(document, branch, spot) == "steps.1.options.3"
        assert document.value("steps.1.options.3.label") == "Where is my order?"
        assert document.reading.scenario is not None
        assert document.undo() is not None
        assert document.text == BOT

    def test_after_any_step_and_at_the_end(self) -> None:
        branch = branch_of(messages(*ORDER[1:]))
        for spot in spots(Document(BOT), branch):
            document = Document(BOT)
            assert not spot.is_answer
            place = put_in(document, branch, spot)
            assert document.value(f"{place}.ask") == "Which number has it?"
            document.undo()
            assert document.text == BOT

    def test_nothing_to_say_changes_nothing(self) -> None:
        document, branch = Document(BOT), branch_of([])
        with pytest.raises(CannotEditError):
            put_in(document, branch, spots(document, branch)[0])
        with pytest.raises(CannotEditError):
            fill(document, branch)
        assert document.text == BOT

    def test_a_file_that_cannot_be_read_has_no_place(self) -> None:
        assert spots(Document("steps: [\n"), branch_of(messages(*ORDER))) == ()


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60) | st.sampled_from(
    [
        "# no",
        "- a: b",
        "yes",
        "NO",
        "{{ x",
        "{% raw %}",
        "a: b",
        "'",
        '"',
        "\\n",
        "x\n y\n\nz ",
        "\t",
        "@",
        "12:30",
        "?",
    ]
)
TOLD = st.lists(st.tuples(st.sampled_from(["visitor", "operator", "bot"]), TEXTS), min_size=1, max_size=9)


class TestAnyDialog:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(TOLD)
    def test_is_a_scenario_without_errors(self, told: list[tuple[str, str]]) -> None:
        """Whatever people write, the draft can be read, says it, and can be undone."""
        branch = branch_of(messages(*told), "Ann Lee")
        document = Document(empty := new_scenario("A dialog", "dialog"), "dialog.yaml")
        if not branch.steps:
            return
        fill(document, branch)
        assert document.reading.errors == ()
        document.undo()
        assert document.text == empty
