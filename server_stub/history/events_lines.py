"""The lines of an events file: Segment messages, one JSON object a line, as `import events --to` writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from scenarios_yaml.engine.stimuli import Happened, PropertiesChanged
from scenarios_yaml.language.model import event_key
from scenarios_yaml.tools.past.log import LogItem
from server_stub.desk.visits import SESSION_GAP, device_of, origin_of, path_of
from server_stub.settings import Settings, section_of

TYPES = ("track", "page", "screen", "identify", "group", "alias")
_PAGE_VIEWED = event_key("Page Viewed")
_RENAMED = {"firstName": "first_name", "lastName": "last_name"}
"""Segment's reserved traits that the language writes in its own way."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EventsError(Exception):
    """A line that cannot be read. `line` counts from 1."""

    def __init__(self, file: str, line: int, text: str) -> None:
        super().__init__(f"{file}:{line}: {text}")
        self.line = line


class Line(Struct, rename="camel"):
    """A message. Unknown keys are ignored; `sentAt` is, too: the time of a stored message has been corrected."""

    type: str = "track"
    event: str = ""
    name: str = ""
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    message_id: str | int | None = None
    timestamp: str = ""
    original_timestamp: str = ""


decode_line = msgspec.json.Decoder(Line).decode


class Who(Struct, rename="camel"):
    """Of a message, what an index needs."""

    type: str = "track"
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    previous_id: str | int | None = None
    timestamp: str = ""
    original_timestamp: str = ""


decode_who = msgspec.json.Decoder(Who).decode


def moment_of(message: Line | Who) -> int:
    """When it happened (ms). Raises ValueError where it says none."""
    text = message.timestamp or message.original_timestamp
    if not text:
        raise ValueError("the message has no timestamp")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    delta = moment - _EPOCH
    return max(0, delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000)


class Telling:
    """Turns one visitor's messages, in the order of their time, into what the engine was told: as the server does with
    those that come over the tracking API (desk/tracking.py)."""

    def __init__(self, visitor: str, settings: Settings) -> None:
        self.items: list[LogItem] = []
        self._visitor = visitor
        self._settings = settings
        self._seen: set[str] = set()
        self._traits: dict[str, Any] = {}
        self._session_at = 0
        self._sessions = 0
        self._section = ""

    def take(self, message: Line, at: int) -> None:
        if message.message_id is not None:
            key = str(message.message_id)
            if key in self._seen:
                return
            self._seen.add(key)
        match message.type:
            case "track":
                self._event(message.event, message.properties or {}, message, at)
            case "page":
                self._event("Page Viewed", _page(message), message, at)
            case "screen":
                self._event("Screen Viewed", _named(message), message, at)
            case "identify":
                self._learn(message.traits or {}, at)
            case "group":
                self._learn({"group": {**(message.traits or {}), "id": str(message.group_id or "")}}, at)

    def _tell(self, name: str, properties: dict[str, Any], at: int) -> None:
        self.items.append(LogItem(at, self._visitor, Happened(name, properties, at)))

    def _event(self, name: str, properties: dict[str, Any], message: Line, at: int) -> None:
        if event_key(name) != _PAGE_VIEWED:
            self._tell(name, properties, at)
            return
        self._visit(properties, message.context or {}, at)
        url = _text(properties, "url")
        path = _text(properties, "path") or path_of(url)
        section = _text(properties, "section") or (section_of(path, self._settings.sections) if path else "")
        added = {name: value for name, value in (("path", path), ("section", section)) if value}
        self._tell(name, {**added, **properties}, at)
        if section and section != self._section:
            self._section = section
            self._tell("Section Viewed", {"section": section, "path": path}, at)

    def _visit(self, properties: dict[str, Any], context: dict[str, Any], at: int) -> None:
        """A browser's page view after a silence begins a visit; a back end's does not."""
        page, agent = context.get("page"), context.get("userAgent")
        if not isinstance(page, dict) or not isinstance(agent, str):
            return
        last_at, self._session_at = self._session_at, at
        if self._sessions and at - last_at <= SESSION_GAP:
            return
        device = device_of(agent)
        traits = {"device": device.kind, "browser": device.browser, "os": device.system}
        traits |= {name: value for name in ("locale", "timezone") if (value := _text(context, name))}
        self._learn({name: value for name, value in traits.items() if value}, at)
        campaign = context.get("campaign")
        origin = origin_of(
            _text(properties, "url") or _text(page, "url"),
            _text(properties, "referrer") or _text(page, "referrer"),
            campaign if isinstance(campaign, dict) else {},
            frozenset(),
        )
        self._sessions += 1
        started = {
            "first": self._sessions == 1,
            "session_id": f"{self._visitor}-{self._sessions}",
            "referrer": origin.referrer,
            "channel": origin.channel,
            "utm": origin.utm,
            "landing": origin.landing,
        }
        self._tell("Session Started", started, at)

    def _learn(self, traits: dict[str, Any], at: int) -> None:
        changes = {_RENAMED.get(name, name): value for name, value in traits.items()}
        changes = {name: value for name, value in changes.items() if self._traits.get(name) != value}
        if changes:
            self._traits |= changes
            self.items.append(LogItem(at, self._visitor, PropertiesChanged(changes)))


def _named(message: Line) -> dict[str, Any]:
    properties = dict(message.properties or {})
    if message.name:
        properties.setdefault("name", message.name)
    return properties


def _page(message: Line) -> dict[str, Any]:
    properties = _named(message)
    page = (message.context or {}).get("page")
    if isinstance(page, dict):
        for key in ("url", "path", "title", "referrer", "search"):
            if key in page:
                properties.setdefault(key, page[key])
    return properties


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
