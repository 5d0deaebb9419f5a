"""The one place where foreign text becomes terminal text.

A terminal obeys what it is sent: an escape sequence in a visitor's name can write the clipboard, rename the
window or clear the screen, and no widget filters it. So whatever somebody else wrote goes through `safe_text`
or `safe_line` (always one line) on its way to the screen. What is stored stays raw.

What comes out holds no control character but `\\n`, nothing that reorders or hides text, and never more
than three zero-width characters in a row. It is *not* escaped for the markup of Rich and Textual: `[red]`
stays the five characters that somebody typed. Show it by literal sinks only (`Content(…)`, `Text(…)`,
`markup=False`).

`safe_text` and `safe_line` take time linear in the text, at most in `limit`; they give the same text for the same
input, and leave their own output as it is.
`safe_characters` is for a text that is edited, character by character.
"""

from __future__ import annotations

import re
from unicodedata import category

REPLACEMENT = "\ufffd"
"""Stands for what was taken out, so that nothing vanishes unseen."""

ELLIPSIS = "…"
LINE_MARK = "⏎"
"""Stands for a line's end where only one line fits."""

MAX_CHARS = 10_000
"""Twice as long as a screen of 200 × 50 cells; a longer text is cut."""

TAB_CELLS = 4
MAX_ZERO_WIDTH = 3
"""Enough for Vietnamese, Thai and every emoji; few enough that marks do not climb over the lines above."""

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

# The body of OSC, DCS, APC, PM and SOS ends at any control character: each character is looked at once, which
# keeps the time linear, and an unterminated sequence takes its own line at most.
_BODY = "[^\x00-\x1f\x7f-\x9f]*+"
_END = "(?:\x07|\x9c|\x1b\\\\)"

# A C1 character is more often a wrongly decoded quotation mark than a command: it takes text along only
# where its sequence is whole.
_UNSAFE = re.compile(
    "\x1b\\[[0-?]*+[ -/]*+[@-~]?"  # CSI
    f"|\x1b[\\]PX^_]{_BODY}{_END}?"  # OSC, DCS, SOS, PM, APC
    "|\x1b[ -/]*+[0-~]?"  # every other escape sequence, and ESC alone
    "|\x9b[0-?]++[ -/]*+[@-~]"  # CSI in one byte
    f"|[\x90\x98\x9d-\x9f]{_BODY}{_END}"  # the strings in one byte
    "|[\U000e0000-\U000e007f]++"  # tag characters: invisible text
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # bidi controls, invisible separators
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a]"
)

_UNSAFE_CHARACTER = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""One at a time, where a text is edited; a line's own end is no part of it."""

# The scripts that a shop meets daily, without any of their combining marks: such text needs no second look.
_DAILY = re.compile(
    "[\n -~\xa0-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u2bff"
    "\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ufaff\ufffd\U0001f000-\U0001faff\U00020000-\U0003ffff]*+"
)
_JOINERS = "\u200c\u200d"
_SOFT_HYPHEN = "\xad"


def safe_text(value: object, *, limit: int = MAX_CHARS, multiline: bool = False) -> str:
    """Return `value` as text that a terminal only shows, at most `limit` characters long.

    Newlines of every kind become `\\n` with `multiline`, else a space. A whole escape sequence, a control
    or a bidi character becomes one U+FFFD each. A cut is marked with an ellipsis. None is the empty text.
    """
    text = value if type(value) is str else _as_text(value)
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    limit = max(limit, 1)
    return _cut(_clean(text[: limit + 1], multiline), limit, is_cut=len(text) > limit)


def safe_line(value: object, limit: int = 200) -> str:
    """Return `value` as one line without outer blanks, at most `limit` characters; line ends show as `⏎`."""
    text = value if type(value) is str else _as_text(value)
    limit = max(limit, 1)
    is_cut = len(text) > limit
    if is_cut or not (text.isascii() and text.isprintable()):
        text = _clean(text[: limit + 1], multiline=True)
    if "\n" in text:
        text = f" {LINE_MARK} ".join(part for line in text.split("\n") if (part := line.strip()))
    return _cut(text.strip(), limit, is_cut=is_cut)


def safe_characters(line: str) -> str:
    """Return one line of text in which a cursor may stand: each character that a terminal must not get is one U+FFFD,
    so that what comes out is as long as what went in. Tabs stay: they are nothing but room, and expanded by whoever
    knows where the line begins."""
    if line.isprintable() and _DAILY.fullmatch(line):
        return line
    line = _UNSAFE_CHARACTER.sub(REPLACEMENT, line)
    if _DAILY.fullmatch(line):
        return line
    kept: list[str] = []
    in_a_row = 0
    for char in line:
        in_a_row = in_a_row + 1 if _is_zero_width(char) else 0
        kept.append(char if in_a_row <= MAX_ZERO_WIDTH else REPLACEMENT)
    return "".join(kept)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _clean(text: str, multiline: bool) -> str:
    if not text.replace("\n", "").isprintable():
        text = _NEWLINES.sub("\n", text.replace(_SOFT_HYPHEN, ""))
        text = _UNSAFE.sub(REPLACEMENT, text).expandtabs(TAB_CELLS)
    if not _DAILY.fullmatch(text):
        text = _without_piles(text)
    return text if multiline else text.replace("\n", " ")


def _without_piles(text: str) -> str:
    """Drop every zero-width character after the third in a row."""
    kept: list[str] = []
    in_a_row = 0
    for char in text:
        in_a_row = in_a_row + 1 if _is_zero_width(char) else 0
        if in_a_row <= MAX_ZERO_WIDTH:
            kept.append(char)
    return "".join(kept)


def _is_zero_width(char: str) -> bool:
    return char in _JOINERS or category(char) in ("Mn", "Me")


def _cut(text: str, limit: int, *, is_cut: bool) -> str:
    if len(text) > limit or (is_cut and not text.endswith(ELLIPSIS)):
        return text[: limit - 1] + ELLIPSIS
    return text
