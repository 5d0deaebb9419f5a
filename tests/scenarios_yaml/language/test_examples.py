"""The three examples of the language's contract mean what the contract says."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios_yaml.language import model
from scenarios_yaml.language.durations import MILLISECONDS
from scenarios_yaml.language.reader import read_scenario_file

EXAMPLES = Path(__file__).parent / "examples"
DAY = MILLISECONDS["d"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_read_without_a_problem(path):
    result = read_scenario_file(path)
    assert result.problems == ()
    assert result.scenario is not None
    assert result.scenario.slug == path.stem


@pytest.fixture
def example():
    def read(name: str) -> model.Scenario:
        scenario = read_scenario_file(EXAMPLES / f"{name}.yaml").scenario
        assert scenario is not None
        return scenario

    return read


class TestExitPromo:
    """A promo code on exit intent."""

    def test_who_gets_it(self, example):
        scenario = example("exit-promo")
        (trigger,) = scenario.trigger
        assert trigger == model.OnEvent(
            event="Exit Intent",
            where=(
                model.Compare(
                    path="page.path", op="starts with", value="/checkout", negated=True, line=6,
                    source='page.path not starts with "/checkout"',
                ),
            ),
            line=4,
        )  # fmt: skip
        assert scenario.audience == (
            model.Is(path="visitor.email", what="unknown", line=8, source="email is unknown"),
        )
        assert scenario.reentry == model.Reentry(times=1)
        assert scenario.goal == model.Goal(event="Order Completed", within=3 * DAY, line=10)

    def test_its_pop_up_and_what_follows(self, example):
        (offer,) = example("exit-promo").steps
        assert isinstance(offer, model.Popup)
        assert (offer.key, offer.id, offer.path, offer.line) == ("offer", "offer", "steps.0", 12)
        assert offer.size == "large"
        assert offer.title.sources == {"": "Wait! 10% off your first order"}
        (field,) = offer.fields
        assert (field.input, field.save_to, field.required) == ("email", "visitor.email", True)
        assert offer.timeout == 30 * MILLISECONDS["m"]
        coupon, code = offer.on_submit or ()
        assert (coupon.pool, coupon.save_to) == ("first-order-10", "run.code")
        assert code.key == "steps.0.on_submit.1"
        assert code.title.render({"run": {"code": "FIRST10"}}) == "Your code: FIRST10"
        assert offer.on_close is None


class TestDeliveryAndOrders:
    """A bot with a tree of answers, and blocks."""

    def test_its_tree(self, example):
        wait, menu = example("delivery-and-orders").steps
        assert wait == model.Wait(key="steps.0", path="steps.0", line=9, duration=15_000)
        assert [option.id for option in menu.options] == ["delivery", "something-else"]
        assert menu.options[1].jump == "operator"
        (question,) = menu.options[0].steps
        assert question.path == "steps.1.options.0.steps.0"
        assert question.options[0].id == "what-does-it-cost"
        assert [type(step) for step in question.options[0].steps] == [model.Say, model.Jump]

    def test_its_blocks(self, example):
        blocks = dict(example("delivery-and-orders").blocks)
        assert list(blocks) == ["helped", "operator"]
        did_it_help = blocks["helped"][0]
        assert did_it_help.options[0].label.sources == {"": "Yes"}
        assert did_it_help.options[0].steps[1].path == "blocks.helped.0.options.0.steps.1"
        handoff = blocks["operator"][1]
        assert handoff.team == "support"
        (ask,) = handoff.no_operator
        assert (ask.input, ask.save_to, ask.timeout) == ("email", "visitor.email", 3_600_000)


class TestAbandonedCart:
    """A series that stops on an order."""

    def test_its_head(self, example):
        scenario = example("abandoned-cart")
        assert [trigger.event for trigger in scenario.trigger] == ["Product Added", "Cart Viewed"]
        assert scenario.timezone == "visitor"
        assert scenario.holdout == 10.0
        assert scenario.reentry == model.Reentry(
            times="always", not_sooner_than=7 * DAY, while_running="restart", key="cart.id"
        )
        event, empty_cart = scenario.exit
        assert event == model.OnEvent(event="Order Completed", line=10)
        assert (empty_cart.path, empty_cart.op, empty_cart.value) == ("cart.total", "=", 0)

    def test_its_steps(self, example):
        wait, reminder, opened, coupon, letter = example("abandoned-cart").steps
        assert (wait.key, wait.duration) == ("three-days", 3 * DAY)
        (email,) = reminder.then
        assert (email.template, email.body) == ("cart-reminder", None)
        assert email.subject.render({"visitor": {}}) == "Hello, your cart is waiting"
        assert reminder.otherwise[0].reason == "no address"
        assert (opened.event, opened.up_to) == ("Email Opened", 3 * DAY)
        assert coupon.key == "second-letter"
        assert letter.key == "letter-with-code"
