"""Who is in which segment: decided anew as soon as something changes that a segment looks at, and at the exact
moment when time alone changes it.

What a visitor is in changes at once; the event that tells of it (Segment Entered, Segment Left) is taken in after
what made it. Segments that have no file are others' to tell of.
"""

from __future__ import annotations

import heapq

from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.effects import EmitEvent
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.segments import EVERYTHING, WORLD
from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.engine.timing import next_change
from scenarios_yaml.engine.turn import EMITTED_LIMIT, Event, Turn
from scenarios_yaml.language.model import Segment

MERGED = "merged"
"""`VisitorState.decided` of one who has just become one with another: all is decided anew, and told."""
_ROUNDS_LIMIT = 20
"""How often segments may move each other (by a condition on `visitor.segments`) before it is left as it stands."""


def begin(turn: Turn) -> None:
    """To be called first of all: sees to it that the membership is that of the catalog's files.

    Where the files have changed behind the visitor's back, what he is in is corrected without a word: nobody enters
    a segment because a file was written. One who is new, or was merged, enters as anybody does.
    """
    state, index = turn.state, turn.catalog.segments
    if state.decided == index.fingerprint:
        if index.looks_at_world:
            turn.look(WORLD)
        return
    if index and (state.decided == MERGED or _is_new(state)):
        state.decided = index.fingerprint
        turn.look(EVERYTHING)
    else:
        decide_all(turn)


def _is_new(state: VisitorState) -> bool:
    return not (state.decided or state.history or state.properties or state.tags or state.last_visit)


def decide_all(turn: Turn) -> None:
    """Decides every segment without telling; who is in one whose file is gone leaves it."""
    state, index = turn.state, turn.catalog.segments
    _forget_files_that_are_gone(turn)
    state.decided = index.fingerprint
    if index:
        _decide(turn, set(range(len(index.segments))), told=False)
        turn.catch_up_with_parts()


def decide(turn: Turn) -> None:
    """Decides those segments anew that look at something which has changed since the last time. Without segments
    (`Turn.looks` is None) it need not be called."""
    for _ in range(_ROUNDS_LIMIT):
        looks = turn.looks_changed()
        if not looks:
            return
        if EVERYTHING in looks:
            _forget_files_that_are_gone(turn)
        by_look = turn.catalog.segments.by_look
        places = {place for look in looks for place in by_look.get(look, ())}
        if places:
            _decide(turn, places, told=True)


def time_came(turn: Turn) -> None:
    """The moment has come at which time alone may change what the visitor is in."""
    _forget_files_that_are_gone(turn)
    places = turn.catalog.segments.places
    due = {places[slug] for slug, at in turn.state.segment_due.items() if at <= turn.now}
    turn.state.segments_due = 0
    _decide(turn, due, told=True)


def _decide(turn: Turn, places: set[int], *, told: bool) -> None:
    """Judges these segments, and those that name one which has changed, in order of dependence."""
    index = turn.catalog.segments
    scope = Scope(turn.state, turn.world, turn.now)
    ahead = sorted(places)
    seen = set(places)
    while ahead:
        place = heapq.heappop(ahead)
        segment = index.segments[place]
        if index.timed[place]:
            _arm(turn, segment, next_change(segment.conditions, scope))
        if not _move(turn, segment.slug, inside=all_hold(segment.conditions, scope), told=told):
            continue
        for dependant in index.by_look.get(f"segment {segment.slug}", ()):
            if dependant not in seen:
                seen.add(dependant)
                heapq.heappush(ahead, dependant)
    turn.state.segments_due = min(turn.state.segment_due.values(), default=0)


def _arm(turn: Turn, segment: Segment, due: int) -> None:
    known = turn.state.segment_due.get(segment.slug, 0)
    if due == known:
        return
    dues: dict[str, int] = turn.own("segment_due")
    if due:
        dues[segment.slug] = due
    else:
        del dues[segment.slug]


def _move(turn: Turn, slug: str, *, inside: bool, told: bool) -> bool:
    """Lets the visitor in or out; whether that changed anything."""
    state = turn.state
    if inside == (slug in state.live_segments) and (inside or slug not in state.segments):
        return False
    was_inside = slug in state.segments
    live: dict[str, int] = turn.own("live_segments")
    if inside:
        live[slug] = turn.now
        if not was_inside:
            turn.own("segments").append(slug)
    else:
        live.pop(slug, None)
        state.segments = [kept for kept in state.segments if kept != slug]
    if was_inside == inside:
        return False
    if told:
        _tell(turn, "Segment Entered" if inside else "Segment Left", slug)
    return True


def _tell(turn: Turn, name: str, slug: str) -> None:
    properties = {"segment": slug}
    turn.effects.append(EmitEvent(name, properties, f"segments/{slug}"))
    turn.moved_segments += 1
    # Scenarios and segments that set each other off without end come to one here.
    if turn.moved_segments <= EMITTED_LIMIT + len(turn.catalog.segments.segments):
        turn.pending.append(Event(name, properties, turn.now, decided=True))


def _forget_files_that_are_gone(turn: Turn) -> None:
    state, index = turn.state, turn.catalog.segments
    gone = [slug for slug in state.live_segments if slug not in index]
    if gone:
        live: dict[str, int] = turn.own("live_segments")
        for slug in gone:
            del live[slug]
            turn.look(f"segment {slug}")
        state.segments = [kept for kept in state.segments if kept not in gone]
    if any(slug not in index for slug in state.segment_due):
        state.segment_due = {slug: due for slug, due in state.segment_due.items() if slug in index}
    state.segments_due = min(state.segment_due.values(), default=0)
