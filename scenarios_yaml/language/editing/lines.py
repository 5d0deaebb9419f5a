"""Lines of a text by offsets. A line ends with `\\n`, `\\r\\n` or `\\r`, as YAML has it."""

from __future__ import annotations

import re

BREAK = re.compile(r"\r\n|\r|\n")
_NOT_BLANK = re.compile(r"[^ \t]")


def line_start(text: str, at: int) -> int:
    """Where the line begins in which `at` stands."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Where the line ends in which `at` stands: before its break."""
    found = BREAK.search(text, at)
    return found.start() if found else len(text)


def next_line(text: str, at: int) -> int:
    """Where the next line begins; the end of the text where there is none."""
    found = BREAK.search(text, at)
    return found.end() if found else len(text)


def line_above(text: str, start: int) -> int:
    """Where the line above one that begins at `start` begins."""
    end = start - (2 if text.startswith("\r\n", start - 2) else 1)
    return line_start(text, end)


def content_at(text: str, start: int) -> int:
    """Where the first character of a line stands that is no space; its end where there is none."""
    found = _NOT_BLANK.search(text, start)
    return found.start() if found else len(text)


def is_comment(text: str, start: int) -> bool:
    """Whether the line that begins at `start` holds a comment and nothing else."""
    return text.startswith("#", content_at(text, start))


def is_blank(text: str, start: int) -> bool:
    """Whether nothing but white space stands in the line that begins at `start`."""
    at = content_at(text, start)
    return at == len(text) or text[at] in "\r\n"


def newline_of(text: str) -> str:
    """The line break that the text uses most."""
    windows, newlines = text.count("\r\n"), text.count("\n")
    if not newlines and "\r" in text:
        return "\r"
    return "\r\n" if windows * 2 > newlines else "\n"


def split_lines(text: str) -> list[str]:
    """The lines without their breaks; no empty one behind the last break."""
    lines = BREAK.split(text)
    return lines[:-1] if lines and not lines[-1] else lines
