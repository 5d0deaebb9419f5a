"""What an operator may write into a visitor's card: properties and tags, checked as they come in."""

from __future__ import annotations

import re
from typing import Any

from server_stub.desk import conversations
from server_stub.work import Rejected

MAX_PROPERTY_CHARS = 2000
_EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;.]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]+")


def is_email(text: str) -> bool:
    """Whether it can be an address: one mailbox, one domain with a dot, nothing that ends a header."""
    return _EMAIL.fullmatch(text) is not None


def checked_property(name: str, value: Any) -> Any:
    """A property as it is kept: raw, but trimmed. Raises Rejected for an email or phone that cannot be one."""
    place = f"properties.{name}"
    if not name or len(name) > conversations.MAX_TAG_CHARS or "." in name:
        raise Rejected("invalid", "This cannot be a property's name.", field=place)
    if isinstance(value, str):
        value = value.strip() or None
    if value is None:
        return None
    if name in ("name", "email", "phone") and not isinstance(value, str):
        raise Rejected("invalid", f"{name} is a text.", field=place)
    if isinstance(value, str) and len(value) > MAX_PROPERTY_CHARS:
        raise Rejected("too_long", f"At most {MAX_PROPERTY_CHARS} characters are possible.", field=place)
    if name == "email" and not is_email(value):
        raise Rejected("invalid", "This is no email address.", field=place, hint="name@example.com")
    if name == "phone" and not (_PHONE.fullmatch(value) and 5 <= len(re.sub(r"\D", "", value)) <= 16):
        raise Rejected("invalid", "This is no phone number.", field=place, hint="+49 30 1234567")
    return value


def checked_tags(tags: tuple[str, ...], field: str) -> tuple[str, ...]:
    """Tags as they are kept: trimmed. Raises Rejected, naming `field`, for one that is empty or too long."""
    trimmed = tuple(tag.strip() for tag in tags)
    for tag in trimmed:
        if not tag or len(tag) > conversations.MAX_TAG_CHARS:
            detail = f"A tag has 1 to {conversations.MAX_TAG_CHARS} characters."
            raise Rejected("invalid", detail, field=field)
    return trimmed
