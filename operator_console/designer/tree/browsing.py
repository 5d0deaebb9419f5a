"""The step under the cursor in a browser, as a visitor sees it: the page follows every edit, kept or only typed."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.timer import Timer

from operator_console.designer.around import DesignAround
from operator_console.designer.look.browser import BrowserPage, Draft, step_again
from operator_console.designer.look.of_form import seen_step
from operator_console.designer.tree.view import TreeView
from operator_console.errors import DeskError, FileProblem, Unreachable
from operator_console.inbox.asking import Asking
from operator_console.safe_text import safe_line
from operator_console.system_open import open_address
from operator_console.translation import _, spoken
from scenarios_yaml.language.editing.document import Document, Plain
from server_stub.protocol import Me

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

LOOKED_AFTER = 0.05
"""Seconds between two looks at whether the draft has changed, while a page shows it."""
FOLLOWED_AFTER = 0.3
"""Seconds of rest after which the page follows."""
RETRIED_AFTER = 2.0
"""Seconds until a desk that did not answer is told again."""


@dataclass(slots=True)
class Browsed:
    """A page in the browser: what it was told to show, by what the draft is known to be another one (`mark`), and since
    when that rests.
    """

    page: BrowserPage
    timer: Timer
    shown: Draft | None
    mark: tuple[object, ...] = ()
    marked_at: float = 0.0
    is_to_follow: bool = False
    is_asking: bool = False
    has_complained: bool = False


class Browsing(Asking):
    """A mixin of the tree's screen. Nothing of it runs before a page was asked for."""

    desk: Desk
    document: Document
    around: DesignAround
    _me: Me
    _browsed: Browsed | None = None
    _browsed_step: tuple[str, Plain, int] = ("", "", -1)
    """The step that was seen last: its place, what stood there, in which revision of the document."""
    draft_of_form: Callable[[], Draft | None] | None = None
    """Of the form in front of the tree: what is typed there."""

    @property
    @abstractmethod
    def tree_view(self) -> TreeView:
        """The tree."""

    @property
    def site(self) -> Mapping[str, Any]:
        """What texts may say of the shop."""
        return {"name": self._me.site, "url": self._me.site_url}

    def action_browse(self) -> None:
        """Show the step under the cursor, or the one in front of it in a form, in the browser."""
        draft = self._draft_to_browse()
        if draft is None:
            self.tell(_("A visitor sees nothing of this row. Choose a message, a pop-up or a letter."))
        else:
            self.ask(self._open_page, draft, group="page", exclusive=True)

    async def _open_page(self, draft: Draft) -> None:
        page = BrowserPage(self.desk)
        address = await page.make(draft)
        self.end_page()
        self._browsed = Browsed(page, self.set_interval(LOOKED_AFTER, self._look_at_draft), draft)
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

    def end_page(self) -> None:
        """Follow no more. The desk forgets the page by itself."""
        if self._browsed is not None:
            self._browsed.timer.stop()
        self._browsed = None

    def _draft_to_browse(self) -> Draft | None:
        """What is to be seen now: of the form in front, of the row under the cursor, else what was seen last."""
        if self.draft_of_form is not None and (draft := self.draft_of_form()) is not None:
            return draft
        row, document = self.tree_view.row, self.document
        step = seen_step(document, row.place) if row is not None else ""
        before, said, revision = self._browsed_step
        if not step and before:
            step = before if document.revision == revision else step_again(document, before, said)
        if (step, document.revision) != (before, revision):
            self._browsed_step = (step, document.value(step) if step else "", document.revision)
        return Draft(document.text, step, spoken()) if step else None

    # --- Following ---

    def _look_at_draft(self) -> None:
        """Whether the page is to follow: something has changed, and rests. Before that the file is not read for it."""
        browsed, row = self._browsed, self.tree_view.row
        if browsed is None:
            return
        typed = self.draft_of_form() if self.draft_of_form is not None else None
        mark = (self.document.revision, row.place if row is not None else "", typed)
        if mark != browsed.mark:
            browsed.mark, browsed.marked_at, browsed.is_to_follow = mark, time.monotonic(), True
        rested = time.monotonic() - browsed.marked_at
        if not browsed.is_to_follow or browsed.is_asking or rested < FOLLOWED_AFTER:
            return
        browsed.is_to_follow = False
        draft = self._draft_to_browse()
        if draft is not None and draft != browsed.shown:
            browsed.shown, browsed.is_asking = draft, True
            self.run_worker(self._let_page_follow(browsed, draft), group="page follows", exit_on_error=True)

    async def _let_page_follow(self, browsed: Browsed, draft: Draft) -> None:
        try:
            if not await browsed.page.change(draft):
                self.tell(_("The page in the browser is over: w opens another one."))
                self.end_page()
            browsed.has_complained = False
        except DeskError as error:
            if isinstance(error, Unreachable):
                # Once more, until the desk answers again.
                browsed.shown, browsed.is_to_follow = None, True
                browsed.marked_at = time.monotonic() + RETRIED_AFTER
            elif not browsed.has_complained:
                self.tell(_("The page in the browser waits: {reason}").format(reason=error.message))
                browsed.has_complained = True
        finally:
            browsed.is_asking = False
