"""Presets: saved replies, macros and saved filters. Shared ones are everybody's; one's own nobody else ever sees."""

from __future__ import annotations

import re

from liquid.exceptions import LiquidError
from msgspec import UNSET

from scenarios_yaml.language.texts import Text
from server_stub.desk import conversations
from server_stub.desk.transaction import Transaction
from server_stub.protocol import MAX_MESSAGE_CHARS, ChangeDialog, Preset, PresetChanged, WritePreset
from server_stub.work import OperatorRemovesPreset, OperatorWritesPreset, Rejected

MAX_NAME_CHARS = 100
"""Of a preset's name, and of its folder's."""
MOST_PRESETS = 5_000
"""Of one kind, in one place: shared, or one operator's own. A console holds them all."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def write(tx: Transaction, work: OperatorWritesPreset) -> Preset:
    """A new one, or another in its place. Raises Rejected; nothing is recorded where nothing changes."""
    author = tx.author_of(work.operator)
    if not _ID.fullmatch(work.preset):
        raise Rejected("invalid", "An id has 1 to 64 letters, digits, - and _.", field="preset")
    request = work.request
    known = tx.preset(work.preset)
    owner = "" if request.is_shared else author.id
    if known is not None and known.owner not in ("", author.id):
        raise Rejected("conflict", "This id is taken; take another one.", status=409, field="preset")
    _check(tx, request)
    if known is None or (known.owner, known.kind) != (owner, request.kind):
        _check_room(tx, request, owner)
    preset = Preset(
        id=work.preset,
        kind=request.kind,
        name=_line(request.name, "name"),
        text=request.text,
        folder=_line(request.folder, "folder"),
        owner=owner,
        change=request.change,
        at=work.at,
        by=author.id,
    )
    if known is not None and _is_same(known, preset):
        return known
    if known is not None and not known.owner and owner:
        # The others only learn here that it is theirs no longer: the next entry is not for them.
        tx.record(PresetChanged(known, removed=True), work.at)
    tx.mine.presets[preset.id] = preset
    tx.record(PresetChanged(preset), work.at)
    return preset


def remove(tx: Transaction, work: OperatorRemovesPreset) -> None:
    """Raises Rejected where it is not there, as far as this operator may know."""
    author = tx.author_of(work.operator)
    known = tx.preset(work.preset)
    if known is None or known.owner not in ("", author.id):
        raise Rejected("not_found", f"There is no preset {work.preset[:80]!r}.", status=404)
    _remove(tx, known, work.at)


def remove_own(tx: Transaction, operator: str, at: int) -> None:
    """The operator leaves: nobody could ever see his own ones again."""
    for preset in tx.presets():
        if preset.owner == operator:
            _remove(tx, preset, at)


def _remove(tx: Transaction, preset: Preset, at: int) -> None:
    tx.mine.presets[preset.id] = None
    tx.record(PresetChanged(preset, removed=True), at)


def _is_same(known: Preset, preset: Preset) -> bool:
    def content(of: Preset) -> tuple[object, ...]:
        return of.kind, of.name, of.text, of.folder, of.owner, of.change

    return content(known) == content(preset)


# --- What is refused ---------------------------------------------------------------------------------


def _check(tx: Transaction, request: WritePreset) -> None:
    if not request.name.strip():
        raise Rejected("invalid", "A preset needs a name.", field="name")
    if len(request.text) > MAX_MESSAGE_CHARS:
        raise Rejected("too_long", f"At most {MAX_MESSAGE_CHARS} characters are possible.", field="text")
    if request.change is not None and request.kind != "macro":
        raise Rejected("invalid", "Only a macro changes a dialog.", field="change")
    if request.kind == "macro":
        if request.change is None and not request.text.strip():
            raise Rejected("invalid", "A macro says something, changes the dialog, or both.", field="text")
    elif not request.text.strip():
        raise Rejected("invalid", f"A {request.kind} needs a text.", field="text")
    if request.kind != "filter":
        _check_liquid(request.text)
    if request.change is not None:
        _check_change(tx, request.change)


def _check_liquid(text: str) -> None:
    try:
        Text.compile({"": text})
    except LiquidError as error:
        reason = str(error.args[0]) if error.args else type(error).__name__
        hint = "Values are filled in like {{ visitor.name | default: 'there' }}."
        raise Rejected(
            "invalid", f"The text cannot be filled in: {reason}.", field="text", hint=hint
        ) from error


def _check_change(tx: Transaction, change: ChangeDialog) -> None:
    """What would be refused whatever the dialog is, is refused now and not when the key is pressed."""
    assignee = change.assignee
    if assignee is not UNSET and assignee not in ("", "me") and tx.operator(assignee) is None:
        raise Rejected("invalid", "There is no such operator.", field="change.assignee")
    for field in ("add_tags", "remove_tags"):
        for tag in getattr(change, field):
            if not 1 <= len(tag.strip()) <= conversations.MAX_TAG_CHARS:
                detail = f"A tag has 1 to {conversations.MAX_TAG_CHARS} characters."
                raise Rejected("invalid", detail, field=f"change.{field}")
    if len(change.add_tags) > conversations.MAX_TAGS:
        detail = f"A dialog has at most {conversations.MAX_TAGS} tags."
        raise Rejected("too_many", detail, field="change.add_tags")
    if len(change.note) > MAX_MESSAGE_CHARS:
        raise Rejected("too_long", f"A note has at most {MAX_MESSAGE_CHARS} characters.", field="change.note")


def _check_room(tx: Transaction, request: WritePreset, owner: str) -> None:
    count = sum(preset.kind == request.kind and preset.owner == owner for preset in tx.presets())
    if count >= MOST_PRESETS:
        detail = f"There are {MOST_PRESETS} already."
        raise Rejected("too_many", detail, status=409, hint="Take away what nobody needs.")


def _line(text: str, field: str) -> str:
    """One line without what surrounds it. Raises Rejected where it is too long."""
    line = " ".join(text.split())
    if len(line) > MAX_NAME_CHARS:
        raise Rejected("too_long", f"At most {MAX_NAME_CHARS} characters are possible.", field=field)
    return line
