"""Conditions: each form of the language, what it makes of odd values, and what it says it saw."""

from __future__ import annotations

import time

import pytest

from scenarios_yaml.engine.audience import explained, holds
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.comparing import glob
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import World
from scenarios_yaml.language.conditions import parse_condition

WORLD = World(
    operators_online=2,
    timezone="Europe/Berlin",
    business_hours={0: ("09:00", "18:00"), 1: ("09:00", "18:00")},
)


@pytest.fixture
def shopper(play):
    """Monday, 12:00 UTC, 13:00 in Berlin: on his second visit, with a cart and an order of ten days ago."""
    visitor = play("steps: [{set: {run.a: b}}]\ntrigger: [{event: Never}]", world=WORLD)
    visitor.now -= 10 * 86_400_000
    visitor.event("Session Started", first=True, channel="search", utm={"source": "news"})
    visitor.event("Order Completed", order_id="o1", total="99.5", currency="EUR")
    visitor.now += 10 * 86_400_000
    visitor.event("Session Started", channel="email", referrer="https://mail.example")
    visitor.event("Page Viewed", path="/Dresses/Red", section="dresses", title="Red dresses")
    visitor.event("Product Added", product_id="p1", name="Lamp", price="1 200,50", quantity="2", cart_id="c1")
    visitor.change(tags=("vip",), email="Ann@Shop.example", city="Riga", age="42", score=7, member=True)
    visitor.change(note="", push=True, signed_up="2026-01-15", address={"street": "Main"}, sizes=["S", "M"])
    visitor.event("Subscribed", list="news")
    visitor.event("Segment Entered", segment="loyal")
    return visitor


def scope_of(visitor, **event):
    program = Program(visitor.scenarios[0])
    return Scope(visitor.state, visitor.world, visitor.now, program, None, event)


TRUE = """
email is known
visitor.fax is unknown
visitor.note is unknown
visitor.note is empty
cart.items is not empty
visitor.member is true
visitor.member is not false
push is subscribed
email is subscribed
visitor.news is subscribed
visitor.offers is not subscribed
city = riga
city = "RIGA"
city != Oslo
visitor.age = 42
visitor.age > 41.5
visitor.age <= 42
visitor.score >= 7
visitor.score != 8
visitor.score in [1, 7]
city in [Oslo, Riga]
city not in [Oslo]
city contains "ig"
city not contains "x"
city matches "r*a"
city matches "R?ga"
city not matches "r"
page.path starts with "/dresses"
page.path ends with "/red"
page.path not starts with "/checkout"
page.section = dresses
visitor.sizes contains "m"
cart.items contains "p1"
cart.items contains "lamp"
cart.total = 2401
cart.items.0.quantity = 2
cart.id = c1
order.total = 99.5
order.id = o1
session.channel = email
session.referrer starts with "https://mail"
visitor.first_touch.channel = search
visitor.first_touch.utm.source = news
visitor.address.street = Main
visitor.signed_up < "2026-02-01"
visitor.signed_up >= "2026-01-15"
event.n = 3
event.flag = true
did Order_Completed
did "order completed" = 1 times
did "Session Started" >= 2 times
did "Session Started" = 1 times in 1d
did not "Product Removed"
did not "Order Completed" in 5d
did "Product Added" where name = Lamp
sum(Order_Completed.total) > 99 in 30d
sum(Order_Completed.total) < 1 in 1d
first_visit more than 9d ago
first_visit less than 11d ago
last_visit less than 1h ago
last_order more than 9d ago
visits = 2
visits > 1
tagged vip
not tagged new
in segment loyal
not in segment lost
not received welcome
not opened welcome.letter in 3d
now in business_hours
now in 12:00-14:00
now in 22:00-13:30
now not in 14:00-22:00
weekday in [mon, tue]
weekday not in [sat, sun]
operators online = 2
operators online > 0
"""
FALSE = """
visitor.fax is known
visitor.fax = 1
visitor.fax != 1
visitor.fax not in [1]
visitor.fax not contains "x"
visitor.fax is true
visitor.fax is not true
visitor.fax is false
email is unknown
cart.items is empty
visitor.offers is subscribed
city = Oslo
city > 5
visitor.score = seven
visitor.age in [1, 2]
visitor.member = false
page.path starts with "dresses"
event.missing = 1
dialog.id is known
run.code is known
did Never
did "Order Completed" >= 2 times
did not "Order Completed"
did "Product Added" where name = Chair
last_order less than 5d ago
last_order more than 20d ago
visits >= 3
tagged new
in segment lost
received welcome
now not in business_hours
now in 14:00-22:00
weekday in [sun]
operators online = 0
"""


class TestEveryForm:
    @pytest.mark.parametrize("line", TRUE.strip().splitlines())
    def test_holds(self, shopper, line):
        condition = parse_condition(line)
        scope = scope_of(shopper, n="3", flag="yes")
        assert holds(condition, scope), explained(condition, scope)

    @pytest.mark.parametrize("line", FALSE.strip().splitlines())
    def test_does_not_hold(self, shopper, line):
        condition = parse_condition(line)
        scope = scope_of(shopper, n="3", flag="yes")
        assert not holds(condition, scope), explained(condition, scope)

    @pytest.mark.parametrize(
        ("line", "saw"),
        [
            ("visitor.fax = 1", "unknown"),
            ("city = Oslo", '"Riga"'),
            ("cart.total > 5000", "2401"),
            ('did "Session Started" > 5 times', "2 times"),
            ("visits > 5", "2"),
            ("tagged new", "not tagged"),
            ("weekday in [sun]", "mon"),
            ("now in 14:00-22:00", "13:00"),
            ("cart.items is empty", "1 items"),
        ],
    )
    def test_says_what_it_saw(self, shopper, line, saw):
        assert explained(parse_condition(line), scope_of(shopper)) == f"{line} ({saw})"

    @pytest.mark.parametrize(
        "junk", [None, [], {}, [[]], {"a": {}}, True, 1.5, "", "x" * 5000, "\u202e\x1b[0m"], ids=range(10)
    )
    def test_no_value_is_too_odd(self, shopper, junk):
        shopper.change(city=junk)
        for line in [*TRUE.strip().splitlines(), *FALSE.strip().splitlines()]:
            explained(parse_condition(line), scope_of(shopper, n=junk, flag=junk, name=junk))


class TestWindows:
    def test_a_count_knows_the_moment_at_which_it_stops_being_true(self, play):
        visitor = play("steps: [{set: {run.a: b}}]\ntrigger: [{event: Never}]")
        condition = parse_condition('did "Product Viewed" >= 3 times in 7d')
        start = visitor.now
        for hours in (0, 1, 2):
            visitor.now = start + hours * 3_600_000
            visitor.event("Product Viewed")
        visitor.now = start + 7 * 86_400_000 - 1
        assert holds(condition, scope_of(visitor))
        visitor.now += 1
        assert not holds(condition, scope_of(visitor))

    def test_counts_of_a_where_are_kept_as_events_come(self, play):
        visitor = play("""
            audience: ['did "Product Viewed" >= 2 times in 7d where category = lamps']
            steps: [{say: Lamps?}]
            """)
        for category in ("lamps", "chairs", "chairs"):
            visitor.event("Product Viewed", category=category)
        visitor.go()
        assert visitor.said == []
        visitor.event("Product Viewed", category="Lamps")
        visitor.go()
        assert visitor.said == ["Lamps?"]

    def test_sums_are_kept_as_events_come(self, play):
        visitor = play("audience: [sum(Order_Completed.total) > 100 in 30d]\nsteps: [{say: Thanks}]")
        visitor.event("Order Completed", order_id="1", total=60)
        visitor.advance("20d")
        visitor.event("Order Completed", order_id="2", total="50")
        visitor.go()
        assert visitor.said == ["Thanks"]
        visitor.advance("11d")
        visitor.go()
        assert visitor.said == ["Thanks"]

    def test_an_event_that_comes_late_counts_at_its_own_time(self, play):
        from scenarios_yaml.engine.stimuli import Happened

        visitor = play("steps: [{set: {run.a: b}}]\ntrigger: [{event: Never}]")
        visitor.event("Product Viewed")
        visitor.tell(Happened("Product Viewed", {}, visitor.now - 10 * 86_400_000))
        assert visitor.state.history["productviewed"].recent == [visitor.now - 10 * 86_400_000, visitor.now]
        assert not holds(parse_condition('did "Product Viewed" >= 2 times in 7d'), scope_of(visitor))


class TestTouched:
    def test_opened_clicked_and_replied_by_scenario_and_step(self, play):
        visitor = play("steps: [{id: well, say: Well?, options: [{label: 'Yes'}]}]")
        visitor.go()
        visitor.press("Yes")
        visitor.event("Email Opened", scenario="letters", step="first")
        for line in ("replied test", "replied test.well", "opened letters.first in 1d", "received test"):
            assert holds(parse_condition(line), scope_of(visitor)), line
        for line in ("clicked test", "opened letters.second", "replied letters"):
            assert not holds(parse_condition(line), scope_of(visitor)), line
        visitor.now += 2 * 86_400_000
        assert not holds(parse_condition("opened letters.first in 1d"), scope_of(visitor))


class TestTime:
    @pytest.mark.parametrize(
        ("local", "span", "inside"),
        [
            ("2026-03-02 23:00", "22:00-06:00", True),
            ("2026-03-03 05:59", "22:00-06:00", True),
            ("2026-03-03 06:00", "22:00-06:00", False),
            ("2026-03-29 03:00", "02:00-03:00", False),
            ("2026-03-29 03:00", "03:00-04:00", True),
            ("2026-10-25 02:30", "02:00-03:00", True),
        ],
    )
    def test_spans_of_the_day(self, shopper, local, span, inside):
        shopper.until(local, "Europe/Berlin")
        assert holds(parse_condition(f"now in {span}"), scope_of(shopper)) is inside

    def test_business_hours_that_nobody_has_set_are_unknown(self, play):
        visitor = play("steps: [{set: {run.a: b}}]")
        for line in ("now in business_hours", "now not in business_hours"):
            assert not holds(parse_condition(line), scope_of(visitor))


class TestGlob:
    @pytest.mark.parametrize(
        ("text", "pattern", "fits"),
        [
            ("", "", True),
            ("", "*", True),
            ("abc", "a*c", True),
            ("abc", "a*b", False),
            ("abc", "?b?", True),
            ("abc", "??", False),
            ("a.c", "a.c", True),
            ("abc", "a.c", False),
            ("aXbXc", "a*b*c", True),
            ("a\nb", "a*b", True),
        ],
    )
    def test_fits_whole_texts(self, text, pattern, fits):
        assert glob(text, pattern) is fits

    def test_no_pattern_makes_it_slow(self):
        started = time.process_time()
        assert not glob("a" * 2_000, "*a" * 100 + "b")
        assert time.process_time() - started < 1
