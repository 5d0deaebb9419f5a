"""Who calls: operators by their bearer tokens. Only the tokens' SHA-256 is known here, as in the store."""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from server_stub.protocol import Role
from server_stub.store.base import OperatorRow
from server_stub.work import Rejected

ROLES: tuple[Role, ...] = ("owner", "admin", "marketer", "operator")
"""What operators may be. What each may do beyond the one behind it stands in protocol.Role."""
_RANKS = {"operator": 0, "marketer": 1, "admin": 2, "owner": 2}


class HasOperators(Protocol):
    def operators(self) -> list[OperatorRow]: ...


def hash_of(token: str) -> str:
    """As the store keeps a token. It has 256 random bits: a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()


class OperatorDirectory:
    """Operators by token and id, read from the store once and again after every change."""

    def __init__(self, store: HasOperators) -> None:
        self._store = store
        self._rows: list[OperatorRow] = []
        self.refresh()

    def refresh(self) -> None:
        self._rows = [row for row in self._store.operators() if not row.removed]

    def all(self) -> list[OperatorRow]:
        return list(self._rows)

    def get(self, operator: str) -> OperatorRow | None:
        return next((row for row in self._rows if row.id == operator), None)

    def by_authorization(self, authorization: str) -> OperatorRow:
        """The operator of an Authorization header. Raises Rejected (401)."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            hint = "Send `Authorization: Bearer TOKEN`; `operator-console operators add NAME` makes a token."
            raise Rejected("no_token", "A bearer token is missing.", status=401, hint=hint)
        digest = hash_of(token.strip()).encode()
        # All are compared, each in constant time: how long it takes tells nothing.
        found = [row for row in self._rows if hmac.compare_digest(row.token_hash.encode(), digest)]
        if not found:
            detail = "This token belongs to no operator of this desk."
            raise Rejected("wrong_token", detail, status=401, hint="Ask the owner for a new one.")
        return found[0]


def has_role(operator: OperatorRow, role: Role) -> bool:
    """Whether he may do what this role may. A role that is not known may do nothing beyond an operator's."""
    return _RANKS.get(operator.role, 0) >= _RANKS[role]


def require_role(operator: OperatorRow, role: Role) -> None:
    """Raises Rejected (403) for those who may not do what this role may."""
    if not has_role(operator, role):
        able = " or ".join(one for one in reversed(ROLES) if _RANKS[one] >= _RANKS[role])
        detail = f"This is for {able}; your role is {operator.role}."
        raise Rejected("forbidden", detail, status=403, hint="Ask the owner or an admin.")
