"""Values put, keys and items added and taken away: each a few edits, carried out one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios_yaml.language.editing.edits import (
    Behind,
    below_key,
    drop_edit,
    folded_behind,
    in_braces,
    item_edit,
    item_in_brackets,
    item_lines,
    key_edit,
    list_behind,
    value_behind,
    value_edit,
)
from scenarios_yaml.language.editing.fragments import Fragment, has_comments, raw
from scenarios_yaml.language.editing.lines import line_end, line_start
from scenarios_yaml.language.editing.meaning import Meant
from scenarios_yaml.language.editing.plain import CannotEditError, Plain, joined, plain
from scenarios_yaml.language.editing.recompose import Edit
from scenarios_yaml.language.editing.shapes import Shape, shape_of_file
from scenarios_yaml.language.editing.spans import Found, children, deepest, find
from scenarios_yaml.language.editing.writing import WIDEST, Style, inline, items, pairs, style_of
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from scenarios_yaml.language.editing.document import Document


class ValueChanges:
    """Works on one document, inside a group of it."""

    def __init__(self, document: Document) -> None:
        self._document = document

    # --- What is there --------------------------------------------------------------------------------------

    @property
    def _text(self) -> str:
        return self._document.body

    def _root(self) -> Mapping:
        """Raises CannotEditError where the file cannot be edited by places."""
        composed, root = self._document.composed, self._document.root
        if composed.problems:
            raise CannotEditError(f"the file cannot be read: {composed.problems[0].message}")
        if root is None:
            raise CannotEditError("the file is no scenario: it is not a mapping of keys to values")
        return root

    def _find(self, place: str) -> Found:
        try:
            return find(self._root(), place)
        except KeyError:
            raise CannotEditError(f"there is nothing at {quoted(place)}") from None

    def _style(self) -> Style:
        return style_of(self._document.root)

    def shape(self, found: Found) -> Shape:
        """What may stand at a place, and in what order."""
        if found.above is None:
            root = self._root()
            return shape_of_file(any(key.value == "segment" for key, _ in root.pairs))
        above = self.shape(found.above)
        if found.key is None:
            return above.item()
        return above.below(found.key.value, [key.value for key, _ in found.holder.mapping.pairs])

    # --- Put ------------------------------------------------------------------------------------------------

    def put(self, place: str, value: Plain) -> None:
        """See `Document.put`."""
        if not place:
            raise CannotEditError("the whole file is replaced by its text")
        root = self._root()
        try:
            found = find(root, place)
        except KeyError:
            self._add(place, value, None)
            return
        self._replace(found, value)

    def _replace(self, found: Found, value: Plain) -> None:
        node = found.node
        if plain(node) == value:
            return
        if isinstance(node, Mapping) and isinstance(value, dict) and _share_keys(node, value):
            self._merge_mapping(found, value)
            return
        if isinstance(node, Sequence) and isinstance(value, list) and not node.flow and node.items and value:
            self._merge_list(found.place, [plain(item) for item in node.items], value)
            return
        self._write(found, value)

    def _merge_mapping(self, found: Found, value: dict[str, Plain]) -> None:
        for name in [key.value for key, _ in found.mapping.pairs]:
            if name not in value:
                self._cut(self._find(joined(found.place, name)))
        for name, one in value.items():
            self.put(joined(found.place, name), one)

    def _merge_list(self, place: str, old: list[Plain], new: list[Plain]) -> None:
        """Items that are the same at both ends stay; those between are replaced one by one."""
        most = min(len(old), len(new))
        head = next((n for n in range(most) if old[n] != new[n]), most)
        most -= head
        tail = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
        both = min(len(old), len(new)) - tail
        for number in range(head, both):
            self.put(joined(place, number), new[number])
        for number in range(len(old) - tail - 1, both - 1, -1):
            self._cut(self._find(joined(place, number)))
        for number in range(both, len(new) - tail):
            self.insert(place, number, new[number])

    def _write(self, found: Found, value: Plain) -> None:
        """Replaces the value of a place as a whole."""
        shape, style, meant = self.shape(found), self._style(), Meant("put", found.place, value)
        if found.in_flow:
            self._in_flow(found, in_braces(self._text, found, value, shape), meant, value, shape)
            return
        behind = value_behind(value, shape, style)
        if isinstance(value, str) and isinstance(found.node, Scalar) and found.node.style == ">":
            behind = folded_behind(value, style) or behind
        self._document.make(value_edit(self._text, found, behind), meant)

    def _in_flow(self, found: Found, edit: Edit, meant: Meant, value: Plain, shape: Shape) -> None:
        """An edit in braces; where the line gets too long, or the value takes several, they are opened first."""
        is_much = inline(value, shape, WIDEST) is None or _width(self._text, edit) > WIDEST
        if is_much and self._open_braces(found):
            if meant.what == "put":
                self.put(meant.place, value)
            else:
                self.insert(meant.place, meant.index, value)
            return
        self._document.make(edit, meant)

    def _open_braces(self, found: Found) -> bool:
        """Writes the outermost braces or brackets around a place in block style. False where that cannot be."""
        outer = found
        while outer.above is not None and outer.in_flow:
            outer = outer.above
        node = outer.node
        if outer.above is None or isinstance(node, Scalar) or not node.flow or not children(outer):
            return False
        if has_comments(self._text, node):
            return False
        value = raw(self._text, node)
        behind = _opened(value, self.shape(outer), self._style())
        self._document.make(value_edit(self._text, outer, behind), Meant("put", outer.place, plain(node)))
        return True

    def _add(self, place: str, value: Plain, behind: Behind | None) -> None:
        """Adds a key, and what is missing above it. `behind` is how its value is written, where that is given."""
        found, rest = deepest(self._root(), place)
        node = found.node
        if isinstance(node, Sequence):
            if len(rest) > 1 or not rest[0].isdigit() or int(rest[0]) != len(node.items):
                raise CannotEditError(f"there is nothing at {quoted(place)}")
            self.insert(found.place, int(rest[0]), value)
            return
        first, *deeper = [".".join(rest)] if self.shape(found).has_paths else rest
        for name in reversed(deeper):
            behind = below_key(name, behind, self._style()) if behind else None
            value = {name: value}
        if isinstance(node, Mapping) and (node.pairs or node.flow):
            self._add_key(found, first, value, behind)
        elif isinstance(node, Scalar) and not node.is_empty:
            raise CannotEditError(f"{quoted(found.place)} is a word, it has no keys")
        else:
            self._write(found, {first: value})

    def _add_key(self, found: Found, name: str, value: Plain, behind: Behind | None) -> None:
        shape, style = self.shape(found), self._style()
        names = [key.value for key, _ in found.mapping.pairs]
        behind = behind or value_behind(value, shape.below(name, [*names, name]), style)
        edit = key_edit(self._text, found, name, value, shape, style, behind)
        meant = Meant("put", joined(found.place, name), value)
        if found.mapping.flow:
            inner = shape.below(name, [*names, name])
            self._in_flow(Found("", found.node, None, 0, found), edit, meant, value, inner)
        else:
            self._document.make(edit, meant)

    # --- Drop -----------------------------------------------------------------------------------------------

    def drop(self, place: str) -> str:
        """Takes a place away; the place that went, which may be one that held it."""
        if not place:
            raise CannotEditError("the whole file cannot be taken away")
        return self._cut_with_holder(self._find(place))

    def _cut_with_holder(self, found: Found) -> str:
        above = found.holder
        if len(children(above)) > 1:
            self._cut(found)
            return found.place
        if above.above is not None and not self.shape(above).needed:
            return self._cut_with_holder(above)
        self._write(above, [] if isinstance(above.node, Sequence) else {})
        return found.place

    def _cut(self, found: Found) -> None:
        above = found.holder
        if len(children(above)) == 1:
            self._write(above, [] if isinstance(above.node, Sequence) else {})
            return
        self._document.make(drop_edit(self._text, found), Meant("drop", found.place))

    # --- Insert ---------------------------------------------------------------------------------------------

    def insert(self, list_place: str, index: int, value: Plain) -> str:
        """See `Document.insert`."""
        found = self._list(list_place)
        if found is None:
            self._need_index(list_place, index, 0)
            self.put(list_place, [value])
            return joined(list_place, 0)
        sequence, shape = found.sequence, self.shape(found)
        self._need_index(list_place, index, len(sequence.items))
        if sequence.flow:
            edit = item_in_brackets(self._text, found, index, value, shape)
            meant = Meant("insert", list_place, [value], index)
            self._in_flow(Found("", sequence, None, 0, found), edit, meant, value, shape.item())
        else:
            self._insert_lines(found, index, item_lines(value, shape, self._style()))
        return joined(list_place, index)

    def _insert_lines(self, found: Found, index: int, fragment: Fragment) -> None:
        edit = item_edit(self._text, found, index, fragment)
        self._document.make(edit, Meant("insert", found.place, fragment.values, index))

    def insert_fragment(self, list_place: str, index: int, fragment: Fragment) -> str:
        """Puts items with their comments into a list."""
        found = self._list(list_place)
        while found is not None and isinstance(found.node, Sequence) and found.node.flow:
            self._need_index(list_place, index, len(found.node.items))
            are_words = all(isinstance(value, str) for value in fragment.values)
            if are_words or not self._open_braces(Found("", found.node, None, 0, found)):
                for number, value in enumerate(fragment.values):
                    self.insert(list_place, index + number, value)
                return joined(list_place, index)
            found = self._list(list_place)
        if found is None:
            self._need_index(list_place, index, 0)
            self._make_list(list_place, fragment)
        else:
            self._need_index(list_place, index, len(children(found)))
            self._insert_lines(found, index, fragment)
        return joined(list_place, index)

    def _make_list(self, place: str, fragment: Fragment) -> None:
        behind = list_behind(fragment, self._style())
        try:
            found = find(self._root(), place)
        except KeyError:
            self._add(place, fragment.values, behind)
            return
        if found.in_flow:
            self._write(found, fragment.values)
        else:
            edit = value_edit(self._text, found, behind)
            self._document.make(edit, Meant("put", place, fragment.values))

    def _list(self, place: str) -> Found | None:
        """A list that holds something; None where one can be made."""
        try:
            found = find(self._root(), place)
        except KeyError:
            return None
        node = found.node
        if isinstance(node, Sequence):
            return found if node.items else None
        if isinstance(node, Scalar) and node.is_empty:
            return None
        raise CannotEditError(f"{quoted(place)} is no list")

    @staticmethod
    def _need_index(place: str, index: int, count: int) -> None:
        if not 0 <= index <= count:
            raise CannotEditError(f"{quoted(place)} holds {count}: nothing can be put in at number {index}")


def _share_keys(node: Mapping, value: dict[str, Plain]) -> bool:
    return any(key.value in value for key, _ in node.pairs)


def _opened(value: Plain, shape: Shape, style: Style) -> Behind:
    """A mapping or list in block style, however short it is."""

    def behind(is_key: bool, column: int, used: int) -> list[str]:  # noqa: ARG001
        if isinstance(value, dict):
            at = column + (style.mapping if is_key else style.item)
            lines = pairs(value, shape, style, at)
        else:
            at = column + (style.list if is_key else style.item)
            lines = items(value if isinstance(value, list) else [], shape, style, at)
        if is_key:
            return ["", *lines]
        return [" " * (style.item - 1) + lines[0][at:], *lines[1:]]

    return behind


def _width(text: str, edit: Edit) -> int:
    start = line_start(text, edit.start)
    return line_end(text, edit.start) - start - (edit.end - edit.start) + len(edit.text)
