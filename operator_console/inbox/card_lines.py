"""The visitor card as lines of cells: what is known of him, and what he does, newest first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.event_words import Told, told
from operator_console.inbox.feed_lines import LINK
from operator_console.inbox.times import MINUTE, ago, clock, day, moment, zone_named
from operator_console.inbox.value_words import host_of, money, page_title, path_of, value_text
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from server_stub.protocol import Entry, Touch, VisitorCard

LABEL_CELLS = 11
JUST_NOW = 5 * MINUTE
LATEST = 3
"""Events that stand near the top of the card, too."""
MAX_CART_ITEMS = 8
MAX_SCENARIOS = 3
MAX_PROPERTIES = 30

_SHOWN_ELSEWHERE = ("name", "email", "phone", "locale", "timezone", "device")


@dataclass(frozen=True, slots=True)
class CardPainter:
    """Paints at one width. `now` in ms; `site` is the shop's name."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    site: str = ""
    why: str = ""
    """How one asks why a scenario spoke, or kept still; it stands beside them."""

    def paint(self, card: VisitorCard, entries: Sequence[Entry], *, online: bool, more: bool) -> list[Strip]:
        """The whole card. What he did last stands near the top, too, to be seen as it happens."""
        happened = told(entries, self.site)
        latest = list(islice((one for one in happened if not one.is_run), LATEST))
        lines = self._status(card, online) + self._latest(latest)
        return lines + self._card(card, happened) + self._events(happened, more)

    def _card(self, card: VisitorCard, happened: Sequence[Told]) -> list[Strip]:
        lines: list[Strip] = []
        lines += self._chips("Segments", card.segments, "visitor")
        lines += self._chips("Tags", card.tags, "soft")
        lines += self._cart(card)
        lines += self._scenarios(happened)
        lines += self._origin(card)
        lines += self._visits(card)
        lines += self._properties(card.properties)
        return lines

    def _events(self, happened: Sequence[Told], more: bool) -> list[Strip]:
        """What he did, newest first, under a heading for each day."""
        lines = [*self._heading("On the site")]
        if not happened:
            return [*lines, self._line([(" Nothing yet.", "soft")])]
        last_day = ""
        for one in happened:
            date = day(one.at, self.now, self.zone)
            if date != last_day:
                lines.append(self._line([(f" {date}", "soft")], bold=True))
                last_day = date
            lines += self._event(one)
        if more:
            lines.append(self._line([(" …older ones load as you scroll", "faint")]))
        return lines

    # --- Sections ---

    def _status(self, card: VisitorCard, online: bool) -> list[Strip]:
        if online:
            where = page_title(card.page.title, self.site) or path_of(card.page.url)
            lines = [self._line([(" ● ", "good"), ("on the site now", "good")])]
            if where:
                lines += self._pair("page", where, url=card.page.url)
            if card.page.section:
                lines += self._pair("section", safe_line(card.page.section, 80))
            return lines
        seen = (
            f"last seen {ago(card.last_visit, self.now, self.zone)} ago"
            if card.last_visit
            else "not seen yet"
        )
        return [self._line([(" ○ ", "faint"), (seen.replace("now ago", "just now"), "soft")])]

    def _latest(self, happened: Sequence[Told]) -> list[Strip]:
        if not happened:
            return []
        lines = self._heading("Just now" if self.now - happened[0].at < JUST_NOW else "Latest")
        for one in happened:
            time = f" {clock(one.at, self.zone)}  "
            words = "  ".join(part for part in (one.name, one.detail or one.under) if part)
            text = cut(words, self.width - cell_len(time) - 1)
            pieces = [(time, "faint"), (text[: len(one.name)], one.colour), (text[len(one.name) :], "soft")]
            lines.append(self._line(pieces))
        return lines

    def _scenarios(self, happened: Sequence[Told]) -> list[Strip]:
        """What came of the scenarios that ran last, one line each."""
        last: dict[str, Told] = {}
        for one in happened:
            if one.is_run and len(last) < MAX_SCENARIOS:
                last.setdefault(one.name, one)
        lines = self._heading("Scenarios", self.why)
        if not last:
            lines.append(self._line([(" none has run lately", "soft")]))
        for one in last.values():
            time = f" {clock(one.at, self.zone)}  "
            name = one.name.removeprefix("Scenario ")
            room = self.width - cell_len(time) - 1
            lines.append(self._line([(time, "faint"), (cut(name, room), one.colour)]))
            lines.append(self._line([(" " * cell_len(time), "faint"), (cut(one.detail, room), "soft")]))
        return lines

    def _cart(self, card: VisitorCard) -> list[Strip]:
        cart = card.cart
        if not cart.items and not card.orders:
            return []
        amounts = (cart.total, card.revenue, *(item.price for item in cart.items))
        cents = any(amount != int(amount) for amount in amounts)
        lines = self._heading(
            "Cart", money(cart.total, cart.currency, cents=cents) if cart.items else "empty"
        )
        for item in cart.items[:MAX_CART_ITEMS]:
            count = f"{item.quantity:g} × " if item.quantity != 1 else ""
            lines.append(
                self._spread(
                    f" {count}{safe_line(item.name or item.product_id, 120)}", money(item.price, cents=cents)
                )
            )
        if len(cart.items) > MAX_CART_ITEMS:
            lines.append(self._line([(f" and {len(cart.items) - MAX_CART_ITEMS} more", "faint")]))
        if card.orders:
            total = money(card.revenue, cart.currency, cents=cents)
            lines.append(self._spread(f" {card.orders} order{'s' * (card.orders != 1)} before", total))
        return lines

    def _origin(self, card: VisitorCard) -> list[Strip]:
        first = card.first_touch
        if not first.at and not first.referrer and not first.utm:
            return []
        lines = self._heading("Came from")
        lines += self._touch("first", first)
        if card.last_touch.at and card.last_touch != first:
            lines += self._touch("now", card.last_touch)
        return lines

    def _touch(self, label: str, touch: Touch) -> list[Strip]:
        source = host_of(touch.referrer)
        lines = self._pair(label, safe_line(touch.channel, 40) + (f" · {source}" if source else ""))
        for name, value in list(touch.utm.items())[:6]:
            lines += self._pair(safe_line(name, 20).removeprefix("utm_"), safe_line(value, 120))
        if touch.landing:
            lines += self._pair("landing", path_of(touch.landing), url=touch.landing)
        return lines

    def _visits(self, card: VisitorCard) -> list[Strip]:
        pairs: list[tuple[str, str]] = []
        if card.visits:
            first = (
                f", first {day(card.first_visit, self.now, self.zone)}".replace("Today", "today").replace(
                    "Yester", "yester"
                )
                if card.first_visit
                else ""
            )
            pairs.append(("visits", f"{card.visits}{first}"))
        zone = zone_named(card.timezone)
        if zone is not None:
            local = moment(self.now, zone)
            pairs.append(("local time", f"{local:%H:%M} · {safe_line(card.timezone, 60)}"))
        if card.locale:
            pairs.append(("language", safe_line(card.locale, 40)))
        if card.device:
            pairs.append(("device", safe_line(card.device, 100)))
        if card.user_id:
            pairs.append(("shop's id", safe_line(card.user_id, 100)))
        if len(card.dialogs) > 1:
            pairs.append(("dialogs", f"{len(card.dialogs)} · h shows all"))
        lines = self._heading("Visits") if pairs else []
        for label, value in pairs:
            lines += self._pair(label, value)
        return lines

    def _properties(self, properties: dict[str, Any]) -> list[Strip]:
        shown = [(name, value) for name, value in properties.items() if name not in _SHOWN_ELSEWHERE]
        if not shown:
            return []
        lines = self._heading("Properties")
        for name, value in shown[:MAX_PROPERTIES]:
            lines += self._pair(safe_line(name, 60), value_text(value))
        return lines

    def _event(self, one: Told) -> list[Strip]:
        """One thing that happened: time and name, and behind it or below what tells it from others."""
        time = f" {clock(one.at, self.zone)}  "
        indent = " " * cell_len(time)
        room = self.width - cell_len(time) - 1
        first = [(time, "faint"), (cut(one.name, room), one.colour)]
        below: list[str] = []
        if one.detail and cell_len(one.name) + 2 + cell_len(one.detail) <= room:
            first.append((f"  {one.detail}", "soft"))
        elif one.detail:
            below = wrap(one.detail, room)[:2]
        if one.under:
            below.append(one.under)
        return [
            self._line(first),
            *(self._line([(indent, "faint"), (cut(line, room), "soft")]) for line in below),
        ]

    # --- Lines ---

    def _style(self, colour: str, **more: bool) -> Style:
        return self.palette.style(colour, "ground", **more)

    def _line(self, pieces: Iterable[tuple[str, str]], *, bold: bool = False) -> Strip:
        segments = [Segment(text, self._style(colour, bold=bold)) for text, colour in pieces]
        return Strip(segments).adjust_cell_length(self.width, self._style("text"))

    def _heading(self, title: str, right: str = "") -> list[Strip]:
        room = max(self.width - cell_len(title) - cell_len(right) - 3, 0)
        pieces = [
            Segment(f" {title} ", self._style("accent", bold=True)),
            Segment("─" * max(room - 1, 0) + " ", self._style("line")),
            Segment(right, self._style("text", bold=True)),
        ]
        return [self._line([]), Strip(pieces).adjust_cell_length(self.width, self._style("text"))]

    def _spread(self, left: str, right: str) -> Strip:
        room = self.width - cell_len(right) - 2
        short = cut(left, room)
        gap = " " * (self.width - 1 - cell_len(short) - cell_len(right))
        return self._line([(short, "text"), (gap, "text"), (right, "soft")])

    def _pair(self, label: str, value: str, *, url: str = "") -> list[Strip]:
        """A label and its value, which may take three lines."""
        head = f" {cut(label, LABEL_CELLS - 1)}"
        head += " " * (LABEL_CELLS + 1 - cell_len(head))
        room = self.width - cell_len(head) - 1
        style = self._style("text")
        target = safe_line(url, 2000)
        if url and LINK.fullmatch(target):
            style = self._style("text", underline=True) + Style(link=target, meta={"open_link": target})
        lines = []
        for number, text in enumerate(wrap(value, room)[:3]):
            label_piece = Segment(head if not number else " " * cell_len(head), self._style("faint"))
            strip = Strip([label_piece, Segment(text, style)])
            lines.append(strip.adjust_cell_length(self.width, self._style("text")))
        return lines

    def _chips(self, title: str, values: Sequence[str], colour: str) -> list[Strip]:
        if not values:
            return []
        rows: list[list[Segment]] = [[]]
        used = 1
        for value in values[:20]:
            chip = f" {cut(safe_line(value, 60), self.width - 6)} "
            if used + cell_len(chip) + 1 > self.width and rows[-1]:
                rows.append([])
                used = 1
            rows[-1] += [
                Segment(" ", self._style("text")),
                Segment(chip, self.palette.style(colour, "raised")),
            ]
            used += cell_len(chip) + 1
        strips = [Strip(row).adjust_cell_length(self.width, self._style("text")) for row in rows]
        return [*self._heading(title), *strips]
