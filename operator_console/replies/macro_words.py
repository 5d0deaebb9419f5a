"""What a macro does, and what a saved reply is, in words. Knows no screen."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from operator_console.translation import _, marked
from server_stub.protocol import ChangeDialog, Operator, Preset

_PRIORITIES = {
    "low": marked("low"),
    "normal": marked("normal"),
    "high": marked("high"),
    "urgent": marked("urgent"),
}


def doings_of(change: ChangeDialog | None, operators: Mapping[str, Operator]) -> list[str]:
    """What becomes of the dialog, one thing each: "tags it refund", "closes it". Raw."""
    if change is None:
        return []
    doings: list[str] = []
    if change.add_tags:
        doings.append(_("tags it {tags}").format(tags=", ".join(change.add_tags)))
    if change.remove_tags:
        doings.append(_("takes tag {tags} off").format(tags=", ".join(change.remove_tags)))
    if change.priority is not UNSET:
        doings.append(_("sets its priority to {priority}").format(priority=_(_PRIORITIES[change.priority])))
    if change.assignee is not UNSET:
        doings.append(_assignment(change.assignee, operators))
    if change.holder == "bot":
        doings.append(_("hands it back to the bot"))
    if change.note:
        doings.append(_("notes “{note}”").format(note=change.note))
    if change.status is not UNSET:
        doings.append(_status(change))
    return doings


def _assignment(assignee: str, operators: Mapping[str, Operator]) -> str:
    if assignee == "me":
        return _("makes it yours")
    if not assignee:
        return _("makes it nobody's")
    operator = operators.get(assignee)
    return _("gives it to {name}").format(name=operator.name if operator else assignee)


def _status(change: ChangeDialog) -> str:
    if change.status == "closed":
        return _("closes it and asks how we did") if change.ask_rating else _("closes it")
    if change.status == "snoozed":
        return _("puts it off until the visitor writes")
    return _("opens it")


def in_a_line(preset: Preset, operators: Mapping[str, Operator]) -> str:
    """A macro in a line: whether it says something, and what it does. Raw."""
    doings = doings_of(preset.change, operators)
    if preset.text.strip():
        doings.insert(0, _("answers"))
    return " · ".join(doings) or _("does nothing")


def by_folder(preset: Preset) -> tuple[str, str]:
    """Sorts presets by folder, those without one last, then by name."""
    return (preset.folder.casefold() or "\uffff", preset.name.casefold())
