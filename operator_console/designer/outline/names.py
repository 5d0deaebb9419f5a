"""What paths and events of a scenario are called in plain words."""

from __future__ import annotations

from functools import lru_cache

from operator_console.inbox.event_names import event_name
from operator_console.inbox.value_words import key_text
from operator_console.safe_text import safe_line
from operator_console.translation import _, marked, said
from scenarios_yaml.language.model import event_key
from scenarios_yaml.language.scalars import KNOWN_EVENTS

_PATHS = {
    "visitor.email": marked("email"),
    "visitor.phone": marked("phone"),
    "visitor.name": marked("name"),
    "visitor.city": marked("city"),
    "visitor.country": marked("country"),
    "visitor.device": marked("device"),
    "visitor.push": marked("notifications"),
    "visitor.locale": marked("language"),
    "visitor.timezone": marked("time zone"),
    "visitor.birthday": marked("birthday"),
    "visitor.tags": marked("tags"),
    "visitor.lists": marked("subscriptions"),
    "visitor.segments": marked("segments"),
    "visitor.visits": marked("number of visits"),
    "visitor.orders": marked("number of orders"),
    "visitor.revenue": marked("sum of all orders"),
    "visitor.viewed": marked("viewed products"),
    "cart.total": marked("cart total"),
    "cart.items": marked("cart"),
    "cart.id": marked("cart"),
    "cart.currency": marked("currency of the cart"),
    "order.total": marked("order total"),
    "order.id": marked("order"),
    "order.products": marked("products of the order"),
    "order.currency": marked("currency of the order"),
    "order.at": marked("time of the order"),
    "page.path": marked("page"),
    "page.url": marked("page address"),
    "page.title": marked("page title"),
    "page.section": marked("section of the shop"),
    "page.referrer": marked("page before"),
    "session.referrer": marked("where the visit came from"),
    "session.channel": marked("channel of the visit"),
    "session.utm.source": marked("campaign source"),
    "session.utm.medium": marked("campaign medium"),
    "session.utm.campaign": marked("campaign"),
    "session.landing": marked("first page of the visit"),
    "session.pages": marked("pages of the visit"),
    "event.name": marked("name of the product"),
    "event.price": marked("price"),
    "event.quantity": marked("quantity"),
    "event.category": marked("category"),
    "event.brand": marked("brand"),
    "event.section": marked("section"),
    "event.total": marked("sum"),
    "event.list": marked("list"),
    "event.tag": marked("tag"),
    "event.reason": marked("reason"),
    "event.rating": marked("rating"),
    "event.channel": marked("channel"),
    "event.depth": marked("scroll depth in percent"),
    "event.keyword": marked("word he wrote"),
    "event.text": marked("what he wrote"),
    "event.coupon": marked("promo code"),
    "run.code": marked("promo code"),
    "run.answer": marked("his answer"),
    "run.question": marked("his question"),
    "run.path": marked("his way through the answers"),
    "dialog.holder": marked("who holds the dialog"),
    "dialog.assignee": marked("who answers in the dialog"),
    "site.name": marked("name of the shop"),
    "site.url": marked("address of the shop"),
    "products": marked("products"),
    "currency": marked("currency"),
}
"""What the desk and the library keep. A shop's own names are shown as they are, with blanks for underscores."""


_AS_DOINGS = {
    "Page Viewed": marked("Page Viewed", "in a scenario"),
    "Section Viewed": marked("Section Viewed", "in a scenario"),
}
"""Events that the visitor's card names by what they are about, and a scenario by what he does."""


@lru_cache(maxsize=1024)
def _canonical(name: str) -> str:
    """`order_completed` is Order Completed; a name of the shop's own stays."""
    return _BY_KEY.get(event_key(name), name)


_BY_KEY = {event_key(name): name for name in KNOWN_EVENTS}


def event_words(name: str) -> str:
    """An event's name as it is shown, cleaned."""
    known = _canonical(name)
    return said("in a scenario", _AS_DOINGS[known]) if known in _AS_DOINGS else event_name(known)


def path_words(path: str) -> str:
    """What a path is called, cleaned: cart.total → cart total, visitor.shoe_size → shoe size."""
    if path in _PATHS:
        return _(_PATHS[path])
    root, _dot, rest = path.partition(".")
    name = key_text(" ".join([part for part in (rest or root).split(".") if not part.isdigit()]))
    if root == "order":
        return _("{name} of the order").format(name=name)
    if root == "dialog":
        return _("{name} of the dialog").format(name=name)
    return name


def slug_words(slug: str) -> str:
    """A name of the file's, cleaned."""
    return safe_line(slug, 80)
