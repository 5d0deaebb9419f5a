"""Texts of new scenarios: names that are free, copies that speak of themselves, and one from nothing."""

from __future__ import annotations

import pytest

from operator_console.designer.launch.copies import copy_of, empty_scenario, rename, slug_of
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.library.index import library

TEXTS = {item.slug: item.text for item in library()}
CART = TEXTS["abandoned_cart_series"]


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, of texts with as many lines."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(one, other) for one, other in pairs if one != other]


class TestShortNames:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("Spring sale: -20%!", "spring-sale-20"),
            ("Весенняя скидка", "vesennyaya-skidka"),
            ("Объявление о щётках", "obyavlenie-o-schetkah"),
            ("Été à Paris", "ete-a-paris"),
            ("你好", "scenario"),
            ("--- ___", "scenario"),
            ("x" * 200, "x" * 60),
        ],
    )
    def test_a_title_in_any_alphabet_has_one(self, title, slug) -> None:
        assert slug_of(title, ()) == slug
        assert read_scenario(empty_scenario(title, slug, "Hi")).scenario is not None

    def test_one_that_is_taken_gets_a_number(self) -> None:
        assert slug_of("Sale", {"sale", "sale-2"}) == "sale-3"


class TestAnEmptyScenario:
    @pytest.mark.parametrize(
        "title", ["Spring", "yes", "- a: b # c", '"quoted"', "{{ visitor.name }}", "20 %"]
    )
    def test_it_is_a_draft_without_errors_and_is_called_so(self, title) -> None:
        result = read_scenario(empty_scenario(title, "spring", "Hello!"))
        assert not result.errors
        assert result.scenario.status == "draft"
        assert Document(empty_scenario(title, "spring", "Hello!")).value("title") == title


class TestACopy:
    def test_its_name_its_title_and_what_it_says_of_itself_change_and_nothing_else(self) -> None:
        slug, text = copy_of(CART.replace("status: draft", "status: live"), {"abandoned_cart_series"})
        assert slug == "abandoned_cart_series-2"
        assert changed(CART, text) == [
            ("scenario: abandoned_cart_series", "scenario: abandoned_cart_series-2"),
            ("  en: Abandoned cart, two letters", "  en: Abandoned cart, two letters (copy)"),
            ("  ru: Брошенная корзина, два письма", "  ru: Брошенная корзина, два письма (copy)"),
            (
                "  - not received abandoned_cart_series in 12h",
                "  - not received abandoned_cart_series-2 in 12h",
            ),
            (
                "      - opened abandoned_cart_series.letter in 7d",
                "      - opened abandoned_cart_series-2.letter in 7d",
            ),
        ]

    @pytest.mark.parametrize("slug", sorted(TEXTS))
    def test_every_scenario_of_the_library_can_be_copied(self, slug) -> None:
        name, text = copy_of(TEXTS[slug], {slug})
        result = read_scenario(text)
        assert not result.errors
        assert result.scenario.slug == name
        assert len(text.splitlines()) == len(TEXTS[slug].splitlines())

    def test_a_scenario_that_starts_itself_starts_the_copy(self) -> None:
        text = empty_scenario("Again", "again", "Hi") + "  - wait: 1d\n  - start: again\n"
        _name, copy = copy_of(text, {"again"})
        assert copy.endswith("- start: again-2\n")

    def test_what_yaml_cannot_read_is_refused_with_a_word(self) -> None:
        with pytest.raises(CannotEditError):
            copy_of("scenario: [", ())


class TestRenaming:
    def test_words_that_only_look_like_the_name_stay(self) -> None:
        text = empty_scenario("Cart", "cart", "Your cart: cart.total").replace(
            "steps:", "audience:\n  - cart.total > 0\n  - not received cart in 7d\nsteps:"
        )
        document = Document(text)
        rename(document, "basket", ())
        assert changed(text, document.text) == [
            ("scenario: cart", "scenario: basket"),
            ("  - not received cart in 7d", "  - not received basket in 7d"),
        ]

    @pytest.mark.parametrize("name", ["Basket", "a b", "", "taken"])
    def test_a_name_that_cannot_be_is_refused_and_nothing_has_changed(self, name) -> None:
        document = Document(CART)
        with pytest.raises(CannotEditError):
            rename(document, name, {"taken"})
        assert document.text == CART
