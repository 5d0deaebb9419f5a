"""What can be done to all that is known of a visitor: block, merge, export, erase."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from operator_console.inbox.times import moment
from operator_console.person.around import Around
from operator_console.person.doings import VisitorDoings
from operator_console.person.erasing import EraseSheet
from operator_console.person.finding import VisitorFinder
from operator_console.person.merging import MergeSheet
from operator_console.received_files import save_new
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import ChangeVisitor, Erasure, VisitorCard


class PersonData(VisitorDoings):
    """A screen over one visitor's data."""

    def __init__(self, around: Around) -> None:
        super().__init__()
        self.around = around
        self.desk = around.desk
        self.me = around.me
        self.now = around.now
        self.zone = around.zone
        self.read_only = around.read_only
        self.downloads = around.downloads

    def tags_in_use(self) -> Sequence[tuple[str, int]]:
        return self.around.tags()

    def _is_admin(self, doing: str) -> bool:
        """Whether the server will let him; says so where not."""
        is_admin = self.me.role in ("owner", "admin")
        if not is_admin:
            self.tell(_("Only admins may {what}.").format(what=doing))
        return is_admin

    def action_block(self) -> None:
        card = self._card_to_change()
        if card is None:
            return
        done = (
            _("What he writes is taken again.")
            if card.blocked
            else _("Nothing of his is taken any more. X again ends it.")
        )
        self.change_visitor(card.id, ChangeVisitor(blocked=not card.blocked), done)

    # --- Merge ---

    def action_merge(self) -> None:
        card = self._card_to_change()
        if card is None or not self._is_admin(_("merge visitors")):
            return

        def found(gone: str) -> None:
            self.app.push_screen(MergeSheet(self.around, card, gone, merged=self._merged))

        self.app.push_screen(VisitorFinder(self.around, without=card.id, chosen=found))

    def _merged(self) -> None:
        self.tell(_("They are one now."))
        self.action_reload()

    @abstractmethod
    def leave(self) -> None:
        """Close the screen."""

    @abstractmethod
    def action_reload(self) -> None:
        """Read the card again."""

    # --- Export ---

    def action_export(self) -> None:
        card = self.shown_card
        if card is not None and self._is_admin(_("export what is known of a person")):
            self.ask(self._export, card, group="export", exclusive=True)

    async def _export(self, card: VisitorCard) -> None:
        content = await self.desk.export_visitor(card.id)
        try:
            # It is about a person: nobody else on this machine is to read it.
            path = save_new(self.downloads, self._export_name(card), content, mode=0o600)
        except OSError as error:
            self.tell(_("It could not be saved: {reason}").format(reason=error.strerror or error))
            return
        if self.app.is_web:
            self.hand_over(path)
        else:
            self.tell(_("Saved as {path}").format(path=path))

    def _export_name(self, card: VisitorCard) -> str:
        return f"{called(card.name or card.email, card.id)} {moment(self.now(), self.zone):%Y-%m-%d}.json"

    # --- Erase ---

    def action_erase(self) -> None:
        card = self._card_to_change()
        if card is None or not self._is_admin(_("erase a person")):
            return

        def sure(is_sure: bool | None) -> None:
            if is_sure:
                self.ask(self._erase, card.id, group="erase", exclusive=True)

        self.app.push_screen(EraseSheet(card), sure)

    async def _erase(self, visitor: str) -> None:
        self.tell(erased_words(await self.desk.erase_visitor(visitor)))
        self.leave()


def erased_words(gone: Erasure) -> str:
    """What there was, and is no more."""
    parts = (
        counted("{count} entry", "{count} entries", gone.entries),
        counted("{count} message", "{count} messages", gone.messages),
        counted("{count} file", "{count} files", gone.files),
        counted("{count} dialog", "{count} dialogs", gone.dialogs),
    )
    return _("Erased: {what}.").format(what=", ".join(parts))
