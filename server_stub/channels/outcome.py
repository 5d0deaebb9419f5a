"""What came of an attempt to send, whatever the channel."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from server_stub.protocol import OutboxStatus


class Attempt(Struct, frozen=True):
    """`status` is what the row is now, as far as this attempt says; with `again` a failed one may be repeated.

    `after` is how long the other side asks to wait (ms); `content` is what was sent, where it is not what was planned.
    """

    status: OutboxStatus
    error: str = ""
    reply: Any = None
    again: bool = False
    after: int = 0
    content: dict[str, Any] | None = None
