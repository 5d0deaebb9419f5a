"""One condition is one line of a closed mini-language: each form of the grammar, and each way to miss it."""

from __future__ import annotations

from typing import get_args

import pytest

from scenarios_yaml.language import model
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.durations import MILLISECONDS

DAY = MILLISECONDS["d"]
PARAMETERS = {"sum": 3000, "pause": 2 * DAY, "section": "dresses", "on": "true"}


def compare(path, op, value, negated=False):
    return model.Compare(path=path, op=op, value=value, negated=negated)


FORMS = [
    # path is …
    ("email is known", model.Is(path="visitor.email", what="known")),
    ("email is unknown", model.Is(path="visitor.email", what="unknown")),
    ("visitor.phone is not known", model.Is(path="visitor.phone", what="known", negated=True)),
    ("cart.items is empty", model.Is(path="cart.items", what="empty")),
    ("cart.items is not empty", model.Is(path="cart.items", what="empty", negated=True)),
    ("visitor.vip is true", model.Is(path="visitor.vip", what="true")),
    ("event.first is false", model.Is(path="event.first", what="false")),
    ("push is subscribed", model.Is(path="visitor.push", what="subscribed")),
    # path op value
    ("cart.total > 0", compare("cart.total", ">", 0)),
    ("cart.total>=99.5", compare("cart.total", ">=", 99.5)),
    ("order.total != -1", compare("order.total", "!=", -1)),
    ("visitor.plan = gold", compare("visitor.plan", "=", "gold")),
    ('city = "New York"', compare("visitor.city", "=", "New York")),
    ("city = 'Ростов \"на Дону\"'", compare("visitor.city", "=", 'Ростов "на Дону"')),
    (r'city = "a \"b\" \\"', compare("visitor.city", "=", 'a "b" \\')),
    ("name = O'Brien", compare("visitor.name", "=", "O'Brien")),
    ("visitor.country = NO", compare("visitor.country", "=", "NO")),
    ("visitor.code = 0123", compare("visitor.code", "=", "0123")),
    ('visitor.code = "12"', compare("visitor.code", "=", "12")),
    ("visitor.vip = true", compare("visitor.vip", "=", True)),
    ("visitor.birthday < 2000-01-01", compare("visitor.birthday", "<", "2000-01-01")),
    ("cart.total < parameters.sum", compare("cart.total", "<", 3000)),
    ("visitor.on = parameters.on", compare("visitor.on", "=", "true")),
    ("event.products.0.price > 5", compare("event.products.0.price", ">", 5)),
    # path [not] in, contains, matches, starts with, ends with
    ("city in [Moscow, \"New York\", 3]", compare("visitor.city", "in", ("Moscow", "New York", 3))),
    ("device not in [mobile]", compare("visitor.device", "in", ("mobile",), negated=True)),
    ('page.url contains "sale"', compare("page.url", "contains", "sale")),
    ("page.title not contains sale", compare("page.title", "contains", "sale", negated=True)),
    ('page.path matches "/catalog/*/new"', compare("page.path", "matches", "/catalog/*/new")),
    ('page.path starts with "/blog"', compare("page.path", "starts with", "/blog")),
    ('page.path not starts with "/checkout"', compare("page.path", "starts with", "/checkout", negated=True)),
    ("email ends with .example", compare("visitor.email", "ends with", ".example")),
    ("page.path contains parameters.section", compare("page.path", "contains", "dresses")),
    ("visitor.code contains 12", compare("visitor.code", "contains", "12")),
    # did
    ("did order_completed", model.Did(event="order_completed")),
    ('did not "Order Completed" in 7d', model.Did(event="Order Completed", negated=True, window=7 * DAY)),
    ("did product_viewed >= 3 times in 7d", model.Did(event="product_viewed", op=">=", times=3, window=7 * DAY)),
    ("did page_viewed = 1 time", model.Did(event="page_viewed", op="=", times=1)),
    ("did not page_viewed > 2 times", model.Did(event="page_viewed", negated=True, op=">", times=2)),
    (
        'did "Product Added" in 1h30m where event.price >= 100',
        model.Did(event="Product Added", window=5_400_000, where=compare("event.price", ">=", 100)),
    ),
    ("did x where name = Lamp", model.Did(event="x", where=compare("event.name", "=", "Lamp"))),
    ("did x where event.coupon is known", model.Did(event="x", where=model.Is(path="event.coupon", what="known"))),
    ("did x in parameters.pause", model.Did(event="x", window=2 * DAY)),
    # sum
    (
        "sum(order_completed.total) > 10000 in 30d",
        model.SumOf(event="order_completed", path="total", op=">", value=10_000, window=30 * DAY),
    ),
    (
        'sum("Order Completed".total) <= parameters.sum in 1w',
        model.SumOf(event="Order Completed", path="total", op="<=", value=3000, window=7 * DAY),
    ),
    # ago
    ("first_visit more than 30d ago", model.Ago(what="first_visit", more=True, duration=30 * DAY)),
    ("last_visit less than 1h ago", model.Ago(what="last_visit", more=False, duration=3_600_000)),
    ("last_order more than 2w ago", model.Ago(what="last_order", more=True, duration=14 * DAY)),
    # visits, tags, segments, messages
    ("visits > 1", model.Visits(op=">", count=1)),
    ("visits = 1", model.Visits(op="=", count=1)),
    ("tagged vip", model.Tagged(tag="vip")),
    ("not tagged push:articles", model.Tagged(tag="push:articles", negated=True)),
    ("in segment big-spenders", model.InSegment(segment="big-spenders")),
    ("not in segment big_spenders", model.InSegment(segment="big_spenders", negated=True)),
    ("received abandoned-cart in 7d", model.Touched(how="received", scenario="abandoned-cart", window=7 * DAY)),
    ("not received abandoned_cart", model.Touched(how="received", scenario="abandoned_cart", negated=True)),
    ("opened abandoned-cart.letter", model.Touched(how="opened", scenario="abandoned-cart", step="letter")),
    ("not clicked a.b in 3d", model.Touched(how="clicked", scenario="a", step="b", window=3 * DAY, negated=True)),
    ("received a.letter in 3d", model.Touched(how="received", scenario="a", step="letter", window=3 * DAY)),
    ("replied welcome", model.Touched(how="replied", scenario="welcome")),
    # time and people
    ("now in business_hours", model.NowIn()),
    ("now not in business_hours", model.NowIn(negated=True)),
    ("now in 22:00-06:30", model.NowIn(begins="22:00", ends="06:30")),
    ("weekday in [mon, tue]", model.WeekdayIn(days=(0, 1))),
    ("visitor.birthday in this month", model.DateIn(path="visitor.birthday", unit="month")),
    ("visitor.birthday not in this week", model.DateIn(path="visitor.birthday", unit="week", negated=True)),
    ("event.starts_at is today", model.DateIn(path="event.starts_at", unit="day")),
    ("visitor.birthday is not today", model.DateIn(path="visitor.birthday", unit="day", negated=True)),
    ("weekday not in [sun, sat, sun]", model.WeekdayIn(days=(5, 6), negated=True)),
    ("operators online > 0", model.OperatorsOnline(op=">", count=0)),
    ("operators online = 0", model.OperatorsOnline(op="=", count=0)),
]  # fmt: skip

MISTAKES = [
    ("«", "a condition is wanted here", ""),
    ('«"Order Completed"', "a condition is wanted", "did \"Order Completed\""),
    ("«> 5", "a condition is wanted", ""),
    ("«visitr.name = Ann", "“visitr” is nothing that a path begins with", "did you mean “visitor.name”?"),
    ("«emial is known", "nothing that a path", "did you mean “email”?"),
    ("«taged vip", "nothing that a path", "did you mean “tagged”?"),
    ("«plan = gold", "nothing that a path", "did you mean “visitor.plan” or “event.plan”?"),
    ("«cart > 5", "“cart” is no path", "for example cart.total"),
    ("«cart..total > 5", "is no path", ""),
    ("cart.total« ", "a comparison is wanted here, not the end of the line", ""),
    ("cart.total is«", "known, unknown, empty", ""),
    ("cart.total «5", "a comparison is wanted here, not “5”", ""),
    ("cart.total «== 5", "not “==”", "did you mean “=”?"),
    ("cart.total > «", "a value is wanted here, not the end of the line", ""),
    ("cart.total > «much", "“>” compares numbers and dates, “much” is neither", ""),
    ("cart.total > «true", "neither", ""),
    ("cart.total = «order.total", "a value stands on the right, not a path", 'in quotes: "order.total"'),
    ("city = New «York", "“York” is too much here", "several words stands in quotes"),
    ('city = «"New York', "the quotes that begin here are not closed", ""),
    ("city «begins with New", "a comparison is wanted", "did you mean “starts with”?"),
    ("page.path starts «wth x", "“with” is wanted here, not “wth”", "did you mean “with”?"),
    ("page.path not «= x", "wanted here, not “=”", ""),
    ("email is «knwon", "wanted here, not “knwon”", "did you mean “known”?"),
    ("visitor.plan is «gold", "wanted here, not “gold”", "to compare, write = gold"),
    ("visitor.plan is not «gold", "wanted here, not “gold”", "to compare, write != gold"),
    ("email is known «now", "“now” is too much here", ""),
    ("city in «Moscow", "a list is wanted here", "for example [Moscow]"),
    ("city in [Moscow«", "“]” is wanted here", ""),
    ("city in [«]", "a value is wanted", ""),
    ("city in [New «York]", "“,” or “]” is wanted", "in quotes"),
    ("«!email is known", "“!” means nothing here", "“not”"),
    ("not «email is known", "is wanted here, not “email”", "{not: …}"),
    ("did«", "the name of an event is wanted", ""),
    ("did Order «Completed", "“Completed” is too much", 'stands in quotes: did "Order Completed"'),
    ("did x «3 times", "a comparison is wanted here", "did you mean “>= 3 times”?"),
    ("did x >= «many times", "a number is wanted here, not “many”", ""),
    ("did x >= «1.5 times", "a whole number is wanted", ""),
    ("did x >= 3« ", "“times” or “time” is wanted here", ""),
    ("did x >= 3 «tims", "wanted here, not “tims”", "did you mean “times”?"),
    ("did x in «3 days", "“3” is no duration", "write 3d"),
    ("did x in «week", "“week” is no duration", "for example"),
    ("did x in 3d where «visitr.a = 1", "nothing that a path", ""),
    ("sum «order_completed.total > 5 in 3d", "“(” is wanted", ""),
    ("sum(«order_completed) > 5 in 3d", "an event and one of its properties", ""),
    ("sum(a.total) > 5«", "“in” is wanted here", ""),
    ("sum(a.total) > «five in 3d", "a number is wanted", ""),
    ("last_visit «over 7d ago", "“more” or “less” is wanted", ""),
    ("last_visit more than 7d«", "“ago” is wanted", ""),
    ("visits «3", "one of = < <= > >= != is wanted", ""),
    ("tagged «[a]", "a tag is wanted", ""),
    ("in segment «\"Big Spenders\"", "is not the name of a segment", ""),
    ("opened «Big.Step", "no name of a scenario", ""),
    ("now in «9-18", "no span of a day", "business_hours"),
    ("now in «busines_hours", "no span of a day", "did you mean “business_hours”?"),
    ("now in «09:00-09:00", "no span of a day", ""),
    ("weekday in [«monday]", "no weekday", "did you mean “mon”?"),
    ("operators «> 0", "“online” is wanted", ""),
    ("visitor.birthday in this «year", "“month” or “week” is wanted", ""),
    ("did order_completed where «day in this month", "compares a property of the event", "where price > 100"),
    ("cart.total > «parameters.som", "no parameter “som”", "did you mean “parameters.sum”?"),
]  # fmt: skip


class TestForms:
    @pytest.mark.parametrize(("line", "meant"), FORMS, ids=[line for line, _ in FORMS])
    def test_each_means(self, line, meant):
        leaf = parse_condition(line, PARAMETERS, 7)
        assert _without_place(leaf) == _without_place(meant)
        assert (leaf.line, leaf.source) == (7, line)

    def test_every_form_of_the_model_is_here(self):
        assert {type(meant) for _, meant in FORMS} == set(get_args(model.Leaf))


def _without_place(leaf):
    fields = {name: getattr(leaf, name) for name in leaf.__struct_fields__ if name not in ("line", "source")}
    if fields.get("where") is not None:
        fields["where"] = _without_place(fields["where"])
    return type(leaf), fields


class TestMistakes:
    @pytest.mark.parametrize(("marked", "message", "hint"), MISTAKES)
    def test_are_named_at_their_character(self, marked, message, hint):
        offset = marked.index("«")
        with pytest.raises(ConditionError) as caught:
            parse_condition(marked.replace("«", ""), PARAMETERS)
        assert message in caught.value.message
        assert hint in caught.value.hint
        line = marked.replace("«", "")
        assert caught.value.offset == offset or not line[offset : caught.value.offset].strip()

    def test_the_column_is_that_of_the_file(self, small):
        marked = small.file(
            head="audience:\n  - email is known\n  - any:\n      - cart.total > 0\n      - city is «nice\n"
        )
        assert "nice" in small.one_problem(marked).message

    def test_in_quotes_of_yaml_too(self, small):
        for line in ("'city = \"A\" «or'", '"city = \\"A\\" «or"', ">-\n      city = A\n      «or"):
            marked = small.file(head=f"audience:\n  - {line}\n")
            assert "“or” is too much" in small.one_problem(marked).message

    def test_a_very_long_line_is_quickly_refused(self, small):
        small.one_problem(small.file(head="audience:\n  - cart.total > 5 «" + "x " * 100_000 + "\n"))


class TestLogic:
    def test_all_any_not_and_lists(self, small):
        scenario = small.read(
            small.file(
                head="audience:\n"
                "  - any:\n"
                "      - email is known\n"
                "      - all:\n"
                "          - cart.total > 0\n"
                "          - visits > 1\n"
                "  - not: tagged vip\n"
                "  - not:\n"
                "      - tagged a\n"
                "      - tagged b\n"
            )
        )
        either, no_vip, not_both = scenario.audience
        assert isinstance(either, model.Any_)
        assert [type(part) for part in either.of] == [model.Is, model.All]
        assert (either.line, either.of[1].line, either.of[1].of[1].line) == (6, 8, 10)
        assert isinstance(no_vip, model.Not)
        assert no_vip.of == model.Tagged(tag="vip", line=11, source="tagged vip")
        assert isinstance(not_both.of, model.All)
        assert len(not_both.of.of) == 2
