"""Visitors: their cards and lists, what they did, why scenarios spoke to them, and what an operator does to a card"""

from __future__ import annotations

import uuid

from operator_console.calls.access import Access, api_path, decoded
from server_stub.protocol import (
    ChangeVisitor,
    DialogSummary,
    Erasure,
    EventPage,
    FeedPage,
    MergeVisitors,
    StartDialog,
    VisitorCard,
    VisitorMergePlan,
    VisitorNote,
    VisitorPage,
    WhyOverview,
    WhyReport,
    WriteVisitorNote,
)


class VisitorCalls(Access):
    """Visitors. Every method may raise a `DeskError`."""

    async def visitor(self, visitor_id: str) -> VisitorCard:
        return await self._read(api_path("visitors", visitor_id), VisitorCard)

    async def visitor_feed(self, visitor_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        """The entries of all dialogs with this visitor, as `feed`."""
        return await self._read(
            api_path("visitors", visitor_id, "feed"), FeedPage, before=before, limit=limit
        )

    async def events(self, visitor_id: str, before: int = 0, limit: int = 100) -> EventPage:
        """What the visitor did and which runs he went through, newest first."""
        return await self._read(
            api_path("visitors", visitor_id, "events"), EventPage, before=before, limit=limit
        )

    async def why(self, visitor: str, scenario: str, limit: int = 100) -> WhyReport:
        """Each time the scenario was considered for the visitor (by id, email or user id), and what came of it."""
        return await self._read(
            api_path("visitors", visitor, "why"), WhyReport, scenario=scenario, limit=limit
        )

    async def considered(self, visitor: str) -> WhyOverview:
        """Every scenario that was considered for the visitor (by id, email or user id), the latest first."""
        return await self._read(api_path("visitors", visitor, "considered"), WhyOverview)

    async def change_visitor(self, visitor_id: str, change: ChangeVisitor) -> VisitorCard:
        return await self._write("PATCH", api_path("visitors", visitor_id), change, VisitorCard)

    async def start_dialog(self, visitor_id: str) -> DialogSummary:
        """The visitor's open dialog, or a new one held by people."""
        body = StartDialog(client_id=uuid.uuid4().hex)
        return await self._write(
            "POST", api_path("visitors", visitor_id, "dialogs"), body, DialogSummary, repeatable=True
        )

    async def visitors(
        self,
        *,
        query: str = "",
        online: bool = False,
        segment: str = "",
        blocked: bool = False,
        cursor: str = "",
        limit: int = 100,
    ) -> VisitorPage:
        """One page of the visitors who match, who was here last comes first."""
        asked = {"q": query, "segment": segment, "cursor": cursor}
        flags = {"online": "true" if online else "", "blocked": "true" if blocked else ""}
        return await self._read("/api/visitors", VisitorPage, limit=limit, **asked, **flags)

    async def note_visitor(self, visitor_id: str, note: WriteVisitorNote) -> VisitorNote:
        """Write a note on the person. The same `client_id` again is the same note."""
        return await self._write(
            "POST", api_path("visitors", visitor_id, "notes"), note, VisitorNote, repeatable=True
        )

    async def remove_visitor_note(self, visitor_id: str, note_id: str) -> None:
        await self._do("DELETE", api_path("visitors", visitor_id, "notes", note_id))

    async def merge_visitors(self, visitor_id: str, merge: MergeVisitors) -> VisitorMergePlan:
        """`merge.gone` becomes part of this visitor, or only say what would come of it."""
        return await self._write("POST", api_path("visitors", visitor_id, "merge"), merge, VisitorMergePlan)

    async def export_visitor(self, visitor_id: str) -> bytes:
        """All that is known of the person, as JSON."""
        path = api_path("visitors", visitor_id, "export")
        return (await self._request("GET", path, repeatable=True)).content

    async def erase_visitor(self, visitor_id: str) -> Erasure:
        """Take the person away with all that he said and did."""
        return decoded(await self._request("DELETE", api_path("visitors", visitor_id)), Erasure)
