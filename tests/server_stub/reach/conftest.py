"""A server on which a month of a small shop has happened, told by its own back end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from server_stub.protocol import ReachLine
from server_stub.serve import Server

DAY = 86_400_000
NOW = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""

DRAFT = """\
scenario: cart-letter
title: Letter
status: draft
trigger:
  - event: Product Added
audience:
  - email is known
  - cart.total > 50
exit:
  - tagged done
goal: {event: Order Completed, within: 7d}
steps:
  - wait: 1h
  - id: letter
    email: {subject: "{{ visitor.name }}, your cart is waiting", body: Hello}
"""


class Shop:
    """A server whose clock stands where a test puts it."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW - 10 * DAY
        self.server = Server(folder, port=0, clock=lambda: self.now, log_bytes=0)
        self.http: httpx.AsyncClient

    async def start(self) -> None:
        await self.server.start()
        self.http = httpx.AsyncClient(base_url=self.server.url, timeout=30, trust_env=False, verify=False)
        self.auth = {"Authorization": f"Bearer {self.server.operator_token}"}

    async def stop(self) -> None:
        await self.http.aclose()
        await self.server.stop()

    async def call(self, kind: str, **body: Any) -> None:
        key = (self.server.write_key, "")
        answer = await self.http.post(f"/v1/{kind}", json=body, auth=key)
        assert answer.status_code == 200, answer.text

    async def adds(self, user: str, price: float, email: str = "") -> None:
        if email:
            await self.call("identify", userId=user, traits={"email": email, "name": user})
        product = {"product_id": "p1", "name": "Lamp", "price": price, "quantity": 1}
        await self.call("track", userId=user, event="Product Added", properties=product)

    async def lines(self, text: str, **more: Any) -> list[Any]:
        body = {"text": text, **more}
        answer = await self.http.post("/api/reach", json=body, headers=self.auth)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/x-ndjson"
        return [msgspec.json.decode(line, type=ReachLine) for line in answer.content.splitlines()]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path / "data")
    await shop.start()
    yield shop
    await shop.stop()


@pytest.fixture
async def busy_shop(shop: Shop) -> Shop:
    """Ten days ago five people filled their carts, and one of them bought; since then nothing has happened."""
    await shop.adds("ann", 100, "ann@shop.example")
    await shop.adds("bob", 20, "bob@shop.example")
    await shop.adds("cid", 100)
    await shop.adds("dan", 300, "dan@shop.example")
    await shop.adds("eve", 400, "eve@shop.example")
    shop.now += DAY
    order = {"order_id": "o1", "total": 300}
    await shop.call("track", userId="dan", event="Order Completed", properties=order)
    shop.now = NOW
    return shop


@pytest.fixture
def draft() -> str:
    return DRAFT


@pytest.fixture
def children() -> Callable[[], list[int]]:
    """The processes of this server that work out an answer now."""

    def found() -> list[int]:
        numbers = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command, status = (process / "cmdline").read_bytes(), (process / "stat").read_text()
            except OSError:  # it has ended
                continue
            state, parent = status.rpartition(")")[2].split()[:2]
            if b"server_stub.reach.child" in command and int(parent) == os.getpid() and state != "Z":
                numbers.append(int(process.name))
        return numbers

    return found
