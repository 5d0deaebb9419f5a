"""The message under the cursor in the browser, as its real page: it follows the cursor and every change."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from operator_console.errors import Refused
from operator_console.inbox.asking import Asking
from operator_console.translation import _, spoken
from server_stub.protocol import MakePreview, PreviewSample

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

FOLLOWS_AFTER = 0.3
"""Seconds the cursor rests until the page shows another message."""
GONE = 404


class Browsing(Asking):
    """A mixin of a screen over a draft."""

    desk: Desk
    _preview_id = ""
    """The page that is open; empty where none is."""

    @abstractmethod
    def browsed(self) -> tuple[str, str] | None:
        """The draft's text, and the place of the step that is looked at; None where there is none."""

    def action_browser(self) -> None:
        self.ask(self._open_page, group="preview", exclusive=True)

    def follow_in_browser(self) -> None:
        """What is looked at has changed: the page that is open shows it."""
        if self._preview_id:
            self.set_timer(
                FOLLOWS_AFTER,
                lambda: self.ask(self._change_page, group="preview", exclusive=True, quietly=True),
            )

    def _request(self) -> MakePreview | None:
        looked_at = self.browsed()
        return MakePreview(*looked_at, PreviewSample(locale=spoken())) if looked_at is not None else None

    async def _open_page(self) -> None:
        request = self._request()
        if request is None:
            self.tell(_("There is no message to be shown."))
            return
        preview = await self.desk.make_preview(request)
        self._preview_id = preview.id
        self.open_link(f"{self.desk.url}{preview.url}")

    async def _change_page(self) -> None:
        request = self._request()
        if request is None:
            return
        try:
            await self.desk.change_preview(self._preview_id, request)
        except Refused as error:
            if error.status != GONE:
                raise
            self._preview_id = ""  # it was not looked at for an hour: `w` opens another
