"""`operator-console settings` and `keys`: the files by which a person makes the console his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from operator_console.commands.talk import CommandError, say

if TYPE_CHECKING:
    from pathlib import Path

Write = Annotated[
    bool, typer.Option("--write", help="Write the file, where there is none, and print where it lies.")
]


def settings(*, write: Write = False) -> None:
    """Print the settings of the console on this machine as a file, with a word on each."""
    from operator_console.preferences import PreferencesError, as_toml, preferences_path, read_preferences

    path = preferences_path()
    try:
        now = read_preferences(path)
    except PreferencesError as error:
        raise CommandError(str(error)) from error
    if write:
        _write(path, as_toml())
    else:
        typer.echo(as_toml(now), nl=False)
        say(f"They are read from {path}{'' if path.exists() else ', which is not there yet'}.")


def keys(*, write: Write = False) -> None:
    """Print all keys of the console as a file: delete what you do not change, and change the rest."""
    from operator_console.keymap import as_toml, keymap_path, read_keymap
    from operator_console.preferences import PreferencesError

    path = keymap_path()
    try:
        changed = read_keymap(path)
    except PreferencesError as error:
        raise CommandError(str(error)) from error
    if write:
        _write(path, as_toml(changed))
    else:
        typer.echo(as_toml(changed), nl=False)
        say(f"Other keys are read from {path}{'' if path.exists() else ', which is not there yet'}.")


def _write(path: Path, text: str) -> None:
    from operator_console.own_files import write_whole

    if path.exists():
        raise CommandError(f"{path} is there already, and stays as it is.")
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
    typer.echo(path)
