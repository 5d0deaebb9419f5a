"""A page in the browser that shows a step of a draft as a visitor would see it, and follows the draft."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from operator_console.designer.look.of_form import SEEN, seen_step
from operator_console.errors import Refused
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain
from scenarios_yaml.language.editing.plain import plain
from scenarios_yaml.language.yaml_nodes import Mapping as MappingNode
from scenarios_yaml.language.yaml_nodes import Sequence, YamlNode
from server_stub.protocol import MakePreview, PreviewSample

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class Draft(Struct, frozen=True):
    """What is to be seen: a step of a text, with what is typed and not in it yet, by place (None: taken away)."""

    text: str
    step: str
    """Its place."""
    language: str
    typed: Mapping[str, Plain | None] = {}


class BrowserPage:
    """One page at a desk, which keeps it for an hour after its last change. Every method may raise a `DeskError`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._id = ""

    async def make(self, draft: Draft) -> str:
        """Makes the page; its address."""
        preview = await self._desk.make_preview(await _request(draft))
        self._id = preview.id
        return self._desk.url.rstrip("/") + preview.url

    async def change(self, draft: Draft) -> bool:
        """Shows another draft; False where the page is over."""
        try:
            await self._desk.change_preview(self._id, await _request(draft))
        except Refused as error:
            if error.status == 404:
                return False
            raise
        return True


async def _request(draft: Draft) -> MakePreview:
    # Putting what is typed into a large text takes longer than a key may wait.
    text = await asyncio.to_thread(text_with, draft.text, draft.typed) if draft.typed else draft.text
    return MakePreview(text, draft.step, PreviewSample(locale=draft.language))


def text_with(text: str, typed: Mapping[str, Plain | None]) -> str:
    """A text with other values at these places (None: taken away), as far as they can stand there."""
    document = Document(text)
    for place, value in typed.items():
        try:
            if value is not None:
                document.put(place, value)
            elif _is_there(document, place):
                document.drop(place)
        except CannotEditError:
            continue  # what cannot be written yet is shown once it can
    return document.text


def step_again(document: Document, place: str, said: Plain) -> str:
    """Where a step stands that said so at `place` before an edit: there, or where it was moved to; empty: nowhere."""
    if seen_step(document, place) == place and place:
        try:
            if document.value(place) == said:
                return place
        except KeyError:
            pass
    moved = next(_places_of(document.root, said), "") if document.root is not None else ""
    return moved or (place if seen_step(document, place) == place else "")


def _places_of(node: YamlNode, said: Plain, place: str = "") -> Iterator[str]:
    """The places of all steps below a node that a visitor sees and that say so."""
    if isinstance(node, MappingNode):
        for key, value in node.pairs:
            yield from _places_of(value, said, f"{place}.{key.value}" if place else key.value)
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            at = f"{place}.{number}"
            is_seen = isinstance(item, MappingNode) and any(key.value in SEEN for key, _value in item.pairs)
            if is_seen and plain(item) == said:
                yield at
            yield from _places_of(item, said, at)


def _is_there(document: Document, place: str) -> bool:
    try:
        document.value(place)
    except KeyError:
        return False
    return True
