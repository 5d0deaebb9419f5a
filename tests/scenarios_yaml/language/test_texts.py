"""Texts: the visitor's language, values that are filled in, and templates that can do no harm."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios_yaml.language.texts import Text


class TestLanguages:
    TEXT = Text.compile({"en": "Hello", "ru": "Привет", "pt-BR": "Olá"})

    @pytest.mark.parametrize(
        ("locale", "shown"),
        [
            ("ru", "Привет"),
            ("ru-RU", "Привет"),
            ("pt-BR", "Olá"),
            ("en-GB", "Hello"),
            ("de", "Hello"),
            ("", "Hello"),
        ],
    )
    def test_the_visitors_own_else_english(self, locale, shown):
        assert self.TEXT.render({}, locale) == shown

    def test_else_the_first(self):
        assert Text.compile({"ru": "Привет", "de": "Hallo"}).render({}, "fr") == "Привет"

    def test_a_text_without_languages_is_for_all(self):
        assert Text.compile({"": "Hello"}).render({}, "ru") == "Hello"

    def test_what_was_written_is_kept(self):
        assert Text.compile({"en": "Hi {{ visitor.name }}"}).sources == {"en": "Hi {{ visitor.name }}"}


class TestFilling:
    def test_what_is_unknown_is_empty(self):
        text = Text.compile(
            {"": "Hello{% if visitor.name %}, {{ visitor.name }}{% endif %}! {{ cart.x.y.z }}"}
        )
        assert text.render({"visitor": {}}) == "Hello! "

    def test_chat_text_is_not_escaped(self):
        assert (
            Text.compile({"": "{{ visitor.name }}"}).render({"visitor": {"name": "<b>Ann & Co</b>"}})
            == "<b>Ann & Co</b>"
        )

    def test_a_plain_text_is_no_template(self):
        assert Text.plain("{{ 1 }}").render({}) == "{{ 1 }}"

    def test_parameters_are_there_from_the_start_and_may_be_given_anew(self):
        text = Text.compile({"": "From {{ parameters.sum }}"}, {"sum": 3000})
        assert text.render({}) == "From 3000"
        assert text.render({"parameters": {"sum": 500}}) == "From 500"

    def test_a_piece_that_fails_is_left_out_and_told(self):
        text = Text.compile({"": "A {{ cart.total | divided_by: cart.count }} B"})
        assert text.render_checked({"cart": {"total": 1, "count": 0}}) == (
            "A  B",
            "divided_by: can't divide by 0",
        )

    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("{{ '2026-03-05T10:30:00' | date: '%d.%m.%Y %H:%M' }}", "05.03.2026 10:30"),
            ("{{ 1767225600000 | date: '%Y-%m-%d' }}", "2026-01-01"),
            ("{{ 1767225600 | date: '%Y' }}", "2026"),
            ("{{ 'soon' | date: '%Y' }}", "soon"),
            ("{{ nothing.at_all | date: '%Y' }}", ""),
            ("{{ '2026-01-01' | date: '%099999999d' }}", "2026-01-01"),
        ],
    )
    def test_dates(self, source, shown):
        assert Text.compile({"": source}).render({}) == shown

    def test_no_clock_is_read(self):
        text, reason = Text.compile({"": "{{ 'now' | date: '%Y' }}"}).render_checked({})
        assert text == ""
        assert "cannot ask for the time" in reason


HARMFUL = [
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
    "{% tablerow i in (1..100000000) %}x{% endtablerow %}",
    "{{ (1..100000000) | join }}",
    "{{ (1..100000000) | reverse | first }}",
    "{% assign a = (1..90000000) %}{{ a | sort | uniq | size }}",
    "{% assign a = 'x' %}{% for i in (1..1000) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
    "{{ 'aaaaaaaaaa'" + "| replace: 'a', 'aaaaaaaaaa'" * 30 + " }}",
    "{{ 'aaaaaaaaaa'" + "| split: '' | join: 'aaaaaaaaaa'" * 30 + " }}",
    "{% assign a = '1,2' | split: ',' %}{% for i in (1..1000) %}{% assign a = a | concat: a %}{% endfor %}{{ a | size }}",
    "{% capture a %}{% for i in (1..2000) %}{{ visitor.long }}{% endfor %}{% endcapture %}{{ a }}",
]


class TestHarm:
    @pytest.mark.parametrize("source", HARMFUL, ids=range(len(HARMFUL)))
    def test_a_template_ends_soon_and_stays_small(self, source):
        text = Text.compile({"": source})
        began = time.process_time()
        shown = text.render({"visitor": {"long": "x" * 2000}})
        assert time.process_time() - began < 1
        assert len(shown) < 300_000

    @settings(deadline=None)
    @given(st.text(alphabet="{}%|:'\" abcifor.endx()0123456789[]-,=<>\n", max_size=200))
    def test_rendering_never_raises(self, source):
        from liquid.exceptions import LiquidError

        try:
            text = Text.compile({"": source})
        except LiquidError:
            return
        assert isinstance(text.render({"a": [1, "b", None], "b": {"c": 1.5}, "x": "y"}), str)


class TestMoney:
    """`money` writes a sum as people do; texts of shops are full of them."""

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (1200.0, "1200"),
            (1200, "1200"),
            (12900.0, "12 900"),
            (99.5, "99.50"),
            (0, "0"),
            (-3.0, "-3"),
            (1234567.891, "1 234 567.89"),
            ("300", "300"),
            ("soon", "soon"),
            (None, ""),
            (True, "true"),
        ],
    )
    def test_is_read_at_a_glance(self, value, shown):
        text = Text.compile({"": "{{ value | money }}"}).render({"value": value})
        assert text.replace("\N{NO-BREAK SPACE}", " ") == shown.replace("true", str(True))

    def test_names_its_currency_where_one_is_known(self):
        text = Text.compile({"": "{{ value | money: currency }}"})
        assert text.render({"value": 12.0, "currency": "EUR"}) == "12\N{NO-BREAK SPACE}EUR"
        assert text.render({"value": 12.0}) == "12"

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
    def test_what_is_no_sum_does_no_harm(self, value):
        assert Text.compile({"": "{{ value | money }}"}).render({"value": value}) == str(value)
