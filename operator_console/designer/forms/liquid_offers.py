"""What may stand in the braces of a text: values of the visitor and the shop, filters, `if` and `for`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from operator_console.designer.forms.known import Known
from operator_console.designer.forms.offers import NOTHING, Offer, Offered, fitting, paths
from operator_console.designer.outline.names import path_words
from operator_console.translation import _, marked
from scenarios_yaml.language.liquid_environment import STRICT

FILTERS = {
    "default": marked('what is shown where nothing is known: default: "friend"'),
    "money": marked("a sum as people write it: money: currency"),
    "date": marked('a day or a time: date: "%d.%m.%Y"'),
    "capitalize": marked("the first letter large"),
    "upcase": marked("all letters large"),
    "downcase": marked("all letters small"),
    "truncate": marked("at most so many characters: truncate: 40"),
    "round": marked("a number without what is behind the point"),
    "plus": marked("a number and so much more: plus: 1"),
    "minus": marked("a number and so much less: minus: 1"),
    "times": marked("a number so many times: times: 2"),
    "divided_by": marked("a number in so many parts: divided_by: 2"),
    "size": marked("how many there are"),
    "first": marked("the first of a list"),
    "last": marked("the last of a list"),
    "join": marked('a list as words: join: ", "'),
    "map": marked('one thing of each of a list: map: "name"'),
    "escape": marked("safe in HTML"),
}
"""Those that a marketer needs, with an example; all others are offered by their names."""
TAGS = {
    "if": marked("shown only where it is so"),
    "elsif": marked("else, where this is so"),
    "else": marked("where it is not so"),
    "endif": marked("the end of what is shown where it is so"),
    "unless": marked("shown only where it is not so"),
    "endunless": marked("the end of what is shown where it is not so"),
    "for": marked("once for each of a list: for item in cart.items"),
    "endfor": marked("the end of what is shown for each"),
    "assign": marked("a name for a value: assign total = cart.total"),
}
GOES_ON = ("if", "elsif", "unless", "for", "assign")
"""Tags behind which more must be said."""
ITEM = ("item.name", "item.price", "item.quantity", "item.url", "item.image")
_OPEN = re.compile(r"\{([{%])-?((?:(?!\}\}|%\}).)*)$", re.DOTALL)
_FILTER = re.compile(r"\|\s*(\w*)$")
_WORD = re.compile(r"[\w.]*$")


def liquid_offers(before: str, after: str, known: Known, *, asked: bool = False) -> Offered:
    """What may follow the text `before` the cursor; `after` is what stands behind it. Nothing outside of braces."""
    found = _OPEN.search(before)
    if found is None:
        return (
            Offered(0, (Offer("{{ ", _("a value of the visitor, the cart …"), stay=True),))
            if asked
            else NOTHING
        )
    is_tag, inside = found.group(1) == "%", found.group(2)
    if re.search(r"""["'][^"']*$""", re.sub(r"""(["'])[^"']*\1""", "", inside)):
        return NOTHING  # within a text of its own
    end = "" if re.match(r"\s*-?[}%|]", after) else " %}" if is_tag else " }}"
    blank = "" if inside[:1] in (" ", "") and inside else " "
    if (filtered := _FILTER.search(inside)) is not None:
        word = filtered.group(1)
        lead = "" if inside[: len(inside) - len(word)].endswith(" ") else " "
        return _ended(word, _filters(), lead, "")
    if is_tag and not inside.strip().partition(" ")[1]:
        word = inside.strip()
        return _ended(word, _tags(), blank if not inside.strip() else "", "")
    word = _WORD.search(inside).group()  # type: ignore[union-attr]  # it may be empty, but is always found
    if not word and not asked and inside.strip():
        return NOTHING
    lead = blank if not inside.strip() else ""
    return _ended(word, _values(known, before), lead, "" if is_tag else end)


def _ended(word: str, offers: Iterator[Offer], lead: str, end: str) -> Offered:
    """Offers with the braces closed behind them."""
    fits = fitting(word, offers)
    return Offered(len(word), tuple(Offer(f"{lead}{one.value}{end}", one.detail) for one in fits))


def _values(known: Known, before: str) -> Iterator[Offer]:
    own = [Offer(f"parameters.{name}", kind) for name, kind in known.file.parameters]
    kept = [Offer(path, path_words(path)) for path in known.file.kept if path.startswith("run.")]
    yield Offer("visitor.name", path_words("visitor.name"))
    yield from (*kept, *own)
    if "{% for " in before or "{%for " in before:
        yield from (Offer(name, _("of one of the list")) for name in ITEM)
    yield from paths(known)
    yield from (Offer(name, path_words(name)) for name in ("products", "site.name", "site.url", "currency"))


def _filters() -> Iterator[Offer]:
    yield from (Offer(name, _(about)) for name, about in FILTERS.items())
    yield from (Offer(name) for name in sorted(STRICT.filters) if name not in FILTERS)


def _tags() -> Iterator[Offer]:
    for name, about in TAGS.items():
        yield Offer(f"{name} " if name in GOES_ON else f"{name} %}}", _(about), stay=name in GOES_ON)
