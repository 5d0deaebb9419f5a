"""JSON of what is kept: one encoder and one decoder a type, made once, used by every store and by the stream."""

from __future__ import annotations

import msgspec

from server_stub.protocol import DialogSummary, Entry, Message, OutboxItem, Preset, VisitorNote

encode = msgspec.json.Encoder().encode

decode_entry = msgspec.json.Decoder(Entry).decode
decode_dialog = msgspec.json.Decoder(DialogSummary).decode
decode_message = msgspec.json.Decoder(Message).decode
decode_names = msgspec.json.Decoder(tuple[str, ...]).decode
decode_preset = msgspec.json.Decoder(Preset).decode
decode_visitor_note = msgspec.json.Decoder(VisitorNote).decode
decode_outbox_item = msgspec.json.Decoder(OutboxItem).decode


class Waiting(msgspec.Struct):
    step: str = ""


class Run(msgspec.Struct):
    scenario: str
    version: str = ""
    waiting: Waiting | None = None


class Runs(msgspec.Struct):
    """Of a visitor's state, what a store has to understand."""

    runs: list[Run] = []


decode_runs = msgspec.json.Decoder(Runs).decode


def kind_of(entry: Entry) -> str:
    """The entry's kind, such as `event` or `message`."""
    return str(entry.what.__struct_config__.tag)
