"""`scenarios library | new | show`: where a scenario begins, and what the server has of it."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from operator_console.commands.taking import Taken, take, write_new
from operator_console.commands.talk import CommandError, say, show_json, show_table
from operator_console.safe_text import safe_line, safe_text
from scenarios_yaml.library.index import LibraryItem, library

if TYPE_CHECKING:
    from server_stub.protocol import ScenarioFile

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")

BLANK = """\
scenario: {slug}
title: {title}
status: draft
# When does it start? An event of the visitor, as the shop sends it.
trigger:
  - event: Session Started
# For whom? All of these must hold; delete it for everybody.
audience:
  - visits > 1
# What ends it at once, also while it waits?
exit:
  - event: Order Completed
# How often may one visitor go through it?
reentry: {{not_sooner_than: 7d}}
steps:
  - wait: 20s
  - id: question
    say: Hello! Can I help you find something?
    timeout: 1d
    options:
      - label: "Yes, please"
        steps:
          - handoff: {{note: "Wants help on {{{{ page.title }}}}"}}
      - label: "No, thanks"
        steps:
          - close: wants no help
"""


def show_library(language: str, *, as_json: bool) -> None:
    """List the ready-made scenarios by goal; a star marks what to set up first."""
    rows = [_row(item, language) for item in library()]
    if as_json:
        show_json([dict(zip(("group", "starter", "slug", "title"), row, strict=True)) for row in rows])
        return
    table: list[tuple[str, ...]] = []
    for group, starter, slug, title in rows:
        told = any(before == group for before, *_ in rows[: len(table)])
        # A person reads each goal once; a program finds it in each line.
        goal = ("" if told else group.replace("_", " ")) if sys.stdout.isatty() else group
        table.append((goal, "★" if starter else "", slug, title))
    show_table(("Goal", "", "Scenario", "What it does"), table)
    say("Take one: operator-console scenarios new NAME --from SCENARIO")


def _row(item: LibraryItem, language: str) -> tuple[str, bool, str, str]:
    from scenarios_yaml.language.reader import read_scenario

    scenario = read_scenario(item.text, item.slug + ".yaml").scenario
    if scenario is None:
        raise CommandError(f"The library's {item.slug} cannot be read.", "Install the package anew.")
    return item.group, scenario.starter, item.slug, scenario.title.render({}, language)


def new(slug: str, folder: Path, source: str) -> None:
    """Write a new file: a ready-made scenario with its test and what it needs, or a small one to begin with."""
    if not _SLUG.fullmatch(slug):
        raise CommandError(
            f"“{slug}” is no name for a scenario.",
            "Small Latin letters and digits, with - or _ between them: welcome-back.",
        )
    path = folder / f"{slug}.yaml"
    if source:
        taken = take(source, slug, folder)
    else:
        text = BLANK.format(slug=slug, title=slug.replace("-", " ").replace("_", " ").capitalize())
        write_new({path: text.encode()})
        taken = Taken((path,))
    for one in taken.written:
        typer.echo(str(one))
    _say_what_is_missing(taken)
    then = "test" if len(taken.written) > 1 else "check"
    say(f"Now edit it, then: operator-console scenarios {then} {path}")


def _say_what_is_missing(taken: Taken) -> None:
    for other in taken.missing:
        say(f"It speaks of {other}, which is not here: operator-console scenarios new {other} --from {other}")
    if taken.left_out:
        cases = "1 case" if taken.left_out == 1 else f"{taken.left_out} cases"
        say(f"Without {cases} of its test: scenarios run there together with this one that are not here.")


def show(slug: str, url: str, token: str, *, as_json: bool) -> None:
    """Print a scenario of the server as it lies there, and on standard error who stands where in it."""
    from operator_console.client import DeskClient
    from operator_console.commands.opening import find_desk

    desk = find_desk(url, token)

    async def read() -> ScenarioFile:
        client = DeskClient(desk.url, desk.token)
        try:
            return await client.scenario_file(slug)
        finally:
            await client.close()

    file = asyncio.run(read())
    if as_json:
        show_json(file)
        return
    _print_yaml(file.text)
    by = f", published by {safe_line(file.by)}" if file.by else ""
    say(f"{safe_line(file.file)}: {file.status}, version {file.version}{by}")
    for count in file.standing:
        say(f"  {count.visitors} at {safe_line(count.step)} (version {safe_line(count.version)})")


def _print_yaml(text: str) -> None:
    """In colours on a terminal; into a pipe byte by byte."""
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    clean = safe_text(text, limit=300_000, multiline=True)
    Console().print(Syntax(clean, "yaml", theme="ansi_dark", background_color="default", word_wrap=True))
