"""Popular products, for `product_list: popular` of scenarios: what visitors viewed, added and bought lately.

Each event gives its product points, a purchase more than a look, and points lose half of their weight in a week. They
are counted from committed entries as they come. Now and then they are remembered, with the number of the last entry
that counts, so that a start reads only the few behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, field, json

from scenarios_yaml.language.model import event_key
from server_stub.protocol import Entry, EventHappened
from server_stub.store.base import Store

HALF_LIFE = 7 * 24 * 60 * 60 * 1000
"""Milliseconds."""
POINTS = {"productviewed": 1.0, "productadded": 3.0, "ordercompleted": 5.0}
MOST = 500
"""Products that are counted; the weakest give way."""
SHOWN = 20
"""Products that scenarios can choose from."""
REMEMBER_EVERY = 5000
"""Entries after which the counts are remembered: as many are read at a start."""
RANK_EVERY = 1000
"""Milliseconds: ranking takes a third of one."""
NAME = "popular"
_TEXTS = ("name", "category", "brand", "variant", "url", "image_url", "currency")
_TEXT_CHARS = 500

points_of_event = lru_cache(maxsize=1024)(lambda name: POINTS.get(event_key(name), 0.0))


class Product(Struct, omit_defaults=True):
    """`weight` is in points as of `at` (ms)."""

    weight: float = 0.0
    at: int = 0
    what: dict[str, Any] = field(default_factory=dict)


class _Remembered(Struct):
    seq: int
    products: dict[str, Product]


class Popular:
    """The counts up to entry `seq`."""

    def __init__(self, seq: int = 0, products: dict[str, Product] | None = None) -> None:
        self.seq = seq
        self.remembered = seq
        self._products = products or {}
        self._changed = bool(products)
        self._ranked_at = 0

    @classmethod
    def restored(cls, memory: dict[str, str], store: Store) -> Popular:
        """From what was remembered, and the entries behind it. Raises StoreError."""
        try:
            known = json.decode(memory.get(NAME, "null"), type=_Remembered | None)
        except (DecodeError, ValidationError):  # of another version: counted anew
            known = None
        popular = cls(known.seq, known.products) if known else cls(max(0, store.last_seq() - REMEMBER_EVERY))
        while entries := store.entries(popular.seq, 1000):
            popular.take(entries)
        return popular

    def take(self, entries: Iterable[Entry]) -> None:
        """Count what has been committed."""
        for entry in entries:
            self.seq = entry.seq
            what = entry.what
            if type(what) is EventHappened and (points := points_of_event(what.name)):
                for product in _products(what.properties):
                    self._count(product, points, entry.at)

    def text(self) -> str:
        """What is to be remembered."""
        self.remembered = self.seq
        return json.encode(_Remembered(self.seq, self._products)).decode()

    def news(self, now: int) -> list[dict[str, Any]] | None:
        """As `best`, where that may have changed since the last news and those are RANK_EVERY old; else None."""
        if not self._changed or abs(now - self._ranked_at) < RANK_EVERY:
            return None
        self._changed, self._ranked_at = False, now
        return self.best(now)

    def best(self, now: int) -> list[dict[str, Any]]:
        """The most popular first, as scenarios show them."""
        ranked = sorted(self._products.values(), key=lambda one: (-_weight(one, now), one.what["product_id"]))
        return [product.what for product in ranked[:SHOWN] if product.what.get("name")]

    def _count(self, what: dict[str, Any], points: float, at: int) -> None:
        key = what["product_id"]
        known = self._products.get(key)
        if known is None:
            if len(self._products) >= MOST:
                del self._products[min(self._products, key=lambda one: _weight(self._products[one], at))]
            known = self._products[key] = Product()
        latest = max(known.at, at)
        known.weight = _weight(known, latest) + points * _faded(latest - at)
        known.at = latest
        known.what = {**known.what, **what}
        self._changed = True


def _weight(product: Product, now: int) -> float:
    return product.weight * _faded(now - product.at)


def _faded(age: int) -> float:
    return float(0.5 ** (max(0, age) / HALF_LIFE))


def _products(properties: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The products of an event as far as they are usable: foreign sites send anything."""
    listed = properties.get("products")
    for given in listed[:50] if isinstance(listed, list) else [properties]:
        if not isinstance(given, dict):
            continue
        key = given.get("product_id") or given.get("sku")
        if not isinstance(key, str | int) or not str(key):
            continue
        what: dict[str, Any] = {"product_id": str(key)[:_TEXT_CHARS]}
        for name in _TEXTS:
            value = given.get(name)
            if isinstance(value, str) and value:
                what[name] = value[:_TEXT_CHARS]
        price = given.get("price")
        if isinstance(price, int | float) and not isinstance(price, bool) and 0 <= price < 1e12:
            what["price"] = float(price)
        yield what
