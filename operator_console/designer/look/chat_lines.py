"""The chat as the visitor sees it: the window with its bubbles and the answers that he can press. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from operator_console.designer.look.drawing import Drawing, Row, row_cells
from operator_console.designer.look.input_words import input_hint
from operator_console.designer.look.views import Answer, ChatLook
from operator_console.inbox.cells import cut, pad
from operator_console.safe_text import safe_line
from scenarios_yaml.language.model import InputKind

WINDOW_CELLS = 47
"""376 pixels, as the widget has it, at 8 a cell."""


def window_rows(messages: Sequence[ChatLook], title: str | None, drawing: Drawing, width: int) -> list[Row]:
    """Messages in the chat's window, the newest below. Without a title the window has no head."""
    cells = min(WINDOW_CELLS, width)
    rows = _head(title, drawing.on("accent"), cells) if title is not None else []
    ground = drawing.on("ground")
    before = ""
    for message in messages:
        gap = [ground.blank(cells)] if message.author != before or message.author == "bot" else []
        rows += [*gap, *(ground.filled(row, cells) for row in bubble_rows(message, ground, cells))]
        before = message.author
    return [*rows, ground.blank(cells)]


def _head(title: str, head: Drawing, cells: int) -> list[Row]:
    name = cut(safe_line(title, 100), cells - 6)
    top = head.filled([head.piece(f"  {name}", "on_accent", bold=True)], cells - 2)
    return [[*top, head.piece("✕ ", "on_accent")]]


def bubble_rows(message: ChatLook, drawing: Drawing, width: int) -> list[Row]:
    """One message in at most `width` cells: the visitor's at the right, the shop's at the left."""
    is_mine = message.author == "visitor"
    if message.author == "system":
        return [
            drawing.filled(row, width, at="centre") for row in drawing.text(message.text, width - 4, "faint")
        ]
    bubble = drawing.on("bubble_operator" if is_mine else "bubble_visitor")
    body = _body(message, bubble, max((width - 2) * 85 // 100 - 2, 8))
    inner = max((row_cells(row) for row in body), default=0)
    side = "right" if is_mine else "left"
    rows = []
    for row in body:
        whole = [bubble.piece(" "), *bubble.filled(row, inner), bubble.piece(" ")]
        rows.append([drawing.piece(" "), *drawing.filled(whole, width - 2, at=side)])
    chips = _chips(message, drawing, width - 2)
    return rows + ([[], *chips] if rows and chips else chips)


def _body(message: ChatLook, bubble: Drawing, room: int) -> list[Row]:
    rows: list[Row] = []
    if message.image:
        rows.append([bubble.piece(cut(f"▣ {safe_line(message.image, 200)}", room), "soft")])
    rows += bubble.text(message.text, room)
    if message.file:
        rows.append([bubble.piece(cut(f"▤ {safe_line(message.file, 200)}", room), "accent")])
    return rows


def _chips(message: ChatLook, drawing: Drawing, room: int) -> list[Row]:
    if message.input == "rating":
        rows = [[drawing.piece("☆  ☆  ☆  ☆  ☆", "accent")]]
    else:
        labels = [(_label(answer), answer.is_chosen) for answer in message.answers]
        rows = drawing.chips(labels, room, ground="raised")
    if message.input and message.is_open and not message.answers:
        inside = drawing.on("paper")
        hint = input_hint(cast("InputKind", message.input)) if message.input in get_args(InputKind) else ""
        line = [
            inside.piece(pad(f" {hint}", max(room - 5, 4)), "faint"),
            inside.piece("➤ ", "accent"),
        ]
        rows += inside.block([line], room, outside=drawing.ground)
    return [[drawing.piece(" "), *row] for row in rows]


def _label(answer: Answer) -> str:
    return f"↗ {answer.label}" if answer.link else answer.label
