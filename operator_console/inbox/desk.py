"""What the screens need of a server: the interface that `client.DeskClient` has, and that tests stand in for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Protocol

from operator_console.calls.house import FileKind
from operator_console.live import StreamEvent
from server_stub.protocol import (
    BulkChange,
    BulkResult,
    ChangeDialog,
    ChangeMe,
    ChangeScenario,
    ChangeVisitor,
    DialogPage,
    DialogSummary,
    EditMessage,
    Erasure,
    EventPage,
    FeedPage,
    FigureName,
    FigureVisitors,
    FileRef,
    KnownNames,
    MakePreview,
    Me,
    MergeVisitors,
    Message,
    Operator,
    OutboxItem,
    Preset,
    Preview,
    Publication,
    PublishScenario,
    ReachProgress,
    ReachReport,
    RunMacro,
    ScenarioFigures,
    ScenarioFile,
    ScenarioStatus,
    ScenarioTests,
    ScenarioVersion,
    SearchResults,
    SegmentStatus,
    SendMessage,
    SendTranscript,
    ShopWorld,
    VisitorCard,
    VisitorMergePlan,
    VisitorNote,
    VisitorPage,
    Watching,
    WhyOverview,
    WhyReport,
    WidgetLook,
    WriteLook,
    WritePreset,
    WriteScenarioTests,
    WriteVisitorNote,
)


class Desk(Protocol):
    """One operator's access to one server. Every method may raise a `DeskError`."""

    url: str
    """The server's address."""

    async def me(self) -> Me: ...

    async def operators(self) -> tuple[Operator, ...]: ...

    async def dialogs(
        self,
        *,
        status: str = "",
        assignee: str = "",
        tag: str = "",
        visitor: str = "",
        cursor: str = "",
        limit: int = 500,
    ) -> DialogPage: ...

    async def find(self, query: str, limit: int = 20) -> SearchResults: ...

    async def feed(self, dialog_id: str, before: int = 0, limit: int = 100) -> FeedPage: ...

    async def visitor_feed(self, visitor_id: str, before: int = 0, limit: int = 100) -> FeedPage: ...

    async def visitor(self, visitor_id: str) -> VisitorCard: ...

    async def events(self, visitor_id: str, before: int = 0, limit: int = 100) -> EventPage: ...

    async def scenarios(self, days: int = 0) -> tuple[ScenarioStatus, ...]: ...

    async def scenario_file(self, slug: str, kind: FileKind = "scenario") -> ScenarioFile: ...

    async def outbox(
        self, *, channel: str = "", status: str = "", scenario: str = "", before: str = "", limit: int = 100
    ) -> tuple[OutboxItem, ...]: ...

    async def outbox_item(self, row: str) -> OutboxItem: ...

    async def considered(self, visitor: str) -> WhyOverview: ...

    async def why(self, visitor: str, scenario: str, limit: int = 100) -> WhyReport: ...

    async def change_visitor(self, visitor_id: str, change: ChangeVisitor) -> VisitorCard: ...

    async def change_dialog(self, dialog_id: str, change: ChangeDialog) -> DialogSummary: ...

    async def send(self, dialog_id: str, message: SendMessage) -> Message: ...

    async def bulk(self, change: BulkChange) -> BulkResult: ...

    async def merge_dialogs(self, dialog_id: str, gone: str) -> DialogSummary: ...

    async def run_macro(self, dialog_id: str, macro: RunMacro) -> DialogSummary: ...

    async def transcript(self, dialog_id: str, request: SendTranscript) -> OutboxItem: ...

    async def scheduled(self, dialog_id: str) -> tuple[Message, ...]: ...

    async def edit_message(self, message_id: str, edit: EditMessage) -> Message: ...

    async def delete_message(self, message_id: str) -> None: ...

    async def start_dialog(self, visitor_id: str) -> DialogSummary: ...

    async def visitors(
        self,
        *,
        query: str = "",
        online: bool = False,
        segment: str = "",
        blocked: bool = False,
        cursor: str = "",
        limit: int = 100,
    ) -> VisitorPage: ...

    async def note_visitor(self, visitor_id: str, note: WriteVisitorNote) -> VisitorNote: ...

    async def remove_visitor_note(self, visitor_id: str, note_id: str) -> None: ...

    async def merge_visitors(self, visitor_id: str, merge: MergeVisitors) -> VisitorMergePlan: ...

    async def export_visitor(self, visitor_id: str) -> bytes: ...

    async def erase_visitor(self, visitor_id: str) -> Erasure: ...

    async def figures(
        self, slug: str, *, since: int = 0, until: int = 0, version: str = ""
    ) -> ScenarioFigures: ...

    async def figure_visitors(
        self,
        slug: str,
        figure: FigureName,
        *,
        step: str = "",
        branch: str = "",
        version: str = "",
        since: int = 0,
        until: int = 0,
        before: str = "",
        limit: int = 100,
    ) -> FigureVisitors: ...

    async def segments(self) -> tuple[SegmentStatus, ...]: ...

    async def names(self) -> KnownNames: ...

    async def world(self) -> ShopWorld: ...

    async def scenario_tests(self, slug: str) -> ScenarioTests: ...

    async def write_scenario_tests(self, slug: str, request: WriteScenarioTests) -> ScenarioTests: ...

    async def make_preview(self, request: MakePreview) -> Preview: ...

    async def change_preview(self, preview_id: str, request: MakePreview) -> Preview: ...

    def reach(self, text: str, days: int = 30) -> AsyncGenerator[ReachProgress | ReachReport, None]: ...

    async def publish(
        self, slug: str, request: PublishScenario, kind: FileKind = "scenario"
    ) -> Publication: ...

    async def change_scenario(self, slug: str, change: ChangeScenario) -> Publication: ...

    async def versions(
        self, slug: str, kind: FileKind = "scenario", *, before: int = 0, limit: int = 100
    ) -> tuple[ScenarioVersion, ...]: ...

    async def version(self, slug: str, base: str, kind: FileKind = "scenario") -> ScenarioFile: ...

    async def change_me(self, change: ChangeMe) -> Me: ...

    async def presets(self, kind: str = "") -> tuple[Preset, ...]: ...

    async def write_preset(self, preset_id: str, preset: WritePreset) -> Preset: ...

    async def remove_preset(self, preset_id: str) -> None: ...

    async def look(self) -> WidgetLook: ...

    async def write_look(self, look: WriteLook) -> WidgetLook: ...

    async def mark_seen(self, dialog_id: str, up_to: int) -> None: ...

    async def upload(self, path: Path) -> FileRef: ...

    async def read_file(self, ref: FileRef) -> bytes: ...

    async def download(self, ref: FileRef, folder: Path) -> Path: ...

    def stream(self, after: int) -> AsyncIterator[StreamEvent]: ...

    def try_now(self) -> None: ...

    async def type_in(self, dialog_id: str) -> None: ...

    async def look_at(self, dialog_id: str) -> None: ...

    async def watch(self, watching: Watching) -> None: ...

    async def close(self) -> None: ...
