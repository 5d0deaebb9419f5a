"""Feed items as lines of cells: bubbles, activity lines, day marks, and the line above what is new. Pure: no widget, no
clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.activity_words import Said
from operator_console.inbox.bubble_lines import BubblePainter
from operator_console.inbox.bubble_lines import size_text as size_text
from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.feed import Activity, Bubble, Item
from operator_console.inbox.text_spans import LINK as LINK
from operator_console.inbox.times import clock, coming, day, moment
from operator_console.safe_text import safe_line
from operator_console.translation import _


@dataclass(frozen=True, slots=True)
class Look:
    """How an item stands in the feed just now. `mark`: delivered, seen, or nothing."""

    mark: str = ""
    is_new: bool = False
    """What nobody has read begins with it."""
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class FeedPainter(BubblePainter):
    """Paints the items of a feed at one width."""

    def paint(self, item: Item, before: Item | None, look: Look) -> list[Strip]:
        """The lines of an item that stands behind `before`."""
        lines: list[Strip] = []
        if self._begins_day(item, before):
            lines += self._rule(day(item.at, self.now, self.zone), "faint")
            before = None
        if look.is_new:
            lines += self._rule(_("new"), "warm")
            before = None
        if isinstance(item, Activity):
            return lines + self._activity(item, before)
        bubble = self.bubble(item, before, look.mark)
        if look.is_selected:
            bubble = self._selected(bubble, is_named=not self.continues(item, before))
        return lines + bubble

    # --- Small lines ---

    def _begins_day(self, item: Item, before: Item | None) -> bool:
        """Whether a day mark stands above. What waits to be sent says its day itself."""
        if isinstance(item, Bubble) and item.state == "scheduled":
            return False
        return before is None or moment(before.at, self.zone).date() != moment(item.at, self.zone).date()

    def _rule(self, title: str, colour: str) -> list[Strip]:
        """A line across with a word in it: a day, or where the new begins."""
        label = f" {title} "
        line = self.palette.style("line" if colour == "faint" else colour, "paper")
        room = max(self.width - 6 - cell_len(label), 0)
        pieces = [
            Segment("─" * (room // 2), line),
            Segment(label, self.palette.style(colour, "paper")),
            Segment("─" * (room - room // 2), line),
        ]
        return [self.blank(), self.placed(pieces, "centre")]

    def _selected(self, lines: list[Strip], *, is_named: bool) -> list[Strip]:
        """The lines of a bubble on another ground, with a bar at their left."""
        paper = self.palette.style("text", "paper").bgcolor
        ground = self.palette.style("text", "cursor_away")
        bar = Segment("▌", self.palette.style("accent", "cursor_away"))
        made: list[Strip] = []
        for number, strip in enumerate(lines):
            if is_named and not number:
                made.append(strip)  # the empty line above the name
                continue
            pieces = [
                Segment(text, style + Style(bgcolor=ground.bgcolor))
                if style is not None and style.bgcolor == paper
                else Segment(text, style)
                for text, style, _control in strip.crop(1, self.width)
            ]
            made.append(Strip([bar, *pieces], self.width))
        return made

    def _activity(self, item: Activity, before: Item | None) -> list[Strip]:
        soft, faint = self.palette.style("soft", "paper"), self.palette.style("faint", "paper")
        words = " · ".join(self._said(said) for said in item.said)
        who = str(self.author_name(item.who)) if item.who.kind == "operator" and not item.is_start else ""
        text = words[:1].upper() + words[1:] + (f" · {who}" if who else "")
        time = f" · {clock(item.at, self.zone)}"
        if item.is_start and self.is_history:
            return self._rule(cut(text, max(self.width - 10 - cell_len(time), 10)) + time, "soft")
        texts = wrap(text, max(self.width - 4 - cell_len(time), 10))[:4]
        texts[-1] += time
        style = soft if item.is_start else faint
        lines = [self.placed([Segment(line, style)], "centre") for line in texts]
        return lines if isinstance(before, Activity) else [self.blank(), *lines]

    def _said(self, said: Said) -> str:
        title = self.titles(said.what) if said.is_scenario else ""
        return said.text.format(
            who=safe_line(self.names.get(said.who, said.who), 120),
            what=safe_line(title or said.what, 120),
            when=coming(said.when, self.now, self.zone) if said.when else "",
        )
