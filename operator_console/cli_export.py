"""`operator-console export …`: what goes out, for other programs. The doing is in `commands/export.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from operator_console.cli_parts import DataFolder, PlainGroup

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, help="Take out visitors or dialogs, as a table or as lines of JSON."
)

Format = Annotated[
    str,
    typer.Option(
        "--format",
        help="csv: a table for spreadsheets. jsonl: one JSON object a line, with everything.",
        metavar="csv|jsonl",
    ),
]
Segment = Annotated[
    str, typer.Option(help="Only who is in this segment, or his dialogs.", show_default="everybody")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where to.", show_default="standard output"),
]


@app.callback()
def exports() -> None:
    """Take out visitors or dialogs, as a table or as lines of JSON."""


@app.command("visitors")
def export_visitors(
    *, format_: Format = "csv", segment: Segment = "", out: Out = None, data: DataFolder = None
) -> None:
    """Every visitor who is known to the desk: how to reach him, where he came from, what he bought.

    Reads the data folder, whether its server runs or not. In a table, a cell that a spreadsheet would take for a
    formula has an apostrophe before it.
    """
    _run("visitors", format_, segment, out, data)


@app.command("dialogs")
def export_dialogs(
    *, format_: Format = "csv", segment: Segment = "", out: Out = None, data: DataFolder = None
) -> None:
    """Every dialog: with whom, whose, how it stands. As jsonl with all of its messages, operators' notes too.

    Reads the data folder, whether its server runs or not. In a table, a cell that a spreadsheet would take for a
    formula has an apostrophe before it.
    """
    _run("dialogs", format_, segment, out, data)


def _run(what: str, format_: str, segment: str, out: Path | None, data: Path | None) -> None:
    from operator_console.commands.export import ExportOptions, export

    if format_ not in ("csv", "jsonl"):
        raise typer.BadParameter("csv or jsonl", param_hint="--format")
    export(ExportOptions(what=what, is_csv=format_ == "csv", segment=segment, out=out, data=data))
