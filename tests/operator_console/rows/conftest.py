"""An operator at the real console: what he presses, and what he sees in which pane."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from server_stub.protocol import Message, MessageAgain, NewMessage, Welcome

MINUTE = 60_000
HOUR = 60 * MINUTE


class Seat:
    """Somebody who sits at a console. `console` is a RunningConsole; all that it has can be asked here, too."""

    def __init__(self, console: Any) -> None:
        self.console = console

    def __getattr__(self, name: str) -> Any:
        return getattr(self.console, name)

    # --- Eyes ---

    async def until(self, condition: Callable[[], Any], what: str = "") -> Any:
        """Waits for a condition with a deadline; in vain, it says what stands on the screen by then."""
        try:
            return await self.console.until(condition, what or "a condition")
        except AssertionError as error:
            raise AssertionError(f"{error}; on the screen:\n{self.text()}") from None

    def pane(self, selector: str) -> list[str]:
        """The lines of one part of the inbox as they stand on the screen."""
        region = self.inbox.query_one(selector).region
        lines = self.text().split("\n")[region.y : region.bottom]
        return [line.ljust(region.right)[region.x : region.right] for line in lines]

    def row(self, name: str) -> str:
        """The two lines of the dialog list about that visitor; empty where he is not there."""
        lines = self.pane("DialogList")
        for above, below in zip(lines[::2], lines[1::2], strict=False):
            if name in above:
                return f"{above}\n{below}"
        return ""

    def listed(self, *names: str) -> list[str]:
        """Those of these visitors who stand in the dialog list, from above."""
        lines = self.pane("DialogList")[::2]
        places = {name: number for name in names for number, line in enumerate(lines) if name in line}
        return sorted(places, key=places.__getitem__)

    def is_above(self, *texts: str) -> bool:
        """Whether each of these stands on the screen, each on a line below the one before."""
        lines = self.text().split("\n")
        at = -1
        for text in texts:
            at = next(
                (number for number, line in enumerate(lines) if number > at and text in line), len(lines)
            )
        return at < len(lines)

    async def sees_in_order(self, *texts: str) -> None:
        """Waits until all of it stands on the screen, each on a line below the one before."""
        await self.until(lambda: self.is_above(*texts), f"{texts} from above")

    async def sees(self, *texts: str) -> None:
        """Waits until all of it stands on the screen."""
        for text in texts:
            await self.until(lambda text=text: text in self.text(), f"{text!r}")

    async def sees_no(self, text: str) -> None:
        """Waits until it stands there no more."""
        await self.until(lambda: text not in self.text(), f"{text!r} to go")

    async def row_shows(self, name: str, *texts: str) -> None:
        """Waits until the visitor's row of the list has it."""
        await self.until(
            lambda: (row := self.row(name)) and all(text in row for text in texts),
            f"{texts} in the row of {name}",
        )

    async def lists(self, *names: str, of: tuple[str, ...] = ()) -> None:
        """Waits until these visitors, in this order, are those of `of` whom the list shows."""
        known = of or names
        await self.until(lambda: self.listed(*known) == list(names), f"{names} of {known} in this order")

    # --- Hands ---

    async def type(self, text: str) -> None:
        """Into the field that has the keys, as fast as a terminal brings letters."""
        await self.until(lambda: isinstance(self.app.focused, Input | TextArea), "a field to write in")
        for letter in text:
            self.app.post_message(events.Key(_character_to_key(letter), letter))
        await self.pilot.pause()

    async def to_list(self) -> None:
        """Esc until the list has the keys."""
        for _ in range(4):
            if self.app.screen is self.inbox and self.app.focused is self.inbox.dialogs:
                return
            await self.press("escape")
        raise AssertionError(f"Esc does not lead to the list:\n{self.text()}")

    async def opens(self, name: str) -> str:
        """Goes down the list to that visitor, and into the conversation. The dialog's id."""
        await self.until(lambda: self.row(name), f"{name} in the list")
        await self.to_list()
        await self.press("g")
        for _ in range(20):
            row = self.inbox.mirror.rows.get(self.inbox.dialogs.cursor)
            if row is not None and row.visitor_name == name:
                break
            await self.press("j")
        await self.press("enter")
        await self.until(
            lambda: (
                self.inbox.row is not None
                and self.inbox.row.visitor_name == name
                and self.inbox.feed is not None
            ),
            f"the dialog of {name} to open",
        )
        return str(self.inbox.row.id)

    async def writes(self, text: str, *then: str, key: str = "r") -> None:
        """Into the composer, by its key; and what is pressed behind it (Enter unless told)."""
        if not self.inbox.composer.text_area.has_focus:
            await self.press(key)
            await self.until(lambda: self.inbox.composer.text_area.has_focus, "the composer")
        await self.type(text)
        await self.until(lambda: self.inbox.composer.text.endswith(text), f"{text!r} in the composer")
        await self.press(*(then or ("enter",)))

    async def scrolls_to(self, text: str, key: str = "g") -> None:
        """To the top of the conversation, again and again as older messages load, until it stands there."""
        await self.until(
            lambda: self.app.focused is self.inbox.feed_view, "the conversation to have the keys"
        )
        for _ in range(200):
            if text in self.text():
                return
            await self.press(key)
            await self.pilot.pause(0.02)
        raise AssertionError(f"{text!r} does not come:\n{self.text()}")

    async def picks(self, words: str, title: str = "") -> None:
        """In a picker that is open: types to find, and takes what is found."""
        if title:
            await self.sees(title)
        await self.until(lambda: self.app.screen is not self.inbox, "a picker")
        await self.type(words)
        await self.press("enter")


@pytest.fixture
def seat() -> Callable[..., AbstractAsyncContextManager[Seat]]:
    """`async with seat(served) as it:` a console with somebody at it; options as of `served.console`."""

    @asynccontextmanager
    async def sitting(served: Any, *args: Any, **options: Any) -> AsyncIterator[Seat]:
        async with served.console(*args, **options) as console:
            yield Seat(console)

    return sitting


@pytest.fixture
def page_hears() -> Callable[..., Any]:
    """`await page_hears(visitor, "text")`: the message with that text, once it is on the visitor's page."""

    async def hear(visitor: Any, text: str) -> Message:
        async with asyncio.timeout(10):
            while True:
                reply = await visitor.page.heard.get()
                # After a break, what was missed comes with the welcome.
                missed = reply.messages if isinstance(reply, Welcome) else ()
                came = (reply.message,) if isinstance(reply, NewMessage | MessageAgain) else missed
                for message in came:
                    if text in message.text:
                        return message

    return hear


@pytest.fixture
def dialog_of() -> Callable[..., Any]:
    """`await dialog_of(served, "Anna")`: the visitor's latest dialog as the REST API tells it."""

    async def read(served: Any, name: str) -> Any:
        page = await served.owner.dialogs(status="")
        return max((one for one in page.dialogs if one.visitor_name == name), key=lambda one: one.last_at)

    return read
