"""`scenarios list`: what the server runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from operator_console.commands.talk import show_json, show_table

if TYPE_CHECKING:
    from server_stub.protocol import ScenarioStatus


def show(url: str, token: str, *, as_json: bool) -> None:
    """List the scenarios of a server on standard output, each with the first mistake of its file."""
    from operator_console.commands.opening import find_desk

    desk = find_desk(url, token)
    scenarios = asyncio.run(_scenarios(desk.url, desk.token))
    if as_json:
        show_json(scenarios)
        return
    rows = [(one.slug, one.status, one.running, one.title, _state(one)) for one in scenarios]
    show_table(("Scenario", "Status", "Running", "Title", ""), rows)


async def _scenarios(url: str, token: str) -> tuple[ScenarioStatus, ...]:
    from operator_console.client import DeskClient

    client = DeskClient(url, token)
    try:
        return await client.scenarios()
    finally:
        await client.close()


def _state(scenario: ScenarioStatus) -> str:
    if not scenario.problems:
        return ""
    first = scenario.problems[0]
    return f"{scenario.file}:{first.line}: {first.text}"
