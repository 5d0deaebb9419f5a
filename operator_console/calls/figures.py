"""What happened at the steps of a scenario: its figures, and the visitors behind each"""

from __future__ import annotations

from operator_console.calls.access import Access, api_path
from server_stub.protocol import FigureName, FigureVisitors, ScenarioFigures


class FigureCalls(Access):
    """Figures of scenarios. Every method may raise a `DeskError`."""

    async def figures(
        self, slug: str, *, since: int = 0, until: int = 0, version: str = ""
    ) -> ScenarioFigures:
        """From the day of `since` to that of `until` (ms; 0: without that bound), of one version or of all."""
        path = api_path("scenarios", slug, "figures")
        return await self._read(path, ScenarioFigures, since=since, until=until, version=version)

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
    ) -> FigureVisitors:
        """Those behind a figure, newest first; empty is any. `before` is the cursor of the page before."""
        return await self._read(
            api_path("scenarios", slug, "visitors"),
            FigureVisitors,
            figure=figure,
            step=step,
            branch=branch,
            version=version,
            since=since,
            until=until,
            before=before,
            limit=limit,
        )
