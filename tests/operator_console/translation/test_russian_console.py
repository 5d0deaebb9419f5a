"""The console in Russian over a real server: what an operator reads on each screen."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager

import pytest

from operator_console.actions import ACTIONS
from operator_console.inbox.visitor_card import CardField
from operator_console.translation import _

LETTER = """\
scenario: cart_letter
title: A letter about the cart
status: live
trigger: [{event: Product Added}]
audience:
  - email is known
steps:
  - email:
      subject: Your cart is waiting
      body: Hello!
"""

ENGLISH = re.compile(
    r"\b(?:open|closed|waits?|dialogs?|visitors?|search|reply|note|today|page|back|all|keys?)\b", re.I
)
"""Words that would show that a text was forgotten."""

pytestmark = pytest.mark.usefixtures("russian")


@pytest.fixture
def opened(served):
    """`async with opened() as it:` Anna has written, and her dialog is open in the console."""

    @asynccontextmanager
    async def run(**options):
        anna = await served.visitor("Anna", email="anna@mail.example")
        await anna.does("Product Viewed", name="Лампа", price=1200.5, currency="EUR")
        await anna.writes("Добрый день")
        async with served.console(**options) as it:
            await it.until(lambda: it.inbox.mirror.rows, "the dialog")
            await it.shows("Добрый день")
            yield it

    return run


def no_english(text: str) -> None:
    assert ENGLISH.findall(text) == []


class TestTheInbox:
    async def test_the_list(self, opened) -> None:
        async with opened() as it:
            await it.shows("ждёт")
            for words in ("Мои 0", "Ничьи 1", "Все 1", "открытые ▾", "1 открыт"):
                assert words in it.text()
            no_english(it.text())

    async def test_the_conversation(self, opened) -> None:
        async with opened() as it:
            await it.press("a")
            await it.shows("Взят")
            await it.shows("открыт · ваш")
            for words in ("Сегодня", "Сообщение", "⏎ отправить"):
                assert words in it.text()
            await it.press("n")
            await it.shows("Заметка · видна только операторам")
            await it.type("Ok")
            await it.press("enter")
            await it.shows("заметка, видна только операторам")
            await it.press("escape", "c")
            await it.shows("Закрыт. c откроет снова.")
            no_english(it.text())

    async def test_the_card(self, opened) -> None:
        async with opened() as it:
            await it.shows("сейчас на сайте")
            await it.shows("Смотрел товар")
            for words in (
                "имя",
                "почта",
                "телефон",
                "Визиты",
                "На сайте",
                "1\u00a0200,50 EUR",
                "первый: сегодня",
            ):
                assert words in it.text()

    async def test_an_email_that_is_none(self, opened) -> None:
        async with opened() as it:
            await it.shows("anna@mail.example")
            field = it.inbox.query_one("#card-email", CardField)
            field.focus()
            field.value = "anna"
            await it.press("enter")
            await it.shows("Почта выглядит как")

    async def test_a_refusal_of_the_server(self, opened) -> None:
        async with opened() as it:
            it.inbox.ask(it.client.visitor, "nobody")
            await it.shows("Нет посетителя 'nobody'.")

    async def test_a_search_that_finds_nothing(self, opened) -> None:
        async with opened() as it:
            await it.press("slash")
            await it.type("zzzz")
            await it.shows("Таких слов нет")


class TestOtherScreens:
    async def test_the_help(self, opened) -> None:
        async with opened(size=(160, 600)) as it:
            await it.press("question_mark")
            await it.shows("Клавиши")
            shown = it.text()
            for action in ACTIONS:
                assert _(action.title) in shown
            assert "В списке посетителей" in shown

    async def test_the_palette_finds_by_russian_words(self, opened) -> None:
        async with opened() as it:
            await it.press("ctrl+p")
            await it.shows("Найти команду…")
            await it.press(*"отложить")
            await it.shows("диалог: отложить")
            await it.press("enter")
            await it.shows("Отложить до")

    async def test_the_outbox(self, serve) -> None:
        async with serve({"cart_letter": LETTER}) as served:
            anna = await served.visitor("Anna", email="anna@mail.example")
            await anna.does("Product Added", name="Лампа", price=89)
            async with served.console() as it:
                await it.press("m")
                await it.shows("Your cart is waiting")
                await it.shows("готово и лежит здесь")
                for words in (
                    "Исходящие",
                    "✉ Письма",
                    "любой статус ▾",
                    "хранится",
                    "1 строка",
                    "кому",
                    "тема",
                ):
                    assert words in it.text()
                no_english(it.text().replace("Your cart is waiting", ""))

    async def test_why(self, serve) -> None:
        async with serve({"cart_letter": LETTER}) as served:
            anna = await served.visitor("Anna", email="anna@mail.example")
            await anna.does("Product Added", name="Лампа", price=89)
            await anna.writes("Добрый день")
            async with served.console() as it:
                await it.shows("Добрый день")
                await it.press("W")
                await it.shows("Почему · Anna")
                await it.shows("впущен по событию Product Added")
                for words in (
                    "рассмотрен 1 раз · впущен: 1 · нет: 0",
                    "строка",
                    "письмо на anna@mail.example",
                ):
                    assert words in it.text()

    async def test_the_visitors(self, opened) -> None:
        async with opened() as it:
            await it.press("L")
            await it.shows("На сайте")
            await it.shows("1 посетитель")
            no_english(it.text())

    async def test_the_full_card(self, opened) -> None:
        async with opened() as it:
            await it.press("V")
            await it.shows("1 визит")
            await it.shows("Корзина пуста.")
            await it.press("D")
            await it.shows("введите СТЕРЕТЬ и нажмите Enter")

    async def test_saved_replies(self, opened) -> None:
        async with opened() as it:
            await it.press("R")
            await it.shows("Ни заготовок, ни макросов пока нет.")
            await it.press("n")
            await it.shows("Новая заготовка")
            no_english(it.text())


class TestNarrowTerminals:
    @pytest.mark.parametrize("size", [(80, 24), (60, 20), (200, 50)])
    async def test_nothing_is_wider_than_the_terminal(self, opened, size) -> None:
        async with opened(size=size) as it:
            await it.shows("? справка")
            assert all(len(line) <= size[0] for line in it.text().splitlines())

    async def test_every_screen_has_its_first_hints_in_80_columns(self, opened) -> None:
        async with opened(size=(80, 24)) as it:
            for key, hints in (
                ("m", "Esc назад"),
                ("L", "Esc назад"),
                ("R", "Esc назад"),
                ("V", "Esc назад"),
            ):
                await it.press(key)
                await it.shows(hints)
                assert "^P команды" in it.text()
                await it.press("escape")
                await it.shows("? справка")


class TestTheSetting:
    def test_the_console_speaks_what_the_settings_say(self, monkeypatch, tmp_path) -> None:
        """`language = "ru"` in console.toml wins over the terminal's language."""
        from operator_console import app, preferences, translation

        path = tmp_path / "console.toml"
        path.write_text('language = "ru"\n', encoding="utf-8")
        monkeypatch.setattr(preferences, "preferences_path", lambda: path)
        monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
        monkeypatch.setattr(app.OperatorApp, "run", lambda self: None)
        translation.speak("en")
        app.run_console("http://127.0.0.1:1", "token")
        assert _("Saved replies") == "Заготовки"
