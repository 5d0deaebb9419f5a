"""Names that a shop has, and an application that shows one form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.pilot import Pilot

from operator_console.designer.forms.known import Known, in_file
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.forms.sources import Filling, Sources
from operator_console.designer.outline.rows import outline
from operator_console.key_order import KeysInOrder
from operator_console.themes import DARK, PALETTES, textual_theme
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import KnownEvent, KnownName, KnownNames

NOW = 1_772_000_000_000
NAMES = KnownNames(
    events=(
        KnownEvent("Lamp Tried", 1204, 0, ("lamp", "minutes")),
        KnownEvent("Order Completed", 12, 0, ("total",)),
    ),
    properties=(KnownName("shoe_size", 12),),
    tags=(KnownName("vip", 12), KnownName("wholesale", 3)),
    segments={"big-spenders": "Big spenders"},
    teams=(KnownName("support"),),
    coupon_pools=("cart-5", "first-order-10"),
    lists=(KnownName("news", 3),),
    files=("catalog.pdf", "lamp.png"),
    templates=("cart-reminder.html",),
    paths=(KnownName("/checkout", 31),),
    since=1,
)


class OneForm(KeysInOrder):
    """Nothing but a form; `result` is what it gave."""

    def __init__(self, sheet: FormSheet, theme: str = DARK.name) -> None:
        super().__init__()
        for palette in PALETTES.values():
            self.register_theme(textual_theme(palette))
        self.theme = theme
        self.sheet = sheet
        self.result: list[bool | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.sheet, self.result.append)


@dataclass
class Filled:
    """A form that is being filled in."""

    app: OneForm
    pilot: Pilot[Any]
    document: Document
    sheet: FormSheet = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.app.sheet

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            # One command comes after the other; a form that is closed ends no command.
            while (mark := self.app._mark) is not None and mark.target.is_running:
                await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Key by key, as a person does."""
        names = {" ": "space", "\n": "enter"}
        await self.press(*(names.get(char, char) for char in text))

    @property
    def offered(self) -> list[str]:
        return [one.value for one in self.sheet.offers.offered]

    def said(self, number: int, language: str = "all") -> str:
        return str(self.sheet.query_one(f"#said-{number}-{language}").render())


def known_of(document: Document) -> Known:
    return Known(
        NAMES,
        lambda: {"abandoned-cart": "Abandoned cart"},
        lambda: ("Anna",),
        in_file(document, outline(document, "en")),
    )


def sources_of(document: Document) -> Sources:
    site = {"name": "Lamps & Co", "url": "https://shop.example"}
    return Sources(known_of(document), Filling(document, site, lambda: NOW).fill)


@pytest.fixture
def known() -> Callable[[Document], Known]:
    """What there is to be named, for a document."""
    return known_of


@pytest.fixture
def form_app() -> Callable[..., OneForm]:
    """`form_app(text, place)`: an application that shows the form of a place."""

    def made(
        text: str, place: str, theme: str = DARK.name, *, is_new: bool = False, title: str = "Form"
    ) -> OneForm:
        document = Document(text, "helper.yaml")
        return OneForm(FormSheet(document, place, title, sources_of(document), is_new=is_new), theme)

    return made


@pytest.fixture
def form(form_app: Callable[..., OneForm]) -> Callable[..., Any]:
    """`async with form(text, place) as it:` the form of a place, with real keys."""

    @asynccontextmanager
    async def shown(text: str, place: str, *, is_new: bool = False) -> AsyncIterator[Filled]:
        app = form_app(text, place, is_new=is_new)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            yield Filled(app, pilot, app.sheet._document)

    return shown
