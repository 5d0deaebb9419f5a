"""Texts that become Markdown: what a visitor says of himself stays words, what the author wrote stays Markdown."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scenarios_yaml.language.markdown_escapes import escape_markdown, unescape_markdown
from scenarios_yaml.language.texts import Text

SIGNS = st.text(alphabet="ab1. \\`*_[]<>#()!|~&;:/{}-+=\n\t\"'", max_size=40)
WIN = "[Win](https://evil.example) *now* <b>"


def rendered(source: str, **variables: Any) -> str:
    return Text.compile({"": source}).render(variables, markdown=True)


def html(markdown: str) -> str:
    return MarkdownIt("commonmark").enable("strikethrough").render(markdown)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"</?p>", "", page)).split())


class TestEscapes:
    @given(SIGNS)
    def test_any_words_are_shown_as_they_are_wherever_they_stand(self, said: str):
        for before, after in (("", ""), ("Hello, ", "!"), ("**x", "**")):
            page = html(f"{before}{escape_markdown(said)}{after}")
            expected = " ".join(f"{before}{said}{after}".split())
            if before != "**x":
                assert words(page) == expected
            assert set(re.findall(r"<(\w+)", page)) <= {"p", "strong", "em"}

    @given(SIGNS)
    def test_people_read_them_again_without_the_escapes(self, said: str):
        assert unescape_markdown(escape_markdown(said)) == re.sub(r"[ \t\n]+", " ", said)

    @pytest.mark.parametrize(
        "address",
        ["https://shop.example/a_(b)*c", "https://shop.example/?a=1&b=~2", "https://shop.example/a b\n\"'"],
    )
    def test_an_address_stays_one_in_a_link(self, address: str):
        page = html(f"[Lamp]({escape_markdown(address)})")
        assert page.startswith('<p><a href="https://shop.example/')
        assert page.endswith(">Lamp</a></p>\n")


class TestOutput:
    def test_a_visitors_words_are_no_markdown_and_the_authors_are(self):
        page = html(rendered("**Hello**, {{ visitor.name }}!", visitor={"name": WIN}))
        assert page == ("<p><strong>Hello</strong>, [Win](https://evil.example) *now* &lt;b&gt;!</p>\n")

    def test_a_chat_text_is_not_touched(self):
        assert Text.compile({"": "{{ visitor.name }}"}).render({"visitor": {"name": WIN}}) == WIN

    def test_filters_and_conditions_see_the_words_themselves(self):
        source = "{% if visitor.name contains '[Win]' %}{{ visitor.name | slice: 0, 5 | size }}{% endif %}"
        assert rendered(source, visitor={"name": WIN}) == "5"

    def test_parameters_and_the_shops_own_data_are_the_authors(self):
        own = {"parameters": {"offer": "**10%**"}, "site": {"url": "https://shop.example/a_(b)"}}
        assert (
            rendered("{{ parameters.offer }} {{ site.url }}", **own) == "**10%** https://shop.example/a_(b)"
        )

    @pytest.mark.parametrize(
        "source",
        [
            "{{ parameters.offer | append: visitor.name }}",
            "{{ parameters.offer | replace: 'NAME', visitor.name }}",
            "{{ visitor.nick | default: visitor.name }}",
            "{{ site.popular[0].name }}",
            "{% for site in visitor.all %}{{ site.name }}{% endfor %}",
            "{% assign parameters = visitor %}{{ parameters.name }}",
            "{% assign name = visitor.name %}{{ name }}",
            "{% echo visitor.name %}",
            "{% cycle visitor.name, 'x' %}",
            "{% liquid echo visitor.name %}",
            "{% capture name %}{{ visitor.name }}{% endcapture %}{{ name }}",
            "{% capture name %}{{ visitor.name }}{% endcapture %}{{ name | strip }}",
            "{% capture name %}{{ visitor.name }}{% endcapture %}{{ name | upcase }}",
        ],
    )
    def test_no_way_round_lets_a_link_through(self, source: str):
        hostile = {"name": WIN, "all": [{"name": WIN}]}
        made = rendered(
            source,
            visitor=hostile,
            parameters={"offer": "NAME"},
            site={"popular": [{"name": WIN}], "name": "Shop"},
        )
        page = html(made)
        assert "<a" not in page
        assert "<em" not in page

    def test_what_a_capture_puts_together_is_escaped_once(self):
        source = "{% capture line %} **{{ visitor.name }}** {% endcapture %}{{ line | strip }}"
        assert html(rendered(source, visitor={"name": "A*B"})) == "<p><strong>A*B</strong></p>\n"

    def test_a_condition_sees_what_a_capture_says(self):
        source = "{% capture city %}{{ visitor.city }}{% endcapture %}{% if city == 'A (B)' %}yes{% endif %}"
        assert rendered(source, visitor={"city": "A (B)"}) == "yes"

    def test_an_encoded_value_stays_usable_in_a_link(self):
        page = html(
            rendered("[x](https://shop.example/?q={{ visitor.q | url_encode }})", visitor={"q": "a_b ~c)&"})
        )
        assert 'href="https://shop.example/?q=a_b+~c%29%26"' in page
