"""The widget's look in `settings.toml`: changed there below [look], and nowhere else.

The file belongs to whoever keeps the server: its comments, its order and its other settings stay byte by byte, and a
file that cannot be read is never written over.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, cast

from msgspec.structs import asdict

from server_stub.protocol import WidgetLook
from server_stub.settings import LookSettings
from server_stub.settings_file import SettingsError, parse_settings
from server_stub.work import Rejected

_TABLE = re.compile(r"\s*\[\[?[^\[\]]+\]\]?\s*(#.*)?\r?$")
_LOOK_TABLE = re.compile(r"\s*\[\s*look\s*\]\s*(#.*)?\r?$")
_BY_HAND = "Change [look] in it by hand and restart the server."


class ChangedByHand(Exception):
    """Another look stands in the file than the one that is known; `look` is that one."""

    def __init__(self, look: WidgetLook) -> None:
        super().__init__("the look was changed by hand")
        self.look = look


def look_as_set(look: LookSettings) -> WidgetLook:
    """The look as the settings have it: an empty title stays empty."""
    return WidgetLook(**asdict(look))


def rewrite_look(path: Path, wanted: WidgetLook, known: WidgetLook) -> None:
    """Put `wanted` into the file in place of `known`. A reader sees the old file or the new one, never half of one.

    Raises ChangedByHand; Rejected (422) where the file cannot be read or be changed without touching anything else, 409
    where it was written to in the same moment; OSError where it cannot be written.
    """
    path = path.resolve()  # of a link, what it leads to
    before = _read(path)
    text = _decoded(before, path)
    in_file = _look_in(text, path)
    if in_file == wanted:
        return
    if in_file != known:
        raise ChangedByHand(in_file)
    after = with_look(text, wanted).encode()
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write_as(fresh, after, path)
        if _read(path) != before:
            raise Rejected("conflict", f"{path.name} is being changed by somebody else.", status=409)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def with_look(text: str, wanted: WidgetLook) -> str:
    """The text of the file with that look. What is the default already, and does not stand there, is not written.

    Raises Rejected (422) where it is written so that anything else would change with it.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    raw = tomllib.loads(text)
    now = {**asdict(LookSettings()), **raw.get("look", {})}
    changed = {name: value for name, value in asdict(wanted).items() if value != now[name]}
    try:
        document = tomlkit.parse(text)
        is_kept = tomlkit.dumps(document) == text
        there = {name: value for name, value in changed.items() if name in raw.get("look", {})}
        if there:
            cast(MutableMapping[str, Any], document["look"]).update(there)
        missing = {name: value for name, value in changed.items() if name not in there}
        after = _with_lines(tomlkit.dumps(document), missing)
        wished = {**raw, "look": {**raw.get("look", {}), **changed}}
        if is_kept and tomllib.loads(after) == wished:
            return after
    except (TOMLKitError, tomllib.TOMLDecodeError, TypeError):
        pass  # said below, with what to do
    raise Rejected(
        "invalid", "The look in settings.toml is written in an unusual way.", status=422, hint=_BY_HAND
    )


def _with_lines(text: str, missing: Mapping[str, str]) -> str:
    """Each setting that is not there yet below its commented default, else at the head of its table."""
    import tomlkit

    if not missing:
        return text
    lines = text.split("\n")
    head = next((at for at, line in enumerate(lines) if _LOOK_TABLE.match(line)), None)
    if head is None:
        document = tomlkit.parse(text)
        look = cast(MutableMapping[str, Any], document.setdefault("look", tomlkit.table()))
        look.update(missing)
        return tomlkit.dumps(document)
    line_end = "\r" if lines[head].endswith("\r") else ""
    for name, value in missing.items():
        behind = head
        for at in range(head + 1, len(lines)):
            if _TABLE.match(lines[at]):
                break
            if re.match(rf"\s*#\s*{name}\s*=", lines[at]):
                behind = at
        lines.insert(behind + 1, f"{name} = {tomlkit.item(value).as_string()}{line_end}")
    return "\n".join(lines)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        detail = f"{path.name} cannot be read: {error.strerror}."
        raise Rejected("invalid", detail, status=422, hint="Put it back, or restart the server.") from error


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = f"{path.name}, line {line}: This is not UTF-8."
        raise Rejected("invalid", detail, status=422, hint="Save it as UTF-8, then try again.") from error


def _look_in(text: str, path: Path) -> WidgetLook:
    try:
        return look_as_set(parse_settings(path, text).look)
    except SettingsError as error:
        first = error.problems[0]
        detail = f"{path.name}, line {first.line}: {first.text}"
        hint = "Correct it there, then try again. Nothing was written."
        raise Rejected("invalid", detail, status=422, hint=hint) from error


def _write_as(fresh: Path, content: bytes, old: Path) -> None:
    """A new file with the rights of the old one, safe on the disk before it takes its place."""
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(old.stat().st_mode & 0o7777)
