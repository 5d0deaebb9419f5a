"""A mapping read by its schema: which keys it may have, which it must have, and of what type each value
is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ClassVar, TypeVar

from scenarios_yaml.language.problems import did_you_mean, nearest, quoted, shown
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

T = TypeVar("T")
D = TypeVar("D")


class Fields:
    """The keys of one mapping. `what` names it in messages: “a popup”.

    A node that is no mapping is one error, and then has no keys; nothing is called missing in it.
    """

    example: ClassVar[str] = ""
    """How it is written, for one who has written a word in its place; `{}` stands for the word."""
    hints: ClassVar[dict[str, str]] = {}
    """What to do instead of keys that people try."""

    def __init__(self, reading: Reading, node: YamlNode, what: str, known: Collection[str]) -> None:
        self.reading = reading
        self.at = node
        self.what = what
        self.known = known
        self._values: dict[str, YamlNode] = {}
        self._keys: dict[str, Scalar] = {}
        self._is_mapping = isinstance(node, Mapping)
        if not isinstance(node, Mapping):
            self._refuse(node)
            return
        for key, value in node.pairs:
            if key.value in known:
                self._values[key.value] = value
                self._keys[key.value] = key
            else:
                self._unknown(key, value, node.flow)

    def _refuse(self, node: YamlNode) -> None:
        hint = "it has the keys " + ", ".join(self.known)
        if self.example and isinstance(node, Scalar) and not node.is_empty:
            hint = f"write “{self.example.replace('{}', shown(node.value))}”"
        if isinstance(node, Scalar) and ":" in node.value and ": " not in node.value:
            hint = "put a space after the colon"
        self.reading.error(node, f"{self.what} is a mapping of keys to values", hint)

    def _unknown(self, key: Scalar, value: YamlNode, flow: bool) -> None:
        hint = self.hints.get(key.value) or did_you_mean(key.value, self.known)
        if flow and isinstance(value, Scalar) and value.is_empty and not nearest(key.value, self.known, 0.8):
            hint = "a comma inside `{…}` begins a new key: put the text in quotes"
        elif "\u00a0" in self.reading.text[: key.end].rpartition("\n")[2]:
            hint = "this line begins with spaces that are none (U+00A0): type them anew"
        hint = hint or "known here: " + ", ".join(self.known)
        self.reading.error(key, f"{self.what} has no key {quoted(key.value)}", hint)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def node(self, name: str) -> YamlNode | None:
        return self._values.get(name)

    def key(self, name: str) -> YamlNode:
        """Where the key stands, for an error about it; the mapping where it is not there."""
        return self._keys.get(name, self.at)

    def read(self, name: str, reader: Callable[[Reading, YamlNode], T], default: D) -> T | D:
        """The value of an optional key."""
        node = self._values.get(name)
        return default if node is None else reader(self.reading, node)

    def need(self, name: str, reader: Callable[[Reading, YamlNode], T], default: D) -> T | D:
        """The value of a key that must be there; `default` stands in for it after the error."""
        node = self._values.get(name)
        if node is None:
            self.miss(name)
            return default
        return reader(self.reading, node)

    def miss(self, name: str) -> None:
        """Report that a key is not there."""
        if self._is_mapping:
            self.reading.error(self.at, f"{self.what} needs the key {quoted(name)}")

    def many(self, name: str, reader: Callable[[Reading, YamlNode], T]) -> tuple[T, ...]:
        """The items of an optional list."""
        node = self._values.get(name)
        return () if node is None else read_list(self.reading, node, f"{quoted(name)}", reader)

    def exactly_one(self, *names: str) -> str:
        """Which of these keys is there; an empty string after an error where it is none or several."""
        there = [name for name in names if name in self._values]
        if len(there) == 1:
            return there[0]
        if self._is_mapping:
            at = self._keys[there[1]] if there else self.at
            listed = " or ".join(quoted(name) for name in names)
            self.reading.error(at, f"{self.what} needs {listed}" + (", not both" if there else ""))
        return ""


def read_list(
    reading: Reading, node: YamlNode, what: str, reader: Callable[[Reading, YamlNode], T], example: str = "{}"
) -> tuple[T, ...]:
    """The items of a list, each by `reader`. Anything but a list is one error; `example` is how a word is written
    as an item."""
    if isinstance(node, Sequence):
        return tuple(reader(reading, item) for item in node.items)
    if isinstance(node, Scalar) and node.is_empty:
        reading.error(node, f"{what} is a list, nothing stands here")
    elif isinstance(node, Scalar):
        item = example.replace("{}", shown(node.value))
        reading.error(node, f"{what} is a list", f"write “- {item}” on a line of its own")
    else:
        reading.error(node, f"{what} is a list", "begin each item with “- ”")
    return ()
