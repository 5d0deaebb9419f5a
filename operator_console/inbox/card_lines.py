"""The visitor card as lines of cells: what is known of him, and what he does, newest first. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from urllib.parse import urlsplit

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.feed_lines import LINK
from operator_console.inbox.times import ago, clock, day, moment, zone_named
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from server_stub.protocol import Entry, EventHappened, PopupEnded, PopupShown, RunProgress, Touch, VisitorCard

LABEL_CELLS = 11
LATEST = 3
"""Events that stand near the top of the card, too."""
MAX_CART_ITEMS = 8
MAX_PROPERTIES = 30

_KEY_PROPERTIES = (
    "name", "title", "product_name", "query", "section", "coupon", "order_id", "path", "url", "form",
    "channel",
    "segment", "tag", "email", "depth", "percent", "position",
)  # fmt: skip
"""What tells an event from others of its name, most telling first."""
_SHOWN_ELSEWHERE = ("name", "email", "phone", "locale", "timezone", "device")
_SUMS = ("total", "revenue", "price", "value")


@dataclass(frozen=True, slots=True)
class CardPainter:
    """Paints at one width. `now` in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None

    def card(self, card: VisitorCard, online: bool, latest: Sequence[Entry] = ()) -> list[Strip]:
        """Everything above the events. The `latest` few of them stand near the top, to be seen as they happen."""
        lines = self._status(card, online)
        lines += self._latest(latest)
        lines += self._chips("Segments", card.segments, "visitor")
        lines += self._chips("Tags", card.tags, "soft")
        lines += self._cart(card)
        lines += self._origin(card)
        lines += self._visits(card)
        lines += self._properties(card.properties)
        return lines

    def events(self, entries: Sequence[Entry], *, more: bool) -> list[Strip]:
        """What he did, newest first, under a heading for each visit."""
        lines = [*self._heading("On the site")]
        if not entries:
            return [*lines, self._line([(" Nothing yet.", "soft")])]
        last_day = ""
        for entry in entries:
            date = day(entry.at, self.now, self.zone)
            if date != last_day:
                lines.append(self._line([(f" {date}", "soft")], bold=True))
                last_day = date
            lines += self.event(entry)
        if more:
            lines.append(self._line([(" …older ones load as you scroll", "faint")]))
        return lines

    # --- Sections ---

    def _status(self, card: VisitorCard, online: bool) -> list[Strip]:
        if online:
            where = safe_line(card.page.title or _path(card.page.url), 200)
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

    def _latest(self, entries: Sequence[Entry]) -> list[Strip]:
        lines = self._heading("Just now") if entries else []
        for entry in entries:
            name, detail, colour = event_words(entry)
            time = f" {clock(entry.at, self.zone)}  "
            text = cut(f"{name}  {detail}", self.width - cell_len(time) - 1)
            pieces = [(time, "faint"), (text[: len(name)], colour), (text[len(name) :], "soft")]
            lines.append(self._line(pieces))
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
        source = safe_line(urlsplit_host(touch.referrer), 100)
        lines = self._pair(label, safe_line(touch.channel, 40) + (f" · {source}" if source else ""))
        for name, value in list(touch.utm.items())[:6]:
            lines += self._pair(safe_line(name, 20).removeprefix("utm_"), safe_line(value, 120))
        if touch.landing:
            lines += self._pair("landing", safe_line(_path(touch.landing), 200), url=touch.landing)
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

    def event(self, entry: Entry) -> list[Strip]:
        """One thing that happened: time, name, what tells it from others."""
        name, detail, colour = event_words(entry)
        time = f" {clock(entry.at, self.zone)}  "
        room = self.width - cell_len(time) - 1
        lines = [self._line([(time, "faint"), (cut(name, room), colour)])]
        indent = " " * cell_len(time)
        more = wrap(detail, room)[:2] if detail else []
        return lines + [self._line([(indent, "faint"), (cut(line, room), "soft")]) for line in more]

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


def event_words(entry: Entry) -> tuple[str, str, str]:
    """Name, detail and colour of an entry in the list of events. All cleaned."""
    body = entry.what
    if isinstance(body, EventHappened):
        return safe_line(body.name, 80), key_properties(body.properties), _event_colour(body.name)
    if isinstance(body, RunProgress):
        name = f"Scenario {safe_line(body.scenario, 60)}"
        step = safe_line(body.step, 80)
        result = safe_line(body.result, 120)
        words = {"started": "started", "ended": "ended"}.get(body.phase, step)
        return name, " · ".join(part for part in (words, result) if part), "bot"
    if isinstance(body, PopupShown):
        return "Pop-up shown", safe_line(body.popup.title, 120), "bot"
    if isinstance(body, PopupEnded):
        filled = ", ".join(
            f"{safe_line(name, 30)} {value_text(value)}" for name, value in body.fields.items()
        )
        return f"Pop-up {body.outcome.replace('_', ' ')}", filled or safe_line(body.scenario, 80), "bot"
    return "", "", "soft"


def _event_colour(name: str) -> str:
    if name.startswith("Order"):
        return "good"
    return "accent" if name.startswith(("Product Added", "Cart", "Checkout", "Payment")) else "text"


def key_properties(properties: dict[str, Any]) -> str:
    """The telling properties of an event in one cleaned line: product · price."""
    parts: list[str] = []
    for key in _KEY_PROPERTIES:
        value = properties.get(key)
        if isinstance(value, str | int | float) and value != "" and not isinstance(value, bool):
            text = _path(str(value)) if key in ("url", "path") else str(value)
            if safe_line(text, 120) not in parts:
                parts.append(safe_line(text, 120))
        if len(parts) == 2:
            break
    for key in _SUMS:
        value = properties.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            parts.append(money(float(value), str(properties.get("currency") or "")))
            break
    if not parts:
        parts = [f"{safe_line(key, 30)} {value_text(value)}" for key, value in list(properties.items())[:2]]
    return " · ".join(parts)


def value_text(value: Any) -> str:
    """A property's value as one cleaned line."""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, dict | list | tuple):
        return safe_line(json.dumps(value, ensure_ascii=False, default=str)[:400], 160)
    return safe_line(str(value)[:400], 160)


def money(amount: float, currency: str = "", *, cents: bool = False) -> str:
    """1,200 or 1,200.50, with the currency's code behind. `cents`: show them even where there are none."""
    number = f"{amount:,.2f}" if cents or amount != int(amount) else f"{amount:,.0f}"
    return f"{number} {safe_line(currency, 8)}".rstrip()


def urlsplit_host(url: str) -> str:
    """The host of a referrer, or all of it where it is no URL."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _path(url: str) -> str:
    """Path and query of a URL of the shop; what is no URL stays as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.scheme or not parts.netloc:
        return url
    return parts.path + (f"?{parts.query}" if parts.query else "") or "/"
