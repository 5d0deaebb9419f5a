"""Letters: what a mail client shows of the Markdown that a scenario wrote, and what it never shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server_stub.channels.letter import UNSUBSCRIBE, LetterError, Letters
from server_stub.channels.markdown import Markdown


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    (tmp_path / "templates").mkdir()
    return Letters(tmp_path / "templates", "Rosa & Co", site="https://shop.example")


def letter(letters: Letters, body: str = "Hello", **more) -> dict:
    return letters.render({"to": "ann@shop.example", "subject": "Hello", "body": body, **more})


class TestBody:
    def test_a_link_alone_in_its_paragraph_is_the_button(self, letters) -> None:
        html = letter(
            letters, "See [this](https://shop.example/a).\n\n[Go to the cart](https://shop.example/cart)"
        )["html"]
        (button,) = re.findall(r'<a [^>]*class="button"[^>]*>(.*?)</a>', html)
        assert button == "Go to the cart"

    def test_the_text_part_says_the_same(self, letters) -> None:
        body = "# Your cart\n\n- [Lamp](https://shop.example/p1) — 5\n- **Vase**\n\n1. one\n2. two\n\n[Go](https://shop.example/cart)"
        text = letter(letters, body)["text"]
        assert text.startswith(
            "Your cart\n\n- Lamp (https://shop.example/p1) — 5\n- Vase\n\n1. one\n2. two\n\nGo: https://shop.example/cart\n"
        )

    def test_a_path_leads_to_the_shop(self, letters) -> None:
        assert 'href="https://shop.example/cart"' in letter(letters, "[Cart](/cart)")["html"]

    def test_a_path_without_a_known_shop_is_its_words(self) -> None:
        html = Markdown().html("[Cart](/cart)")
        assert "Cart" in html
        assert "href" not in html

    @pytest.mark.parametrize(
        "hostile",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](data:text/html,x)",
            "[a](//evil.example)",
            "![a](javascript:alert(1))",
            "<javascript:alert(1)>",
            '[a](https://shop.example/"onmouseover="alert(1))',
            '![" onerror="alert(1)](https://shop.example/a.png)',
            "<style>body{display:none}</style>",
        ],
    )
    def test_nothing_foreign_runs(self, letters, hostile: str) -> None:
        html = letter(letters, hostile, preheader=hostile, subject=hostile)["html"]
        inside = html[html.index("<body") :]
        assert set(re.findall(r"<([a-zA-Z]+)", inside)) <= {"body", "div", "p", "a", "img", "br"}
        for tag in re.findall(r"<[a-z]+ [^>]*>", inside):
            assert re.fullmatch(
                r'<[a-z]+( (class|style|href|src|alt|title|target|rel)="[^"]*")* ?/?>', tag
            ), tag
        links = re.findall(r'(?:href|src)="([^"]*)"', inside)
        assert all(link.startswith(("https://", UNSUBSCRIBE)) for link in links)

    def test_a_subject_stays_on_one_line(self, letters) -> None:
        assert (
            letter(letters, subject="Hello\r\nBcc: all@shop.example")["subject"]
            == "Hello Bcc: all@shop.example"
        )

    def test_products_are_shown_with_picture_name_and_price(self, letters) -> None:
        lamp = {
            "product_id": "p1",
            "name": "Lamp <b>",
            "price": 1200,
            "currency": "CZK",
            "url": "https://shop.example/p1",
            "image_url": "https://shop.example/p1.png",
        }
        made = letter(
            letters, products=[lamp, {"url": "x"}, None, {"name": "Vase", "image_url": "javascript:x"}]
        )
        assert 'src="https://shop.example/p1.png"' in made["html"]
        assert "Lamp &lt;b&gt;" in made["html"]
        assert made["html"].count("<img") == 1
        assert "- Lamp <b> — 1200\N{NO-BREAK SPACE}CZK — https://shop.example/p1\n- Vase\n" in made["text"]

    def test_no_table_holds_it(self, letters) -> None:
        assert "<table" not in letter(letters)["html"]


class TestFooter:
    def test_marketing_can_be_left_and_service_cannot(self, letters) -> None:
        marketing, service = letter(letters, kind="marketing"), letter(letters, kind="service")
        assert UNSUBSCRIBE in marketing["html"]
        assert UNSUBSCRIBE in marketing["text"]
        assert UNSUBSCRIBE not in service["html"] + service["text"]

    def test_it_speaks_the_visitors_language(self, letters) -> None:
        assert "Отписаться" in letter(letters, locale="ru-RU")["html"]
        assert "Unsubscribe" in letter(letters, locale="cs")["html"]
        assert "Rosa &amp; Co" in letter(letters)["html"]


class TestTemplates:
    def test_it_is_filled_in_and_the_language_decides_which(self, letters, tmp_path: Path) -> None:
        folder = tmp_path / "templates"
        (folder / "cart.md").write_text("Subject: Your cart\n\nHello, {{ visitor.name | default: 'you' }}!")
        (folder / "cart.ru.md").write_text("Здравствуйте, {{ visitor.name }}!")
        given = {"subject": "", "body": "", "template": "cart", "variables": {"visitor": {"name": "Ann"}}}
        english = letters.render({**given, "locale": "en"})
        assert (english["subject"], english["body"].strip()) == ("Your cart", "Hello, Ann!")
        assert "variables" not in english
        russian = letters.render({**given, "locale": "ru-RU", "subject": "Корзина"})
        assert "Здравствуйте, Ann!" in russian["text"]

    def test_what_a_visitor_calls_himself_is_text(self, letters, tmp_path: Path) -> None:
        (tmp_path / "templates" / "hi.md").write_text("Hello, {{ visitor.name }}! [Site]({{ visitor.url }})")
        name = "[Win *big*](https://evil.example)"
        variables = {"visitor": {"name": name, "url": "https://shop.example/a_b?c=(1)"}}
        made = letter(letters, template="hi", variables=variables)
        assert "evil.example" not in "".join(re.findall(r'href="([^"]*)"', made["html"]))
        assert name in made["text"]
        assert 'href="https://shop.example/a_b?c=%281%29"' in made["html"]

    @pytest.mark.parametrize("name", ["none", "../secret", "/etc/passwd", "a/../../b", "", "x" * 500])
    def test_a_missing_one_is_named(self, letters, tmp_path: Path, name: str) -> None:
        (tmp_path / "secret.md").write_text("secret")
        with pytest.raises(LetterError):
            letter(letters, template=name or " ", subject="Hello")

    def test_one_with_an_error_is_named(self, letters, tmp_path: Path) -> None:
        (tmp_path / "templates" / "bad.md").write_text("{% if %}")
        with pytest.raises(LetterError, match="the template bad has an error"):
            letter(letters, template="bad")


class TestRows:
    EMAIL = """scenario: mail
title: Mail
status: live
trigger:
  - event: Email Captured
steps:
  - id: letter
    email: {subject: "Hello", WHAT}
    on_error:
      - tag: failed
  - tag: done
"""

    async def test_a_letter_is_kept_as_it_would_go_out(self, post) -> None:
        await post.publish(self.EMAIL.replace("WHAT", "body: 'Hello **you**'"))
        await post.track("Email Captured", email="ann@shop.example")
        row = await post.row()
        assert (row.channel, row.status, row.tries) == ("email", "kept", 0)
        assert "<strong>you</strong>" in row.content["html"]
        assert row.content["text"].startswith("Hello you\n")

    async def test_a_missing_template_is_a_failure_with_its_reason(self, post) -> None:
        await post.publish(self.EMAIL.replace("WHAT", "template: nowhere"))
        await post.track("Email Captured", email="ann@shop.example")
        row = await post.row()
        assert (row.status, row.error) == ("failed", "there is no template templates/nowhere.md")

    async def test_what_waited_over_a_restart_is_kept_after_it(self, post) -> None:
        await post.publish(self.EMAIL.replace("WHAT", "body: Hello"))
        await post.worker.stop()
        await post.track("Email Captured", email="ann@shop.example")
        await post.desk.stop()
        post.store.close()
        await post.open()
        assert (await post.row()).status == "kept"

    async def test_the_row_of_one_who_became_another_is_his(self, post) -> None:
        await post.publish(self.EMAIL.replace("WHAT", "body: Hello"))
        await post.track("Email Captured", email="ann@shop.example")
        row = await post.row()
        assert [item.id for item in post.rows(visitor=post.desk.visitor_of("a1"))] == [row.id]
        assert post.rows(visitor="v_nobody") == post.rows(channel="push") == post.rows(scenario="other") == []
        assert post.rows(before=row.id) == []
