"""What a person sets for the console on his machine: `console.toml` in the configuration folder, read at the start.

Every setting has a default, so the file need not exist. `as_toml` writes it with a comment above each setting, made
from the descriptions below; keys have a file of their own (keymap.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_type_hints

import msgspec
from msgspec import Meta, Struct
from platformdirs import user_config_path

from operator_console.credentials import APP

NoticeKind: TypeAlias = Literal["waiting", "message", "mention", "assigned"]
DesktopWay: TypeAlias = Literal["auto", "osc9", "osc99", "osc777", "off"]

_HOURS = r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"


class PreferencesError(Exception):
    """A file of the console's settings cannot be used; the text says which, what is wrong and what to do."""


class NoticePreferences(Struct, frozen=True, forbid_unknown_fields=True):
    """When the console calls whoever is not looking at it."""

    bell: Annotated[
        tuple[NoticeKind, ...],
        Meta(
            description="Ring the terminal's bell when: waiting (somebody begins to wait for people), message (a "
            "visitor writes in a dialog of yours), mention (a note calls you), assigned (a dialog becomes yours)."
        ),
    ] = ("waiting", "mention", "assigned")
    desktop: Annotated[
        tuple[NoticeKind, ...],
        Meta(
            description="Show a notification of the desktop, while the terminal is not in front, when: as above."
        ),
    ] = ("waiting", "message", "mention", "assigned")
    desktop_by: Annotated[
        DesktopWay,
        Meta(
            description="How the terminal is asked for it: osc9 (iTerm2, Ghostty, WezTerm), osc99 "
            "(kitty), osc777 (foot, urxvt, VTE), off; auto looks at the terminal's name."
        ),
    ] = "auto"
    silent: Annotated[
        str,
        Meta(pattern=_HOURS, description='Hours in which nothing rings or pops up, such as "22:00-08:00".'),
    ] = ""


class Preferences(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings, with their defaults."""

    language: Annotated[
        Literal["", "en", "ru"],
        Meta(description="The language of the console: en or ru. Empty: the terminal's."),
    ] = ""
    theme: Annotated[
        Literal["dark", "light"], Meta(description="dark or light; Ctrl+L changes it for a while.")
    ] = "dark"
    undo_seconds: Annotated[
        int,
        Meta(
            ge=0,
            le=60,
            description="Seconds for which a message you send can be taken back before it leaves; 0: none.",
        ),
    ] = 5
    away_after: Annotated[
        int,
        Meta(
            ge=0,
            le=1440,
            description="Minutes without a key after which you count as away and get no new dialogs; 0: never.",
        ),
    ] = 15
    pictures: Annotated[
        bool, Meta(description="Show pictures that visitors send, and those of the cart, in the terminal.")
    ] = True
    notices: NoticePreferences = NoticePreferences()


def preferences_path() -> Path:
    """Where the settings lie."""
    return user_config_path(APP) / "console.toml"


def read_preferences(path: Path) -> Preferences:
    """The settings of a file; the defaults where there is none. Raises PreferencesError."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Preferences)
    except FileNotFoundError:
        return Preferences()
    except OSError as error:
        raise PreferencesError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PreferencesError(
            f"{path}: {error}. `operator-console settings` prints a file in which everything is right."
        ) from error


def as_toml(preferences: Preferences | None = None) -> str:
    """The settings as the text of a file, each below what it says."""
    preferences = preferences or Preferences()
    lines = ["# The settings of the console on this machine. What is left out is as it stands here.", ""]
    tables: list[tuple[str, Struct]] = []
    for name in preferences.__struct_fields__:
        value = getattr(preferences, name)
        if isinstance(value, Struct):
            tables.append((name, value))
        else:
            lines += _setting(Preferences, name, value)
    for table, values in tables:
        lines += [f"# {_first_line(type(values))}", f"[{table}]"]
        for name in values.__struct_fields__:
            lines += _setting(type(values), name, getattr(values, name))
    return "\n".join(lines)


def _setting(owner: type[Struct], name: str, value: Any) -> list[str]:
    """The lines of one setting: its description, wrapped, and itself."""
    import textwrap

    hint = get_type_hints(owner, include_extras=True)[name]
    metas = [meta for meta in hint.__metadata__ if isinstance(meta, Meta) and meta.description]
    text = metas[0].description or ""
    written = msgspec.json.encode(value).decode()
    return [*(f"# {line}" for line in textwrap.wrap(text, 100)), f"{name} = {written}", ""]


def _first_line(owner: type[Struct]) -> str:
    return (owner.__doc__ or "").strip().partition("\n")[0]
