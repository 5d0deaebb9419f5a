"""The full card is left at the very moment at which something happens to its visitor."""

from __future__ import annotations

import asyncio


class TestLeavingTheFullCard:
    async def test_what_comes_while_it_is_taken_down_is_not_its_business(self, served, full_card) -> None:
        """Its panes go before the screen does: what the stream brings in between must find neither."""
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            screen = await full_card(it, "Anna")
            visitor = screen.visitor
            entries = list((await served.owner.events(visitor)).entries)
            screen.leave()
            while screen.is_attached:
                it.inbox.take_history({visitor}, entries)
                await asyncio.sleep(0)
            it.inbox.take_history({visitor}, entries)
            await it.until(lambda: it.app.screen is it.inbox)
