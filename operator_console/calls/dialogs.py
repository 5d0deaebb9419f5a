"""Dialogs and their messages: the list, the search, a feed, and what an operator does in it"""

from __future__ import annotations

import msgspec

from operator_console.calls.access import Access, api_path
from server_stub.protocol import (
    BulkChange,
    BulkResult,
    ChangeDialog,
    DialogPage,
    DialogSummary,
    EditMessage,
    FeedPage,
    MarkSeen,
    MergeDialogs,
    Message,
    OutboxItem,
    RunMacro,
    SearchResults,
    SendMessage,
    SendTranscript,
)


class DialogCalls(Access):
    """Dialogs and their messages. Every method may raise a `DeskError`."""

    async def dialogs(
        self,
        *,
        status: str = "",
        assignee: str = "",
        tag: str = "",
        visitor: str = "",
        cursor: str = "",
        limit: int = 500,
    ) -> DialogPage:
        """One page of the dialog list, newest first; empty filters match everything."""
        filters = {"status": status, "assignee": assignee, "tag": tag, "visitor": visitor, "cursor": cursor}
        return await self._read("/api/dialogs", DialogPage, limit=limit, **filters)

    async def feed(self, dialog_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        """The dialog's entries before seq `before` (0: the newest), oldest first."""
        return await self._read(api_path("dialogs", dialog_id, "feed"), FeedPage, before=before, limit=limit)

    async def change_dialog(self, dialog_id: str, change: ChangeDialog) -> DialogSummary:
        return await self._write("PATCH", api_path("dialogs", dialog_id), change, DialogSummary)

    async def send(self, dialog_id: str, message: SendMessage) -> Message:
        """Send a message or note: one attempt. The same `client_id` again is the same message."""
        return await self._write("POST", api_path("dialogs", dialog_id, "messages"), message, Message)

    async def mark_seen(self, dialog_id: str, up_to: int) -> None:
        """Say that an operator has seen everything up to message seq `up_to`."""
        body = msgspec.json.encode(MarkSeen(up_to=up_to))
        await self._request("POST", api_path("dialogs", dialog_id, "seen"), content=body, repeatable=True)

    async def bulk(self, change: BulkChange) -> BulkResult:
        """Change many dialogs; each stands alone."""
        return await self._write("POST", "/api/dialogs/changes", change, BulkResult)

    async def merge_dialogs(self, dialog_id: str, gone: str) -> DialogSummary:
        """`gone`, another dialog of the same visitor, becomes part of this one."""
        return await self._write(
            "POST", api_path("dialogs", dialog_id, "merge"), MergeDialogs(gone), DialogSummary
        )

    async def run_macro(self, dialog_id: str, macro: RunMacro) -> DialogSummary:
        """Say and do what a macro says, in one commit. The same `client_id` again does nothing more."""
        return await self._write(
            "POST", api_path("dialogs", dialog_id, "macro"), macro, DialogSummary, repeatable=True
        )

    async def transcript(self, dialog_id: str, request: SendTranscript) -> OutboxItem:
        """Mail the dialog to somebody. The same `client_id` again is the same letter."""
        return await self._write(
            "POST", api_path("dialogs", dialog_id, "transcript"), request, OutboxItem, repeatable=True
        )

    async def scheduled(self, dialog_id: str) -> tuple[Message, ...]:
        """The dialog's messages that wait to be sent, the earliest first."""
        return await self._read(api_path("dialogs", dialog_id, "scheduled"), tuple[Message, ...])

    async def edit_message(self, message_id: str, edit: EditMessage) -> Message:
        """Change the text of one's own message, or what is scheduled."""
        return await self._write("PATCH", api_path("messages", message_id), edit, Message, repeatable=True)

    async def delete_message(self, message_id: str) -> None:
        """Take one's own message away, or cancel a scheduled one."""
        await self._do("DELETE", api_path("messages", message_id), repeatable=True)

    async def find(self, query: str, limit: int = 20) -> SearchResults:
        """Messages, visitors and dialogs that hold the words; of the last one the beginning is enough."""
        return await self._read("/api/find", SearchResults, q=query, limit=limit)
