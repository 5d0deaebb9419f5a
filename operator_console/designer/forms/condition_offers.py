"""What may come next in a condition line, word by word: paths, comparisons, events, windows of time. Pure.

The forms are those of `language/condition_parser.py`; each offer says in plain words what the line would mean with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from operator_console.designer.forms.known import Known
from operator_console.designer.forms.offers import (
    NOTHING,
    Offer,
    Offered,
    events,
    fitting,
    pages,
    paths,
    segments,
    tags,
)
from operator_console.designer.outline.conditions import describe
from operator_console.translation import _
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.paths import SHORT, looks_like_path
from scenarios_yaml.language.scalars import WEEKDAYS

BEGINNINGS = (
    "email is unknown",
    "email is known",
    "cart.total > 0",
    'page.path starts with "/"',
    "visits > 1",
    'did "Order Completed" in 30d',
    'did not "Order Completed" in 30d',
    "last_visit more than 7d ago",
    "now in business_hours",
    "operators online > 0",
    "weekday in [mon, tue, wed, thu, fri]",
    "push is subscribed",
)
"""Whole conditions that many scenarios begin with."""
FIRST = (
    "did ",
    "tagged ",
    "not tagged ",
    "in segment ",
    "not in segment ",
    "received ",
    "not received ",
    "now in ",
)
AFTER_PATH = (
    "is known", "is unknown", "is empty", "= ", "!= ", "> ", ">= ", "< ", "<= ", "contains ", "starts with ",
    "ends with ", "in [", "not in [", "is true", "is false",
)  # fmt: skip
WINDOWS = ("in 1d", "in 7d", "in 30d")
VALUES = {
    "visitor.device": ("mobile", "desktop", "tablet"),
    "session.channel": ("direct", "search", "social", "email", "referral", "ads"),
}
_WORD = re.compile(r"[^\s\[\],()]*$")


def condition_offers(before: str, known: Known, *, asked: bool = False) -> Offered:
    """What may follow the text `before` the cursor. `asked`: it is to be shown though no word is begun."""
    line = before.rpartition("\n")[2].lstrip()
    begun = _begun(line)
    head = line[: len(line) - len(begun)].split()
    if not begun and not asked:
        return NOTHING
    if not head:
        return Offered(len(line), fitting(line, _beginnings(known)))
    said = " ".join(head)
    offers = (
        Offer(one.value, one.detail or _meaning(said, one.value), one.stay) for one in _next(head, known)
    )
    return Offered(len(begun), fitting(begun, offers))


def _begun(line: str) -> str:
    """The word at the end of the line that is being typed; one in quotes from its quotation mark on."""
    if line.count('"') % 2:
        return line[line.rindex('"') :]
    word = _WORD.search(line)
    return word.group() if word else ""


def _beginnings(known: Known) -> Iterator[Offer]:
    yield from (Offer(line, _meaning("", line)) for line in BEGINNINGS)
    yield from (Offer(f"{short} ", _("a property of the visitor"), stay=True) for short in SHORT)
    yield from (Offer(one, _BEGUN[one](), stay=True) for one in FIRST)
    yield from (Offer(f"{one.value} ", one.detail, stay=True) for one in paths(known))


_BEGUN = {
    "did ": lambda: _("what he has done"),
    "tagged ": lambda: _("a tag that he has"),
    "not tagged ": lambda: _("a tag that he has not"),
    "in segment ": lambda: _("a segment that he is in"),
    "not in segment ": lambda: _("a segment that he is not in"),
    "received ": lambda: _("a scenario that has written to him"),
    "not received ": lambda: _("a scenario that has not written to him"),
    "now in ": lambda: _("a time of day"),
}


def _next(head: list[str], known: Known) -> Iterable[Offer]:
    """What may stand behind these words."""
    rest = head[1:] if head[0] == "not" else head
    match rest:
        case ["did"] | ["did", "not"]:
            more = () if rest[-1] == "not" else (Offer("not ", _("what he has not done"), stay=True),)
            return (*more, *(Offer(_as_word(one.value), one.detail) for one in events(known)))
        case ["did", *_words]:
            return _after_event(rest[-1])
        case ["tagged"]:
            return tags(known)
        case ["in", "segment"]:
            return segments(known)
        case ["received" | "opened" | "clicked" | "replied"]:
            return (Offer(slug, title) for slug, title in known.scenarios().items())
    return _fixed(rest) or _about_path(rest, known)


def _fixed(rest: list[str]) -> tuple[Offer, ...]:
    """What may stand behind words of the language, whatever the shop."""
    match rest:
        case ["in"]:
            return _offers(("segment ",))
        case ["received" | "opened" | "clicked" | "replied", _scenario]:
            return _offers(WINDOWS)
        case ["now"]:
            return _offers(("in ", "not in "))
        case ["now", *_words]:
            return _offers(("business_hours", "09:00-18:00", "18:00-22:00"))
        case ["weekday"]:
            return _offers(("in [", "not in ["))
        case ["weekday", *_words]:
            return _offers(WEEKDAYS)
        case ["first_visit" | "last_visit" | "last_order"]:
            return _offers(("more than 7d ago", "less than 7d ago", "more than 30d ago", "less than 1d ago"))
        case ["visits"] | ["operators", "online"]:
            return _offers(("> 0", "> 1", "= 0", "= 1"))
        case ["operators"]:
            return _offers(("online ",))
    return ()


def _about_path(words: list[str], known: Known) -> Iterable[Offer]:
    path = SHORT.get(words[0], words[0])
    if not looks_like_path(path):
        return ()
    match words[1:]:
        case []:
            more = ("is subscribed",) if path in ("visitor.email", "visitor.push") else ()
            return _offers((*more, *AFTER_PATH))
        case ["is"] | ["is", "not"]:
            return _offers(("known", "unknown", "empty", "true", "false", "subscribed"))
        case ["starts" | "ends"]:
            return _offers(("with ",))
    return _values(path, known)


def _values(path: str, known: Known) -> Iterable[Offer]:
    """Values that a path is known to have."""
    if path == "page.path":
        return (Offer(f'"{one.value}"', one.detail) for one in pages(known))
    if path in ("page.section", "event.section"):
        return (Offer(_as_word(one.name)) for one in known.names.sections)
    own = (Offer(f"parameters.{name}", kind) for name, kind in known.file.parameters)
    return (*_offers(VALUES.get(path, ())), *own)


def _after_event(last: str) -> Iterable[Offer]:
    if last == "in" or last == "where":
        return ()
    return _offers((*WINDOWS, ">= 2 times", ">= 3 times", "where "))


def _offers(values: Iterable[str]) -> tuple[Offer, ...]:
    return tuple(Offer(value, stay=value.endswith((" ", "["))) for value in values)


def _as_word(name: str) -> str:
    """A name in quotes where it has to stand in them."""
    return f'"{name}"' if not re.fullmatch(r"[\w-]+", name) else name


def _meaning(said: str, more: str) -> str:
    """What the line would mean, where it is whole then."""
    try:
        return describe(parse_condition(f"{said} {more}".strip()))
    except ConditionError:
        return ""
