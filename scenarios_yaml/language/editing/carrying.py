"""Items moved, copied, pasted and doubled, with their comments."""

from __future__ import annotations

from scenarios_yaml.language.editing import names
from scenarios_yaml.language.editing.edits import below
from scenarios_yaml.language.editing.fragments import fragment_of, fragment_of_list, lines_of, parsed, shifted
from scenarios_yaml.language.editing.lines import split_lines
from scenarios_yaml.language.editing.meaning import Meant
from scenarios_yaml.language.editing.plain import CannotEditError, inside, joined, parent_and_last, plain
from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.editing.spans import Found, child, children, end_of, find, span_of
from scenarios_yaml.language.editing.value_changes import ValueChanges
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, compose


class Carrying(ValueChanges):
    """What is carried from one place of a document to another, or in from elsewhere."""

    def move(self, place: str, list_place: str, index: int) -> str:
        """See `Document.move`."""
        found = self._find(place)
        if found.above is None or not isinstance(found.above.node, Sequence):
            raise CannotEditError(f"only an item of a list can be moved, {quoted(place)} is none")
        if inside(place, list_place) is not None:
            raise CannotEditError("it cannot be moved into itself")
        here, source = found.above.place, found.index
        if here == list_place:
            self._need_index(list_place, index, len(children(found.above)) - 1)
            if index == source:
                return place
        fragment = fragment_of(self._text, found, self.shape(found), self._style())
        at = index + 1 if here == list_place and index > source else index
        placed = self.insert_fragment(list_place, at, fragment)
        gone = self.drop(_after_insert(place, list_place, at))
        return _after_drop(placed, gone)

    def copy(self, place: str) -> str:
        """See `Document.copy`."""
        if not place:
            return "".join(line + "\n" for line in split_lines(self._text))
        found = find(self._root(), place)
        if found.key is None:
            lines = fragment_of(self._text, found, self.shape(found), self._style()).lines
        elif found.in_flow:
            lines = [self._text[span_of(self._text, found)[0] : end_of(self._text, found.node)]]
        else:
            lines = lines_of(self._text, found)
        return "".join(line + "\n" for line in lines)

    def paste(self, list_place: str, index: int, fragment: str) -> str:
        """See `Document.paste`."""
        root, style = self._root(), self._style()
        shape = self._shape_of_list(list_place)
        text, node = parsed(fragment, shape.item(), style)
        text, node = names.made_unique(text, node, shape, names.taken(root), names.beside(root, list_place))
        return self.insert_fragment(list_place, index, fragment_of_list(text, node))

    def _shape_of_list(self, place: str) -> Shape:
        """What may stand in a list that need not be there yet, nor what is to hold it."""
        found: Found | None = Found("", self._root())
        shape = self.shape(Found("", self._root()))
        for part in place.split("."):
            node = found.node if found is not None else None
            if isinstance(node, Sequence) or (node is None and part.isdigit()):
                shape = shape.item()
            else:
                beside = [key.value for key, _ in node.pairs] if isinstance(node, Mapping) else []
                shape = shape.below(part, [*beside, part])
            try:
                found = child(found, part) if found is not None else None
            except KeyError:
                found = None
        return shape

    def duplicate(self, place: str) -> str:
        """See `Document.duplicate`."""
        found = self._find(place)
        if found.above is not None and isinstance(found.above.node, Sequence):
            return self.paste(found.above.place, found.index + 1, self.copy(place))
        above = found.above
        if above is None or found.key is None or above.place not in ("blocks", "parameters") or found.in_flow:
            raise CannotEditError(f"{quoted(place)} cannot stand twice")
        return self._duplicate_pair(found, above)

    def _duplicate_pair(self, found: Found, above: Found) -> str:
        """A block or a parameter once more, under a new name."""
        own = found.own_key
        beside = {key.value for key, _ in above.mapping.pairs}
        taken = names.taken(self._root()) | beside
        name = names.free(own.value, taken)
        lines = lines_of(self._text, found)
        value = plain(found.node)
        first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
        if isinstance(found.node, Sequence) and not found.node.flow:
            body = "\n".join(lines[first + 1 :]) + "\n"
            node, _ = compose(body)
            if isinstance(node, Sequence):
                body, node = names.made_unique(body, node, self.shape(found), taken | {name}, ())
                lines[first + 1 :] = split_lines(body)
                value = plain(node)
        source = self._text[own.start : own.end]
        lines[first] = name + lines[first][len(source) :]
        column = own.column - 1
        place = joined(above.place, name)
        edit = below(self._text, span_of(self._text, found)[1], shifted(lines, column))
        self._document.make(edit, Meant("put", place, value))
        return place


def _after_insert(place: str, list_place: str, index: int) -> str:
    """Where a place is when an item has come into a list."""
    return _moved(place, list_place, index, 1)


def _after_drop(place: str, gone: str) -> str:
    """Where a place is when another has gone."""
    holder, last = parent_and_last(gone)
    return _moved(place, holder, int(last) + 1, -1) if last.isdigit() else place


def _moved(place: str, list_place: str, first: int, by: int) -> str:
    rest = inside(list_place, place)
    if not rest:
        return place
    number, dot, deeper = rest.partition(".")
    if not number.isdigit() or int(number) < first:
        return place
    return f"{joined(list_place, int(number) + by)}{dot}{deeper}"
