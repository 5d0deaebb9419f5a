"""Stored files become part of a message: each of one, and only of its author's."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from server_stub.desk.transaction import Transaction
from server_stub.ids import new_token
from server_stub.protocol import AuthorKind, FileRef
from server_stub.work import Rejected


def attach(tx: Transaction, files: Iterable[str], by: AuthorKind, message: str) -> tuple[FileRef, ...]:
    """Make stored files part of a message. Raises Rejected where one is unknown, another's, or sent already."""
    refs = []
    for file in dict.fromkeys(files):
        row = tx.file(file)
        if row is None or row.by != by or row.message:
            detail = "This file has been sent already." if row and row.message else "There is no such file."
            raise Rejected("not_found", detail, status=404, field="files")
        tx.mine.files[file] = replace(row, message=message)
        refs.append(row.ref)
    return tuple(refs)


def release(tx: Transaction, files: Iterable[FileRef]) -> None:
    """The message that was to carry them is not sent: another one may."""
    for ref in files:
        row = tx.file(ref.id)
        if row is not None:
            tx.mine.files[ref.id] = replace(row, message="")


def withdraw(tx: Transaction, files: Iterable[FileRef]) -> None:
    """Their message was taken away: whoever has the link finds nothing there any more."""
    for ref in files:
        row = tx.file(ref.id)
        if row is not None:
            tx.mine.files[ref.id] = replace(row, token=new_token())
