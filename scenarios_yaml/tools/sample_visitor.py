"""Whom a draft is shown to where nobody else is named: a visitor with a cart and an order, who has answered before.

So each text of a scenario has something to fill in, and the terminal and the browser show the same. Nobody of the
shop's is looked up for it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios_yaml.engine.rendering import plain_items
from scenarios_yaml.engine.state import Cart, CartItem, Dialog, Order, Page, VisitorState, World
from scenarios_yaml.language import model
from scenarios_yaml.language.whole.walking import every_step

DAY = 86_400_000
"""Milliseconds."""
GOODS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("Floor lamp", "Lamps"), ("Linen shade", "Shades"), ("Oak table", "Tables")),
    "ru": (("Торшер", "Светильники"), ("Льняной абажур", "Абажуры"), ("Дубовый стол", "Столы")),
}
"""Names and sections of what is in his cart where the shop has no popular products yet."""
PRICES = (79.0, 19.5, 240.0)
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "name": "Ann",
        "text": "a lamp for the kitchen",
        "article": "Five ways to light a room",
        "page": "Sale",
    },
    "ru": {
        "name": "Аня",
        "text": "лампа для кухни",
        "article": "Пять способов осветить комнату",
        "page": "Скидки",
    },
}


def sample_visitor(
    world: World, now: int, language: str, properties: Mapping[str, Any] | None = None
) -> VisitorState:
    """He speaks `language`, and buys what is popular in the shop. `properties` stand above his own; `now` is in ms."""
    words, site = _words(language), str(world.site.get("url", ""))
    items = goods(world, language)
    cart = items[:2]
    total = sum(item.price for item in cart)
    sections = [section for _name, section in GOODS.get(_base(language), GOODS["en"])]
    bought = [
        {**item, "category": section} for item, section in zip(plain_items(cart), sections, strict=False)
    ]
    own = {
        "name": words["name"],
        "email": "ann@shop.example",
        "phone": "+1 555 0100",
        "push": True,
        "messenger": "ann",
        "locale": language,
    }
    return VisitorState(
        id="preview",
        properties={**own, **(properties or {})},
        visits=3,
        first_visit=now - 30 * DAY,
        last_visit=now,
        page=Page(url=f"{site}/sale", path="/sale", title=words["page"], section="sale"),
        cart=Cart("c1", list(cart), world.currency, total),
        order=Order("10351", total, world.currency, now - DAY, bought),
        orders=1,
        revenue=total,
        viewed=list(items),
        dialog=Dialog(id="preview"),
    )


def goods(world: World, language: str) -> list[CartItem]:
    """Three products: the popular ones of the shop, where it has as many."""
    popular = world.site.get("popular")
    found = [one for one in popular if isinstance(one, dict)] if isinstance(popular, list) else []
    if len(found) < len(PRICES):
        site = str(world.site.get("url", ""))
        named = zip(GOODS.get(_base(language), GOODS["en"]), PRICES, strict=True)
        return [
            CartItem(f"p{number}", name, price, 1, f"{site}/p{number}")
            for number, ((name, _section), price) in enumerate(named, start=101)
        ]
    return [
        CartItem(
            str(one.get("product_id", "")),
            str(one.get("name", "")),
            float(one.get("price", 0)),
            1,
            str(one.get("url", "")),
            str(one.get("image_url", "")),
        )
        for one in found[: len(PRICES)]
    ]


def sample_event(world: World, language: str) -> dict[str, Any]:
    """Properties of the event that has started the scenario."""
    words, first = _words(language), goods(world, language)[0]
    return {
        "title": words["article"],
        "url": f"{world.site.get('url', '')}/blog/light",
        "text": words["text"],
        "name": first.name,
        "price": first.price,
    }


def started_by(scenario: model.Scenario) -> str:
    """The event that starts the scenario, else that of a visit."""
    return next((one.event for one in scenario.trigger if isinstance(one, model.OnEvent)), "Session Started")


def kept_values(
    scenario: model.Scenario, world: World, language: str, coupons: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """`run.…` as the steps of the scenario would have filled it by the time that a text asks for it; `coupons` are the
    shop's codes by pool.
    """
    text = _words(language)["text"]
    kept: dict[str, Any] = {"path": text}
    for step in every_step(scenario):
        match step:
            case model.Coupon():
                _keep(kept, step.save_to, (coupons or {}).get(step.pool, step.pool.upper()))
            case model.Ask():
                _keep(kept, step.save_to, _answer(step.input, text))
            case model.Popup():
                for field in step.fields:
                    _keep(kept, field.save_to, _answer(field.input, text))
            case model.Webhook() if step.save_to:
                _keep(kept, step.save_to, {"order_id": "10352", "total": 98.5})
            case model.ProductList():
                kept["products"] = plain_items(goods(world, language))[: step.limit]
    return kept


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(_base(language), _WORDS["en"])


def _base(language: str) -> str:
    """`ru` of `ru-RU`."""
    return language.partition("-")[0]


def _answer(kind: model.InputKind, text: str) -> Any:
    known: dict[str, Any] = {"number": 2, "date": "2026-03-14", "rating": 5, "email": "ann@shop.example"}
    return known.get(kind, text)


def _keep(kept: dict[str, Any], path: str, value: Any) -> None:
    """Sets a path below `run.` in what the run keeps; others are the visitor's own."""
    root, _, rest = path.partition(".")
    if root != "run" or not rest:
        return
    *above, last = rest.split(".")
    for part in above:
        deeper = kept.setdefault(part, {})
        if not isinstance(deeper, dict):
            return
        kept = deeper
    kept[last] = value
