"""From a frame of the widget to work for the desk. Whatever is wrong with it is Rejected here or by the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from server_stub.api.http import UNREADABLE, is_too_deep, readable_error
from server_stub.api.segment import MAX_ID_CHARS
from server_stub.api.tokens import VisitorTokens
from server_stub.protocol import (
    MAX_MESSAGE_CHARS,
    ChooseFrame,
    IdentifyFrame,
    PopupFrame,
    SeenFrame,
    TrackFrame,
    WidgetFrame,
    WriteFrame,
)
from server_stub.work import (
    AnyWork,
    IdentifyVisitor,
    Identity,
    Rejected,
    TrackEvent,
    VisitorChooses,
    VisitorEndsPopup,
    VisitorSees,
    VisitorWrites,
)

MAX_FRAME_BYTES = 128 * 1024
"""A message of MAX_MESSAGE_CHARS, every character escaped, and room."""
MAX_EVENT_BYTES = 32 * 1024
"""As for Segment's calls."""
MAX_DEPTH = 64
MAX_FILES = 10
MAX_FRAME_ID_CHARS = 100

_decode = msgspec.json.Decoder(WidgetFrame).decode


class Speaker(Struct, frozen=True):
    """Who is at the other end of a socket, and what his browser says of itself."""

    anonymous_id: str
    context: dict[str, Any]


def read_frame(text: str | bytes) -> WidgetFrame:
    """Raises Rejected, with the frame's id lost where the frame could not be read."""
    body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(body) > MAX_FRAME_BYTES:
        raise Rejected("too_large", f"A frame has at most {MAX_FRAME_BYTES // 1024} KB.", status=413)
    try:
        frame: WidgetFrame = _decode(body)
    except UNREADABLE as error:
        raise readable_error(error, body) from error
    if isinstance(frame, (TrackFrame, IdentifyFrame, PopupFrame)):
        if len(body) > MAX_EVENT_BYTES:
            raise Rejected("too_large", f"An event has at most {MAX_EVENT_BYTES // 1024} KB.", status=413)
        if body.count(b"{") + body.count(b"[") > MAX_DEPTH and is_too_deep(
            msgspec.to_builtins(frame), MAX_DEPTH
        ):
            raise Rejected("too_deep", f"Nested deeper than {MAX_DEPTH} levels.")
    return frame


def frame_id(frame: WidgetFrame) -> str:
    """The id by which the frame is answered; empty for those that are not."""
    return str(getattr(frame, "id", ""))


def work_for(frame: WidgetFrame, who: Speaker, tokens: VisitorTokens, now: int) -> AnyWork:
    """Raises Rejected."""
    if len(frame_id(frame)) > MAX_FRAME_ID_CHARS or ("id" in frame.__struct_fields__ and not frame_id(frame)):
        detail = f"A frame's id has 1 to {MAX_FRAME_ID_CHARS} characters."
        raise Rejected("invalid", detail, field="id")
    make = _MAKERS.get(type(frame))
    if make is None:
        raise Rejected("unexpected", "Hello has been said already.", field="type")
    return make(frame, who, tokens, now)


def identify(
    user_id: str,
    user_hash: str,
    traits: dict[str, Any],
    who: Speaker,
    tokens: VisitorTokens,
    *,
    message_id: str,
    now: int,
) -> IdentifyVisitor:
    """Raises Rejected where the user id is not proven."""
    if user_id:
        if len(user_id) > MAX_ID_CHARS:
            detail = f"A user id has at most {MAX_ID_CHARS} characters."
            raise Rejected("too_long", detail, field="user_id")
        tokens.check_user(user_id, user_hash)
    return IdentifyVisitor(
        who=Identity(who.anonymous_id, user_id),
        traits=traits,
        context=who.context,
        message_id=message_id,
        happened_at=now,
        received_at=now,
    )


def _scoped(who: Speaker, frame: str) -> str:
    """A frame's id among everybody's: two visitors' widgets may count alike."""
    return f"{who.anonymous_id}/{frame}"


def _track(frame: TrackFrame, who: Speaker, _tokens: VisitorTokens, now: int) -> AnyWork:
    if not frame.name.strip() or len(frame.name) > MAX_ID_CHARS:
        raise Rejected("invalid", f"An event's name has 1 to {MAX_ID_CHARS} characters.", field="name")
    return TrackEvent(
        who=Identity(who.anonymous_id),
        name=frame.name,
        properties=frame.properties,
        context=who.context,
        message_id=_scoped(who, frame.id),
        happened_at=_happened_at(frame, now),
        received_at=now,
        source="widget",
    )


def _happened_at(frame: TrackFrame, now: int) -> int:
    """By our clock: `sent_at` tells how far the visitor's is off."""
    if not frame.at:
        return now
    happened = now - (frame.sent_at - frame.at) if frame.sent_at else frame.at
    return max(0, min(happened, now))


def _identify(frame: IdentifyFrame, who: Speaker, tokens: VisitorTokens, now: int) -> AnyWork:
    message_id = _scoped(who, frame.id)
    return identify(frame.user_id, frame.user_hash, frame.traits, who, tokens, message_id=message_id, now=now)


def _write(frame: WriteFrame, who: Speaker, _tokens: VisitorTokens, now: int) -> AnyWork:
    if not frame.text.strip() and not frame.files:
        raise Rejected("empty", "There is neither text nor a file.", field="text")
    if len(frame.text) > MAX_MESSAGE_CHARS:
        raise Rejected("too_long", f"A message has at most {MAX_MESSAGE_CHARS} characters.", field="text")
    if len(frame.files) > MAX_FILES:
        raise Rejected("too_many", f"A message has at most {MAX_FILES} files.", field="files")
    return VisitorWrites(
        anonymous_id=who.anonymous_id, text=frame.text, files=frame.files, frame=frame.id, at=now
    )


def _choose(frame: ChooseFrame, who: Speaker, _tokens: VisitorTokens, now: int) -> AnyWork:
    return VisitorChooses(
        anonymous_id=who.anonymous_id, message=frame.message, option=frame.option, frame=frame.id, at=now
    )


def _end_popup(frame: PopupFrame, who: Speaker, _tokens: VisitorTokens, now: int) -> AnyWork:
    return VisitorEndsPopup(
        anonymous_id=who.anonymous_id,
        popup=frame.popup,
        outcome=frame.outcome,
        fields=frame.fields,
        frame=frame.id,
        at=now,
    )


def _see(frame: SeenFrame, who: Speaker, _tokens: VisitorTokens, now: int) -> AnyWork:
    return VisitorSees(anonymous_id=who.anonymous_id, up_to=frame.up_to, state=frame.state, at=now)


_Maker: TypeAlias = Callable[[Any, Speaker, VisitorTokens, int], AnyWork]
_MAKERS: dict[type, _Maker] = {
    TrackFrame: _track,
    IdentifyFrame: _identify,
    WriteFrame: _write,
    ChooseFrame: _choose,
    PopupFrame: _end_popup,
    SeenFrame: _see,
}
