"""Letters, pushes and messages in a messenger, as they come to the visitor. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from operator_console.designer.look.drawing import Drawing, Row
from operator_console.designer.look.views import MailLook, MessengerLook, PushLook
from operator_console.inbox.cells import Run, cut
from operator_console.outbox.markdown_lines import markdown_lines
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.engine.products import body_in_markdown

LETTER_CELLS = 76
"""600 pixels, the usual width of a letter, at 8 a cell."""
PUSH_CELLS = 46
"""360 pixels: a notification of the usual desktops."""
LOOKS: dict[str, tuple[str, bool, bool]] = {
    "text": ("text", False, False),
    "bold": ("text", True, False),
    "italic": ("soft", False, False),
    "code": ("note", False, False),
    "link": ("accent", False, True),
    "address": ("faint", False, False),
    "heading": ("accent", True, False),
    "mark": ("soft", False, False),
    "rule": ("line", False, False),
}
"""Of Markdown's looks: colour, bold, underlined."""


def mail_rows(mail: MailLook, shop: str, drawing: Drawing, width: int) -> list[Row]:
    """How the letter stands among others in a mailbox, and the letter."""
    cells = min(LETTER_CELLS, width)
    sender = safe_line(mail.sender or shop, 100)
    rows = [_in_the_mailbox(mail, sender, drawing.on("raised"), cells), []]
    room = max(cells - 4, 8)
    rows += drawing.text(f" {safe_line(mail.subject, 500)}", room, bold=True)
    to = f" {_('to')} {safe_line(mail.to, 200)}" if mail.to else ""
    rows.append([drawing.piece(cut(f" {sender}{to}", cells), "faint")])
    for name in mail.attachments:
        rows.append([drawing.piece(cut(f" ▤ {safe_line(name, 200)}", cells), "accent")])
    rows += [[drawing.piece("─" * cells, "line")], *_letter(mail, drawing, room)]
    return rows


def _in_the_mailbox(mail: MailLook, sender: str, drawing: Drawing, width: int) -> Row:
    """One line: who, what about, and how it begins."""
    who = f" ● {cut(sender, 16)}  "
    subject = cut(safe_line(mail.subject, 300), max(width - cell_len(who) - 2, 4))
    row = [drawing.piece(who, "accent", bold=True), drawing.piece(subject, bold=True)]
    room = width - cell_len(who) - cell_len(subject) - 4
    if mail.preheader and room > 8:
        row.append(drawing.piece(f"  {cut(safe_line(mail.preheader, 300), room)}", "soft"))
    return drawing.filled(row, width)


def _letter(mail: MailLook, drawing: Drawing, room: int) -> list[Row]:
    if mail.template and not mail.body:
        words = _("It is made from the template {name}, which lies at the server.")
        return drawing.text(words.format(name=safe_line(mail.template, 200)), room, "soft")
    body = body_in_markdown({"body": mail.body, "products": list(mail.products)})
    return [[drawing.piece(" "), *markdown_row(line, drawing)] for line in markdown_lines(body, room)]


def markdown_row(line: Sequence[Run], drawing: Drawing) -> Row:
    """A line of Markdown with its looks."""
    return [Segment(text, _look(look, drawing)) for text, look in line]


def _look(look: str, drawing: Drawing) -> Style:
    if look == "button":
        return drawing.palette.style("on_accent", "accent", bold=True)
    colour, is_bold, is_underlined = LOOKS.get(look, LOOKS["text"])
    return drawing.style(colour, bold=is_bold, underline=is_underlined)


def push_rows(push: PushLook, shop: str, drawing: Drawing, width: int) -> list[Row]:
    """The browser's notification."""
    card = drawing.on("raised")
    cells = min(PUSH_CELLS, width)
    room = max(cells - 8, 8)
    icon = "▣" if push.icon else "◈"
    body = [*card.text(push.title, room, bold=True), *card.text(push.text, room)]
    body.append([card.piece(cut(safe_line(shop, 100), room), "faint")])
    rows = [
        [card.piece(f"  {icon if not number else ' '}  ", "accent"), *row] for number, row in enumerate(body)
    ]
    link = drawing.text(f"↗ {safe_line(push.link, 500)}", cells, "faint") if push.link else []
    return [*card.block(rows, cells, outside=drawing.ground), *link]


def messenger_rows(message: MessengerLook, drawing: Drawing, width: int) -> list[Row]:
    """A bubble as messengers have it."""
    bubble = drawing.on("bubble_visitor")
    rows = bubble.text(message.text, max(min(PUSH_CELLS, width) - 4, 8))
    inner = max((cell_len(row[0].text) for row in rows), default=0)
    return [[bubble.piece(" "), *bubble.filled(row, inner), bubble.piece(" ")] for row in rows]
