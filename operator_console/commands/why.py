"""`scenarios why`: for one visitor, each time a scenario was considered, which line decided, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from operator_console.commands.server_errors import in_words
from operator_console.commands.talk import CommandError, show_json
from operator_console.safe_text import safe_line

if TYPE_CHECKING:
    from rich.text import Text

    from server_stub.protocol import WhyConsidered, WhyReport, WhySeen, WhyStep

STEPS = 40
"""Steps of one run that are told."""
_PARTS = {"trigger": "trigger", "audience": "audience", "exit": "exit holds already", "re-entry": "re-entry"}


class WhyOptions(Struct, frozen=True):
    """What the command was called with."""

    scenario: str
    visitor: str
    url: str
    token: str
    data: Path | None
    limit: int
    as_json: bool


def why(options: WhyOptions) -> int:
    """Print the answer; 1 where the scenario was never considered for the visitor, else 0. Raises `CommandError`."""
    report = _from_folder(options, options.data) if options.data else _from_server(options)
    if options.as_json:
        show_json(report)
    else:
        show(report)
    return 0 if report.considered else 1


def _from_server(options: WhyOptions) -> WhyReport:
    from operator_console.commands.opening import find_desk

    desk = find_desk(options.url, options.token)
    return asyncio.run(_asked(desk.url, desk.token, options))


async def _asked(url: str, token: str, options: WhyOptions) -> WhyReport:
    from operator_console.client import DeskClient

    client = DeskClient(url, token)
    try:
        return await client.why(options.visitor, options.scenario, options.limit)
    finally:
        await client.close()


def _from_folder(options: WhyOptions, folder: Path) -> WhyReport:
    from server_stub.data_folder import DATABASE
    from server_stub.history.answers import NoVisitorError, why_report
    from server_stub.history.journal import JournalPast, ReadOnlyStore
    from server_stub.history.sharing import settings_of

    if not folder.is_dir():
        raise CommandError(f"There is no data folder {folder}.")
    now = round(time.time() * 1000)
    try:
        with in_words(), closing(JournalPast(ReadOnlyStore(folder / DATABASE), settings_of(folder))) as past:
            return why_report(past, options.scenario, options.visitor, now, options.limit)
    except NoVisitorError as error:
        raise CommandError(str(error), "Name him by his id, his email or his user id.") from error


# --- In words --------------------------------------------------------------------------------------------


def show(report: WhyReport) -> None:
    """Print the report on standard output; moments on the clock of this machine."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for line in lines(report):
        console.print(line)


def lines(report: WhyReport) -> Iterable[Text]:
    """The report, line by line."""
    from rich.text import Text

    called = safe_line(report.called, 80)
    yield Text.assemble(
        (safe_line(report.scenario, 80), "bold"), " and ", (called or safe_line(report.visitor), "bold"),
        (f"  {safe_line(report.visitor)}" if called else "", "dim"),
    )  # fmt: skip
    if report.more:
        yield Text("Older times are left out; --limit tells more of them.", style="dim")
    for one in report.considered:
        yield Text()
        yield from _considered(one)
    if not report.considered:
        yield Text("It was never considered for this visitor.", style="yellow")
    if report.unknown:
        yield Text()
    for sentence in report.unknown:
        yield Text.assemble(("• ", "dim"), safe_line(sentence, 400))


def _considered(one: WhyConsidered) -> Iterable[Text]:
    from rich.text import Text

    entered = one.outcome == "entered"
    verdict = ("entered", "bold green") if entered else ("not let in", "bold red")
    yield Text.assemble(
        (shown(one.at), "dim"), "  ", verdict, "  on ", (safe_line(one.event, 80), "bold"),
        (f"  version {one.version}", "dim"),
    )  # fmt: skip
    for seen in one.conditions:
        yield _condition(seen, "" if entered else one.kind, holds=entered)
    for step in one.steps[:STEPS]:
        yield _step(step)
    if len(one.steps) > STEPS:
        yield Text(f"    … and {len(one.steps) - STEPS} more steps", style="dim")


def _condition(seen: WhySeen, kind: str, *, holds: bool) -> Text:
    from rich.text import Text

    mark = ("  ✓ ", "green") if holds else ("  ✗ ", "red")
    text = Text.assemble(mark, (f"line {seen.line:<4}" if seen.line else "", "dim"))
    if kind in _PARTS:
        text.append(f"{_PARTS[kind]}: ", style="dim")
    text.append(safe_line(seen.condition, 200))
    if seen.saw:
        text.append(f"  saw {safe_line(seen.saw, 100)}", style="yellow" if not holds else "dim")
    return text


def _step(step: WhyStep) -> Text:
    from rich.text import Text

    # A step without an id is called by its place, which tells nobody anything: its line does.
    named = "." not in step.step or not step.text
    label = safe_line(step.step if named else step.text.removeprefix("- "), 40)
    styles = {"ended": "bold", "goal": "bold green"}
    return Text.assemble(
        ("    ", ""), (shown(step.at), "dim"), "  ", (f"line {step.line:<4}" if step.line else "", "dim"),
        (f"{label}  " if label else "", "cyan"),
        ("ended: " if step.phase == "ended" else "goal: " if step.phase == "goal" else "", styles.get(step.phase, "")),
        (safe_line(step.result, 200), styles.get(step.phase, "")),
    )  # fmt: skip


def shown(at: int) -> str:
    """A moment on the clock of this machine."""
    return f"{datetime.fromtimestamp(at / 1000).astimezone():%Y-%m-%d %H:%M:%S}"
