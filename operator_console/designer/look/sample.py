"""Whom a preview is shown to: a sample visitor of the shop, with a cart, an order and what the steps themselves keep.

So each text of a scenario has something to fill in. Nobody of the shop's is looked up for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operator_console.inbox.times import DAY
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import plain_items
from scenarios_yaml.engine.state import Cart, CartItem, Dialog, Order, Page, Run, VisitorState, World
from scenarios_yaml.language import model
from scenarios_yaml.language.tree import all_steps

_GOODS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("Floor lamp", "Lamps"), ("Linen shade", "Shades"), ("Oak table", "Tables")),
    "ru": (("Торшер", "Светильники"), ("Льняной абажур", "Абажуры"), ("Дубовый стол", "Столы")),
}
_PRICES = (79.0, 19.5, 240.0)
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


class Sample:
    """The sample visitor in a shop: `language` is his, `site` what texts may say of the shop (name, url)."""

    def __init__(self, language: str, site: Mapping[str, Any], *, now: int, currency: str = "EUR") -> None:
        self.language = language
        self.now = now
        self._words = _WORDS.get(language, _WORDS["en"])
        self._site = {"name": "", "url": "", **site}
        self._items = self._goods()
        self.world = World(
            operators_online=1,
            locale=language,
            currency=currency,
            site={"popular": plain_items(self._items), **self._site},
        )

    def scope(self, scenario: model.Scenario) -> Scope:
        """What texts of the scenario see of him."""
        program = Program(scenario)
        run = Run(
            id="preview",
            scenario=scenario.slug,
            version=scenario.version,
            started_at=self.now,
            trigger={"name": _event_of(scenario), "properties": self._event(), "at": self.now},
            values=self._kept(scenario),
        )
        return Scope(self._visitor(), self.world, self.now, program, run)

    def _goods(self) -> list[CartItem]:
        named = zip(_GOODS.get(self.language, _GOODS["en"]), _PRICES, strict=True)
        url = self._site["url"]
        return [
            CartItem(f"p{number}", name, price, 1, f"{url}/p{number}")
            for number, ((name, _section), price) in enumerate(named, start=101)
        ]

    def _visitor(self) -> VisitorState:
        cart, ordered = self._items[:2], plain_items(self._items[:2])
        sections = [section for _name, section in _GOODS.get(self.language, _GOODS["en"])]
        products = [{**item, "category": section} for item, section in zip(ordered, sections, strict=False)]
        total = sum(item.price for item in cart)
        currency = self.world.currency
        return VisitorState(
            id="preview",
            properties={
                "name": self._words["name"],
                "email": "ann@shop.example",
                "phone": "+1 555 0100",
                "locale": self.language,
            },
            visits=3,
            first_visit=self.now - 30 * DAY,
            last_visit=self.now,
            page=Page(
                url=f"{self._site['url']}/sale", path="/sale", title=self._words["page"], section="sale"
            ),
            cart=Cart("c1", list(cart), currency, total),
            order=Order("10351", total, currency, self.now - DAY, products),
            orders=1,
            revenue=total,
            viewed=list(self._items),
            dialog=Dialog(id="preview"),
        )

    def _event(self) -> dict[str, Any]:
        return {
            "title": self._words["article"],
            "url": f"{self._site['url']}/blog/light",
            "text": self._words["text"],
            "name": self._items[0].name,
            "price": self._items[0].price,
        }

    def _kept(self, scenario: model.Scenario) -> dict[str, Any]:
        """What the steps would have kept in the run by the time that a text asks for it."""
        kept: dict[str, Any] = {"path": self._words["text"]}
        for step in all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)]):
            match step:
                case model.Coupon():
                    _keep(kept, step.save_to, step.pool.upper())
                case model.Ask():
                    _keep(kept, step.save_to, self._answer(step.input))
                case model.Popup():
                    for field in step.fields:
                        _keep(kept, field.save_to, self._answer(field.input))
                case model.Webhook() if step.save_to:
                    _keep(kept, step.save_to, {"order_id": "10352", "total": 98.5})
                case model.ProductList():
                    kept["products"] = plain_items(self._items)[: step.limit]
        return kept

    def _answer(self, kind: model.InputKind) -> Any:
        return {"number": 2, "date": "2026-03-14", "rating": 5}.get(kind, self._words["text"])


def _keep(kept: dict[str, Any], path: str, value: Any) -> None:
    """Sets a path below `run.` in what the run keeps."""
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


def _event_of(scenario: model.Scenario) -> str:
    """The event that starts the scenario, else that of a visit."""
    return next((one.event for one in scenario.trigger if isinstance(one, model.OnEvent)), "Session Started")
