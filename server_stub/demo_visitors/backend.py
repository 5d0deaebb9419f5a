"""The shop's back end: it tells the desk about orders by Segment's HTTP API, as any shop system would."""

from __future__ import annotations

import uuid
from typing import Any

import httpx


class BackEnd:
    """Calls `url` with the shop's write key. `pause` is awaited between attempts."""

    def __init__(self, url: str, key: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, auth=(key, ""), timeout=10, trust_env=False)

    async def identify(self, anonymous_id: str, customer: str, traits: dict[str, Any]) -> None:
        """Say that this browser is that customer. Raises httpx.HTTPError."""
        await self._call("identify", {"anonymousId": anonymous_id, "userId": customer, "traits": traits})

    async def track(self, anonymous_id: str, customer: str, event: str, properties: dict[str, Any]) -> None:
        """Report what happened to the customer; an empty one has no number yet. Raises httpx.HTTPError."""
        who = {"anonymousId": anonymous_id} | ({"userId": customer} if customer else {})
        await self._call("track", {**who, "event": event, "properties": properties})

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, kind: str, body: dict[str, Any]) -> None:
        # The messageId makes a repeat count once.
        answer = await self._http.post(f"/v1/{kind}", json={**body, "messageId": uuid.uuid4().hex})
        answer.raise_for_status()
