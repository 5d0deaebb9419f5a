"""`operator-console scenarios …`: what each verb is called with. The doing is in `commands/`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from operator_console.cli_parts import Address, AsJson, PlainGroup, Token

app = typer.Typer(cls=PlainGroup, no_args_is_help=True, help="What runs by itself: list, check.")


@app.command("list")
def scenarios_list(*, url: Address = "", token: Token = "", as_json: AsJson = False) -> None:
    """List the server's scenarios: live or not, how many visitors are in them, what is wrong with a file."""
    from operator_console.commands.scenarios import show

    show(url, token, as_json=as_json)


@app.command("check")
def scenarios_check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Scenario files, or folders of them.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Check scenario files: every mistake with file, line and column. Status 1 where there is one."""
    from operator_console.commands.scenarios import check

    raise typer.Exit(check(paths, as_json=as_json))
