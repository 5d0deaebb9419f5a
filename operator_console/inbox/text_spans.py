"""Parts of a text that look another way: links, and colleagues whom a note calls. Pure: no widget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\ufffd]+[^\s<>\"'`{}|\\^\ufffd.,;:!?()\[\]]")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `begin` to `end` of a text look like `style`."""

    begin: int
    end: int
    style: Style


def links_in(text: str, style: Callable[[str], Style]) -> list[Span]:
    """The links of a cleaned text; `style` gives the look of one."""
    if "://" not in text:
        return []
    return [Span(found.start(), found.end(), style(found.group())) for found in LINK.finditer(text)]


def calls_in(text: str, called: Iterable[tuple[str, Style]]) -> list[Span]:
    """Where a cleaned text calls somebody by @name. `called` are pairs of a cleaned name and its look."""
    spans: list[Span] = []
    for name, style in called:
        # A name that goes on is another's: @Ann is not in @Anna.
        found = re.finditer(rf"@{re.escape(name)}(?!\w)", text, re.IGNORECASE) if name else ()
        spans += [Span(one.start(), one.end(), style) for one in found]
    return spans


def styled(text: str, lines: Sequence[str], plain: Style, spans: Iterable[Span]) -> list[list[Segment]]:
    """The wrapped `lines` of `text` with its spans, also where one runs over several lines."""
    apart = _apart(spans)
    if not apart:
        return [[Segment(line, plain)] for line in lines]
    made: list[list[Segment]] = []
    at = 0
    for line in lines:
        begin = text.find(line, at)
        begin = at if begin < 0 else begin
        at = begin + len(line)
        made.append(_line(text, begin, at, plain, apart))
    return made


def _line(text: str, begin: int, end: int, plain: Style, spans: Sequence[Span]) -> list[Segment]:
    pieces: list[Segment] = []
    done = begin
    for span in spans:
        first, last = max(span.begin, begin), min(span.end, end)
        if first >= last:
            continue
        if first > done:
            pieces.append(Segment(text[done:first], plain))
        pieces.append(Segment(text[first:last], span.style))
        done = last
    if done < end or not pieces:
        pieces.append(Segment(text[done:end], plain))
    return pieces


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order, without those that lie over an earlier one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        if not kept or span.begin >= kept[-1].end:
            kept.append(span)
    return kept
