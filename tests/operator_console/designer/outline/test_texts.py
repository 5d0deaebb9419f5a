"""Texts of a scenario as one line: in the marketer's language, with names for what is filled in."""

from __future__ import annotations

import pytest

from operator_console.designer.outline.template_words import text_words
from scenarios_yaml.language.texts import Text


def shown(source: str, **parameters: object) -> str:
    return text_words(Text.compile({"": source}, parameters), "en", parameters)


class TestTemplates:
    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("Hello", "Hello"),
            ("Hello {{ visitor.name | default: 'there' }}!", "Hello {name}!"),
            ("{{ visitor.shoe_size }}", "{shoe size}"),
            ("{{ cart.items[0].name }}", "{items name}"),
            ("{{ 'as it is' }}", "as it is"),
            (
                "{% if visitor.name %}{{ visitor.name }}, this{% else %}This{% endif %} is it",
                "{name}, this is it",
            ),
            ("{% if a %}A{% if b %}B{% else %}C{% endif %}{% else %}D{% endif %}E", "ABE"),
            ("{% case visitor.city %}{% when 'Oslo' %}N{% when 'Rome' %}S{% else %}?{% endcase %}!", "N!"),
            ("{% for item in cart.items %}{{ item.name }}, {% endfor %}all", "{name}, all"),
            ("{%- comment %}no{% endcomment -%} yes", "yes"),
            ("\n\n## A heading\nand more", "A heading"),
        ],
    )
    def test_what_is_filled_in_has_its_name(self, source: str, words: str) -> None:
        text = Text({"": source}, {"": source})
        assert text_words(text, "en", {}) == words

    def test_a_parameter_is_shown_as_its_default(self) -> None:
        assert shown(
            "{{ parameters.discount }} off from {{ parameters.sum }} on", discount="10%", sum=3000
        ) == ("10% off from 3000 on")

    def test_a_parameter_of_several_languages(self) -> None:
        bonus = Text.compile({"en": "a gift", "ru": "подарок"})
        text = Text.compile(
            {"en": "Take {{ parameters.bonus }}", "ru": "Вот {{ parameters.bonus }}"}, {"bonus": bonus}
        )
        assert text_words(text, "ru", {"bonus": bonus}) == "Вот подарок"

    def test_half_a_template_is_no_reason_to_fail(self) -> None:
        source = "Hello {{ visitor.name"
        assert text_words(Text({"": source}, {"": source}), "en", {}) == source
