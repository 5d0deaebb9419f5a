"""Dialogs that wait for people and are nobody's, as of the last commit: where automatic assignment takes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server_stub.protocol import DialogSummary
from server_stub.store.base import Store

LAST_GIVEN = "assignment:last"
"""Among what the desk remembers: the operator who was given a dialog last."""
_PAGE = 1_000


def waits(dialog: DialogSummary | None) -> bool:
    """Whether it waits for people, and is nobody's."""
    return (
        dialog is not None
        and dialog.status == "open"
        and dialog.holder == "people"
        and dialog.waiting_since > 0
        and not dialog.assignee
    )


class Queue:
    """By dialog, since when (ms) it waits; and who was given the last one."""

    def __init__(self) -> None:
        self.since: dict[str, int] = {}
        self.last = ""

    def restore(self, memory: Mapping[str, str], store: Store) -> None:
        """From what the store holds. Raises StoreError. It may take a while where very many dialogs are open."""
        self.last = memory.get(LAST_GIVEN, "")
        cursor = ""
        while True:
            page, cursor, _ = store.dialog_page(
                status="open", assignee="", tag="", visitor="", cursor=cursor, limit=_PAGE
            )
            self.since |= {dialog.id: dialog.waiting_since for dialog in page if waits(dialog)}
            if not cursor:
                return

    def take(
        self, dialogs: Mapping[str, DialogSummary], gone: Iterable[str], memory: Mapping[str, str]
    ) -> None:
        """What has just been committed; `gone` are dialogs that are no more."""
        for key, dialog in dialogs.items():
            if waits(dialog):
                self.since[key] = dialog.waiting_since
            else:
                self.since.pop(key, None)
        for key in gone:
            self.since.pop(key, None)
        self.last = memory.get(LAST_GIVEN) or self.last
