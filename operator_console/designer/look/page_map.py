"""How large a pop-up is on a page, and where it stands: two small pages at one scale, a laptop's and a telephone's.

The measures are those of the widget's style sheet (server_stub/widget/widget.js), in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.segment import Segment

from operator_console.designer.look.drawing import Drawing, Row
from operator_console.designer.look.views import PopupLook
from operator_console.inbox.cells import pad, wrap
from operator_console.safe_text import safe_text
from operator_console.translation import _, marked

LAPTOP = (1280, 720)
PHONE = (390, 844)
CARD_WIDTH = {"large": 480, "small": 360, "mini": 320}
PICTURED_WIDTH = 720
"""Of a large pop-up with a picture at its side."""
PICTURE_HEIGHT = 176
PHONE_PICTURE_HEIGHT = 160
MARGIN = 24
OVER_LAUNCHER = 96
LAUNCHER = (24, 56)
"""Its distance from the corner, and its size."""

COLUMN = 40
HALF_ROW = 40
"""Pixels that a column, and half a row, of the small pages stand for."""
_GLYPH = 0.5
"""Width of a letter of the usual fonts, of its size: what the average of English and Russian texts comes to."""
_WORDS = {
    "middle": marked("in the middle, over the whole page"),
    "bottom left": marked("at the bottom left"),
    "bottom right": marked("at the bottom right, above the chat's button"),
    "top left": marked("at the top left"),
    "top right": marked("at the top right"),
}


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of letters, paddings and gaps of a size of pop-up, in pixels."""

    title: int
    text: int
    padding: tuple[int, int]
    """Above and below; left and right."""
    gap: int


TYPES = {
    "large": Type(26, 16, (40, 40), 16),
    "small": Type(19, 15, (24, 24), 16),
    "mini": Type(16, 15, (16, 20), 8),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height


def title_cells(popup: PopupLook, width: int) -> int:
    """How many letters of the title fit into a line of a card that is `width` pixels wide."""
    type_ = TYPES[popup.size]
    room = _body_width(width) - 2 * type_.padding[1] - 24
    return max(int(room / (type_.title * (_GLYPH + 0.05))), 8)


def card_width(popup: PopupLook, page: tuple[int, int] = LAPTOP) -> int:
    """Of the card on that page, in pixels: a telephone's is as wide as the telephone."""
    if page[0] <= 480:
        return page[0]
    return PICTURED_WIDTH if popup.size == "large" and popup.image else CARD_WIDTH[popup.size]


def card_box(popup: PopupLook, page: tuple[int, int] = LAPTOP) -> Box:
    """Where the card stands on a page, and about how high it is."""
    width = card_width(popup, page)
    height = min(_height(popup, width, page), page[1] - (0 if page[0] <= 480 else 2 * MARGIN))
    if page[0] <= 480:
        return Box(0, page[1] - height, width, height)
    place = place_of(popup)
    if place == "middle":
        return Box((page[0] - width) // 2, (page[1] - height) // 2, width, height)
    left = MARGIN if "left" in place else page[0] - MARGIN - width
    below = OVER_LAUNCHER if "right" in place else MARGIN
    return Box(left, MARGIN if "top" in place else page[1] - below - height, width, height)


def place_of(popup: PopupLook) -> str:
    """Where it stands on a large page. The launcher is taken to be at the right, as it is unless a shop says else."""
    if popup.size == "large":
        return "middle"
    side = "right" if "right" in popup.position else "left"
    return f"{'top' if 'top' in popup.position else 'bottom'} {side}"


def measure_words(popup: PopupLook) -> list[str]:
    """How large it is on a laptop, where it stands there, and how it stands on a telephone."""
    box = card_box(popup)
    return [
        f"{box.width} × {box.height} px",
        _(_WORDS[place_of(popup)]),
        _("on a telephone: from below, as wide as the screen"),
    ]


def map_rows(popup: PopupLook, drawing: Drawing, width: int, *, told: bool = True) -> list[Row]:
    """The two small pages, as many of them as there is room for; `told`: with what is to know about them."""
    laptop, phone = _page(popup, drawing, LAPTOP), _page(popup, drawing, PHONE)
    words = measure_words(popup) if told else []
    laptop_cells, phone_cells = LAPTOP[0] // COLUMN, math.ceil(PHONE[0] / COLUMN)
    both = width >= laptop_cells + phone_cells + 3
    rows: list[Row] = []
    for number in range(len(phone) if both else len(laptop)):
        # Both stand on one line, as a laptop and a telephone do on a table.
        at = number - (len(phone) - len(laptop) if both else 0)
        row = laptop[at] if at >= 0 else drawing.blank(laptop_cells)
        rows.append([*row, drawing.piece("   "), *phone[number]] if both else row)
    room = width - laptop_cells - phone_cells - 6
    if both and room >= 24 and words:
        lines = [line for text in words for line in wrap(text, room)]
        first = len(phone) - len(lines) - 1
        for number, line in enumerate(lines):
            look = "text" if number == 0 else "soft"
            rows[first + number] = [*rows[first + number], drawing.piece("   " + pad(line, room), look)]
        return rows
    return rows + [row for text in words for row in drawing.text(safe_text(text), width, "soft")]


def _page(popup: PopupLook, drawing: Drawing, page: tuple[int, int]) -> list[Row]:
    card = card_box(popup, page)
    corner, size = LAUNCHER
    launcher = Box(page[0] - corner - size, page[1] - corner - size, size, size)
    is_dim = popup.size == "large"
    columns, rows = math.ceil(page[0] / COLUMN), math.ceil(page[1] / HALF_ROW / 2)

    def colour(column: int, half: int) -> str:
        x, y = (column + 0.5) * COLUMN, min((half + 0.5) * HALF_ROW, page[1] - 1)
        if card.holds(x, y):
            return "accent"
        if launcher.holds(x, y) and not is_dim:
            return "visitor"
        return "line" if is_dim else "raised"

    drawn: list[Row] = []
    for row in range(rows):
        cells = [(colour(column, 2 * row), colour(column, 2 * row + 1)) for column in range(columns)]
        drawn.append([Segment("▀", drawing.palette.style(top, bottom)) for top, bottom in cells])
    return drawn


# --- How high -------------------------------------------------------------------------------------------------


def _body_width(width: int) -> int:
    return round(width * 0.55) if width == PICTURED_WIDTH else width


def _height(popup: PopupLook, width: int, page: tuple[int, int]) -> int:
    type_ = TYPES[popup.size]
    is_phone = page[0] <= 480
    vertical, horizontal = (32, 24) if is_phone and popup.size == "large" else type_.padding
    inner = _body_width(width) - 2 * horizontal
    parts = [_text_height(popup.title, type_.title, 1.25, inner - 24, _GLYPH + 0.05)]
    if popup.text:
        parts.append(_text_height(popup.text, type_.text, 1.45, inner, _GLYPH))
    form = [_field_height(field.input, field.choices, inner) for field in popup.fields]
    if popup.button is not None or popup.fields:
        form.append(48)
    if form:
        parts.append(sum(form) + 16 * (len(form) - 1))
    height = 2 * vertical + sum(parts) + type_.gap * (len(parts) - 1)
    if popup.image and width != PICTURED_WIDTH:
        height += PHONE_PICTURE_HEIGHT if is_phone else PICTURE_HEIGHT
    return height


def _text_height(text: str, size: int, leading: float, width: int, glyph: float) -> int:
    lines = wrap(safe_text(text, limit=4_000, multiline=True), max(int(width / (size * glyph)), 4))
    return round(len(lines) * size * leading)


def _field_height(kind: str, choices: tuple[str, ...], width: int) -> int:
    caption = 20 + 6
    if not choices:
        return caption + 44
    if kind == "rating":
        return caption + 66
    lines, used = 1, 0
    for choice in choices:
        cells = round(len(choice) * 15 * _GLYPH) + 35
        if used and used + cells > width:
            lines, used = lines + 1, 0
        used += cells + 8
    return caption + lines * 40 + (lines - 1) * 8
