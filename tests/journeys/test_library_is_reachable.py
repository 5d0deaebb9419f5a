"""Each scenario of the library is reached from the demo shop: all are live at once, and a few people use the shop.

There is no browser here, so it is fast: the shop's pages are asked for over HTTP, what they say of themselves is read
out of their HTML, and is told over the widget's socket, as their scripts do. A page that is gone, a mark that a script
looks for, an event that no script tells any more: what hangs on it is not reached then.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from operator_console.client import DeskClient
from scenarios_yaml.library.index import library
from server_stub.demo_visitors.connection import Connection, opened
from server_stub.protocol import (
    Ack,
    ChangeDialog,
    DialogOpened,
    Entry,
    Hello,
    IdentifyFrame,
    PopupEnded,
    PopupFrame,
    PopupShown,
    RunProgress,
    TrackFrame,
    WriteFrame,
)
from server_stub.scenario_folder import copy_library
from server_stub.serve import Server, now
from tests.conftest import until
from tests.journeys.conftest import MovedClock

ZONE = ZoneInfo("Europe/Prague")
"""The demo shop's."""
BEGIN = datetime(2026, 5, 25, 12, 0, tzinfo=ZONE)
"""Late in May: one scenario is for those who bought flowers then."""


class DemoShop:
    """The shop as it is served: its pages by their paths, found by following links, and what its scripts tell."""

    def __init__(self, server: Server, entries: list[Entry], clock: MovedClock) -> None:
        self.server = server
        self.entries = entries
        self.pages: dict[str, str] = {}
        self._clock = clock
        self._scripts = ""

    async def read(self) -> None:
        async with httpx.AsyncClient(base_url=self.server.shop_url or "") as http:
            ahead = ["/"]
            while ahead:
                path = ahead.pop(0)
                if path in self.pages or (answer := await http.get(path)).status_code != 200:
                    continue
                self.pages[path] = answer.text
                ahead += re.findall(r'<a [^>]*?href="(/[^"?#]*)"', answer.text)
            sources = re.findall(r'<script [^>]*?src="([^"]+)"', self.pages["/"])
            self._scripts = "".join([(await http.get(source)).text for source in sources])

    def tells(self, event: str) -> bool:
        """Whether a script of the pages names the event."""
        return f"'{event}'" in self._scripts

    def marked(self, mark: str) -> list[str]:
        """The paths of the pages on which a script finds something to do."""
        return [path for path, page in self.pages.items() if re.search(rf"\bdata-{mark}[\s=>]", page)]

    def product_of(self, path: str) -> dict[str, Any]:
        """The product of a page as it describes itself."""
        found = re.search(r'data-product="([^"]*)"', self.pages[path])
        return dict(json.loads(html.unescape(found[1]))) if found else {}

    async def forward(self, moment: datetime) -> None:
        """Let the time pass until then, and everything happen that is due."""
        self._clock.skip(int(moment.timestamp() * 1000) - self._clock())
        desk = self.server.app.desk
        while await desk.fire_due():
            pass
        await until(lambda: not desk.in_rounds, 20, "everybody to be asked")

    def reached(self) -> dict[str, str]:
        """The scenarios that let somebody in, and on what."""
        told = (entry.what for entry in self.entries)
        return {
            what.scenario: what.result
            for what in told
            if isinstance(what, RunProgress) and what.phase == "started"
        }


class Shopper:
    """Somebody in the shop. He can do only what its pages and their scripts offer."""

    def __init__(self, shop: DemoShop, connection: Connection) -> None:
        self._shop = shop
        self._connection = connection
        self._path = "/"
        self._cart: list[dict[str, Any]] = []

    async def look(self, path: str) -> bool:
        """Open a page, read it to its end, and turn to leave. False where there is none."""
        if path not in self._shop.pages:
            return False
        self._path = path
        title = re.search(r"<title>(.*?)</title>", self._shop.pages[path])
        await self.tell(
            "Page Viewed", url=self._address(path), title=html.unescape(title[1] if title else "")
        )
        await self.tell("Page Scrolled", depth=100)
        if product := self._shop.product_of(path):
            await self.tell("Product Viewed", **product)
        if path in self._shop.marked('page="cart"'):
            await self.tell("Cart Viewed", cart_id="c1", products=self._cart)
        if path in self._shop.marked('page="checkout"') and self._cart:
            await self.tell("Checkout Started", **self._order())
        await self.tell("Exit Intent", how="mouse")
        return True

    async def tell(self, name: str, /, **properties: Any) -> None:
        """Tell the desk an event, if a script of the shop does."""
        if self._shop.tells(name):
            about = {"path": self._path, **properties}
            await self._ask(TrackFrame(self._connection.next_id(), name, about, at=now(), sent_at=now()))

    async def put_into_cart(self, fits: Callable[[float, dict[str, Any]], bool]) -> None:
        """Add the first product of the shop for which `fits(sum of the cart, product)`."""
        total = sum(item["price"] for item in self._cart)
        for path in self._shop.marked("add"):
            product = self._shop.product_of(path)
            if product and fits(total, product):
                await self.look(path)
                self._cart.append({**product, "quantity": 1})
                await self.tell("Product Added", cart_id="c1", quantity=1, **product)
                return

    async def order(self) -> None:
        for path in self._shop.marked("order"):
            if await self.look(path):
                await self.tell("Order Completed", **self._order())
                self._cart = []

    async def say_who_he_is(self, email: str) -> None:
        """By the form of the account's page."""
        for path in self._shop.marked("account"):
            await self.look(path)
            traits = {"name": "Kim", "email": email, "city": "Prague", "birthday": "1990-06-15"}
            await self._ask(IdentifyFrame(self._connection.next_id(), traits=traits))

    async def write(self, text: str) -> None:
        await self._ask(WriteFrame(self._connection.next_id(), text))

    async def click_popups(self, scenario: str) -> None:
        """Press the button of that scenario's pop-ups, and close all others."""
        while popup := self._shown():
            outcome: Any = "clicked" if popup.popup.scenario == scenario else "closed"
            await self._ask(PopupFrame(self._connection.next_id(), popup.popup.id, outcome))

    def _shown(self) -> PopupShown | None:
        visitor = self._shop.server.app.desk.visitor_of(self._connection.anonymous_id)
        told = [entry.what for entry in self._shop.entries if entry.visitor == visitor]
        ended = {what.popup for what in told if isinstance(what, PopupEnded)}
        shown = [what for what in told if isinstance(what, PopupShown) and what.popup.id not in ended]
        return shown[0] if shown else None

    def _order(self) -> dict[str, Any]:
        total = sum(item["price"] for item in self._cart)
        return {"order_id": "A-17", "cart_id": "c1", "total": total, "products": self._cart}

    def _address(self, path: str) -> str:
        return f"{self._shop.server.shop_url}{path}"

    async def _ask(self, frame: Any) -> None:
        answer = await self._connection.ask(frame)
        assert isinstance(answer, Ack), answer


@asynccontextmanager
async def somebody(shop: DemoShop, name: str, token: str = "") -> AsyncIterator[Shopper]:
    """A visitor while his page is open."""
    hello = Hello(key=shop.server.write_key, token=token, locale="en", timezone=str(ZONE))
    async with opened(Connection(shop.server.url, hello, {}, name)) as connection:
        yield Shopper(shop, connection)


async def look_around_and_leave(shop: DemoShop) -> None:
    """One who says nothing of himself: every page, a cart, the checkout, and an hour later once more."""
    async with somebody(shop, "newcomer") as he:
        for path in shop.pages:
            await he.look(path)
        await he.put_into_cart(lambda _, product: product["price"] < 3000)
        await he.look("/cart")
        await he.put_into_cart(lambda total, product: 3000 < total + product["price"] < 5000)
        await he.look("/checkout")
        await shop.forward(BEGIN.replace(hour=13))
        await he.look("/")


async def buy_flowers_and_come_back(shop: DemoShop) -> None:
    """A known customer: an order, notifications, the newsletter, an article."""
    async with somebody(shop, "customer") as she:
        await she.say_who_he_is("kim@shop.example")
        await she.put_into_cart(lambda _, product: "flowers" in product["category"])
        await she.order()
        await she.click_popups("")
        await shop.forward(BEGIN.replace(hour=14))
        await she.look("/")
        for minute in (0, 5, 6):
            await shop.forward(BEGIN.replace(hour=14, minute=minute))
            await she.click_popups("")
        await she.look("/blog")
        await she.click_popups("blog_push_popup")
        if shop.marked("push"):
            await she.tell("Push Subscribed")
        if shop.marked("newsletter"):
            await she.tell("Subscribed", list="newsletter")
        for path in shop.marked("backstage"):
            await she.look(path)
            await she.tell("Article Published", title="Linen", url="/blog/caring-for-linen")


async def talk(shop: DemoShop) -> None:
    """Four people at the chat; the last one is answered by an operator."""
    async with somebody(shop, "curious") as one:
        await one.tell("Chat Opened")
    for word in ("order", "promo"):
        async with somebody(shop, word) as one:
            await one.write(word)
    async with somebody(shop, "talkative") as one:
        await one.say_who_he_is("lee@shop.example")
        await one.write("Good evening")
    dialog = [entry.dialog for entry in shop.entries if isinstance(entry.what, DialogOpened)][-1]
    client = DeskClient(shop.server.url, shop.server.operator_token)
    await client.change_dialog(dialog, ChangeDialog(status="closed"))
    await client.close()


async def a_year(data: Path) -> dict[str, str]:
    """What the scenarios made of them, until the last broadcast."""
    clock = MovedClock()
    clock.skip(int(BEGIN.timestamp() * 1000) - clock())
    copy_library(data / "scenarios")
    server = Server(data, port=0, demo=True, shop_port=0, clock=clock)
    await server.start()
    try:
        entries: list[Entry] = []
        server.app.desk.subscribe(lambda commit: entries.extend(commit.entries))
        shop = DemoShop(server, entries, clock)
        await shop.read()
        await look_around_and_leave(shop)
        await buy_flowers_and_come_back(shop)
        await talk(shop)
        for moment in (
            datetime(2026, 6, 1, 10, 26, tzinfo=ZONE),
            datetime(2026, 6, 2, 12, 0, tzinfo=ZONE),
            datetime(2026, 6, 9, 12, 0, tzinfo=ZONE),
            datetime(2026, 8, 30, 10, 1, tzinfo=ZONE),
            datetime(2027, 3, 5, 11, 1, tzinfo=ZONE),
        ):
            await shop.forward(moment)
        return shop.reached()
    finally:
        await server.stop()


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The scenarios that let somebody in."""
    return asyncio.run(a_year(tmp_path_factory.mktemp("year") / "data"))


@pytest.mark.parametrize("slug", [item.slug for item in library()])
def test_it_lets_somebody_of_the_demo_shop_in(slug: str, reached: dict[str, str]) -> None:
    assert slug in reached
