"""What of a visitor has an address on the web."""

from __future__ import annotations

from operator_console.inbox.feed_lines import LINK
from operator_console.inbox.value_words import host_of
from operator_console.safe_text import safe_line
from operator_console.translation import _
from server_stub.protocol import VisitorCard

MAX_PROPERTIES = 200


def links_of(card: VisitorCard) -> list[tuple[str, str]]:
    """(what it is, address), each address once: his accounts, the page he is on, his cart, where he came from."""
    found: list[tuple[str, str]] = []
    for profile in card.profiles:
        found.append((f"{profile.source}: {profile.name or host_of(profile.url)}", profile.url))
        found += [(link.label or host_of(link.url), link.url) for link in profile.links]
    found.append((_("The page he is on"), card.page.url))
    found += [(item.name or item.product_id, item.url) for item in card.cart.items]
    for name, value in list(card.properties.items())[:MAX_PROPERTIES]:
        if isinstance(value, str):
            found.append((name, value))
    for touch in (card.last_touch, card.first_touch):
        found += [(_("Where he came from"), touch.referrer), (_("Where he landed"), touch.landing)]
    unique: dict[str, str] = {}
    for label, url in found:
        clean = safe_line(url, 2000)
        if LINK.fullmatch(clean):
            unique.setdefault(clean, label)
    return [(label, url) for url, label in unique.items()]
