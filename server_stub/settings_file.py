"""`settings.toml`: written whole and commented on the first start, read with errors that name the line.

The file is generated from the classes of `settings.py` and their docstrings: the two cannot drift apart.
"""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from scenarios_yaml.engine.clock import is_day
from server_stub.settings import SectionRule, Settings, Table

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+)\s*=")
_SYNTAX_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


class SettingsProblem(Struct, frozen=True):
    """One error of the file; `line` counts from 1, 0 where it is not known."""

    line: int
    text: str


class SettingsError(Exception):
    """The settings file cannot be used. Carries every problem, not only the first."""

    def __init__(self, path: Path, problems: list[SettingsProblem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        lines = [f"{path}:{problem.line}: {problem.text}" for problem in problems]
        super().__init__("\n".join(lines))


def load_settings(path: Path, first: Settings | None = None) -> Settings:
    """Read the file. Where there is none, write it: what differs from the defaults in `first`, the rest commented out.

    Raises SettingsError with all that is wrong, and OSError.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(commented_settings(first), encoding="utf-8")
        return first or Settings()
    return parse_settings(path, path.read_text(encoding="utf-8", errors="replace"))


def parse_settings(path: Path, text: str) -> Settings:
    """Raises SettingsError; `path` is only named in it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        detail = _SYNTAX_PLACE.sub("", str(error)).strip()
        raise SettingsError(path, [SettingsProblem(line, f"This is not TOML: {detail}.")]) from error
    lines = _lines_of(text)
    problems = _check_table(Settings, raw, "", lines)
    if problems:
        raise SettingsError(path, problems)
    settings = msgspec.convert(raw, Settings)
    if problems := _check_values(settings, lines):
        raise SettingsError(path, problems)
    return settings


# --- Reading ------------------------------------------------------------------------------------------


def _check_table(table: type[Struct], raw: Any, path: str, lines: dict[str, int]) -> list[SettingsProblem]:
    """What is wrong in this table and below it, in the order of the file's class."""
    if not isinstance(raw, dict):
        return [SettingsProblem(_line(lines, path), f"`{path}` must be a table: [{path}].")]
    known = {field.name: field for field in fields(table)}
    problems = [_unknown_key(key, known, path, lines) for key in raw if key not in known]
    for key, value in raw.items():
        if key in known:
            problems += _check_field(known[key], value, f"{path}.{key}".lstrip("."), lines)
    return problems


def _check_field(field: FieldInfo, value: Any, path: str, lines: dict[str, int]) -> list[SettingsProblem]:
    if isinstance(field.type, type) and issubclass(field.type, Table):
        return _check_table(field.type, value, path, lines)
    if path == "sections" and isinstance(value, list):
        return [
            problem
            for index, rule in enumerate(value)
            for problem in _check_rule(rule, f"{path}[{index}]", lines)
        ]
    # Entries one by one, so that each error has its own line.
    parts = {f"{path}.{key}": {key: entry} for key, entry in value.items()} if isinstance(value, dict) else {}
    problems = []
    for place, part in (parts or {path: value}).items():
        try:
            msgspec.convert(part, field.type)
        except msgspec.ValidationError as error:
            problems.append(SettingsProblem(_line(lines, place), f"`{place}`: {_plain(error)}."))
    return problems


def _check_rule(rule: Any, path: str, lines: dict[str, int]) -> list[SettingsProblem]:
    problems = _check_table(SectionRule, rule, path, lines)
    if isinstance(rule, dict) and "path" not in rule:
        problems.append(SettingsProblem(_line(lines, path), f"`{path}` has no `path`."))
    return problems


def _check_values(settings: Settings, lines: dict[str, int]) -> list[SettingsProblem]:
    """What a type cannot say."""
    problems = []
    try:
        ZoneInfo(settings.site.timezone)
    except (ValueError, OSError, KeyError):
        text = f"`site.timezone`: no time zone {settings.site.timezone!r}; write one such as Europe/Berlin."
        problems.append(SettingsProblem(_line(lines, "site.timezone"), text))
    for origin in settings.site.allowed_origins:
        if not re.fullmatch(r"https?://[^/?#\s]+", origin):
            text = f"`site.allowed_origins`: {origin!r} is no origin such as https://shop.example (no path)."
            problems.append(SettingsProblem(_line(lines, "site.allowed_origins"), text))
    for day in settings.site.holidays:
        if not is_day(day):
            text = f"`site.holidays`: there is no day {day!r}."
            problems.append(SettingsProblem(_line(lines, "site.holidays"), text))
    for rule in settings.sections:
        if not rule.path.startswith("/"):
            text = f"`sections`: the path {rule.path!r} must begin with a slash."
            problems.append(SettingsProblem(_line(lines, "sections"), text))
    return problems


def _unknown_key(key: str, known: dict[str, FieldInfo], path: str, lines: dict[str, int]) -> SettingsProblem:
    full = f"{path}.{key}".lstrip(".")
    near = difflib.get_close_matches(key, known, n=1)
    advice = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(known))}."
    return SettingsProblem(_line(lines, full), f"There is no setting `{full}`; {advice}")


def _plain(error: msgspec.ValidationError) -> str:
    return str(error).partition(" - at ")[0]


def _line(lines: dict[str, int], path: str) -> int:
    """The line of a key, else that of the nearest table above it, else 0."""
    while path:
        if path in lines:
            return lines[path]
        path = re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", path)
    return 0


def _lines_of(text: str) -> dict[str, int]:
    """Dotted path → line (from 1) of every table header and key; enough for error messages, not a parser."""
    places: dict[str, int] = {}
    table = ""
    arrays: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = header[1].replace('"', "")
            if line.lstrip().startswith("[["):
                places.setdefault(table, number)
                index = arrays[table] = arrays.get(table, -1) + 1
                table = f"{table}[{index}]"
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault(f"{table}.{key[1].strip(chr(34) + chr(39))}".lstrip("."), number)
    return places


# --- Writing ------------------------------------------------------------------------------------------


def commented_settings(chosen: Settings | None = None) -> str:
    """The text of a new settings file: every setting with its documentation and default, commented out.

    Of `chosen`, what stands in the plain tables (site, look, chat, limits) and is not the default is written live.
    """
    parts = [
        "# Settings of this desk. Take the # off a line to change it; the server reads it when it starts.\n"
    ]
    docs = field_docs(Settings)
    for field in fields(Settings):
        value = getattr(Settings(), field.name)
        comment = _comment(docs[field.name])
        if isinstance(value, Table):
            wanted = getattr(chosen, field.name) if chosen else value
            parts.append(f"{comment}[{field.name}]\n\n{_table_lines(value, wanted)}")
        elif isinstance(value, dict):
            lines = "".join(f"# {key} = {_toml(entry)}\n" for key, entry in value.items())
            # An empty table would be a choice of its own (no hours, no codes): its header is commented too.
            parts.append(f"{comment}# [{field.name}]\n{lines}")
        else:
            rules = "".join(f"# [[{field.name}]]\n{_rule_lines(rule)}" for rule in value)
            parts.append(f"{comment}{rules}")
    return "\n".join(parts)


@functools.cache
def field_docs(table: type[Struct]) -> dict[str, str]:
    """Field → the docstring below it, on one line.

    Raises LookupError where a field has none: an undocumented setting does not reach the file.
    """
    import ast
    import inspect
    import textwrap

    tree = ast.parse(textwrap.dedent(inspect.getsource(table)))
    body = cast(ast.ClassDef, tree.body[0]).body
    docs: dict[str, str] = {}
    for statement, following in pairwise(body):
        is_field = isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        if is_field and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            name = cast(ast.Name, cast(ast.AnnAssign, statement).target).id
            docs[name] = " ".join(str(following.value.value).split())
    missing = [name for name in table.__struct_fields__ if name not in docs]
    if missing:
        raise LookupError(f"{table.__name__}: no docstring below {', '.join(missing)}")
    return docs


def _table_lines(default: Table, wanted: Table) -> str:
    docs = field_docs(type(default))
    lines = []
    for name in default.__struct_fields__:
        value = getattr(wanted, name)
        mark = "# " if value == getattr(default, name) else ""
        lines.append(f"{_comment(docs[name])}{mark}{name} = {_toml(value)}\n")
    return "\n".join(lines)


def _rule_lines(rule: SectionRule) -> str:
    return "".join(f"# {name} = {_toml(getattr(rule, name))}\n" for name in rule.__struct_fields__)


def _comment(text: str) -> str:
    import textwrap

    return "".join(f"# {line}\n" for line in textwrap.wrap(text, 100))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
