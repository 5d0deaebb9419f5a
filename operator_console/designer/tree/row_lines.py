"""How a row of the tree looks: its depth, what folds, its words in the colours of what they are, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.outline.rows import Row
from operator_console.designer.outline.words import Role
from operator_console.inbox.cells import cut
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _

RowState: TypeAlias = Literal["", "cursor", "away", "hover"]
Played: TypeAlias = Literal["", "stands", "walked"]

INDENT = 2
"""Cells a level; from `DEEPEST` on rows stand below each other, so that words stay on the screen."""
DEEPEST = 12
PLAYED: dict[Played, tuple[str, str]] = {"": (" ", "text"), "stands": ("▶", "good"), "walked": ("·", "faint")}
"""In the first cell of a row: the played run stands there, or came by."""
_COLOURS: dict[Role, str] = {
    "plain": "soft",
    "strong": "text",
    "value": "accent",
    "soft": "faint",
    "quote": "text",
    "jump": "bot",
    "bad": "hot",
}
GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}
_SPEAKS = frozenset({"say", "ask", "popup", "email", "push", "message", "file", "product_list"})
_WAITS = frozenset({"wait", "wait_for"})
_LEADS = frozenset({"if", "choose", "split", "jump", "call", "start", "stop", "close"})
_WAYS = frozenset({"branch", "option", "case", "variant"})
_HEAD = frozenset({"head", "trigger", "audience", "exit", "goal", "condition", "steps", "block", "broken"})


@dataclass(frozen=True, slots=True)
class TreePainter:
    """Paints at one width, in cells."""

    palette: Palette
    width: int

    def paint(
        self,
        row: Row,
        state: RowState,
        *,
        is_folded: bool,
        hidden: int = 0,
        is_found: bool = False,
        played: Played = "",
    ) -> Strip:
        """One line. `hidden` rows are folded away below it; `is_found`: a search has it."""
        ground = GROUNDS[state]
        palette = self.palette
        mark_played, colour_played = PLAYED[played]
        lead = " " * (INDENT * min(row.depth, DEEPEST))
        fold = "▸ " if is_folded else "▾ " if row.can_fold else "  "
        mark, colour = _mark(row)
        right = self._right(row, hidden, ground)
        room = (
            self.width
            - 1
            - cell_len(lead)
            - 2
            - cell_len(mark)
            - sum(cell_len(one.text) for one in right)
            - 1
        )
        segments = [
            Segment(mark_played, palette.style(colour_played, ground)),
            Segment(lead, palette.style("warm" if is_found else "text", ground)),
            Segment(fold, palette.style("faint", ground)),
            Segment(mark, palette.style(colour, ground)),
        ]
        segments += self._words(row, max(room, 0), ground, is_found=is_found)
        used = sum(cell_len(one.text) for one in segments) + sum(cell_len(one.text) for one in right)
        segments.append(Segment(" " * max(self.width - used, 0), palette.style("text", ground)))
        return Strip(segments + right).adjust_cell_length(self.width, palette.style("text", ground))

    def _words(self, row: Row, room: int, ground: str, *, is_found: bool) -> list[Segment]:
        segments = []
        for text, role in row.words:
            if room <= 0:
                break
            shown = cut(text, room)
            room -= cell_len(shown)
            colour = "faint" if not row.enabled else _COLOURS[role]
            is_bold = role == "strong" and row.kind in _HEAD
            style = self.palette.style(colour, ground, bold=is_bold, underline=is_found and role != "plain")
            segments.append(Segment(shown, style))
        if row.comment and room > 6:
            comment = cut(f"   # {safe_line(row.comment, 200)}", room)
            segments.append(Segment(comment, self.palette.style("note", ground)))
        return segments

    def _right(self, row: Row, hidden: int, ground: str) -> list[Segment]:
        pieces = []
        if hidden:
            pieces.append((f" … {hidden}", "faint"))
        if not row.enabled:
            pieces.append((f"  {_('switched off')}", "faint"))
        errors = sum(problem.severity == "error" for problem in row.problems)
        if errors:
            pieces.append((f"  ✗ {errors}", "hot"))
        if warnings := len(row.problems) - errors:
            pieces.append((f"  ! {warnings}", "warm"))
        return [
            Segment(text, self.palette.style(colour, ground)) for text, colour in [*pieces, (" ", "text")]
        ]


def _mark(row: Row) -> tuple[str, str]:
    if row.kind in _WAYS:
        return "→ ", "faint"
    if row.kind in _HEAD:
        return "", "text"
    if row.kind in _SPEAKS:
        return "● ", "bot"
    if row.kind in _WAITS:
        return "◷ ", "warm"
    return ("◆ ", "accent") if row.kind in _LEADS else ("■ ", "good")
