"""Conditions in plain words."""

from __future__ import annotations

from typing import get_args

import pytest

from operator_console.designer.outline.conditions import describe, describe_all
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.model import All, Any_, Leaf, Not

ENGLISH = {
    "email is known": "email known",
    "email is not unknown": "email known",
    "visitor.birthday is not known": "birthday unknown",
    "visitor.size is unknown": "size: unknown",
    "cart.items is empty": "cart empty",
    "cart.items is not empty": "something in the cart",
    "visitor.vip is true": "vip: yes",
    "visitor.vip is not true": "vip: no",
    "visitor.trial is false": "trial: no",
    "push is subscribed": "notifications allowed",
    "push is not subscribed": "notifications not allowed",
    "email is not subscribed": "no letters wanted",
    "visitor.news is subscribed": "subscribed to news",
    "cart.total >= 3000": "cart total at least 3,000",
    "cart.total < 99.5": "cart total less than 99.5",
    "visitor.plan != gold": "plan is not gold",
    "visitor.birthday < 2000-01-01": "birthday before 1 Jan 2000",
    'city = "New York"': "city is “New York”",
    'city in [Oslo, "New York"]': "city is “Oslo” or “New York”",
    "visitor.viewed is not empty": "has viewed products",
    'order.products.0.category starts with "shoes"': "products category of the order starts with shoes",
    "device in [mobile, tablet]": "device is mobile or tablet",
    "device not in [mobile, tablet, desktop]": "device is not mobile, tablet or desktop",
    'page.url contains "sale"': "page address contains “sale”",
    'page.url not contains "big sale"': "page address does not contain “big sale”",
    'page.path matches "/catalog/*/new"': "page looks like “/catalog/*/new”",
    'page.path not starts with "/checkout"': "page does not start with /checkout",
    'email ends with ".example"': "email ends with .example",
    "did order_completed": "has done: Order Completed",
    'did not "Order Completed" in 30d': "no Order Completed in the last 30 days",
    "did product_viewed >= 3 times in 7d": "Product Viewed, times: at least 3 in the last 7 days",
    "did product_added in 1h where event.price > 100": (
        "has done: Product Added in the last 1 h, where price more than 100"
    ),
    "sum(order_completed.total) > 10000 in 30d": (
        "Order Completed: sum adds up to more than 10,000 in the last 30 days"
    ),
    "first_visit less than 1h ago": "first visit less than 1 h ago",
    "last_order more than 30d ago": "last order more than 30 days ago",
    "visits = 1": "on the first visit",
    "visits > 1": "has been here before",
    "visits <= 5": "visits: at most 5",
    "tagged vip": "tagged vip",
    "not tagged push:articles": "not tagged push:articles",
    "in segment big-spenders": "in segment big-spenders",
    "not in segment wholesale": "not in segment wholesale",
    "received abandoned-cart in 7d": "has received abandoned-cart in the last 7 days",
    "not received abandoned-cart": "has not received abandoned-cart",
    "opened abandoned-cart.letter": "has opened letter of abandoned-cart",
    "not clicked abandoned-cart": "has not clicked in abandoned-cart",
    "replied welcome-back": "has replied to welcome-back",
    "now in business_hours": "in business hours",
    "now not in 22:00-08:00": "not between 22:00 and 08:00",
    "weekday in [mon, tue, wed]": "on Mon, Tue, Wed",
    "weekday in [mon, tue, wed, thu, fri]": "on a weekday",
    "weekday not in [sat, sun]": "not at the weekend",
    "operators online > 0": "an operator is online",
    "operators online = 0": "no operator is online",
    "operators online >= 3": "operators online: at least 3",
    "visitor.birthday in this month": "birthday is this month",
    "visitor.birthday not in this week": "birthday is not this week",
    "visitor.birthday is today": "birthday is today",
    "dialog.id is unknown": "has no dialog",
    "order.shipping > 5": "shipping of the order more than 5",
}
RUSSIAN = {
    "email is unknown": "почта неизвестна",
    "cart.total >= 3000": "сумма корзины не меньше 3\u00a0000",
    'city = "New York"': "город — это «New York»",
    "device not in [mobile, tablet]": "устройство — не mobile или tablet",
    'page.path not starts with "/checkout"': "страница не начинается с /checkout",
    'did not "Order Completed" in 30d': "не было: Заказ оформлен за 30 дней",
    "did product_viewed >= 3 times in 1d": "Смотрел товар, раз: не меньше 3 за 1 день",
    "last_visit more than 2d ago": "последний визит больше чем 2 дня назад",
    "not tagged vip": "нет тега vip",
    "opened abandoned-cart.letter in 7d": "открывал letter из abandoned-cart за 7 дней",
    "weekday not in [sat, sun]": "не в выходные",
    "now in 09:00-18:00": "с 09:00 до 18:00",
    "visits > 1": "уже бывал на сайте",
}


class TestALine:
    @pytest.mark.parametrize(("line", "words"), ENGLISH.items())
    def test_in_english(self, line: str, words: str) -> None:
        assert describe(parse_condition(line)) == words

    @pytest.mark.parametrize(("line", "words"), RUSSIAN.items())
    def test_in_russian(self, russian, line: str, words: str) -> None:
        assert describe(parse_condition(line)) == words

    def test_every_form_of_the_language_is_among_these(self) -> None:
        assert {type(parse_condition(line)) for line in ENGLISH} == set(get_args(Leaf))

    def test_a_parameter_is_told_by_its_default(self) -> None:
        assert describe(parse_condition("cart.total < parameters.free", {"free": 3000})) == (
            "cart total less than 3,000"
        )


class TestLogic:
    known, vip, new = (parse_condition(line) for line in ("email is known", "tagged vip", "visits = 1"))

    def test_several_conditions_all_of_which_must_hold(self) -> None:
        assert describe_all((self.known, self.vip)) == "email known and tagged vip"
        assert describe(All(of=(self.known, self.vip, self.new))) == (
            "email known and tagged vip and on the first visit"
        )

    def test_one_of_several(self) -> None:
        assert describe(Any_(of=(self.known, self.vip, self.new))) == (
            "email known, tagged vip or on the first visit"
        )

    def test_a_group_among_others_stands_in_brackets(self) -> None:
        group = Any_(of=(self.vip, self.new))
        assert describe_all((self.known, group)) == "email known and (tagged vip or on the first visit)"
        assert describe_all((group,)) == "tagged vip or on the first visit"

    def test_the_opposite(self) -> None:
        assert describe(Not(of=self.vip)) == "not: tagged vip"
