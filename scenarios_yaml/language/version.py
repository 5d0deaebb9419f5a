"""The version of a scenario: the hash of what the file says, not of how it is laid out.

Comments, blank lines, quotes that change nothing and the order of a mapping's keys make no new version.
Neither does `status`: launching and pausing a scenario are switches, and runs in flight must find the same
version behind them.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scenarios_yaml.language.reading import NULLS
from scenarios_yaml.language.scalars import parse_number
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

DIGITS = 12


def version_of(root: Mapping) -> str:
    """12 hex digits."""
    tree = [pair for pair in _canonical(root) if pair[0] != "status"]
    written = json.dumps(tree, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:DIGITS]


def _canonical(node: YamlNode) -> Any:
    """Mappings as sorted pairs in a list of their own, scalars as strings; `"5"` in quotes is told from the
    number 5."""
    if isinstance(node, Mapping):
        return sorted([key.value, [_kind_mark(value), _canonical(value)]] for key, value in node.pairs)
    if isinstance(node, Scalar):
        return node.value
    return [[_kind_mark(item), _canonical(item)] for item in node.items]


def _kind_mark(node: YamlNode) -> str:
    if isinstance(node, Mapping):
        return "m"
    if not isinstance(node, Scalar):
        return "s"
    typed = node.value in ("true", "false", *NULLS) or parse_number(node.value) is not None
    return "q" if node.style and (typed or not node.value or node.value.startswith("parameters.")) else "w"
