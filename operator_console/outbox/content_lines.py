"""A row of the outbox, whole: what became of it, and what it says, as lines of cells. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import Run, cut, wrap, wrap_runs
from operator_console.inbox.times import clock, day
from operator_console.inbox.value_words import money
from operator_console.outbox.markdown_lines import markdown_lines
from operator_console.outbox.row_lines import MARKS, status_colour, status_words
from operator_console.outbox.rows import recipient
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette
from operator_console.translation import _, counted, marked, said
from server_stub.protocol import OutboxItem

LABEL_CELLS = 11
WIDEST = 84
"""Cells of a line of text: a letter is read, not scanned."""
MAX_CHARS = 20_000
MAX_PRODUCTS = 20
CHANNEL_WORDS = {
    "email": marked("Email"),
    "push": marked("Push"),
    "messenger": marked("Message"),
    "webhook": marked("Webhook"),
}
_LOOKS: dict[str, tuple[str, str]] = {
    "text": ("text", ""),
    "bold": ("text", "bold"),
    "italic": ("text", "italic"),
    "code": ("note", ""),
    "link": ("accent", "underline"),
    "address": ("faint", ""),
    "heading": ("accent", "bold"),
    "mark": ("soft", ""),
    "rule": ("line", ""),
    "soft": ("soft", ""),
    "hot": ("hot", ""),
}


@dataclass(frozen=True, slots=True)
class ContentPainter:
    """Paints at one width. `now` in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None

    def paint(self, item: OutboxItem) -> list[Strip]:
        """The whole of it. What is not rendered yet says so."""
        lines = [self._line([]), *self._title(item), *self._fate(item), self._line([])]
        for label, value in self._facts(item):
            lines += self._pair(label, value)
        lines += self._rule()
        body = {
            "email": self._email,
            "push": self._push,
            "messenger": self._message,
            "webhook": self._webhook,
        }
        if not item.content:
            return [*lines, *self._words(_("It has no content."), "soft")]
        lines += body.get(item.channel, self._json)(item.content)
        if item.reply is not None:
            lines += [self._line([]), *self._heading(said("outbox", "Reply")), *self._json(item.reply)]
        return [*lines, self._line([])]

    # --- What it is, and what became of it ---

    def _title(self, item: OutboxItem) -> list[Strip]:
        channel = _(CHANNEL_WORDS.get(item.channel, "")) or safe_line(item.channel, 40)
        return self._runs([(f"{MARKS.get(item.channel, '·')} {channel}", "bold")])

    def _fate(self, item: OutboxItem) -> list[Strip]:
        words = f"{status_words(item.status)}: {self._fate_words(item)}"
        colour = status_colour(item.status)
        return [
            self._line([Segment(f" {line}", self._style(colour))])
            for line in wrap(words, max(min(self.width - 2, WIDEST), 8))
        ]

    def _fate_words(self, item: OutboxItem) -> str:
        tries = "" if item.tries < 2 else counted(", after {count} try", ", after {count} tries", item.tries)
        error = f" {safe_line(item.error, 400)}." if item.error else ""
        if item.status == "waiting":
            if not item.tries:
                return _("it goes out next.")
            return _("tried {count}×, it is tried again.").format(count=item.tries) + error
        if item.status == "kept":
            return _("it is complete and stays here; no channel is set up that could send it.")
        when = (
            f"{day(item.sent_at, self.now, self.zone)} {clock(item.sent_at, self.zone)}"
            if item.sent_at
            else ""
        )
        if item.status == "sent":
            return f"{when}{tries}."
        if item.status == "failed":
            return _("given up {when}{tries}.").format(when=when, tries=tries) + error
        return _("the server ended while it was sent. It is not sent again, so that nobody gets it twice.")

    def _facts(self, item: OutboxItem) -> Iterable[tuple[str, str]]:
        content = item.content
        if item.channel == "email":
            yield _("from"), safe_line(content.get("from"), 300) or _("the shop's own address")
            yield _("to"), safe_line(content.get("to") or item.to, 300) or _("nobody")
            yield _("subject"), safe_line(content.get("subject"), 500)
            if content.get("preheader"):
                yield _("preheader"), safe_line(content["preheader"], 500)
            if content.get("attachments"):
                yield _("attached"), safe_line(", ".join(map(str, _listed(content["attachments"]))), 300)
        elif item.channel == "messenger":
            yield _("to"), safe_line(content.get("to"), 300)
        yield _("visitor"), safe_line(recipient(item), 200)
        kind = safe_line(content.get("kind"), 40)
        yield _("scenario"), safe_line(item.scenario, 100) + (f" · {kind}" if kind else "")
        yield _("planned"), f"{day(item.at, self.now, self.zone)} {clock(item.at, self.zone)}"

    # --- What it says ---

    def _email(self, content: dict[str, Any]) -> list[Strip]:
        body = str(content.get("body") or "")
        if not body and content.get("template"):
            return self._words(
                _("The template {name} is filled in next.").format(name=safe_line(content["template"], 200)),
                "soft",
            )
        # Loaded with the first letter: it brings the template language, which the console does not need to start.
        from scenarios_yaml.engine.products import PRODUCTS_MARK, body_in_markdown

        lines = self._markdown(body_in_markdown(content))
        if PRODUCTS_MARK in body:
            return lines
        products = [one for one in _listed(content.get("products")) if isinstance(one, dict)][:MAX_PRODUCTS]
        if products:
            lines += [self._line([]), *self._heading(_("Products"))]
            for product in products:
                lines += self._product(product)
        return lines

    def _product(self, product: dict[str, Any]) -> list[Strip]:
        price = product.get("price")
        is_price = isinstance(price, int | float) and not isinstance(price, bool)
        cost = money(price, str(product.get("currency") or "")) if is_price and price is not None else ""
        parts = [safe_line(product.get("name") or product.get("product_id"), 120), cost]
        url = safe_line(product.get("url"), 500)
        return self._runs(
            [
                ("• ", "mark"),
                (" · ".join(filter(None, parts)), "text"),
                (f" ‹{url}›" if url else "", "address"),
            ]
        )

    def _push(self, content: dict[str, Any]) -> list[Strip]:
        lines = self._runs([(safe_line(content.get("title"), 300), "bold")])
        lines += self._words(safe_text(content.get("text"), limit=2_000, multiline=True))
        if content.get("link"):
            lines += [self._line([]), *self._words(safe_line(content["link"], 2_000), "address")]
        return lines

    def _message(self, content: dict[str, Any]) -> list[Strip]:
        return self._words(safe_text(content.get("text"), limit=MAX_CHARS, multiline=True))

    def _webhook(self, content: dict[str, Any]) -> list[Strip]:
        method = safe_line(content.get("method"), 20) or "POST"
        lines = self._runs([(f"{method} ", "bold"), (safe_line(content.get("url"), 2_000), "text")])
        headers = content.get("headers")
        if isinstance(headers, dict) and headers:
            lines += [self._line([]), *self._heading(_("Headers"))]
            for name, value in headers.items():
                lines += self._runs([(f"{safe_line(name, 100)}: ", "soft"), (safe_line(value, 500), "text")])
        if content.get("body") is not None:
            lines += [self._line([]), *self._heading(_("Body")), *self._json(content["body"])]
        return lines

    # --- Lines ---

    def _markdown(self, text: str) -> list[Strip]:
        return [self._painted(line) for line in markdown_lines(text, self._room())]

    def _json(self, value: Any) -> list[Strip]:
        if isinstance(value, str):
            return self._words(safe_text(value, limit=MAX_CHARS, multiline=True))
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        return self._words(safe_text(text, limit=MAX_CHARS, multiline=True))

    def _room(self) -> int:
        return max(min(self.width - 2, WIDEST), 8)

    def _words(self, text: str, look: str = "text") -> list[Strip]:
        return self._runs([(text, look)])

    def _runs(self, runs: Sequence[Run]) -> list[Strip]:
        return [self._painted(line) for line in wrap_runs(runs, self._room())]

    def _painted(self, line: Sequence[Run]) -> Strip:
        return self._line(
            [Segment(" ", self._style("text")), *(Segment(text, self._look(look)) for text, look in line)]
        )

    def _look(self, look: str) -> Style:
        if look == "button":
            return self.palette.style("on_accent", "accent", bold=True)
        colour, more = _LOOKS[look]
        return self._style(
            colour, bold=more == "bold", italic=more == "italic", underline=more == "underline"
        )

    def _style(self, colour: str, **more: bool) -> Style:
        return self.palette.style(colour, "paper", **more)

    def _line(self, segments: Sequence[Segment]) -> Strip:
        return Strip(segments).adjust_cell_length(self.width, self._style("text"))

    def _rule(self) -> list[Strip]:
        rule = Segment(" " + "─" * max(self.width - 2, 0), self._style("line"))
        return [self._line([]), self._line([rule]), self._line([])]

    def _heading(self, title: str) -> list[Strip]:
        return self._runs([(title, "heading")])

    def _pair(self, label: str, value: str) -> list[Strip]:
        head = f" {cut(label, LABEL_CELLS - 1)}"
        head += " " * (LABEL_CELLS + 1 - cell_len(head))
        lines = []
        for number, text in enumerate(wrap(value, max(self.width - cell_len(head) - 1, 4))[:4]):
            label_piece = Segment(head if not number else " " * cell_len(head), self._style("faint"))
            lines.append(self._line([label_piece, Segment(text, self._style("text"))]))
        return lines


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
