"""What people do in the shop beside shopping: notifications, the newsletter, a review, a meeting with the stylist.

Scenarios listen to these, so that a demo in which nobody did them would show half of the product.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx

from server_stub.demo_shop import texts
from server_stub.demo_visitors.backend import BackEnd
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.people import Person
from server_stub.demo_visitors.shop import Page, Shop

Tell: TypeAlias = Callable[[str, dict[str, Any]], Awaitable[None]]
"""An event's name and properties."""
Look: TypeAlias = Callable[[Page, float, str], Awaitable[None]]
"""A page, the seconds that it is read, and what its address asks for (`order=A1&score=5`)."""

ALLOWS_NOTIFICATIONS = 0.35
WANTS_LETTERS = 0.25
REVIEWS = 0.5
BOOKS = 0.4
HEARS_OF_ARTICLES = 0.3
SCORES = (5, 5, 5, 4, 4, 3, 2)
"""Most are content."""


class Asides:
    """One visitor's asides during one visit. `tell` and `look` are the visit's own."""

    def __init__(self, person: Person, life: Life, shop: Shop, tell: Tell, look: Look) -> None:
        self._person = person
        self._life = life
        self._shop = shop
        self._tell = tell
        self._look = look

    async def at_the_blog(self) -> None:
        """Readers allow notifications, and subscribe to the newsletter, now and then."""
        if not self._person.allows_push and self._life.chance(ALLOWS_NOTIFICATIONS):
            self._person.allows_push = True
            await self._tell("Push Subscribed", {})
        if self._life.chance(WANTS_LETTERS):
            await self._tell("Subscribed", {"list": "newsletter", "email": self._person.email})

    async def review_his_order(self) -> None:
        """Who comes back after an order may come by the link in the letter."""
        order, self._person.order = self._person.order, ""
        if not order or not self._life.chance(REVIEWS):
            return
        score = self._life.rng.choice(SCORES)
        await self._look(self._shop.page("/review"), 12, f"order={order}&score={score}")
        review = {"review_id": f"review_{order}", "order_id": order, "rating": score}
        await self._tell("Product Reviewed", review)

    async def hear_of_an_article(self, back_end: BackEnd, browser: str) -> None:
        """The shop's blog tells the desk of a new article, for each who allowed notifications."""
        if not self._person.allows_push or not self._life.chance(HEARS_OF_ARTICLES):
            return
        article = self._life.rng.choice(texts.ARTICLES)
        about = {
            "title": article.title.to(self._person.language),
            "url": f"{self._shop.url}/blog/{article.slug}",
        }
        try:
            await back_end.track(browser, self._person.customer, "Article Published", about)
        except httpx.HTTPError:
            return  # the article is there all the same

    async def book_a_meeting(self) -> None:
        """A quarter of an hour with the stylist, by video."""
        if not self._life.chance(BOOKS):
            return
        await self._look(self._shop.page("/booking"), 15, "")
        starts_at = datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0) + timedelta(days=1)
        await self._tell("Meeting Booked", {"kind": "video", "starts_at": starts_at.isoformat()})
