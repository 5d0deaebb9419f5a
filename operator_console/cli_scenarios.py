"""`operator-console scenarios …`: what each verb is called with. The doing is in `commands/`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from operator_console.cli_parts import Address, AsJson, DataFolder, PlainGroup, Token

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, help="What runs by itself: written, proved, published."
)


@app.command("list")
def scenarios_list(*, url: Address = "", token: Token = "", as_json: AsJson = False) -> None:
    """List the server's scenarios: live or not, how many visitors are in them, what is wrong with a file."""
    from operator_console.commands.scenarios import show

    show(url, token, as_json=as_json)


@app.command("check")
def scenarios_check(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files of scenarios, segments and tests, or folders of them."),
    ],
    *,
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The server's settings.toml: its promo codes are those that exist."
        ),
    ] = None,
    locale: Annotated[
        list[str] | None,
        typer.Option(metavar="LANGUAGE", help="A language that every text must have; may be given twice."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check files of scenarios, segments and tests: every mistake with file, line and column.

    Warns, too: of loops across scenarios, texts missing in a language, steps that are never reached, goals that end
    nothing, and of segments, scenarios, files and promo codes that do not exist. Status 1 where there is an error.
    """
    from operator_console.commands.checking import check

    raise typer.Exit(check(paths, settings=settings, locales=locale or [], as_json=as_json))


@app.command("schema")
def scenarios_schema(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="scenario, segment or test.")] = "scenario",
) -> None:
    """Print the JSON Schema of scenario, segment or test files: editors complete and check by it.

    Write it beside your scenarios: operator-console scenarios schema > scenario.schema.json

    Then begin each of them with the line "# yaml-language-server: $schema=scenario.schema.json".
    """
    from operator_console.commands.schemas import show as show_schema

    show_schema(kind)


@app.command("library")
def scenarios_library(
    *,
    language: Annotated[str, typer.Option("--lang", help="The language of the titles: en or ru.")] = "en",
    as_json: AsJson = False,
) -> None:
    """List the ready-made scenarios by goal. A star marks what to set up first."""
    from operator_console.commands.writing import show_library

    show_library(language, as_json=as_json)


@app.command("new")
def scenarios_new(
    name: Annotated[str, typer.Argument(help="What it is called: small letters, digits, - and _.")],
    *,
    source: Annotated[str, typer.Option("--from", help="A scenario of the library to begin with.")] = "",
    folder: Annotated[Path, typer.Option(help="Where to write it.")] = Path("scenarios"),
) -> None:
    """Write a new scenario file: a ready-made one with its test, or a small one to begin with."""
    from operator_console.commands.writing import new

    new(name, folder, source)


@app.command("show")
def scenarios_show(
    name: Annotated[str, typer.Argument(metavar="SCENARIO", help="Which of the server's scenarios.")],
    *,
    url: Address = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Print a scenario as it lies on the server, and who stands where in it."""
    from operator_console.commands.writing import show as show_one

    show_one(name, url, token, as_json=as_json)


@app.command("pull")
def scenarios_pull(
    folder: Annotated[Path | None, typer.Argument(help="Where to.", show_default="scenarios")] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what was changed here, too.")] = False,
    url: Address = "",
    token: Token = "",
) -> None:
    """Bring the server's scenarios and segments into a folder, for an editor and git.

    What was changed here stays; what was changed on both sides gets the server's text beside it.
    """
    from operator_console.commands.publishing import pull, target

    raise typer.Exit(pull(target(folder, url, token), force=force))


@app.command("diff")
def scenarios_diff(
    path: Annotated[Path | None, typer.Argument(help="A folder or a file.", show_default="scenarios")] = None,
    *,
    url: Address = "",
    token: Token = "",
) -> None:
    """Say in meaning what publishing would change, and who stands where. Status 1 where anything differs."""
    from operator_console.commands.publishing import diff, target

    raise typer.Exit(diff(target(path, url, token)))


@app.command("push")
def scenarios_push(
    path: Annotated[Path | None, typer.Argument(help="A folder or a file.", show_default="scenarios")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Publish without asking.")] = False,
    move: Annotated[
        list[str] | None,
        typer.Option(
            "--move",
            metavar="SCENARIO.STEP=TARGET",
            help="Where visitors of a step that is gone go on: another step, or stop.",
        ),
    ] = None,
    url: Address = "",
    token: Token = "",
) -> None:
    """Publish what differs: shows each difference and asks. Never overwrites what somebody else published."""
    from operator_console.commands.publishing import PushOptions, parse_moves, push, target

    options = PushOptions(parse_moves(move or []), without_asking=yes)
    raise typer.Exit(push(target(path, url, token), options))


@app.command("test")
def scenarios_test(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH", help="Test files, scenarios with one, or folders of them.", exists=True
        ),
    ],
    *,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the results as JUnit XML, too.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Say which branches no test walks, and the whole in percent.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under", metavar="N", help="Status 1 where less than N% are walked.", min=0, max=100
        ),
    ] = None,
) -> None:
    """Run the tests beside scenarios, on a virtual clock. Status 1 where one fails.

    The tests of NAME.yaml stand in NAME.test.yaml.
    """
    from operator_console.commands.testing import run_tests

    raise typer.Exit(run_tests(paths, junit=junit, coverage=coverage, fail_under=fail_under))


@app.command("backtest")
def scenarios_backtest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The draft.", exists=True, dir_okay=False)],
    *,
    since: Annotated[str, typer.Option("--from", help="A date, or how long ago: 30d, 2026-03-01.")] = "30d",
    until: Annotated[str, typer.Option("--to", help="Likewise.", show_default="now")] = "",
    data: DataFolder = None,
    events: Annotated[
        Path | None, typer.Option("--events", help="A file of events, instead of a server's data.")
    ] = None,
    jobs: Annotated[
        int, typer.Option(help="Processes that share the work.", show_default="one a core", min=0)
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Tell what a draft would have done with the visitors of a period: whom it would have let in, and what they
    would have got.
    """
    from operator_console.commands.backtest import BacktestOptions, backtest

    options = BacktestOptions(file, since, until, data, events, jobs, as_json)
    raise typer.Exit(backtest(options))


@app.command("play")
def scenarios_play(
    file: Annotated[Path, typer.Argument(help="The scenario to talk to.", exists=True, dir_okay=False)],
    *,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--with", metavar="FILE", help="Another scenario that runs, too.", exists=True, dir_okay=False
        ),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="LANGUAGE", help="The visitor's language.")] = "en",
    at: Annotated[
        str, typer.Option(metavar="DATETIME", help="When it begins, in the project's time.")
    ] = "2026-03-02 12:00",
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="The project's time zone.")] = "UTC",
    hours: Annotated[
        str,
        typer.Option(metavar="HOURS", help="When the shop is open: 09:00-18:00.", show_default="no hours"),
    ] = "",
    holiday: Annotated[
        list[str] | None,
        typer.Option(metavar="DAY", help="When it stays closed: 12-25, 2026-04-03; may be given often."),
    ] = None,
    known: Annotated[
        list[str] | None,
        typer.Option("--as", metavar="NAME=VALUE", help="What is known of the visitor; may be given often."),
    ] = None,
    screen: Annotated[
        bool,
        typer.Option(
            "--screen",
            help="On the whole terminal: pop-ups as large as they are, one thing back, tests recorded.",
        ),
    ] = False,
) -> None:
    """Talk to a scenario as a visitor, on a virtual clock.

    Type the number of an answer or write; `:help` lists the rest, such as `:advance 3d`. Reads a pipe, too, so that
    it can be scripted.
    """
    from operator_console.commands.playing import PlayOptions, play

    options = PlayOptions(lang, at, timezone, known or (), hours, holiday or (), screen)
    raise typer.Exit(play(file, beside or [], options))


@app.command("why")
def scenarios_why(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Which scenario.")],
    visitor: Annotated[str, typer.Argument(metavar="VISITOR", help="Id, email or user id.")],
    *,
    url: Address = "",
    token: Token = "",
    data: DataFolder = None,
    limit: Annotated[int, typer.Option(help="At most so many times, the newest.", min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    """Tell why a scenario reached a visitor, or why not: each time it was considered, with the line that decided.

    Asks a server; with --data it reads the folder itself, also while a server runs on it.
    """
    from operator_console.commands.why import WhyOptions, why

    raise typer.Exit(why(WhyOptions(scenario, visitor, url, token, data, limit, as_json)))
