"""The contract, sentence by sentence: loops, versions, goals, texts, determinism, "
"and what the trace tells."""

from __future__ import annotations

import msgspec
import pytest

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.run import SLICE_LIMIT, STEPS_LIMIT
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import Happened, TimePassed

BOT = """
steps:
  - {id: menu, say: Well?, timeout: 9d, options: [{label: Ok}]}
  - {id: good, say: %s}"""
SERIES = "steps:\n  - {id: pause, wait: 2d}\n  - {id: hello, say: %s}"

ROWS = [
    (
        "goal {event, where, within}: watched after the end of the run, too",
        "goal: {event: Order Completed, within: 7d, where: [event.total > 100]}\nsteps: [{say: Hello}]",
        "Go\nadvance 1d\nOrder Completed: total=50\nadvance 1d\nOrder Completed: total=200\n"
        "Order Completed: total=200",
        "say Hello\ngoal Order Completed after 2d",
    ),
    (
        "goal: within",
        "goal: {event: Order Completed, within: 1d}\nsteps: [{say: Hello}]",
        "Go\nadvance 1d\nOrder Completed",
        "say Hello",
    ),
    (
        "goal: of those who are held out, with whom it is compared",
        "holdout: 100%\ngoal: {event: Order Completed, within: 7d}\nsteps: [{say: Hello}]",
        "Go\nadvance 1d\nOrder Completed",
        "refused held out: he is among the 100%\ngoal Order Completed after 1d (held out)",
    ),
    (
        "an armed wait keeps its due time; later texts are new",
        SERIES % "Old" + "\n---\nlater:\n" + SERIES % "New",
        "Go\nadvance 1d\npublish\nadvance 2d",
        "2026-03-04 12:00 say New",
    ),
    (
        "later steps are new",
        SERIES % "Old" + "\n---\nlater:\n" + SERIES % "New" + "\n  - say: More",
        "Go\nadvance 1d\npublish\nadvance 2d",
        "say New\nsay More",
    ),
    (
        "a done id is never run again",
        "steps:\n  - {id: one, say: One}\n  - {id: pause, wait: 1d}\n"
        "  - {id: two, say: Two}\n---\nlater:\n"
        "steps:\n  - {id: pause, wait: 1d}\n  - {id: one, say: One}\n  - {id: two, say: Two}",
        "Go\npublish\nadvance 2d",
        "say One\nsay Two",
    ),
    (
        "a removed id: they stop where nobody chose",
        SERIES % "Old" + "\n---\nlater:\nsteps: [{id: hello, say: New}]",
        "Go\npublish\nadvance 3d",
        "ended step pause is gone",
    ),
    (
        "bot dialogs stay on the version they started with",
        BOT % "Old" + "\n---\nlater:\n" + BOT % "New",
        "Go\npublish\nchoose Ok\nadvance 1h\nGo\nchoose Ok",
        "say Well?\n  option Ok\nsay Old\nsay Well?\n  option Ok\nsay New",
    ),
    (
        "publishing touches no other's runs",
        "scenario: a\n"
        + SERIES % "A"
        + "\n---\nscenario: b\n"
        + SERIES % "B"
        + "\n---\nlater:\nscenario: b\nsteps: [{say: C}]",
        "Go\npublish\nadvance 3d",
        "say A\nended step pause is gone",
    ),
    (
        "texts in his language, else the project's, else English, else the first",
        "steps: [{say: {en: Hello, ru: Привет}}]",
        "Go\nset locale=ru\nadvance 1h\nGo\nset locale=de\nadvance 1h\nGo",
        "say Hello\nsay Привет\nsay Hello",
    ),
    (
        "texts are Liquid over visitor, cart, event, run",
        'steps: [{set: {run.x: 1}}, {say: \'{{ visitor.name | default: "there" }} {{ '
        "cart.total }} {{ event.n }} {{ run.x }}'}]",
        "Product Added: product_id=a, price=5\nGo: n=7",
        "say there 5.0 7 1",
    ),
    (
        "what is not there shows as nothing",
        "steps: [{say: 'Hi {{ visitor.name }}{{ cart.items[3].name }}!'}]",
        "Go",
        "say Hi !",
    ),
    (
        "segments may name segments",
        "trigger: [{segment: b}]\nsteps: [{say: Hello}]\n---\nsegment: a\n"
        "conditions: [tagged a]\n---\nsegment: b\nconditions: [in segment a, tagged b]",
        "tag b\ntag a",
        "event Segment Entered\nevent Segment Entered\nsay Hello",
    ),
]


class TestTable:
    @pytest.mark.parametrize(
        ("scenarios", "timeline", "seen"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
    )
    def test_contract(self, proves, scenarios, timeline, seen):
        proves(scenarios, timeline, seen)


class TestLoops:
    """At run time: 1,000 steps a run, 100 without a pause."""

    def test_a_hundred_steps_without_a_pause(self, play):
        visitor = play("steps:\n" + "  - tag: x\n  - untag: x\n" * 60)
        visitor.go()
        assert visitor.ended == [f"{SLICE_LIMIT} steps without a pause"]

    def test_a_thousand_steps_a_run(self, play):
        visitor = play("steps: [{id: again, wait: 1m}, {tag: x}, {jump: again}]")
        visitor.go()
        visitor.advance("1d")
        assert visitor.ended == [f"{STEPS_LIMIT} steps"]

    def test_scenarios_that_set_each_other_off_end_within_the_same_call(self, play):
        texts = (
            f"scenario: {one}\ntrigger: [{{event: {one}}}]\nreentry: {{while_running: parallel}}\n"
            f"steps: [{{emit: {{event: {two}}}}}]"
            for one, two in (("ping", "pong"), ("pong", "ping"))
        )
        visitor = play(*texts)
        visitor.event("ping")
        assert "scenarios set each other off without end" in visitor.ended
        assert visitor.state.runs == []


class TestTrace:
    def test_each_step_with_its_place_time_result_and_version(self, play):
        visitor = play("""
            audience: [visits = 0]
            steps:
              - id: check
                if:
                  - cart.total > 100
                then: [{say: Rich}]
                else: [{say: Poor}]
            """)
        visitor.go()
        version = visitor.scenarios[0].version
        assert [(line.phase, line.step, line.line, line.result) for line in visitor.trace] == [
            ("started", "", 11, "on Go"),
            ("step", "check", 5, "else: cart.total > 100 (0)"),
            ("step", "steps.0.else.0", 7, "said"),
            ("ended", "", 0, "done"),
        ]
        assert {(line.version, line.run, line.at) for line in visitor.trace} == {
            (version, "ann.1", visitor.now)
        }

    def test_each_refusal_has_the_line_of_its_condition_and_the_value_it_saw(self, play):
        visitor = play("""
            audience:
              - visits = 0
              - all:
                - not tagged out
                - cart.total > 100
            steps: [{say: Hello}]
            """)
        visitor.event("Product Added", product_id="a", price=7)
        visitor.go()
        assert [(line.line, line.result) for line in visitor.trace] == [(5, "audience: cart.total > 100 (7)")]

    def test_refusals_are_left_out_where_nobody_reads_them(self, play):
        texts = (
            "scenario: a\naudience: [tagged x]\nsteps: [{say: A}]",
            "scenario: b\nsteps: [{say: B}]",
            "scenario: c\ntrigger: [{event: Go, where: [event.n = 1]}]\nsteps: [{say: C}]",
            "scenario: d\nexit: [visits = 0]\nsteps: [{say: D}]",
            "scenario: e\nholdout: 100%\nsteps: [{say: D}]",
        )
        visitor = play(*texts)
        told = advance(visitor.state, visitor.catalog, Happened("Go"), visitor.now, visitor.world)
        brief = advance(
            visitor.state, visitor.catalog, Happened("Go"), visitor.now, visitor.world, explain=False
        )
        assert (brief.state, brief.effects) == (told.state, told.effects)
        assert list(brief.trace) == [line for line in told.trace if line.phase != "refused"]
        assert len(told.trace) - len(brief.trace) == 4


class TestDeterminism:
    def test_the_same_log_gives_the_same_outcome_each_time(self, read):
        catalog = Catalog.of(
            [
                read(
                    "holdout: 20%\n"
                    "steps: [{wait: 1h}, {split: [{name: a, weight: 1, steps: [{say: A}]}, {name: b, "
                    "weight: 1, steps: [{say: B}]}]}]"
                )
            ]
        )
        log = [(0, Happened("Go")), (3_600_000, TimePassed()), (3_600_001, Happened("Go"))]

        def replay() -> bytes:
            state, told = VisitorState(id="cat"), []
            for at, stimulus in log:
                outcome = advance(state, catalog, stimulus, 1_772_452_800_000 + at, World())
                state = outcome.state
                told.append((outcome.effects, outcome.trace))
            return msgspec.json.encode((state, told))

        assert replay() == replay()
        assert len(replay()) > 500
