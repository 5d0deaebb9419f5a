"""The widget on a page, at one scale: its launcher in the corner, the chat with its heading and bubbles. Pure.

The measures are those of the widget's style sheet (server_stub/widget/widget.js), in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.cells import cell_len

from operator_console.designer.look.page_map import LAPTOP, LAUNCHER, MARGIN, OVER_LAUNCHER
from operator_console.designer.widget_look.canvas import Canvas
from operator_console.designer.widget_look.colours import DARK, LIGHT, Shades, ink_on
from operator_console.inbox.cells import cut, wrap
from operator_console.safe_text import safe_line
from operator_console.translation import _

WINDOW_WIDTH = 376
WINDOW_HEIGHT = min(616, LAPTOP[1] - 120)
"""On a laptop's page: the style sheet says min(616px, 100dvh - 120px)."""
HEAD = 73
COMPOSER = 57
INSET = 16
"""From the window's edge to its bubbles."""
BUBBLE_SHARE = 0.85
WINDOW_RADIUS = 20
BUBBLE_RADIUS = 18
FINEST = 8.0
"""Pixels of a column at which a letter is about as wide as it is in the browser: nothing is drawn larger."""
PADDED_TO = 12.0
"""Pixels of a column up to which a bubble's room above and below its text is half a row."""
PAGE = "#eef0f3"
PAGE_BAR = "#dde1e7"
PAGE_BLOCK = "#e4e7ec"
ONLINE = "#4ade80"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn: texts are raw, the colour is #rrggbb. `operator` answers the visitor."""

    title: str
    colour: str
    is_dark: bool
    is_left: bool
    greeting: str
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the page is drawn: `scale` is how many pixels a column, and half a row, stand for; `left` the first
    pixel that is seen."""

    scale: float
    width: int
    height: int
    left: float

    def column(self, x: float) -> int:
        return round((x - self.left) / self.scale)

    def row(self, y: float) -> int:
        return round(y / self.scale / 2)


def frame_of(width: int, height: int, *, is_left: bool) -> Frame:
    """How a page is drawn in so many columns and rows: from top to bottom, and as much of it beside the chat as there
    is room for."""
    scale = max(FINEST, LAPTOP[1] / (2 * max(height, 1)), (WINDOW_WIDTH + 2 * MARGIN) / max(width, 1))
    columns = min(width, round(LAPTOP[0] / scale))
    rows = min(height, math.ceil(LAPTOP[1] / scale / 2))
    return Frame(scale, columns, rows, 0 if is_left else LAPTOP[0] - columns * scale)


def picture(shown: Shown, width: int, height: int) -> Canvas:
    """The page in at most so many columns and rows."""
    frame = frame_of(width, height, is_left=shown.is_left)
    canvas = Canvas(frame.width, frame.height, PAGE)
    _page(canvas, frame)
    _launcher(canvas, frame, shown)
    _Window(canvas, frame, shown).draw()
    return canvas


def _page(canvas: Canvas, frame: Frame) -> None:
    """A shop's page, in outline."""
    halves = round(64 / frame.scale)
    canvas.fill(0, 0, canvas.width, halves, PAGE_BAR)
    for left in range(64, LAPTOP[0] - 64, 296):
        for top in range(112, LAPTOP[1], 312):
            box = (frame.column(left), round(top / frame.scale))
            canvas.fill(*box, round(264 / frame.scale), round(264 / frame.scale), PAGE_BLOCK, 8 / frame.scale)


def _launcher(canvas: Canvas, frame: Frame, shown: Shown) -> None:
    corner, size = LAUNCHER
    x = corner if shown.is_left else LAPTOP[0] - corner - size
    y = LAPTOP[1] - corner - size
    across = max(round(size / frame.scale), 3)
    left, top = frame.column(x), round(y / frame.scale)
    canvas.fill(left, top, across, across, shown.colour, across / 2)
    canvas.write(
        left + (across - 1) // 2, (top + (across - 1) // 2) // 2, "▾", ink_on(shown.colour), bold=True
    )


class _Window:
    """The open chat."""

    def __init__(self, canvas: Canvas, frame: Frame, shown: Shown) -> None:
        self._canvas = canvas
        self._shown = shown
        self._scale = frame.scale
        self._shades: Shades = DARK if shown.is_dark else LIGHT
        x = MARGIN if shown.is_left else LAPTOP[0] - MARGIN - WINDOW_WIDTH
        bottom = LAPTOP[1] - OVER_LAUNCHER
        self._left = frame.column(x)
        self._width = round(WINDOW_WIDTH / frame.scale)
        self._top = frame.row(bottom - WINDOW_HEIGHT)
        self._bottom = frame.row(bottom)
        self._feed = self._top + max(frame.row(HEAD), 2)
        self._composer = self._bottom - max(frame.row(COMPOSER), 1)
        self._padding = 1 if frame.scale <= PADDED_TO else 0
        self._row = self._feed + self._padding

    def draw(self) -> None:
        self._ground()
        self._head()
        title = self._shown.title
        if self._shown.greeting:
            self._bubble(self._shown.greeting, title)
        self._bubble(_("Do you deliver on Saturday?"), "", is_mine=True)
        self._bubble(_("Yes, until six in the evening."), self._shown.operator or title)
        row = (self._composer + self._bottom) // 2
        words = cut(_("Write a message…"), self._width - 6)
        self._canvas.write(self._left + 2, row, words, self._shades.muted)
        self._canvas.write(self._left + self._width - 3, row, "➤", self._shades.muted)

    def _ground(self) -> None:
        def colour(half: int) -> str:
            row = half // 2
            if row < self._feed:
                return self._shown.colour
            return self._shades.ground if row < self._composer else self._shades.surface

        halves = 2 * (self._bottom - self._top)
        radius = WINDOW_RADIUS / self._scale
        self._canvas.fill(self._left, 2 * self._top, self._width, halves, colour, radius)

    def _head(self) -> None:
        ink = ink_on(self._shown.colour)
        row = self._top + max((self._feed - self._top - 2) // 2, 0)
        title = cut(safe_line(self._shown.title, 200), self._width - 6)
        self._canvas.write(self._left + 2, row, title, ink, bold=True)
        self._canvas.write(self._left + self._width - 3, row, "✕", ink)
        self._canvas.write(self._left + 2, row + 1, "●", ONLINE)
        self._canvas.write(self._left + 4, row + 1, cut(_("We are online"), self._width - 6), ink)

    def _bubble(self, text: str, author: str, *, is_mine: bool = False) -> None:
        """One message below those before it; what has no room any more is left out."""
        padding = self._padding
        inset = max(round(INSET / self._scale), 1)
        room = max(round((self._width - 2 * inset) * BUBBLE_SHARE) - 2, 4)
        lines = wrap(safe_line(text, 2_000), room)
        width = max(map(cell_len, lines)) + 2
        left = self._left + (self._width - inset - width if is_mine else inset)
        top = self._row if is_mine or not author else self._row + 1
        first = top + padding
        lines = lines[: max(self._composer - first - padding, 0)]
        if not lines:
            self._row = self._composer
            return
        if author and not is_mine:
            name = cut(safe_line(author, 100), room)
            self._canvas.write(left + 1, self._row, name, self._shades.muted)
        colour = self._shown.colour if is_mine else self._shades.surface
        letters = ink_on(colour) if is_mine else self._shades.text
        halves = 2 * len(lines) + 2 * padding
        radius = min(BUBBLE_RADIUS / self._scale, 1.5)
        self._canvas.fill(left, 2 * first - padding, width, halves, colour, radius)
        for number, line in enumerate(lines):
            self._canvas.write(left + 1, first + number, line, letters)
        self._row = first + len(lines) + padding
