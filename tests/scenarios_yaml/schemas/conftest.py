"""Files as an editor's YAML hands them to a schema, every scalar typed before anybody has asked for it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, compose
from scenarios_yaml.schemas.build import file_name

INTEGER_1_2 = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT_1_2 = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
INTEGER_1_1 = re.compile(r"[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)")
SIXTIES_1_1 = re.compile(r"[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+")
FLOAT_1_1 = re.compile(
    r"[-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*"
)
TRUE_1_1 = {"yes", "Yes", "YES", "on", "On", "ON"}
FALSE_1_1 = {"no", "No", "NO", "off", "Off", "OFF"}


def _scalar(word: str, version: str) -> Any:
    if word in ("", "~", "null", "Null", "NULL"):
        return None
    if word in ("true", "True", "TRUE") or (version == "1.1" and word in TRUE_1_1):
        return True
    if word in ("false", "False", "FALSE") or (version == "1.1" and word in FALSE_1_1):
        return False
    if version == "1.1" and SIXTIES_1_1.fullmatch(word):
        total = 0
        for part in word.replace("_", "").lstrip("+-").split(":"):
            total = total * 60 + int(part)
        return -total if word.startswith("-") else total
    integer, fraction = (INTEGER_1_1, FLOAT_1_1) if version == "1.1" else (INTEGER_1_2, FLOAT_1_2)
    if integer.fullmatch(word):
        return _integer(word.replace("_", ""), version)
    if fraction.fullmatch(word):
        return 1.5  # which number it is says no schema, but for small whole ones
    return word


def _integer(word: str, version: str) -> int | float:
    digits = word.lstrip("+-")
    base = (
        16
        if digits.startswith("0x")
        else 8
        if digits.startswith("0o")
        else 2
        if digits.startswith("0b")
        else 10
    )
    if version == "1.1" and base == 10 and len(digits) > 1 and digits.startswith("0"):
        base = 8
    number = int(digits if base == 10 else digits.replace("0o", "0"), base)
    number = -number if word.startswith("-") else number
    return number if abs(number) < 2**53 else 1.5


def _typed(node: Any, version: str) -> Any:
    if isinstance(node, Scalar):
        return node.value if node.style else _scalar(node.value, version)
    if isinstance(node, Mapping):
        return {key.value: _typed(value, version) for key, value in node.pairs}
    return [_typed(item, version) for item in node.items]


class Editor:
    """Validates as an editor does, with YAML 1.2 (most editors) and 1.1 (what Python and Ruby read)."""

    def __init__(self, kind: str) -> None:
        text = (
            files("scenarios_yaml").joinpath("schemas").joinpath(file_name(kind)).read_text(encoding="utf-8")
        )
        self.schema = json.loads(text)
        self._validator = jsonschema_rs.validator_for(self.schema)

    def complaints(self, text: str) -> list[str]:
        """What is marked in the text; nothing where it is no YAML at all, which is the editor's own affair."""
        root, problems = compose(text.removeprefix("\ufeff"))
        if root is None or problems:
            return []
        return [
            f"YAML {version}: {error.instance_path}: {error.message[:300]}"
            for version in ("1.2", "1.1")
            for error in self._validator.iter_errors(_typed(root, version))
        ]


@pytest.fixture(scope="session")
def scenario_editor() -> Editor:
    return Editor("scenario")


@pytest.fixture(scope="session")
def segment_editor() -> Editor:
    return Editor("segment")


@pytest.fixture(scope="session")
def test_editor() -> Editor:
    return Editor("test")
