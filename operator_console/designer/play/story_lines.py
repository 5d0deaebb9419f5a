"""The story of a session as lines of cells: the chat in its window, the pop-up that is open as large as it is, letters,
and between them what was done and decided. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.look.painter import LookPainter
from operator_console.designer.look.views import ChatLook, PopupLook
from operator_console.designer.play.screen_view import ScreenView, Shown
from operator_console.inbox.cells import Run, wrap_runs
from operator_console.inbox.times import moment, zone_named
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, marked, said

WIDEST = 110
MARKS = {
    "done": ("›", "visitor"),
    "behind": ("·", "faint"),
    "step": ("·", "faint"),
    "decided": ("◆", "accent"),
}
"""Before what is told in words, by where it belongs: a mark and its colour."""
DAYS = (
    marked("Mon", "a day"),
    marked("Tue", "a day"),
    marked("Wed", "a day"),
    marked("Thu", "a day"),
    marked("Fri", "a day"),
    marked("Sat", "a day"),
    marked("Sun", "a day"),
)


@dataclass(frozen=True, slots=True)
class StoryPainter:
    """Paints in `width` cells. `shop` is what the shop is called; `shown` writes a moment in the project's time."""

    palette: Palette
    width: int
    shop: str
    zone: str = "UTC"
    with_steps: bool = False
    """Whether what was decided at each step is told, too."""
    with_page: bool = False
    """Whether the pop-up on the screen is shown as it stands on a page."""

    def paint(self, view: ScreenView) -> list[Strip]:
        """All of it, the newest below."""
        lines: list[Strip] = []
        before = ""
        for group in _groups(view.shown, self.with_steps):
            heading = self._moment(group[0].at)
            if heading != before:
                lines += [self._blank(), self._heading(heading)]
                before = heading
            lines += self._group(group, view)
        return [*lines, self._blank()] if lines else []

    def asked(self, title: str, rows: Sequence[tuple[str, ...]]) -> list[Strip]:
        """Something that was asked for: a title, and rows of one or two cells, raw."""
        lines = [self._blank(), *self._runs([(f" {safe_line(title, 200)}", "text!")])]
        room = max((len(row[0]) for row in rows if len(row) > 1), default=0)
        for row in rows:
            name, *rest = (safe_line(cell, 500) for cell in row)
            lines += self._runs([(f"  {name.ljust(min(room, 34))}  ", "accent"), (" ".join(rest), "soft")])
        return [*lines, self._blank()]

    def greeting(self, title: str, words: str) -> list[Strip]:
        """What stands there before anything was done; both cleaned."""
        return [self._blank(), *self._runs([(f" {title}", "text!")]), *self._runs([(f" {words}", "soft")])]

    def refused(self, words: str) -> list[Strip]:
        """What cannot be done, cleaned."""
        return [*self._runs([(" ✗ ", "hot"), (words, "hot")]), self._blank()]

    # --- Pieces ---

    def _group(self, group: Sequence[Shown], view: ScreenView) -> list[Strip]:
        looks = [one.look for one in group if isinstance(one.look, ChatLook)]
        painter = LookPainter(self.palette, min(self.width, WIDEST), self.shop)
        if looks:
            return self._widened([*painter.chat(looks)])
        (one,) = group
        if isinstance(one.look, PopupLook):
            return self._popup(one.look, painter, is_open=one.id == view.popup_id)
        if one.look is not None:
            return [self._blank(), *self._widened(painter.paint(one.look)), self._blank()]
        return self._told(one)

    def _popup(self, look: PopupLook, painter: LookPainter, *, is_open: bool) -> list[Strip]:
        if not is_open:
            title = safe_line(look.title, 100)
            return self._runs([(" ▣ ", "faint"), (_("pop-up “{title}”").format(title=title), "soft")])
        page = [self._blank(), *self._widened(painter.on_page(look))] if self.with_page else []
        return [self._blank(), *self._widened(painter.paint(look)), *page]

    def _told(self, one: Shown) -> list[Strip]:
        mark, colour = MARKS.get(one.where, ("✗", "hot"))
        words = one.tone or {"done": "text", "behind": "soft"}.get(one.where, "faint")
        step = [(f"{safe_line(one.step, 60)} ", "bot")] if one.where == "hole" and one.step else []
        return self._runs([(f" {mark} ", one.tone or colour), *step, (one.words, words)])

    def _heading(self, words: str) -> Strip:
        rule = "─" * max(min(self.width, WIDEST) - len(words) - 3, 0)
        return self._line([(f" {words} ", "soft"), (rule, "line")])

    def _moment(self, at: int) -> str:
        when = moment(at, zone_named(self.zone))
        return f"{said('a day', DAYS[when.weekday()])} {when:%Y-%m-%d %H:%M:%S}"

    def _blank(self) -> Strip:
        return Strip.blank(self.width, self.palette.style("text", "paper"))

    def _runs(self, runs: Sequence[Run]) -> list[Strip]:
        """A line, and what does not fit in it below, moved in."""
        room = max(min(self.width, WIDEST) - 5, 8)
        first, *rest = wrap_runs(runs, room)
        return [self._line(first), *(self._line([("   ", "text"), *line]) for line in rest)]

    def _line(self, runs: Sequence[Run]) -> Strip:
        segments = [
            Segment(text, self.palette.style(look.removesuffix("!"), "paper", bold=look.endswith("!")))
            for text, look in runs
        ]
        return Strip(segments).adjust_cell_length(self.width, self.palette.style("text", "paper"))

    def _widened(self, lines: Sequence[Strip]) -> list[Strip]:
        style = self.palette.style("text", "paper")
        return [line.adjust_cell_length(self.width, style) for line in lines]


def _groups(shown: Sequence[Shown], with_steps: bool) -> Iterator[list[Shown]]:
    """Messages of the chat that follow each other stand in one window; everything else by itself."""
    chat: list[Shown] = []
    for one in shown:
        if one.where == "step" and not with_steps:
            continue
        if isinstance(one.look, ChatLook):
            chat.append(one)
            continue
        if chat:
            yield chat
            chat = []
        yield [one]
    if chat:
        yield chat
