"""What an event says about its visitor: page, session, addresses, the counts; shopping.py has cart and orders.

Events come from foreign sites: a value of the wrong kind is passed over, never an error, and everything is
bounded. Names of properties are Segment's (`product_id sku name price quantity url image_url products cart_id
order_id total`).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from scenarios_yaml.engine import shopping
from scenarios_yaml.engine.audience import where_meets
from scenarios_yaml.engine.paths import Scope, follow
from scenarios_yaml.engine.state import (
    AMOUNTS_LIMIT,
    NAMES_LIMIT,
    RECENT_LIMIT,
    TAGS_LIMIT,
    EventHistory,
    Page,
    Session,
    Touch,
)
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.engine.values import clean_text, first_text, number, slim, text_of

Properties = dict[str, Any]
UTM_LIMIT = 10


def fold(turn: Turn, key: str, properties: Properties, at: int) -> None:
    """Takes an event into the state. `key` is its `event_key`; `properties` are clean."""
    fold_fact = _FACTS.get(key)
    if fold_fact is not None:
        fold_fact(turn, properties, at)
    if key in BROWSING:
        visited(turn, at)
    _remember(turn, key, properties, at)


def visited(turn: Turn, at: int) -> None:
    """He was on the site: his silence begins anew."""
    state = turn.state
    if at <= state.last_visit:
        return
    state.last_visit = at
    state.first_visit = state.first_visit or at
    schedule_inactivity(turn, after=turn.now)


def schedule_inactivity(turn: Turn, after: int) -> None:
    """Arms the next `inactive` trigger that his silence will reach after the moment `after`."""
    state = turn.state
    dues = (state.last_visit + duration for duration, _ in turn.catalog.inactive)
    state.inactive_due = next((due for due in dues if due > after), 0)


# --- History ----------------------------------------------------------------------------------------------


def _remember(turn: Turn, key: str, properties: Properties, at: int) -> None:
    histories: dict[str, EventHistory] = turn.own("history")
    last = slim(properties)
    known = histories.get(key)
    if known is None:
        _make_room(histories)
        history = EventHistory(1, at, at, [at], last)
    else:
        # Not copy(): that takes three times as long, and this is done with every event.
        history = known.__copy__()  # type: ignore[attr-defined]
        history.count += 1
        history.recent = _with_moment(known.recent, at, turn.catalog.kept.get(key, RECENT_LIMIT))
        if at >= known.last_at:
            history.last_at, history.last = at, last
        else:
            history.first_at = min(known.first_at, at)
    histories[key] = history
    catalog = turn.catalog
    if key in catalog.counted:
        _count_matching(turn, history, key, properties, at)
    if key in catalog.summed:
        _note_amounts(history, catalog.summed[key], properties, at)
    if key in catalog.segments.events:
        turn.look(f"event {key}")


def _with_moment(moments: list[int], at: int, most: int) -> list[int]:
    kept = moments.copy()
    if not kept or kept[-1] <= at:
        kept.append(at)
    else:
        insort(kept, at)
    if len(kept) > most:
        del kept[:-most]
    return kept


def _make_room(histories: dict[str, EventHistory]) -> None:
    if len(histories) >= NAMES_LIMIT:
        del histories[min(histories, key=lambda name: (histories[name].last_at, name))]


def _count_matching(turn: Turn, history: EventHistory, key: str, properties: Properties, at: int) -> None:
    wheres = turn.catalog.counted[key]
    scope = Scope(turn.state, turn.world, turn.now, event=properties)
    kept = {name: moments for name, moments in history.matching.items() if name in wheres}
    most = turn.catalog.kept.get(key, RECENT_LIMIT)
    for name, where in wheres.items():
        moments = kept.get(name, [])
        kept[name] = _with_moment(moments, at, most) if where_meets(where, properties, scope) else moments
    history.matching = kept


def _note_amounts(history: EventHistory, paths: frozenset[str], properties: Properties, at: int) -> None:
    kept = {path: amounts for path, amounts in history.amounts.items() if path in paths}
    for path in sorted(paths):
        amount = number(follow(properties, path))
        if amount is not None:
            kept[path] = sorted([*kept.get(path, []), (at, amount)])[-AMOUNTS_LIMIT:]
    history.amounts = kept


# --- Pages and sessions -----------------------------------------------------------------------------------


def _page_viewed(turn: Turn, properties: Properties, at: int) -> None:
    state = turn.state
    url = first_text(properties, "url")
    path = first_text(properties, "path") or _path_of(url)
    state.page = Page(url, path, first_text(properties, "title"), first_text(properties, "referrer"),
                      first_text(properties, "section"), at)  # fmt: skip
    if state.session.id or state.session.started_at:
        session = turn.own("session")
        session.pages += 1
        session.last_at = max(session.last_at, at)


def _path_of(url: str) -> str:
    after_scheme = url.partition("://")[2] or url
    _, slash, path = after_scheme.partition("/")
    return slash + path.partition("?")[0].partition("#")[0] if slash else "/" if url else ""


def _section_viewed(turn: Turn, properties: Properties, _at: int) -> None:
    section = first_text(properties, "section", "name")
    if section:
        turn.own("page").section = section


def _session_started(turn: Turn, properties: Properties, at: int) -> None:
    state = turn.state
    utm = properties.get("utm")
    touch = Touch(
        at,
        first_text(properties, "referrer"),
        first_text(properties, "channel") or "direct",
        {name: text_of(value) for name, value in list(utm.items())[:UTM_LIMIT]}
        if isinstance(utm, dict)
        else {},
        first_text(properties, "landing"),
    )
    state.session = Session(first_text(properties, "session_id"), at, at, 0, touch)
    state.visits += 1
    if not state.first_touch.at:
        state.first_touch = touch
    state.first_visit = state.first_visit or at


# --- Addresses and subscriptions --------------------------------------------------------------------------


def _email_captured(turn: Turn, properties: Properties, _at: int) -> None:
    email = first_text(properties, "email")
    if "@" in email and not turn.state.properties.get("email"):
        turn.change_properties({"email": email})


def _subscribed(turn: Turn, properties: Properties, at: int) -> None:
    name = clean_text(first_text(properties, "list"), 100)
    state = turn.state
    state.unsubscribed = [left for left in state.unsubscribed if left not in (name, "email")]
    if name and name not in state.lists and len(state.lists) < TAGS_LIMIT:
        state.lists = [*state.lists, name]
    _email_captured(turn, properties, at)


def _unsubscribed(turn: Turn, properties: Properties, _at: int) -> None:
    name = clean_text(first_text(properties, "list"), 100) or "email"
    state = turn.state
    state.lists = [kept for kept in state.lists if kept != name]
    if name not in state.unsubscribed and len(state.unsubscribed) < TAGS_LIMIT:
        state.unsubscribed = [*state.unsubscribed, name]


def _push_subscribed(turn: Turn, _properties: Properties, _at: int) -> None:
    turn.change_properties({"push": True})


def _segment_entered(turn: Turn, properties: Properties, _at: int) -> None:
    """Of a segment that has a file, only the file says who is in it."""
    slug = clean_text(first_text(properties, "segment"), 100)
    segments = turn.state.segments
    if slug in turn.catalog.segments or not slug or slug in segments:
        return
    if len(segments) - len(turn.state.live_segments) < TAGS_LIMIT:
        turn.state.segments = [*segments, slug]
        turn.look(f"segment {slug}")


def _segment_left(turn: Turn, properties: Properties, _at: int) -> None:
    slug = clean_text(first_text(properties, "segment"), 100)
    if slug not in turn.catalog.segments and slug in turn.state.segments:
        turn.state.segments = [kept for kept in turn.state.segments if kept != slug]
        turn.look(f"segment {slug}")


def _touched(how: str) -> Callable[[Turn, Properties, int], None]:
    def fold_touch(turn: Turn, properties: Properties, _at: int) -> None:
        scenario = clean_text(first_text(properties, "scenario"), 100)
        if scenario:
            turn.touched(how, scenario, clean_text(first_text(properties, "step"), 100))

    return fold_touch


_FACTS: dict[str, Callable[[Turn, Properties, int], None]] = {
    **shopping.FACTS,
    "pageviewed": _page_viewed,
    "sectionviewed": _section_viewed,
    "sessionstarted": _session_started,
    "emailcaptured": _email_captured,
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
    "pushsubscribed": _push_subscribed,
    "segmententered": _segment_entered,
    "segmentleft": _segment_left,
    "emailopened": _touched("opened"),
    "messageseen": _touched("opened"),
    "emailclicked": _touched("clicked"),
    "messageclicked": _touched("clicked"),
    "messagereplied": _touched("replied"),
}
BROWSING = frozenset({
    "sessionstarted", "pageviewed", "sectionviewed", "pagescrolled", "exitintent", "productssearched",
    "productlistviewed", "productviewed", "productadded", "productremoved", "cartviewed", "checkoutstarted",
    "chatopened", "messagewritten",
})  # fmt: skip
"""Events that a person makes on the site himself: they are his visit."""
