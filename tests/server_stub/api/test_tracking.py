"""Segment's HTTP API over real HTTP, with hand-made calls and with Segment's own library."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from segment.analytics import Client

from server_stub.protocol import Problem

EVENT = {"anonymousId": "a1", "event": "Product Viewed", "properties": {"product_id": "p1", "price": 10}}


class TestACall:
    async def test_is_stored_when_it_is_answered(self, desk: Any) -> None:
        answer = await desk.call("track", EVENT)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        [(entry, event)] = await desk.events("Product Viewed")
        assert event.properties == EVENT["properties"]
        assert entry.visitor

    async def test_takes_the_key_from_the_body(self, desk: Any) -> None:
        answer = await desk.http.post("/v1/track", json={**EVENT, "writeKey": desk.key})
        assert answer.status_code == 200

    async def test_counts_a_message_id_once(self, desk: Any) -> None:
        for _ in range(2):
            assert (await desk.call("track", {**EVENT, "messageId": "m1"})).status_code == 200
        assert len(await desk.events("Product Viewed")) == 1

    async def test_all_kinds_reach_the_visitor_s_card(self, desk: Any) -> None:
        assert (await desk.call("track", EVENT)).status_code == 200
        traits = {"email": "ann@shop.example", "name": "Ann"}
        identify = {"anonymousId": "a1", "userId": "u1", "traits": traits}
        assert (await desk.call("identify", identify)).status_code == 200
        assert (await desk.call("page", {"userId": "u1", "name": "Home"})).status_code == 200
        assert (await desk.call("screen", {"userId": "u1", "name": "Cart"})).status_code == 200
        assert (await desk.call("group", {"userId": "u1", "groupId": "g1"})).status_code == 200
        assert (await desk.call("alias", {"userId": "u1", "previousId": "a0"})).status_code == 200
        [(entry, _)] = await desk.events("Page Viewed")
        card = await desk.get(f"/api/visitors/{entry.visitor}")
        assert (card["name"], card["email"], card["user_id"]) == ("Ann", "ann@shop.example", "u1")
        names = {
            e["what"].get("name")
            for e in (await desk.get(f"/api/visitors/{entry.visitor}/events"))["entries"]
        }
        assert {"Product Viewed", "Page Viewed", "Screen Viewed"} <= names

    async def test_keeps_when_it_happened_and_when_it_came(self, desk: Any) -> None:
        sent = datetime.now(UTC) - timedelta(days=400)
        stamps = {"timestamp": (sent - timedelta(hours=1)).isoformat(), "sentAt": sent.isoformat()}
        await desk.call("track", {**EVENT, **stamps})
        [(entry, event)] = await desk.events("Product Viewed")
        assert event.received_at - entry.at == 3_600_000

    async def test_may_come_from_any_page_of_a_browser(self, desk: Any) -> None:
        asked = await desk.http.options("/v1/track", headers={"Origin": "https://shop.example"})
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == "*"
        assert "authorization" in asked.headers["access-control-allow-headers"]
        beacon = await desk.http.post(
            "/v1/t",
            content=json.dumps({**EVENT, "writeKey": desk.key}),
            headers={"Content-Type": "text/plain"},
        )
        assert beacon.status_code == 200
        assert beacon.headers["access-control-allow-origin"] == "*"

    async def test_only_from_the_shop_s_pages_where_the_settings_say_so(
        self, data: Any, start_desk: Any, problem: Callable[[httpx.Response], Problem]
    ) -> None:
        (data / "settings.toml").write_text('[site]\nallowed_origins = ["https://shop.example"]\n')
        async with start_desk(data) as desk:
            body = {**EVENT, "writeKey": desk.key}
            for origin, status in (("https://shop.example", 200), ("https://evil.example", 403)):
                answer = await desk.http.post("/v1/track", json=body, headers={"Origin": origin})
                assert answer.status_code == status
            assert problem(answer).error == "foreign_origin"


class TestABatch:
    async def test_is_taken_whole_and_once(self, desk: Any) -> None:
        batch = [{**EVENT, "type": "track", "messageId": f"m{i}"} for i in range(50)]
        for _ in range(2):
            assert (await desk.call("batch", {"batch": batch})).status_code == 200
        assert len(await desk.events("Product Viewed")) == 50

    async def test_may_be_gzip(self, desk: Any) -> None:
        body = gzip.compress(json.dumps({"batch": [{**EVENT, "type": "track"}]}).encode())
        answer = await desk.http.post(
            "/v1/import",
            content=body,
            auth=(desk.key, ""),
            headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
        )
        assert answer.status_code == 200
        assert len(await desk.events("Product Viewed")) == 1

    async def test_with_one_bad_message_leaves_nothing(
        self, desk: Any, problem: Callable[[httpx.Response], Problem]
    ) -> None:
        before = await desk.last_seq()
        batch = [{**EVENT, "type": "track"}, {"type": "track", "userId": "u1"}]
        answer = await desk.call("batch", {"batch": batch})
        assert answer.status_code == 400
        assert problem(answer).field == "batch[1].event"
        assert await desk.last_seq() == before

    async def test_of_2500_events_is_taken(self, desk: Any) -> None:
        batch = [{"type": "track", "event": "E", "userId": f"u{i % 100}"} for i in range(2500)]
        assert (await desk.call("batch", {"batch": batch})).status_code == 200
        assert len(await desk.events("E")) == 2500


class TestSegmentsOwnLibrary:
    @pytest.mark.parametrize("zipped", [False, True])
    async def test_reaches_the_card(self, desk: Any, zipped: bool) -> None:
        errors: list[Any] = []

        def shop() -> None:
            client = Client(
                desk.key,
                host=desk.url,
                gzip=zipped,
                max_retries=0,
                on_error=lambda error, _: errors.append(error),
                upload_interval=0.05,
            )
            client.identify("u7", {"email": "bob@shop.example", "name": "Bob"})
            client.track("u7", "Order Completed", {"order_id": "o1", "total": 120.5, "currency": "EUR"})
            client.page("u7", "Docs", "Home", {"url": "https://shop.example/"})
            client.screen("u7", "App", "Cart")
            client.group("u7", "g1", {"name": "Initech"})
            client.alias("before", "u7")
            client.flush()
            client.join()

        await asyncio.to_thread(shop)
        assert errors == []
        [(entry, event)] = await desk.events("Order Completed")
        assert event.properties["total"] == 120.5
        card = await desk.get(f"/api/visitors/{entry.visitor}")
        assert (card["name"], card["email"], card["orders"]) == ("Bob", "bob@shop.example", 1)

    async def test_synchronously_and_twice_counts_once(self, desk: Any) -> None:
        def shop() -> None:
            client = Client(desk.key, host=desk.url, sync_mode=True, max_retries=0)
            for _ in range(2):
                client.track("u8", "Order Completed", {"order_id": "o2"}, message_id="the-same")

        await asyncio.to_thread(shop)
        assert len(await desk.events("Order Completed")) == 1

    async def test_a_wrong_key_is_an_error_of_the_library(self, desk: Any) -> None:
        errors: list[Any] = []

        def shop() -> None:
            client = Client(
                "wrong", host=desk.url, max_retries=0, on_error=lambda error, _: errors.append(error)
            )
            client.track("u9", "Order Completed", {})
            client.flush()
            client.join()

        before = await desk.last_seq()
        await asyncio.to_thread(shop)
        assert errors[0].status == 401
        assert await desk.last_seq() == before
