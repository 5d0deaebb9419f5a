"""Whom a preview is shown to where nobody else is named: a visitor with a cart and an order, who has answered before.

So each text of a scenario has something to fill in. Nobody of the shop's is looked up for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios_yaml.engine.state import Cart, CartItem, Dialog, Order, Page, VisitorState, World
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.whole.walking import every_step
from server_stub.protocol import PreviewSample

DAY = 86_400_000
"""Milliseconds."""
GOODS = (("Floor lamp", 79.0), ("Linen shade", 19.5), ("Oak table", 240.0))
"""What is in his cart where the shop has no popular products yet."""
_NAME, _TEXT = "Ann", "a lamp for the kitchen"
_ANSWERS: dict[str, Any] = {"number": 2, "date": "2026-03-14", "rating": 5, "email": "ann@shop.example"}


def sample_visitor(sample: PreviewSample, world: World, now: int) -> VisitorState:
    """What `sample` says of him stands above what he would have otherwise. `now` is in ms."""
    site = str(world.site.get("url", ""))
    items = _goods(world, site)
    cart, total = items[:2], sum(item.price for item in items[:2])
    bought = [{"product_id": item.product_id, "name": item.name, "price": item.price} for item in cart]
    given = {
        "name": _NAME,
        "email": "ann@shop.example",
        "phone": "+1 555 0100",
        "push": True,
        "messenger": "ann",
        "locale": sample.locale or world.locale,
    }
    return VisitorState(
        id="preview",
        properties={**given, **sample.properties},
        visits=3,
        first_visit=now - 30 * DAY,
        last_visit=now,
        page=Page(url=f"{site}/sale", path="/sale", title="Sale", section="sale"),
        cart=Cart("c1", cart, world.currency, total),
        order=Order("10351", total, world.currency, now - DAY, bought),
        orders=1,
        revenue=total,
        viewed=items,
        dialog=Dialog(id="preview"),
    )


def kept_values(scenario: Scenario, coupons: Mapping[str, str]) -> dict[str, Any]:
    """`run.…` as the steps of the scenario would have filled it; `coupons` are the shop's codes by pool."""
    kept: dict[str, Any] = {"path": _TEXT}
    for step in every_step(scenario):
        match step:
            case model.Coupon():
                _keep(kept, step.save_to, coupons.get(step.pool, step.pool.upper()))
            case model.Ask():
                _keep(kept, step.save_to, _ANSWERS.get(step.input, _TEXT))
            case model.Popup():
                for field in step.fields:
                    _keep(kept, field.save_to, _ANSWERS.get(field.input, _TEXT))
    return kept


def _goods(world: World, site: str) -> list[CartItem]:
    popular = world.site.get("popular")
    found = [one for one in popular if isinstance(one, dict)] if isinstance(popular, list) else []
    if len(found) < len(GOODS):
        return [
            CartItem(f"p{number}", name, price, 1, f"{site}/p{number}")
            for number, (name, price) in enumerate(GOODS, start=101)
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
        for one in found[: len(GOODS)]
    ]


def _keep(kept: dict[str, Any], path: str, value: Any) -> None:
    """Sets a path below `run.`; others are the visitor's own."""
    root, _, name = path.partition(".")
    if root == "run" and name and "." not in name:
        kept[name] = value
