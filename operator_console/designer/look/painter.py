"""Looks as lines of cells, at one width: the one door to `designer/look/`. Pure.

A cell stands for 8 pixels: a pop-up of 480 pixels is 60 cells wide, and where the terminal has fewer it is drawn as a
narrow telephone would show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from textual.strip import Strip

from operator_console.designer.look.chat_lines import window_rows
from operator_console.designer.look.drawing import Drawing, Row, strips
from operator_console.designer.look.mail_lines import mail_rows, messenger_rows, push_rows
from operator_console.designer.look.measures import measures
from operator_console.designer.look.page_map import map_rows
from operator_console.designer.look.popup_lines import popup_rows
from operator_console.designer.look.views import (
    ChatLook,
    Look,
    MailLook,
    MessengerLook,
    PopupLook,
    PushLook,
)
from operator_console.themes import Palette


@dataclass(frozen=True, slots=True)
class LookPainter:
    """Paints on `ground`, a name of the palette's colours, in `width` cells. `shop` is what the shop is called."""

    palette: Palette
    width: int
    shop: str = ""
    ground: str = "paper"

    def paint(self, look: Look) -> list[Strip]:
        """The lines of one look, each of exactly `width` cells."""
        drawing = Drawing(self.palette, self.ground)
        room = self.width - 2
        match look:
            case ChatLook():
                return self.chat((look,))
            case PopupLook():
                rows = popup_rows(look, drawing, room)
            case MailLook():
                rows = mail_rows(look, self.shop, drawing, room)
            case PushLook():
                rows = push_rows(look, self.shop, drawing, room)
            case MessengerLook():
                rows = messenger_rows(look, drawing, room)
            case _:
                assert_never(look)
        return self._lines(rows)

    def chat(self, messages: Sequence[ChatLook], *, head: bool = True) -> list[Strip]:
        """Messages in the chat's window; without its `head` they go on from others."""
        drawing = Drawing(self.palette, self.ground)
        return self._lines(window_rows(messages, self.shop if head else None, drawing, self.width - 2))

    def on_page(self, popup: PopupLook, *, told: bool = True) -> list[Strip]:
        """Where the pop-up stands on a page, and how much of it it takes: on a laptop, and on a telephone. `told`: in
        words, too."""
        return self._lines(map_rows(popup, Drawing(self.palette, self.ground), self.width - 2, told=told))

    def measures(self, look: Look) -> list[Strip]:
        """How large it is, in words."""
        drawing = Drawing(self.palette, self.ground)
        return self._lines(
            [row for line in measures(look) for row in drawing.text(line, self.width - 2, "soft")]
        )

    def _lines(self, rows: Sequence[Row]) -> list[Strip]:
        drawing = Drawing(self.palette, self.ground)
        return strips(([drawing.piece(" "), *row] for row in rows), self.width, drawing.style("text"))
