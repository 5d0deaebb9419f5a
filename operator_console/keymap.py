"""Other keys than those of the table: `keys.toml` in the configuration folder, a line for each action that differs.

    [keys]
    "dialog.reply" = "r, ctrl+g"

The names of actions and keys are those that `operator-console keys` prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from platformdirs import user_config_path

from operator_console.actions import ACTIONS, TEXT_PLACES, Action
from operator_console.credentials import APP
from operator_console.preferences import PreferencesError


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: dict[str, str] = {}


def keymap_path() -> Path:
    """Where the file lies."""
    return user_config_path(APP) / "keys.toml"


def read_keymap(path: Path) -> dict[str, tuple[str, ...]]:
    """Action's id → its keys, of those that the file changes. Raises PreferencesError, with all that is wrong."""
    try:
        given = msgspec.toml.decode(path.read_bytes(), type=_KeyFile).keys
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PreferencesError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PreferencesError(
            f"{path}: {error}. `operator-console keys` prints a file that is right."
        ) from error
    keymap = {
        action: tuple(key.strip() for key in keys.split(",") if key.strip()) for action, keys in given.items()
    }
    if problems := problems_of(keymap):
        raise PreferencesError(f"{path}: " + " ".join(problems))
    return keymap


def problems_of(keymap: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What is wrong with other keys, each in a sentence: unknown actions, letters in text fields, keys given twice."""
    known = {action.id for action in ACTIONS}
    problems = [f"There is no action {name!r}." for name in keymap if name not in known]
    for action in ACTIONS:
        keys = keymap.get(action.id, action.keys)
        if not keys:
            problems.append(f"{action.id} has no key left.")
        if action.id in keymap and (action.place in TEXT_PLACES or action.is_priority):
            letters = [key for key in keys if len(key) == 1]
            problems += [
                f"{action.id} works where text is written, and {key!r} is a letter there." for key in letters
            ]
    for place in dict.fromkeys(action.place for action in ACTIONS):
        problems += _doubles(place, [action for action in ACTIONS if action.place == place], keymap)
    return problems


def _doubles(place: str, actions: list[Action], keymap: Mapping[str, tuple[str, ...]]) -> list[str]:
    owners: dict[str, str] = {}
    problems = []
    for action in actions:
        for key in keymap.get(action.id, action.keys):
            if key in owners and (action.id in keymap or owners[key] in keymap):
                problems.append(f"{key!r} would be both {owners[key]} and {action.id} ({place}).")
            owners.setdefault(key, action.id)
    return problems


def as_toml(changed: Mapping[str, tuple[str, ...]]) -> str:
    """All keys as the text of a file, by place; `changed` are those that are others than in the table."""
    lines = [
        "# The keys of the console. Delete what you do not change; several keys are parted by commas.",
        "[keys]",
    ]
    place = ""
    for action in ACTIONS:
        if action.place != place:
            place = action.place
            lines += ["", f"# --- {place} ---"]
        keys = ", ".join(changed.get(action.id, action.keys))
        lines.append(f"{_quoted(action.id):<24} = {_quoted(keys):<28} # {action.help}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f'"{text}"'
