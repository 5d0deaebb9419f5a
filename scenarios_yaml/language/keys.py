"""The keys of a mapping, declared once: the reader takes their values, and JSON Schema tells editors of them.

    class GoalKeys(Keys, what="“goal”"):
        event = must(read_event_name, "", "The event that counts as success.")
        within = must(read_duration, 0, "How soon after the start.")

    @reads(GoalKeys)
    def read_goal(reading: Reading, node: YamlNode) -> Goal:
        keys = GoalKeys(reading, node)
        return Goal(event=keys.event, within=keys.within)

A reader is a function (reading, node) → value that reports what is wrong and stands something in. `reads` adds to
it what JSON Schema says of the same thing. A name that is taken (by Python, or by `Fields`) ends in `_`: `if_`, `at_`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Protocol, Self, TypeAlias, TypeVar, overload

from msgspec import Struct

from scenarios_yaml.language.fields import Fields, read_list
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

T = TypeVar("T")
D = TypeVar("D")
K = TypeVar("K", bound="Keys")
F = TypeVar("F", bound=Callable[..., Any])

Read: TypeAlias = Callable[[Reading, YamlNode], T]
Schema: TypeAlias = dict[str, Any]


class Builder(Protocol):
    """What makes schemas of declarations: `schemas/build.py`."""

    def of(self, read: Read[Any]) -> Schema:
        """The schema of what a reader reads, or a reference to it."""

    def mapping(self, keys: type[Keys]) -> Schema:
        """The schema of a mapping with these keys."""

    def define(self, name: str, make: Callable[[], Schema]) -> Schema:
        """A reference to a schema of this name, made once."""


class Described(Struct, frozen=True):
    """What JSON Schema says of what a reader reads. With a `name` it stands once under `$defs`."""

    schema: Schema | type[Keys] | Callable[[Builder], Schema]
    name: str = ""


def reads(schema: Schema | type[Keys] | Callable[[Builder], Schema], name: str = "") -> Callable[[F], F]:
    """Marks a reader with the schema of what it reads: nothing that the reader accepts may fail it."""

    def mark(read: F) -> F:
        read.__dict__["described"] = Described(schema, name)
        return read

    return mark


def described(read: Read[Any]) -> Described:
    """Raises KeyError for a reader that `reads` has not marked."""
    found: Described = read.__dict__["described"]
    return found


# --- Schemas of scalars -------------------------------------------------------------------------------------
# YAML types a scalar before a schema sees it (`10:00`, `NO`, `0123`, 5), our reader only afterwards: where it takes
# any word, a schema must let pass what an editor's YAML made of the word.

PLAIN = ["string", "number", "boolean"]
PARAMETER: Schema = {"$ref": "#/$defs/parameter"}
A_PARAMETER: Schema = {
    "type": "string",
    "pattern": r"^parameters\.[^\s.]+$",
    "description": "The value of one of the file's parameters.",
}


def scalar(*ways: Schema) -> Schema:
    """One of these, or `parameters.NAME`, which may stand in place of any value but a text."""
    return {"anyOf": [*ways, PARAMETER]}


def any_word(pattern: str = r"\S", **more: Any) -> Schema:
    """A string of this form; where YAML made a number or a truth of it, whatever it may have been."""
    return {"type": PLAIN, "pattern": pattern, **more}


def string_like(pattern: str, example: str = "") -> Schema:
    """A string of this form, which YAML makes nothing else of. Editors show the example where it is of another."""
    says = {"patternErrorMessage": f"for example {example}"} if example else {}
    return {"type": "string", "pattern": pattern, **says}


# --- Keys ---------------------------------------------------------------------------------------------------


class Key(Generic[T]):
    """One key of a mapping. Its value is read when it is asked for, and once."""

    def __init__(self, read: Read[Any], default: T, about: str, *, needed: bool = False) -> None:
        self.read = read
        self.default = default
        self.about = about
        self.needed = needed
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.rstrip("_")

    @overload
    def __get__(self, keys: None, owner: type) -> Self: ...
    @overload
    def __get__(self, keys: Keys, owner: type) -> T: ...
    def __get__(self, keys: Keys | None, owner: type) -> Self | T:
        if keys is None:
            return self
        if self.name not in keys.taken:
            keys.taken[self.name] = self._take(keys)
        value: T = keys.taken[self.name]
        return value

    def _take(self, keys: Keys) -> T:
        node = keys.node(self.name)
        if node is None:
            if self.needed:
                keys.miss(self.name)
            return self.default
        return self.value(keys, node)

    def value(self, keys: Keys, node: YamlNode) -> T:
        value: T = self.read(keys.reading, node)
        return value

    def schema(self, builder: Builder) -> Schema:
        return builder.of(self.read)


class ListKey(Key[tuple[T, ...]]):
    """A list of what `read` reads, `least` to `most` items."""

    def __init__(self, read: Read[T], about: str, *, needed: bool, least: int, most: int | None) -> None:
        super().__init__(read, (), about, needed=needed)
        self.least = least
        self.most = most

    def value(self, keys: Keys, node: YamlNode) -> tuple[T, ...]:
        kind = described(self.read).schema
        example = kind.example if isinstance(kind, type) and issubclass(kind, Keys) else ""
        return read_list(keys.reading, node, quoted(self.name), self.read, example or "{}")

    def schema(self, builder: Builder) -> Schema:
        return self.limited(builder.of(self.read))

    def limited(self, items: Schema) -> Schema:
        limits = {"minItems": self.least} if self.least else {}
        if self.most is not None:
            limits["maxItems"] = self.most
        return {"type": "array", "items": items, **limits}


class MappingKey(Key[K]):
    """A mapping with keys of its own."""

    def __init__(self, kind: type[K], about: str, *, may_be_empty: bool = False) -> None:
        super().__init__(_unread, None, about, needed=True)  # type: ignore[arg-type]  # only asked for where it is there
        self.kind = kind
        self.may_be_empty = may_be_empty

    def value(self, keys: Keys, node: YamlNode) -> K:
        if self.may_be_empty and isinstance(node, Scalar) and node.is_empty:
            node = Mapping(node.line, node.column)
        return self.kind(keys.reading, node, f"{keys.path}.{self.name}")

    def schema(self, builder: Builder) -> Schema:
        mapping = builder.mapping(self.kind)
        return {"anyOf": [mapping, {"type": "null"}]} if self.may_be_empty else mapping


class ItemsKey(ListKey[K]):
    """A list of mappings, each with keys of its own and its place in the file."""

    def __init__(self, kind: type[K], about: str, *, needed: bool, least: int, most: int | None) -> None:
        super().__init__(_unread, about, needed=needed, least=least, most=most)
        self.kind = kind

    def value(self, keys: Keys, node: YamlNode) -> tuple[K, ...]:
        example = self.kind.example or "{}"
        nodes = read_list(keys.reading, node, quoted(self.name), lambda _, item: item, example)
        place = f"{keys.path}.{self.name}"
        return tuple(self.kind(keys.reading, item, f"{place}.{number}") for number, item in enumerate(nodes))

    def schema(self, builder: Builder) -> Schema:
        return self.limited(builder.mapping(self.kind))


def _unread(_reading: Reading, _node: YamlNode) -> Any:
    raise AssertionError("a key with keys of its own reads them itself")


def may(read: Read[T], default: D, about: str) -> Key[T | D]:
    """A key that may be left out; `about` is what an editor shows of it."""
    return Key(read, default, about)


def must(read: Read[T], default: D, about: str) -> Key[T | D]:
    """A key that must be there; `default` stands in for it after the error."""
    return Key(read, default, about, needed=True)


def many(
    read: Read[T], about: str, *, needed: bool = False, least: int = 0, most: int | None = None
) -> Key[tuple[T, ...]]:
    """A list of what `read` reads. The limits are for the schema: the reader says them in its own words."""
    return ListKey(read, about, needed=needed, least=least, most=most)


def mapping(kind: type[K], about: str, *, may_be_empty: bool = False) -> Key[K]:
    """A mapping with keys of its own, under a key that is known to be there."""
    return MappingKey(kind, about, may_be_empty=may_be_empty)


def items(
    kind: type[K], about: str, *, needed: bool = False, least: int = 0, most: int | None = None
) -> Key[tuple[K, ...]]:
    """A list of mappings, each with keys of its own."""
    return ItemsKey(kind, about, needed=needed, least=least, most=most)


class Keys(Fields):
    """The keys of one mapping of the file. `path` is its place: `steps.2.options.0`."""

    what_it_is: ClassVar[str] = "this"
    declared: ClassVar[dict[str, Key[Any]]] = {}
    forms: ClassVar[tuple[str, ...]] = ()
    """Exactly one of these must be there."""
    at_least_one: ClassVar[tuple[str, ...]] = ()
    not_both: ClassVar[tuple[str, ...]] = ()
    others: ClassVar[dict[str, Schema]] = {}
    """Patterns of further keys, which the reader takes by itself, and the schemas of their values."""
    goes_with: ClassVar[dict[str, str]] = {}
    """A key, and the one beside which alone it may stand."""

    def __init_subclass__(cls, what: str = "") -> None:
        cls.what_it_is = what or cls.what_it_is
        own = {key.name: key for key in vars(cls).values() if isinstance(key, Key)}
        taken = {name for name in vars(cls) if isinstance(vars(cls)[name], Key)} & TAKEN_NAMES
        if taken:
            raise TypeError(f"{cls.__name__}: {', '.join(taken)} needs an underscore at its end")
        cls.declared = {**own, **cls.declared}

    def __init__(self, reading: Reading, node: YamlNode, path: str = "", what: str = "") -> None:
        super().__init__(reading, node, what or self.what_it_is, tuple(self.declared))
        self.path = path
        self.taken: dict[str, Any] = {}

    def value_of(self, name: str) -> Any:
        """The value of a declared key by its name in the file."""
        return self.declared[name].__get__(self, type(self))

    def only_one(self) -> str:
        """Which one of `forms` is there, after an error about what does not go with it; empty after an error
        where it is none or several."""
        form = self.exactly_one(*self.forms)
        for name, owner in self.goes_with.items():
            if form and name in self and form != owner:
                self.reading.error(
                    self.key(name), f"{quoted(name)} goes with {quoted(owner)}, not with {quoted(form)}"
                )
        return form


OF_INSTANCES = ("at", "reading", "what", "known", "path", "taken")
TAKEN_NAMES = frozenset({*OF_INSTANCES, *dir(Fields), *vars(Keys)})
"""Names that mean something else of a mapping than the value of a key."""
