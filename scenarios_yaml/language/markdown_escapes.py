"""Foreign words in Markdown: escaped so that they stay words, and read back as people read them.

A backslash before a sign of punctuation is that sign, in CommonMark's texts as in the addresses of its links.
"""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\\`*_\[\]<>#()!|~&{}]")
_SPACES = re.compile(r"[ \t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BEGINS_A_BLOCK = re.compile(r"\A ?(?:\d{1,9}(?=\.(?:\s|\Z))|(?=[-+=]+(?:\s|\Z)))")
_IN_ADDRESSES = re.compile(r"[\s\"'`\\<>()\[\]]")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def escape_markdown(text: str) -> str:
    """The text as Markdown that shows exactly it, on one line. An address stays one, whatever it holds."""
    text = _SPACES.sub(" ", text)
    if _ADDRESS.match(text):
        text = _IN_ADDRESSES.sub(lambda found: f"%{ord(found[0]):02X}" if ord(found[0]) < 128 else "", text)
    text = _SIGNS.sub(r"\\\g<0>", text)
    return _BEGINS_A_BLOCK.sub(r"\g<0>\\", text, count=1)


def unescape_markdown(text: str) -> str:
    """Markdown as people read it, as far as backslashes go."""
    return _ESCAPED.sub(r"\1", text)
