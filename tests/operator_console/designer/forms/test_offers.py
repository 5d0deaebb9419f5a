"""What is offered below a field: names that are known there, conditions word by word, values for the braces."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from operator_console.designer.forms.condition_offers import condition_offers
from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.known import Known
from operator_console.designer.forms.liquid_offers import liquid_offers
from operator_console.designer.forms.offers import Offered, offered
from operator_console.designer.forms.whole_form import whole_form
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.editing.document import Document

FILE = """\
scenario: helper
title: Shall I help?
parameters:
  gift: {type: text, default: a lamp}
trigger:
  - event: Lamp Tried
steps:
  - id: offer
    coupon: {pool: cart-5, save_to: run.code}
  - id: letter
    email: {subject: Hi, template: cart-reminder.html}
  - tag: vip
  - jump: end
  - call: end
  - start: abandoned-cart
  - subscribe: news
  - handoff: {team: support, operator: Anna}
  - file: catalog.pdf
  - say: Look
    image: lamp.png
    options:
      - {label: "Yes", id: sure, jump: end}
blocks:
  end:
    - id: bye
      say: Good bye
"""


def values(offers: Offered) -> list[str]:
    return [one.value for one in offers.offers]


@pytest.fixture
def there(known: Callable[[Document], Known]) -> Known:
    return known(Document(FILE, "helper.yaml"))


def field_at(place: str, name: str) -> Field:
    return next(one for one in whole_form(Document(FILE, "helper.yaml"), place) if one.name == name)


class TestNamesThatAreKnown:
    @pytest.mark.parametrize(
        ("place", "name", "typed", "wanted"),
        [
            ("trigger.0", "event", "lam", "Lamp Tried"),
            ("trigger.0", "event", "order_c", "Order Completed"),
            ("trigger.0", "segment", "big", "big-spenders"),
            ("steps.0", "pool", "fir", "first-order-10"),
            ("steps.0", "save_to", "shoe", "visitor.shoe_size"),
            ("steps.1", "template", "cart", "cart-reminder.html"),
            ("steps.1", "attachments", "cat", "catalog.pdf"),
            ("steps.2", "tag", "who", "wholesale"),
            ("steps.3", "jump", "by", "bye"),
            ("steps.3", "jump", "off", "offer"),
            ("steps.4", "call", "e", "end"),
            ("steps.5", "start", "aband", "abandoned-cart"),
            ("steps.6", "subscribe", "n", "news"),
            ("steps.7", "team", "sup", "support"),
            ("steps.7", "operator", "an", "Anna"),
            ("steps.8", "file", "cat", "catalog.pdf"),
            ("steps.9", "image", "la", "lamp.png"),
            ("steps.2", "tag", "parameters.", "parameters.gift"),
        ],
    )
    def test_are_offered_by_what_the_key_takes(
        self, there: Known, place: str, name: str, typed: str, wanted: str
    ) -> None:
        fits = offered(field_at(place, name), typed, there)
        assert wanted in values(fits)
        assert fits.length == len(typed)

    def test_a_picture_is_no_other_file(self, there: Known) -> None:
        assert values(offered(field_at("steps.9", "image"), "", there, asked=True)) == ["lamp.png"]

    def test_only_a_block_can_be_gone_through(self, there: Known) -> None:
        assert values(offered(field_at("steps.4", "call"), "", there, asked=True)) == ["end"]

    def test_an_answers_name_is_no_place_to_jump_to(self, there: Known) -> None:
        assert "sure" not in values(offered(field_at("steps.3", "jump"), "", there, asked=True))

    def test_only_what_a_scenario_may_write_is_offered_to_keep_something_at(self, there: Known) -> None:
        there_to_write = values(offered(field_at("steps.0", "save_to"), "", there, asked=True))
        assert "run.code" in there_to_write
        assert not [
            path for path in there_to_write if path.startswith(("cart.", "page.")) or path == "visitor.tags"
        ]

    def test_what_a_jump_leads_to_is_told(self, there: Known) -> None:
        fits = offered(field_at("steps.3", "jump"), "bye", there)
        assert not fits.offers  # typed out: nothing is in the way of Enter
        (one,) = offered(field_at("steps.3", "jump"), "by", there).offers
        assert "Good bye" in one.detail

    def test_nothing_is_offered_before_a_letter_is_typed(self, there: Known) -> None:
        assert not offered(field_at("trigger.0", "event"), "", there).offers

    def test_without_the_desk_the_well_known_ones_are_there(self) -> None:
        assert "Cart Viewed" in values(offered(field_at("trigger.0", "event"), "cart v", Known()))


class TestAConditionWordByWord:
    @pytest.mark.parametrize(
        ("typed", "wanted"),
        [
            ("ema", "email is unknown"),
            ("cart.", "cart.total > 0"),
            ("email", "email is known"),
            ("cart.total ", None),
            ("email is kn", "known"),
            ("email is not em", "empty"),
            ("did ord", '"Order Completed"'),
            ("did not lam", '"Lamp Tried"'),
            ('did "Order Completed" i', "in 7d"),
            ("tagged v", "vip"),
            ("not tagged who", "wholesale"),
            ("in segment b", "big-spenders"),
            ("not in s", "segment "),
            ("received aband", "abandoned-cart"),
            ("now in b", "business_hours"),
            ("weekday in [mon, t", "tue"),
            ("page.path starts w", "with "),
            ('page.path = "/ch', '"/checkout"'),
            ("operators o", "online "),
            ("visits >", "> 1"),
            ("last_visit mo", "more than 7d ago"),
            ("visitor.shoe_size co", "contains "),
            ("cart.total > par", "parameters.gift"),
        ],
    )
    def test_offers_what_may_come_next(self, there: Known, typed: str, wanted: str | None) -> None:
        found = values(condition_offers(typed, there))
        assert wanted in found if wanted else not found

    def test_says_what_the_line_would_mean(self, there: Known) -> None:
        (one, *_more) = condition_offers("email is kn", there).offers
        assert one.detail == "email known"

    def test_each_line_stands_for_itself(self, there: Known) -> None:
        assert "known" in values(condition_offers("cart.total > 0\nemail is kn", there))

    def test_what_is_a_whole_condition_can_be_read(self, there: Known) -> None:
        for one in condition_offers("", there, asked=True).offers:
            if not one.stay:
                parse_condition(one.value)

    def test_what_asks_for_more_cannot_be_read_yet(self, there: Known) -> None:
        for one in condition_offers("", there, asked=True).offers:
            if one.stay:
                with pytest.raises(ConditionError):
                    parse_condition(one.value)


class TestTheBracesOfAText:
    @pytest.mark.parametrize(
        ("before", "wanted"),
        [
            ("Hello {{ vis", "visitor.name }}"),
            ("Hello {{", " visitor.name }}"),
            ("Take {{ parameters.g", "parameters.gift }}"),
            ("Your code: {{ run.", "run.code }}"),
            ("{{ cart.total | mon", "money"),
            ("{{ visitor.name |", " default"),
            ("{% i", "if "),
            ("{% end", "endif %}"),
            ("{% if cart.t", "cart.total"),
            ("{% for item in cart.items %}{{ item.n", "item.name }}"),
        ],
    )
    def test_offer_values_filters_and_tags(self, there: Known, before: str, wanted: str) -> None:
        assert wanted in values(liquid_offers(before, "", there))

    def test_are_not_closed_twice(self, there: Known) -> None:
        assert "visitor.name" in values(liquid_offers("Hello {{ vis", " }}!", there))

    @pytest.mark.parametrize(
        "before", ["Hello vis", "{{ visitor.name }} vis", '{{ visitor.name | default: "vis']
    )
    def test_offer_nothing_outside_of_them_or_in_a_text_of_their_own(self, there: Known, before: str) -> None:
        assert not liquid_offers(before, "", there).offers
