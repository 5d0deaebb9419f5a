"""What is filled into a sentence where a value may be missing: a file that is being written has gaps."""

from __future__ import annotations

from operator_console.designer.outline.amounts import duration_words
from operator_console.designer.outline.names import event_words, slug_words
from operator_console.designer.outline.words import Word

GAP = Word("…", "bad")
"""Stands where something is wanted and nothing could be read."""


def name_or_gap(name: str) -> Word:
    """A name of the file's."""
    return Word(slug_words(name), "value") if name else GAP


def event_or_gap(event: str) -> Word:
    """An event's name."""
    return Word(event_words(event), "strong") if event else GAP


def duration_or_gap(milliseconds: int) -> Word:
    """A length of time: nothing in a file lasts no time at all."""
    return Word(duration_words(milliseconds), "value") if milliseconds else GAP
