"""What a draft is tried out with before it is launched: whom it would reach, and how it looks in a browser"""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx
import msgspec

from operator_console.calls.access import Access, api_path, checked
from operator_console.errors import ServerFault, Unreachable
from operator_console.translation import _
from server_stub.protocol import (
    AskReach,
    MakePreview,
    Preview,
    Problem,
    ReachFailed,
    ReachLine,
    ReachProgress,
    ReachReport,
    ScenarioTests,
    ShopWorld,
    WriteScenarioTests,
)


class DesignCalls(Access):
    """Drafts of scenarios. Every method may raise a `DeskError`."""

    async def reach(self, text: str, days: int = 30) -> AsyncGenerator[ReachProgress | ReachReport, None]:
        """Whom a draft fits now and what it would have done in the last `days`: progress, and the report at the end.

        Closing the generator ends the server's work.
        """
        body = msgspec.json.encode(AskReach(text, days))
        last: ReachLine | None = None
        try:
            async with self._http.stream(
                "POST", "/api/reach", content=body, headers={"Content-Type": "application/json"}
            ) as answer:
                if answer.status_code != 200:
                    await answer.aread()
                checked(answer)
                async for line in answer.aiter_lines():
                    last = _line(line)
                    if isinstance(last, ReachFailed):
                        raise ServerFault(last.problem)
                    yield last
        except httpx.RequestError as broken:
            raise Unreachable(
                Problem("unreachable", _("{address} does not answer.").format(address=self.url))
            ) from broken
        if not isinstance(last, ReachReport):
            raise ServerFault(Problem("broken_off", _("The server's answer broke off before its end.")))

    async def world(self) -> ShopWorld:
        """What scenarios see of the shop: its hours, its time zone, how often it may write."""
        return await self._read("/api/world", ShopWorld)

    async def scenario_tests(self, slug: str) -> ScenarioTests:
        """The tests that stand beside a scenario; an empty text where there are none."""
        return await self._read(api_path("scenarios", slug, "tests"), ScenarioTests)

    async def write_scenario_tests(self, slug: str, request: WriteScenarioTests) -> ScenarioTests:
        """Put others in their place. Where somebody was faster, it is refused with 409."""
        return await self._write("PUT", api_path("scenarios", slug, "tests"), request, ScenarioTests)

    async def make_preview(self, request: MakePreview) -> Preview:
        """A page that shows one step of a draft as a visitor would see it; its address is `url` + `Preview.url`."""
        return await self._write("POST", "/api/previews", request, Preview)

    async def change_preview(self, preview_id: str, request: MakePreview) -> Preview:
        """The open page shows this instead. A preview that is over is refused with 404."""
        return await self._write("PUT", api_path("previews", preview_id), request, Preview, repeatable=True)


def _line(text: str) -> ReachLine:
    try:
        line: ReachLine = msgspec.json.decode(text, type=ReachLine)
    except msgspec.DecodeError as error:
        detail = _("The server's answer to {path} cannot be read: {reason}.").format(
            path="/api/reach", reason=error
        )
        raise ServerFault(Problem("unreadable_answer", detail)) from error
    return line
