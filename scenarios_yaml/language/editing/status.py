"""The status of a scenario's file, changed and nothing else: launching, pausing and archiving it."""

from __future__ import annotations

from typing import get_args

from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.model import Status

__all__ = ["CannotEditError", "set_status"]


def set_status(text: str, status: str) -> str:
    """The text with this status: the written one replaced, or a line `status: …` added below the title.

    Raises CannotEditError where `status` is none of the four, or the text is no scenario that YAML can read.
    """
    if status not in get_args(Status):
        raise CannotEditError(f"{status!r} is not one of {', '.join(get_args(Status))}")
    document = Document(text)
    document.put("status", status)
    return document.text
