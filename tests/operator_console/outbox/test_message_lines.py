"""What a message of the outbox looks like in cells, whoever wrote it."""

from __future__ import annotations

import re

import pytest

from operator_console.outbox.content_lines import ContentPainter
from operator_console.outbox.markdown_lines import markdown_lines
from operator_console.outbox.row_lines import OutboxPainter
from operator_console.themes import DARK, LIGHT
from server_stub.protocol import OutboxItem

NOW = 1_772_460_000_000
BAD = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ud800-\udfff]")
HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x07name",
    "\x1b]8;;https://evil.example\x1b\\[2J",
    "&#x202e;gnp.exe &#27;[2J &#155;x",
    "[press](javascript:alert(1)) ![x](\x1b[2J) <b onclick=x>b</b>",
    "[%1b%5b2J](http://a.example/%1b]52;c;x%07)",
    '[@click=app.quit]x[/] [/ [foo="bar]',
    "> " * 200 + "deep",
    "- " * 200 + "deep",
    "山" * 300 + "a" + "\u0301" * 400,
    "x" * 50_000,
    "a\ud800b",
    "",
]


def words(lines) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def painted(item: OutboxItem, width: int = 80) -> str:
    strips = ContentPainter(DARK, width, NOW, None).paint(item)
    assert {strip.cell_length for strip in strips} == {width}
    return "\n".join(strip.text.rstrip() for strip in strips)


class TestMarkdown:
    def test_paragraphs_lists_and_headings(self) -> None:
        lines = markdown_lines("# Hello\n\nOne **two**\nthree\n\n- a\n- b\n\n1. x\n2. y\n\n> said\n\nend", 40)
        assert words(lines) == "Hello\n\nOne two\nthree\n\n• a\n• b\n\n1. x\n2. y\n\n│ said\n\nend"
        assert ("two", "bold") in lines[2]

    def test_a_link_alone_is_a_button_with_its_address_below(self) -> None:
        lines = markdown_lines("Look:\n\n[Go to the cart](https://shop.example/cart)", 60)
        assert lines[2:] == [[(" Go to the cart ", "button")], [("https://shop.example/cart", "address")]]

    def test_a_link_in_words_says_where_it_leads(self) -> None:
        assert words(markdown_lines("See [here](https://shop.example/a) now", 80)) == (
            "See here ‹https://shop.example/a› now"
        )

    def test_a_long_item_goes_on_under_its_words(self) -> None:
        assert words(markdown_lines("- one two three four", 12)) == "• one two\n  three four"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_nothing_in_it_is_obeyed(self, text: str) -> None:
        for width in (8, 40):
            lines = markdown_lines(text, width)
            assert not BAD.search(words(lines).replace("\n", ""))


class TestAMessage:
    def test_a_letter_has_its_head_its_words_and_what_became_of_it(self) -> None:
        letter = OutboxItem(
            "o1", "email", "kept", NOW, "v1", "cart_series", "Your cart", to="anna@mail.example", called="Anna",
            content={
                "to": "anna@mail.example", "from": "Lamp & Linen <hi@shop.example>", "subject": "Your cart",
                "preheader": "It waits", "body": "Hello **Anna**!", "kind": "marketing",
                "products": [{"name": "Lamp", "price": 89.5, "currency": "EUR", "url": "https://shop.example/p"}],
            },
        )  # fmt: skip
        text = painted(letter)
        for part in (
            "✉ Email", "kept: it is complete", "from       Lamp & Linen <hi@shop.example>", "to         anna@",
            "subject    Your cart", "preheader  It waits", "cart_series · marketing", "Hello Anna!",
            "• Lamp · 89.50 EUR ‹https://shop.example/p›",
        ):  # fmt: skip
            assert part in text

    def test_a_letters_products_stand_where_it_names_them(self) -> None:
        lamp = {
            "name": "Lamp *x*",
            "price": 600,
            "quantity": 2,
            "currency": "EUR",
            "url": "https://shop.example/p",
        }
        body = "Hello A\\*b\\*!\n\n[[products]]\n\nGood bye"
        letter = OutboxItem(
            "o1",
            "email",
            "kept",
            NOW,
            "v1",
            "s",
            "Cart",
            content={"body": body, "products": [lamp, None, {}]},
        )
        text = painted(letter)
        assert "Hello A*b*!" in text
        assert "[[" not in text
        assert text.index("• Lamp *x* × 2 ‹https://shop.example/p› — 1200") < text.index("Good bye")

    def test_a_webhook_has_its_request_its_tries_its_error_and_the_reply(self) -> None:
        hook = OutboxItem(
            "o1", "webhook", "failed", NOW, "v1", "s", "https://crm.example/hook", tries=3, sent_at=NOW,
            error="answered 500", reply={"why": "broken"},
            content={
                "method": "PUT", "url": "https://crm.example/hook", "headers": {"X-Shop": "lamp"},
                "body": {"visitor": {"id": "v1"}},
            },
        )  # fmt: skip
        text = painted(hook)
        for part in (
            "after 3 tries. answered 500.", "PUT https://crm.example/hook", "X-Shop: lamp", '"id": "v1"', "Reply",
            '"why": "broken"',
        ):  # fmt: skip
            assert part in text

    def test_a_push_has_title_text_and_link(self) -> None:
        content = {"title": "Back in stock", "text": "The oak lamp", "link": "https://shop.example/p"}
        text = painted(OutboxItem("o1", "push", "waiting", NOW, "v1", content=content))
        assert "waiting: it goes out next." in text
        assert "Back in stock\n The oak lamp\n\n https://shop.example/p" in text

    @pytest.mark.parametrize("text", HOSTILE)
    @pytest.mark.parametrize("channel", ["email", "push", "messenger", "webhook", "\x1b[2J"])
    def test_is_clean_and_exactly_as_wide_as_its_pane_whatever_stands_in_it(
        self, channel: str, text: str
    ) -> None:
        names = (
            "to",
            "from",
            "subject",
            "preheader",
            "title",
            "text",
            "link",
            "url",
            "method",
            "body",
            "kind",
        )
        content = dict.fromkeys(names, text) | {
            "headers": {text: text},
            "products": [{"name": text, "price": 1e300, "url": text}, text],
            "attachments": [text],
        }
        item = OutboxItem(
            "o1", channel, text or "kept", NOW, "v1", text, text, content, text, 3, text, NOW, {text: text},
            text, text,
        )  # fmt: skip
        for width in (20, 90):
            assert not BAD.search(painted(item, width).replace("\n", ""))
            for strip in OutboxPainter(LIGHT, width, NOW, None).paint(item, "cursor"):
                assert strip.cell_length == width
                assert not BAD.search(strip.text)
