"""Carries out what the engine wants done: each effect becomes entries and rows of the same transaction."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from scenarios_yaml.engine import effects
from scenarios_yaml.engine.stimuli import CouponTaken, Stimulus
from server_stub.desk import conversations
from server_stub.desk.shown import message_of, popup_of
from server_stub.desk.transaction import Transaction
from server_stub.ids import shard_of
from server_stub.protocol import (
    Author,
    DialogSummary,
    EventHappened,
    Holder,
    Message,
    MessageChanged,
    Origin,
    OutboxChanged,
    OutboxItem,
    PopupEnded,
    PopupShown,
    QuestionClosed,
    VisitorChanged,
)
from server_stub.store.base import OutboxRow

_NAMING = {"name", "email"}
"""Properties after which a visitor may be called something else."""


class Performer:
    """Carries out the effects of one answer of the engine. `dialog` is the visitor's open dialog as it was before."""

    def __init__(self, tx: Transaction, visitor: str, dialog: DialogSummary | None, at: int) -> None:
        self._tx = tx
        self._visitor = visitor
        self.dialog = dialog
        self._at = at
        self.asked: list[Stimulus] = []
        """What the engine is to be told in turn."""
        self.covered: set[str] = set()
        """Properties of whose change an effect has told."""
        self.covered_tags: set[str] = set()

    def perform(self, effect: effects.Effect) -> None:
        match effect:
            case effects.SendChat():
                self._send_chat(effect)
            case effects.OptionChosen():
                self._option_chosen(effect)
            case effects.QuestionClosed():
                self._question_closed(effect)
            case effects.ShowPopup():
                self._show_popup(effect)
            case effects.HidePopup():
                self._hide_popup(effect)
            case effects.Send():
                self._plan(effect)
            case effects.TakeCoupon():
                self.asked.append(CouponTaken(effect.run, self._tx.settings.coupons.get(effect.pool, "")))
            case _:
                self._perform_other(effect)

    def _perform_other(self, effect: effects.Effect) -> None:
        tx, at = self._tx, self._at
        match effect:
            case effects.ChangeProperties():
                self._change_properties(effect)
            case effects.EmitEvent():
                what = EventHappened(effect.name, effect.properties, scenario=effect.scenario)
                tx.record(what, at, self._visitor)
            case effects.HandOff():
                self._hand_off(effect)
            case effects.AssignDialog():
                self._change(
                    self._bot(effect.scenario),
                    holder="people",
                    assignee=effect.operator,
                    team=effect.team,
                    reason="assigned",
                )
            case effects.TagDialog():
                self._change(self._bot(""), tags_added=effect.tags_added, tags_removed=effect.tags_removed)
            case effects.AddNote():
                if effect.opens:
                    self._open(effect.scenario, "people")
                self._note(effect.scenario, effect.text)
            case effects.CloseDialog() if self.dialog:
                conversations.change(
                    tx, self.dialog, self._bot(effect.scenario), at, status="closed", reason=effect.reason
                )
                self.dialog = None

    # --- Chat ----------------------------------------------------------------------------------------

    def _send_chat(self, effect: effects.SendChat) -> None:
        dialog = self._open(effect.scenario, "bot")
        if dialog.holder == "people":
            # A note had opened it for people, and nobody has talked in it: it is the bot's that speaks.
            self._change(self._bot(effect.scenario), holder="bot", reason="the bot speaks")
        message = message_of(
            effect, dialog=dialog.id, visitor=self._visitor, author=self._bot(effect.scenario), at=self._at
        )
        origin = Origin(effect.run, effect.scenario, effect.version, effect.step)
        self._tx.send(replace(message, origin=origin))

    def _option_chosen(self, effect: effects.OptionChosen) -> None:
        message = self._tx.message(effect.message)
        if message is None or message.chosen:
            return
        self._tx.mine.messages[message.id] = replace(message, chosen=effect.option)
        self._tx.record(MessageChanged(message.id, effect.option), self._at, self._visitor, message.dialog)

    def _question_closed(self, effect: effects.QuestionClosed) -> None:
        message = self._tx.message(effect.message)
        if message is None or message.chosen or message.closed:
            return
        self._tx.mine.messages[message.id] = replace(message, closed=True)
        self._tx.record(QuestionClosed(message.id), self._at, self._visitor, message.dialog)

    def _hand_off(self, effect: effects.HandOff) -> None:
        self._open(effect.scenario, "bot")
        author = self._bot(effect.scenario)
        self._change(
            author, holder="people", team=effect.team, assignee=effect.operator, reason="handed over"
        )
        if effect.note:
            self._note(effect.scenario, effect.note)

    def _note(self, scenario: str, text: str) -> None:
        person = self._tx.known_person(self._visitor)
        dialog = self.dialog or conversations.last_dialog_of(self._tx, person)
        if dialog is None or not text.strip():
            return
        self._tx.send(
            Message(
                id=self._tx.new_id("m"),
                dialog=dialog.id,
                visitor=self._visitor,
                author=self._bot(scenario),
                at=self._at,
                text=text,
                note=True,
            )
        )

    def _open(self, scenario: str, holder: Holder) -> DialogSummary:
        if self.dialog is None:
            person = self._tx.known_person(self._visitor)
            self.dialog = conversations.open_dialog(self._tx, person, self._bot(scenario), holder, self._at)
        return self.dialog

    def _change(
        self,
        by: Author,
        *,
        holder: Holder | None = None,
        assignee: str = "",
        team: str = "",
        tags_added: tuple[str, ...] = (),
        tags_removed: tuple[str, ...] = (),
        reason: str = "",
    ) -> None:
        if self.dialog is None:
            return
        operator = _operator_named(self._tx, assignee) if assignee else ""
        dialog = self._tx.known_dialog(self.dialog.id)
        self.dialog = conversations.change(
            self._tx,
            dialog,
            by,
            self._at,
            holder=holder or UNSET,
            assignee=operator or UNSET,
            team=team or UNSET,
            tags_added=tags_added,
            tags_removed=tags_removed,
            reason=reason,
        )

    # --- Pop-ups -------------------------------------------------------------------------------------

    def _show_popup(self, effect: effects.ShowPopup) -> None:
        popup = popup_of(effect, self._at)
        self._tx.put(replace(self._tx.known_person(self._visitor), popup=popup))
        self._tx.record(PopupShown(popup), self._at, self._visitor)

    def _hide_popup(self, effect: effects.HidePopup) -> None:
        person = self._tx.known_person(self._visitor)
        if person.popup is None or person.popup.id != effect.popup:
            return
        self._tx.put(replace(person, popup=None))
        self._tx.record(
            PopupEnded(effect.popup, person.popup.scenario, effect.reason), self._at, self._visitor
        )

    # --- The rest ------------------------------------------------------------------------------------

    def _plan(self, effect: effects.Send) -> None:
        content = effect.content
        summary = next(
            (str(content[key]) for key in ("subject", "title", "url", "text") if content.get(key)), ""
        )
        item = OutboxItem(
            id=effect.id,
            channel=effect.channel,
            status="waiting",
            at=self._at,
            visitor=self._visitor,
            scenario=effect.scenario,
            summary=summary[:200],
            content=content,
            run=effect.run,
            version=effect.version,
            step=effect.step,
        )
        self._tx.mine.outbox[item.id] = OutboxRow(item, shard_of(self._visitor), due_at=self._at)
        planned = OutboxChanged(
            item.id,
            item.channel,
            "waiting",
            item.scenario,
            item.summary,
            item.run,
            version=item.version,
            step=item.step,
        )
        self._tx.record(planned, self._at, self._visitor)

    def _change_properties(self, effect: effects.ChangeProperties) -> None:
        self.covered |= {path.partition(".")[0] for path in effect.changes}
        self.covered_tags |= {*effect.tags_added, *effect.tags_removed}
        what = VisitorChanged(
            self._bot(effect.scenario), effect.changes, effect.tags_added, effect.tags_removed
        )
        tell_change(self._tx, self._visitor, what, self._at)

    def _bot(self, scenario: str) -> Author:
        return Author("bot", scenario, self._tx.settings.site.bot_name)


def tell_change(tx: Transaction, visitor: str, what: VisitorChanged, at: int) -> None:
    """Record that a visitor changed; his dialogs carry what he is called."""
    if not _NAMING.isdisjoint(what.changes):
        what = replace(what, called=tx.known_person(visitor).called)
    entry = tx.record(what, at, visitor)
    if what.called is not UNSET:
        for dialog in tx.dialogs_of(visitor):
            tx.fold_into(dialog, entry)


def _operator_named(tx: Transaction, wanted: str) -> str:
    """The id of the operator with that id or name, or an empty string: a scenario may name one who has left."""
    folded = wanted.casefold()
    return next((row.id for row in tx.operators() if folded in (row.id.casefold(), row.name.casefold())), "")
