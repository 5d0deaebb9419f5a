"""The fields of a pop-up and the links below a message: a list in the form, changed as a whole and kept with it."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.fields import form_at
from operator_console.designer.forms.items import Items, item_words, new_items
from operator_console.designer.forms.items_sheet import ItemsField, ItemsSheet
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.sheets import Picker
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.steps import KINDS

OFFER = """\
scenario: offer
title: A small gift
trigger:
  - event: Session Started
steps:
  - id: gift
    popup:
      size: large
      title: Wait!
      text: A gift for you.
      fields:
        # Where the code goes.
        - {input: email, label: Email, save_to: visitor.email, required: true}
        - {input: choice, label: Size, save_to: run.size, choices: [S, M]}
      button: {label: Get it}
    timeout: 30m
  - id: talk
    say: Have a look.
"""


def items(text: str = OFFER, place: str = "steps.0.popup.fields") -> Items:
    return Items(Document(text, "offer.yaml"), place)


class TestAListOfSmallThings:
    def test_is_told_in_words(self) -> None:
        it = items()
        assert item_words(it, 0, "") == ("Email", "an email · must be filled in")
        assert item_words(it, 1, "") == ("Size", "one of several · S, M")

    def test_tells_a_link_in_the_language_of_the_form(self) -> None:
        text = OFFER + "    buttons:\n      - {label: {en: Lamps, ru: Лампы}, link: /lamps}\n"
        assert item_words(items(text, "steps.1.buttons"), 0, "ru") == ("Лампы", "↗ /lamps")

    def test_control_characters_of_a_file_never_reach_the_terminal(self) -> None:
        text = OFFER.replace("label: Size", 'label: "Si\\x1b[2Jze"')
        assert "\x1b" not in "".join(item_words(items(text), 1, ""))

    def test_nothing_is_done_to_the_document_until_it_is_repeated(self) -> None:
        document = Document(OFFER, "offer.yaml")
        it = Items(document, "steps.0.popup.fields")
        it.move(0, 1)
        it.drop(0)
        assert document.text == OFFER
        it.repeat(document)
        assert "Size" not in document.text
        assert "# Where the code goes." in document.text  # the comment belongs to what has stayed
        assert document.undo() is not None
        assert document.text == OFFER

    def test_each_doing_is_taken_back_by_itself(self) -> None:
        it = items()
        it.duplicate(0)
        it.add(0, {"input": "phone", "label": "Phone", "save_to": "visitor.phone"})
        assert len(it.values) == 4
        assert it.undo()
        assert it.undo()
        assert not it.undo()
        assert it.copy.text == OFFER
        assert not it.is_changed

    def test_the_last_one_goes_with_its_list_and_may_come_back(self) -> None:
        document = Document(OFFER, "offer.yaml")
        it = Items(document, "steps.0.popup.fields")
        it.drop(0)
        it.drop(0)
        it.add(0, {"input": "phone", "label": "Phone", "save_to": "visitor.phone"})
        it.repeat(document)
        assert document.value("steps.0.popup.fields") == [
            {"input": "phone", "label": "Phone", "save_to": "visitor.phone"}
        ]

    def test_what_the_language_does_not_take_is_refused_and_nothing_has_changed(self) -> None:
        document = Document(OFFER, "offer.yaml")
        it = Items(document, "steps.0.popup.fields")
        it.add(0, {"input": "phone", "label": "Phone"})
        with pytest.raises(CannotEditError):
            it.repeat(document)
        assert document.text == OFFER

    @pytest.mark.parametrize("place", ["steps.0.popup.fields", "steps.1.buttons"])
    def test_what_is_put_in_is_taken_by_the_language(self, place: str) -> None:
        name = place.rpartition(".")[2]
        for _choice, value in new_items(name):
            document = Document(OFFER, "offer.yaml")
            it = Items(document, place)
            it.add(len(it.values), value)
            it.repeat(document)
            assert document.reading.scenario is not None, value

    def test_every_list_of_the_language_has_something_to_put_in(self) -> None:
        text = OFFER + "".join(f"  - {kind}: x\n" for kind in KINDS)
        document = Document(text, "offer.yaml")
        names = {
            field.name
            for number in range(len(KINDS) + 2)
            for field in form_at(document, f"steps.{number}")
            if field.kind == "items"
        }
        assert names == {"fields", "buttons"}


@pytest.fixture
async def shop(serve):
    async with serve({"offer": OFFER}) as served:
        yield served


async def form_of(it, place: str) -> TreeScreen:
    """The tree of the scenario, with the form of a place in front of it."""
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


async def to_the_list(it) -> None:
    """The list of the form, opened."""
    while not isinstance(it.app.focused, ItemsField):
        await it.press("tab")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, ItemsSheet))


class TestByKeys:
    async def test_a_field_is_added_to_a_pop_up(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.0")
            form = it.app.screen
            await it.shows("an email · must be filled in")
            await to_the_list(it)
            await it.press("a")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("phone")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, FormSheet) and it.app.screen is not form)
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ItemsSheet))
            await it.press("J", "escape")
            await it.until(lambda: it.app.screen is form)
            await it.shows("Your phone")
            assert tree.document.text == OFFER
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            line = "        - {input: phone, label: Your phone, save_to: visitor.phone, required: true}\n"
            assert tree.document.text == OFFER.replace("      button:", f"{line}      button:")

    async def test_a_field_is_edited_by_its_own_form(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.0")
            form = it.app.screen
            await to_the_list(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, FormSheet) and it.app.screen is not form)
            await it.press("tab", "ctrl+a", "ctrl+k")
            await it.type("Your mail")
            await it.press("ctrl+s")
            await it.until(lambda: isinstance(it.app.screen, ItemsSheet))
            await it.shows("Your mail")
            await it.press("escape", "ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == OFFER.replace("label: Email", "label: Your mail")
            await it.press("u")
            await it.until(lambda: tree.document.text == OFFER)

    async def test_a_form_that_is_left_keeps_nothing_of_its_list(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.0")
            await to_the_list(it)
            await it.press("D", "c", "escape")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == OFFER

    async def test_the_first_link_of_a_message_is_asked_for_at_once(self, shop) -> None:
        async with shop.console() as it:
            tree = await form_of(it, "steps.1")
            form = it.app.screen
            await it.shows("⏎ puts one in")
            await to_the_list_of_nothing(it, form)
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ItemsSheet))
            await it.press("escape")
            await it.until(lambda: it.app.screen is form)
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.value("steps.1.buttons") == [{"label": "Have a look", "link": "/"}]


async def to_the_list_of_nothing(it, form: FormSheet) -> None:
    """Opening an empty list leads right into the form of its first item."""
    while not isinstance(it.app.focused, ItemsField):
        await it.press("tab")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, FormSheet) and it.app.screen is not form)
