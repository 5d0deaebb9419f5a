"""Screens that ask the desk: in the background, and what goes wrong is told in a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.css.query import NoMatches
from textual.worker import WorkType

from operator_console.errors import DeskError, ServerFault, Unreachable
from operator_console.inbox.everywhere import Everywhere
from operator_console.inbox.feed_lines import LINK
from operator_console.safe_text import safe_line
from operator_console.translation import _


class Asking(Everywhere):
    """A screen over a desk."""

    read_only = False
    """Whether the console was opened for reading only."""

    def may_change(self) -> bool:
        """Whether this console may change anything; says so where not."""
        if self.read_only:
            self.tell(_("This console was opened for reading only."))
        return not self.read_only

    def ask(
        self,
        doing: Callable[..., Awaitable[Any]],
        *arguments: Any,
        group: str = "asks",
        exclusive: bool = False,
        quietly: bool = False,
    ) -> None:
        """Ask the desk in the background: `doing(*arguments)`. An error becomes a notification.

        `quietly`: nobody asked for it, so a broken connection, which the state bar shows, is not told again.
        """
        # A function, not a coroutine: one that is overtaken before it begins would never be awaited.
        asked: WorkType[None] = partial(self._asked, doing, arguments, quietly)
        self.run_worker(asked, group=group, exclusive=exclusive, exit_on_error=True)

    async def _asked(
        self, doing: Callable[..., Awaitable[Any]], arguments: tuple[Any, ...], quietly: bool
    ) -> None:
        try:
            await doing(*arguments)
        except DeskError as error:
            if not (quietly and isinstance(error, Unreachable | ServerFault)):
                self.complain(error)
        except NoMatches:
            # Closed while the desk was asked: its widgets are gone, and there is nobody to be shown anything.
            if self.is_attached and self.display:
                raise

    def complain(self, error: DeskError) -> None:
        """Show an error for a while."""
        self.notify(
            safe_line(f"{error.message} {error.advice}", 400),
            title=safe_line(error.title, 100),
            severity="error",
            markup=False,
            timeout=8,
        )

    def open_link(self, url: str) -> None:
        """Open a link of somebody else in the browser: only http and https."""
        clean = safe_line(url, 2000)
        if LINK.fullmatch(clean):
            self.app.open_url(clean)
            self.tell(_("Opened {url}").format(url=clean))
        else:
            self.tell(_("Not a link of the web: {url}").format(url=clean))

    def tell(self, text: str) -> None:
        """Show a short note for a while. `text` may quote others."""
        self.notify(safe_line(text, 300), markup=False, timeout=4)
