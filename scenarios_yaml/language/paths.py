"""Paths: what a condition may look at, where an answer may be saved, what a text may show."""

from __future__ import annotations

import re

from scenarios_yaml.language.problems import nearest, quoted

ROOTS = ("visitor", "cart", "order", "page", "session", "event", "dialog", "run", "parameters")
TEMPLATE_ROOTS = (*ROOTS, "products", "site", "currency")
SHORT = {name: f"visitor.{name}" for name in ("email", "phone", "name", "city", "device", "push")}

WRITABLE_ROOTS = ("visitor", "run", "dialog")
NOT_WRITABLE = frozenset({
    "visitor.id", "visitor.tags", "visitor.lists", "visitor.segments", "visitor.visits",
    "visitor.first_visit", "visitor.last_visit", "visitor.orders", "visitor.revenue", "dialog.id",
    "dialog.holder", "dialog.assignee", "dialog.status", "run.id", "run.path", "run.scenario",
    "run.version", "run.started_at", "run.answer", "run.products", "run.split", "visitor.viewed",
    "visitor.first_touch",
})  # fmt: skip
"""What the desk itself keeps there. Tags, lists and the dialog have steps of their own."""

KEPT = {
    "visitor": ("email", "phone", "name", "city", "device", "push", "locale", "birthday", "country", "timezone",
                "tags", "lists", "segments", "visits", "orders", "revenue", "viewed"),
    "cart": ("total", "items", "id", "currency"),
    "order": ("total", "id", "products", "currency", "at"),
    "page": ("path", "url", "title", "section", "referrer"),
    "session": ("referrer", "channel", "utm", "landing", "pages"),
    "event": ("name", "price", "quantity", "product_id", "category", "brand", "sku", "coupon", "text", "keyword"),
    "run": ("answer", "code", "question", "path"),
    "dialog": ("id", "holder", "assignee"),
    "parameters": (),
}  # fmt: skip
"""What the desk keeps under each root, for guesses: shops and scenarios keep more."""

_SEGMENT = r"[^\W\d][\w-]*"
_NAME = re.compile(_SEGMENT)
_PATH = re.compile(rf"{_SEGMENT}(?:\.(?:{_SEGMENT}|\d+)){{1,6}}")


class PathError(Exception):
    """The path cannot be used. `message` says why, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def resolve_path(written: str) -> str:
    """The full path of what was written: `email` is `visitor.email`. Raises PathError."""
    if written in SHORT:
        return SHORT[written]
    if "{{" in written:
        raise PathError(f"{quoted(written)} is no path", f"write it without braces: {written.strip('{} ')}")
    root = written.partition(".")[0]
    if root not in ROOTS:
        raise PathError(f"{quoted(root)} is nothing that a path begins with", _hint_for_root(written))
    if not _PATH.fullmatch(written):
        known = " or ".join(f"{root}.{name}" for name in KEPT[root][:2]) or f"{root}.NAME"
        raise PathError(f"{quoted(written)} is no path", f"for example {known}")
    return written


def resolve_writable(written: str) -> str:
    """The full path of a place that a scenario may write to. Raises PathError."""
    if written not in SHORT and _NAME.fullmatch(written) and written not in ROOTS:
        guess = nearest(written, SHORT, cutoff=0.75)
        hint = (
            f"did you mean “{guess}”?" if guess else f"did you mean “visitor.{written}” or “run.{written}”?"
        )
        raise PathError(f"{quoted(written)} is nothing that a path begins with", hint)
    path = resolve_path(written)
    root, _, rest = path.partition(".")
    if root not in WRITABLE_ROOTS:
        raise PathError(f"{quoted(path)} cannot be written", "save to visitor.NAME, run.NAME or dialog.NAME")
    if f"{root}.{rest.partition('.')[0]}" in NOT_WRITABLE:
        raise PathError(f"{quoted(path)} cannot be written: the desk keeps it itself")
    return path


def looks_like_path(word: str) -> bool:
    return word.partition(".")[0] in ROOTS and _PATH.fullmatch(word) is not None


def _hint_for_root(written: str) -> str:
    root, dot, rest = written.partition(".")
    if not dot:
        places = [f"{kept}.{root}" for kept, names in KEPT.items() if root in names]
        if places:
            return "did you mean " + " or ".join(f"“{place}”" for place in places[:3]) + "?"
    guess = nearest(root, (*ROOTS, *SHORT) if not dot else ROOTS)
    if guess:
        return f"did you mean “{guess}{dot}{rest}”?"
    if not dot:
        return f"did you mean “visitor.{root}” or “event.{root}”?"
    return "a path begins with " + ", ".join(ROOTS)
