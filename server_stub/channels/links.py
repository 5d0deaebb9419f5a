"""Where a letter may lead; apart from the renderer, which loads late."""

from __future__ import annotations

ACCENT = "#3b5bdb"
"""The colour of links and buttons where a shop has chosen none."""
_SCHEMES = ("http://", "https://", "mailto:")


def is_safe_link(link: str) -> bool:
    """Whether a letter may lead there."""
    return link.strip().lower().startswith(_SCHEMES)
