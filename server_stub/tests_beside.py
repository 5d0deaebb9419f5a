"""The tests that stand beside the scenarios of the folder: read and replaced from afar, each file whole.

They are run where they are read (by the console, by `scenarios test`), never here; so a scenario is live with tests
that fail, and a file of tests is no version of anything.
"""

from __future__ import annotations

import asyncio

from scenarios_yaml.tools.testing.case_files import SCENARIO, TEST
from scenarios_yaml.tools.testing.case_reader import read_tests
from server_stub.ids import base_of
from server_stub.protocol import ScenarioTests, WriteScenarioTests
from server_stub.publishing import problem_of
from server_stub.scenario_folder import ScenarioFolder, plain_lines
from server_stub.work import Rejected


async def tests_of(folder: ScenarioFolder, slug: str, scenario_file: str) -> ScenarioTests:
    """The tests beside a file of the folder."""
    file = _beside(scenario_file)
    return _told(slug, file, await asyncio.to_thread(folder.text, file))


async def write_tests(
    folder: ScenarioFolder, slug: str, scenario_file: str, request: WriteScenarioTests
) -> ScenarioTests:
    """Put others in their place, whole. Raises Rejected (409 where they are other ones than `base` by now, 422 with
    the text's errors, 500 where the file cannot be written); then they are as they were."""
    file, text = _beside(scenario_file), plain_lines(request.text)
    if text.strip() and (errors := read_tests(text).errors):
        detail = f"The tests of {slug} cannot be read; nothing was changed."
        raise Rejected("invalid", detail, status=422, problems=tuple(map(problem_of, errors)))
    async with folder.lock:
        before = await asyncio.to_thread(folder.text, file)
        if request.base != (base_of(before) if before else ""):
            detail = f"Somebody has changed the tests of {slug} in between."
            hint = "Nothing was overwritten. Read them again, and add yours."
            raise Rejected("conflict", detail, status=409, field="base", hint=hint)
        try:
            await asyncio.to_thread(folder.write, file, text if text.strip() else "")
        except OSError as error:
            detail = f"The file {file} cannot be written: {error.strerror or error}."
            raise Rejected("unwritable", detail, status=500) from error
    return _told(slug, file, text if text.strip() else "")


def _beside(scenario_file: str) -> str:
    return scenario_file.removesuffix(SCENARIO) + TEST


def _told(slug: str, file: str, text: str) -> ScenarioTests:
    return ScenarioTests(slug, file, text, base_of(text) if text else "")
