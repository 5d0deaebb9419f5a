"""Every kind of mistake in a scenario file is named where it stands, with what to do about it.

`«` stands in the text where the mistake is expected; each text has this one problem and no other.
"""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import pytest

from scenarios_yaml.language.reader import read_scenario, read_scenario_bytes, read_scenario_file

STEPS = "steps:\n  - say: Hello\n"


def head(lines: str) -> str:
    """A whole file with these lines between title and trigger."""
    return f"scenario: a-name\ntitle: A title\n{lines}trigger:\n  - event: Session Started\n{STEPS}"


def trigger(lines: str) -> str:
    return f"scenario: a-name\ntitle: A title\ntrigger:\n{lines}{STEPS}"


HEAD_MISTAKES = [
    ("«title: T\ntrigger:\n  - event: Cart Viewed\n" + STEPS, "needs the key “scenario”", ""),
    ("«scenario: x\ntrigger:\n  - event: Cart Viewed\n" + STEPS, "needs the key “title”", ""),
    ("«scenario: x\ntitle: T\n" + STEPS, "needs the key “trigger”", ""),
    ("«scenario: x\ntitle: T\ntrigger:\n  - event: Cart Viewed\n", "needs the key “steps”", ""),
    ("scenario: x\ntitle: T\ntrigger: «[]\n" + STEPS, "“trigger” holds nothing", ""),
    ("scenario: x\ntitle: T\ntrigger:\n  - event: Cart Viewed\nsteps: «[]\n", "“steps” holds nothing", ""),
    ("«- a\n- b\n", "a scenario is a mapping", "begins with"),
    (head("«audiense:\n  - email is known\n"), "no key “audiense”", "did you mean “audience”?"),
    (head("«whatever: 1\n"), "no key “whatever”", "known here: scenario, title"),
    (head("status: «lve\n"), "“lve” is not one of draft, live, paused, archived", "did you mean “live”?"),
    (head("status:« \n"), "is missing here", ""),
    (head("starter: «yes\n"), "neither true nor false", "did you mean “true”?"),
    (head("group: «Chat Bots\n"), "no short name", "for example chat-bots"),
    (head("timezone: «utc\n"), "not one of visitor, project", ""),
    (head("holdout: «10\n"), "no share", "did you mean “10%”?"),
    (head("holdout: «110%\n"), "no share from 0% to 100%", ""),
    (head("audience: «email is known\n"), "a list of conditions", "write it as a list: “- email is known”"),
    (head("audience:\n  - «some: thing\n"), "one of “all”, “any”, “not”", ""),
    (head("audience:\n  - «alll: [email is known]\n"), "one of “all”", "did you mean “all”?"),
    (head("audience:\n  - any: «[]\n"), "a condition is missing", ""),
    (head("goal: «{event: Order Completed}\n"), "needs the key “within”", ""),
    (head("goal: {event: Order Completed, within: «3 days}\n"), "no duration", "write 3d"),
    (head("goal: {event: Order Completed, within: «3}\n"), "no duration", "with its unit: 3s, 3m, 3h or 3d"),
    (head("goal: {event: Order Completed, within: «0s}\n"), "no duration", "longer than nothing"),
    (head("goal: {event: Order Completed, within: «900w}\n"), "no duration", ""),
    (head("goal: «Order Completed\n"), "“goal” is a mapping", "write “goal: {event: Order Completed, within: 7d}”"),
    (head("reentry: {times: «twice}\n"), "not one of once, always", ""),
    (head("reentry: {times: «0}\n"), "no whole number from 1", ""),
    (head("reentry: {while_running: «parralel}\n"), "not one of", "did you mean “parallel”?"),
    (head("reentry: {key: «cart}\n"), "no path", "for example cart.total"),
    (head("reentry: {«not_sooner: 3d}\n"), "no key “not_sooner”", "did you mean “not_sooner_than”?"),
    (head("delivery: {priority: «101}\n"), "no whole number from 0 to 100", ""),
    (head("delivery: {quiet_hours: «Wait}\n"), "not one of wait, skip, ignore", "did you mean “wait”?"),
    (head("exit:\n  - «{where: [cart.total = 0]}\n"), "needs the key “event”", ""),
    (head("parameters:\n  sum: {type: «money, default: 1}\n"), "not one of text, number", ""),
    (head("parameters:\n  sum: {type: number, default: «many}\n"), "no number", "for example 3000"),
    (head("parameters:\n  sum: «{type: number}\n"), "needs the key “default”", ""),
    (head("parameters: «[sum]\n"), "a mapping of names", ""),
    (head("parameters:\n  sum: {type: number, default: 1}\naudience:\n  - cart.total > «parameters.som\n"),
     "no parameter “som”", "did you mean “parameters.sum”?"),
]  # fmt: skip

TRIGGER_MISTAKES = [
    (trigger("  - «evnt: Cart Viewed\n"), "needs “event” or “inactive”", ""),
    (trigger("  - «{where: [cart.total > 0]}\n"), "needs “event” or", ""),
    (trigger("  - event: Cart Viewed\n    «inactive: 3d\n"), "not both", ""),
    (trigger("  - inactive: 3d\n    «where: [cart.total > 0]\n"), "“where” goes with “event”", ""),
    (trigger("  - event:« \n"), "the name of an event is missing", ""),
    (trigger("  - event: «[a, b]\n"), "the name of an event is wanted here, this is a list", ""),
    (trigger("  - «Cart Viewed\n"), "a trigger is a mapping", ""),
    (trigger("  - keyword: «order\n"), "“keyword” is a list", ""),
    (trigger("  - keyword: «[]\n"), "holds no word", ""),
    (trigger("  - segment: «Big Spenders\n"), "no short name", "for example big-spenders"),
    (trigger("  - schedule: «0 10 1\n"), "it has five fields", "minute hour day month weekday"),
    (trigger("  - schedule: «0 25 1 * *\n"), "“25” is no field", "from 0 to 23"),
    (trigger("  - schedule: «0 10 * * 5-1\n"), "“5-1” is no field", ""),
    (trigger("  - at: «tomorrow\n"), "no date and time", "for example 2026-08-30 10:00"),
    (trigger("  - at: «2026-02-30 10:00\n"), "no date and time", ""),
]  # fmt: skip

STEP_MISTAKES = [
    ("  - «sya: Hello\n", "there is no step “sya”", "did you mean “say”?"),
    ("  - «id: alone\n", "has no kind", "say, ask, popup"),
    ("  - «say:Hello\n", "a step is a mapping", "put a space after the colon"),
    ("  - «say\n", "a step is a mapping", "say: needs its colon"),
    ("  - «[]\n", "a step is a mapping", ""),
    ("  - say: Hello\n    «wait: 3d\n", "“say” and “wait” are two", "begin a new step"),
    ("  - say: Hello\n    «then: []\n", "“then” does not go with “say”", "options, timeout"),
    ("  - say: Hello\n    «optoins: []\n", "“say” has no key “optoins”", "did you mean “options”?"),
    ("  - say:« \n", "a text is missing here", ""),
    ("  - say: «[a, b]\n", "a text is wanted here, this is a list", ""),
    ("  - say: {en: Hello, «text: Hello there}\n", "“text” is no language", "one for each language"),
    ("  - say: {en: Hello, «my friend}\n", "is no language", "a comma inside `{…}` begins a new key"),
    ("  - id: «Big One\n    say: Hello\n", "no short name", "for example big-one"),
    ("  - say: Hello\n    enabled: «no\n", "neither true nor false", "did you mean “false”?"),
    ("  - say: Hello\n    «options: []\n", "holds no answer", ""),
    ("  - say: Hello\n    options: «Yes\n", "“options” is a list", ""),
    ("  - say: Hello\n    options:\n      - «id: a\n", "needs the key “label”", ""),
    ("  - say: Hello\n    options:\n      - {label: A, steps: [], «jump: a-name}\n      - {label: B, id: x}\n  - id: a-name\n    say: Bye\n", "not both", "end of the steps"),
    ("  - say: Hello\n    options:\n      - {label: A}\n      - {«label: a}\n", "“a” stands here twice", ""),
    ("  - say: Hello\n    options:\n      - {label: A, id: x}\n      - {label: B, «id: x}\n", "the id “x” stands", ""),
    ("  - say: Hello\n    buttons:\n      - «{label: Go}\n", "needs the key “link”", ""),
    ("  - say: Hello\n    buttons:\n      - {label: Go, link: «javascript:alert(1)}\n", "is no address", ""),
    ("  - say: Hello\n    image: «../secret.png\n", "neither a file", ""),
    ("  - «ask: Your name?\n    input: text\n    save_to: name\n", "needs the key “timeout”", ""),
    ("  - «ask: Your name?\n    input: text\n    timeout: 1h\n", "needs the key “save_to”", ""),
    ("  - ask: Your name?\n    input: «mail\n    save_to: name\n    timeout: 1h\n", "not one of", "“email”"),
    ("  - ask: Size?\n    «input: choice\n    save_to: run.size\n    timeout: 1h\n", "a choice needs", ""),
    ("  - ask: Hm?\n    input: text\n    save_to: «cart.total\n    timeout: 1h\n", "cannot be written", "visitor.NAME"),
    ("  - ask: Hm?\n    input: text\n    save_to: «visitor.id\n    timeout: 1h\n", "the desk keeps it itself", ""),
    ("  - ask: Hm?\n    input: text\n    save_to: «plan\n    timeout: 1h\n", "nothing that a path", "“visitor.plan”"),
    ("  - popup: «{size: small, title: T}\n", "needs the key “text”", ""),
    ("  - popup: {size: «tiny, title: T, text: X}\n", "not one of small, large, mini", ""),
    ("  - popup: «Hello\n", "“popup” is a mapping", ""),
    ("  - popup:\n      size: small\n      title: T\n      text: X\n      fields:\n        - «{input: email, label: E}\n",
     "needs the key “save_to”", ""),
    ("  - email: «{subject: S}\n", "needs “body” or “template”", ""),
    ("  - email: {subject: S, body: B, «template: t}\n", "not both", ""),
    ("  - push: «{title: T, text: X}\n", "needs the key “link”", ""),
    ("  - file: «/etc/passwd\n", "no file of the files folder", ""),
    ("  - file: «a/../../b\n", "no file of the files folder", ""),
    ("  - product_list: {from: «liked, limit: 3}\n", "not one of viewed, cart, popular", ""),
    ("  - product_list: {from: cart, limit: «0}\n", "no whole number from 1", ""),
    ("  - coupon: {pool: a, save_to: «order.code}\n", "cannot be written", ""),
    ("  - «if:\n      - email is known\n", "needs the key “then”", ""),
    ("  - if:\n      - email is known\n    then:« \n", "is a list, nothing stands here", ""),
    ("  - choose: «[]\n", "at least one case", ""),
    ("  - choose:\n      - «{if: [email is known]}\n", "needs the key “steps”", ""),
    ("  - split: «[{name: a, weight: 1, steps: []}]\n", "at least two variants", ""),
    ("  - split:\n      - {name: a, weight: 1, steps: []}\n      - {«name: a, weight: 1, steps: []}\n", "twice", ""),
    ("  - split: «[{name: a, weight: 0, steps: []}, {name: b, weight: 0, steps: []}]\n", "add up to nothing", ""),
    ("  - wait: «soon\n", "no duration", "for example 30s"),
    ("  - wait: «{for: 3d}\n", "needs the key “since”", ""),
    ("  - wait: {at: «25:00}\n", "no time of day", "for example 09:30"),
    ("  - wait: {at: «9:30}\n", "no time of day", "did you mean “09:30”?"),
    ("  - wait: {at: 10:00, weekdays: [mon, «Friday]}\n", "no weekday", "did you mean “fri”?"),
    ("  - wait: {until: 2026-08-30, «within: 3d}\n", "“within” goes with “at”", ""),
    ("  - wait: {until: «whenever}\n", "neither a date and time nor a path", ""),
    ("  - wait: {for: 3d, since: trigger, «at: 10:00}\n", "not both", ""),
    ("  - wait: «{}\n", "needs “for” or “until”", ""),
    ("  - wait_for: «{event: Order Completed}\n", "needs the key “up_to”", ""),
    ("  - tag: «two words\n", "is no tag", "without spaces"),
    ("  - set: {«cart.total: 5}\n", "cannot be written", ""),
    ("  - set: «{}\n", "sets nothing", ""),
    ("  - set: «visitor.plan\n", "a mapping of names to values", ""),
    ("  - emit: «{properties: {a: 1}}\n", "needs the key “event”", ""),
    ("  - webhook: «{method: POST}\n", "needs the key “url”", ""),
    ("  - webhook: {«url: /local}\n", "no web address", "https://"),
    ("  - webhook: {url: https://a.example, «timeout: 5m}\n", "at most 60s", ""),
    ("  - webhook: {url: https://a.example, method: «SEND}\n", "not one of POST", ""),
    ("  - assign: «{}\n", "needs “team” or “operator”", ""),
    ("  - handoff: {«tema: support}\n", "no key “tema”", "did you mean “team”?"),
    ("  - jump: «nowhere\n", "there is no step or block “nowhere”", "give the step an id"),
    ("  - id: here\n    say: Hello\n  - wait: 3d\n  - jump: «her\n", "no step or block “her”", "did you mean “here”?"),
    ("  - call: «nowhere\n", "there is no block “nowhere”", ""),
    ("  - id: here\n    say: Hello\n  - call: «here\n", "“here” is a step", "jump: here goes there"),
    ("  - stop:« \n", "is missing here", ""),
    ("  - id: a\n    say: Hello\n  - id: «a\n    say: Hello\n", "the id “a” stands here twice, first in line 6", ""),
]  # fmt: skip

TEXT_MISTAKES = [
    ("  - say: Hello {{ «visitr.name }}\n", "no variable “visitr”", "did you mean “visitor”?"),
    ("  - say: Hello {{ «name }}\n", "no variable “name”", "did you mean “visitor.name”?"),
    ('  - say: "Hello \\"you\\" {{ «visitr.name }}"\n', "no variable", ""),
    ("  - say: 'It''s {{ «visitr.name }}'\n", "no variable", ""),
    ("  - say: |\n      Hello,\n      dear {{ «visitr.name }}\n", "no variable", ""),
    ("  - say: >-\n      Hello,\n\n      dear {{ «visitr.name }}\n", "no variable", ""),
    ("  - say:\n      en: Hello\n      ru: Привет, {{ «visitr.name }}\n", "no variable", ""),
    ("  - say: Hello {{ visitor.name | «upcse }}\n", "no filter “upcse”", "did you mean “upcase”?"),
    ("  - say: Hello «{% if visitor.name %}\n", "cannot be filled in: expected tag endif", ""),
    ("  - say: Hello {% «iff visitor.name %}{% endif %}\n", "unexpected tag", "did you mean “if”?"),
    ("  - say: Hello {{ visitor.name «visitor }}\n", "cannot be filled in", ""),
    ("  - say: Hello {% «include 'other' %}\n", "unexpected tag 'include'", ""),
    ("  - say: Hello {{ «parameters.sum }}\n", "no parameter “sum”", ""),
    ("  - say: «Only today #1 in town\n", "what follows ` #` would be lost", "in quotes"),
]

LOOPS = [
    ("  - id: a\n    say: Hello\n  - jump: «a\n", ""),
    ("  - id: a\n    jump: «a\n", ""),
    ("  - id: a\n    wait_for: {event: Cart Viewed, up_to: 3d}\n    then:\n      - jump: «a\n", ""),
    ("  - id: a\n    wait: {for: 3d, since: trigger}\n  - jump: «a\n", ""),
    ("  - jump: a\nblocks:\n  a:\n    - jump: «b\n  b:\n    - jump: a\n", "b"),
    ("  - call: a\nblocks:\n  a:\n    - say: Hello\n    - call: «a\n", ""),
    ("  - id: a\n    call: b\n  - jump: «a\nblocks:\n  b:\n    - say: Hello\n", ""),
]
GOOD_LOOPS = [
    "  - id: a\n    say: Hello\n  - wait: 3d\n  - jump: a\n",
    "  - id: a\n    say: Hello\n    options:\n      - {label: Again, jump: a}\n",
    "  - id: a\n    ask: Name?\n    input: text\n    save_to: name\n    timeout: 1h\n  - jump: a\n",
    "  - id: a\n    popup: {size: small, title: T, text: X}\n  - jump: a\n",
    "  - id: a\n    wait: {at: 10:00}\n  - jump: a\n",
    "  - id: a\n    call: b\n  - jump: a\nblocks:\n  b:\n    - wait: 3d\n",
    "  - call: b\n  - say: Hello\n  - call: b\nblocks:\n  b:\n    - say: Hello\n",
    "  - id: a\n    wait_for: {event: Cart Viewed, up_to: 3d}\n    on_timeout:\n      - jump: a\n",
]


def _check(problem, message, hint):
    assert message in problem.message
    assert hint in problem.hint
    assert problem.severity == "error"


class TestMistakesInTheHead:
    @pytest.mark.parametrize(("marked", "message", "hint"), HEAD_MISTAKES)
    def test_are_named_where_they_stand(self, small, marked, message, hint):
        _check(small.one_problem(marked), message, hint)

    @pytest.mark.parametrize(("marked", "message", "hint"), TRIGGER_MISTAKES)
    def test_and_those_in_triggers(self, small, marked, message, hint):
        problems, line, column = small.problems(marked)
        _check(problems[-1], message, hint)
        if "evnt" not in marked:
            assert [(p.line, p.column) for p in problems] == [(line, column)]

    def test_a_misspelt_trigger_is_guessed(self):
        problems = read_scenario(trigger("  - evnt: Cart Viewed\n")).problems
        assert "did you mean “event”?" in [problem.hint for problem in problems]

    def test_the_name_is_that_of_the_file(self):
        text = head("")
        assert read_scenario(text, "folder/a_name.yaml").problems == ()
        (problem,) = read_scenario(text, "folder/another.yaml").problems
        assert (problem.line, problem.column) == (1, 11)
        assert "stands in a file named “another”" in problem.message
        assert problem.hint == "write “scenario: another”, or name the file a-name.yaml"


class TestMistakesInSteps:
    @pytest.mark.parametrize(("steps", "message", "hint"), STEP_MISTAKES)
    def test_are_named_where_they_stand(self, small, steps, message, hint):
        _check(small.one_problem(small.file(steps)), message, hint)

    def test_two_blocks_and_steps_of_one_name(self, small):
        marked = small.file(
            "  - id: «a\n    say: Hello\n  - jump: b\nblocks:\n  a:\n    - say: A\n  b:\n    - jump: a\n"
        )
        assert "the id “a” stands here twice" in small.problems(marked)[0][0].message

    def test_an_empty_block_or_a_block_that_is_no_list(self, small):
        for block in ("«[]", "«Hello"):
            assert small.one_problem(small.file() + f"blocks:\n  a: {block}\n").severity == "error"


class TestMistakesInTexts:
    @pytest.mark.parametrize(("steps", "message", "hint"), TEXT_MISTAKES)
    def test_are_named_at_their_character(self, small, steps, message, hint):
        _check(small.one_problem(small.file(steps)), message, hint)

    def test_a_text_in_quotes_may_have_a_comment_behind_it(self, small):
        assert read_scenario(small.file('  - say: "Hello" # to all\n')).problems == ()
        assert read_scenario(small.file('  - say: "Only #1"\n')).problems == ()


class TestLoops:
    """Every cycle needs a pause: an answer, or a wait."""

    @pytest.mark.parametrize(("steps", "back_to"), LOOPS)
    def test_without_a_pause_is_an_error(self, small, steps, back_to):
        problem = small.one_problem(small.file(steps))
        _check(
            problem, f"goes round for ever, without an answer or a wait: back to “{back_to or 'a'}”", "a wait"
        )

    @pytest.mark.parametrize("steps", GOOD_LOOPS)
    def test_with_a_pause_is_fine(self, small, steps):
        assert read_scenario(small.file(steps)).problems == ()


class TestWarnings:
    """What is probably not meant is a warning: the scenario can be run."""

    @pytest.mark.parametrize(
        ("steps", "message", "hint"),
        [
            ("  - stop: done\n  - «say: Hello\n", "never reached", ""),
            ("  - handoff:\n  - «say: Hello\n", "never reached", ""),
            ("  - say: Hello\nblocks:\n  a:\n    - «say: Hello\n", "this block is never used", ""),
            ("  - say: Hello\n    «timeout: 3d\n", "“timeout” does nothing here", "add options"),
            (
                "  - coupon: {pool: a, save_to: run.code}\n  - say: Your code is {{ «run.cod }}\n",
                "no step saves",
                "did you mean “run.code”?",
            ),
            ("  - say: Hello {{ «run.size }}\n", "no step saves anything to “run.size”", "save_to: run.size"),
            ("  - if:\n      - «run.size is known\n    then: []\n", "no step saves", "save_to: run.size"),
            ("  - emit: {«event: Order Complete}\n", "no event “Order Complete” is known", "Order Completed"),
            ("  - if:\n      - «did Product_View >= 3 times\n    then: []\n", "no event", "Product Viewed"),
        ],
    )
    def test_and_leaves_the_scenario_there(self, small, steps, message, hint):
        text, _, _ = small.file(steps).partition("\0")
        problem = small.one_problem(text)
        assert problem.severity == "warning"
        assert message in problem.message
        assert hint in problem.hint
        assert read_scenario(text.replace("«", "")).scenario is not None

    def test_what_a_run_keeps_or_a_step_saves_is_there(self, small):
        steps = (
            "  - ask: Size?\n    input: text\n    save_to: run.size\n    timeout: 1h\n"
            "  - webhook: {url: https://a.example, save_to: run.reply}\n  - set: {run.seen: true}\n"
            "  - popup: {size: mini, title: T, text: X, fields: [{input: text, label: L, save_to: run.field}]}\n"
            "  - say: '{{ run.size }} {{ run.reply.total }} {{ run.seen }} {{ run.field }} {{ run.path }} {{ run.answer }}'\n"
        )
        assert read_scenario(small.file(steps)).problems == ()

    def test_an_event_of_the_shop_is_no_misspelling(self):
        for name in ("Quiz Finished", "order_completed", "ORDER COMPLETED", "Loyalty Card Scanned"):
            assert read_scenario(trigger(f"  - event: {name}\n")).problems == ()


class TestAllProblemsAtOnce:
    def test_of_every_part_of_the_file_in_its_order(self):
        text = (
            "scenario: Name\ntitel: T\ntrigger:\n  - inactive: 7 days\naudience:\n  - visitr.x = 1\n  - cart.total >> 3\n"
            "steps:\n  - sya: Hello\n  - wait: never\n  - say: '{{ nope }}'\n  - jump: nowhere\n"
        )
        result = read_scenario(text)
        assert result.scenario is None
        assert [problem.line for problem in result.errors] == [1, 1, 2, 4, 6, 7, 9, 10, 11, 12]

    def test_the_form_that_editors_jump_to(self):
        (problem,) = read_scenario(head("status: lve\n"), "scenarios/a_name.yaml").problems
        assert str(problem) == (
            "scenarios/a_name.yaml:3:9: error: “lve” is not one of draft, live, paused, archived "
            "(did you mean “live”?)"
        )
        assert problem.text == "lve"

    def test_a_hundred_are_told_and_no_more(self, small):
        problems = read_scenario(small.file("  - sya: Hello\n" * 500)).problems
        assert len(problems) == 101
        assert problems[-1].message == "more than 100 problems: the file was not read any further"

    def test_control_characters_never_reach_a_message(self, small):
        problems = read_scenario(small.file('  - wait: "\\e]0;title\\a"\n')).problems
        assert len(problems) == 1
        assert all(character.isprintable() for character in str(problems[0]))


class TestFiles:
    def test_a_missing_file(self, tmp_path):
        (problem,) = read_scenario_file(tmp_path / "none.yaml").problems
        assert "cannot be read" in problem.message
        assert problem.file == str(tmp_path / "none.yaml")

    def test_a_folder(self, tmp_path):
        assert "cannot be read" in read_scenario_file(tmp_path).problems[0].message

    def test_bytes_that_are_not_utf_8(self):
        (problem,) = read_scenario_bytes(
            "scenario: x\ntitle: Прив\n".encode()[:-2] + b"\xff\n", "x.yaml"
        ).problems
        assert (problem.line, problem.column, problem.hint) == (2, 11, "save the file as UTF-8")

    def test_utf_16(self):
        assert "UTF-16" in read_scenario_bytes("scenario: x".encode("utf-16")).problems[0].message

    def test_a_byte_order_mark_moves_no_column(self, small):
        data = b"\xef\xbb\xbf" + small.file("  - sya: Hello\n").encode()
        (problem,) = read_scenario_bytes(data).problems
        assert (problem.line, problem.column) == (6, 5)
        marked = "\ufeff" + small.file("  - sya: Hello\n")
        assert read_scenario(marked).problems[0].line == 6

    def test_lines_that_end_as_on_windows(self, small):
        text = small.file("  - say: Hello\n  - say: Hello {{ visitr }}\n").replace("\n", "\r\n")
        (problem,) = read_scenario(text).problems
        assert (problem.line, problem.column) == (7, 19)

    def test_too_large(self, tmp_path):
        path = tmp_path / "large.yaml"
        path.write_text("scenario: x\n# " + "x" * 300_000)
        assert "too large" in read_scenario_file(path).problems[0].message
