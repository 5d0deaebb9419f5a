"""/api/reach: whom a draft would reach, now and in the past."""

from __future__ import annotations

from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.reader import read_scenario
from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Lines, Routes
from server_stub.protocol import AskReach, ReachLine
from server_stub.publishing import refused_text

DAY = 86_400_000
"""Milliseconds."""

routes = Routes("reach")


@routes.post("/api/reach", role="marketer", line=ReachLine)
async def ask_reach(office: Office, body: AskReach) -> Lines:
    """How many known visitors a draft's audience fits now, and what it would have done in the last days."""
    await office.read(lambda: _read(body.text))
    now = office.now()
    return Lines(office.reacher.lines(body.text, now - body.days * DAY, now))


def _read(text: str) -> Scenario:
    """Raises Rejected (422) with every error of the text."""
    result = read_scenario(text)
    if result.scenario is None:
        raise refused_text("the draft", result.errors)
    return result.scenario
