"""`scenarios pull | diff | push`: files move between a folder (git) and a server, and nothing is overwritten unseen."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from operator_console.client import DeskClient
from operator_console.commands.opening import find_desk
from operator_console.commands.talk import CommandError, say
from operator_console.difference_lines import difference_lines, lines_of_new, summary
from operator_console.errors import Refused
from operator_console.safe_text import safe_line
from operator_console.working_copy import LocalFile, Pulled, WorkingCopy
from server_stub.protocol import Publication, PublishScenario, ScenarioFile, ScenarioProblem

T = TypeVar("T")
STOP = "stop"
"""What stands for "their runs stop" behind `--move STEP=`."""
FEW = 10
"""So many files that lie only on the server are named one by one."""

_PULLED: dict[Pulled, str] = {
    "new": "new",
    "updated": "updated",
    "same": "as it was",
    "ours": "changed here, kept",
    "both": "changed here and there",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Which server, and which folder or file of this machine."""

    folder: Path
    url: str = ""
    token: str = ""
    only: Path | None = None


@dataclass(frozen=True, slots=True)
class PushOptions:
    """`moves`: by slug, where visitors of a step that is gone go on; an empty string stops them."""

    moves: Mapping[str, Mapping[str, str]]
    without_asking: bool = False


def target(path: Path | None, url: str, token: str) -> Target:
    """The folder that a path means: it itself, or the working copy in which the file lies."""
    path = path or Path("scenarios")
    if path.is_file():
        above = next((parent for parent in path.resolve().parents if (parent / ".desk.json").exists()), None)
        return Target(above or path.parent, url, token, path.resolve() if above else path)
    return Target(path, url, token)


def pull(where: Target, *, force: bool) -> int:
    """Bring the server's files into the folder. 1 where some were changed on both sides, else 0."""
    return _with_server(where, lambda client, copy: _pull(client, copy, force=force))


def diff(where: Target) -> int:
    """Print in meaning what publishing the folder would change. 1 where anything differs, else 0."""
    return _with_server(where, lambda client, copy: _diff(client, copy, where.only))


def push(where: Target, options: PushOptions) -> int:
    """Publish what differs, one by one, after it was shown and agreed to. 1 where something was not published."""
    return _with_server(where, lambda client, copy: _push(client, copy, where.only, options))


def parse_moves(written: list[str]) -> dict[str, dict[str, str]]:
    """`SCENARIO.STEP=TARGET`, where TARGET may be `stop`. Raises CommandError."""
    moves: dict[str, dict[str, str]] = {}
    for one in written:
        place, equals, to = one.partition("=")
        slug, dot, step = place.partition(".")
        if not (equals and dot and slug and step and to):
            raise CommandError(
                f"“{one}” is no move.", "Write --move series.pause=letter, or --move series.pause=stop."
            )
        moves.setdefault(slug, {})[step] = "" if to == STOP else to
    return moves


def _with_server(where: Target, work: Callable[[DeskClient, WorkingCopy], Awaitable[int]]) -> int:
    desk = find_desk(where.url, where.token)

    async def run() -> int:
        client = DeskClient(desk.url, desk.token)
        try:
            copy = WorkingCopy(where.folder, client.url)
            return await work(client, copy)
        finally:
            await client.close()

    return asyncio.run(run())


# --- Pull -----------------------------------------------------------------------------------------------------


async def _pull(client: DeskClient, copy: WorkingCopy, *, force: bool) -> int:
    scenarios, segments = await client.scenarios(), await client.segments()
    both = 0
    counted: dict[Pulled, int] = {}
    for kind, statuses in (("scenario", scenarios), ("segment", segments)):
        for status in statuses:
            remote = await client.scenario_file(status.slug, kind)  # type: ignore[arg-type]
            path, done = copy.pull(kind, remote, force=force)  # type: ignore[arg-type]
            counted[done] = counted.get(done, 0) + 1
            both += done == "both"
            if done != "same":
                typer.echo(f"{safe_line(path, 500)}: {_PULLED[done]}")
    copy.save()
    told = ", ".join(f"{count} {_PULLED[done]}" for done, count in counted.items())
    say(f"{sum(counted.values())} files in {copy.folder}: {told or 'the server has none'}.")
    if both:
        say(
            "What was changed on both sides stayed as it was here; the server's text lies beside it as "
            "FILE.theirs. Bring them together, then `operator-console scenarios push`."
        )
    return 1 if both else 0


# --- Diff -----------------------------------------------------------------------------------------------------


async def _diff(client: DeskClient, copy: WorkingCopy, only: Path | None) -> int:
    differs = False
    for local in _files(copy, only):
        remote = await _remote(client, local)
        if remote is not None and remote.text == local.text:
            continue
        differs = True
        publication = await _rehearsed(client, local, {}, remote.base if remote is not None else "")
        if publication is not None:
            _show(local, publication, is_new=remote is None)
    if not only:
        differs |= await _only_there(client, copy)
    if not differs:
        say("Nothing differs.")
    return 1 if differs else 0


async def _only_there(client: DeskClient, copy: WorkingCopy) -> bool:
    here = {(local.kind, local.slug) for local in copy.files()}
    there = [("scenario", status.slug) for status in await client.scenarios()]
    there += [("segment", status.slug) for status in await client.segments()]
    missing = [(kind, safe_line(slug)) for kind, slug in there if (kind, slug) not in here]
    for kind, slug in missing[:FEW]:
        typer.echo(f"{kind} {slug}: only on the server")
    if len(missing) > FEW:
        typer.echo(f"and {len(missing) - FEW} more: only on the server")
    if missing:
        say("`operator-console scenarios pull` brings what is only on the server.")
    return bool(missing)


# --- Push -----------------------------------------------------------------------------------------------------


async def _push(client: DeskClient, copy: WorkingCopy, only: Path | None, options: PushOptions) -> int:
    failed = published = 0
    for local in _files(copy, only):
        done = await _push_one(client, copy, local, options)
        published += done is True
        failed += done is False
        copy.save()
    if not published and not failed:
        say("Nothing differs: nothing was published.")
    elif published:
        say(f"Published: {published}.")
    return 1 if failed else 0


async def _push_one(
    client: DeskClient, copy: WorkingCopy, local: LocalFile, options: PushOptions
) -> bool | None:
    """True: published; False: not; None: there was nothing to publish."""
    remote = await _remote(client, local)
    base = remote.base if remote is not None else ""
    if remote is not None and remote.text == local.text:
        copy.remember(local.kind, local.slug, base, local.text)
        return None
    if local.base != base:
        _say_conflict(local, base)
        return False
    moves = dict(options.moves.get(local.slug, {}))
    rehearsal = await _rehearsed(client, local, moves, base)
    if rehearsal is None:
        return False
    _show(local, rehearsal, is_new=remote is None)
    decided = await _decided(client, local, rehearsal, moves, options)
    if decided is None or not (options.without_asking or _agreed(local)):
        say(f"{local.slug} was not published.")
        return False
    return await _publish(client, copy, local, decided, base)


async def _publish(
    client: DeskClient, copy: WorkingCopy, local: LocalFile, moves: Mapping[str, str], base: str
) -> bool:
    request = PublishScenario(text=local.text, base=base, moves=dict(moves))
    try:
        done = await client.publish(local.slug, request, local.kind)
    except Refused as error:
        _say_refused(local, error)
        return False
    copy.remember(local.kind, local.slug, done.base, local.text)
    typer.echo(f"{local.slug}: published, version {done.version}")
    return True


async def _decided(
    client: DeskClient, local: LocalFile, rehearsal: Publication, moves: dict[str, str], options: PushOptions
) -> dict[str, str] | None:
    """Asks what becomes of visitors whose step is gone. None where that stays open: then it was said why."""
    undecided = [standing for standing in rehearsal.standing if standing.fate == "undecided"]
    if not undecided:
        return moves
    if options.without_asking or not sys.stdin.isatty():
        steps = " ".join(f"--move {local.slug}.{safe_line(standing.step)}=STEP" for standing in undecided)
        say(f"{local.slug}: visitors stand at steps that are gone. Say where they go on: {steps} (or =stop).")
        return None
    for standing in undecided:
        to = typer.prompt(
            f"Where do the {standing.visitors} at “{safe_line(standing.name)}” go on? A step's id, or {STOP}",
            default=STOP,
            err=True,
        ).strip()
        moves = {**moves, standing.step: "" if to == STOP else to}
    again = await _rehearsed(client, local, moves, rehearsal.base)
    if again is None:
        return None
    for line in difference_lines(replace(again, differences=())):
        Console(highlight=False).print(line, soft_wrap=True)
    return moves


def _agreed(local: LocalFile) -> bool:
    if not sys.stdin.isatty():
        raise CommandError(
            "There is nobody to ask whether to publish.", "Look with `scenarios diff`, then push with --yes."
        )
    return typer.confirm(f"Publish {local.slug}?", err=True)


# --- Both -----------------------------------------------------------------------------------------------------


def _files(copy: WorkingCopy, only: Path | None) -> list[LocalFile]:
    """Segments first: scenarios may name them. Raises CommandError where there is nothing."""
    if only is None and not copy.folder.is_dir():
        raise CommandError(
            f"There is no folder {copy.folder}.",
            "Bring the server's files here: `operator-console scenarios pull`.",
        )
    found = sorted(copy.files(only), key=lambda local: local.kind != "segment")
    if not found:
        raise CommandError(f"There is no scenario in {only or copy.folder}.", "Scenario files end in .yaml.")
    return found


async def _remote(client: DeskClient, local: LocalFile) -> ScenarioFile | None:
    """What lies on the server now under this name."""
    try:
        return await client.scenario_file(local.slug, local.kind)
    except Refused as error:
        if error.status == 404:
            return None
        raise


async def _rehearsed(
    client: DeskClient, local: LocalFile, moves: Mapping[str, str], base: str
) -> Publication | None:
    """What would come of it; None where the text has errors, which were said."""
    request = PublishScenario(text=local.text, base=base, moves=dict(moves), rehearse=True)
    try:
        return await client.publish(local.slug, request, local.kind)
    except Refused as error:
        _say_refused(local, error)
        return None


def _show(local: LocalFile, publication: Publication, *, is_new: bool = False) -> None:
    console = Console(highlight=False)
    title = Text(local.slug, style="bold")
    title.append(f"  {f'new {local.kind}' if is_new else summary(publication)}", style="dim")
    console.print(title, soft_wrap=True)
    for line in _lines_of_new(local) if is_new else difference_lines(publication):
        console.print(line, soft_wrap=not sys.stdout.isatty())
    _say_problems(local, publication.problems)


def _lines_of_new(local: LocalFile) -> Iterator[Text]:
    from scenarios_yaml.language.reader import read_scenario
    from scenarios_yaml.language.segment_reader import read_segment
    from scenarios_yaml.language.whole.walking import every_step

    if local.kind == "segment":
        segment = read_segment(local.text).segment
        return lines_of_new(segment.title.render({}, "en") if segment else local.slug, "", 0)
    scenario = read_scenario(local.text).scenario
    if scenario is None:
        return lines_of_new(local.slug, "", 0)
    return lines_of_new(scenario.title.render({}, "en"), scenario.status, len(list(every_step(scenario))))


def _say_conflict(local: LocalFile, base: str) -> None:
    if not local.base:
        say(
            f"{local.slug}: the server has one of this name that you have not seen. `scenarios pull` brings it."
        )
    elif not base:
        say(
            f"{local.slug}: it is gone from the server since you pulled it. `scenarios pull`, then push again."
        )
    else:
        say(
            f"{local.slug}: somebody else has published another version since you pulled it; nothing was "
            "overwritten. `scenarios pull` brings it beside yours, then push again."
        )


def _say_refused(local: LocalFile, error: Refused) -> None:
    say(f"{local.slug}: {safe_line(error.message, 1000)}")
    if error.problem.hint:
        say(f"    {safe_line(error.problem.hint, 500)}")
    _say_problems(local, error.problem.problems, "error")


def _say_problems(local: LocalFile, problems: tuple[ScenarioProblem, ...], severity: str = "warning") -> None:
    for problem in problems:
        say(f"{local.path}:{problem.line}:{problem.column}: {severity}: {safe_line(problem.text, 500)}")
        if problem.hint:
            say(f"    {safe_line(problem.hint, 500)}")
