"""A pop-up as the visitor sees it: in its own width, its title broken where the browser breaks it. Pure."""

from __future__ import annotations

from operator_console.designer.look.drawing import Drawing, Row
from operator_console.designer.look.input_words import input_hint
from operator_console.designer.look.page_map import PICTURE_HEIGHT, TYPES, card_width, title_cells
from operator_console.designer.look.views import FieldLook, PopupLook
from operator_console.inbox.cells import cut, pad
from operator_console.safe_text import safe_line
from operator_console.translation import _

CELL = 8
"""Pixels that a cell is wide: about those of a letter of the usual size."""
ROW = 16
"""Pixels that a row is high."""
PICTURE_ROWS = PICTURE_HEIGHT // ROW


def popup_rows(popup: PopupLook, drawing: Drawing, width: int) -> list[Row]:
    """The card in at most `width` cells: a narrower room shows it as a narrow telephone would."""
    card = drawing.on("raised")
    cells = min(card_width(popup) // CELL, width)
    side = min(TYPES[popup.size].padding[1] // CELL, max((cells - 24) // 2, 1))
    beside = _picture_beside(popup, card, cells)
    picture_cells = len(beside[0][0].text) if beside else 0
    room = max(cells - 2 - picture_cells - 2 * (side - 1), 8)
    body = _body(popup, card, room)
    margin = [card.piece(" " * (side - 1))] if side > 1 else []
    rows = [[*margin, *row] for row in body]
    inner = cells - 2
    close = card.filled([card.piece("✕ ", "soft")], inner - picture_cells, at="right")
    rows = [close, *rows, card.blank(inner - picture_cells)]
    if beside:
        empty = card.on("cursor_away").blank(picture_cells)
        middle = (len(rows) - len(beside)) // 2
        art = [
            beside[number - middle] if 0 <= number - middle < len(beside) else empty
            for number in range(len(rows))
        ]
        rows = [[*left, *row] for left, row in zip(art, rows, strict=True)]
    elif popup.image:
        rows = [*_picture(popup, card, inner), *rows]
    return card.block(rows, cells, outside=drawing.ground)


def _picture(popup: PopupLook, card: Drawing, width: int) -> list[Row]:
    """A frame of the picture's own proportions, with its name and how large it is shown."""
    ground = card.on("cursor_away")
    name = cut(f"▣ {safe_line(popup.image, 200)}", width - 2)
    size = f"{card_width(popup)} × {PICTURE_HEIGHT} px"
    rows = [ground.blank(width) for _number in range(PICTURE_ROWS)]
    for number, words in enumerate((name, size), start=PICTURE_ROWS // 2):
        rows[number] = ground.filled([ground.piece(words, "soft")], width, at="centre")
    return rows


def _picture_beside(popup: PopupLook, card: Drawing, width: int) -> list[Row]:
    """The middle of the picture at the side of a large pop-up; nothing where there is none, or no room."""
    if not popup.image or popup.size != "large" or width < 72:
        return []
    cells = round(width * 0.45)
    ground = card.on("cursor_away")
    name = cut(f"▣ {safe_line(popup.image, 200)}", cells - 2)
    return [
        [ground.piece(" " * ((cells - len(name)) // 2) + pad(name, cells - (cells - len(name)) // 2), "soft")]
    ]


def _body(popup: PopupLook, card: Drawing, room: int) -> list[Row]:
    lines = min(title_cells(popup, card_width(popup)), room)
    rows = card.text(popup.title, lines, bold=True)
    text = card.text(popup.text, room)
    if text:
        rows += [*([[]] if popup.size != "mini" else []), *text]
    for field in popup.fields:
        rows += [[], *_field(field, card, room)]
    if popup.button is not None or popup.fields:
        label = popup.button.label if popup.button is not None else _("Send")
        rows += [*([[]] if not popup.fields else []), *card.button(label, room)]
    return rows


def _field(field: FieldLook, card: Drawing, room: int) -> list[Row]:
    optional = "" if field.is_required else f" ({_('optional')})"
    caption = cut(safe_line(field.label, 200), max(room - len(optional), 4))
    rows: list[Row] = [[card.piece(caption, bold=True), card.piece(optional, "soft")]]
    if field.input == "rating":
        stars = "  ".join("★" if star == field.value else "☆" for star in "12345")
        return [*rows, [card.piece(stars, "accent")]]
    if field.choices:
        labels = [(choice, choice == field.value) for choice in field.choices]
        return [*rows, *card.chips(labels, room, ground="paper")]
    inside = card.on("paper")
    value = safe_line(field.value, 200)
    words = inside.piece(pad(f" {value or input_hint(field.input)}", room - 2), "text" if value else "faint")
    return [*rows, *inside.block([[words]], room, outside=card.ground)]
