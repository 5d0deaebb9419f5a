"""A real server, and a marketer who makes previews on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest_asyncio

from server_stub.protocol import Preview
from server_stub.serve import Server

NOW = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""

DRAFT = """\
scenario: exit-promo
title: Promo code on exit
trigger:
  - event: Exit Intent
audience:
  - email is unknown
steps:
  - id: offer
    popup:
      size: large
      title: Wait! 10% off
      text: "{{ visitor.name }}, leave your email."
      fields:
        - {input: email, label: Email, save_to: visitor.email, required: true}
      button: {label: Get my code}
    timeout: 30m
    on_submit:
      - id: code
        coupon: {pool: first-order-10, save_to: run.code}
  - id: question
    say: What are you looking for?
    timeout: 1h
    options:
      - label: Lamps
        jump: thanks
      - label: Tables
        steps:
          - id: thanks
            say: "Your code: {{ run.code }}"
  - id: letter
    email: {subject: "{{ visitor.name }}, your code", body: "It is **{{ run.code }}**.", preheader: Until Sunday}
  - id: note
    push: {title: Sale, text: "Only <b>today</b>", link: "https://shop.example/sale"}
  - id: pause
    wait: 1d
"""


class Desk:
    """The server's clock stands where a test puts it."""

    def __init__(self, data: Path) -> None:
        self.now = NOW
        self.data = data
        self.server = Server(data, port=0, clock=lambda: self.now, log_bytes=0)
        self.http: httpx.AsyncClient

    async def start(self) -> None:
        await self.server.start()
        self.url = self.server.url
        self.auth = {"Authorization": f"Bearer {self.server.operator_token}"}
        self.http = httpx.AsyncClient(base_url=self.url, timeout=10, trust_env=False, verify=False)

    async def stop(self) -> None:
        await self.http.aclose()
        await self.server.stop()

    async def asks(self, step: str, text: str = DRAFT, preview: str = "", **sample: Any) -> httpx.Response:
        """Make a preview, or change one."""
        body = {"text": text, "step": step, "sample": sample}
        method, path = ("PUT", f"/api/previews/{preview}") if preview else ("POST", "/api/previews")
        return await self.http.request(method, path, json=body, headers=self.auth)

    async def previews(self, step: str, text: str = DRAFT, preview: str = "", **sample: Any) -> Preview:
        answer = await self.asks(step, text, preview, **sample)
        assert answer.status_code == (200 if preview else 201), answer.text
        return msgspec.json.decode(answer.content, type=Preview)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "data")
    await desk.start()
    yield desk
    await desk.stop()
