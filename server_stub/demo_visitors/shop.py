"""The demo shop as its visitors know it: pages with titles, products with prices.

The one place here that knows the shop's catalog and its addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from server_stub.demo_shop import catalog
from server_stub.demo_visitors.words import Language


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the shop: its path with a leading slash, and its title."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as one language shows it, and its page."""

    id: str
    sku: str
    name: str
    section: str
    price: float
    variant: str
    page: Page

    def properties(self, quantity: int = 1) -> dict[str, Any]:
        """Segment's properties of a product."""
        return {
            "product_id": self.id,
            "sku": self.sku,
            "name": self.name,
            "category": self.section,
            "brand": catalog.BRAND,
            "variant": self.variant,
            "price": self.price,
            "quantity": quantity,
        }


_TITLES: dict[Language, dict[str, str]] = {
    "en": {
        "/": "Dresses, shoes and warm light",
        "/catalog": "Catalog",
        "/cart": "Your cart",
        "/checkout": "Checkout",
        "/delivery-and-payment": "Delivery and payment",
        "/blog": "Journal",
        "/review": "How do you like your order?",
        "/booking": "Book a video meeting",
    },
    "ru": {
        "/": "Платья, обувь и тёплый свет",
        "/catalog": "Каталог",
        "/cart": "Корзина",
        "/checkout": "Оформление заказа",
        "/delivery-and-payment": "Доставка и оплата",
        "/blog": "Журнал",
        "/review": "Как вам заказ?",
        "/booking": "Записаться на видеовстречу",
    },
}


class Shop:
    """The shop in one language, at `url` (without a trailing slash)."""

    def __init__(self, url: str, language: Language) -> None:
        self.url = url.rstrip("/")
        self._language: Language = language
        self.goods = tuple(self._goods(product) for product in catalog.PRODUCTS)
        self.sections = tuple(section.path for section in catalog.SECTIONS)

    def page(self, path: str) -> Page:
        """One of the shop's fixed pages: /, /catalog, /cart, /checkout, /delivery-and-payment, /blog, /review,
        /booking."""
        return Page(path, self._titled(_TITLES[self._language][path]))

    def section(self, path: str) -> Page:
        """The page of a section, such as "dresses/evening"."""
        section = catalog.section(path)
        title = section.title.to(self._language) if section else path
        return Page(f"/catalog/{path}", self._titled(title))

    def in_section(self, path: str) -> tuple[Goods, ...]:
        """What the section shows."""
        ids = {product.id for product in catalog.products_of(path)}
        return tuple(goods for goods in self.goods if goods.id in ids)

    def some(self, rng: Random, section: str, most: int) -> list[Goods]:
        """One to `most` different products of a section, as somebody would open them."""
        goods = self.in_section(section) or self.goods
        return rng.sample(goods, k=rng.randint(1, min(most, len(goods))))

    def address(self, page: Page, query: str = "") -> str:
        """The page's full address."""
        return f"{self.url}{page.path}{f'?{query}' if query else ''}"

    def _goods(self, product: catalog.Product) -> Goods:
        name = product.name.to(self._language)
        return Goods(
            id=product.id,
            sku=product.sku,
            name=name,
            section=product.section,
            price=float(product.price),
            variant=product.variant.to(self._language),
            page=Page(f"/product/{product.id}", self._titled(name)),
        )

    def _titled(self, title: str) -> str:
        return f"{title} · {catalog.BRAND}"
