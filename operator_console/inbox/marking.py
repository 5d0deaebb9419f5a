"""What is done to several dialogs at once: the keys for one act on all that are marked, while the list has the focus.

Whoever has gone into a conversation means that one. What the desk refuses is told in one summary, and stays marked.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import UNSET
from textual import on

from operator_console.inbox.dialog_list import MAX_MARKED, DialogList
from operator_console.inbox.saved_filters import SavedFilters
from operator_console.mirror import Filter
from operator_console.safe_text import safe_line
from operator_console.server_words import from_server
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import BulkChange, BulkRefusal, ChangeDialog, DialogSummary

NAMES_TOLD = 3
"""Of those with whom something went wrong."""


class Marking(SavedFilters):
    """The marks' part of the inbox."""

    @on(DialogList.Marked)
    def _marked(self, event: DialogList.Marked) -> None:
        self.list_header.marked = event.count
        self.list_header.refresh()
        if event.is_full:
            self.tell(_("More than {count} cannot be marked at once.").format(count=MAX_MARKED))

    def action_mark_all(self) -> None:
        self.dialogs.action_mark_all()

    def action_unmark(self) -> None:
        self.dialogs.action_unmark()

    def set_filter(self, wanted: Filter) -> None:
        super().set_filter(wanted)
        # Nothing is done to a dialog that is not seen.
        listing, rows = self.dialogs, self.mirror.rows
        listing.unmark([key for key in listing.marked if key not in rows or not listing.fits(rows[key])])

    def marked(self) -> tuple[DialogSummary, ...]:
        """The dialogs on which a command acts: none where it acts on the open one."""
        if self.focused is not self.dialogs:
            return ()
        rows = self.mirror.rows
        return tuple(rows[dialog] for dialog in self.dialogs.marked if dialog in rows)

    # --- The keys for one dialog ---

    def _change_dialog(self, change: ChangeDialog, done: str) -> None:
        if marked := self.marked():
            self._change_marked(marked, change)
        else:
            super()._change_dialog(change, done)

    def action_take(self) -> None:
        if marked := self.marked():
            is_all_mine = all(row.assignee == self.mirror.me for row in marked)
            self._change_marked(marked, ChangeDialog(assignee="" if is_all_mine else "me"))
        else:
            super().action_take()

    def action_close(self) -> None:
        if marked := self.marked():
            is_all_closed = all(row.status == "closed" for row in marked)
            self._change_marked(marked, ChangeDialog(status="open" if is_all_closed else "closed"))
        else:
            super().action_close()

    def action_tags(self) -> None:
        marked = self.marked()
        if not marked:
            super().action_tags()
            return
        if not self.may_change():
            return
        on_all = tuple(tag for tag in marked[0].tags if all(tag in row.tags for row in marked))

        def toggle(tag: str | None) -> None:
            if tag:
                change = ChangeDialog(remove_tags=(tag,)) if tag in on_all else ChangeDialog(add_tags=(tag,))
                self._change_marked(marked, change)

        title = counted("Tags of {count} dialog", "Tags of {count} dialogs", len(marked))
        self._pick_tag(title, on_all, toggle)

    # --- All of them ---

    def _change_marked(self, marked: tuple[DialogSummary, ...], change: ChangeDialog) -> None:
        if self.may_change():
            self.ask(self._change_all, tuple(row.id for row in marked), change)

    async def _change_all(self, dialogs: tuple[str, ...], change: ChangeDialog) -> None:
        if change.status is not UNSET or change.holder is not UNSET:
            await self.let_go("")  # what is held in any of them goes out first
        result = await self.desk.bulk(BulkChange(dialogs, change))
        changed = {row.id for row in result.changed}
        self.dialogs.unmark(changed)
        self.dialogs.release()
        done = counted("{count} dialog is changed.", "{count} dialogs are changed.", len(changed))
        if not result.refused:
            self.tell(done)
            return
        self.notify(
            safe_line(f"{done} {self._refusals(result.refused)}", 600),
            title=counted("{count} was refused", "{count} were refused", len(result.refused)),
            severity="warning",
            markup=False,
            timeout=12,
        )

    def _refusals(self, refused: Iterable[BulkRefusal]) -> str:
        """Each reason once, with some of those whom it is about."""
        by_reason: dict[str, list[str]] = {}
        for one in refused:
            row = self.mirror.rows.get(one.dialog)
            who = str(called(row.visitor_name, row.visitor)) if row else one.dialog
            by_reason.setdefault(from_server(one.problem.detail), []).append(who)
        told: list[str] = []
        for reason, names in by_reason.items():
            more = f" +{len(names) - NAMES_TOLD}" if len(names) > NAMES_TOLD else ""
            told.append(f"{reason} ({', '.join(names[:NAMES_TOLD])}{more})")
        return " ".join(told)
