"""Scenario files as they were read before: the same text is the same scenario, and reading it takes some milliseconds.

A start reads each live scenario from the store, from the folder, and when the desk takes it in; a change of one file
reads the whole folder.
"""

from __future__ import annotations

from functools import lru_cache

from scenarios_yaml.language.reader import ReadResult, read_scenario

TEXTS_KEPT = 512


@lru_cache(maxsize=TEXTS_KEPT)
def read_known(text: str, file: str) -> ReadResult:
    """As `read_scenario`."""
    return read_scenario(text, file)
