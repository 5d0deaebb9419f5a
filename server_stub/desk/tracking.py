"""Events and traits from the site and from back ends, and what the server derives from them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from scenarios_yaml.engine.stimuli import Happened, PropertiesChanged
from scenarios_yaml.language.model import event_key
from server_stub.desk.identities import alias, visitor_of
from server_stub.desk.people import Person
from server_stub.desk.persons.details import came_with
from server_stub.desk.reactions import tell
from server_stub.desk.transaction import Transaction
from server_stub.desk.visits import SESSION_GAP, device_of, host_of, origin_of, path_of
from server_stub.protocol import Author, EventHappened, Origin
from server_stub.settings import SectionRule, section_of
from server_stub.work import AliasVisitor, IdentifyVisitor, Identity, TrackEvent

EVENT = "e:"
"""Prefix of message ids among the ids that count once."""
_PAGE_VIEWED = event_key("Page Viewed")
CLICKED = event_key("Message Clicked")
_CONTEXT_PROPERTIES = ("locale", "timezone")


def track(tx: Transaction, work: TrackEvent) -> None:
    if _came_before(tx, work.message_id):
        return
    person = visitor_of(tx, work.who, work.received_at)
    properties = work.properties
    is_page = event_key(work.name) == _PAGE_VIEWED
    if work.source == "widget" or (is_page and _is_browser(work.context)):
        person = _visit(tx, person, work)
    if not is_page:
        _happened(tx, person.id, work, work.name, properties)
        return
    properties, entered = _with_section(tx, person, properties)
    _happened(tx, person.id, work, work.name, properties)
    if entered:
        viewed = {"section": entered, "path": properties.get("path", "")}
        _happened(tx, person.id, work, "Section Viewed", viewed, derived=True)


def identify(tx: Transaction, work: IdentifyVisitor) -> None:
    if _came_before(tx, work.message_id):
        return
    person = visitor_of(tx, work.who, work.received_at)
    learn(tx, person, work.traits, work.received_at)


def take_alias(tx: Transaction, work: AliasVisitor) -> None:
    if _came_before(tx, work.message_id):
        return
    alias(tx, work.previous, work.who, work.received_at)


def learn(tx: Transaction, person: Person, traits: dict[str, Any], at: int) -> None:
    """Take in traits, those that are new."""
    known = person.state.properties
    changes = {
        _TRAITS.get(name, name): value
        for name, value in traits.items()
        if known.get(_TRAITS.get(name, name)) != value
    }
    if changes:
        tell(tx, person.id, PropertiesChanged(changes), at, by=Author("visitor", person.id, person.name))


_TRAITS = {"firstName": "first_name", "lastName": "last_name"}
"""Segment's reserved traits that the language writes in its own way."""


def _came_before(tx: Transaction, message_id: str) -> bool:
    if not message_id:
        return False
    key = EVENT + message_id
    if tx.seen(key) is not None:
        return True
    tx.remember(key)
    return False


def _is_browser(context: dict[str, Any]) -> bool:
    """Segment's browser library says so by the page; a back end that passes a page view on does likewise."""
    return isinstance(context.get("page"), dict) and isinstance(context.get("userAgent"), str)


def _learn_context(tx: Transaction, person: Person, context: dict[str, Any], at: int) -> None:
    """Device, locale and time zone, as the browser tells them when a visit begins."""
    traits: dict[str, Any] = {
        name: context[name]
        for name in _CONTEXT_PROPERTIES
        if isinstance(context.get(name), str) and context[name]
    }
    agent = context.get("userAgent")
    if isinstance(agent, str) and agent:
        device = device_of(agent)
        traits |= {"device": device.kind, "browser": device.browser, "os": device.system}
        came_with(tx, person.id, str(device), context)
    else:
        came_with(tx, person.id, "", context)
    learn(tx, tx.known_person(person.id), {name: value for name, value in traits.items() if value}, at)


def _visit(tx: Transaction, person: Person, work: TrackEvent) -> Person:
    """A sign of life: it goes on with the visit, or begins another one before the event is taken in."""
    at = work.happened_at
    last_at = max(person.last_at, person.state.session.last_at)
    if person.state.session.id and at - last_at <= SESSION_GAP:
        return tx.put(replace(person, last_at=at)) if at > person.last_at else person
    tx.put(replace(person, last_at=max(at, person.last_at)))
    _learn_context(tx, person, work.context, work.received_at)
    page = _dict(work.context, "page")
    url = _text(work.properties, "url") or _text(page, "url")
    referrer = _text(work.properties, "referrer") or _text(page, "referrer")
    origin = origin_of(url, referrer, _dict(work.context, "campaign"), _own_hosts(tx))
    properties = {
        "first": person.state.visits == 0,
        "session_id": tx.new_id("s"),
        "referrer": origin.referrer,
        "channel": origin.channel,
        "utm": origin.utm,
        "landing": origin.landing,
    }
    _happened(tx, person.id, work, "Session Started", properties, derived=True)
    return tx.known_person(person.id)


def _happened(
    tx: Transaction,
    visitor: str,
    work: TrackEvent,
    name: str,
    properties: dict[str, Any],
    *,
    derived: bool = False,
) -> None:
    at = work.happened_at
    received_at = 0 if work.received_at == at else work.received_at
    what = EventHappened(name, properties, "" if derived else work.message_id, received_at)
    if event_key(name) == CLICKED:
        what = replace(what, origin=_clicked(tx, visitor, properties))
    tx.record(what, at, visitor)
    tell(tx, visitor, Happened(name, properties, at), work.received_at, by=Author("visitor", visitor))


def _clicked(tx: Transaction, visitor: str, properties: dict[str, Any]) -> Origin | None:
    """Where the message comes from of which the visitor has clicked a button; None where it is none of his."""
    message = tx.message(_text(properties, "message")) if _text(properties, "message") else None
    return message.origin if message is not None and message.visitor == visitor else None


def _with_section(tx: Transaction, person: Person, properties: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A page view with its path and section, and the section if it is another one than before."""
    url = _text(properties, "url")
    path = _text(properties, "path") or path_of(url)
    section = _section_of(path, tx.settings.sections) if path else ""
    added = {"path": path} if path and "path" not in properties else {}
    if section and "section" not in properties:
        added["section"] = section
    section = _text(properties, "section") or section
    entered = section if section != person.state.page.section else ""
    return ({**properties, **added} if added else properties), entered


@lru_cache(maxsize=4096)
def _section_of(path: str, rules: tuple[SectionRule, ...]) -> str:
    return section_of(path, rules)


def _own_hosts(tx: Transaction) -> frozenset[str]:
    site = tx.settings.site
    return frozenset(host for host in map(host_of, (site.url, *site.allowed_origins)) if host)


def _dict(values: dict[str, Any], name: str) -> dict[str, Any]:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def anonymous(anonymous_id: str) -> Identity:
    """The visitor of a widget's socket, for whom the API has checked the token."""
    return Identity(anonymous_id=anonymous_id)
