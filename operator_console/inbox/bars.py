"""The narrow widgets around the panes: state bar, dialog header, typing line and key hints.

Each is a line or two of cells with places that can be clicked; a click asks for the same action as the key.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from operator_console.actions import ACTIONS, Action, Place, Screenwide, hints, keys_of, shown_key
from operator_console.inbox.cells import cut
from operator_console.inbox.whole_lines import WholeLines
from operator_console.safe_text import safe_line
from operator_console.themes import Palette, palette_of
from operator_console.translation import _, counted
from operator_console.visitor_names import Called

Piece: TypeAlias = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]
"""Text, colour, ground ("" for the bar's own), action at a click."""


ALWAYS = ("desk.help", "desk.palette")
"""Hints that stand at the right, however narrow it is."""


class Bar(WholeLines, Widget):
    """Lines of pieces, given by `rows`; the first of a row's two groups stands left, the second right."""

    GROUND = "ground"

    @dataclass
    class Pressed(Message):
        """A place was clicked: run this action."""

        run: str

    @abstractmethod
    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        """The lines to show, left and right."""

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        palette = palette_of(self.app.theme)
        rows = self.rows(width)
        blank = palette.style("text", self.GROUND)
        if y >= len(rows):
            return Strip.blank(width, blank)
        left, right = rows[y]
        right_cells = sum(cell_len(piece[0]) for piece in right)
        if right_cells > width // 2 and left:
            right, right_cells = [], 0
        line = self._fitted(left, width - right_cells, palette)
        used = sum(cell_len(segment.text) for segment in line)
        line.append(Segment(" " * max(width - used - right_cells, 0), blank))
        line += self._fitted(right, right_cells, palette)
        return Strip(line).adjust_cell_length(width, blank)

    def _fitted(self, pieces: list[Piece], room: int, palette: Palette) -> list[Segment]:
        line: list[Segment] = []
        for piece in pieces:
            text = cut(piece[0], room)
            room -= cell_len(text)
            line.append(Segment(text, self._style(piece, palette)))
            if room <= 0:
                break
        return line

    def _style(self, piece: Piece, palette: Palette) -> Style:
        colour, is_bold = piece[1].removesuffix("!"), piece[1].endswith("!")
        ground = piece[2] if len(piece) > 2 and piece[2] else self.GROUND
        style = palette.style(colour, ground, bold=is_bold)
        return style + Style(meta={"run": piece[3]}) if len(piece) > 3 else style

    def on_click(self, event: events.Click) -> None:
        if run := event.style.meta.get("run"):
            event.stop()
            self.post_message(self.Pressed(run))


ROOMY = 70
"""Cells from which the state bar tells more than what must be known."""


ROOM_FOR_ADDRESS = 100
"""Columns from which on the top line also names the shop's address."""


class StateBar(Bar):
    """The top line: shop, operator, who waits; or that the connection is lost."""

    GROUND = "raised"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.site = ""
        self.site_url = ""
        self.operator = ""
        self.trouble = ""
        """What is wrong, raw; empty when nothing is. It takes the whole line."""
        self.trouble_kind = "hot"
        self.waiting = 0
        self.waiting_longest = ""
        self.open = 0
        self.broken = 0
        self.unsent = 0
        self.refused = 0
        self.note = ""
        self.is_away = False

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        if self.trouble:
            ground = self.trouble_kind
            colour = "on_hot" if ground == "hot" else "on_accent"
            text = f" {safe_line(self.trouble, 400)}"
            fill = " " * max(width - cell_len(text) - 14, 0)
            again: list[Piece] = (
                [(f" ^R {_('try now')} ", f"{colour}!", ground, "connect")] if width > ROOMY else []
            )
            return [([(text, f"{colour}!", ground), (fill, colour, ground)], again)]
        left: list[Piece] = [(f" {safe_line(self.site, 60) or _('Sales desk')} ", "text!"), (" ", "text")]
        if self.waiting:
            people = counted("{count} waiting", "{count} waiting", self.waiting)
            has_room = width >= ROOMY and self.waiting_longest
            longest = _(", longest {span}").format(span=self.waiting_longest) if has_room else ""
            left.append((f" {people}{longest} ", "on_accent!", "warm", "next"))
        else:
            left.append((_("nobody waits"), "soft"))
        if self.broken:
            files = counted(
                "{count} scenario file has errors", "{count} scenario files have errors", self.broken
            )
            left += [("  ", "text"), (f" {files} · P ", "on_hot!", "hot", "problems")]
        if self.unsent:
            left.append((f"   {counted('{count} on the way', '{count} on the way', self.unsent)}", "soft"))
        if self.refused:
            left.append((f"   {counted('{count} not sent', '{count} not sent', self.refused)}", "hot!"))
        if self.note:
            left.append((f"   {self.note}", "soft"))
        right: list[Piece] = []
        if self.site_url and width >= ROOM_FOR_ADDRESS:
            right += [(f" {safe_line(self.site_url, 60)}", "soft"), ("  · ", "faint")]
        right += [(f" {counted('{count:,} open', '{count:,} open', self.open)}", "soft"), ("  ·  ", "faint")]
        right.append((f"{safe_line(self.operator, 40)} ", "text"))
        if self.is_away:
            right.append((f" {_('away')} ", "on_accent!", "warm", "away"))
        return [(left, right)]


MOST_LOOKERS = 4


@dataclass(frozen=True, slots=True)
class Looker:
    """A colleague who has the dialog on his screen. `name` is raw."""

    name: str
    writes: bool = False


def initials(name: str) -> str:
    """Of a cleaned name: AL for Ann Lee, An for Ann."""
    words = name.split()
    return (words[0][:1] + words[-1][:1]).upper() if len(words) > 1 else name[:2]


class DialogHeader(Bar):
    """Who this conversation is with, how it stands, and its tags."""

    GROUND = "paper"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.who: Called | None = None
        self.online = False
        self.waits = ""
        self.is_hot = False
        self.facts: tuple[str, ...] = ()
        self.tags: tuple[str, ...] = ()
        self.is_history = False
        self.lookers: tuple[Looker, ...] = ()
        """Colleagues who have this dialog on their screen."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        if self.who is None:
            return []
        first: list[Piece] = [
            (" ● " if self.online else " ○ ", "good" if self.online else "faint", "", "card")
        ]
        first.append((self.who.name, "text!", "", "full_card"))
        if self.who.mark:
            first.append((f" {self.who.mark}", "faint", "", "full_card"))
        right = self._lookers(width)
        if self.waits:
            right += [
                (
                    _(" waits {span} ").format(span=self.waits),
                    "on_hot!" if self.is_hot else "on_accent!",
                    "hot" if self.is_hot else "warm",
                ),
                (" ", "text"),
            ]
        second: list[Piece] = [("   " + " · ".join(safe_line(fact, 60) for fact in self.facts), "soft")]
        for tag in self.tags[:8]:
            second += [(" ", "soft"), (f" {cut(safe_line(tag, 40), 16)} ", "soft", "raised", "tags")]
        mode: list[Piece] = (
            [(_(" all dialogs ✕ "), "accent!", "raised", "history"), (" ", "text")] if self.is_history else []
        )
        return [(first, right), (second, mode), ([("─" * width, "line")], [])]

    def _lookers(self, width: int) -> list[Piece]:
        """Who else is here, by initials; by name where there is room. Whoever writes stands out."""
        pieces: list[Piece] = []
        for looker in self.lookers[:MOST_LOOKERS]:
            name = safe_line(looker.name, 40)
            told = name if width >= ROOMY and len(self.lookers) == 1 else initials(name)
            if looker.writes:
                pieces += [(f" {told} ✎ ", "on_accent!", "accent"), (" ", "text")]
            else:
                pieces += [(f" {told} ", "operator", "raised"), (" ", "text")]
        if len(self.lookers) > MOST_LOOKERS:
            pieces.append((f"+{len(self.lookers) - MOST_LOOKERS} ", "soft"))
        return pieces


class TypingLine(Bar):
    """Who is writing, or what came in below."""

    GROUND = "paper"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.who = ""
        self.text = ""
        self.below = 0
        self.selected: tuple[str, ...] = ()
        """Ids of what can be done with the selected message."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        left: list[Piece] = [("", "text")] if width else []
        if self.who:
            left.append((_("  {name} is writing… ").format(name=safe_line(self.who, 60)), "visitor"))
            if self.text:
                left.append((safe_line(self.text, 300), "soft"))
        elif self.selected:
            known = {action.id: action for action in ACTIONS}
            left += [(" ", "text"), *_hint_pieces([known[name] for name in self.selected])]
        right: list[Piece] = []
        if self.below:
            below = _(" ↓ {count} new · G ").format(count=self.below)
            right = [(below, "on_accent!", "accent", "feed_end"), (" ", "text")]
        return [(left, right)]


class HintBar(Bar):
    """The footer: the keys that matter where the focus is."""

    GROUND = "raised"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.place: Place = "inbox"
        self.screen_place: Screenwide = "inbox"
        self.read_only = False

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        actions = hints(self.place, screen=self.screen_place, read_only=self.read_only)
        always = [action for action in actions if action.id in ALWAYS]
        right = _hint_pieces(always)
        room = width - 1 - sum(cell_len(piece[0]) for piece in right)
        return [(_hint_pieces(self._fitting(actions, room)), right)]

    def _fitting(self, actions: list[Action], room: int) -> list[Action]:
        shown: list[Action] = []
        for action in actions:
            if action.id in ALWAYS:
                continue
            room -= cell_len(shown_key(keys_of(action)[0])) + cell_len(_(action.title)) + 3
            if room < 0:
                break
            shown.append(action)
        return shown


def _hint_pieces(actions: list[Action]) -> list[Piece]:
    pieces: list[Piece] = []
    for action in actions:
        pieces.append((f" {shown_key(keys_of(action)[0])} ", "accent!", "", action.run))
        pieces.append((f"{_(action.title).lower()} ", "soft", "", action.run))
    return pieces


def compact(count: int) -> str:
    """A count in at most four cells: 7, 999, 12k."""
    return (
        str(count)
        if count < 1_000
        else f"{count // 1_000}k"
        if count < 1_000_000
        else f"{count // 1_000_000}M"
    )
