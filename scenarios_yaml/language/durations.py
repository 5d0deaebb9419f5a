"""Durations as they are written: `30s`, `15m`, `1h30m`, `3d`, `2w`. In the model they are milliseconds."""

from __future__ import annotations

import re

MILLISECONDS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
LONGEST = 3660 * MILLISECONDS["d"]
"""Ten years: longer is a typing mistake."""

_DURATION = re.compile(
    r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII
)
_IN_WORDS = re.compile(
    r"(\d{1,6}(?:[.,]\d{1,3})?)\s*((?:second|sec|minute|min|hour|hr|day|week)s?|[smhdw]"
    r"|сек\w*|мин\w*|час\w*|дн\w*|день|сут\w*|недел\w*|[смчд])\b",
    re.IGNORECASE,
)


def parse_duration(text: str) -> int | None:
    """Milliseconds, or None where `text` is no duration, is zero, or is longer than ten years."""
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    total = sum(
        int(count) * MILLISECONDS[unit] for count, unit in zip(match.groups(), "wdhms", strict=True) if count
    )
    return total if 0 < total <= LONGEST else None


def meant_duration(text: str) -> str:
    """How a length of time in words is written: `2 days` is 2d; empty where it is none."""
    parts = _IN_WORDS.findall(text)
    if not parts or _IN_WORDS.sub("", text).strip(" ,и"):
        return ""
    total = sum(round(float(count.replace(",", ".")) * MILLISECONDS[_unit(word)]) for count, word in parts)
    if not MILLISECONDS["s"] <= total <= LONGEST:
        return ""
    count, word = parts[0]
    plain = len(parts) == 1 and count.isdigit()
    return f"{int(count)}{_unit(word)}" if plain else format_duration(total)


def duration_hint(text: str) -> str:
    """How a duration that could not be read is written."""
    if meant := meant_duration(text):
        return f"write {meant}"
    if re.fullmatch(r"\d{1,6}", text, re.ASCII) and int(text):
        return f"with its unit: {text}s, {text}m, {text}h or {text}d"
    if re.fullmatch(r"0+[smhdw]?", text):
        return "a duration is longer than nothing"
    return "for example 30s, 15m, 1h30m, 3d or 2w"


def _unit(word: str) -> str:
    """The unit that a word begins with, English or Russian."""
    folded = word.casefold()
    russian = {"с": "s", "м": "m", "ч": "h", "д": "d", "н": "w", "сут": "d"}
    return russian.get(folded[:3]) or russian.get(folded[:1]) or folded[:1]


def format_duration(milliseconds: int) -> str:
    """The shortest way to write it; parts below a second are dropped."""
    parts = []
    rest = milliseconds
    for unit, length in MILLISECONDS.items():
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
