"""`scenarios check`: what is wrong with the files of scenarios, segments and tests, without any server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import typer

from operator_console.commands.talk import CommandError, say, show_json
from operator_console.safe_text import safe_line

if TYPE_CHECKING:
    from scenarios_yaml.language.model import Scenario, Segment
    from scenarios_yaml.language.problems import Problem

LEVELS_UP = 2
"""How far above a scenario its `segments` and `files` are looked for: shelves stand one below the other, no deeper."""

Kind: TypeAlias = Literal["scenario", "segment", "test"]

_SEGMENT = re.compile(r"^segment\s*:", re.MULTILINE)
_SCENARIO = re.compile(r"^scenario\s*:", re.MULTILINE)


def check(paths: list[Path], *, settings: Path | None, locales: Iterable[str], as_json: bool) -> int:
    """Print every problem as `file:line:column: severity: message`; 1 where there is an error, else 0.

    `settings` is a server's settings file: its pools of promo codes are those that exist. Every text must be there
    in `locales`. Raises `CommandError`.
    """
    files = list(dict.fromkeys(_files(paths)))
    checking = _Checking(_coupons(settings), tuple(locales))
    for file in files:
        checking.read(file)
    problems = checking.all_problems()
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        show_json([_as_record(problem) for problem in problems])
    else:
        for problem in problems:
            _print(problem)
        warnings = _counted(len(problems) - errors, "warning")
        say(f"{_counted(len(files), 'file')} checked: {_counted(errors, 'error')}, {warnings}.")
    return 1 if errors else 0


class _Checking:
    """What was read so far, and what lies beside it: the segments, files and scenarios that it may name."""

    def __init__(self, coupons: frozenset[str] | None, locales: tuple[str, ...]) -> None:
        self.coupons = coupons
        self.locales = locales
        self.problems: list[Problem] = []
        self.scenarios: list[tuple[Scenario, str]] = []
        self.segments: list[tuple[Segment, str]] = []
        self.texts: dict[str, str] = {}
        self._folders: dict[Path, None] = {}

    def read(self, file: Path) -> None:
        """Read one file, whatever it is; its text is kept, for the places of what only many files show."""
        from scenarios_yaml.language.file_text import text_of_file
        from scenarios_yaml.language.problems import Problem

        text = text_of_file(file)
        if isinstance(text, Problem):
            self.problems.append(text)
            return
        self.texts[str(file)] = text
        kind = _kind(file, text)
        if kind != "test":
            self._folders[file.resolve().parent] = None
        self.problems += _READERS[kind](self, text, str(file))

    def all_problems(self) -> list[Problem]:
        """Of each file, and of all of them together; by file, in the order of its lines."""
        from scenarios_yaml.language.whole.together import check_together

        roots = [_root_of(folder) for folder in self._folders]
        beside = self._segments_beside(roots)
        together = check_together(
            self.scenarios,
            [*self.segments, *beside],
            coupons=self.coupons,
            files=_files_to_send(roots),
            locales=self.locales,
            texts=self.texts,
            elsewhere=_names_beside(roots),
        )
        shown = [problem for problem in together if problem.file in self.texts]
        order = {file: number for number, file in enumerate(self.texts)}
        return sorted(
            [*self.problems, *shown], key=lambda one: (order.get(one.file, -1), one.line, one.column)
        )

    def _segments_beside(self, roots: Iterable[Path]) -> list[tuple[Segment, str]]:
        """Segments that exist though nobody asked to check them."""
        from scenarios_yaml.language.segment_reader import read_segment_file

        checked = {Path(file).resolve() for file in self.texts}
        found = []
        for path in {path for root in roots for path in sorted((root / "segments").glob("*.yaml"))} - checked:
            segment = read_segment_file(path).segment
            if segment is not None:
                found.append((segment, str(path)))
        return found

    # --- One file of each kind --------------------------------------------------------------------------------

    def read_scenario(self, text: str, file: str) -> tuple[Problem, ...]:
        from scenarios_yaml.language.reader import read_scenario

        result = read_scenario(text, file)
        if result.scenario is not None:
            self.scenarios.append((result.scenario, file))
        return result.problems

    def read_segment(self, text: str, file: str) -> tuple[Problem, ...]:
        from scenarios_yaml.language.segment_reader import read_segment

        result = read_segment(text, file)
        if result.segment is not None:
            self.segments.append((result.segment, file))
        return result.problems

    def read_tests(self, text: str, file: str) -> tuple[Problem, ...]:
        from scenarios_yaml.tools.testing.case_reader import read_tests

        return read_tests(text, file).problems


_READERS = {
    "scenario": _Checking.read_scenario,
    "segment": _Checking.read_segment,
    "test": _Checking.read_tests,
}


# --- Which files ------------------------------------------------------------------------------------------------


def _files(paths: list[Path]) -> Iterator[Path]:
    """YAML files below the paths, but for files to send; a file that is named is taken as it is. Raises
    `CommandError`."""
    for path in paths:
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*.yaml")) if _belongs(file.relative_to(path))]
            if not inside:
                raise CommandError(f"There is no scenario in {path}.", "Scenario files end in .yaml.")
            yield from inside
        elif path.exists():
            yield path
        else:
            raise CommandError(f"There is no {path}.")


def _belongs(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and "files" not in path.parts[:-1]


def _kind(file: Path, text: str) -> Kind:
    if file.name.endswith((".test.yaml", ".test.yml")):
        return "test"
    if file.parent.name == "segments" or (_SEGMENT.search(text) and not _SCENARIO.search(text)):
        return "segment"
    return "scenario"


def _root_of(folder: Path) -> Path:
    """The folder in which `segments` or `files` lie for this one: the nearest upwards; itself where none is near."""
    if folder.name == "segments":
        return folder.parent
    for place in (folder, *folder.parents[:LEVELS_UP]):
        if (place / "segments").is_dir() or (place / "files").is_dir():
            return place
    return folder


def _files_to_send(roots: Iterable[Path]) -> frozenset[str] | None:
    """The names of all files in the files folders; None where there is no such folder."""
    folders = [root / "files" for root in dict.fromkeys(roots) if (root / "files").is_dir()]
    if not folders:
        return None
    return frozenset(
        file.relative_to(folder).as_posix()
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file()
    )


def _names_beside(roots: Iterable[Path]) -> frozenset[str]:
    """The scenarios that lie in the same folders, by their files' names (`-` and `_` count as one)."""
    stems = {
        file.stem
        for root in dict.fromkeys(roots)
        for file in root.rglob("*.yaml")
        if not file.name.endswith(".test.yaml") and file.parent.name != "segments"
    }
    return frozenset(stems | {stem.replace("_", "-") for stem in stems})


def _coupons(settings: Path | None) -> frozenset[str] | None:
    """The pools of promo codes of a server's settings. Raises `CommandError`."""
    if settings is None:
        return None
    from server_stub.settings_file import SettingsError, parse_settings

    if not settings.is_file():
        raise CommandError(f"There is no {settings}.", "--settings takes a server's settings.toml.")
    try:
        return frozenset(parse_settings(settings, settings.read_text(encoding="utf-8")).coupons)
    except SettingsError as error:
        raise CommandError(f"The settings cannot be read.\n{error}") from error


# --- What is printed --------------------------------------------------------------------------------------------


def _print(problem: Problem) -> None:
    place = f"{safe_line(problem.file, 1_000)}:{problem.line}:{problem.column}"
    typer.echo(f"{place}: {problem.severity}: {safe_line(problem.message, 500)}")
    if problem.hint:
        typer.echo(f"    {safe_line(problem.hint, 500)}")


def _as_record(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "text": problem.text,
    }


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
