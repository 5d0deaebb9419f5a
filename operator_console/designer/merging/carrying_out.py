"""A document is made to say something else, by as few changes as possible: what stays keeps its layout and comments."""

from __future__ import annotations

from operator_console.designer.merging.pairs import pair_up
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.editing.plain import Plain, joined


def become(document: Document, wanted: Plain) -> None:
    """From now on the document says this, by one step of undo. Raises CannotEditError; nothing has changed then."""
    with document.group():
        _become(document, "", wanted)
        if document.root is None or document.value("") != wanted:
            raise CannotEditError("the two versions cannot be written as one file")


def _become(document: Document, place: str, wanted: Plain) -> None:
    there = document.value(place)
    if there == wanted:
        return
    try:
        with document.group():
            if isinstance(there, dict) and isinstance(wanted, dict) and there.keys() & wanted.keys():
                _mapping(document, place, there, wanted)
            elif isinstance(there, list) and isinstance(wanted, list) and there and wanted:
                _list(document, place, there, wanted)
            else:
                document.put(place, wanted)
    except CannotEditError:
        if not place:
            raise
        document.put(place, wanted)


def _mapping(document: Document, place: str, there: dict[str, Plain], wanted: dict[str, Plain]) -> None:
    for key in there:
        if key not in wanted:
            document.drop(joined(place, key))
    for key, value in wanted.items():
        if key in there:
            _become(document, joined(place, key), value)
        else:
            document.put(joined(place, key), value)


def _list(document: Document, place: str, there: list[Plain], wanted: list[Plain]) -> None:
    pairs = pair_up(there, wanted)
    if not pairs:
        document.put(place, wanted)
        return
    for number in range(len(there) - 1, -1, -1):
        if number not in pairs:
            document.drop(joined(place, number))
    order = [pairs[number] for number in range(len(there)) if number in pairs]
    for number, value in enumerate(wanted):
        if number not in order:
            document.insert(place, number, value)
            order.insert(number, number)
            continue
        at = order.index(number)
        if at != number:
            document.move(joined(place, at), place, number)
            order.insert(number, order.pop(at))
        _become(document, joined(place, number), value)
