"""The widget in the browser, as its real page, with the look that is being set: it follows what is typed."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual.timer import Timer

from operator_console.errors import FileProblem, Refused
from operator_console.inbox.asking import Asking
from operator_console.safe_text import safe_line
from operator_console.system_open import open_address
from operator_console.translation import _, spoken
from server_stub.protocol import MAX_LOOK_CHARS, MakePreview, PreviewSample, WidgetLook, WriteLook

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

FOLLOWS_AFTER = 0.3
"""Seconds of rest after which the page follows."""
GONE = 404


class Browsing(Asking):
    """A mixin of the screen. The desk keeps the page for an hour after its last change."""

    desk: Desk
    _page_id = ""
    """Of the page that is open."""
    _page_timer: Timer | None = None

    @abstractmethod
    def seen_look(self) -> WidgetLook:
        """The look to be shown, as far as it can be."""

    def action_browser(self) -> None:
        self.ask(self._open_page, group="preview", exclusive=True)

    def follow_in_browser(self) -> None:
        """The look has changed: the page that is open shows it."""
        if self._page_timer is not None:
            self._page_timer.stop()
        if self._page_id:
            self._page_timer = self.set_timer(FOLLOWS_AFTER, self._follow)

    def _follow(self) -> None:
        self.ask(self._change_page, group="preview", exclusive=True, quietly=True)

    async def _open_page(self) -> None:
        preview = await self.desk.make_preview(self._request())
        self._page_id = preview.id
        address = self.desk.url.rstrip("/") + preview.url
        if self.app.is_web:
            self.app.open_url(address)
        else:
            try:
                await open_address(address)
            except FileProblem:
                self.app.copy_to_clipboard(address)
                words = _("Open this address in a browser, it is in the clipboard: {address}")
                self.notify(safe_line(words.format(address=address), 300), markup=False, timeout=30)
                return
        self.tell(_("It is open in the browser, and follows what you change."))

    async def _change_page(self) -> None:
        try:
            await self.desk.change_preview(self._page_id, self._request())
        except Refused as error:
            if error.status != GONE:
                raise
            self._page_id = ""
            self.tell(_("The page in the browser is over: Ctrl+O opens another one."))

    def _request(self) -> MakePreview:
        look = self.seen_look()
        write = WriteLook(
            title=look.title[:MAX_LOOK_CHARS],
            colour=look.colour,
            theme=look.theme,
            side=look.side,
            greeting=look.greeting[:MAX_LOOK_CHARS],
        )
        return MakePreview("", "", PreviewSample(locale=spoken()), look=write)
