"""What a visitor is asked for, in words: the kinds of answers and fields."""

from __future__ import annotations

from typing import assert_never

from operator_console.translation import said
from scenarios_yaml.language.model import InputKind


def input_hint(kind: InputKind) -> str:
    """What stands in an empty field of that kind."""
    match kind:
        case "email":
            return "name@mail.example"
        case "phone":
            return "+1 555 0100"
        case "text":
            return said("an empty field", "any text")
        case "number":
            return said("an empty field", "a number")
        case "date":
            return said("an empty field", "a date")
        case "choice":
            return said("an empty field", "one of them")
        case "rating":
            return "☆ ☆ ☆ ☆ ☆"
        case "file":
            return said("an empty field", "a file")
    assert_never(kind)
