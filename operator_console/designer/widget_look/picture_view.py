"""The pane with the picture of the widget: it follows what is typed, and the size of the terminal."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from operator_console.designer.look.page_map import LAPTOP
from operator_console.designer.widget_look.canvas import Canvas
from operator_console.designer.widget_look.picture import WINDOW_HEIGHT, WINDOW_WIDTH, Shown, picture
from operator_console.inbox.cells import pad, wrap
from operator_console.inbox.whole_lines import WholeLines
from operator_console.themes import palette_of
from operator_console.translation import _

AROUND = 1
"""Columns at each side of the picture."""
SAID_MOST = 4
"""Lines below it."""


class PictureView(WholeLines, Widget):
    """`note` is said below the picture, with the chat's measures."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._shown: Shown | None = None
        self._note = ""
        self._canvas: Canvas | None = None
        self._said: list[str] = []

    def show(self, shown: Shown, note: str) -> None:
        """Draw this."""
        if (shown, note) != (self._shown, self._note):
            self._shown, self._note = shown, note
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def _draw(self) -> None:
        width, height = self.size.width - 2 * AROUND, self.size.height
        if self._shown is None or width < 16 or height < 6:
            self._canvas = None
        else:
            self._said = wrap(self._words(), width)[:SAID_MOST]
            self._canvas = picture(self._shown, width, height - len(self._said))
        self.refresh()

    def _words(self) -> str:
        measures = _("{width} × {height} px of a page of {page}; of a telephone the whole screen.").format(
            width=WINDOW_WIDTH, height=WINDOW_HEIGHT, page=f"{LAPTOP[0]} × {LAPTOP[1]}"
        )
        return f"{measures} {self._note}".strip()

    def render_line(self, y: int) -> Strip:
        palette, width, canvas = palette_of(self.app.theme), self.size.width, self._canvas
        ground = palette.style("text", "paper")
        if canvas is None:
            return Strip.blank(width, ground)
        if y < canvas.height:
            before = (width - canvas.width) // 2
            line = [Segment(" " * before, ground), *canvas.strip(y)]
            return Strip(line).adjust_cell_length(width, ground)
        if y < canvas.height + len(self._said):
            words = pad(" " * AROUND + self._said[y - canvas.height], width)
            return Strip([Segment(words, palette.style("soft", "paper"))], width)
        return Strip.blank(width, ground)
