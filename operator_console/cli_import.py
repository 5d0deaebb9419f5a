"""`operator-console import …`: what comes in from elsewhere. The doing is in `commands/`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from operator_console.cli_parts import DataFolder, PlainGroup

app = typer.Typer(cls=PlainGroup, no_args_is_help=True, help="Bring in what happened before: events.")


@app.callback()
def imports() -> None:
    """Bring in what happened before: events."""


@app.command("events")
def import_events(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSONL.", exists=True, dir_okay=False)],
    *,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OURS=COLUMN",
            help="Which column is what: visitor, anonymous, event, at, email, name, id, type, property.NAME.",
            show_default="guessed",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show, send nothing.")] = False,
    timezone: Annotated[str, typer.Option(help="The zone of times that name none.")] = "UTC",
    dates: Annotated[str, typer.Option(help="What 3/4/2026 is: dmy or mdy.", show_default="ask")] = "",
    to: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="Write a file for `scenarios backtest` instead.")
    ] = None,
    url: Annotated[
        str, typer.Option("--url", help="The server's address.", show_default="the server of this machine")
    ] = "",
    key: Annotated[
        str, typer.Option("--key", help="Its write key.", show_default="from its data folder")
    ] = "",
    data: DataFolder = None,
) -> None:
    """Bring events of the past into the server's journal. Repeating it doubles nothing.

    Columns are guessed from their names; `--dry-run` shows the guess. What has no meaning of its own becomes a
    property of the event. Events older than a day count and start no scenario: nobody is written to about last
    year's cart.
    """
    from operator_console.commands.import_events import ImportOptions
    from operator_console.commands.import_events import import_events as run
    from operator_console.commands.import_values import Order

    if dates not in ("", "dmy", "mdy"):
        raise typer.BadParameter("dmy or mdy", param_hint="--dates")
    order: Order = "dmy" if dates == "dmy" else "mdy" if dates == "mdy" else ""
    options = ImportOptions(file, tuple(maps or ()), timezone, order, dry_run, to, url, key, data)
    raise typer.Exit(run(options))
