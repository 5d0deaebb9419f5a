"""Finding things inside of scenarios, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


def every(value: Any, kind: type[T]) -> Iterator[T]:
    """Everything of a kind inside a struct, wherever it stands."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from every(getattr(value, name), kind)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from every(item, kind)
    elif isinstance(value, dict):
        for item in value.values():
            yield from every(item, kind)
