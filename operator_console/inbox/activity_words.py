"""What happens in a dialog without a message, in words: each change a short piece, joined into one line.

The pieces are made when the entry comes and filled in when they are painted: by then operators may be called otherwise,
and "today" is another day. Knows no screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import UNSET

from operator_console.inbox.channel_words import channel_words
from operator_console.inbox.event_words import OUTCOMES
from operator_console.translation import _
from server_stub.protocol import (
    DialogChanged,
    DialogMerged,
    DialogOpened,
    DialogRated,
    PopupEnded,
    PopupShown,
    Priority,
    ScheduleCancelled,
)

BEST_SCORE = 5
SAID_ALREADY = ("", "assigned", "handed over", "snooze")
"""Reasons that tell no more than the change itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a line. `text` is ours, with places for `{who}`, an operator's id; `{what}`, words of others, raw;
    and `{when}`, ms.
    """

    text: str
    who: str = ""
    what: str = ""
    when: int = 0
    is_scenario: bool = False
    """`what` is a scenario, which has a title."""


def quote(words: str) -> Said:
    """Words of others as they are."""
    return Said("{what}", what=words)


def opened_words(body: DialogOpened) -> tuple[Said, ...]:
    """Who began the dialog, and where, if not in the chat."""
    by = body.by
    if by.kind == "visitor":
        said = Said(_("Dialog opened by the visitor"))
    elif by.kind == "bot" and by.id:
        said = Said(_("Dialog opened by the scenario {what}"), what=by.id, is_scenario=True)
    elif by.kind == "operator" and by.name:
        said = Said(_("Dialog opened by {what}"), what=by.name)
    else:
        said = Said(_("Dialog opened"))
    return (said,) if body.channel == "chat" else (said, quote(channel_words(body.channel)))


def changed_words(body: DialogChanged) -> tuple[Said, ...]:
    """All that one entry changed; who did it stands behind, from whoever paints it."""
    said = [*_holder_words(body), *_assignee_words(body)]
    if body.priority is not UNSET:
        said.append(Said(priority_words(body.priority)))
    if body.tags_added:
        said.append(Said(_("tagged {what}"), what=", ".join(body.tags_added)))
    if body.tags_removed:
        said.append(Said(_("untagged {what}"), what=", ".join(body.tags_removed)))
    said += _status_words(body)
    if body.reason not in SAID_ALREADY:
        said.append(quote(body.reason))
    return tuple(said)


def _holder_words(body: DialogChanged) -> list[Said]:
    said: list[Said] = []
    if body.holder == "people":
        is_taken = body.by.kind == "operator"
        said.append(Said(_("taken over from the bot") if is_taken else _("handed over to people")))
    elif body.holder == "bot":
        said.append(Said(_("handed back to the bot")))
    if body.team is not UNSET and body.team:
        said.append(Said(_("team {what}"), what=body.team))
    return said


def _assignee_words(body: DialogChanged) -> list[Said]:
    if body.assignee is UNSET or (body.holder == "bot" and not body.assignee):
        return []
    if body.assignee and body.assignee == body.by.id:
        return [Said(_("taken"))]
    return [
        Said(_("assigned to {who}"), who=body.assignee) if body.assignee else Said(_("assigned to nobody"))
    ]


def _status_words(body: DialogChanged) -> list[Said]:
    if body.status == "closed":
        return [Said(_("closed"))]
    if body.status == "snoozed":
        if body.snoozed_until is not UNSET and body.snoozed_until:
            return [Said(_("snoozed until {when}"), when=body.snoozed_until)]
        return [Said(_("snoozed until the visitor writes"))]
    if body.status == "open":
        return [Said(_("open again"))]
    return []


def priority_words(priority: Priority) -> str:
    """The priority as part of a line."""
    return {
        "low": _("low priority"),
        "normal": _("normal priority"),
        "high": _("high priority"),
        "urgent": _("urgent"),
    }[priority]


def merged_words(_body: DialogMerged) -> tuple[Said, ...]:
    return (Said(_("another dialog of this visitor was joined to this one")),)


def rated_words(body: DialogRated) -> tuple[Said, ...]:
    """★★★★☆"""
    return (Said(_("the visitor rated this dialog {what}"), what=stars(body.score)),)


def stars(score: int) -> str:
    """A score from 1 to 5 as five stars."""
    full = min(max(score, 0), BEST_SCORE)
    return "★" * full + "☆" * (BEST_SCORE - full)


def cancelled_words(body: ScheduleCancelled) -> tuple[Said, ...]:
    said = Said(_("a scheduled message will not be sent"))
    return (said, quote(body.reason)) if body.reason else (said,)


def popup_words(body: PopupShown) -> tuple[Said, ...]:
    return (Said(_("pop-up shown")), quote(body.popup.title))


def popup_ended_words(body: PopupEnded, title: str) -> tuple[Said, ...]:
    """How a pop-up ended, and what was filled in."""
    values = tuple(quote(f"{name}: {value}") for name, value in body.fields.items())
    return (Said(_(OUTCOMES.get(body.outcome, "Pop-up ended"))), quote(title), *values)
