"""What fits into a field of a form: names that are known there, by what the language's key declares. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.known import Known
from operator_console.designer.outline.names import path_words
from operator_console.translation import _, counted
from scenarios_yaml.language.paths import KEPT, NOT_WRITABLE, WRITABLE_ROOTS
from scenarios_yaml.language.scalars import KNOWN_EVENTS

MAX_OFFERS = 50
HEADERS = ("Authorization", "Content-Type", "X-Api-Key")
GROUPS = ("lead_generation", "chat_bots", "sales", "retention", "win_back")


class Offer(Struct, frozen=True):
    """`value` is put in, raw; `detail` is said of it; `stay` asks for more to be typed behind it at once."""

    value: str
    detail: str = ""
    stay: bool = False


class Offered(Struct, frozen=True):
    """What fits. `length` characters before the cursor are replaced by what is taken."""

    length: int
    offers: tuple[Offer, ...]


NOTHING = Offered(0, ())


def offered(field: Field, before: str, known: Known, *, asked: bool = False) -> Offered:
    """What fits behind the text `before` the cursor. `asked`: somebody wants to see it all, though nothing is typed."""
    line = before.rpartition("\n")[2]
    if not asked and not line.strip():
        return NOTHING
    typed = line.lstrip()
    if typed.startswith("parameters.") and field.kind not in ("text", "texts"):
        return Offered(len(typed), fitting(typed, _parameters(known)))
    return Offered(len(typed), fitting(typed, _names(field, known)))


def fitting(typed: str, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Those that begin so, then those with a word that does, then those that hold it; none where it is typed out."""
    wanted = _folded(typed)
    if not wanted:
        return tuple(chain.from_iterable(zip(_unique(offers))))[:MAX_OFFERS]
    ranked: list[tuple[int, int, Offer]] = []
    for number, offer in enumerate(_unique(offers)):
        name = _folded(offer.value)
        if name.strip() == wanted.strip():
            if offer.stay:
                continue
            return ()
        rank = _rank(wanted, name, _folded(offer.detail))
        if rank is not None:
            ranked.append((rank, number, offer))
    return tuple(offer for _rank_, _number, offer in sorted(ranked, key=lambda one: one[:2]))[:MAX_OFFERS]


def _rank(wanted: str, name: str, detail: str) -> int | None:
    if name.startswith(wanted):
        return 0
    if f" {wanted}" in name.replace(".", " ").replace("/", " "):
        return 1
    if len(wanted) > 1 and wanted in name:
        return 2
    return 3 if len(wanted) > 1 and detail and f" {wanted}" in f" {detail}" else None


def _folded(text: str) -> str:
    return text.casefold().replace("_", " ")


def _unique(offers: Iterable[Offer]) -> Iterator[Offer]:
    seen: set[str] = set()
    for offer in offers:
        if offer.value not in seen:
            seen.add(offer.value)
            yield offer


# --- By what the key takes ---------------------------------------------------------------------------------------


def _names(field: Field, known: Known) -> Iterator[Offer]:
    match field.kind:
        case "event":
            return events(known)
        case "path":
            return paths(known)
        case "writable_path":
            return writable_paths(known)
        case "tag":
            return tags(known)
        case "link":
            return pages(known)
        case "file":
            return iter(
                [
                    Offer(one)
                    for one in (known.names.templates if field.name == "template" else known.names.files)
                ]
            )
        case "picture":
            return (Offer(one) for one in known.names.files if _is_picture(one))
        case "lines" if field.name == "attachments":
            return iter([Offer(one) for one in known.names.files])
        case _:
            return _slugs(field, known)


def _slugs(field: Field, known: Known) -> Iterator[Offer]:
    """Names that are short words in the file: what they mean the key says."""
    names, named = known.names, known.file.targets
    match field.name:
        case "pool":
            return iter([Offer(one) for one in names.coupon_pools])
        case "segment":
            return segments(known)
        case "team":
            return (Offer(one.name, _times(one.times)) for one in names.teams)
        case "operator":
            return (Offer(one) for one in known.operators())
        case "jump":
            return (Offer(one.name, one.words) for one in sorted(named, key=lambda one: not one.is_block))
        case "call":
            return (Offer(one.name, one.words) for one in named if one.is_block)
        case "start":
            return (
                Offer(slug, title) for slug, title in known.scenarios().items() if slug != known.file.slug
            )
        case "subscribe" | "unsubscribe":
            return (Offer(one.name, _times(one.times)) for one in names.lists)
        case "group":
            return iter([Offer(one) for one in GROUPS])
        case "until":
            return paths(known)
    return iter([Offer(one) for one in field.choices])


def events(known: Known) -> Iterator[Offer]:
    """Those that were seen, the most usual first, then those that are well known."""
    for one in known.names.events:
        yield Offer(one.name, _times(one.times))
    for name in KNOWN_EVENTS:
        yield Offer(name)


def paths(known: Known) -> Iterator[Offer]:
    """What a condition or a text may look at."""
    yield from (_path(f"visitor.{name}") for name in KEPT["visitor"])
    yield from (_path(path) for path in known.file.kept)
    yield from (_path(f"visitor.{one.name}") for one in known.names.properties if _is_name(one.name))
    yield from (Offer(f"parameters.{name}", kind) for name, kind in known.file.parameters)
    for root, names in KEPT.items():
        if root != "visitor":
            yield from (_path(f"{root}.{name}") for name in names)
    for event in known.names.events:
        yield from (Offer(f"event.{name}", event.name) for name in event.properties if _is_name(name))


def writable_paths(known: Known) -> Iterator[Offer]:
    """Where an answer or a value may be kept."""
    return (offer for offer in paths(known) if _is_writable(offer.value))


def _is_writable(path: str) -> bool:
    return path.partition(".")[0] in WRITABLE_ROOTS and path not in NOT_WRITABLE


def tags(known: Known) -> Iterator[Offer]:
    """Tags that visitors have."""
    return (Offer(one.name, _times(one.times)) for one in known.names.tags)


def segments(known: Known) -> Iterator[Offer]:
    """Segments with their titles."""
    return (Offer(slug, title) for slug, title in known.names.segments.items())


def pages(known: Known) -> Iterator[Offer]:
    """Paths of pages that were visited."""
    return (Offer(one.name, _times(one.times)) for one in known.names.paths)


def _parameters(known: Known) -> Iterator[Offer]:
    return (Offer(f"parameters.{name}", kind) for name, kind in known.file.parameters)


def _path(path: str) -> Offer:
    return Offer(path, path_words(path))


def _is_name(name: str) -> bool:
    return name.isidentifier()


def _is_picture(name: str) -> bool:
    return name.rpartition(".")[2].casefold() in ("png", "jpg", "jpeg", "gif", "webp", "svg", "avif")


def _times(times: int) -> str:
    return counted("seen {count} time", "seen {count} times", times) if times else _("used in a scenario")
