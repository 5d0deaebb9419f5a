"""Small pictures of what is in a cart, fetched once each and kept while the full card is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from operator_console.inbox.pictures import Thumbnail
from operator_console.person.fetching import NotFetched, fetch_picture
from server_stub.protocol import VisitorCard

CELLS = 14
LINES = 5
MOST = 24
"""Pictures of one cart."""
AT_ONCE = 4


class Thumbnails:
    """By address. `arrived` is called for each that has come."""

    def __init__(self, arrived: Callable[[], None]) -> None:
        self._arrived = arrived
        self._pictures: dict[str, Thumbnail | None] = {}
        """None: it is asked for, or there is none."""

    def of(self, url: str) -> Thumbnail | None:
        """The picture, where it is here."""
        return self._pictures.get(url)

    def wanted(self, card: VisitorCard) -> list[str]:
        """Addresses that nobody has asked for yet; they are asked for from now on."""
        urls = [profile.avatar_url for profile in card.profiles]
        urls += [item.image_url for item in card.cart.items[:MOST]]
        wanted = list(dict.fromkeys(url for url in urls if url and url not in self._pictures))
        self._pictures.update(dict.fromkeys(wanted))
        return wanted

    async def load(self, urls: Sequence[str], ground: str, site_url: str) -> None:
        """Fetch pictures, a few at once; those that cannot be shown are left out. `ground` is #rrggbb."""
        gate = asyncio.Semaphore(AT_ONCE)
        try:
            own_host = urlsplit(site_url).hostname or ""
        except ValueError:
            own_host = ""
        await asyncio.gather(*(self._load_one(gate, url, ground, own_host) for url in urls))

    async def _load_one(self, gate: asyncio.Semaphore, url: str, ground: str, own_host: str) -> None:
        # Pillow would cost every start of the console.
        from operator_console.inbox.picture_cells import NoPicture, thumbnail

        async with gate:
            try:
                content = await fetch_picture(url, own_host)
                picture = await asyncio.to_thread(thumbnail, content, ground, CELLS, LINES)
            except (NotFetched, NoPicture):
                return  # the cart's line stands there without it
        self._pictures[url] = picture
        self._arrived()
