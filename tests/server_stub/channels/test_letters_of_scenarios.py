"""From a scenario's email to the HTML of its letter: hostile visitors stay words, products have rows with pictures."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import Send
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import Happened, PropertiesChanged
from scenarios_yaml.language.reader import read_scenario
from server_stub.channels.letter import Letters

NOON = 1_772_452_800_000
WORLD = World(operators_online=1, site={"name": "Fern", "url": "https://shop.example"}, currency="EUR")
LAMP = {
    "product_id": "p1",
    "name": "Lamp <b>*x*</b>",
    "price": 600,
    "quantity": 2,
    "url": "https://shop.example/p1",
    "image_url": "/pictures/p1.png",
}
VASE = {"product_id": "p2", "name": "Vase", "price": 99.5}
HOSTILE = [
    "[Win](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "<a href=https://evil.example>x</a>",
    "x\n\n[Win](https://evil.example)\n\nx",
    "x](https://evil.example) [y",
    "\\[Win\\](https://evil.example)",
    "[w]\n\n[w]: https://evil.example",
    "*a* _b_ `c` # d",
    "&lt;script&gt;&copy;",
    "[[products]]",
]


def sent(
    body: str, *events: tuple[str, dict[str, Any]], steps: str = "", template: str = "", **known: Any
) -> Any:
    """The content of the letter that a scenario with this body sends."""
    says = f"template: {template}" if template else f"body: |\n{indent(body, '      ')}"
    text = (
        f"scenario: test\ntitle: Test\nstatus: live\ntrigger: [{{event: Go}}]\nsteps:\n{steps}"
        f"- email:\n    subject: Hello {{{{ visitor.name }}}}\n    {says}\n"
    )
    read = read_scenario(text)
    assert read.scenario is not None, read.errors
    catalog = Catalog.of([read.scenario])
    state = VisitorState(id="ann")
    effects: list[Any] = []
    known = {"email": "ann@shop.example", **known}
    for stimulus in (
        PropertiesChanged(known, ()),
        *(Happened(*event) for event in events),
        Happened("Go", {}),
    ):
        outcome = advance(state, catalog, stimulus, NOON, WORLD)
        state = outcome.state
        effects += outcome.effects
    (row,) = [effect for effect in effects if isinstance(effect, Send)]
    return row.content


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    return Letters(tmp_path, "Fern", site="https://shop.example")


def links(html: str) -> set[str]:
    return set(re.findall(r'(?:href|src)="([^"]*)"', html))


class TestHostileNames:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_a_name_is_shown_and_leads_nowhere(self, letters: Letters, name: str) -> None:
        body = "Hello, {{ visitor.name }}!\n\n{{ visitor.name }}\n\n[Go to the cart]({{ site.url }}/cart)"
        made = letters.render(sent(body, name=name))
        assert links(made["html"]) == {"https://shop.example/cart", "#unsubscribe"}
        inside = made["html"].partition("<div")[2]
        assert set(re.findall(r"<([a-z]\w*)", inside)) <= {"div", "p", "a"}
        assert f"Hello, {' '.join(name.split())}!" in " ".join(made["text"].split())
        assert made["subject"] == " ".join(f"Hello {name}".split())

    @pytest.mark.parametrize("name", HOSTILE)
    def test_nor_through_a_template(self, letters: Letters, tmp_path: Path, name: str) -> None:
        (tmp_path / "hi.md").write_text("Subject: For {{ visitor.name }}\nHello, {{ visitor.name }}!")
        content = {**sent("", name=name, template="hi"), "subject": ""}
        made = letters.render(content)
        assert links(made["html"]) == {"#unsubscribe"}
        assert f"Hello, {' '.join(name.split())}!" in " ".join(made["text"].split())
        assert made["subject"] == " ".join(f"For {name}".split())


class TestProducts:
    def test_rows_with_pictures_stand_where_the_body_names_the_list(self, letters: Letters) -> None:
        content = sent(
            "Yours:\n\n{{ products }}\n\nGood bye", ("Product Viewed", VASE), ("Product Viewed", LAMP)
        )
        assert [product["name"] for product in content["products"]] == [LAMP["name"], "Vase"]
        html = letters.render(content)["html"]
        assert 'src="https://shop.example/pictures/p1.png"' in html
        assert 'href="https://shop.example/p1"' in html
        assert "Lamp &lt;b&gt;*x*&lt;/b&gt;" in html
        assert html.index("Yours:") < html.index("Lamp") < html.index("Vase") < html.index("Good bye")
        assert "[[products]]" not in html

    def test_a_product_list_chooses_them(self) -> None:
        steps = "- product_list: {from: viewed, limit: 1}\n"
        content = sent("{{ products }}", ("Product Viewed", VASE), ("Product Viewed", LAMP), steps=steps)
        assert [product["name"] for product in content["products"]] == [LAMP["name"]]

    def test_each_carries_what_a_letter_shows(self) -> None:
        added = ("Product Added", {**LAMP, "currency": "CZK"})
        assert sent("{{ cart.items }}", added)["products"] == [
            {
                "name": LAMP["name"],
                "price": 600.0,
                "quantity": 2.0,
                "url": LAMP["url"],
                "image_url": LAMP["image_url"],
                "currency": "CZK",
            }
        ]

    def test_several_of_one_cost_together_and_the_text_part_says_the_same(self, letters: Letters) -> None:
        text = letters.render(sent("{{ cart.items }}", ("Product Added", LAMP)))["text"]
        assert "- Lamp <b>*x*</b> × 2 — 1200\N{NO-BREAK SPACE}EUR — https://shop.example/p1\n" in text

    def test_an_order_made_of_the_cart_keeps_its_pictures(self) -> None:
        events = ("Product Added", LAMP), ("Order Completed", {"order_id": "o1", "total": 1200})
        (product,) = sent("{{ order.products }}", *events)["products"]
        assert product["image_url"] == LAMP["image_url"]

    def test_a_body_that_lists_them_itself_has_no_rows(self, letters: Letters) -> None:
        body = "{% for product in products %}\n- {{ product.name }}\n{% endfor %}"
        content = sent(body, ("Product Viewed", LAMP))
        assert "products" not in content
        html = letters.render(content)["html"]
        assert html.count("Lamp") == 1
        assert "<img" not in html
        assert "<em" not in html

    def test_of_two_lists_the_second_has_lines(self, letters: Letters) -> None:
        content = sent(
            "{{ cart.items }}\n\n{{ products }}", ("Product Added", LAMP), ("Product Viewed", VASE)
        )
        assert [product["name"] for product in content["products"]] == [LAMP["name"]]
        assert re.search(r"<li[^>]*>Vase — 99.50", letters.render(content)["html"])

    def test_where_there_are_none_nothing_stands(self, letters: Letters) -> None:
        content = sent("Hello\n\n{{ products }}")
        assert "products" not in content
        assert "[[" not in letters.render(content)["html"]

    def test_templates_name_them_too(self, letters: Letters, tmp_path: Path) -> None:
        (tmp_path / "viewed.md").write_text("Yours:\n\n{{ products }}\n\nGood bye")
        html = letters.render(sent("", ("Product Viewed", LAMP), template="viewed"))["html"]
        assert html.index("Yours:") < html.index("p1.png") < html.index("Good bye")
