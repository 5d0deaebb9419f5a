"""Identifiers: sortable by the time they were made, impossible to guess where they must be."""

from __future__ import annotations

import hashlib
import secrets
import zlib

SHARDS = 64


def new_id(prefix: str, at: int) -> str:
    """An id such as `d_018f3c2a9b7e4c1d2e3f`: the moment (ms) in hex, then 40 random bits."""
    return f"{prefix}_{at:011x}{secrets.token_hex(5)}"


def new_token() -> str:
    """256 random bits, URL-safe: for links and bearer tokens."""
    return secrets.token_urlsafe(32)


def base_of(text: str) -> str:
    """The name of this very text, for whoever wants to replace it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def shard_of(visitor: str) -> int:
    """The visitor's shard, the same on every machine and in every version."""
    return zlib.crc32(visitor.encode()) % SHARDS
