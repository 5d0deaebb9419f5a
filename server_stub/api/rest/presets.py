"""/api/presets: saved replies, macros and saved filters: the shared ones, and the caller's own."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import Preset, WritePreset
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorRemovesPreset, OperatorWritesPreset

routes = Routes("presets")


class PresetFilter(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["", "reply", "macro", "filter"] = ""


@routes.get("/api/presets")
async def list_presets(office: Office, operator: OperatorRow, query: PresetFilter) -> list[Preset]:
    """The shared ones and the caller's own, by folder and name."""
    presets = await office.read(office.store.presets)
    return [
        preset for preset in presets if preset.owner in ("", operator.id) and query.kind in ("", preset.kind)
    ]


@routes.put("/api/presets/{preset}")
async def write_preset(office: Office, operator: OperatorRow, preset: str, body: WritePreset) -> Preset:
    """Write a new one, or another in its place. The id is the caller's choice."""
    work = OperatorWritesPreset(operator=operator.id, preset=preset, request=body, at=office.now())
    written: Preset = await office.desk.submit(work)
    return written


@routes.delete("/api/presets/{preset}")
async def remove_preset(office: Office, operator: OperatorRow, preset: str) -> None:
    """Take one away."""
    work = OperatorRemovesPreset(operator=operator.id, preset=preset, at=office.now())
    await office.desk.submit(work)
