"""The message under the cursor in the browser, as its real page: it follows the cursor and every change."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual.timer import Timer

from operator_console.designer.look.browser import BrowserPage, Draft
from operator_console.errors import FileProblem
from operator_console.inbox.asking import Asking
from operator_console.safe_text import safe_line
from operator_console.system_open import open_address
from operator_console.translation import _

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

FOLLOWS_AFTER = 0.3
"""Seconds the cursor rests until the page shows another message."""


class Browsing(Asking):
    """A mixin of a screen over a draft."""

    desk: Desk
    _page: BrowserPage | None = None
    """The page that is open."""
    _page_timer: Timer | None = None

    @abstractmethod
    def browsed(self) -> Draft | None:
        """What is looked at; None where there is nothing."""

    def action_browser(self) -> None:
        draft = self.browsed()
        if draft is None:
            self.tell(_("There is no message to be shown."))
        else:
            self.ask(self._open_page, draft, group="preview", exclusive=True)

    def follow_in_browser(self) -> None:
        """What is looked at has changed: the page that is open shows it."""
        if self._page_timer is not None:
            self._page_timer.stop()
        if self._page is not None:
            self._page_timer = self.set_timer(FOLLOWS_AFTER, self._follow)

    def _follow(self) -> None:
        draft = self.browsed()
        if draft is not None:
            self.ask(self._change_page, draft, group="preview", exclusive=True, quietly=True)

    async def _open_page(self, draft: Draft) -> None:
        page = BrowserPage(self.desk)
        address = await page.make(draft)
        self._page = page
        if self.app.is_web:
            self.app.open_url(address)
            return
        try:
            await open_address(address)
        except FileProblem:
            self.app.copy_to_clipboard(address)
            words = _("Open this address in a browser, it is in the clipboard: {address}")
            self.notify(safe_line(words.format(address=address), 300), markup=False, timeout=30)

    async def _change_page(self, draft: Draft) -> None:
        if self._page is not None and not await self._page.change(draft):
            self._page = None
            self.tell(_("The page in the browser is over: w opens another one."))
