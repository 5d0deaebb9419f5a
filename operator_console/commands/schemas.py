"""`scenarios schema`: what an editor must know to complete and check the files while they are written."""

from __future__ import annotations

from importlib.resources import files

import typer

from operator_console.commands.talk import CommandError


def show(kind: str) -> None:
    """Print the JSON Schema of `scenario`, `segment` or `test` files. Raises `CommandError`."""
    from scenarios_yaml.schemas.build import SCHEMAS, file_name

    if kind not in SCHEMAS:
        raise CommandError(f"There is no schema of {kind!r} files.", f"There are: {', '.join(SCHEMAS)}.")
    place = files("scenarios_yaml").joinpath("schemas").joinpath(file_name(kind))
    typer.echo(place.read_text(encoding="utf-8"), nl=False)
