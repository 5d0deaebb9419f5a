"""How commands speak: data on standard output, talk on standard error, a sentence for every failure."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer

from operator_console.safe_text import safe_line, safe_text


class CommandError(Exception):
    """A command cannot do what it was asked. `message` says why, `advice` what helps."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


def explain(message: str, advice: str = "") -> None:
    """Say on standard error what went wrong and what helps."""
    typer.secho(safe_text(message, limit=4_000, multiline=True), fg="red", err=True)
    if advice:
        typer.echo(safe_text(advice, limit=4_000, multiline=True), err=True)


def say(sentence: str) -> None:
    """Talk to the person, on standard error."""
    typer.echo(sentence, err=True)


def show_json(value: Any) -> None:
    """Print a value as JSON that people can read, too."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows below headings; in a pipe as columns between tabs, without headings."""
    cleaned = [[safe_line(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cleaned:
            typer.echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in cleaned:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def keep_traceback() -> Path:
    """Append the exception at hand to a file of the user's state, and return the file. Raises OSError."""
    import traceback

    from platformdirs import user_state_path

    path = user_state_path("operator-console", ensure_exists=True) / "mistakes.log"
    with path.open("a", encoding="utf-8") as file:
        file.write(traceback.format_exc() + "\n")
    return path


def demo_folder() -> Path:
    """Where `demo` keeps its data unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("operator-console") / "demo"


def serve_folder() -> Path:
    """Where `serve` keeps its data unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("operator-console") / "desk"
