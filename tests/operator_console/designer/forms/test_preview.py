"""Beside a form stands how the step looks, as one types; the place of a pop-up is chosen on a small page."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.items_sheet import ItemsField
from operator_console.designer.forms.place_map import PlaceMap
from operator_console.designer.forms.preview import FormPreview
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.sheets import Picker

OFFER = """\
scenario: offer
title: {en: A small gift, ru: Подарок}
trigger:
  - event: Session Started
steps:
  - id: gift
    popup:
      size: small
      title: {en: "Hello, {{ visitor.name }}", ru: "Привет, {{ visitor.name }}"}
      text: A gift.
  - wait: 1d
"""


@pytest.fixture
async def shop(serve):
    async with serve({"offer": OFFER}) as served:
        yield served


async def form_of(it, place: str) -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("offer")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    tree = it.app.screen
    tree.tree_view.point_at(place)
    await it.press("e")
    await it.until(lambda: isinstance(it.app.screen, FormSheet))
    return tree


def look_of(it) -> str:
    """What the pane shows."""
    pane = it.app.screen.query_one(FormPreview)
    return "\n".join(line.text.rstrip() for line in pane._lines)


class TestTheLookBesideTheForm:
    async def test_follows_what_is_typed_before_it_is_kept(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.0")
            await it.until(lambda: "Hello, Ann" in look_of(it))
            await it.press("tab", "ctrl+end")
            await it.type("! Stay")
            await it.until(lambda: "Hello, Ann! Stay" in look_of(it))
            assert tree.document.text == OFFER
            await it.press("tab")  # to the same in Russian
            await it.until(lambda: "Привет, Аня" in look_of(it))

    async def test_shows_where_the_pop_up_stands(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.0")
            while not isinstance(it.app.focused, PlaceMap):
                await it.press("tab")
            await it.press("right", "up")
            await it.until(lambda: "at the top right" in look_of(it))
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.value("steps.0.popup.position") == "top-right"

    async def test_an_emptied_place_is_the_usual_one(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.0")
            while not isinstance(it.app.focused, PlaceMap):
                await it.press("tab")
            await it.press("left", "backspace", "ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == OFFER

    async def test_in_the_form_of_a_field_shows_what_is_typed_in_that_of_the_pop_up(self, shop) -> None:
        async with shop.console() as it:
            await form_of(it, "steps.0")
            form = it.app.screen
            await it.press("tab", "ctrl+end")
            await it.type("! Stay")
            while not isinstance(it.app.focused, ItemsField):
                await it.press("tab")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("phone")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, FormSheet) and it.app.screen is not form)
            await it.until(lambda: "Hello, Ann! Stay" in look_of(it) and "Your phone" in look_of(it))
            await it.press("tab", "ctrl+end")
            await it.type(" number")
            await it.until(lambda: "Your phone number" in look_of(it))

    async def test_is_not_there_where_a_visitor_sees_nothing(self, shop) -> None:
        async with shop.console() as it:
            await form_of(it, "steps.1")
            assert not it.app.screen.query(FormPreview)

    async def test_takes_the_place_of_the_fields_by_a_key_where_it_is_narrow(self, shop) -> None:
        async with shop.console(size=(80, 24)) as it:
            await form_of(it, "steps.0")
            pane = it.app.screen.query_one(FormPreview)
            field = it.app.focused
            assert not pane.display
            await it.press("ctrl+l")
            await it.until(lambda: pane.display and pane.has_focus)
            await it.shows("Hello, Ann")
            await it.press("ctrl+l")
            await it.until(lambda: not pane.display)
            assert it.app.focused is field
