"""Operators of a data folder: added, listed and removed, whether its server runs or not.

Where one runs, it is asked over its own API with the owner's token; else the database is opened. A token is
returned once and is nowhere else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from server_stub.api.auth import hash_of
from server_stub.data_folder import DataFolder, write_private
from server_stub.ids import new_id, new_token
from server_stub.operator_names import checked_name, checked_role
from server_stub.protocol import Entry, Operator, OperatorChanged, OperatorToken, Problem
from server_stub.store.base import Batch, OperatorRow, Store, StoreError
from server_stub.work import Rejected

OWNER_NAME = "Owner"


def add_operator(data: Path, name: str, role: str = "operator") -> str:
    """Add an operator and return his token. Raises Rejected, StoreError and OSError."""
    name, role = checked_name(name), checked_role(role)
    folder = DataFolder(data)
    with _store_of(folder) as store:
        if store is not None:
            return _add(store, name, role)
    body = msgspec.json.encode({"name": name, "role": role})
    answer = _ask(folder, "POST", "/api/operators", body)
    return msgspec.json.decode(answer, type=OperatorToken).token


def list_operators(data: Path) -> list[Operator]:
    """Everybody who has a token, in the order in which they were added. Raises Rejected, StoreError and OSError."""
    folder = DataFolder(data)
    with _store_of(folder) as store:
        if store is not None:
            counts = store.open_counts()
            return [
                Operator(row.id, row.name, row.role, away=row.away, dialogs=counts.get(row.id, 0))
                for row in _present(store)
            ]
    return msgspec.json.decode(_ask(folder, "GET", "/api/operators"), type=list[Operator])


def remove_operator(data: Path, id_or_name: str) -> bool:
    """End an operator's token; False where there is no such operator.

    Raises Rejected for the owner, and where several bear the name; StoreError and OSError.
    """
    folder = DataFolder(data)
    found = [one for one in list_operators(data) if id_or_name in (one.id, one.name)]
    if not found:
        return False
    if len(found) > 1:
        raise Rejected("conflict", f"Several operators are called {id_or_name}.", hint="Give the id.")
    if found[0].role == "owner":
        raise Rejected("forbidden", "The owner cannot be removed.", status=403)
    with _store_of(folder) as store:
        if store is not None:
            row = next(row for row in _present(store) if row.id == found[0].id)
            _write(store, msgspec.structs.replace(row, removed=True))
            return True
    _ask(folder, "DELETE", f"/api/operators/{found[0].id}")
    return True


def ensure_owner(folder: DataFolder, store: Store) -> str:
    """The owner's token; on the first start he is added, and his token kept in `owner_token` (0600)."""
    if folder.owner_token.exists():
        token = folder.owner_token.read_text(encoding="utf-8").strip()
        if any(row.token_hash == hash_of(token) for row in _present(store)):
            return token
        # A new database with an old token, or the other way round: the token becomes an owner's again.
        _write(store, _row(OWNER_NAME, "owner", token))
        return token
    token = new_token()
    _write(store, _row(OWNER_NAME, "owner", token))
    write_private(folder.owner_token, token)
    return token


# --- With the database in hand --------------------------------------------------------------------


@contextmanager
def _store_of(folder: DataFolder) -> Iterator[Store | None]:
    """The store, or None where a running server has it. Raises StoreError where it has it and cannot be asked."""
    from server_stub.store.sqlite import SqliteStore

    try:
        store = SqliteStore(folder.database)
    except StoreError:
        if _server(folder) is None:
            raise
        yield None
        return
    try:
        yield store
    finally:
        store.close()


def _add(store: Store, name: str, role: str) -> str:
    if any(row.name == name for row in _present(store)):
        raise Rejected("conflict", f"There is an operator called {name} already.", status=409, field="name")
    token = new_token()
    _write(store, _row(name, role, token))
    return token


def _row(name: str, role: str, token: str) -> OperatorRow:
    at = _now()
    return OperatorRow(new_id("o", at), name, role, hash_of(token), at)


def _write(store: Store, row: OperatorRow) -> None:
    """The row and its journal entry, in one commit."""
    what = OperatorChanged(row.id, row.name, row.role, removed=row.removed)
    entry = Entry(store.last_seq() + 1, _now(), what)
    store.commit(Batch(entries=[entry], operators={row.id: row}))


def _present(store: Store) -> list[OperatorRow]:
    return [row for row in store.operators() if not row.removed]


def _now() -> int:
    return time.time_ns() // 1_000_000


# --- With a server that has it --------------------------------------------------------------------


def _server(folder: DataFolder) -> dict[str, Any] | None:
    """What `console.json` says of the running server."""
    try:
        found = msgspec.json.decode(folder.console.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        return None
    return found if isinstance(found.get("url"), str) and isinstance(found.get("token"), str) else None


def _ask(folder: DataFolder, method: str, path: str, body: bytes | None = None) -> bytes:
    """Raises Rejected with the server's own Problem, and StoreError where it does not answer."""
    import httpx

    server = _server(folder)
    if server is None:
        raise StoreError(f"The data folder {folder.root} is in use, and nothing says by which server.")
    headers = {"Authorization": f"Bearer {server['token']}", "Content-Type": "application/json"}
    try:
        answer = httpx.request(
            method, server["url"] + path, content=body, headers=headers, timeout=10, trust_env=False
        )
    except httpx.HTTPError as error:
        raise StoreError(f"The server at {server['url']} does not answer: {error}.") from error
    if answer.status_code >= 400:
        try:
            problem = msgspec.json.decode(answer.content, type=Problem)
        except msgspec.DecodeError:
            problem = Problem("refused", f"The server answered with status {answer.status_code}.")
        raise Rejected(
            problem.error,
            problem.detail,
            status=answer.status_code,
            field=problem.field,
            hint=problem.hint,
        )
    return answer.content
