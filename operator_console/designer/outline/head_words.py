"""The head of a file in plain words: what it is called, how often one visitor goes through it, how its messages get
along with others.
"""

from __future__ import annotations

from operator_console.designer.outline.amounts import duration_words, number_words
from operator_console.designer.outline.gaps import GAP
from operator_console.designer.outline.names import path_words, slug_words
from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Phrase, Word, joined, phrase, value
from operator_console.translation import _, counted, marked, said
from scenarios_yaml.language.model import Delivery, Parameter, Reentry, Scenario

STATUSES = {
    "draft": marked("draft", "status of a scenario"),
    "live": marked("live", "status of a scenario"),
    "paused": marked("paused", "status of a scenario"),
    "archived": marked("archived", "status of a scenario"),
}
GROUPS = {
    "lead_generation": marked("Lead generation"),
    "chat_bots": marked("Chat-bots"),
    "sales": marked("Sales"),
    "retention": marked("Retention"),
    "win_back": marked("Bringing visitors back"),
}
_WHILE_RUNNING = {
    "restart": marked("a new trigger starts it over until the first message"),
    "parallel": marked("several at a time"),
}
_QUIET_HOURS = {
    "skip": marked("skipped in quiet hours"),
    "ignore": marked("in quiet hours, too"),
}


def status_words(status: str) -> str:
    """draft, live, paused, archived, in the console's language."""
    return said("status of a scenario", STATUSES[status]) if status in STATUSES else slug_words(status)


def group_words(group: str) -> str:
    """What a shelf of the library is called; a shop's own as it is, cleaned."""
    return _(GROUPS[group]) if group in GROUPS else slug_words(group)


def title_phrase(scenario: Scenario, shown: TextsShown) -> Phrase:
    """What it is called, its name and its status."""
    title = shown.bare(scenario.title)
    if title != GAP:
        title = title._replace(role="strong")
    parts = [slug_words(scenario.slug), status_words(scenario.status)]
    if scenario.group:
        parts.append(group_words(scenario.group))
    if scenario.starter:
        parts.append(_("set up first"))
    return (title, *(Word(f" · {part}", "soft") for part in parts if part))


def parameter_phrase(parameter: Parameter, shown: TextsShown) -> Phrase:
    """Discount: 10%"""
    label = shown.bare(parameter.label).text if parameter.label is not None else slug_words(parameter.name)
    return (Word(f"{label}: "), shown.default(parameter))


def reentry_phrase(reentry: Reentry) -> Phrase:
    """How often one visitor may go through it."""
    parts: list[Phrase] = []
    if reentry.times == 1:
        parts.append((Word(_("once"), "value"),))
    elif reentry.times != "always":
        parts.append(
            (Word(counted("at most {count} time", "at most {count} times", reentry.times), "value"),)
        )
    if reentry.not_sooner_than:
        duration = Word(duration_words(reentry.not_sooner_than), "value")
        parts.append(phrase(_("not sooner than {duration} after the last time"), duration=duration))
    if reentry.key:
        parts.append(phrase(_("each {path} by itself"), path=Word(path_words(reentry.key), "value")))
    if reentry.while_running in _WHILE_RUNNING:
        parts.append((Word(_(_WHILE_RUNNING[reentry.while_running])),))
    return phrase(
        _("How often: {words}"), "soft", words=joined(parts, ", ") or (Word(_("each time"), "value"),)
    )


def delivery_phrase(delivery: Delivery) -> Phrase:
    """How its messages get along with others."""
    parts: list[Phrase] = [phrase(_("priority {number}"), number=Word(str(delivery.priority), "value"))]
    if delivery.if_busy == "queue":
        parts.append((Word(_("waits its turn")),))
    if delivery.quiet_hours in _QUIET_HOURS:
        parts.append((Word(_(_QUIET_HOURS[delivery.quiet_hours])),))
    if delivery.frequency_cap == "exempt":
        parts.append((Word(_("does not count for the frequency cap")),))
    if delivery.kind == "service":
        parts.append((Word(_("service message")),))
    return phrase(_("Delivery: {words}"), "soft", words=joined(parts, ", "))


def holdout_phrase(percent: float) -> Phrase:
    """How many are kept out to compare with."""
    return phrase(
        _("Kept out to compare with: {percent} %"),
        "soft",
        percent=Word(number_words(round(percent, 2)), "value"),
    )


def zone_phrase(timezone: str) -> Phrase:
    """Whose clock counts."""
    whose = _("the visitor's") if timezone == "visitor" else _("the shop's")
    return phrase(_("Times of day: {whose}"), "soft", whose=Word(whose, "value"))


def block_phrase(name: str) -> Phrase:
    """A named list of steps."""
    return phrase(_("Block {name}"), "strong", name=value(name, "jump"))
