"""Where a letter may lead, and how foreign words stay words in Markdown; apart from the renderer, which loads late."""

from __future__ import annotations

from typing import Any

ACCENT = "#3b5bdb"
"""The colour of links and buttons where a shop has chosen none."""
_SCHEMES = ("http://", "https://", "mailto:")


def is_safe_link(link: str) -> bool:
    """Whether a letter may lead there."""
    return link.strip().lower().startswith(_SCHEMES)


def escaped(value: Any) -> Any:
    """A value whose texts Markdown takes for nothing but text; addresses stay addresses."""
    if isinstance(value, str):
        if is_safe_link(value):
            return "".join(f"%{ord(sign):02X}" if sign in " ()<>[]\\\"'`\n\r\t" else sign for sign in value)
        return "".join("\\" + sign if sign in "\\`*_[]<>#!|~" else sign for sign in value)
    if isinstance(value, dict):
        return {key: escaped(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [escaped(item) for item in value]
    return value
