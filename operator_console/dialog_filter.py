"""Which dialogs a list shows, and in which order: a filter as a value, as one function of a row, and as an address.

An address names a list as a URL names a page, so that it can be kept, sent and opened again:

    open/mine?tag=vip&sort=waiting&q=blue+lamp
    STATUS / WHOSE ? what else is asked for

Letters of every language stand in it as they are; blanks, and what has a meaning in it, are written as in URLs. No
Textual in here, and nothing of a desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias, cast, get_args
from urllib.parse import quote, unquote_plus

from operator_console.safe_text import safe_line
from operator_console.translation import _, figure
from operator_console.visitor_names import called
from server_stub.protocol import DialogStatus, DialogSummary, Priority

Check: TypeAlias = Callable[[DialogSummary], bool]
Whose: TypeAlias = Literal["all", "mine", "unassigned", "mentioned"]
"""mentioned: those in which a note calls the operator, who has not looked since."""
Sort: TypeAlias = Literal["last", "waiting"]
"""last: the newest message first. waiting: who waits longest first, below them the others by their last message."""

WHOSE: tuple[Whose, ...] = get_args(Whose)
STATUSES: tuple[DialogStatus, ...] = get_args(DialogStatus)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
SORTS: tuple[Sort, ...] = get_args(Sort)
ALL = "all"
"""In an address: of every status."""
MAX_ADDRESS = 2_000
"""Characters of the longest address that is read."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dialogs a list shows. Empty strings and False ask for nothing; `text` is searched ignoring case."""

    status: DialogStatus | Literal[""] = "open"
    whose: Whose = "all"
    tag: str = ""
    operator: str = ""
    """The id of the operator whose dialogs are shown."""
    channel: str = ""
    priority: Priority | Literal[""] = ""
    waiting: bool = False
    text: str = ""
    sort: Sort = "last"
    found: frozenset[str] = field(default=frozenset())
    """Dialogs that the server's search found for `text`: they match it, whatever their last message says."""

    def matcher(self, me: str) -> Check:
        """The filter as one function of a row; only the questions that are asked cost time."""
        checks = [*self._checks_of_standing(me), *self._checks_of_content()]
        if not checks:
            return lambda _row: True
        matches = checks.pop()
        while checks:
            matches = _both(checks.pop(), matches)
        return matches

    def _checks_of_standing(self, me: str) -> list[Check]:
        """How the dialog stands, and with whom."""
        checks: list[Check] = []
        status, operator = self.status, self.operator
        if status:
            checks.append(lambda row: row.status == status)
        if self.whose == "mine":
            checks.append(lambda row: row.assignee == me)
        elif self.whose == "unassigned":
            checks.append(lambda row: not row.assignee)
        elif self.whose == "mentioned":
            checks.append(lambda row: me in row.mentioned)
        if operator:
            checks.append(lambda row: row.assignee == operator)
        if self.waiting:
            checks.append(lambda row: waits_since(row) > 0)
        return checks

    def _checks_of_content(self) -> list[Check]:
        """What it is about."""
        checks: list[Check] = []
        tag, channel, priority, found = self.tag, self.channel, self.priority, self.found
        text = self.text.casefold()
        if priority:
            checks.append(lambda row: row.priority == priority)
        if channel:
            checks.append(lambda row: row.channel == channel)
        if tag:
            checks.append(lambda row: tag in row.tags)
        if text:
            checks.append(lambda row: text in searched_text(row) or row.id in found)
        return checks


def _both(one: Check, other: Check) -> Check:
    return lambda row: one(row) and other(row)


def waits_since(row: DialogSummary) -> int:
    """Since when (ms) somebody waits for a person there; 0: nobody does. Whoever is put off does not."""
    return row.waiting_since if row.status != "snoozed" else 0


def searched_text(row: DialogSummary) -> str:
    """What `/` looks at: what the visitor is called on the screen, last text and tags, case folded."""
    # A name is searched as it was written; only who has none is called something by the console.
    name = row.visitor_name or str(called("", row.visitor))
    return f"{name}\n{row.last_text}\n{' '.join(row.tags)}".casefold()


# --- Addresses --------------------------------------------------------------------------------------------------


class BadAddress(ValueError):
    """The address of a list cannot be read; the message says in a sentence what is wrong with it."""


_NAMES: dict[str, str] = {
    "tag": "tag",
    "operator": "operator",
    "channel": "channel",
    "priority": "priority",
    "waiting": "waiting",
    "sort": "sort",
    "q": "text",
}
"""What may be asked for behind the question mark: name → the filter's field."""

_KEPT_ASCII = "-._~@:!'()*,;/"
"""Characters that mean nothing in an address."""


def address_of(shown: Filter) -> str:
    """The name of a list. What a server's search has found (`found`) is not part of it: who opens it searches anew."""
    asked = {
        name: "yes" if value is True else str(value)
        for name, field_name in _NAMES.items()
        if (value := getattr(shown, field_name)) and (name, value) != ("sort", "last")
    }
    where = f"{shown.status or ALL}/{shown.whose}"
    return (
        f"{where}?{'&'.join(f'{name}={_written(value)}' for name, value in asked.items())}"
        if asked
        else where
    )


def filter_at(address: str) -> Filter:
    """The list with that name. Raises `BadAddress`."""
    if len(address) > MAX_ADDRESS:
        raise BadAddress(_("An address has at most {count} characters.").format(count=figure(MAX_ADDRESS)))
    path, _mark, query = address.strip().partition("?")
    parts = path.strip("/").split("/")
    if len(parts) > 2 or not path:
        words = _("{address} is not the address of a list, such as open/mine?tag=vip")
        raise BadAddress(words.format(address=repr(safe_line(address, 100))))
    status = _one_of(_("a status"), parts[0], (*STATUSES, ALL))
    whose = _one_of(_("whose dialogs"), parts[1], WHOSE) if len(parts) == 2 else "all"
    return Filter(
        status="" if status == ALL else cast("DialogStatus", status),
        whose=cast("Whose", whose),
        **_asked(query),
    )


def _asked(query: str) -> dict[str, Any]:
    """The fields that the part behind the question mark sets."""
    fields: dict[str, Any] = {}
    for pair in filter(None, query.split("&")):
        name, _mark, written = pair.partition("=")
        name = _one_of(_("something to ask for"), name, _NAMES)
        value = unquote_plus(written)
        if _NAMES[name] in fields:
            raise BadAddress(_("{name} stands twice in the address.").format(name=name))
        if not value:
            raise BadAddress(_("{name} has no value in the address.").format(name=name))
        if name == "waiting":
            _one_of(_("a value of waiting"), value, ("yes",))
        elif name == "priority":
            _one_of(_("a priority"), value, PRIORITIES)
        elif name == "sort":
            _one_of(_("an order"), value, SORTS)
        fields[_NAMES[name]] = True if name == "waiting" else value
    return fields


def _one_of(what: str, value: str, known: Iterable[str]) -> str:
    """The value, if it is known."""
    names = list(known)
    if value not in names:
        near = get_close_matches(value, names, 1)
        if near:
            hint = _("did you mean {name}?").format(name=near[0])
        else:
            hint = _("there is {names}.").format(names=", ".join(names))
        words = _("{value} is not {what}: {hint}")
        raise BadAddress(words.format(value=repr(safe_line(value, 60)), what=what, hint=hint))
    return value


def _written(value: str) -> str:
    """A value as it stands in an address: letters as they are, also those outside of ASCII."""
    return "".join(
        "+"
        if char == " "
        else char
        if not char.isascii() and char.isprintable()
        else quote(char, safe=_KEPT_ASCII, errors="replace")
        for char in value
    )
