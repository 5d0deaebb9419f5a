"""One visit to the shop: from the page on which somebody lands to the one on which he leaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import httpx

from server_stub.demo_visitors.asides import Asides
from server_stub.demo_visitors.backend import BackEnd
from server_stub.demo_visitors.connection import Connection, opened
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.manners import Manners
from server_stub.demo_visitors.people import Person, touch_of
from server_stub.demo_visitors.shop import Goods, Page, Shop
from server_stub.demo_visitors.words import COLOURS, OPENERS_FOR, SIZES
from server_stub.protocol import Hello, IdentifyFrame, TrackFrame

SIGNS_IN = 0.45
"""How many of those whom the shop does not know yet have an account, or make one."""

LONGEST_TALK = 15 * 60.0
"""Seconds that a visitor stays for a conversation after he has seen enough."""

FREE_DELIVERY_FROM, DELIVERY_PRICE = 3000.0, 300.0


class Visit:
    """One person in the shop, once. `run` is the whole visit."""

    def __init__(
        self, url: str, key: str, shop_url: str, person: Person, back_end: BackEnd, life: Life
    ) -> None:
        self._person = person
        self._life = life
        self._rng: Random = life.rng
        self._back_end = back_end
        self._shop = Shop(shop_url, person.language)
        person.visits += 1
        hello = Hello(key=key, token=person.token, locale=person.language, timezone=person.timezone)
        headers = {"User-Agent": person.user_agent, "Origin": self._shop.url}
        self._connection = Connection(url, hello, headers, f"{life.rng.getrandbits(64):016x}")
        self._favourite = self._choose_favourite()
        self._cart: list[tuple[Goods, int]] = []
        self._cart_id = f"c{life.rng.getrandbits(40):010x}"
        self._page: Page | None = None
        self._manners = Manners(
            person,
            self._connection,
            life.apart(),
            self._facts(),
            OPENERS_FOR[person.language].get(self._favourite.section, ()),
        )
        self._asides = Asides(person, life.apart(), self._shop, self._tell, self._look_and_ask)

    async def run(self) -> None:
        """Come, look around, talk, leave. Raises `RefusedAtTheDoorError`."""
        try:
            async with opened(self._connection):
                await self._be_there()
        finally:
            self._person.token = self._connection.token

    async def _be_there(self) -> None:
        listening = asyncio.create_task(self._manners.listen())
        try:
            await self._land()
            await self._asides.review_his_order()
            await self._asides.hear_of_an_article(self._back_end, self._connection.anonymous_id)
            await self._walks()[self._person.character]()
            await self._manners.finish(LONGEST_TALK)
            await self._life.pause(4)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    def _walks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "browser": self._browse,
            "abandoner": self._fill_a_cart_and_go,
            "buyer": self._buy,
            "delivery": self._ask_about_delivery,
            "wholesale": self._ask_for_terms,
            "silent": self._look_and_say_nothing,
        }

    # --- Walks ---

    async def _browse(self) -> None:
        """Dresses, one after the other, and a question about the best of them."""
        for section in self._rng.sample(
            ("dresses/evening", "dresses/new", "dresses/sale", "dresses/wedding"), k=2
        ):
            await self._look_at_section(section)
            for goods in self._shop.some(self._rng, section, 2):
                await self._look_at(goods)
        if self._life.chance(0.55):
            await self._look_at(self._favourite)
            await self._manners.ask_something()
        if self._life.chance(0.3):
            await self._add(self._favourite)

    async def _fill_a_cart_and_go(self) -> None:
        """A cart is filled, looked at, and left."""
        section = self._rng.choice(("dresses", "shoes", "bags", "home"))
        await self._look_at_section(section)
        for goods in self._shop.some(self._rng, section, 3):
            await self._look_at(goods)
            await self._add(goods)
        await self._look_at_cart()
        if self._life.chance(0.4):
            await self._begin_checkout()
            await self._life.pause(25)
        if self._life.chance(0.3):
            await self._manners.ask_something()
        await self._tell("Exit Intent", {**self._where(), "how": "mouse"})
        await self._life.pause(12)

    async def _buy(self) -> None:
        """From the section to the order, which the shop's back end reports."""
        section = self._rng.choice(("dresses", "shoes", "home/lamps", "bags"))
        await self._look_at_section(section)
        for goods in self._shop.some(self._rng, section, 2):
            await self._look_at(goods)
            await self._add(goods)
        if self._life.chance(0.35):
            await self._look(self._shop.page("/delivery-and-payment"), 20)
        await self._look_at_cart()
        await self._begin_checkout()
        await self._tell("Email Captured", {"email": self._person.email, "field": "email"})
        await self._say_who_he_is()
        await self._life.pause(20)
        await self._tell("Payment Info Entered", {"cart_id": self._cart_id, "payment_method": "card"})
        await self._order()
        if self._life.chance(0.15):
            await self._manners.ask_something()

    async def _ask_about_delivery(self) -> None:
        """The page on delivery does not answer everything."""
        if self._life.chance(0.5):
            await self._look_at(self._favourite)
        await self._look(self._shop.page("/delivery-and-payment"), 25)
        if self._life.chance(0.7):
            await self._manners.ask_something()

    async def _ask_for_terms(self) -> None:
        """Somebody who buys for a shop of his own."""
        await self._look(self._shop.page("/catalog"), 12)
        await self._look_at_section(self._rng.choice(("home/lamps", "bags", "dresses")))
        await self._life.pause(20)
        await self._manners.ask_something()
        await self._asides.book_a_meeting()

    async def _look_and_say_nothing(self) -> None:
        """Some only look, and turn the bot down."""
        if self._life.chance(0.4):
            await self._look(self._shop.page("/blog"), 30)
            await self._asides.at_the_blog()
        for section in self._rng.sample(self._shop.sections, k=2):
            await self._look_at_section(section)
            for goods in self._shop.some(self._rng, section, 2):
                await self._look_at(goods)
        if self._life.chance(0.5):
            await self._tell("Exit Intent", {**self._where(), "how": "mouse"})
            await self._life.pause(10)

    # --- Steps ---

    async def _land(self) -> None:
        touch = touch_of(self._rng, self._person)
        landing = self._shop.page("/")
        if touch.query or self._life.chance(0.4):
            landing = self._shop.section(self._rng.choice(self._shop.sections))
        await self._look(landing, 8, referrer=touch.referrer, query=touch.query)
        if self._person.is_known or self._life.chance(SIGNS_IN):
            await self._say_who_he_is()

    async def _look(
        self, page: Page, seconds: float, *, referrer: str | None = None, query: str = ""
    ) -> None:
        """Open a page and read it: views and scroll depths come as the widget sends them."""
        before = self._shop.address(self._page) if self._page else ""
        self._page = page
        view = {
            "url": self._shop.address(page, query),
            "path": page.path,
            "title": page.title,
            "referrer": before if referrer is None else referrer,
            "search": f"?{query}" if query else "",
        }
        await self._tell("Page Viewed", view)
        deepest = self._rng.choice((25, 50, 75, 100))
        depths = range(25, deepest + 1, 25)
        for depth in depths:
            await self._life.pause(seconds / len(depths))
            await self._tell("Page Scrolled", {"depth": depth, **self._where()})

    async def _look_and_ask(self, page: Page, seconds: float, query: str) -> None:
        await self._look(page, seconds, query=query)

    async def _look_at_section(self, section: str) -> None:
        await self._look(self._shop.section(section), 14)
        goods = self._shop.in_section(section)
        products = [one.properties() for one in goods[:12]]
        await self._tell(
            "Product List Viewed", {"list_id": section, "category": section, "products": products}
        )
        await self._life.pause(8)

    async def _look_at(self, goods: Goods) -> None:
        await self._look(goods.page, 12)
        await self._tell("Product Viewed", {**goods.properties(), "url": self._shop.address(goods.page)})
        await self._life.pause(14)

    async def _add(self, goods: Goods) -> None:
        quantity = 2 if goods.price < 1000 and self._life.chance(0.4) else 1
        self._cart.append((goods, quantity))
        what = {"cart_id": self._cart_id, **goods.properties(quantity), "url": self._shop.address(goods.page)}
        await self._tell("Product Added", what)
        await self._life.pause(5)

    async def _look_at_cart(self) -> None:
        await self._look(self._shop.page("/cart"), 10)
        await self._tell("Cart Viewed", {"cart_id": self._cart_id, "products": self._products()})

    async def _begin_checkout(self) -> None:
        await self._look(self._shop.page("/checkout"), 12)
        order = {"cart_id": self._cart_id, "value": self._sum(), "products": self._products()}
        await self._tell("Checkout Started", order)

    async def _say_who_he_is(self) -> None:
        """As a shop's page does for customers who are signed in."""
        traits = {
            "name": self._person.name,
            "email": self._person.email,
            "phone": self._person.phone,
            "city": self._person.city,
            "birthday": self._person.birthday,
        }
        await self._connection.ask(IdentifyFrame(self._connection.next_id(), traits=traits))
        self._person.is_known = True

    async def _order(self) -> None:
        """Where the back end cannot reach the desk, the order is made all the same."""
        shipping = 0.0 if self._sum() >= FREE_DELIVERY_FROM else DELIVERY_PRICE
        self._person.customer = self._person.customer or f"customer-{self._rng.getrandbits(32):08x}"
        number = f"A{self._rng.randrange(10_000, 99_999)}"
        order = {
            "order_id": number,
            "cart_id": self._cart_id,
            "revenue": self._sum(),
            "shipping": shipping,
            "total": self._sum() + shipping,
            "products": self._products(),
        }
        browser, customer = self._connection.anonymous_id, self._person.customer
        traits = {"name": self._person.name, "email": self._person.email, "city": self._person.city}
        try:
            await self._back_end.identify(browser, customer, traits)
            await self._back_end.track(browser, customer, "Order Completed", order)
        except httpx.HTTPError:
            return
        self._cart.clear()
        self._person.order = number
        await self._life.pause(8)

    async def _tell(self, name: str, properties: dict[str, Any]) -> None:
        now = time.time_ns() // 1_000_000
        await self._connection.ask(
            TrackFrame(self._connection.next_id(), name, properties, at=now, sent_at=now)
        )

    # --- What he has in mind ---

    def _where(self) -> dict[str, str]:
        page = self._page or self._shop.page("/")
        return {"url": self._shop.address(page), "path": page.path}

    def _products(self) -> list[dict[str, Any]]:
        return [goods.properties(quantity) for goods, quantity in self._cart]

    def _sum(self) -> float:
        return sum(goods.price * quantity for goods, quantity in self._cart)

    def _choose_favourite(self) -> Goods:
        others = ("shoes", "bags", "home/lamps", "home")
        section = "dresses" if self._person.character == "browser" else self._rng.choice(others)
        return self._rng.choice(self._shop.in_section(section) or self._shop.goods)

    def _facts(self) -> dict[str, str]:
        return {
            "product": self._favourite.name,
            "colour": self._rng.choice(COLOURS[self._person.language]),
            "size": self._rng.choice(SIZES),
            "city": self._person.city,
            "order": f"A{self._rng.randrange(10_000, 99_999)}",
            "email": self._person.email,
        }
