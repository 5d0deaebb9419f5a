"""Feed items as lines of cells: bubbles, answer chips, activity lines, day marks. Pure: no widget, no
clock.

The visitor stands on the left; operators and the bot, who speak for the shop, on the right, each in his
colour. A note has a ground of its own over its whole width. The last columns belong to the marks: ✓
delivered, ✓✓ seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.feed import Activity, Bubble, Item
from operator_console.inbox.times import MINUTE, clock, day, moment
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette
from operator_console.visitor_names import Called, called
from server_stub.protocol import MAX_MESSAGE_CHARS, Author, FileRef

GROUP_WITHIN = 5 * MINUTE
"""Messages of one author so close to each other stand under one name."""
MARK_CELLS = 4
"""Columns at the right edge for ✓✓."""
WIDEST_BUBBLE = 84

LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\ufffd]+[^\s<>\"'`{}|\\^\ufffd.,;:!?()\[\]]")

_COLOURS = {"visitor": "visitor", "operator": "operator", "bot": "bot", "system": "faint"}
_GROUNDS = {
    "visitor": "bubble_visitor",
    "operator": "bubble_operator",
    "bot": "bubble_bot",
    "system": "raised",
}


@dataclass(frozen=True, slots=True)
class FeedPainter:
    """Paints items at one width. `names` gives operators' names by id; `me` is the operator at this
    console; `visitor` is what the visitor is called now.
    """

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    me: str
    names: Mapping[str, str]
    visitor: Called | None = None

    def paint(self, item: Item, before: Item | None, mark: str) -> list[Strip]:
        """The lines of an item that stands behind `before`. `mark`: delivered, seen, or nothing."""
        lines: list[Strip] = []
        if before is None or moment(before.at, self.zone).date() != moment(item.at, self.zone).date():
            lines += self._day_mark(item)
            before = None
        if isinstance(item, Activity):
            return lines + self._activity(item, before)
        return lines + self._bubble(item, before, mark)

    # --- Small lines ---

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.width, self.palette.style("text", "paper"))

    def _day_mark(self, item: Item) -> list[Strip]:
        label = f" {day(item.at, self.now, self.zone)} "
        rule = "─" * max((self.width - cell_len(label)) // 2 - 3, 0)
        pieces = [
            Segment(rule, self.palette.style("line", "paper")),
            Segment(label, self.palette.style("faint", "paper")),
            Segment(rule, self.palette.style("line", "paper")),
        ]
        return [self.blank(), self._placed(pieces, "centre")]

    def _activity(self, item: Activity, before: Item | None) -> list[Strip]:
        soft, faint = self.palette.style("soft", "paper"), self.palette.style("faint", "paper")
        quoted = [self._quoted(text) for text in item.quoted]
        words = _joined([item.text, *quoted] if item.text else quoted)
        who = str(self.author_name(item.who)) if item.who.kind == "operator" and not item.is_start else ""
        text = words + (f" · {who}" if who else "")
        time = f" · {clock(item.at, self.zone)}"
        texts = wrap(text, max(self.width - 4 - cell_len(time), 10))[:4]
        texts[-1] += time
        style = soft if item.is_start else faint
        lines = [self._placed([Segment(line, style)], "centre") for line in texts]
        return lines if isinstance(before, Activity) else [self.blank(), *lines]

    def _quoted(self, text: str) -> str:
        return safe_line(self.names.get(text, text), 80)

    def author_name(self, author: Author) -> Called:
        """A cleaned name to show: You, the operator's, the scenario's, what the visitor is called now."""
        if author.kind == "visitor":
            return self.visitor or called(author.name, author.id)
        if author.kind == "operator" and author.id == self.me:
            return Called("You")
        known = self.names.get(author.id, "") if author.kind == "operator" else ""
        return Called(safe_line(known or author.name, 60) or author.kind.capitalize())

    # --- Bubbles ---

    def _bubble(self, bubble: Bubble, before: Item | None, mark: str) -> list[Strip]:
        message = bubble.message
        kind = message.author.kind
        ground = "bubble_note" if message.note else _GROUNDS[kind]
        side = "left" if kind == "visitor" else "right"
        lines: list[Strip] = []
        if not self._continues(bubble, before):
            lines += [self.blank(), self._name_line(bubble, side)]
        body = self._body(bubble, ground)
        inner = max((cell_len_of(line) for line in body), default=1)
        filler = self.palette.style("text", ground)
        for number, line in enumerate(body):
            room = inner - cell_len_of(line)
            pieces = [Segment(" ", filler), *line, Segment(" " * (room + 1), filler)]
            is_last = number == len(body) - 1
            lines.append(self._placed(pieces, side, self._mark(bubble, mark) if is_last else ""))
        lines += self._chips(bubble, side)
        if bubble.state == "refused":
            lines += self._refusal(bubble)
        return lines

    def _continues(self, bubble: Bubble, before: Item | None) -> bool:
        return (
            isinstance(before, Bubble)
            and before.message.author == bubble.message.author
            and before.message.note == bubble.message.note
            and before.message.dialog == bubble.message.dialog
            and not before.message.options
            and bubble.at - before.at < GROUP_WITHIN
        )

    def _name_line(self, bubble: Bubble, side: str) -> Strip:
        message = bubble.message
        colour = "note" if message.note else _COLOURS[message.author.kind]
        author = self.author_name(message.author)
        name = cut(author.name, max(self.width - 24, 8))
        mark = f" {author.mark}" if author.mark else ""
        what = (" · note, only operators see it" if self.width > 56 else " · note") if message.note else ""
        sending = " · sending…" if bubble.state == "sending" else ""
        pieces = [
            Segment(name, self.palette.style(colour, "paper", bold=True)),
            Segment(
                f"{mark}{what} · {clock(bubble.at, self.zone)}{sending}", self.palette.style("faint", "paper")
            ),
        ]
        return self._placed(pieces, side)

    def _body(self, bubble: Bubble, ground: str) -> list[list[Segment]]:
        message = bubble.message
        room = max(min(WIDEST_BUBBLE, (self.width - MARK_CELLS) * 4 // 5) - 2, 8)
        colour = "soft" if bubble.state == "sending" else "text"
        lines: list[list[Segment]] = []
        if message.image:
            lines += self._linked_line("▣ picture", message.image, ground, room)
        if message.text:
            text = safe_text(message.text, limit=MAX_MESSAGE_CHARS, multiline=True).strip("\n")
            lines += with_links(
                text, wrap(text, room), self.palette.style(colour, ground), self._link(ground)
            )
        for file in message.files:
            lines.append(self._file_line(file, ground, room))
        for button in message.buttons:
            lines += self._linked_line(f"↗ {safe_line(button.label, 80)}", button.link, ground, room)
        return lines or [[Segment("(empty)", self.palette.style("faint", ground))]]

    def _link(self, ground: str) -> Callable[[str], Style]:
        base = self.palette.style("accent", ground, underline=True)
        return lambda url: base + Style(link=url, meta={"open_link": url})

    def _linked_line(self, label: str, url: str, ground: str, room: int) -> list[list[Segment]]:
        clean = safe_line(url, 2000)
        style = self._link(ground)(clean) if LINK.fullmatch(clean) else self.palette.style("soft", ground)
        return [[Segment(cut(label, room), style)]]

    def _file_line(self, file: FileRef, ground: str, room: int) -> list[Segment]:
        size = f"  {size_text(file.size)}"
        name = cut(safe_line(file.name, 200) or "file", max(room - cell_len(size) - 2, 4))
        opened = Style(meta={"open_file": file.id})
        return [
            Segment("⬇ ", self.palette.style("accent", ground) + opened),
            Segment(name, self.palette.style("accent", ground, underline=True) + opened),
            Segment(size, self.palette.style("faint", ground)),
        ]

    def _mark(self, bubble: Bubble, mark: str) -> str:
        if bubble.message.author.kind not in ("operator", "bot") or bubble.message.note:
            return ""
        if bubble.state == "sending":
            return "…"
        if bubble.state == "refused":
            return "✗"
        return {"seen": "✓✓", "delivered": "✓"}.get(mark, "")

    def _chips(self, bubble: Bubble, side: str) -> list[Strip]:
        """Answer options; the one that was taken has a tick and the visitor's colour."""
        message = bubble.message
        rows: list[list[Segment]] = [[]]
        used, room = 0, max(self.width - MARK_CELLS - 4, 8)
        for option in message.options:
            taken = option.id == message.chosen
            label = cut(safe_line(option.label, 80) or option.id[:20], room - 4)
            chip = f" ✓ {label} " if taken else f" {label} "
            if used and used + cell_len(chip) + 1 > room:
                rows.append([])
                used = 0
            if rows[-1]:
                rows[-1].append(Segment(" ", self.palette.style("text", "paper")))
            style = (
                self.palette.style("on_accent", "visitor", bold=True)
                if taken
                else self.palette.style("faint" if message.chosen or message.closed else "text", "raised")
            )
            rows[-1].append(Segment(chip, style))
            used += cell_len(chip) + 1
        return [self._placed(row, side) for row in rows if row]

    def _refusal(self, bubble: Bubble) -> list[Strip]:
        reason = safe_line(bubble.reason, 300) or "The server did not take it."
        again = {"take_back": bubble.message.client_id}
        strips = [
            self._placed([Segment(line, self.palette.style("hot", "paper"))], "right")
            for line in wrap(f"Not sent: {reason}", max(self.width - MARK_CELLS - 4, 10))
        ]
        back = self.palette.style("accent", "paper", underline=True) + Style(meta=again)
        return [*strips, self._placed([Segment("take the text back", back)], "right")]

    def _placed(self, pieces: list[Segment], side: str, mark: str = "") -> Strip:
        """Pieces at the left, in the centre or at the right of a line, with a mark behind."""
        paper = self.palette.style("text", "paper")
        used = sum(cell_len(piece.text) for piece in pieces)
        if side == "left":
            left = 2
        elif side == "centre":
            left = max((self.width - used) // 2, 0)
        else:
            left = max(self.width - MARK_CELLS - used, 0)
        line = [Segment(" " * left, paper), *pieces]
        if mark:
            style = self.palette.style({"✓✓": "good", "✗": "hot"}.get(mark, "faint"), "paper")
            line.append(Segment(f" {mark}", style))
        return Strip(line).adjust_cell_length(self.width, paper)


_LEADS = ("Dialog opened by the scenario", "team", "assigned to", "tagged", "untagged")
"""Words that belong to the one behind them, without a dot between."""


def _joined(parts: list[str]) -> str:
    text = ""
    for number, part in enumerate(parts):
        glue = "" if not number else " " if parts[number - 1] in _LEADS else " · "
        text += glue + part
    return text[:1].upper() + text[1:]


def cell_len_of(line: list[Segment]) -> int:
    """Cells of a line of segments."""
    return sum(cell_len(piece.text) for piece in line)


def with_links(
    text: str, lines: list[str], plain: Style, link: Callable[[str], Style]
) -> list[list[Segment]]:
    """The wrapped `lines` of `text` with its links styled, also where one runs over several lines."""
    if "://" not in text:
        return [[Segment(line, plain)] for line in lines]
    spans = [(found.start(), found.end(), found.group()) for found in LINK.finditer(text)]
    styled: list[list[Segment]] = []
    at = 0
    for line in lines:
        begin = text.find(line, at)
        begin = at if begin < 0 else begin
        end = at = begin + len(line)
        pieces: list[Segment] = []
        done = begin
        for start, stop, url in spans:
            first, last = max(start, begin), min(stop, end)
            if first < last:
                if first > done:
                    pieces.append(Segment(text[done:first], plain))
                pieces.append(Segment(text[first:last], link(url)))
                done = last
        if done < end or not pieces:
            pieces.append(Segment(text[done:end], plain))
        styled.append(pieces)
    return styled


def size_text(size: int) -> str:
    """Bytes as people read them."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
