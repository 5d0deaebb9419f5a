"""A scenario as it lies at the desk, to be played: its file and the segments, read anew each time."""

from __future__ import annotations

from typing import Any

from textual.app import App

from operator_console.designer.play.people import world_of
from operator_console.designer.play.screen import Draft, PlayScreen
from operator_console.errors import Refused
from operator_console.inbox.desk import Desk
from operator_console.translation import _
from scenarios_yaml.language.model import Segment
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing.case_writer import appended, written
from scenarios_yaml.tools.testing.cases import Case
from server_stub.protocol import WriteScenarioTests

KEPT_TRIES = 3
"""Colleagues who write tests of the same scenario in the same second."""
NOT_HIS = (403, 404)
"""Where only marketers write, or where the scenario is not at the desk."""


async def draft_of(desk: Desk, slug: str) -> Draft:
    """What lies at the desk under that name. Raises a `DeskError` where it cannot be asked."""
    file = await desk.scenario_file(slug)
    read = read_scenario(file.text, file.file)
    trouble = str(read.errors[0]) if read.errors else ""
    return Draft(scenario=read.scenario, segments=await segments_of(desk), trouble=trouble)


async def segments_of(desk: Desk) -> tuple[Segment, ...]:
    """The segments of the desk that can be read. Raises a `DeskError` where it cannot be asked."""
    segments: list[Segment] = []
    for status in await desk.segments():
        if not status.problems:
            segment = read_segment((await desk.scenario_file(status.slug, "segment")).text).segment
            segments += [segment] if segment is not None else []
    return tuple(segments)


def copied(app: App[Any], slug: str, case: Case) -> str:
    """Put a recorded case into the clipboard, and say so."""
    app.copy_to_clipboard(written(case))
    return _("Copied: put it at the end of {file}").format(file=f"{slug}.test.yaml")


async def keep_at_desk(desk: Desk, slug: str, case: Case) -> str:
    """Put a recorded case at the end of the tests that stand beside the scenario, and say so.

    Raises a `DeskError`, and `CannotError` where the tests that are there cannot be read.
    """
    for _attempt in range(KEPT_TRIES):
        there = await desk.scenario_tests(slug)
        request = WriteScenarioTests(appended(there.text, case), there.base)
        try:
            await desk.write_scenario_tests(slug, request)
        except Refused as error:
            if error.status != 409:
                raise
        else:
            return _("Kept in {file}, which is run before each publishing.").format(file=there.file)
    raise CannotError(_("somebody else changes these tests at the moment"), _("try again"))


async def keep(app: App[Any], desk: Desk, slug: str, case: Case, *, may_write: bool) -> str:
    """At the desk, where this person may write there; else into the clipboard. Raises as `keep_at_desk` does."""
    if may_write:
        try:
            return await keep_at_desk(desk, slug, case)
        except Refused as error:
            if error.status not in NOT_HIS:
                raise
    return copied(app, slug, case)


def player_of(desk: Desk, slug: str, *, read_only: bool = False) -> PlayScreen:
    """The player over a scenario of the desk, in the world of its shop. A test that is recorded is kept beside it."""

    async def read() -> Draft:
        draft = await draft_of(desk, slug)
        screen.pane.play_in(world_of(await desk.world()))
        return draft

    async def kept(case: Case) -> str:
        return await keep(screen.app, desk, slug, case, may_write=not read_only)

    screen = PlayScreen(read, kept, desk=desk)
    return screen
