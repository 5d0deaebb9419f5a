"""GET /api/visitors: the live list of who is on the site now, and the search among all who ever came."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import msgspec

from server_stub.protocol import Ack, VisitorPage, VisitorPresence

SHOP = "https://shop.example"


async def visitors(desk: Any, **query: Any) -> VisitorPage:
    return msgspec.convert(await desk.get("/api/visitors", **query), VisitorPage)


async def names(desk: Any, **query: Any) -> list[str]:
    return [brief.name for brief in (await visitors(desk, **query)).visitors]


async def look(widget: Any, path: str, name: str) -> None:
    """A page of the shop is opened, by somebody of that name."""
    await widget.until(Ack, id=await widget.say("identify", traits={"name": name}))
    page = {"url": SHOP + path, "title": path.strip("/").title() or "Home"}
    await widget.until(Ack, id=await widget.say("track", name="Page Viewed", properties=page))


class TestVisitorsOnTheSiteNow:
    async def test_page_cart_and_dialog_are_in_the_line(self, desk: Any) -> None:
        async with desk.widget() as widget:
            await look(widget, "/catalog/lamps", "Ann")
            lamp = {"product_id": "p1", "name": "Lamp", "price": 20, "quantity": 2, "currency": "EUR"}
            await widget.until(Ack, id=await widget.say("track", name="Product Added", properties=lamp))
            written = await widget.until(Ack, id=await widget.say("write", text="Is it bright?"))
            page = await visitors(desk, online="true")
        (ann,) = page.visitors
        assert (page.total, page.cursor) == (1, "")
        assert (ann.name, ann.online, ann.visits, ann.channel) == ("Ann", True, 1, "direct")
        assert (ann.page.url, ann.page.title, ann.page.section) == (
            f"{SHOP}/catalog/lamps",
            "Catalog/Lamps",
            "lamps",
        )
        assert (ann.cart_items, ann.cart_total, ann.currency) == (2, 40.0, "EUR")
        assert ann.dialog == written.message.dialog
        assert 0 < ann.since <= ann.last_at

    async def test_who_came_last_is_first_and_pages_follow_each_other(self, desk: Any) -> None:
        async with contextlib.AsyncExitStack() as open_pages:
            for number in range(5):
                await look(await open_pages.enter_async_context(desk.widget()), "/", f"Guest {number}")
            seen, cursor = [], ""
            while page := await visitors(desk, online="true", limit=2, cursor=cursor):
                seen += [brief.name for brief in page.visitors]
                assert page.total == 5
                if not (cursor := page.cursor):
                    break
        assert seen == [f"Guest {number}" for number in (4, 3, 2, 1, 0)]

    async def test_they_are_searched_as_well(self, desk: Any) -> None:
        async with desk.widget(traits={"phone": "+49 30 12"}) as one, desk.widget() as other:
            await look(one, "/", "Ann Smith")
            await look(other, "/", "Bob Smith")
            assert await names(desk, online="true", q="smi ann") == ["Ann Smith"]
            assert await names(desk, online="true", q="4930") == ["Ann Smith"]
            assert await names(desk, online="true", q="nobody") == []

    async def test_who_has_gone_leaves_the_list(self, data: Path, start_desk: Any) -> None:
        (data / "settings.toml").write_text("[chat]\npresence_grace = 50\n")
        async with start_desk(data) as desk, desk.stream() as stream:
            async with desk.widget() as widget:
                await look(widget, "/", "Ann")
                assert await names(desk, online="true") == ["Ann"]
            await stream.until(VisitorPresence, online=False)
            assert await names(desk, online="true") == []


class TestAllVisitors:
    async def test_the_search_finds_those_who_are_long_gone(self, desk: Any) -> None:
        for user, name in (("u1", "Ann Smith"), ("u2", "Bob Smith")):
            traits = {"name": name, "email": f"{user}@example.com"}
            await desk.call("identify", {"userId": user, "traits": traits})
        page = await visitors(desk, q="u2@example")
        assert [(brief.name, brief.email, brief.online) for brief in page.visitors] == [
            ("Bob Smith", "u2@example.com", False)
        ]
        assert page.total == 1
        assert sorted(await names(desk, q="smith")) == ["Ann Smith", "Bob Smith"]

    async def test_only_the_blocked_ones(self, desk: Any) -> None:
        for user in ("u1", "u2"):
            await desk.call("identify", {"userId": user, "traits": {"name": user}})
        (one,) = (await visitors(desk, q="u1")).visitors
        answer = await desk.http.patch(f"/api/visitors/{one.id}", json={"blocked": True}, headers=desk.auth)
        assert answer.json()["blocked"]
        assert await names(desk, blocked="true") == ["u1"]

    async def test_a_cursor_that_is_none_is_named(self, desk: Any, problem: Any) -> None:
        for online in ("true", "false"):
            answer = await desk.http.get(
                "/api/visitors", params={"online": online, "cursor": "what?"}, headers=desk.auth
            )
            assert (answer.status_code, problem(answer).field) == (400, "cursor")
