"""Which files are pictures that a terminal can show, and the small ones in the feed: half blocks, two pixels a cell.

They are made in `picture_cells`, which is imported when the first one is wanted: Pillow would cost every start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from rich.segment import Segment

from server_stub.protocol import MAX_FILE_BYTES, FileRef

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""Formats with a decoder that is attacked and mended daily; the rest are files like others."""
THUMBNAIL_LINES = 12
THUMBNAIL_CELLS = 48


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture as lines of half blocks, each `width` cells wide."""

    width: int
    lines: tuple[list[Segment], ...]


def is_picture(file: FileRef) -> bool:
    """Whether the file says that it is a picture of a kind that can be shown; the server has looked at its content."""
    kind = file.media_type.partition(";")[0].strip().lower()
    return kind in _KINDS and 0 < file.size <= MAX_FILE_BYTES


_KINDS = {f"image/{name.lower()}" for name in FORMATS}


def shows_colours(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has enough colours for a picture made of cells."""
    if "NO_COLOR" in environment or environment.get("TERM", "") in ("dumb", "linux", "vt100", "vt220"):
        return False
    deep = environment.get("COLORTERM", "") in ("truecolor", "24bit") or "256" in environment.get("TERM", "")
    return deep or os.name == "nt" or bool(environment.get("TERM_PROGRAM") or environment.get("WT_SESSION"))
