"""What a visitor is shown, drawn in the terminal: in a browser's measures, with nothing that a terminal obeys."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.strip import Strip

from operator_console.designer.look.of_effects import look_of
from operator_console.designer.look.page_map import LAPTOP, PHONE, card_box, place_of
from operator_console.designer.look.painter import LookPainter
from operator_console.designer.look.views import (
    Answer,
    ChatLook,
    FieldLook,
    Look,
    MailLook,
    MessengerLook,
    PopupLook,
    PushLook,
)
from operator_console.themes import DARK, LIGHT
from scenarios_yaml.engine.effects import (
    ChatButton,
    ChatOption,
    HandOff,
    Send,
    SendChat,
    ShowField,
    ShowPopup,
)

EMAIL = FieldLook(input="email", label="Your email", is_required=True)
OFFER = PopupLook(
    size="large", title="A small welcome", text="10% off.", fields=(EMAIL,), button=Answer("Get my code")
)
MINI = PopupLook(size="mini", title="Your code: BONUS", text="Enjoy!", position="bottom-right")
QUESTION = ChatLook(text="For whom is it?", answers=(Answer("For me"), Answer("The catalog", "/catalog")))
LETTER = MailLook(
    subject="Your code",
    body="Hello **Ann**!\n\n[Choose](https://shop.example/c)\n\n[[products]]",
    preheader="for the first order",
    to="ann@shop.example",
    products=({"name": "Lamp", "price": 79, "quantity": 2, "currency": "EUR"},),
)
PUSH = PushLook(title="New lamps", text="For the kitchen", link="https://shop.example/lamps")
EVERY: list[Look] = [OFFER, MINI, QUESTION, LETTER, PUSH, MessengerLook(text="Hello!")]


def lines(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def painted(look: Look, width: int = 90) -> str:
    return "\n".join(lines(LookPainter(DARK, width, "Lamp & Co").paint(look)))


def widest(look: Look, width: int) -> int:
    """How many cells the look itself takes, without the ground at its sides."""
    strips = LookPainter(DARK, width, "Lamp & Co").paint(look)
    ground = DARK.paper
    cells = [
        sum(cell_len(one.text) for one in strip if one.style and one.style.bgcolor.name != ground)
        for strip in strips
    ]
    return max(cells)


class TestProportions:
    @pytest.mark.parametrize(("size", "cells"), [("large", 60), ("small", 45), ("mini", 40)])
    def test_a_pop_up_is_as_wide_as_in_the_browser_at_eight_pixels_a_cell(self, size, cells) -> None:
        assert widest(PopupLook(size=size, title="Hello", text="Hello"), 120) == cells

    def test_a_narrow_room_shows_it_as_a_telephone_does(self) -> None:
        assert widest(OFFER, 40) == 38

    def test_a_large_title_breaks_where_its_large_letters_do(self) -> None:
        title = "A title of more letters than a line of them can hold"
        large = painted(PopupLook(size="large", title=title, text=""))
        mini = painted(PopupLook(size="mini", title=title, text=""))
        assert max(len(line.strip(" ▄▀✕")) for line in large.split("\n")) < 32
        assert "more letters" in mini

    def test_a_picture_stands_beside_the_text_of_a_large_one_and_above_that_of_a_small_one(self) -> None:
        large = painted(PopupLook(size="large", title="Hello", text="x", image="lamp.jpg"), 110)
        small = painted(PopupLook(size="small", title="Hello", text="x", image="lamp.jpg"), 110)
        assert widest(PopupLook(size="large", title="Hello", text="x", image="lamp.jpg"), 110) == 90
        assert small.index("lamp.jpg") < small.index("Hello")
        assert "▣ lamp.jpg" in large

    @pytest.mark.parametrize("look", EVERY, ids=lambda look: type(look).__name__)
    @pytest.mark.parametrize("width", [24, 40, 80, 160])
    @pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
    def test_every_line_has_just_the_width(self, look, width, palette) -> None:
        strips = LookPainter(palette, width, "Lamp & Co").paint(look)
        assert {sum(cell_len(one.text) for one in strip) for strip in strips} == {width}


class TestWhereAPopUpStands:
    def test_a_large_one_stands_in_the_middle(self) -> None:
        box = card_box(OFFER)
        assert box.left == LAPTOP[0] - box.left - box.width
        assert abs(box.top - (LAPTOP[1] - box.top - box.height)) <= 1

    def test_a_small_one_keeps_away_from_the_chats_button_unless_it_is_told_to(self) -> None:
        assert place_of(PopupLook(size="small", title="", text="")) == "bottom left"
        assert place_of(MINI) == "bottom right"
        assert LAPTOP[1] - card_box(MINI).top - card_box(MINI).height == 96

    def test_on_a_telephone_it_comes_from_below_and_is_as_wide_as_the_screen(self) -> None:
        box = card_box(MINI, PHONE)
        assert (box.left, box.width, box.top + box.height) == (0, *PHONE)

    def test_more_text_makes_it_higher_and_never_higher_than_the_page(self) -> None:
        short, long = (
            card_box(PopupLook(size="small", title="Hello", text=text)) for text in ("x", "x y " * 60)
        )
        assert short.height < long.height
        assert card_box(PopupLook(size="small", title="Hello", text="x y " * 4_000)).height == LAPTOP[1] - 48

    def test_the_small_pages_say_how_large_it_is_and_where(self) -> None:
        shown = "\n".join(lines(LookPainter(DARK, 90).on_page(MINI)))
        box = card_box(MINI)
        assert f"320 × {box.height} px" in shown
        assert "at the bottom right" in shown

    def test_in_a_narrow_room_there_is_the_laptop_alone(self) -> None:
        assert len(LookPainter(DARK, 40).on_page(MINI)) < len(LookPainter(DARK, 90).on_page(MINI)) + 4


class TestWhatItSays:
    def test_a_pop_up_has_its_fields_and_its_button(self) -> None:
        for text in ("A small welcome", "10% off.", "Your email", "name@mail.example", "Get my code", "✕"):
            assert text in painted(OFFER)

    def test_what_may_be_left_empty_says_so(self) -> None:
        field = FieldLook(input="choice", label="For whom?", choices=("me", "a friend"))
        shown = painted(PopupLook(size="large", title="Hello", text="", fields=(field,)))
        for text in ("For whom? (optional)", " me ", " a friend "):
            assert text in shown

    def test_a_chat_has_answers_and_links(self) -> None:
        shown = painted(QUESTION)
        for text in ("Lamp & Co", "For whom is it?", " For me ", " ↗ The catalog "):
            assert text in shown

    def test_the_visitors_own_words_stand_at_the_right(self) -> None:
        strips = lines(LookPainter(DARK, 90).chat([QUESTION, ChatLook(text="For me", author="visitor")]))
        [bots] = [line for line in strips if "For whom" in line]
        own = strips[-2]
        assert own.index("For me") > bots.index("For whom") + 20

    def test_a_letter_has_its_line_in_the_mailbox_and_its_products(self) -> None:
        shown = painted(LETTER)
        for text in (
            "● Lamp & Co  Your code  for the first order",
            "Hello Ann!",
            " Choose ",
            "Lamp × 2 — 158\xa0EUR",
        ):
            assert text in shown

    def test_a_push_has_title_text_and_where_it_leads(self) -> None:
        for text in ("New lamps", "For the kitchen", "↗ https://shop.example/lamps"):
            assert text in painted(PUSH)


HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202e[@click=app.quit]x[/]"


class TestHostileText:
    @pytest.mark.parametrize(
        "look",
        [
            ChatLook(text=HOSTILE, answers=(Answer(HOSTILE, HOSTILE),), image=HOSTILE, file=HOSTILE),
            PopupLook(
                size="large",
                title=HOSTILE,
                text=HOSTILE,
                image=HOSTILE,
                button=Answer(HOSTILE),
                fields=(FieldLook(input="text", label=HOSTILE, value=HOSTILE, choices=()),),
            ),
            MailLook(
                subject=HOSTILE,
                body=HOSTILE,
                preheader=HOSTILE,
                sender=HOSTILE,
                to=HOSTILE,
                attachments=(HOSTILE,),
            ),
            PushLook(title=HOSTILE, text=HOSTILE, link=HOSTILE),
            MessengerLook(text=HOSTILE),
        ],
        ids=lambda look: type(look).__name__,
    )
    def test_nothing_reaches_the_terminal_that_it_would_obey(self, look) -> None:
        painter = LookPainter(DARK, 100, HOSTILE)
        shown = "".join(lines(painter.paint(look)))
        assert not {"\x1b", "\x07", "\u202e", "\n"} & set(shown)
        assert "[@click=app.quit]x[/]" in shown, "markup stays the letters that somebody typed"


class TestWhatTheEngineWantsDone:
    def test_a_question(self) -> None:
        sent = SendChat(
            id="m1", run="r", scenario="s", step="q", text="Which?", input="",
            options=(ChatOption("a", "One"),), buttons=(ChatButton("Shop", "/shop"),),
        )  # fmt: skip
        assert look_of(sent) == ChatLook(
            text="Which?", answers=(Answer("One", id="a"), Answer("Shop", "/shop"))
        )

    def test_a_pop_up(self) -> None:
        shown = ShowPopup(
            id="p1", run="r", scenario="s", step="p", size="small", title="Hello", text="x",
            button=ChatButton("Go", "/go"), fields=(ShowField("email", "email", "Your email", True),),
        )  # fmt: skip
        wanted = PopupLook(size="small", title="Hello", text="x", button=Answer("Go", "/go"), fields=(EMAIL,))
        assert look_of(shown) == wanted

    def test_a_letter_and_nothing_of_a_webhook_or_a_handover(self) -> None:
        content = {"to": "ann@shop.example", "subject": "Hello", "body": "x", "attachments": ["a.pdf"]}
        sent = Send(id="1", run="r", scenario="s", step="l", channel="email", content=content)
        assert look_of(sent) == MailLook(
            subject="Hello", body="x", to="ann@shop.example", attachments=("a.pdf",)
        )
        assert look_of(Send(id="1", run="r", scenario="s", step="l", channel="webhook", content={})) is None
        assert look_of(HandOff("s")) is None
