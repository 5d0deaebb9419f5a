"""The visitor card as lines of cells: what is known of him, and what he does, newest first. Pure.

The same parts stand beside a dialog, in one column, and on the full card, in three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.channel_words import campaign_words, channel_words
from operator_console.inbox.event_words import Told, told, untitled
from operator_console.inbox.line_parts import LineParts
from operator_console.inbox.pictures import Thumbnail
from operator_console.inbox.times import MINUTE, ago, clock, day, moment, zone_named
from operator_console.inbox.value_words import host_of, key_text, money, page_title, path_of, value_text
from operator_console.inbox.visit_words import Visit, by_visit, that_day
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _, counted
from server_stub.protocol import DialogSummary, Entry, OpenProfile, Touch, VisitorCard, VisitorNote

Part: TypeAlias = Literal["all", "person", "story"]
"""The whole card; on the full card: who he is, what he did."""

JUST_NOW = 5 * MINUTE
LATEST = 3
"""Events that stand near the top of the card, too."""
MAX_CART_ITEMS = 8
MAX_GOODS = 4
"""Products of an order that stand below it."""
MAX_SCENARIOS = 3
MAX_PROPERTIES = 30
MAX_DEVICES = 5
MAX_LINKS = 8
NEWEST_NOTES = 2
"""Notes beside a dialog; the full card shows all of them."""
NOTE_CHARS = 2_000

_SHOWN_ELSEWHERE = ("name", "email", "phone", "locale", "timezone", "device")


@dataclass(frozen=True, slots=True)
class CardPainter(LineParts):
    """Paints a card at one width. `site` is the shop's name; `segments` are titles by slug; `dialogs` are his."""

    site: str = ""
    why: str = ""
    """How one asks why a scenario spoke, or kept still; it stands beside them."""
    segments: Mapping[str, str] = field(default_factory=dict)
    dialogs: Sequence[DialogSummary] = ()
    picture: Callable[[str], Thumbnail | None] | None = None
    """The picture at an address, where it is here; None: pictures are not shown."""
    is_full: bool = False
    """Everything, and not only what is of use beside a dialog."""
    titles: Callable[[str], str] = untitled
    """What a scenario is called."""

    def paint(
        self, card: VisitorCard, entries: Sequence[Entry], *, online: bool, more: bool, part: Part = "all"
    ) -> list[Strip]:
        """A part of the card. What he did last stands near the top, too, to be seen as it happens."""
        if part == "person":
            return self.person(card, online)
        happened = told(entries, self.site, self.titles)
        story = self._story(card, happened, more)
        if part == "story":
            return story
        latest = list(islice((one for one in happened if not one.scenario), LATEST))
        return [
            *self._status(card, online),
            *self._latest(latest),
            *self._notes(card.notes),
            *self._groups(card),
            *self.cart(card),
            *self.scenarios(happened),
            *self.origin(card),
            *self._about(card),
            *self._properties(card.properties),
            *self._profiles(card.profiles),
            *story,
        ]

    def person(self, card: VisitorCard, online: bool) -> list[Strip]:
        """Who he is, for the full card."""
        return [
            *self._status(card, online),
            *self._notes(card.notes),
            *self._groups(card),
            *self._about(card),
            *self._properties(card.properties),
            *self._profiles(card.profiles),
            *self._dialogs(),
        ]

    # --- Who he is ---

    def _status(self, card: VisitorCard, online: bool) -> list[Strip]:
        lines = []
        if card.blocked:
            words = _("blocked: nothing of his is taken, no scenario speaks to him")
            lines += [self.line([(f" ⊘ {line}", "hot")], bold=True) for line in wrap(words, self.width - 4)]
        if not online:
            if card.last_visit:
                past = ago(card.last_visit, self.now, self.zone)
                seen = _("last seen just now") if past == "now" else _("last seen {ago} ago").format(ago=past)
            else:
                seen = _("not seen yet")
            return [*lines, self.line([(" ○ ", "faint"), (seen, "soft")])]
        lines.append(self.line([(" ● ", "good"), (_("on the site now"), "good")]))
        if where := page_title(card.page.title, self.site) or path_of(card.page.url):
            lines += self.pair(_("page"), where, url=card.page.url)
        if card.page.section:
            lines += self.pair(_("section"), safe_line(card.page.section, 80))
        return lines

    def _notes(self, notes: Sequence[VisitorNote]) -> list[Strip]:
        if not notes:
            return []
        shown = notes if self.is_full else notes[:NEWEST_NOTES]
        lines = self.heading(_("Notes on him"), "" if self.is_full else f"{len(notes)} N")
        for note in shown:
            who = f" {safe_line(note.by.name, 40) or '—'} · {day(note.at, self.now, self.zone)}"
            lines.append(self.line([(who, "faint")]))
            text = wrap(safe_text(note.text, limit=NOTE_CHARS, multiline=True), self.width - 4)
            lines += [
                self.line([(" ▎", "note"), (part, "text")]) for part in text[: 40 if self.is_full else 3]
            ]
        return lines

    def _groups(self, card: VisitorCard) -> list[Strip]:
        titles = [self.segments.get(slug) or slug for slug in card.segments]
        return [
            *self.chips(_("Segments"), titles, "visitor"),
            *self.chips(_("Tags"), card.tags, "soft"),
        ]

    def _about(self, card: VisitorCard) -> list[Strip]:
        lines: list[Strip] = []
        for label, value in self._facts(card):
            lines += self.pair(label, value)
        return [*self.heading(_("Visits")), *lines] if lines else []

    def _facts(self, card: VisitorCard) -> list[tuple[str, str]]:
        facts: list[tuple[str, str]] = []
        if card.visits:
            first = that_day(card.first_visit, self.now, self.zone)
            since = _(", first {day}").format(day=first) if card.first_visit else ""
            facts.append((_("visits"), f"{card.visits}{since}"))
        if card.place:
            facts.append((_("place"), safe_line(card.place, 100)))
        if (zone := zone_named(card.timezone)) is not None:
            local = _("{time} at his place").format(time=f"{moment(self.now, zone):%H:%M}")
            facts.append((_("local time"), f"{local} · {safe_line(card.timezone, 60)}"))
        if card.locale:
            facts.append((_("language"), safe_line(card.locale, 40)))
        devices = card.devices or ((card.device,) if card.device else ())
        for number, device in enumerate(devices[:MAX_DEVICES] if self.is_full else devices[:2]):
            facts.append(("" if number else _("device"), safe_line(device, 100)))
        if card.user_id:
            facts.append((_("shop's id"), safe_line(card.user_id, 100)))
        if len(card.dialogs) > 1 and not self.is_full:
            facts.append((_("dialogs"), _("{count} · h shows all").format(count=len(card.dialogs))))
        if card.merged and self.is_full:
            facts.append(
                (
                    _("merged"),
                    counted("{count} visitor became him", "{count} visitors became him", len(card.merged)),
                )
            )
        return facts

    def _properties(self, properties: Mapping[str, Any]) -> list[Strip]:
        shown = [(name, value) for name, value in properties.items() if name not in _SHOWN_ELSEWHERE]
        if not shown:
            return []
        lines = self.heading(_("Properties"))
        for name, value in shown[: None if self.is_full else MAX_PROPERTIES]:
            lines += self.pair(key_text(name), value_text(value), url=value if isinstance(value, str) else "")
        return lines

    def _profiles(self, profiles: Sequence[OpenProfile]) -> list[Strip]:
        """What open sources tell of him; his accounts can be opened."""
        known = [profile for profile in profiles if profile.url]
        if not known:
            return []
        lines = self.heading(_("Profiles"))
        for profile in known:
            if avatar := self.picture(profile.avatar_url) if self.picture else None:
                blank = Segment(" ", self.style("text"))
                strips = [Strip([blank, *line]) for line in avatar.lines]
                lines += [one.adjust_cell_length(self.width, self.style("text")) for one in strips]
            name = safe_line(profile.name, 80) or host_of(profile.url)
            lines += self.pair(safe_line(profile.source, 20), name, url=profile.url)
            if profile.place:
                lines += self.pair("", safe_line(profile.place, 80), colour="soft")
            if profile.about:
                most = 8 if self.is_full else 2
                lines += self.pair("", safe_line(profile.about, 400), most=most, colour="soft")
            for link in profile.links[:MAX_LINKS]:
                lines += self.pair(safe_line(link.label, 20), path_less(link.url), url=link.url, most=1)
        return lines

    def _dialogs(self) -> list[Strip]:
        if not self.dialogs:
            return []
        lines = self.heading(_("Dialogs"), _("d opens"))
        for row in self.dialogs[:MAX_CART_ITEMS]:
            past = ago(row.last_at, self.now, self.zone)
            lines.append(self.spread(f" {_(row.status)} · {safe_line(row.last_text, 120) or '—'}", past))
        return lines

    # --- What he buys, and from where he came ---

    def cart(self, card: VisitorCard) -> list[Strip]:
        """What he is about to buy, and what he bought."""
        cart = card.cart
        if not cart.items and not card.orders:
            return []
        cents = has_cents(card)
        total = money(cart.total, cart.currency, cents=cents) if cart.items else _("empty")
        lines = self.heading(_("Cart"), total)
        most = None if self.is_full else MAX_CART_ITEMS
        for item in cart.items[:most]:
            count = f"{item.quantity:g} × " if item.quantity != 1 else ""
            name = safe_line(item.name or item.product_id, 120)
            lines.append(self.spread(f" {count}{name}", money(item.price * item.quantity, cents=cents)))
        if most and len(cart.items) > most:
            rest = _("and {count} more").format(count=len(cart.items) - most)
            lines.append(self.line([(f" {rest}", "faint")]))
        return lines + self.orders(card, cents=cents)

    def orders(self, card: VisitorCard, *, cents: bool) -> list[Strip]:
        """What he bought before, in a line."""
        if not card.orders:
            return []
        words = counted("{count} order before", "{count} orders before", card.orders)
        return [self.spread(f" {words}", money(card.revenue, card.cart.currency, cents=cents))]

    def origin(self, card: VisitorCard) -> list[Strip]:
        """The first and the last way by which he came."""
        first = card.first_touch
        if not first.at and not first.referrer and not first.utm:
            return []
        lines = self.heading(_("Came from")) + self._touch(_("first"), first)
        if card.last_touch.at and card.last_touch != first:
            lines += self._touch(_("now"), card.last_touch)
        return lines

    def _touch(self, label: str, touch: Touch) -> list[Strip]:
        source = host_of(touch.referrer)
        channel = channel_words(touch.channel) + (f" · {source}" if source else "")
        lines = self.pair(label, channel, url=touch.referrer if self.is_full else "")
        for name, value in list(touch.utm.items())[:6]:
            lines += self.pair(campaign_words(name), safe_line(value, 120))
        if touch.landing:
            lines += self.pair(_("landing"), path_of(touch.landing), url=touch.landing)
        return lines

    # --- What he did ---

    def _latest(self, happened: Sequence[Told]) -> list[Strip]:
        if not happened:
            return []
        lines = self.heading(_("Just now") if self.now - happened[0].at < JUST_NOW else _("Latest"))
        for one in happened:
            time = f" {clock(one.at, self.zone)}  "
            words = "  ".join(part for part in (one.name, one.detail or one.under) if part)
            text = cut(words, self.width - cell_len(time) - 1)
            pieces = [(time, "faint"), (text[: len(one.name)], one.colour), (text[len(one.name) :], "soft")]
            lines.append(self.line(pieces))
        return lines

    def scenarios(self, happened: Sequence[Told]) -> list[Strip]:
        """What came of the scenarios that ran last, one line each."""
        last: dict[str, Told] = {}
        for one in happened:
            if one.scenario and len(last) < (MAX_CART_ITEMS if self.is_full else MAX_SCENARIOS):
                last.setdefault(one.name, one)
        lines = self.heading(_("Scenarios"), self.why)
        if not last:
            lines.append(self.line([(" " + _("none has run lately"), "soft")]))
        for one in last.values():
            time = f" {clock(one.at, self.zone)}  "
            room = self.width - cell_len(time) - 1
            lines.append(self.line([(time, "faint"), (cut(one.scenario, room), one.colour)]))
            lines.append(self.line([(" " * cell_len(time), "faint"), (cut(one.detail, room), "soft")]))
        return lines

    def _story(self, card: VisitorCard, happened: Sequence[Told], more: bool) -> list[Strip]:
        """What he did, newest first, under a heading for each visit."""
        lines = [*self.heading(_("On the site"))]
        if not happened:
            return [*lines, self.line([(" " + _("Nothing yet."), "soft")])]
        for number, visit in enumerate(by_visit(happened, card.visits, card.seq)):
            lines += [self.line()] if number else []
            lines += self._visit(visit)
        if more:
            lines.append(self.line([(" " + _("…older ones load as you scroll"), "faint")]))
        return lines

    def _visit(self, visit: Visit) -> list[Strip]:
        """Visit 3 · yesterday 14:02 · 6m · from google / cpc: in one line, or in two."""
        title, when = visit.title(), visit.when(self.now, self.zone)
        head = f" {title} · {when}" if title else f" {when}"
        source = _("from {source}").format(source=visit.source) if visit.source else ""
        is_one_line = cell_len(head) + cell_len(source) + 4 <= self.width
        lines = [self._bold(head, f" · {source}" if source and is_one_line else "")]
        if source and not is_one_line:
            lines.append(self.line([(cut(f" {source}", self.width - 1), "soft")]))
        for one in visit.lines:
            lines += self._event(one)
        return lines

    def _bold(self, head: str, rest: str) -> Strip:
        strip = self.line([(cut(head, self.width - 1), "text")], bold=True)
        tail = self.line([(rest, "soft")])
        return Strip([*strip.crop(0, min(cell_len(head), self.width)), *tail]).adjust_cell_length(
            self.width, self.style("text")
        )

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
        lines = [
            self.line(first),
            *(self.line([(indent, "faint"), (cut(line, room), "soft")]) for line in below),
        ]
        most = len(one.goods) if self.is_full else MAX_GOODS
        lines += [self.spread(f"{indent}{name}", cost, "soft") for name, cost in one.goods[:most]]
        if len(one.goods) > most:
            rest = _("and {count} more").format(count=len(one.goods) - most)
            lines.append(self.line([(indent + rest, "faint")]))
        return lines


def has_cents(card: VisitorCard) -> bool:
    """Whether amounts of the card are shown with cents, so that they stand below each other."""
    amounts = (card.cart.total, card.revenue, *(item.price * item.quantity for item in card.cart.items))
    return any(not float(amount).is_integer() for amount in amounts)


def path_less(url: str) -> str:
    """An address without its scheme, as people say it."""
    return safe_line(url.partition("://")[2] or url, 200).rstrip("/")
