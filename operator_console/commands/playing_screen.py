"""`scenarios play --screen`: a file on the disk in the player, to be read again as it is edited; tests are kept beside
it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from operator_console.commands.talk import CommandError

if TYPE_CHECKING:
    from operator_console.designer.play.people import Person
    from operator_console.designer.play.screen import Draft
    from scenarios_yaml.tools.testing.cases import Case

MODE = 0o644
"""Of a file of tests that was not there before."""


def play_on_screen(file: Path, beside: Sequence[Path], world: Case, person: Person | None) -> int:
    """Show the player over a scenario file until it is left. Raises `CommandError` where the console's settings are
    wrong."""
    os.environ.setdefault("TEXTUAL_FPS", "240")  # Textual reads this when it is imported
    from operator_console.designer.play.app import PlayApp
    from operator_console.preferences import PreferencesError, preferences_path, read_preferences
    from operator_console.themes import DARK, LIGHT
    from operator_console.translation import language_of_terminal, speak

    try:
        preferences = read_preferences(preferences_path())
    except PreferencesError as error:
        raise CommandError(str(error)) from error
    speak(preferences.language or language_of_terminal())

    async def read() -> Draft:
        return read_draft(file, beside)

    async def keep(case: Case) -> str:
        return keep_case(file, case)

    theme = DARK if preferences.theme == "dark" else LIGHT
    app = PlayApp(read, keep, world=world, person=person, theme=theme.name)
    app.run()
    return app.return_code or 0


def read_draft(file: Path, beside: Sequence[Path] = ()) -> Draft:
    """The scenario as it lies there now, with the segments of the nearest folder."""
    from operator_console.designer.play.screen import Draft
    from scenarios_yaml.tools.testing.case_files import Shelf

    shelf = Shelf()
    read = shelf.scenario(file)
    others = [shelf.scenario(path) for path in beside]
    errors = [*read.errors, *(error for other in others for error in other.errors)]
    return Draft(
        scenario=read.scenario,
        segments=tuple(shelf.segments(file.parent)),
        others=tuple(other.scenario for other in others if other.scenario is not None),
        trouble=str(errors[0]) if errors else "",
    )


def keep_case(file: Path, case: Case) -> str:
    """Put the case at the end of the file's tests, and say so. Raises `CannotError` where they cannot be read or
    written; then they are as they were."""
    from operator_console.own_files import write_whole
    from scenarios_yaml.tools.stage import CannotError
    from scenarios_yaml.tools.testing.case_writer import appended

    tests = file.with_name(file.name.removesuffix(".yaml") + ".test.yaml")
    try:
        is_there = tests.exists()
        before = tests.read_bytes().decode("utf-8") if is_there else ""
        mode = tests.stat().st_mode & 0o777 if is_there else MODE
        write_whole(tests, appended(before, case).encode("utf-8"))
        tests.chmod(mode)  # no secret, and in a folder that may be others', too
    except (OSError, UnicodeDecodeError) as error:
        raise CannotError(f"{tests.name} cannot be written: {error}") from error
    return f"Kept in {tests.name}"
