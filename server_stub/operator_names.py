"""What an operator may be called and may be."""

from __future__ import annotations

from server_stub.api.auth import ROLES
from server_stub.work import Rejected

MAX_NAME_CHARS = 80


def checked_name(name: str) -> str:
    """An operator's name without what surrounds it. Raises Rejected."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME_CHARS or not name.isprintable():
        detail = f"A name has 1 to {MAX_NAME_CHARS} printable characters."
        raise Rejected("invalid", detail, field="name")
    return name


def checked_role(role: str) -> str:
    """Raises Rejected for a role that does not exist."""
    if role not in ROLES:
        detail = f"{role[:40]!r} is no role."
        raise Rejected("invalid", detail, field="role", hint=f"One of {', '.join(ROLES)}.")
    return role
