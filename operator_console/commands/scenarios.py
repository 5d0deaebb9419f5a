"""`scenarios list`: what the server runs. `scenarios check`: what is wrong with files, without any server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from operator_console.commands.talk import CommandError, say, show_json, show_table
from operator_console.safe_text import safe_line

if TYPE_CHECKING:
    from scenarios_yaml.language.problems import Problem
    from server_stub.protocol import ScenarioStatus


def show(url: str, token: str, *, as_json: bool) -> None:
    """List the scenarios of a server on standard output, each with the first mistake of its file."""
    from operator_console.commands.opening import find_desk

    desk = find_desk(url, token)
    scenarios = asyncio.run(_scenarios(desk.url, desk.token))
    if as_json:
        show_json(scenarios)
        return
    rows = [(one.slug, one.status, one.running, one.title, _state(one)) for one in scenarios]
    show_table(("Scenario", "Status", "Running", "Title", ""), rows)


def check(paths: list[Path], *, as_json: bool) -> int:
    """Print every mistake as `file:line:column: severity: message`; 1 where there is an error, else 0."""
    from scenarios_yaml.language.reader import read_scenario

    found: list[tuple[Path, Problem]] = []
    count = 0
    for file in _files(paths):
        count += 1
        text = file.read_text(encoding="utf-8", errors="replace")
        found += [(file, problem) for problem in read_scenario(text, str(file)).problems]
    errors = sum(problem.severity == "error" for _, problem in found)
    if as_json:
        show_json([_as_record(file, problem) for file, problem in found])
    else:
        for file, problem in found:
            _print(file, problem)
        files = "1 file" if count == 1 else f"{count} files"
        say(f"{files} checked: {_counted(errors, 'error')}, {_counted(len(found) - errors, 'warning')}.")
    return 1 if errors else 0


async def _scenarios(url: str, token: str) -> tuple[ScenarioStatus, ...]:
    from operator_console.client import DeskClient

    client = DeskClient(url, token)
    try:
        return await client.scenarios()
    finally:
        await client.close()


def _state(scenario: ScenarioStatus) -> str:
    if not scenario.problems:
        return ""
    first = scenario.problems[0]
    return f"{scenario.file}:{first.line}: {first.text}"


def _files(paths: list[Path]) -> Iterator[Path]:
    """Scenario files below the paths; a file that is named is taken as it is. Raises `CommandError`."""
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.yaml"))
            files = [
                file
                for file in inside
                if not file.name.endswith(".test.yaml") and file.parent.name != "segments"
            ]
            if not files:
                raise CommandError(f"There is no scenario in {path}.", "Scenario files end in .yaml.")
            yield from files
        elif path.exists():
            yield path
        else:
            raise CommandError(f"There is no {path}.")


def _print(file: Path, problem: Problem) -> None:
    typer.echo(
        f"{file}:{problem.line}:{problem.column}: {problem.severity}: {safe_line(problem.message, 500)}"
    )
    if problem.hint:
        typer.echo(f"    {safe_line(problem.hint, 500)}")


def _as_record(file: Path, problem: Problem) -> dict[str, object]:
    return {
        "file": str(file),
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
