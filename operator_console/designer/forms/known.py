"""What there is to be named in a field: what the desk has seen, what scenarios are called, what this file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from operator_console.designer.outline.rows import Row
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.head import PARAMETER_TYPES
from scenarios_yaml.language.yaml_nodes import Mapping as MappingNode
from scenarios_yaml.language.yaml_nodes import Scalar, Sequence, YamlNode
from server_stub.protocol import KnownNames


class Named(Struct, frozen=True):
    """A step or a block of the file: its name, what it says in plain words, and where it stands."""

    name: str
    words: str
    place: str
    is_block: bool = False


class InFile(Struct, frozen=True):
    """What the file itself names. `kept` are paths that its steps keep something at (`run.code`)."""

    slug: str = ""
    targets: tuple[Named, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    """Each with its type."""
    kept: tuple[str, ...] = ()


@dataclass(slots=True)
class Known:
    """Where offers come from. It is filled as answers come in; without the desk there is what the file names.

    `scenarios` gives titles by slug, `operators` names; both are asked each time, for the desk lives.
    """

    names: KnownNames = field(default_factory=KnownNames)
    scenarios: Callable[[], Mapping[str, str]] = dict
    operators: Callable[[], Iterable[str]] = tuple
    file: InFile = field(default_factory=InFile)


def in_file(document: Document, rows: Iterable[Row] = ()) -> InFile:
    """What a document names; `rows` are those of its tree, which say what a step is."""
    root = document.root
    if root is None:
        return InFile()
    words = {row.place: row.text for row in rows}
    keys = {key.value: value for key, value in root.pairs}
    targets: list[Named] = []
    kept: set[str] = set()
    for name, node in keys.items():
        if name == "blocks" and isinstance(node, MappingNode):
            for key, _steps in node.pairs:
                place = f"blocks.{key.value}"
                targets.append(Named(key.value, words.get(place, ""), place, is_block=True))
        for place, mapping in _mappings(name, node):
            for key, value in mapping.pairs:
                if (
                    key.value == "id"
                    and isinstance(value, Scalar)
                    and value.value
                    and ".options." not in place[-12:]
                ):
                    targets.append(Named(value.value, words.get(place, ""), place))
                elif key.value == "save_to" and isinstance(value, Scalar):
                    kept.add(value.value)
                elif key.value == "set" and isinstance(value, MappingNode):
                    kept |= {path.value for path, _value in value.pairs}
    slug = keys.get("scenario")
    return InFile(
        slug.value if isinstance(slug, Scalar) else "",
        tuple(targets),
        tuple(_parameters(keys.get("parameters"))),
        tuple(sorted(kept)),
    )


def _parameters(node: YamlNode | None) -> Iterator[tuple[str, str]]:
    if not isinstance(node, MappingNode):
        return
    for key, value in node.pairs:
        pairs = value.pairs if isinstance(value, MappingNode) else []
        kind = next(
            (one.value for name, one in pairs if name.value == "type" and isinstance(one, Scalar)), ""
        )
        yield key.value, kind if kind in PARAMETER_TYPES else ""


def _mappings(place: str, node: YamlNode) -> Iterator[tuple[str, MappingNode]]:
    """Every mapping below a node with its place, in the order of the file. No recursion: files may be deep."""
    waiting: list[tuple[str, YamlNode]] = [(place, node)]
    while waiting:
        at, one = waiting.pop()
        if isinstance(one, MappingNode):
            yield at, one
            waiting += [(f"{at}.{key.value}", value) for key, value in reversed(one.pairs)]
        elif isinstance(one, Sequence):
            waiting += [(f"{at}.{n}", item) for n, item in reversed(list(enumerate(one.items)))]
