"""Segment's messages: from the bytes of a call to work for the desk, all of it or an error that names the place.

Facts of the format: https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ and the spec
beside it. Messages are open: unknown keys are ignored. Values are typed strictly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import Raw, Struct

from server_stub.api.http import UNREADABLE, is_too_deep, readable_error
from server_stub.work import AliasVisitor, IdentifyVisitor, Identity, Rejected, TrackEvent

MAX_CALL_BYTES = 32 * 1024
MAX_BATCH_BYTES = 500 * 1024
MAX_BATCH_EVENTS = 2_500
MAX_DEPTH = 64
"""Nesting of a message. Segment names no limit; a page's context needs less than ten."""
MAX_ID_CHARS = 512
"""Ids and event names. Segment names no limit; an index over foreign text needs one."""

TrackingWork: TypeAlias = TrackEvent | IdentifyVisitor | AliasVisitor
Ident: TypeAlias = str | int | float | None
"""Libraries send ids as text, hand-written calls send numbers, too."""


class Call(Struct, rename="camel"):
    """One message, alone or in a batch."""

    type: str = ""
    event: str | None = None
    name: str | None = None
    category: str | None = None
    anonymous_id: Ident = None
    user_id: Ident = None
    previous_id: Ident = None
    group_id: Ident = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    message_id: Ident = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    write_key: str | None = None


class Batch(Struct, rename="camel"):
    batch: list[Raw]
    context: dict[str, Any] | None = None
    sent_at: str | None = None
    write_key: str | None = None


_decode_call = msgspec.json.Decoder(Call).decode
_decode_batch = msgspec.json.Decoder(Batch).decode


def read_call(kind: str, body: bytes, received_at: int) -> tuple[str | None, TrackingWork]:
    """The call's write key (None: not in the body) and its work. Raises Rejected."""
    call = _call(body)
    return call.write_key, _work(kind, call, call.context or {}, call.sent_at, received_at)


def read_batch(body: bytes, received_at: int) -> tuple[str | None, list[TrackingWork]]:
    """The batch's write key and the work of each message, in order. Raises Rejected: all are good, or none is."""
    try:
        batch = _decode_batch(body)
    except UNREADABLE as error:
        raise readable_error(error, body) from error
    if len(batch.batch) > MAX_BATCH_EVENTS:
        detail = f"The batch has {len(batch.batch)} messages; {MAX_BATCH_EVENTS} are possible."
        raise Rejected("too_many", detail, field="batch")
    works: list[TrackingWork] = []
    write_key = batch.write_key
    for index, raw in enumerate(batch.batch):
        try:
            call = _call(bytes(raw))
            context = _merged(batch.context, call.context)
            works.append(_work(call.type, call, context, call.sent_at or batch.sent_at, received_at))
            write_key = write_key or call.write_key
        except Rejected as error:
            place = f"batch[{index}].{error.field}".rstrip(".")
            raise Rejected(
                error.error, error.detail, status=error.status, field=place, hint=error.hint
            ) from error
    return write_key, works


def _call(body: bytes) -> Call:
    if len(body) > MAX_CALL_BYTES:
        raise Rejected("too_large", f"A message has at most {MAX_CALL_BYTES // 1024} KB.")
    try:
        call = _decode_call(body)
    except UNREADABLE as error:
        raise readable_error(error, body) from error
    # Counting brackets is far cheaper than walking, and settles nearly every message.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        for name in ("properties", "traits", "context"):
            if is_too_deep(getattr(call, name) or {}, MAX_DEPTH):
                raise Rejected("too_deep", f"Nested deeper than {MAX_DEPTH} levels.", field=name)
    return call


def _merged(outer: dict[str, Any] | None, inner: dict[str, Any] | None) -> dict[str, Any]:
    if outer and inner:
        return {**outer, **inner}
    return inner or outer or {}


def _work(
    kind: str, call: Call, context: dict[str, Any], sent_at: str | None, received_at: int
) -> TrackingWork:
    make = _MAKERS.get(kind)
    if make is None:
        known = ", ".join(_MAKERS)
        detail = f"{kind!r} is no type of message." if kind else "The message has no type."
        raise Rejected("invalid", detail, field="type", hint=f"One of {known}.")
    return make(call, context, _happened_at(call, sent_at, received_at), received_at)


# --- One maker a kind ----------------------------------------------------------------


def _track(call: Call, context: dict[str, Any], happened_at: int, received_at: int) -> TrackingWork:
    if not call.event or not call.event.strip():
        raise Rejected("missing", "A track call needs the event's name.", field="event")
    return _event(call, call.event, call.properties or {}, context, happened_at, received_at)


def _page(call: Call, context: dict[str, Any], happened_at: int, received_at: int) -> TrackingWork:
    properties = _named(call)
    page = context.get("page")
    if isinstance(page, dict):
        for key in ("url", "path", "title", "referrer", "search"):
            if key in page:
                properties.setdefault(key, page[key])
    return _event(call, "Page Viewed", properties, context, happened_at, received_at)


def _screen(call: Call, context: dict[str, Any], happened_at: int, received_at: int) -> TrackingWork:
    return _event(call, "Screen Viewed", _named(call), context, happened_at, received_at)


def _identify(call: Call, context: dict[str, Any], happened_at: int, received_at: int) -> TrackingWork:
    return _traits(call, call.traits or {}, context, happened_at, received_at)


def _group(call: Call, context: dict[str, Any], happened_at: int, received_at: int) -> TrackingWork:
    """The visitor's company, as his property `group`."""
    group_id = _text(call.group_id, "groupId")
    if not group_id:
        raise Rejected("missing", "A group call needs the group's id.", field="groupId")
    return _traits(
        call, {"group": {**(call.traits or {}), "id": group_id}}, context, happened_at, received_at
    )


def _alias(call: Call, _context: dict[str, Any], happened_at: int, received_at: int) -> TrackingWork:
    previous, user_id = _text(call.previous_id, "previousId"), _text(call.user_id, "userId")
    if not previous:
        raise Rejected("missing", "An alias call needs the previous id.", field="previousId")
    if not user_id:
        raise Rejected("missing", "An alias call needs the new user id.", field="userId")
    return AliasVisitor(
        who=Identity(_text(call.anonymous_id, "anonymousId"), user_id),
        previous=previous,
        message_id=_text(call.message_id, "messageId"),
        happened_at=happened_at,
        received_at=received_at,
    )


_Maker: TypeAlias = Callable[[Call, dict[str, Any], int, int], TrackingWork]
_MAKERS: dict[str, _Maker] = {
    "track": _track,
    "identify": _identify,
    "page": _page,
    "screen": _screen,
    "group": _group,
    "alias": _alias,
}


def _event(
    call: Call,
    name: str,
    properties: dict[str, Any],
    context: dict[str, Any],
    happened_at: int,
    received_at: int,
) -> TrackEvent:
    if len(name) > MAX_ID_CHARS:
        raise Rejected("too_long", f"An event's name has at most {MAX_ID_CHARS} characters.", field="event")
    return TrackEvent(
        who=_who(call),
        name=name,
        properties=properties,
        context=context,
        message_id=_text(call.message_id, "messageId"),
        happened_at=happened_at,
        received_at=received_at,
    )


def _traits(
    call: Call, traits: dict[str, Any], context: dict[str, Any], happened_at: int, received_at: int
) -> IdentifyVisitor:
    return IdentifyVisitor(
        who=_who(call),
        traits=traits,
        context=context,
        message_id=_text(call.message_id, "messageId"),
        happened_at=happened_at,
        received_at=received_at,
    )


def _named(call: Call) -> dict[str, Any]:
    properties = dict(call.properties or {})
    for key, value in (("name", call.name), ("category", call.category)):
        if value:
            properties.setdefault(key, value)
    return properties


def _who(call: Call) -> Identity:
    anonymous_id, user_id = _text(call.anonymous_id, "anonymousId"), _text(call.user_id, "userId")
    if not anonymous_id and not user_id:
        raise Rejected(
            "missing", "Whose message is it? It needs an anonymousId or a userId.", field="anonymousId"
        )
    return Identity(anonymous_id, user_id)


def _text(value: Ident, field: str) -> str:
    if type(value) is str:
        if len(value) > MAX_ID_CHARS:
            raise Rejected("too_long", f"An id has at most {MAX_ID_CHARS} characters.", field=field)
        return value
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return _text(text, field)


# --- Time ----------------------------------------------------------------


def _happened_at(call: Call, sent_at: str | None, received_at: int) -> int:
    """When it happened by our clock: what lies between the sender's two stamps has passed, whatever he calls it.

    Nothing happens after it has been received.
    """
    stamp, field = call.timestamp, "timestamp"
    if stamp is None:
        stamp, field = call.original_timestamp, "originalTimestamp"
    sent = None if sent_at is None else _moment(sent_at, "sentAt")
    if stamp is None:
        return received_at
    happened = _moment(stamp, field)
    if sent is not None:
        happened += received_at - sent
    return max(0, min(happened, received_at))


_LOOSE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d\d?):(\d\d):(\d\d)(?:\.(\d{1,9}))?)?\s*(Z)?")


def _moment(text: str, field: str) -> int:
    """Milliseconds since the epoch of an ISO 8601 date-time; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # Segment's own examples have unpadded months.
        loose = _LOOSE.fullmatch(text.strip())
        if not loose:
            raise _no_moment(text, field) from None
        year, month, day, hour, minute, second = (int(part or 0) for part in loose.group(1, 2, 3, 4, 5, 6))
        try:
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            raise _no_moment(text, field) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return round(moment.timestamp() * 1000)
    except (OverflowError, ValueError):
        raise _no_moment(text, field) from None


def _no_moment(text: str, field: str) -> Rejected:
    hint = "ISO 8601, such as 2026-03-02T12:00:00.000Z."
    return Rejected("invalid", f"{text[:40]!r} is no date and time.", field=field, hint=hint)
