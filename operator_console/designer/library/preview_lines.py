"""How a ready-made scenario looks to the visitor: what it is for, when it speaks, and all that it says. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.library.items import LibraryRow
from operator_console.designer.library.parts import Part
from operator_console.designer.look.painter import LookPainter
from operator_console.designer.look.views import ChatLook, PopupLook
from operator_console.designer.outline.triggers import exit_words, goal_words
from operator_console.inbox.cells import wrap
from operator_console.inbox.line_parts import LineParts
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _

INDENT = 2
DEEPEST = 6
"""Branches in each other that are moved in; what is deeper stands below these."""
NARROWEST = 28


@dataclass(frozen=True, slots=True)
class PreviewPainter:
    """Paints at one width. `shop` is what the shop is called; `is_here`: the desk has one of this name already."""

    palette: Palette
    width: int
    now: int
    shop: str

    def paint(self, row: LibraryRow, parts: Sequence[Part], *, is_here: bool) -> list[Strip]:
        """The whole of it."""
        lines = LineParts(self.palette, self.width, self.now, None, ground="paper")
        painted = [lines.line(), self._title(row, lines)]
        painted += [
            lines.line([(f" {line}", "soft")]) for line in wrap(safe_line(row.comment, 2_000), self.width - 2)
        ]
        if is_here:
            painted += [lines.line(), lines.line([(f" ✓ {_('your desk has one of this name')}", "good")])]
        painted += [lines.line(), *self._facts(row, lines)]
        return [*painted, *lines.heading(_("What the visitor sees")), *self.seen(parts), lines.line()]

    def _title(self, row: LibraryRow, lines: LineParts) -> Strip:
        star = f"  ★ {_('set this one up first')}" if row.is_starter else ""
        title = Segment(f" {safe_line(row.title, 200)}", lines.style("text", bold=True))
        strip = Strip([title, Segment(star, lines.style("note"))])
        return strip.adjust_cell_length(self.width, lines.style("text"))

    def _facts(self, row: LibraryRow, lines: LineParts) -> list[Strip]:
        painted: list[Strip] = []
        for number, trigger in enumerate(row.triggers):
            painted += lines.pair("" if number else _("starts on"), safe_line(trigger, 400))
        if row.whom:
            painted += lines.pair(_("only for"), safe_line(row.whom, 400))
        for number, rule in enumerate(row.scenario.exit):
            painted += lines.pair("" if number else _("ends on"), exit_words(rule))
        if row.scenario.goal is not None:
            painted += lines.pair(_("goal"), goal_words(row.scenario.goal))
        return painted

    # --- What is seen ---

    def seen(self, parts: Sequence[Part]) -> Iterator[Strip]:
        """All that is seen. Chat messages that follow each other stand together; the first ones in the chat's window,
        under its head."""
        has_head = True
        for (is_chat, _depth), group in groupby(
            parts, key=lambda part: (isinstance(part.look, ChatLook), part.depth)
        ):
            several = list(group)
            if is_chat:
                yield self._line("", "text", 0)
                looks = [part.look for part in several if isinstance(part.look, ChatLook)]
                yield from self._inset(
                    self._painter(several[0].depth).chat(looks, head=has_head), several[0].depth
                )
                has_head = False
                yield self._line("", "text", 0)
            else:
                for part in several:
                    yield from self._part(part)

    def _part(self, part: Part) -> Iterator[Strip]:
        if part.look is None:
            yield from self._words(part)
            return
        painter = self._painter(part.depth)
        yield self._line("", "text", 0)
        yield from self._inset(painter.paint(part.look), part.depth)
        if isinstance(part.look, PopupLook):
            yield from self._inset(painter.on_page(part.look), part.depth)
        yield self._line("", "text", 0)

    def _words(self, part: Part) -> Iterator[Strip]:
        mark, colour = {"branch": ("↳ ", "accent"), "block": ("", "accent")}.get(part.kind, ("· ", "soft"))
        if part.kind == "block":
            yield self._line("", "text", 0)
        inset = _inset_of(part.depth) + 1
        room = max(self.width - inset - len(mark) - 1, 8)
        for number, line in enumerate(wrap(safe_line(part.words, 600), room)):
            head = mark if not number else " " * len(mark)
            yield self._line(head + line, colour, inset, bold=part.kind == "block")

    def _painter(self, depth: int) -> LookPainter:
        return LookPainter(self.palette, max(self.width - _inset_of(depth), NARROWEST), self.shop)

    def _inset(self, strips: Sequence[Strip], depth: int) -> Iterator[Strip]:
        blank = Segment(" " * _inset_of(depth), self.palette.style("text", "paper"))
        for strip in strips:
            yield Strip([blank, *strip]).adjust_cell_length(self.width, blank.style)

    def _line(self, text: str, colour: str, inset: int, *, bold: bool = False) -> Strip:
        blank = self.palette.style("text", "paper")
        body = Segment(text, self.palette.style(colour, "paper", bold=bold))
        return Strip([Segment(" " * inset, blank), body]).adjust_cell_length(self.width, blank)


def _inset_of(depth: int) -> int:
    return min(depth, DEEPEST) * INDENT
