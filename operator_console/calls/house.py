"""The desk as a whole: who is there, presets, scenarios and segments, the outbox"""

from __future__ import annotations

from typing import Literal, TypeAlias

from operator_console.calls.access import Access, api_path
from server_stub.protocol import (
    ChangeMe,
    ChangeScenario,
    KnownNames,
    Me,
    Operator,
    OutboxItem,
    Preset,
    Publication,
    PublishScenario,
    ScenarioFile,
    ScenarioStatus,
    ScenarioVersion,
    SegmentStatus,
    WidgetLook,
    WriteLook,
    WritePreset,
)

FileKind: TypeAlias = Literal["scenario", "segment"]


class HouseCalls(Access):
    """The desk as a whole. Every method may raise a `DeskError`."""

    async def me(self) -> Me:
        """Who the token belongs to, and which server this is."""
        return await self._read("/api/me", Me)

    async def operators(self) -> tuple[Operator, ...]:
        return await self._read("/api/operators", tuple[Operator, ...])

    async def scenarios(self, days: int = 0) -> tuple[ScenarioStatus, ...]:
        """Every scenario; with `days` (to 366), who entered each within so many days, today the last of them."""
        asked = {"days": days} if days else {}
        return await self._read("/api/scenarios", tuple[ScenarioStatus, ...], **asked)

    async def scenario_file(self, slug: str, kind: FileKind = "scenario") -> ScenarioFile:
        """A scenario's (or segment's) text as it lies on the server, and who stands where."""
        return await self._read(api_path(f"{kind}s", slug), ScenarioFile)

    async def publish(self, slug: str, request: PublishScenario, kind: FileKind = "scenario") -> Publication:
        """Put a text in the place of the one that `request.base` names, or only say what would come of it."""
        return await self._write("PUT", api_path(f"{kind}s", slug), request, Publication)

    async def change_scenario(self, slug: str, change: ChangeScenario) -> Publication:
        """Launch, pause, resume or archive it; of its file nothing else changes."""
        return await self._write("PATCH", api_path("scenarios", slug), change, Publication, repeatable=True)

    async def versions(
        self, slug: str, kind: FileKind = "scenario", *, before: int = 0, limit: int = 100
    ) -> tuple[ScenarioVersion, ...]:
        """What was published under the slug, the newest first; `before` is the seq of one: those behind it."""
        path = api_path(f"{kind}s", slug, "versions")
        return await self._read(path, tuple[ScenarioVersion, ...], before=before, limit=limit)

    async def version(self, slug: str, base: str, kind: FileKind = "scenario") -> ScenarioFile:
        """The text of that name as it was published."""
        return await self._read(api_path(f"{kind}s", slug, "versions", base), ScenarioFile)

    async def names(self) -> KnownNames:
        """Events, properties, tags and all else that may be named in a scenario."""
        return await self._read("/api/names", KnownNames)

    async def segments(self) -> tuple[SegmentStatus, ...]:
        return await self._read("/api/segments", tuple[SegmentStatus, ...])

    async def outbox(
        self, *, channel: str = "", status: str = "", scenario: str = "", before: str = "", limit: int = 100
    ) -> tuple[OutboxItem, ...]:
        """Emails, pushes, messages and webhooks, newest first, without content; `before` is the id of a row."""
        asked = {"channel": channel, "status": status, "scenario": scenario, "before": before}
        return await self._read("/api/outbox", tuple[OutboxItem, ...], limit=limit, **asked)

    async def outbox_item(self, row: str) -> OutboxItem:
        """One of them with its content."""
        return await self._read(api_path("outbox", row), OutboxItem)

    async def change_me(self, change: ChangeMe) -> Me:
        """Go away from the desk, or come back."""
        return await self._write("PATCH", "/api/me", change, Me, repeatable=True)

    async def presets(self, kind: str = "") -> tuple[Preset, ...]:
        """Saved replies, macros and saved filters: one's own and the shared."""
        return await self._read("/api/presets", tuple[Preset, ...], kind=kind)

    async def write_preset(self, preset_id: str, preset: WritePreset) -> Preset:
        return await self._write("PUT", api_path("presets", preset_id), preset, Preset, repeatable=True)

    async def remove_preset(self, preset_id: str) -> None:
        await self._do("DELETE", api_path("presets", preset_id))

    async def look(self) -> WidgetLook:
        """How the widget looks, as it is set."""
        return await self._read("/api/look", WidgetLook)

    async def write_look(self, look: WriteLook) -> WidgetLook:
        """Let the widget look so from each visitor's next page on."""
        return await self._write("PUT", "/api/look", look, WidgetLook, repeatable=True)
