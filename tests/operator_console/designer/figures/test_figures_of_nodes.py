"""What the figures of a scenario say of each row of its tree."""

from __future__ import annotations

from operator_console.designer.figures.of_nodes import NodeFigures, node_figures
from operator_console.designer.outline.rows import outline
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import ScenarioFigures, StepFigures

ORDERS = """\
scenario: orders
title: Questions about orders
status: live
trigger:
  - event: Session Started
goal: {event: Order Completed, within: 3d}
steps:
  - say: What is it about?
    id: topic
    options:
      - label: Delivery
        id: delivery
        steps:
          - say: Tomorrow.
      - label: Payment
        id: payment
        steps:
          - say: By card.
    timeout: 1h
    no_answer:
      - say: Write to us.
  - choose:
      - if: [email known]
        steps:
          - email: {subject: Thanks, body: Good bye}
            id: thanks
      - if: [phone known]
        steps:
          - say: We call you.
    otherwise:
      - say: Bye.
  - id: stay
    popup:
      size: mini
      title: Stay
      text: A present
      button: {label: "Yes"}
      fields: [{input: email, label: Email, save_to: email}]
    on_submit:
      - say: Done.
"""


def same(_version: str, step: str) -> str:
    return step


def nodes(*steps: StepFigures, **whole: int) -> dict[str, NodeFigures]:
    rows = outline(Document(ORDERS), "en")
    return node_figures(rows, ScenarioFigures("orders", 1, steps=steps, **whole), same)


class TestAQuestion:
    def test_who_came_who_waits_which_share_answered_and_who_gave_up(self) -> None:
        told = nodes(
            StepFigures(
                "topic", "v1", reached=200, waiting=12, answered=150, timed_out=20, ended=30,
                ended_why={"done": 10, "nobody answered": 20},
            )
        )  # fmt: skip
        topic = told["steps.0"]
        assert (topic.count, topic.waiting, topic.rate, topic.share) == (200, 12, "answered", 0.75)
        assert topic.dropped == 20, "who ends as the scenario means it was not lost"

    def test_each_answer_says_how_many_chose_it(self) -> None:
        told = nodes(StepFigures("topic", "v1", reached=100, branches={"delivery": 60, "no_answer": 15}))
        assert told["steps.0.options.0"].share == 0.6
        assert told["steps.0.options.1"].count == 0
        assert told["steps.0.no_answer"].count == 15

    def test_where_nobody_came_nothing_stands(self) -> None:
        assert nodes() == {}


class TestOtherKinds:
    def test_a_case_is_counted_by_its_number(self) -> None:
        told = nodes(StepFigures("steps.1", "v1", reached=50, branches={"1": 30, "2": 5, "otherwise": 15}))
        assert [told[f"steps.1.{place}"].count for place in ("choose.0", "choose.1", "otherwise")] == [
            30,
            5,
            15,
        ]

    def test_a_pop_up_tells_who_submitted_of_those_who_saw_it(self) -> None:
        told = nodes(StepFigures("stay", "v1", reached=120, delivered=100, submitted=25, clicked=5))
        assert told["steps.2"].share == 0.3
        assert told["steps.2.on_submit"].count == 25

    def test_a_letter_tells_who_clicked_and_what_failed(self) -> None:
        told = nodes(StepFigures("thanks", "v1", reached=40, delivered=38, clicked=19, failed=2))
        letter = told["steps.1.choose.0.steps.0"]
        assert (letter.rate, letter.share, letter.failed) == ("clicked", 0.5, 2)

    def test_the_beginning_and_the_goal(self) -> None:
        told = nodes(entered=400, running=31, goal=50)
        assert (told["steps"].count, told["steps"].waiting) == (400, 31)
        assert told["goal"].share == 0.125


class TestSeveralVersions:
    def test_are_added_up_and_what_is_gone_is_left_out(self) -> None:
        rows = outline(Document(ORDERS), "en")
        steps = (
            StepFigures("topic", "v1", reached=10, ended_why={"done": 1}),
            StepFigures("question", "v0", reached=5, waiting=2, ended_why={"done": 2}),
            StepFigures("old", "v0", reached=99),
        )
        keys = {"topic": "topic", "question": "topic"}
        told = node_figures(
            rows, ScenarioFigures("orders", 1, steps=steps), lambda _version, step: keys.get(step, "")
        )
        assert set(told) >= {"steps.0"}
        assert (told["steps.0"].count, told["steps.0"].waiting) == (15, 2)
        assert not any(node.count == 99 for node in told.values())
