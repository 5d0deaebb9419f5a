"""What an operator does to a dialog: each asks the desk, and says in a line what went wrong.

A mixin of `InboxScreen`, which gives the desk, the mirror and the open dialog.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec import UNSET

from operator_console.inbox.dialog_sheets import Handed, TransferSheet
from operator_console.inbox.opening import Opening
from operator_console.inbox.sheets import Choice, Picker
from operator_console.translation import _, counted
from server_stub.protocol import ChangeDialog, DialogSummary, Operator

if TYPE_CHECKING:
    from operator_console.mirror import Mirror


class Doings(Opening):
    """Actions that change something at the desk."""

    mirror: Mirror

    @property
    @abstractmethod
    def row(self) -> DialogSummary | None:
        """The open dialog."""

    @abstractmethod
    async def let_go(self, dialog: str) -> None:
        """Before the dialog ends or changes hands: what is held of its messages goes out first."""

    def _change_dialog(self, change: ChangeDialog, done: str) -> None:
        """Ask the desk for a change of the open dialog, and say what was done."""
        row = self.row
        if row is None or not self.may_change():
            return

        async def doing() -> None:
            if change.status is not UNSET or change.holder is not UNSET:
                await self.let_go(row.id)
            await self.desk.change_dialog(row.id, change)
            self.tell(done)

        self.ask(doing)

    def action_take(self) -> None:
        row = self.row
        if row is not None and row.assignee == self.mirror.me:
            self._change_dialog(ChangeDialog(assignee=""), _("Nobody has this dialog now."))
        else:
            self._change_dialog(ChangeDialog(assignee="me"), _("The dialog is yours."))

    def action_close(self) -> None:
        row = self.row
        if row is not None and row.status == "closed":
            self._change_dialog(ChangeDialog(status="open"), _("Open again."))
        else:
            self._change_dialog(ChangeDialog(status="closed"), _("Closed. c opens it again."))

    def action_assign(self) -> None:
        row = self.row
        if row is None or not self.may_change():
            return
        people = sorted(self.mirror.operators.values(), key=lambda one: (not one.online, one.away, one.name))
        choices = [_operator_choice(operator, has_it=operator.id == row.assignee) for operator in people]
        choices.append(Choice("", _("Nobody"), _("whoever takes it")))

        def assign(handed: Handed | None) -> None:
            if handed is None:
                return
            known = self.mirror.operators.get(handed.operator)
            change = ChangeDialog(assignee=handed.operator)
            if handed.note:
                change = ChangeDialog(assignee=handed.operator, note=handed.note, client_id=uuid4().hex)
            said = (
                _("Assigned to {name}.").format(name=known.name)
                if known
                else _("Nobody has this dialog now.")
            )
            self._change_dialog(change, said)

        self.app.push_screen(TransferSheet(choices), assign)

    def action_tags(self) -> None:
        row = self.row
        if row is None or not self.may_change():
            return

        def toggle(tag: str | None) -> None:
            if not tag:
                return
            if tag in row.tags:
                self._change_dialog(ChangeDialog(remove_tags=(tag,)), _("Tag {tag} removed.").format(tag=tag))
            else:
                self._change_dialog(ChangeDialog(add_tags=(tag,)), _("Tagged {tag}.").format(tag=tag))

        self._pick_tag(_("Tags of the dialog"), row.tags, toggle)

    def _pick_tag(self, title: str, has: tuple[str, ...], then: Callable[[str | None], None]) -> None:
        choices = [Choice(tag, f"✓ {tag}", _("choose to remove")) for tag in has]
        choices += [
            Choice(tag, tag, counted("{count} open", "{count} open", count))
            for tag, count in self.mirror.tags()
            if tag not in has
        ]
        self.app.push_screen(
            Picker(title, choices, new=_("type to find, or a new tag"), empty=_("No tags yet.")), then
        )


def _operator_choice(operator: Operator, *, has_it: bool) -> Choice:
    state = (
        _("away") if operator.online and operator.away else _("here") if operator.online else _("not here")
    )
    facts = [state]
    if operator.dialogs:
        facts.append(counted("{count} dialog", "{count} dialogs", operator.dialogs))
    if has_it:
        facts.append(_("has it now"))
    return Choice(operator.id, operator.name, " · ".join(facts))
