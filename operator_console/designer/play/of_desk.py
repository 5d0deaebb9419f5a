"""A scenario as it lies at the desk, to be played: its file and the segments, read anew each time."""

from __future__ import annotations

from typing import Any

from textual.app import App

from operator_console.designer.play.screen import Draft, PlayScreen
from operator_console.inbox.desk import Desk
from operator_console.translation import _
from scenarios_yaml.language.model import Segment
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.testing.case_writer import written
from scenarios_yaml.tools.testing.cases import Case


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


def player_of(desk: Desk, slug: str) -> PlayScreen:
    """The player over a scenario of the desk. A test that is recorded goes to the clipboard, since tests lie in the
    folder in which scenarios are written, not at the desk."""

    async def read() -> Draft:
        return await draft_of(desk, slug)

    async def keep(case: Case) -> str:
        return copied(screen.app, slug, case)

    screen = PlayScreen(read, keep, desk=desk)
    return screen
