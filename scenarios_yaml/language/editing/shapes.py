"""What may stand at a place, told by the keys that the readers declare: their order, and what is written inline.

The declarations speak the language of JSON Schema (`language/keys.py`). Here they are not gathered but followed, one
key at a time, so that no list of keys stands a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from scenarios_yaml.language.keys import Key, Keys, Read, Schema, any_word, described
from scenarios_yaml.language.reader import ScenarioKeys
from scenarios_yaml.language.segment_reader import SegmentKeys
from scenarios_yaml.language.step_parts import EVERY_STEP, StepKeys
from scenarios_yaml.language.steps import KINDS

_KEYS, _READ = "keys-of", "read-by"


class _Follower:
    """Says of a declaration what stands right below it, and leaves the rest to be asked for."""

    def of(self, read: Read[Any]) -> Schema:
        return {_READ: read}

    def mapping(self, keys: type[Keys]) -> Schema:
        return {_KEYS: keys}

    def define(self, name: str, make: Callable[[], Schema]) -> Schema:  # noqa: ARG002
        return make()


_FOLLOWER = _Follower()


@lru_cache(maxsize=4096)
def alternatives(key: Key[Any]) -> tuple[Schema, ...]:
    """The ways in which the value of a key may be written, any of them, for a `Shape`."""
    return _alternatives(key.schema(_FOLLOWER))


def _alternatives(schema: Schema) -> tuple[Schema, ...]:
    """The schemas of which any may hold."""
    if _READ in schema:
        kind = described(schema[_READ]).schema
        if isinstance(kind, type):
            return ({_KEYS: kind},)
        return _alternatives(kind if isinstance(kind, dict) else kind(_FOLLOWER))
    ways = schema.get("anyOf") or schema.get("oneOf")
    if ways:
        return tuple(one for way in ways for one in _alternatives(way))
    if schema.get("$ref") == "#/$defs/step":
        return tuple({_KEYS: kind.keys} for kind in KINDS.values())
    if schema.get("$ref") == "#/$defs/steps":
        return ({"type": "array", "items": {"$ref": "#/$defs/step"}},)
    return (schema,)


class Shape:
    """What may stand at one place: one of several ways."""

    def __init__(self, ways: tuple[Schema, ...] = (), *, is_item: bool = False, needed: bool = False) -> None:
        self.ways = ways
        self.is_item = is_item
        self.needed = needed
        """Its key may not be left out."""

    @property
    def is_step(self) -> bool:
        return any(_KEYS in way and issubclass(way[_KEYS], StepKeys) for way in self.ways)

    @property
    def is_declared(self) -> bool:
        """Whether a mapping with keys of the language may stand here."""
        return any(_KEYS in way for way in self.ways)

    @property
    def is_note(self) -> bool:
        """Whether any words stand here, as in a comment: a long one is folded."""
        return any(way == any_word() for way in self.ways)

    @property
    def has_paths(self) -> bool:
        """Whether the keys of a mapping here are paths, with dots in them, as those of `set` are."""
        return any(_READ in way.get("propertyNames", {}) for way in self.ways)

    @property
    def is_condition(self) -> bool:
        """Whether a condition line may stand here."""
        return any("all" in way.get("properties", {}) for way in self.ways)

    @property
    def is_typed(self) -> bool:
        """Whether a word without quotes may be a number, a truth or nothing here, and a text in quotes."""
        return any(not way for way in self.ways)

    @property
    def may_be_nothing(self) -> bool:
        """Whether a key with nothing behind it is good here, as `handoff:` is."""
        return any(way.get("type") == "null" for way in self.ways)

    @property
    def is_prose(self) -> bool:
        """Whether words for people stand here: what YAML might take for something else is put into quotes then."""
        return any(way.get("maxLength", 0) > 1_000 for way in self.ways)  # a text, not a name

    def below(self, name: str, beside: Collection[str] = ()) -> Shape:
        """What may stand under a key, in a mapping that has the keys `beside`, too."""
        keys = self._keys(beside, name)
        if keys is not None and name in keys.declared:
            key = keys.declared[name]
            return Shape(alternatives(key), needed=key.needed)
        for way in self.ways:
            inner = way.get("properties", {}).get(name) or way.get("additionalProperties")
            if isinstance(inner, dict):
                return Shape(_alternatives(inner))
        return Shape()

    def item(self) -> Shape:
        """What may stand in the list."""
        for way in self.ways:
            if isinstance(way.get("items"), dict):
                return Shape(_alternatives(way["items"]), is_item=True)
        return Shape(({},) if self.is_typed else (), is_item=True)

    def declared(self, names: Collection[str]) -> dict[str, Key[Any]]:
        """The keys that a mapping with these keys may have, in the order of the language: of a step, those of its kind
        behind those of every step. None where the language has no say in it."""
        keys = self._keys(names)
        return {} if keys is None else {name: keys.declared[name] for name in self._order(names)}

    def has(self, name: str) -> bool:
        """Whether a mapping here may have this key."""
        return bool(self.below(name, (name,)).ways)

    def order(self, names: Collection[str]) -> list[str]:
        """The keys of a mapping in the order of the language; those that it does not know stay behind, as they come."""
        known = self._order(names)
        return [name for name in known if name in names] + [name for name in names if name not in known]

    def before(self, name: str, names: Collection[str]) -> Collection[str]:
        """Which of the keys `names` stand before the key `name`; all where nobody knows."""
        known = self._order([*names, name])
        return {
            one
            for one in names
            if name not in known or (one in known and known.index(one) < known.index(name))
        }

    def _order(self, names: Collection[str]) -> list[str]:
        keys = self._keys(names)
        if keys is None:
            return []
        own = [name for name in keys.declared if name not in EVERY_STEP or not issubclass(keys, StepKeys)]
        return [*EVERY_STEP, *own] if issubclass(keys, StepKeys) else own

    def _keys(self, names: Collection[str], wanted: str = "") -> type[Keys] | None:
        """The declared keys of a mapping with these names: of a step, those of its kind."""
        ways = [way[_KEYS] for way in self.ways if _KEYS in way]
        if self.is_step:
            kinds = [KINDS[name].keys for name in names if name in KINDS and name != wanted]
            kinds += [KINDS[wanted].keys] if wanted in KINDS else []
            found = next((kind for kind in kinds if not wanted or wanted in kind.declared), None)
            return found or next((way for way in ways if not wanted or wanted in way.declared), None)
        return next((way for way in ways if not wanted or wanted in way.declared), ways[0] if ways else None)

    @property
    def is_inline_mapping(self) -> bool:
        """Whether a short flat mapping stands in braces here: no step, no condition, and no item that can hold such."""
        if self.is_step or any("properties" in way for way in self.ways):
            return False
        keys = self._keys(())
        return keys is None or not self.is_item or not any(_holds_more(key) for key in keys.declared.values())

    @property
    def is_inline_list(self) -> bool:
        """Whether a short list of words stands in brackets here: names and days do, conditions and steps do not."""
        return not any(_is_more(way) for way in self.item().ways)


def _holds_more(key: Key[Any]) -> bool:
    """Whether a list of conditions, steps or mappings may stand under it."""
    ways = alternatives(key)
    return any(any(map(_is_more, _alternatives(way["items"]))) for way in ways if "items" in way)


def _is_more(way: Schema) -> bool:
    return _KEYS in way or "properties" in way or "items" in way


def shape_of_file(is_segment: bool) -> Shape:
    """What may stand in a file."""
    return Shape(({_KEYS: SegmentKeys if is_segment else ScenarioKeys},))
