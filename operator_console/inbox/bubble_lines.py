"""Messages and notes as bubbles of cells. Pure: no widget, no clock.

The visitor stands on the left; operators and the bot, who speak for the shop, on the right, each in his
colour. A note has a ground of its own. The last columns belong to the marks: ✓ delivered, ✓✓ seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.event_words import untitled
from operator_console.inbox.feed import Bubble, Item
from operator_console.inbox.pictures import Thumbnail
from operator_console.inbox.text_spans import LINK, Span, calls_in, links_in, styled
from operator_console.inbox.times import MINUTE, clock, coming
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette
from operator_console.translation import _, figure, marked
from operator_console.visitor_names import Called, called
from server_stub.protocol import MAX_MESSAGE_CHARS, Author, FileRef

GROUP_WITHIN = 5 * MINUTE
"""Messages of one author so close to each other stand under one name."""
MARK_CELLS = 4
"""Columns at the right edge for ✓✓."""
WIDEST_BUBBLE = 84

_KINDS = {
    "visitor": marked("Visitor"),
    "operator": marked("Operator"),
    "bot": marked("Bot"),
    "system": marked("System"),
}
_COLOURS = {"visitor": "visitor", "operator": "operator", "bot": "bot", "system": "faint"}
_GROUNDS = {
    "visitor": "bubble_visitor",
    "operator": "bubble_operator",
    "bot": "bubble_bot",
    "system": "raised",
}


@dataclass(frozen=True, slots=True)
class BubblePainter:
    """Paints items at one width. `names` gives operators' names by id; `me` is the operator at this
    console; `visitor` is what the visitor is called now; `pictures` are by the file's id.
    """

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    me: str
    names: Mapping[str, str]
    visitor: Called | None = None
    pictures: Mapping[str, Thumbnail | None] = field(default_factory=dict)
    is_history: bool = False
    """Several dialogs, each set off from the one before."""
    titles: Callable[[str], str] = untitled
    """What a scenario is called."""

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.width, self.palette.style("text", "paper"))

    def author_name(self, author: Author) -> Called:
        """A cleaned name to show: You, the operator's, the scenario's, what the visitor is called now."""
        if author.kind == "visitor":
            return self.visitor or called(author.name, author.id)
        if author.kind == "operator" and author.id == self.me:
            return Called(_("You"))
        known = self.names.get(author.id, "") if author.kind == "operator" else ""
        return Called(safe_line(known or author.name, 60) or _(_KINDS[author.kind]))

    def bubble(self, bubble: Bubble, before: Item | None, mark: str) -> list[Strip]:
        """The lines of a message: an empty one and the name, where another one spoke before; then what it says."""
        message = bubble.message
        kind = message.author.kind
        ground = "paper" if message.deleted else "bubble_note" if message.note else _GROUNDS[kind]
        side = "left" if kind == "visitor" else "right"
        lines: list[Strip] = []
        if not self.continues(bubble, before):
            lines += [self.blank(), self._name_line(bubble, side)]
        body = self._body(bubble, ground)
        inner = max((cell_len_of(line) for line in body), default=1)
        filler = self.palette.style("text", ground)
        for number, line in enumerate(body):
            room = inner - cell_len_of(line)
            pieces = [Segment(" ", filler), *line, Segment(" " * (room + 1), filler)]
            is_last = number == len(body) - 1
            lines.append(self.placed(pieces, side, self._mark(bubble, mark) if is_last else ""))
        lines += self._chips(bubble, side)
        if bubble.state == "refused":
            lines += self._refusal(bubble)
        elif bubble.state == "held":
            lines.append(self._held_line(bubble))
        return lines

    def continues(self, bubble: Bubble, before: Item | None) -> bool:
        """Whether the message stands under the name of the one before."""
        return (
            isinstance(before, Bubble)
            and "scheduled" not in (before.state, bubble.state)
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
        words = [_("note, only operators see it") if self.width > 56 else _("note")] if message.note else []
        if bubble.state == "scheduled":
            words.append(_("goes out {when}").format(when=coming(bubble.at, self.now, self.zone)))
        else:
            words.append(clock(bubble.at, self.zone))
        if bubble.state == "sending":
            words.append(_("sending…"))
        style = self.palette.style("warm" if bubble.state == "scheduled" else "faint", "paper")
        said = "".join(f" · {word}" for word in words)
        return self.placed(
            [Segment(name, self.palette.style(colour, "paper", bold=True)), Segment(f"{mark}{said}", style)],
            side,
        )

    def _body(self, bubble: Bubble, ground: str) -> list[list[Segment]]:
        message = bubble.message
        room = max(min(WIDEST_BUBBLE, (self.width - MARK_CELLS) * 4 // 5) - 2, 8)
        if message.deleted:
            return [[Segment(_("deleted"), self.palette.style("faint", ground, italic=True))]]
        lines: list[list[Segment]] = []
        if message.image:
            lines += self._linked_line(_("▣ picture"), message.image, ground, room)
        if message.text:
            lines += self._text(bubble, ground, room)
        for file in message.files:
            lines += self._picture(file, room)
            lines.append(self._file_line(file, ground, room))
        for button in message.buttons:
            lines += self._linked_line(f"↗ {safe_line(button.label, 80)}", button.link, ground, room)
        if not lines:
            lines = [[Segment(_("(empty)"), self.palette.style("faint", ground))]]
        return self._with_edit_mark(lines, ground, room) if message.edited_at else lines

    def _text(self, bubble: Bubble, ground: str, room: int) -> list[list[Segment]]:
        message = bubble.message
        colour = "soft" if bubble.state in ("held", "sending", "scheduled") else "text"
        text = safe_text(message.text, limit=MAX_MESSAGE_CHARS, multiline=True).strip("\n")
        spans = [*links_in(text, self._link(ground)), *self._calls(bubble, text, ground)]
        return styled(text, wrap(text, room), self.palette.style(colour, ground), spans)

    def _calls(self, bubble: Bubble, text: str, ground: str) -> list[Span]:
        """Where a note calls colleagues; the operator at this console more loudly."""
        looks = []
        for operator in bubble.message.mentions:
            is_me = operator == self.me
            look = (
                self.palette.style("on_accent", "warm", bold=True)
                if is_me
                else self.palette.style("accent", ground, bold=True)
            )
            looks.append((safe_line(self.names.get(operator, ""), 120), look))
        return calls_in(text, looks) if looks else []

    def _with_edit_mark(self, lines: list[list[Segment]], ground: str, room: int) -> list[list[Segment]]:
        mark = Segment(_("edited"), self.palette.style("soft", ground, italic=True))
        gap = Segment("  ", self.palette.style("soft", ground))
        if cell_len_of([*lines[-1], gap, mark]) <= room:
            return [*lines[:-1], [*lines[-1], gap, mark]]
        return [*lines, [mark]]

    def _picture(self, file: FileRef, room: int) -> list[list[Segment]]:
        """A small picture of a picture, where one has been made."""
        thumbnail = self.pictures.get(file.id)
        return list(thumbnail.lines) if thumbnail is not None and thumbnail.width <= room else []

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
        message = bubble.message
        if message.author.kind not in ("operator", "bot") or message.note or message.deleted:
            return ""
        if bubble.state in ("held", "sending"):
            return "…"
        if bubble.state == "refused":
            return "✗"
        if bubble.state == "scheduled":
            return "◷"
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
        return [self.placed(row, side) for row in rows if row]

    def _refusal(self, bubble: Bubble) -> list[Strip]:
        reason = safe_line(bubble.reason, 300) or _("The server did not take it.")
        again = {"take_back": bubble.message.client_id}
        strips = [
            self.placed([Segment(line, self.palette.style("hot", "paper"))], "right")
            for line in wrap(
                _("Not sent: {reason}").format(reason=reason), max(self.width - MARK_CELLS - 4, 10)
            )
        ]
        link, plain = (
            self.palette.style("accent", "paper", underline=True),
            self.palette.style("faint", "paper"),
        )
        offers = [Segment(_("take the text back"), link + Style(meta=again))]
        if bubble.may_go_anyway:
            anyway = link + Style(meta={"send_anyway": bubble.message.client_id})
            offers += [Segment(" · ", plain), Segment(_("send it anyway"), anyway)]
        return [*strips, self.placed([*offers, Segment("  b", plain)], "right")]

    def _held_line(self, bubble: Bubble) -> Strip:
        """Until when the message can be taken back, and by which key."""
        link = self.palette.style("accent", "paper", underline=True)
        back = link + Style(meta={"take_back": bubble.message.client_id})
        pieces = [
            Segment(f"{bubble.reason} · ", self.palette.style("warm", "paper")),
            Segment(_("Z takes it back"), back),
        ]
        return self.placed(pieces, "right")

    def placed(self, pieces: list[Segment], side: str, mark: str = "") -> Strip:
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


def cell_len_of(line: list[Segment]) -> int:
    """Cells of a line of segments."""
    return sum(cell_len(piece.text) for piece in line)


def size_text(size: int) -> str:
    """Bytes as people read them."""
    if size < 1024:
        return _("{size} B").format(size=size)
    if size < 1024 * 1024:
        return _("{size} KB").format(size=f"{size / 1024:.0f}")
    return _("{size} MB").format(size=figure(size / 1024 / 1024, 1))
