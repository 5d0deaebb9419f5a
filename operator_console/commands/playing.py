"""`scenarios play`: talk to a scenario in the terminal as a visitor, on a virtual clock; or script it by a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from operator_console.commands.talk import CommandError, explain
from operator_console.safe_text import safe_text

if TYPE_CHECKING:
    from scenarios_yaml.language.model import Scenario
    from scenarios_yaml.tools.playing.player import Player, Thing


class PlayOptions(NamedTuple):
    """The visitor's language and what is known of him (`name=value` each), when it begins and in which zone."""

    lang: str
    at: str
    timezone: str
    known: Sequence[str] = ()
    hours: str = ""
    """When the shop is open, such as 09:00-18:00; empty: it has no business hours."""
    holidays: Sequence[str] = ()
    """Days on which it does not open: 2026-04-03, or 12-25."""
    on_screen: bool = False
    """Whether the player takes the whole terminal, with pop-ups as large as they are."""


def play(file: Path, beside: Sequence[Path], options: PlayOptions) -> int:
    """Play a scenario file until the input ends: 0 then, 1 where a file cannot be read. Raises `CommandError`."""
    if options.on_screen:
        return _on_screen(file, beside, options)
    player = _player([file, *beside], options)
    if player is None:
        return 1
    in_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    show = _terminal_page(player) if in_terminal else _plain_page(player)
    try:
        _play(player, show, in_terminal)
    except KeyboardInterrupt:
        if in_terminal:
            sys.stdout.write("\n")
    return 0


def _on_screen(file: Path, beside: Sequence[Path], options: PlayOptions) -> int:
    from operator_console.commands.playing_screen import play_on_screen
    from operator_console.designer.play.people import Person
    from scenarios_yaml.language.scalars import is_moment
    from scenarios_yaml.tools.testing.case_files import Shelf
    from scenarios_yaml.tools.testing.cases import Case

    if not is_moment(options.at):
        raise CommandError(f"{options.at} is no date and time.", "Write it as 2026-03-05 10:00.")
    given = _given(options.known)
    read = [Shelf().scenario(path).scenario for path in beside]
    world = Case(
        name="",
        line=0,
        at=options.at,
        timezone=_zone(options.timezone),
        business_hours=_hours(options.hours),
        holidays=_holidays(options.holidays),
        beside=tuple(scenario.slug for scenario in read if scenario is not None),
    )
    is_told = bool(given) or options.lang != "en"
    person = Person(called="As you said", given=given, locale=options.lang) if is_told else None
    return play_on_screen(file, beside, world, person)


def _zone(name: str) -> str:
    from scenarios_yaml.engine.clock import known_zone

    if known_zone(name) is None:
        raise CommandError(f"There is no time zone {name}.", "Write one such as Europe/Prague.")
    return name


def _given(known: Sequence[str]) -> dict[str, Any]:
    """What is known of the visitor."""
    from scenarios_yaml.tools.playing.player_lines import pairs
    from scenarios_yaml.tools.stage import CannotError

    try:
        before, given = pairs(" ".join(known))
    except CannotError as error:
        raise CommandError(error.message, error.hint) from error
    if before:
        raise CommandError(f"{before} says nothing of the visitor.", "For example --as city=Prague.")
    return given


def _player(files: Sequence[Path], options: PlayOptions) -> Player | None:
    """None after the mistakes of the files were told."""
    from scenarios_yaml.tools.playing.player import Player, Settings
    from scenarios_yaml.tools.stage import CannotError
    from scenarios_yaml.tools.testing.case_files import Shelf

    shelf = Shelf()
    scenarios: list[Scenario] = []
    for file in files:
        read = shelf.scenario(file)
        for problem in read.errors:
            explain(safe_text(problem, limit=1_000))
        if read.scenario is not None:
            scenarios.append(read.scenario)
    if len(scenarios) < len(files):
        return None
    try:
        settings = Settings(
            locale=options.lang,
            at=options.at,
            timezone=_zone(options.timezone),
            hours=_hours(options.hours),
            holidays=_holidays(options.holidays),
            given=_given(options.known),
        )
        return Player(scenarios, shelf.segments(files[0].parent), settings)
    except CannotError as error:
        raise CommandError(error.message, error.hint) from error


def _hours(given: str) -> tuple[str, str] | None:
    from scenarios_yaml.language.scalars import is_time

    if not given:
        return None
    begins, _, ends = given.replace(" ", "").partition("-")
    if not (is_time(begins) and is_time(ends)):
        raise CommandError(f"{given} are no hours.", "Write them as 09:00-18:00.")
    return begins, ends


def _holidays(given: Sequence[str]) -> tuple[str, ...]:
    from scenarios_yaml.engine.clock import is_day

    for day in given:
        if not is_day(day):
            raise CommandError(f"{day} is no day.", "Write it as 2026-04-03, or as 12-25 for every year.")
    return tuple(given)


def _play(player: Player, show: Any, in_terminal: bool) -> None:
    from scenarios_yaml.tools.playing.player import Left

    show(player.greeting())
    for line in _typed(player) if in_terminal else _piped():
        things: list[Thing] = player.feed(line)
        show(things)
        if any(isinstance(thing, Left) for thing in things):
            return


def _typed(player: Player) -> Iterator[str]:
    """What is typed behind a prompt that shows the virtual clock, until Ctrl+D."""
    import readline  # with it the arrow keys bring back earlier lines

    readline.set_auto_history(True)
    while True:
        try:
            # The marks tell readline which characters take no room.
            yield input(f"\001\x1b[2m\002{player.clock[5:16]}\001\x1b[0;1m\002 › \001\x1b[0m\002")
        except EOFError:
            sys.stdout.write("\n")
            return


def _piped() -> Iterator[str]:
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    yield from sys.stdin


def _terminal_page(player: Player) -> Any:
    from operator_console.commands.playing_page import TerminalPage

    return TerminalPage(player).show


def _plain_page(player: Player) -> Any:
    from operator_console.commands.playing_lines import show_lines

    return lambda things: show_lines(things, player.shown)
