"""Popular products: what visitors looked at, added and bought lately."""

from __future__ import annotations

from server_stub.desk import desk as desk_module

DAY = 86_400_000


def names(shop) -> list[str]:
    """The most popular first, as scenarios are told."""
    shop.desk.card(shop.visitor())
    return [product["name"] for product in shop.desk.world().site.get("popular", [])]


async def saw(shop, name: str, event: str = "Product Viewed", **more) -> None:
    shop.now += 1000
    await shop.track(event, properties={"product_id": name.lower(), "name": name, "price": 5, **more})
    shop.now += 1000


class TestPopular:
    async def test_a_purchase_counts_more_than_looks(self, shop) -> None:
        for _ in range(3):
            await saw(shop, "Lamp")
        await saw(shop, "Vase", "Product Added")
        await saw(shop, "Vase")
        products = [{"product_id": "rug", "name": "Rug"}, {"product_id": "vase"}]
        await shop.track("Order Completed", properties={"order_id": "o1", "products": products})
        shop.now += 2000
        assert names(shop) == ["Vase", "Rug", "Lamp"]

    async def test_what_was_popular_once_gives_way(self, shop) -> None:
        for _ in range(5):
            await saw(shop, "Lamp")
        shop.now += 30 * DAY
        await saw(shop, "Vase")
        assert names(shop) == ["Vase", "Lamp"]

    async def test_it_survives_a_restart(self, shop, monkeypatch) -> None:
        monkeypatch.setattr(desk_module, "REMEMBER_EVERY", 4)
        for _ in range(3):
            await saw(shop, "Lamp")
        await saw(shop, "Vase")
        assert "popular" in shop.store.memory()
        await saw(shop, "Vase", "Product Added")
        await shop.restart()
        shop.now += 2000
        assert names(shop) == ["Vase", "Lamp"]

    async def test_foreign_products_are_taken_as_far_as_they_are_usable(self, shop) -> None:
        for properties in (
            {},
            {"products": "all"},
            {"products": [None, {"name": "No id"}]},
            {"product_id": []},
        ):
            await shop.track("Order Completed", properties=properties)
        await saw(shop, "Lamp", price="much", url=7, image_url="https://shop.example/1.png")
        assert names(shop) == ["Lamp"]
        (lamp,) = shop.desk.world().site["popular"]
        assert lamp == {"product_id": "lamp", "name": "Lamp", "image_url": "https://shop.example/1.png"}

    async def test_operators_who_come_leave_it_there(self, shop) -> None:
        await saw(shop, "Lamp")
        names(shop)
        await shop.hire()
        await shop.come()
        assert shop.desk.world().operators_online == 1
        assert names(shop) == ["Lamp"]
