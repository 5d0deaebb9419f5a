"""`operators add|list|remove`: on the data folder, whether its server runs or not."""

from __future__ import annotations

from pathlib import Path

import typer

from operator_console.commands.server_errors import in_words
from operator_console.commands.talk import CommandError, say, serve_folder, show_json, show_table
from operator_console.local_server import find_local
from operator_console.safe_text import safe_line
from server_stub.protocol import Operator


def add(name: str, role: str, data: Path | None) -> None:
    """Print the new operator's token on standard output. Raises `CommandError`."""
    from server_stub.operators import add_operator

    with in_words():
        token = add_operator(desk_folder(data), name, role)
    say(f"{safe_line(name)} is {role} now. This is the token; it is not shown again:")
    typer.echo(token)


def show(data: Path | None, *, as_json: bool) -> None:
    """List the operators on standard output."""
    from server_stub.operators import list_operators

    with in_words():
        operators = list_operators(desk_folder(data))
    if as_json:
        show_json(operators)
        return
    rows = [
        (operator.name, operator.role, _presence(operator), operator.dialogs or "", operator.id)
        for operator in operators
    ]
    show_table(("Name", "Role", "", "Open dialogs", "Id"), rows)


def _presence(operator: Operator) -> str:
    if not operator.online:
        return ""
    return "away" if operator.away else "online"


def remove(operator: str, data: Path | None) -> None:
    """Remove by name or id. Raises `CommandError` where there is none."""
    from server_stub.operators import remove_operator

    folder = desk_folder(data)
    with in_words():
        was_there = remove_operator(folder, operator)
    if not was_there:
        raise CommandError(
            f"There is no operator {operator!r} in {folder}.", "See `operator-console operators list`."
        )
    say(f"{safe_line(operator)} is removed; the token no longer works.")


def desk_folder(data: Path | None) -> Path:
    """The folder that is meant: the given one, that of the running server, or the default of `serve`.

    Raises `CommandError` where nothing is there, or more than one server runs.
    """
    if data is not None:
        folder = data
    else:
        servers = find_local().servers
        if len(servers) > 1:
            folders = ", ".join(server.data for server in servers)
            raise CommandError("More than one server runs here.", f"Say which with --data: {folders}")
        folder = Path(servers[0].data) if servers else serve_folder()
    if not folder.is_dir():
        raise CommandError(
            f"There is no desk in {folder} yet.", "Start one with `operator-console serve` first."
        )
    say(f"Desk: {folder}")
    return folder
