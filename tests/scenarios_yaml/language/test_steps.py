"""Each kind of step becomes its typed value."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

from typing import get_args

import pytest

from scenarios_yaml.language import model
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import all_steps, branches


def plain(value):
    """A text as what was written, a step without its place: what a table can hold."""
    if isinstance(value, Text):
        return value.sources.get("", value.sources)
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, model.StepBase):
        return type(value).__name__
    if isinstance(value, model.Node):
        return {
            name: plain(getattr(value, name))
            for name in value.__struct_fields__
            if name not in ("line", "source")
        }
    return value


STEPS = [
    ("say: Hello\n    image: hello.png", model.Say, {"text": "Hello", "image": "hello.png", "timeout": None}),
    ("say: Hello\n    buttons: [{label: Go, link: /catalog}]", model.Say,
     {"buttons": ({"label": "Go", "link": "/catalog"},)}),
    ("say: Hello\n    timeout: 1d\n    options: [{label: 'Да, конечно', if: [visits > 1]}]\n    no_answer: []", model.Say,
     {"timeout": 86_400_000, "no_answer": (), "options": ({
         "id": "да-конечно", "label": "Да, конечно", "when": ({"op": ">", "count": 1},), "steps": (), "jump": "",
     },)}),
    ("ask: Size?\n    input: choice\n    choices: [S, M]\n    save_to: run.size\n    retries: 1\n"
     "    retry_text: Which?\n    timeout: 1h", model.Ask,
     {"input": "choice", "choices": ("S", "M"), "save_to": "run.size", "retries": 1, "retry_text": "Which?",
      "timeout": 3_600_000, "no_answer": None}),
    ("ask: Mail?\n    input: email\n    save_to: email\n    timeout: 1h", model.Ask, {"save_to": "visitor.email", "retries": 2}),
    ("popup:\n      size: mini\n      title: T\n      text: X\n      position: bottom-right\n      button: {label: B}\n"
     "      fields: [{input: choice, label: L, save_to: visitor.size, choices: [a, b]}]\n"
     "    timeout: 30m\n    on_click: []", model.Popup,
     {"size": "mini", "position": "bottom-right", "button": {"label": "B", "link": None}, "timeout": 1_800_000,
      "on_submit": None, "on_click": (), "on_close": None,
      "fields": ({"input": "choice", "label": "L", "save_to": "visitor.size", "required": False, "choices": ("a", "b")},)}),
    ("email: {subject: S, body: '**B**', preheader: P, from: shop@shop.example, attachments: [terms.pdf]}\n"
     "    on_error: [{stop: no mail}]", model.Email,
     {"subject": "S", "body": "**B**", "template": "", "preheader": "P", "sender": "shop@shop.example",
      "attachments": ("terms.pdf",), "on_error": ("Stop",)}),
    ("push: {title: T, text: X, link: 'https://shop.example', icon: i.png}", model.Push,
     {"title": "T", "link": "https://shop.example", "icon": "i.png", "on_error": None}),
    ("message: Hello", model.MessengerMessage, {"text": "Hello"}),
    ("file: terms/wholesale.pdf\n    caption: Our terms", model.SendFile,
     {"file": "terms/wholesale.pdf", "caption": "Our terms"}),
    ("product_list: {from: viewed, limit: 4}", model.ProductList, {"source": "viewed", "limit": 4}),
    ("product_list: {from: event.products, limit: 4}", model.ProductList, {"source": "event.products"}),
    ("coupon: {pool: first-order-10, save_to: run.code}", model.Coupon, {"pool": "first-order-10", "save_to": "run.code"}),
    ("if: [visits > 1]\n    then: [{say: A}]\n    else: [{say: B}, {say: C}]", model.If,
     {"then": ("Say",), "otherwise": ("Say", "Say")}),
    ("choose:\n      - {if: [visits > 1], steps: [{say: A}]}\n      - {if: [visits > 2], steps: []}\n"
     "    otherwise: [{say: B}]", model.Choose,
     {"cases": ({"conditions": ({"op": ">", "count": 1},), "steps": ("Say",)},
                {"conditions": ({"op": ">", "count": 2},), "steps": ()}), "otherwise": ("Say",)}),
    ("split:\n      - {name: a, weight: 50, steps: [{say: A}]}\n      - {name: b, weight: 0.5, steps: []}", model.Split,
     {"variants": ({"name": "a", "weight": 50.0, "steps": ("Say",)}, {"name": "b", "weight": 0.5, "steps": ()})}),
    ("wait: 1h30m", model.Wait, {"duration": 5_400_000, "since": "now"}),
    ("wait: {for: 3d, since: last_visit}", model.Wait, {"duration": 259_200_000, "since": "last_visit"}),
    ("wait: {until: 2026-08-30 10:00}", model.Wait, {"until": "2026-08-30 10:00", "duration": None}),
    ("wait: {until: event.starts_at}", model.Wait, {"until": "event.starts_at"}),
    ("wait: {at: 10:00, weekdays: [fri, mon], within: 2d}", model.Wait,
     {"at": "10:00", "weekdays": (0, 4), "within": 172_800_000}),
    ("wait: {business_hours: next}", model.Wait, {"business_hours": True}),
    ("wait_for: {event: Order Completed, where: [event.total > 5], up_to: 3d}\n    then: [{say: A}]\n"
     "    on_timeout: [{stop: late}]", model.WaitFor,
     {"event": "Order Completed", "up_to": 259_200_000, "then": ("Say",), "on_timeout": ("Stop",)}),
    ("tag: push:articles", model.Tag, {"tag": "push:articles", "remove": False}),
    ("untag: vip", model.Tag, {"tag": "vip", "remove": True}),
    ("set: {email: 'a@b.example', run.n: 3, visitor.vip: true, visitor.old: null}", model.Set,
     {"values": (("visitor.email", "a@b.example"), ("run.n", 3), ("visitor.vip", True), ("visitor.old", None))}),
    ("emit: {event: Quiz Done, properties: {score: 3, tags: [a, b], by: {name: '{{ visitor.name }}'}}}", model.Emit,
     {"event": "Quiz Done", "properties": (("score", 3), ("tags", ["a", "b"]), ("by", {"name": "{{ visitor.name }}"}))}),
    ("subscribe: news", model.Subscribe, {"list": "news", "remove": False}),
    ("unsubscribe: news", model.Subscribe, {"list": "news", "remove": True}),
    ("webhook: {url: 'https://a.example', method: PUT, headers: {X-Key: k}, send: {n: 1}, save_to: run.reply,"
     " timeout: 5s, retries: 1}", model.Webhook,
     {"url": "https://a.example", "method": "PUT", "headers": (("X-Key", "k"),), "send": {"n": 1},
      "save_to": "run.reply", "timeout": 5000, "retries": 1}),
    ("webhook: {url: 'https://a.example'}", model.Webhook, {"method": "POST", "timeout": 10_000, "retries": 3}),
    ("note: Wants {{ run.path }}", model.Note, {"text": "Wants {{ run.path }}"}),
    ("handoff: {team: support, note: Hi}\n    no_operator: []", model.Handoff,
     {"team": "support", "note": "Hi", "no_operator": ()}),
    ("handoff:", model.Handoff, {"team": "", "note": None, "no_operator": None}),
    ("assign: {operator: ann}", model.Assign, {"operator": "ann", "team": ""}),
    ("start: other-scenario", model.Start, {"scenario": "other-scenario"}),
    ("stop: no address", model.Stop, {"reason": "no address"}),
    ("close: solved", model.Close, {"reason": "solved"}),
    ("jump: a-block", model.Jump, {"target": "a-block"}),
    ("call: a-block", model.Call, {"block": "a-block"}),
]  # fmt: skip


class TestKinds:
    @pytest.mark.parametrize(
        ("written", "kind", "meant"), STEPS, ids=[written.split("\n")[0][:50] for written, *_ in STEPS]
    )
    def test_each_means(self, small, written, kind, meant):
        step = small.step(f"  - {written}\n  - call: a-block\n" if kind is not model.Jump else f"  - {written}\n",
                          tail="blocks:\n  a-block:\n    - say: Bye\n")  # fmt: skip
        assert type(step) is kind
        assert {name: plain(getattr(step, name)) for name in meant} == meant
        assert (step.path, step.key, step.line, step.enabled) == ("steps.0", "steps.0", 6, True)

    def test_every_kind_of_the_grammar_is_here(self):
        assert {written.split(":")[0] for written, *_ in STEPS} == set(KINDS)
        assert {kind for _, kind, _ in STEPS} == set(get_args(model.Step))

    def test_what_every_step_may_have(self, small):
        step = small.step("  - id: hello\n    comment: Greets\n    enabled: false\n    say: Hello\n")
        assert (step.key, step.id, step.path, step.comment, step.enabled) == (
            "hello",
            "hello",
            "steps.0",
            "Greets",
            False,
        )


class TestBranches:
    def test_every_step_of_the_tree_has_a_key_of_its_own(self, small):
        scenario = small.read(
            small.file(
                "  - say: A\n    timeout: 1d\n    no_answer: [{say: B}]\n    options: [{label: X, steps: [{say: C}]}]\n"
                "  - choose: [{if: [visits > 1], steps: [{say: D}]}]\n    otherwise: [{say: E}]\n"
                "  - split: [{name: a, weight: 1, steps: [{say: F}]}, {name: b, weight: 1, steps: []}]\n"
                "  - if: [visits > 1]\n    then: [{say: G}]\n    else: [{say: H}]\n"
                "  - wait_for: {event: Cart Viewed, up_to: 1d}\n    then: [{say: I}]\n    on_timeout: [{say: J}]\n"
                "  - handoff:\n    no_operator: [{say: K}, {jump: end}]\n"
            )
            + "blocks:\n  end:\n    - say: L\n"
        )
        keys = [step.key for step in all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)])]
        assert keys == [
            "steps.0", "steps.0.options.0.steps.0", "steps.0.no_answer.0",
            "steps.1", "steps.1.choose.0.steps.0", "steps.1.otherwise.0",
            "steps.2", "steps.2.split.0.steps.0",
            "steps.3", "steps.3.then.0", "steps.3.else.0",
            "steps.4", "steps.4.then.0", "steps.4.on_timeout.0",
            "steps.5", "steps.5.no_operator.0", "steps.5.no_operator.1",
            "blocks.end.0",
        ]  # fmt: skip

    def test_branches_are_named_by_their_keys(self, small):
        step = small.step("  - if: [visits > 1]\n    then: [{say: G}]\n    else: [{say: H}]\n")
        assert [(name, len(steps)) for name, steps in branches(step)] == [("then", 1), ("else", 1)]

    def test_answers_have_ids_of_their_own(self, small):
        step = small.step(
            "  - say: A\n    options: [{label: Yes!}, {label: Yes?}, {label: '?!'}, {label: No, id: nope}]\n"
        )
        assert [option.id for option in step.options] == ["yes", "yes-2", "option-3", "nope"]


class TestHead:
    def test_all_of_it(self, small):
        scenario = small.read(
            small.file(
                head="comment: For a test\nstatus: paused\nstarter: true\ngroup: sales\ntimezone: visitor\n"
                "reentry: {times: 3, not_sooner_than: 1d, key: cart.id, while_running: parallel}\n"
                "delivery: {priority: 90, if_busy: queue, quiet_hours: skip, frequency_cap: exempt, kind: service}\n"
                "holdout: 12.5%\n"
            )
        )
        assert (scenario.slug, scenario.title.sources) == ("a-name", {"": "A title"})
        assert (scenario.comment, scenario.status, scenario.starter, scenario.group) == (
            "For a test",
            "paused",
            True,
            "sales",
        )
        assert (scenario.timezone, scenario.holdout) == ("visitor", 12.5)
        assert scenario.reentry == model.Reentry(
            times=3, not_sooner_than=86_400_000, key="cart.id", while_running="parallel"
        )
        assert scenario.delivery == model.Delivery(
            priority=90, if_busy="queue", quiet_hours="skip", frequency_cap="exempt", kind="service"
        )

    def test_what_is_left_out(self, small):
        scenario = small.read(small.file())
        assert (scenario.status, scenario.timezone, scenario.starter, scenario.goal) == (
            "draft",
            "project",
            False,
            None,
        )
        assert scenario.reentry == model.Reentry()
        assert scenario.delivery == model.Delivery()

    def test_triggers(self, small):
        text = (
            "scenario: a\ntitle: T\ntrigger:\n  - event: Cart Viewed\n    where: [cart.total > 5]\n  - inactive: 7d\n"
            "  - segment: big-spenders\n  - keyword: [order, заказ]\n  - schedule: 0 10 1-7/2 JAN mon,5\n"
            "  - at: 2026-08-30 10:00\nsteps:\n  - say: A\n"
        )
        event, inactive, segment, keyword, schedule, at = small.read(text).trigger
        assert (event.event, event.where[0].value, event.line) == ("Cart Viewed", 5, 4)
        assert inactive == model.OnInactive(duration=604_800_000, line=6)
        assert segment == model.OnSegment(segment="big-spenders", line=7)
        assert keyword == model.OnKeyword(words=("order", "заказ"), line=8)
        assert schedule == model.OnSchedule(cron="0 10 1-7/2 jan mon,5", line=9)
        assert at == model.OnSchedule(at="2026-08-30 10:00", line=10)


class TestParameters:
    HEAD = (
        "parameters:\n  sum: {type: number, default: 3000, label: {en: Sum}}\n  pause: {type: duration, default: 3m}\n"
        "  pool: {type: coupon, default: bonus}\n  page: {type: link, default: /sale}\n"
        "  bonus: {type: text, default: {en: a gift, ru: подарок}}\n"
    )

    def test_stand_for_their_defaults_anywhere(self, small):
        scenario = small.read(
            small.file(
                "  - wait: parameters.pause\n  - coupon: {pool: parameters.pool, save_to: run.code}\n"
                "  - say: {en: 'From {{ parameters.sum }}: {{ parameters.bonus }}', ru: 'От {{ parameters.sum }}:"
                " {{ parameters.bonus }}'}\n    buttons: [{label: Go, link: parameters.page}]\n"
                "  - set: {run.limit: parameters.sum}\n",
                head=self.HEAD + "audience: [cart.total < parameters.sum]\n",
            )
        )
        wait, coupon, say, setting = scenario.steps
        assert wait.duration == 180_000
        assert coupon.pool == "bonus"
        assert say.text.render({}, "en") == "From 3000: a gift"
        assert say.text.render({}, "ru") == "От 3000: подарок"
        assert say.buttons[0].link.render({}) == "/sale"
        assert setting.values == (("run.limit", 3000),)
        assert scenario.audience[0].value == 3000

    def test_are_typed(self, small):
        parameters = {p.name: p for p in small.read(small.file(head=self.HEAD)).parameters}
        assert parameters["sum"].default == 3000
        assert parameters["sum"].label.sources == {"en": "Sum"}
        assert parameters["pause"].default == 180_000
        assert parameters["pool"] == model.Parameter(name="pool", type="coupon", default="bonus")
        assert parameters["bonus"].default.sources == {"en": "a gift", "ru": "подарок"}

    def test_of_several_languages_have_no_place_outside_texts(self, small):
        for steps in ("  - tag: «parameters.bonus\n", "  - if: [city = «parameters.bonus]\n    then: []\n"):
            problem = small.one_problem(small.file(steps, head=self.HEAD))
            assert "differs from language to language" in problem.message
