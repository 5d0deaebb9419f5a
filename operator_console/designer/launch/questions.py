"""What is said beside a field while it is filled in: what it means, what may stand there, what the desk knows of it.
Pure."""

from __future__ import annotations

from operator_console.designer.launch.draft import Question
from operator_console.designer.outline.amounts import duration_words
from operator_console.safe_text import safe_line
from operator_console.translation import _, marked
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.library.index import file_names, segments
from server_stub.protocol import KnownNames

HELP = {
    "title": marked("What you and your colleagues call it. No visitor sees it."),
    "name": marked("The name of its file: small Latin letters, digits, - and _."),
    "text": marked("Words that its texts use."),
    "number": marked("A number: 3000, or 4.5."),
    "duration": marked("A length of time: 30s, 15m, 1h30m, 3d, 2w."),
    "link": marked("Where it leads: https://…, or a page of the shop like /catalog."),
    "path": marked("A page of the shop, without its address: /catalog."),
    "coupon": marked("The pool from which promo codes are taken. Pools stand in the server's settings."),
    "section": marked("A section of the site, as its pages are marked."),
    "tag": marked("A tag: one word, without spaces."),
    "list": marked("The list of subscribers: one word."),
    "segment": marked("The short name of a segment."),
    "team": marked("Who gets the dialog."),
    "event": marked("An event, as the shop sends it: Order Completed."),
    "file": marked("A file of the shop, by its name."),
}
MOST_NAMES = 300
"""So many are offered: they are searched at every key."""


def help_of(question: Question) -> str:
    """What is asked for, in a sentence."""
    return _(HELP[question.kind]) if question.kind in HELP else ""


def words_of(question: Question, text: str) -> str:
    """What a text means, where that is not plain: `90m` is 1 h 30 min."""
    if question.kind != "duration":
        return ""
    duration = parse_duration(text.strip())
    return duration_words(duration) if duration is not None else ""


def offered(question: Question, names: KnownNames) -> list[str]:
    """What may be meant, the most usual first; cleaned, and only what is still itself then."""
    known = {
        "coupon": names.coupon_pools,
        "section": tuple(one.name for one in names.sections),
        "path": tuple(one.name for one in names.paths),
        "link": tuple(one.name for one in names.paths),
        "tag": tuple(one.name for one in names.tags),
        "list": tuple(one.name for one in names.lists),
        "segment": tuple(names.segments),
        "team": tuple(one.name for one in names.teams),
        "event": tuple(one.name for one in names.events),
        "file": (*names.files, *file_names()),
    }.get(question.kind, ())
    return [name for name in known[:MOST_NAMES] if name and safe_line(name, 500) == name]


def doubt_of(question: Question, text: str, names: KnownNames) -> str:
    """What should be looked at before it is launched: the desk has nothing of this name."""
    name = text.strip()
    match question.kind:
        case "coupon" if name not in names.coupon_pools:
            return _(
                "Your desk has no promo codes of this name. They stand in settings.toml, under [coupons]."
            )
        case "file" if name not in (*names.files, *file_names()):
            return _("Your desk has no file of this name. Put it into the folder files.")
        case "segment" if name not in (*names.segments, *(one.slug for one in segments())):
            return _("Your desk has no segment of this name.")
    return ""
