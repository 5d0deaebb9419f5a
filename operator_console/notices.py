"""What is worth calling an operator for, and how a terminal is asked to do it.

`Notices` decides from what the stream has changed: never for what was there when the console opened, at most one of a
kind every few seconds, and nothing in the silent hours. The sequences are those that terminals document: OSC 9
(iTerm2), OSC 99 (kitty), OSC 777 (urxvt, foot). No Textual in here, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from operator_console.changes import Changes
from operator_console.preferences import DesktopWay, NoticeKind, NoticePreferences
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import DialogSummary

AGAIN_AFTER = 5_000
"""Milliseconds between two notices of one kind: a rush is told once, with its number."""
Way: TypeAlias = Literal["osc9", "osc99", "osc777", ""]


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell; `rings` and `pops_up` say by which means."""

    kind: NoticeKind
    text: str
    rings: bool
    pops_up: bool


class Notices:
    """Collects what happens until it may be told. `preferences` may be replaced at any time."""

    def __init__(self, preferences: NoticePreferences) -> None:
        self.preferences = preferences
        self._told_at: dict[NoticeKind, int] = {}
        self._waiting: dict[NoticeKind, dict[str, None]] = {}

    def forget(self) -> None:
        """A snapshot was loaded: what it holds is no news."""
        self._waiting.clear()

    def take(
        self,
        changes: Changes,
        rows: Mapping[str, DialogSummary],
        me: str,
        *,
        now: int,
        hour: datetime,
        in_front: bool,
    ) -> list[Notice]:
        """What is to be told now. `now` is in ms, `hour` the local time; `in_front`: the terminal is looked at."""
        mine = {dialog for dialog in changes.messaged if dialog in rows and rows[dialog].assignee == me}
        self._add("mention", changes.mentioned)
        self._add("assigned", changes.assigned)
        self._add("waiting", changes.began_waiting - changes.assigned)
        self._add("message", mine - changes.began_waiting)
        if is_within(self.preferences.silent, hour):
            self._waiting.clear()
            return []
        return [notice for kind in tuple(self._waiting) if (notice := self._due(kind, rows, now, in_front))]

    def _add(self, kind: NoticeKind, dialogs: Iterable[str]) -> None:
        if wanted := dict.fromkeys(dialogs):
            self._waiting.setdefault(kind, {}).update(wanted)

    def _due(
        self, kind: NoticeKind, rows: Mapping[str, DialogSummary], now: int, in_front: bool
    ) -> Notice | None:
        if now - self._told_at.get(kind, -AGAIN_AFTER) < AGAIN_AFTER:
            return None
        found = [rows[dialog] for dialog in self._waiting.pop(kind) if dialog in rows]
        rings = kind in self.preferences.bell
        pops_up = kind in self.preferences.desktop and not in_front
        if not found or not (rings or pops_up):
            return None
        self._told_at[kind] = now
        return Notice(kind, _said(kind, found), rings, pops_up)


def _said(kind: NoticeKind, rows: list[DialogSummary]) -> str:
    if len(rows) > 1:
        return {
            "waiting": counted("{count} visitor waits", "{count} visitors wait", len(rows)),
            "message": counted("{count} visitor wrote", "{count} visitors wrote", len(rows)),
            "mention": counted("{count} note calls you", "{count} notes call you", len(rows)),
            "assigned": counted("{count} dialog is yours now", "{count} dialogs are yours now", len(rows)),
        }[kind]
    row = rows[0]
    name = str(called(row.visitor_name, row.visitor))
    text = {
        "waiting": _("{name} waits: {text}"),
        "message": _("{name}: {text}"),
        "mention": _("A note calls you in the dialog with {name}"),
        "assigned": _("The dialog with {name} is yours now"),
    }[kind]
    return safe_line(text.format(name=name, text=row.last_text), 160)


def is_within(hours: str, at: datetime) -> bool:
    """Whether a local time lies in hours such as "22:00-08:00"; never in an empty text."""
    begin, _dash, end = hours.partition("-")
    if not end:
        return False
    time = f"{at:%H:%M}"
    return begin <= time < end if begin <= end else time >= begin or time < end


# --- How a terminal is asked -------------------------------------------------------------------------


def way_of(wanted: DesktopWay, environment: Mapping[str, str]) -> Way:
    """The sequence that this terminal understands, by what it says of itself; empty where none is known."""
    if wanted != "auto":
        return "" if wanted == "off" else wanted
    program = environment.get("TERM_PROGRAM", "").lower()
    term = environment.get("TERM", "").lower()
    if "KITTY_WINDOW_ID" in environment or "kitty" in term:
        return "osc99"
    if program in ("iterm.app", "wezterm", "ghostty") or "ghostty" in term:
        return "osc9"
    if term.startswith(("foot", "rxvt")) or "VTE_VERSION" in environment:
        return "osc777"
    return ""


def sequence(way: Way, title: str, text: str, *, in_tmux: bool) -> str:
    """The control sequence of a desktop notification; empty without a way. Both texts are cleaned here.

    tmux passes it on where `allow-passthrough` is on, wrapped as its manual says.
    """
    title, text = safe_line(title, 80).replace(";", ","), safe_line(text, 160).replace(";", ",")
    written = {
        "": "",
        "osc9": f"\x1b]9;{title}: {text}\x07",
        "osc99": f"\x1b]99;i=desk:d=0:p=title;{title}\x1b\\\x1b]99;i=desk:d=1:p=body;{text}\x1b\\",
        "osc777": f"\x1b]777;notify;{title};{text}\x07",
    }[way]
    if written and in_tmux:
        doubled = written.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    return written
