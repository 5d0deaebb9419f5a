"""What only many files together show, told at its place in the right file."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.language.whole.together import check_together


def scenario(slug, *, trigger="Session Started", steps="  - say: Hello\n", head=""):
    on = trigger if ":" in trigger else f"event: {trigger}"
    return f"scenario: {slug}\ntitle: T\n{head}trigger:\n  - {on}\nsteps:\n{steps}"


def segment(slug, *conditions):
    return f"segment: {slug}\ntitle: T\nconditions:\n" + "".join(f"  - {one}\n" for one in conditions)


def check(*texts, coupons=None, files=None, locales=(), with_texts=True, elsewhere=()):
    """The problems of these files, each named by its slug."""
    scenarios, segments, written = [], [], {}
    for text in texts:
        slug = text.partition("\n")[0].partition(": ")[2]
        file = f"{slug}.yaml"
        if text.startswith("segment"):
            found = read_segment(text, file)
            assert found.segment is not None, list(map(str, found.problems))
            segments.append((found.segment, file))
        else:
            read = read_scenario(text, file)
            assert read.scenario is not None, list(map(str, read.problems))
            scenarios.append((read.scenario, file))
        written[file] = text
    return check_together(
        scenarios,
        segments,
        coupons=coupons,
        files=files,
        locales=locales,
        texts=written if with_texts else None,
        elsewhere=elsewhere,
    )


def one(problems, severity="warning"):
    assert len(problems) == 1, list(map(str, problems))
    assert problems[0].severity == severity
    return problems[0]


def place(problem):
    return problem.file, problem.line, problem.column


class TestNamesThatAreNowhere:
    def test_a_segment_in_a_trigger(self):
        problem = one(
            check(scenario("a", trigger="segment: big-spender"), segment("big-spenders", "visits > 9"))
        )
        assert place(problem) == ("a.yaml", 4, 14)
        assert problem.message == "there is no segment “big-spender”"
        assert problem.hint == "did you mean “big-spenders”?"
        assert problem.text == "big-spender"

    @pytest.mark.parametrize(
        "head",
        [
            "audience:\n  - not in segment vips\n",
            "exit:\n  - any: [visits > 9, in segment vips]\n",
            "exit:\n  - {event: Cart Viewed, where: [in segment vips]}\n",
            "goal: {event: Cart Viewed, within: 1d, where: [in segment vips]}\n",
        ],
    )
    def test_a_segment_in_any_condition_of_the_head(self, head):
        problem = one(check(scenario("a", head=head), segment("vip", "visits > 9")))
        assert problem.hint == "did you mean “vip”?"
        text = scenario("a", head=head)
        line = text.split("\n")[problem.line - 1]
        assert line[problem.column - 1 :].startswith("vips")

    def test_a_segment_in_another_segment(self):
        problem = one(check(segment("vip", "visits > 9"), segment("b", "in segment vips")))
        assert place(problem) == ("b.yaml", 4, 16)

    def test_a_scenario_that_is_started(self):
        problem = one(check(scenario("a", steps="  - start: bonsu\n"), scenario("bonus")))
        assert place(problem) == ("a.yaml", 6, 12)
        assert (problem.message, problem.hint) == ("there is no scenario “bonsu”", "did you mean “bonus”?")

    def test_a_scenario_that_a_condition_asks_about_and_its_step(self):
        bonus = scenario("bonus", steps="  - id: letter\n    email: {subject: S, body: B}\n")
        asks = "  - if:\n      - {}\n    then: []\n"
        assert check(bonus, scenario("a", steps=asks.format("opened bonus.letter in 1d"))) == []
        problem = one(check(bonus, scenario("a", steps=asks.format("not received bonsu"))))
        assert place(problem) == ("a.yaml", 7, 22)
        problem = one(check(bonus, scenario("a", steps=asks.format("opened bonus.leter"))))
        assert (problem.column, problem.hint) == (22, "did you mean “letter”?")
        assert problem.message == "there is no step “leter” in “bonus”"

    def test_a_scenario_that_is_known_to_lie_elsewhere_is_there(self):
        assert check(scenario("a", steps="  - start: bonus\n"), elsewhere=["bonus"]) == []

    def test_a_pool_of_promo_codes_where_the_pools_are_known(self):
        text = scenario("a", steps="  - coupon: {pool: cart5, save_to: run.code}\n")
        assert check(text) == []
        assert check(text, coupons=["cart5"]) == []
        problem = one(check(text, coupons=["cart-5", "bonus"]))
        assert place(problem) == ("a.yaml", 6, 20)
        assert problem.hint == "did you mean “cart-5”?"
        assert one(check(text, coupons=["x"])).hint == "known: x"

    def test_a_file_to_send_where_the_files_are_known(self):
        text = scenario(
            "a",
            steps="  - file: term.pdf\n  - say: Hello\n    image: https://a.example/x.png\n"
            "  - email: {subject: S, body: B, attachments: [terms.pdf, none.pdf]}\n",
        )
        assert check(text) == []
        term, none = check(text, files=["terms.pdf"])
        assert (place(term), term.hint) == (("a.yaml", 6, 11), "did you mean “terms.pdf”?")
        assert (none.line, none.column) == (9, 59)

    def test_without_the_text_the_line_is_known(self):
        problem = one(check(scenario("a", steps="  - start: bonsu\n"), scenario("bonus"), with_texts=False))
        assert place(problem) == ("a.yaml", 6, 1)


class TestSegmentsInACircle:
    def test_are_an_error_told_once(self):
        problem = one(
            check(
                segment("a", "visits > 1", "in segment b"),
                segment("b", "not: in segment c"),
                segment("c", "any: [tagged x, in segment a]"),
                segment("d", "in segment a"),
            ),
            severity="error",
        )
        assert problem.message == "these segments name each other in a circle: a → b → c → a"
        assert place(problem) == ("a.yaml", 5, 16)

    def test_a_segment_may_look_at_another(self):
        assert (
            check(
                segment("a", "in segment b", "in segment c"),
                segment("b", "in segment c"),
                segment("c", "visits > 1"),
            )
            == []
        )


class TestTextsInEveryLanguage:
    def test_a_text_without_a_language_of_the_others(self):
        steps = "  - say: {en: Hello, ru: Привет}\n    options:\n      - label: {en: Bye}\n"
        problem = one(check(scenario("a", steps=steps).replace("title: T", "title: {en: T, ru: Т}")))
        assert place(problem) == ("a.yaml", 8, 16)
        assert problem.message == "this text is missing in ru"
        assert problem.hint == "the others have {en: …, ru: …}"

    def test_one_string_among_texts_of_several_languages(self):
        steps = "  - say: {en: Hello, ru: Привет}\n  - say: Good to see you\n  - say: '{{ run.a }} 10% XL'\n"
        problem = one(check(scenario("a", steps=steps)))
        assert (problem.line, problem.message) == (7, "this text is there in one language only")

    def test_languages_that_are_asked_for(self):
        assert check(scenario("a", steps="  - say: {en: Hello}\n")) == []
        problem = one(check(scenario("a", steps="  - say: {en: Hello}\n"), locales=["en", "ru"]))
        assert problem.message == "this text is missing in ru"

    def test_a_shop_of_one_language_hears_nothing(self):
        assert (
            check(scenario("a", steps="  - say: Hello there\n  - popup: {size: mini, title: A, text: B}\n"))
            == []
        )

    def test_a_language_stands_for_its_countries(self):
        steps = "  - say: {pt: Olá, pt-BR: Oi}\n  - say: {pt: Tchau}\n"
        assert check(scenario("a", steps=steps)) == []

    def test_every_kind_of_text(self):
        steps = (
            "  - say: {en: A, ru: A}\n    buttons: [{label: {en: A}, link: /a}]\n"
            "  - ask: {en: A}\n    input: choice\n    choices: [{en: A}]\n    retry_text: {en: A}\n"
            "    save_to: run.a\n    timeout: 1h\n"
            "  - popup: {size: mini, title: {en: A}, text: {en: A}, button: {label: {en: A}},"
            " fields: [{input: choice, label: {en: A}, save_to: run.b, choices: [{en: A}]}]}\n"
            "  - email: {subject: {en: A}, preheader: {en: A}, body: {en: A}}\n"
            "  - push: {title: {en: A}, text: {en: A}, link: /a}\n  - message: {en: A}\n"
            "  - file: a.pdf\n    caption: {en: A}\n"
        )
        head = "parameters:\n  p: {type: text, default: {en: A}, label: {en: A}}\n"
        assert len(check(scenario("a", steps=steps, head=head))) == 18


class TestGoals:
    LETTERS = "  - wait: 3d\n  - email: {subject: S, body: B}\n"
    GOAL = "goal: {event: Order Completed, within: 7d}\n"

    def test_no_exit_on_the_goal(self):
        problem = one(check(scenario("a", head=self.GOAL, steps=self.LETTERS)))
        assert place(problem) == ("a.yaml", 3, 15)
        assert (
            problem.message
            == "no exit on the goal: who has reached “Order Completed” gets the rest all the same"
        )
        assert problem.hint == "add to “exit”: “- event: Order Completed”"

    @pytest.mark.parametrize(
        "head",
        [
            "exit:\n  - event: order_completed\n",
            "exit:\n  - did order_completed in 1d\n",
            "audience:\n  - did not order_completed in 7d\n",
        ],
    )
    def test_an_exit_by_any_name(self, head):
        assert check(scenario("a", head=self.GOAL + head, steps=self.LETTERS)) == []

    def test_nothing_is_said_where_nothing_follows_a_wait(self):
        assert check(scenario("a", head=self.GOAL, steps="  - wait: 30s\n  - tag: x\n")) == []
        assert check(scenario("a", head=self.GOAL)) == []

    def test_nor_where_the_goal_is_waited_for(self):
        steps = (
            "  - wait_for: {event: Order Completed, up_to: 1d}\n    then: [{stop: ordered}]\n  - say: Hello\n"
        )
        assert check(scenario("a", head=self.GOAL, steps=steps)) == []


LOOPS = {
    "a scenario that emits its own trigger": [
        scenario("a", trigger="Quiz Done", steps="  - emit: {event: quiz_done}\n")
    ],
    "two that emit": [
        scenario("a", trigger="X One", steps="  - wait: 5s\n  - emit: {event: Y One}\n"),
        scenario("b", trigger="Y One", steps="  - wait: 5s\n  - emit: {event: X One}\n"),
    ],
    "two that start each other": [
        scenario("a", steps="  - start: b\n"), scenario("b", trigger="X One", steps="  - start: a\n")
    ],
    "tag and untag": [
        scenario("a", trigger="Tag Added", steps="  - untag: x\n"),
        scenario("b", trigger="Tag Removed", steps="  - tag: x\n"),
    ],
    "lists": [
        scenario("a", trigger="Subscribed", steps="  - unsubscribe: news\n"),
        scenario("b", trigger="Unsubscribed", steps="  - subscribe: news\n"),
    ],
    "messages": [
        scenario("a", trigger="Message Sent", steps="  - email: {subject: S, body: B}\n"),
    ],
    "dialogs": [
        scenario("a", trigger="Dialog Opened", steps="  - say: Hello\n  - close: done\n"),
    ],
    "segments": [
        scenario("a", trigger="segment: tried", steps="  - untag: tried\n  - emit: {event: X One}\n"),
        scenario("b", trigger="X One", steps="  - tag: tried\n"),
        segment("tagged-tried", "tagged tried"), segment("tried", "in segment tagged-tried"),
    ],
    "segments and properties": [
        scenario("a", trigger="Segment Entered", steps="  - set: {visitor.plan: silver}\n  - set: {visitor.plan: gold}\n"),
        segment("gold", "visitor.plan = gold"),
    ],
    "through a third": [
        scenario("a", trigger="X One", steps="  - emit: {event: Y One}\n"),
        scenario("b", trigger="Y One", steps="  - emit: {event: Z One}\n"),
        scenario("c", trigger="Z One", steps="  - wait: 20s\n  - emit: {event: X One}\n"),
    ],
    "inside branches and blocks": [
        scenario("a", trigger="X One", steps="  - call: more\nblocks:\n  more:\n    - if: [visits > 1]\n      then:\n        - emit: {event: X One}\n"),
    ],
}  # fmt: skip

NO_LOOPS = {
    "a wait of thirty seconds": [
        scenario("a", trigger="X One", steps="  - wait: 15s\n  - emit: {event: Y One}\n"),
        scenario("b", trigger="Y One", steps="  - wait: 15s\n  - emit: {event: X One}\n"),
    ],
    "an answer": [
        scenario("a", trigger="X One", steps="  - say: Again?\n    options: [{label: 'Yes'}]\n  - emit: {event: X One}\n"),
    ],
    "once": [scenario("a", trigger="X One", head="reentry: {times: once}\n", steps="  - emit: {event: X One}\n")],
    "not sooner": [
        scenario("a", trigger="X One", head="reentry: {not_sooner_than: 1h}\n", steps="  - emit: {event: X One}\n")
    ],
    "the run goes on for a day, and a second one does not begin": [
        scenario("a", trigger="X One", steps="  - emit: {event: X One}\n  - wait: 1d\n")
    ],
    "a tag that nobody takes off": [scenario("a", trigger="Tag Added", steps="  - tag: x\n")],
    "another tag than the one waited for": [
        scenario("a", trigger="{event: Tag Added, where: [event.tag = y]}", steps="  - untag: x\n  - tag: x\n")
    ],
    "an audience that closes itself": [
        scenario("a", trigger="X One", head="audience:\n  - not tagged x\n", steps="  - tag: x\n  - emit: {event: X One}\n")
    ],
    "not for those who had it": [
        scenario("a", trigger="X One", head="audience:\n  - not received a in 1d\n",
                 steps="  - say: Hello\n  - emit: {event: X One}\n")
    ],
    "archived": [scenario("a", trigger="X One", head="status: archived\n", steps="  - emit: {event: X One}\n")],
    "a step that is switched off": [
        scenario("a", trigger="X One", steps="  - emit: {event: X One}\n    enabled: false\n")
    ],
    "a property that is set to the same value": [
        scenario("a", trigger="segment: gold", steps="  - set: {visitor.plan: gold}\n"),
        segment("gold", "visitor.plan = gold"),
    ],
    "events that the visitor makes": [
        scenario("a", trigger="Message Clicked", steps="  - say: Hello\n"),
        scenario("b", trigger="Email Opened", steps="  - email: {subject: S, body: B}\n"),
    ],
}  # fmt: skip


class TestLoopsAcrossScenarios:
    """In under thirty seconds, through whatever one scenario does and another waits for."""

    @pytest.mark.parametrize("name", LOOPS)
    def test_are_a_warning_told_once(self, name):
        problem = one(check(*LOOPS[name]))
        assert "set" in problem.message
        assert "not_sooner_than" in problem.hint

    @pytest.mark.parametrize("name", NO_LOOPS)
    def test_what_has_a_pause_or_an_end_is_none(self, name):
        assert check(*NO_LOOPS[name]) == []

    def test_the_way_is_told_with_its_time(self):
        problem = one(check(*LOOPS["two that emit"]))
        assert problem.message == (
            "these scenarios set each other off, round in 10s: "
            "a (emit “Y One”, line 7) → b (emit “X One”, line 7) → a"
        )
        assert place(problem) == ("a.yaml", 7, 19)

    def test_two_ways_are_two_warnings(self):
        problems = check(
            scenario("a", trigger="X One", steps="  - emit: {event: Y One}\n  - emit: {event: Z One}\n"),
            scenario("b", trigger="Y One", steps="  - start: a\n"),
            scenario("c", trigger="Z One", steps="  - start: a\n"),
        )
        assert [(p.line, p.message.split(": ")[1].split(" ")[-3]) for p in problems] == [(6, "6)"), (7, "6)")]

    def test_a_folder_in_which_everything_leads_to_everything_is_told_in_part_and_soon(self):
        steps = "".join(f"  - emit: {{event: E {n}}}\n" for n in range(30))
        problems = check(
            *(scenario(f"s{n}", trigger=f"E {n}", steps=steps) for n in range(30)), with_texts=False
        )
        assert 30 <= len(problems) <= 50
