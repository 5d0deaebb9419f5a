"""What a visitor did, told for the card: one line a thing, in words, without what would drown the rest.

Scrolling is told once a page, by the deepest place, under the page's own line. Of a run that gave way to
others before it spoke only that is told; of one that began anew, only the new beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from operator_console.inbox.channel_words import channel_words
from operator_console.inbox.event_names import event_name
from operator_console.inbox.scenario_words import run_words, said_nothing
from operator_console.inbox.value_words import host_of, key_text, money, page_title, path_of, value_text
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked
from server_stub.protocol import Entry, EntryBody, EventHappened, PopupEnded, PopupShown, RunProgress

Properties: TypeAlias = dict[str, Any]

_TELLING = (
    "name", "title", "product_name", "query", "section", "coupon", "order_id", "path", "url", "form",
    "channel", "segment", "tag", "email", "payment_method",
)  # fmt: skip
"""What tells an event from others of its name, most telling first."""
MOST = 1e15
"""Beyond it no number is a price or a count: such a property is told as it is, or not at all."""
RESTARTED = "restarted"
"""The result of a run whose trigger came again before it spoke; the new run's beginning follows."""
MAX_GOODS = 50
_ORDERS = frozenset(("ordercompleted", "orderupdated", "orderrefunded", "ordercancelled"))
_WITH_GOODS = _ORDERS | {"cartviewed", "checkoutstarted"}
"""Events of several products, which are told one by one."""
_SUMS = ("total", "revenue", "price", "value")


@dataclass(slots=True)
class Told:
    """One thing that happened. `name`, `detail` and `under` (a line of its own) are cleaned; `colour` is the
    palette's.
    """

    at: int
    name: str
    detail: str = ""
    colour: str = "text"
    under: str = ""
    scenario: str = ""
    """Whose doing it is; empty where it is his own. Cleaned."""
    goods: tuple[tuple[str, str], ...] = ()
    """The products of a cart or an order, each with what it costs; cleaned."""
    is_visit: bool = False
    """A visit begins."""
    is_order: bool = False
    """An order was made, changed or taken back."""
    seq: int = 0
    until: int = 0
    """When it ended, where it lasted."""


@dataclass(slots=True)
class _Page:
    """A visit to a page: the line that tells of it, and how far it was read, in percent."""

    line: Told
    depth: float = 0.0

    def read_to(self, depth: float, at: int) -> None:
        self.depth = max(self.depth, min(depth, 100.0))
        self.line.under = _("read to {percent} %").format(percent=f"{self.depth:g}")
        self.line.until = at


def untitled(_scenario: str) -> str:
    """Where nobody knows what a scenario is called."""
    return ""


def told(entries: Sequence[Entry], site: str = "", titles: Callable[[str], str] = untitled) -> list[Told]:
    """What to show of entries, both newest first. `site` is the shop's name, which titles of pages carry; `titles`
    gives what a scenario is called.
    """
    story = _Story({run for entry in entries if (run := _unspoken(entry.what))}, site, titles)
    for entry in reversed(entries):
        story.tell(entry)
    return [line for line in reversed(story.lines) if line.name]


class _Story:
    """Takes entries, oldest first. `unspoken` are runs whose beginning is not told."""

    def __init__(self, unspoken: set[str], site: str, titles: Callable[[str], str]) -> None:
        self.lines: list[Told] = []
        self._unspoken = unspoken
        self._site = site
        self._titles = titles
        self._pages: dict[str, _Page] = {}
        """By path, of this visit to the site."""
        self._quiet: dict[tuple[str, str], tuple[Told, int]] = {}
        """By scenario and reason: the line that says so, and how many times it was so, in this visit."""

    def tell(self, entry: Entry) -> None:
        body = entry.what
        if isinstance(body, EventHappened):
            self._tell_event(entry, body)
        elif isinstance(body, RunProgress):
            self._tell_run(entry, body)
        else:
            self.lines.append(_told(entry))

    def _tell_event(self, entry: Entry, event: EventHappened) -> None:
        key, path = _key(event.name), _page_of(event.properties)
        if key == "pagescrolled":
            self._tell_scroll(entry, event, path)
            return
        self.lines.append(_told(entry))
        if key == "sessionstarted":
            self.lines[-1].is_visit = True
            self._pages.clear()
            self._quiet.clear()
        elif key == "pageviewed":
            title = page_title(_text(event.properties, "title"), self._site)
            self.lines[-1].detail = title or path_of(path)
            self._pages[path] = _Page(self.lines[-1])

    def _tell_scroll(self, entry: Entry, event: EventHappened, path: str) -> None:
        if path not in self._pages:
            # Its page view is older than what is loaded: it has a line of its own.
            self.lines.append(Told(entry.at, event_name("Page Scrolled"), path_of(path)))
            self._pages[path] = _Page(self.lines[-1])
        self._pages[path].read_to(_number(event.properties, "depth", "percent") or 0.0, entry.at)

    def _tell_run(self, entry: Entry, run: RunProgress) -> None:
        is_noise = run.phase == "started" and run.run in self._unspoken
        if is_noise or (run.phase == "ended" and run.result == RESTARTED):
            return
        line = _told(entry)
        if title := safe_line(self._titles(run.scenario), 120):
            line.name, line.scenario = _("Scenario {name}").format(name=title), title
        self.lines.append(line)
        if said_nothing(run):
            key = (run.scenario, line.detail)
            before, times = self._quiet.get(key, (None, 0))
            if before is not None:
                before.name = ""  # told once, by the last time
                line.detail += " " + counted("({count} time)", "({count} times)", times + 1)
            self._quiet[key] = (line, times + 1)


def _unspoken(body: EntryBody) -> str:
    """The run that ended here without a word: something else had the visitor's attention, or it began anew."""
    if not isinstance(body, RunProgress) or body.phase != "ended":
        return ""
    return body.run if said_nothing(body) or body.result == RESTARTED else ""


def _page_of(properties: Properties) -> str:
    return str(properties.get("path") or properties.get("url") or "")


def _told(entry: Entry) -> Told:
    body = entry.what
    if isinstance(body, EventHappened):
        key = _key(body.name)
        detail = _DETAILS.get(key, key_properties)(body.properties)
        goods = _goods_of(body.properties) if key in _WITH_GOODS else ()
        return Told(
            entry.at,
            event_name(body.name),
            detail,
            _colour(body.name),
            goods=goods,
            is_order=key in _ORDERS,
            seq=entry.seq,
        )
    if isinstance(body, RunProgress):
        scenario = safe_line(body.scenario, 60)
        name = _("Scenario {name}").format(name=scenario)
        return Told(entry.at, name, run_words(body), "bot", scenario=scenario)
    if isinstance(body, PopupShown):
        return Told(entry.at, _("Pop-up shown"), safe_line(body.popup.title, 120), "bot")
    if isinstance(body, PopupEnded):
        filled = _joined(f"{key_text(name)} {value_text(value)}" for name, value in body.fields.items())
        name = _(OUTCOMES.get(body.outcome, marked("Pop-up ended")))
        return Told(entry.at, name, filled or safe_line(body.scenario, 80), "bot")
    return Told(entry.at, "")


OUTCOMES = {
    "submitted": marked("Pop-up filled in"),
    "clicked": marked("Pop-up clicked"),
    "closed": marked("Pop-up closed"),
    "timed_out": marked("Pop-up timed out"),
    "withdrawn": marked("Pop-up withdrawn"),
}


def _key(name: str) -> str:
    """Names of events are compared ignoring case, blanks and underscores, as the scenarios do."""
    return name.replace(" ", "").replace("_", "").casefold()


def _colour(name: str) -> str:
    key = _key(name)
    if key.startswith("order"):
        return "good"
    return "accent" if key.startswith(("productadded", "cart", "checkout", "payment")) else "text"


# --- The telling properties ---


def key_properties(properties: Properties) -> str:
    """The telling properties of any event in one line: product · price."""
    parts: list[str] = []
    for key in _TELLING:
        text = _text(properties, key)
        text = path_of(text) if key in ("url", "path") else text
        if text and text not in parts:
            parts.append(text)
        if len(parts) == 2:
            break
    parts += _sum(properties)
    if not parts:
        parts = [f"{key_text(key)} {value_text(value)}" for key, value in list(properties.items())[:2]]
    return _joined(parts)


def _nothing(_properties: Properties) -> str:
    return ""


def _visit(properties: Properties) -> str:
    """google / cpc · autumn where the link said so; else channel and host: search · www.google.com."""
    found = properties.get("utm")
    utm = found if isinstance(found, dict) else {}

    def part(name: str) -> str:
        return safe_line(utm.get(name) or utm.get(f"utm_{name}") or "", 60)

    campaign = part("campaign")
    if source := part("source"):
        return _joined((" / ".join(filter(None, (source, part("medium")))), campaign))
    return _joined(
        (channel_words(_text(properties, "channel")), host_of(_text(properties, "referrer")), campaign)
    )


def _section(properties: Properties) -> str:
    """The section's name; dresses/new → dresses › new."""
    name = next(filter(None, (_text(properties, key) for key in ("section", "category", "list_id"))), "")
    return " › ".join(part for part in name.split("/") if part)


def _product(properties: Properties) -> str:
    name = next(filter(None, (_text(properties, key) for key in ("name", "product_id", "sku"))), "")
    count = _number(properties, "quantity")
    price = _number(properties, "price")
    many = f"{count:g} × " if count and count != 1 else ""
    cost = money(price, _text(properties, "currency")) if price is not None else ""
    return _joined((many + name, cost))


def _goods(properties: Properties) -> str:
    """How many products, and what they come to: of a cart, a checkout, an order."""
    products = properties.get("products")
    count = len(products) if isinstance(products, list) else 0
    many = counted("{count} product", "{count} products", count) if count else ""
    return _joined((_text(properties, "order_id"), many, *_sum(properties)))


def _goods_of(properties: Properties) -> tuple[tuple[str, str], ...]:
    """Each product with what it costs in all: ("2 × Bulb", "9 EUR")."""
    products = properties.get("products")
    if not isinstance(products, list):
        return ()
    currency = _text(properties, "currency")
    return tuple(_good(one, currency) for one in products[:MAX_GOODS] if isinstance(one, dict))


def _good(product: Properties, currency: str) -> tuple[str, str]:
    name = next(filter(None, (_text(product, key) for key in ("name", "product_id", "sku"))), "—")
    count = _number(product, "quantity") or 1.0
    price = _number(product, "price")
    cost = money(price * count, _text(product, "currency") or currency) if price is not None else ""
    return (f"{count:g} × {name}" if count != 1 else name, cost)


def _search(properties: Properties) -> str:
    query = _text(properties, "query")
    return f"“{query}”" if query else ""


_DETAILS: dict[str, Callable[[Properties], str]] = {
    "sessionstarted": _visit,
    "sectionviewed": _section,
    "exitintent": _nothing,
    "productssearched": _search,
    "productlistviewed": _section,
    "productviewed": _product,
    "productadded": _product,
    "productremoved": _product,
    "productaddedtowishlist": _product,
    "cartviewed": _goods,
    "checkoutstarted": _goods,
    "ordercompleted": _goods,
    "orderupdated": _goods,
    "orderrefunded": _goods,
    "ordercancelled": _goods,
}
"""By event: what to tell of it, where that is not told by any property's name alone."""


def _text(properties: Properties, key: str) -> str:
    value = properties.get(key)
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return safe_line(value, 120) if is_plain else ""


def _number(properties: Properties, *keys: str) -> float | None:
    for key in keys:
        value = properties.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST:
            return float(value)
    return None


def _sum(properties: Properties) -> list[str]:
    amount = _number(properties, *_SUMS)
    return [] if amount is None else [money(amount, _text(properties, "currency"))]


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)
