"""The changes of a document, each made of edits that are carried out one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios_yaml.language.editing import names
from scenarios_yaml.language.editing.edits import (
    Behind,
    below,
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
from scenarios_yaml.language.editing.fragments import (
    Fragment,
    fragment_of,
    fragment_of_list,
    has_comments,
    lines_of,
    parsed,
    raw,
    shifted,
)
from scenarios_yaml.language.editing.lines import line_end, line_start, split_lines
from scenarios_yaml.language.editing.meaning import Meant
from scenarios_yaml.language.editing.plain import (
    CannotEditError,
    Plain,
    inside,
    joined,
    parent_and_last,
    plain,
)
from scenarios_yaml.language.editing.recompose import Edit
from scenarios_yaml.language.editing.shapes import Shape, shape_of_file
from scenarios_yaml.language.editing.spans import Found, child, children, deepest, end_of, find, span_of
from scenarios_yaml.language.editing.writing import WIDEST, Style, inline, items, pairs, style_of
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, compose

if TYPE_CHECKING:
    from scenarios_yaml.language.editing.document import Document


class Changes:
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
        assert isinstance(found.parent, Mapping)  # noqa: S101
        return above.below(found.key.value, [key.value for key, _ in found.parent.pairs])

    # --- Put ------------------------------------------------------------------------------------------------

    def put(self, place: str, value: Plain) -> None:
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
            self._merge_list(found.place, plain(node), value)
            return
        self._write(found, value)

    def _merge_mapping(self, found: Found, value: dict[str, Plain]) -> None:
        assert isinstance(found.node, Mapping)  # noqa: S101
        for name in [key.value for key, _ in found.node.pairs]:
            if name not in value:
                self._cut(self._find(joined(found.place, name)))
        for name, one in value.items():
            self.put(joined(found.place, name), one)

    def _merge_list(self, place: str, old: Plain, new: list[Plain]) -> None:
        """Items that are the same at both ends stay; those between are replaced one by one."""
        assert isinstance(old, list)  # noqa: S101
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
        if outer.above is None or isinstance(node, Scalar) or not node.flow or not _can_open(node):
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
        assert isinstance(found.node, Mapping)  # noqa: S101
        shape, style = self.shape(found), self._style()
        names = [key.value for key, _ in found.node.pairs]
        behind = behind or value_behind(value, shape.below(name, [*names, name]), style)
        edit = key_edit(self._text, found, name, value, shape, style, behind)
        meant = Meant("put", joined(found.place, name), value)
        if found.node.flow:
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
        above = found.above
        assert above is not None  # noqa: S101
        if len(children(above)) > 1:
            self._cut(found)
            return found.place
        if above.above is not None and not self.shape(above).needed:
            return self._cut_with_holder(above)
        self._write(above, [] if isinstance(above.node, Sequence) else {})
        return found.place

    def _cut(self, found: Found) -> None:
        above = found.above
        assert above is not None  # noqa: S101
        if len(children(above)) == 1:
            self._write(above, [] if isinstance(above.node, Sequence) else {})
            return
        self._document.make(drop_edit(self._text, found), Meant("drop", found.place))

    # --- Insert ---------------------------------------------------------------------------------------------

    def insert(self, list_place: str, index: int, value: Plain) -> str:
        found = self._list(list_place)
        if found is None:
            self._need_index(list_place, index, 0)
            self.put(list_place, [value])
            return joined(list_place, 0)
        sequence, shape = found.node, self.shape(found)
        assert isinstance(sequence, Sequence)  # noqa: S101
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

    # --- Move, copy, paste ----------------------------------------------------------------------------------

    def move(self, place: str, list_place: str, index: int) -> str:
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
        found = self._find(place)
        if found.above is not None and isinstance(found.above.node, Sequence):
            return self.paste(found.above.place, found.index + 1, self.copy(place))
        above = found.above
        if above is None or found.key is None or above.place not in ("blocks", "parameters") or found.in_flow:
            raise CannotEditError(f"{quoted(place)} cannot stand twice")
        return self._duplicate_pair(found, above)

    def _duplicate_pair(self, found: Found, above: Found) -> str:
        """A block or a parameter once more, under a new name."""
        assert found.key is not None and isinstance(above.node, Mapping)  # noqa: S101, PT018
        beside = {key.value for key, _ in above.node.pairs}
        taken = names.taken(self._root()) | beside
        name = names.free(found.key.value, taken)
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
        source = self._text[found.key.start : found.key.end]
        lines[first] = name + lines[first][len(source) :]
        column = found.key.column - 1
        place = joined(above.place, name)
        edit = below(self._text, span_of(self._text, found)[1], shifted(lines, column))
        self._document.make(edit, Meant("put", place, value))
        return place

    # --- Names and switches ---------------------------------------------------------------------------------

    def rename(self, place: str, name: str) -> None:
        found, root = self._find(place), self._root()
        is_block = found.above is not None and found.above.place == "blocks" and found.key is not None
        old = found.key.value if is_block and found.key else self._id_of(found)
        if old == name:
            return
        names.need_free(name, names.taken(root))
        if old:
            slug = root["scenario"] if any(key.value == "scenario" for key, _ in root.pairs) else None
            own = slug.value if isinstance(slug, Scalar) else ""
            for reference in names.references(root, own, old, name, is_block=is_block):
                self._follow(reference)
        if is_block:
            self._rename_key(self._find(place), name)
        else:
            self.put(joined(place, "id"), name)

    def _follow(self, reference: names.Reference) -> None:
        """Changes what names a step or a block, where the place is one of the language."""
        found = self._find(reference.place)
        if reference.is_condition:
            is_meant = self.shape(found).is_condition
        else:
            is_meant = found.above is not None and self.shape(found.above).is_declared
        if is_meant:
            self._write(found, reference.value)

    def _rename_key(self, found: Found, name: str) -> None:
        assert found.key is not None  # noqa: S101
        self._document.make(Edit(found.key.start, found.key.end, name), Meant("name", found.place, name))

    def _id_of(self, found: Found) -> str:
        if not isinstance(found.node, Mapping) or not self.shape(found).is_step:
            raise CannotEditError(f"{quoted(found.place)} is neither a step nor a block")
        node = next((value for key, value in found.node.pairs if key.value == "id"), None)
        return node.value if isinstance(node, Scalar) else ""

    def enable(self, place: str, enabled: bool) -> None:
        found = self._find(place)
        if not isinstance(found.node, Mapping) or not self.shape(found).is_step:
            raise CannotEditError(f"{quoted(place)} is no step")
        if not enabled:
            self.put(joined(place, "enabled"), "false")
        elif any(key.value == "enabled" for key, _ in found.node.pairs):
            self._cut(self._find(joined(place, "enabled")))


def _share_keys(node: Mapping, value: dict[str, Plain]) -> bool:
    return any(key.value in value for key, _ in node.pairs)


def _can_open(node: Mapping | Sequence) -> bool:
    """Whether there is more in it than one list of words."""
    return (
        isinstance(node, Mapping)
        or any(not isinstance(item, Scalar) for item in node.items)
        or bool(node.items)
    )


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
