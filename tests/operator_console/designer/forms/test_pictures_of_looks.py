"""Pictures of forms with how the step looks beside them, frozen. `pytest --snapshot-update` takes new ones."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from operator_console.designer.forms.items_sheet import ItemsSheet
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.translation import speak

OFFER = """\
scenario: greeting
title: {en: A small gift, ru: Подарок}
status: live
trigger:
  - event: Session Started
steps:
  - id: gift
    popup:
      size: large
      title: {en: "Wait, {{ visitor.name }}! 10% off", ru: "Постойте, {{ visitor.name }}! Скидка 10%"}
      text: {en: Leave your email and we send the code right away., ru: "Оставьте почту, мы сразу пришлём код."}
      fields:
        - {input: email, label: {en: Your email, ru: Ваша почта}, save_to: visitor.email, required: true}
        - {input: choice, label: {en: For whom, ru: Кому}, save_to: run.who, choices: [Me, A friend]}
      button: {label: {en: Get my code, ru: Получить код}}
    timeout: 30m
  - id: new
    popup: {size: small, title: New lamps, text: They came in this week., image: lamp.jpg, position: bottom-right}
  - id: talk
    say: How can I help?
    timeout: 1d
    options:
      - label: Delivery
        steps:
          - say: By courier 300.
      - label: Something else
  - id: letter
    email:
      subject: "{{ visitor.name }}, your cart is waiting"
      preheader: It is kept for three days
      body: |
        Hello **{{ visitor.name }}**,

        - your cart is here
        - [have a look](https://shop.example/cart)
"""


async def until(pilot, condition) -> None:
    """Waits for a condition, at most fifteen seconds."""
    for _ in range(1500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desk, settled, snap_compare, tmp_path: Path):
    """Takes a picture of the form of a place, after some keys more; `at` is the screen that is in front then."""
    desk.texts["greeting"] = OFFER

    def take(
        place: str, *keys: str, size: tuple[int, int], theme: str = "desk-dark", at: type = FormSheet
    ) -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ScenariosScreen))
            scenarios = app.screen
            await until(pilot, lambda: scenarios.rows.rows and not scenarios.rows.unread())
            scenarios.listing.point_to("greeting")
            await pilot.press("enter")
            await until(
                pilot, lambda: isinstance(app.screen, TreeScreen) and app.screen.tree_view.row is not None
            )
            app.screen.tree_view.point_at(place)
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, FormSheet))
            await until(pilot, lambda: app.screen.query_one("#form-look").line_count)
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(app.screen, at))
            for field in app.screen.query("Input, TextArea"):
                assert isinstance(field, Input | TextArea)
                field.cursor_blink = False
            await settled(pilot)

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfForms:
    def test_a_large_pop_up_dark(self, picture) -> None:
        assert picture("steps.0", size=(160, 45))

    def test_a_small_pop_up_with_its_picture_light(self, picture) -> None:
        assert picture("steps.1", size=(160, 45), theme="desk-light")

    def test_a_question_with_its_answers(self, picture) -> None:
        assert picture("steps.2", size=(140, 40))

    def test_a_letter_light(self, picture) -> None:
        assert picture("steps.3", size=(120, 40), theme="desk-light")

    def test_the_fields_of_a_pop_up_as_a_list(self, picture) -> None:
        keys = ["shift+tab"] * 6  # past the look, and what every step has
        assert picture("steps.0", *keys, "enter", size=(120, 36), at=ItemsSheet)

    def test_a_form_in_a_small_terminal(self, picture) -> None:
        assert picture("steps.1", size=(80, 24))

    def test_how_it_looks_in_a_small_terminal(self, picture) -> None:
        assert picture("steps.1", "ctrl+l", size=(80, 24), theme="desk-light")

    def test_a_pop_up_in_russian(self, picture) -> None:
        speak("ru")
        try:
            assert picture("steps.0", size=(160, 45))
        finally:
            speak("en")
