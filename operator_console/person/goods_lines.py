"""The middle of the full card: the cart with pictures and totals, what he bought, from where he came, which scenarios
he went through. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.card_lines import CardPainter, has_cents
from operator_console.inbox.cells import wrap
from operator_console.inbox.event_words import Told, told
from operator_console.inbox.feed_lines import LINK
from operator_console.inbox.pictures import Thumbnail
from operator_console.inbox.times import clock, day
from operator_console.inbox.value_words import money
from operator_console.person.thumbnails import CELLS, Thumbnails
from operator_console.safe_text import safe_line
from operator_console.translation import _
from server_stub.protocol import CartItem, Entry, VisitorCard

MAX_ORDERS = 10


class GoodsPainter:
    """Paints with the parts of the card's painter. `thumbnails` are the pictures, where they are shown."""

    def __init__(self, parts: CardPainter, thumbnails: Thumbnails | None) -> None:
        self._parts = parts
        self._thumbnails = thumbnails

    def paint(self, card: VisitorCard, entries: Sequence[Entry]) -> list[Strip]:
        happened = told(entries, self._parts.site, self._parts.titles)
        return [
            *self._cart(card),
            *self._orders(card, happened),
            *self._parts.origin(card),
            *self._parts.scenarios(happened),
        ]

    # --- The cart ---

    def _cart(self, card: VisitorCard) -> list[Strip]:
        parts, cart = self._parts, card.cart
        if not cart.items:
            return [*parts.heading(_("Cart")), parts.line([(" " + _("The cart is empty."), "soft")])]
        cents = has_cents(card)
        lines = parts.heading(_("Cart"))
        for item in cart.items:
            lines += self._item(item, cents=cents)
        total = money(cart.total, cart.currency, cents=cents)
        rule = "─" * max(parts.width - 2, 0)
        lines.append(parts.line([(f" {rule}", "line")]))
        words = f" {_('Total')}"
        gap = " " * max(parts.width - 1 - cell_len(words) - cell_len(total), 1)
        return [*lines, parts.line([(words + gap + total, "text")], bold=True)]

    def _item(self, item: CartItem, *, cents: bool) -> list[Strip]:
        """Its picture, and beside it the name, how many at which price, and what they come to."""
        parts = self._parts
        picture = self._thumbnails.of(item.image_url) if self._thumbnails else None
        indent = CELLS + 2 if picture else 1
        total = money(item.price * item.quantity, cents=cents)
        room = max(parts.width - indent - cell_len(total) - 3, 8)
        names = wrap(safe_line(item.name or item.product_id, 200), room)[:3]
        style = self._name_style(item.url)
        texts: list[list[Segment]] = []
        for number, name in enumerate(names):
            right = total if not number else ""
            gap = " " * max(parts.width - indent - 1 - cell_len(name) - cell_len(right), 1)
            texts.append([Segment(name, style), Segment(gap + right, parts.style("text"))])
        if item.quantity != 1:
            each = f"{item.quantity:g} × {money(item.price, cents=cents)}"
            texts.append([Segment(each, parts.style("soft"))])
        strips = self._beside(picture, texts, indent)
        return [*strips, parts.line()] if picture else strips

    def _name_style(self, url: str) -> Style:
        target = safe_line(url, 2000)
        if not LINK.fullmatch(target):
            return self._parts.style("text")
        return self._parts.style("text", underline=True) + Style(link=target, meta={"open_link": target})

    def _beside(self, picture: Thumbnail | None, texts: list[list[Segment]], indent: int) -> list[Strip]:
        parts = self._parts
        blank = parts.style("text")
        height = max(len(texts), len(picture.lines) if picture else 0)
        strips = []
        for number in range(height):
            left = [Segment(" ", blank)]
            if picture and number < len(picture.lines):
                left += [*picture.lines[number], Segment(" " * (indent - 1 - picture.width), blank)]
            elif picture:
                left.append(Segment(" " * (indent - 1), blank))
            right = texts[number] if number < len(texts) else []
            strips.append(Strip([*left, *right]).adjust_cell_length(parts.width, blank))
        return strips

    # --- What he bought, as far as it is loaded ---

    def _orders(self, card: VisitorCard, happened: Sequence[Told]) -> list[Strip]:
        parts = self._parts
        if not card.orders:
            return []
        revenue = money(card.revenue, card.cart.currency, cents=has_cents(card))
        lines = [*parts.heading(_("Orders"), f"{card.orders} · {revenue}")]
        for one in [line for line in happened if line.is_order][:MAX_ORDERS]:
            when = f"{day(one.at, parts.now, parts.zone)} {clock(one.at, parts.zone)}"
            lines.append(parts.spread(f" {one.name}", when))
            if one.detail:
                lines.append(parts.line([(f"   {one.detail}", "soft")]))
            lines += [parts.spread(f"   {name}", cost, "soft") for name, cost in one.goods]
        return lines
