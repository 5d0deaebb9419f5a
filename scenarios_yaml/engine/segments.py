"""The segments that have a file, as the engine decides them: in order of dependence, and found by what their
conditions look at.

What an event costs depends on the segments that look at it, not on how many there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from scenarios_yaml.engine.audience import touch_key
from scenarios_yaml.engine.inside import every
from scenarios_yaml.engine.paths import VISITOR_FIELDS, split_path
from scenarios_yaml.engine.timing import is_timed
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Segment, event_key

EVERYTHING = "everything"
"""The look at which all segments are decided anew."""
WORLD = "world"
"""What no visitor changes: how many operators are online."""
_PARTS = frozenset({
    "cart", "order", "orders", "page", "session", "dialog", "lists", "unsubscribed", "tags", "segments",
    "first_visit", "last_visit", "visits", "first_touch", "revenue", "viewed",
})  # fmt: skip
"""Parts of a visitor's state that change as a whole."""


class SegmentIndex:
    """Segments by what they look at. A look is a part of the state (`cart`) or one of its pieces: `event KEY`,
    `property NAME`, `tag SLUG`, `touch KEY`, `segment SLUG`."""

    __slots__ = (
        "by_look",
        "events",
        "fingerprint",
        "looks_at_world",
        "parts",
        "places",
        "segments",
        "timed",
        "watched",
    )

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.segments = tuple(_by_dependence(segments))
        """Each after those that it names."""
        self.places = {segment.slug: place for place, segment in enumerate(self.segments)}
        self.timed = tuple(is_timed(segment.conditions) for segment in self.segments)
        """Whether time alone may change it, by place."""
        by_look: dict[str, set[int]] = {EVERYTHING: set(range(len(self.segments)))}
        for place, segment in enumerate(self.segments):
            for look in looks_of(segment):
                by_look.setdefault(look, set()).add(place)
        self.by_look = {look: tuple(sorted(places)) for look, places in by_look.items()}
        self.parts = tuple(sorted(self.by_look.keys() & _PARTS))
        """The parts of the state that some segment looks at as a whole."""
        self.watched = frozenset(self.parts)
        self.events = frozenset(
            look.removeprefix("event ") for look in self.by_look if look.startswith("event ")
        )
        self.looks_at_world = WORLD in self.by_look
        self.fingerprint = _fingerprint(self.segments)
        """Of all files together; empty where there are none."""

    def __bool__(self) -> bool:
        return bool(self.segments)

    def __contains__(self, slug: str) -> bool:
        return slug in self.places


def looks_of(segment: Segment) -> set[str]:
    """What a segment's conditions look at."""
    found: set[str] = set()
    for did in every(segment.conditions, model.Did):
        found.add(f"event {event_key(did.event)}")
    for sum_of in every(segment.conditions, model.SumOf):
        found.add(f"event {event_key(sum_of.event)}")
    for ago in every(segment.conditions, model.Ago):
        found.add("order" if ago.what == "last_order" else ago.what)
    for tagged in every(segment.conditions, model.Tagged):
        found.add(f"tag {tagged.tag}")
    for inside in every(segment.conditions, model.InSegment):
        found.add(f"segment {inside.segment}")
    for touched in every(segment.conditions, model.Touched):
        found.add(f"touch {touch_key(touched.how, touched.scenario, touched.step)}")
    if any(True for _ in every(segment.conditions, model.Visits)):
        found.add("visits")
    if any(True for _ in every(segment.conditions, model.OperatorsOnline)):
        found.add(WORLD)
    for compare in every(segment.conditions, model.Compare):
        found.update(_looks_of_path(compare.path))
    for date_in in every(segment.conditions, model.DateIn):
        found.update(_looks_of_path(date_in.path))
    for is_ in every(segment.conditions, model.Is):
        found.update(("lists", "unsubscribed") if is_.what == "subscribed" else ())
        found.update(_looks_of_path(is_.path))
    return found


def _looks_of_path(path: str) -> Iterator[str]:
    root, rest = split_path(path)
    if root == "visitor":
        name = rest.partition(".")[0]
        yield f"property {name}"
        if name in VISITOR_FIELDS:
            yield name
    elif root == "order":
        yield from ("order", "orders")
    else:
        yield root


def _by_dependence(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Each after those that it names; one that would close a circle is left out."""
    by_slug = {segment.slug: segment for segment in segments}
    done: dict[str, bool] = {}
    for slug in sorted(by_slug):
        yield from _with_named(slug, by_slug, done)


def _with_named(slug: str, by_slug: dict[str, Segment], done: dict[str, bool]) -> Iterator[Segment]:
    """The segment behind those that it names. `done` says of each whether it is ready (else: on the way)."""
    ahead = [slug]
    while ahead:
        current = ahead[-1]
        if done.get(current):
            ahead.pop()
            continue
        done[current] = False
        named = sorted(
            {leaf.segment for leaf in every(by_slug[current].conditions, model.InSegment)} & by_slug.keys()
        )
        circle = [name for name in named if done.get(name) is False]
        waits = [name for name in named if name not in done]
        if waits and not circle:
            ahead.append(waits[0])
            continue
        ahead.pop()
        done[current] = True
        if not circle:
            yield by_slug[current]


def _fingerprint(segments: tuple[Segment, ...]) -> str:
    if not segments:
        return ""
    named = "\n".join(f"{segment.slug} {segment.version}" for segment in segments)
    return hashlib.blake2b(named.encode(), digest_size=6).hexdigest()
