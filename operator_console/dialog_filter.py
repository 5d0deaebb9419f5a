"""Which dialogs a list shows: a filter as a value, and as one function of a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from operator_console.visitor_names import called
from server_stub.protocol import DialogSummary

Check: TypeAlias = Callable[[DialogSummary], bool]
Whose: TypeAlias = Literal["all", "mine", "unassigned"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dialogs a list shows. Empty strings and False ask for nothing; `text` is searched ignoring
    case.
    """

    status: Literal["open", "closed", ""] = "open"
    whose: Whose = "all"
    tag: str = ""
    operator: str = ""
    waiting: bool = False
    text: str = ""
    found: frozenset[str] = frozenset()
    """Dialogs that the server's search found for `text`: they match it, whatever their last message says."""

    def matcher(self, me: str) -> Check:
        """The filter as one function of a row; only the questions that are asked cost time."""
        checks: list[Check] = []
        status, tag, operator, found = self.status, self.tag, self.operator, self.found
        text = self.text.casefold()
        if status:
            checks.append(lambda row: row.status == status)
        if self.whose == "mine":
            checks.append(lambda row: row.assignee == me)
        elif self.whose == "unassigned":
            checks.append(lambda row: not row.assignee)
        if operator:
            checks.append(lambda row: row.assignee == operator)
        if self.waiting:
            checks.append(lambda row: row.waiting_since > 0)
        if tag:
            checks.append(lambda row: tag in row.tags)
        if text:
            checks.append(lambda row: text in searched_text(row) or row.id in found)
        if not checks:
            return lambda _row: True
        matches = checks.pop()
        while checks:
            matches = _both(checks.pop(), matches)
        return matches


def _both(one: Check, other: Check) -> Check:
    return lambda row: one(row) and other(row)


def searched_text(row: DialogSummary) -> str:
    """What `/` looks at: what the visitor is called on the screen, last text and tags, case folded."""
    # A name is searched as it was written; only who has none is called something by the console.
    name = row.visitor_name or str(called("", row.visitor))
    return f"{name}\n{row.last_text}\n{' '.join(row.tags)}".casefold()
