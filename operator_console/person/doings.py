"""What an operator does to a visitor, from the inbox and from the full card alike.

A mixin of screens over a desk; whose card is shown is theirs to say.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from operator_console.inbox.asking import Asking
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.person.notes import NotesSheet
from operator_console.translation import _, counted
from server_stub.protocol import ChangeVisitor, Me, VisitorCard, VisitorNote

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

MAX_PROPERTY_NAME = 60


class VisitorDoings(Asking):
    """Properties, tags and notes of the visitor whose card is shown."""

    desk: Desk
    me: Me
    downloads: Path
    now: Callable[[], int]
    zone: tzinfo | None

    @property
    @abstractmethod
    def shown_card(self) -> VisitorCard | None:
        """Whose card it is about."""

    @abstractmethod
    def took_card(self, card: VisitorCard) -> None:
        """A newer card is here."""

    @abstractmethod
    def tags_in_use(self) -> Sequence[tuple[str, int]]:
        """Tags to choose from, with how many carry each."""

    def _card_to_change(self) -> VisitorCard | None:
        card = self.shown_card
        if card is None:
            self.tell(_("No visitor's card is open."))
            return None
        return card if self.may_change() else None

    def change_visitor(self, visitor: str, change: ChangeVisitor, done: str) -> None:
        """Change properties or tags of a visitor, or block him; `done` is said afterwards."""
        if not self.may_change():
            return

        async def doing() -> None:
            card = await self.desk.change_visitor(visitor, change)
            self.took_card(card)
            self.tell(done)

        self.ask(doing)

    def keep_field(self, visitor: str, field: str, value: str | None) -> None:
        """A field of the card was edited in place; None removes it."""
        words = _("{field} removed.") if value is None else _("{field} kept.")
        self.change_visitor(
            visitor, ChangeVisitor(properties={field: value}), words.format(field=_(field).capitalize())
        )

    def action_property(self) -> None:
        if (card := self._card_to_change()) is None:
            return

        def check(values: tuple[str, ...]) -> str:
            if not values[0]:
                return _("A property has a name.")
            if len(values[0]) > MAX_PROPERTY_NAME:
                return _("At most {count} characters.").format(count=MAX_PROPERTY_NAME)
            return ""

        def keep(values: tuple[str, ...] | None) -> None:
            if values is not None:
                name, value = values
                words = _("{name} is kept.") if value else _("{name} is removed.")
                change = ChangeVisitor(properties={name: value or None})
                self.change_visitor(card.id, change, words.format(name=name))

        labels = (_("Name of the property"), _("Value (empty removes it)"))
        self.app.push_screen(Prompt(_("Set a property of the visitor"), labels, check=check), keep)

    def action_visitor_tags(self) -> None:
        if (card := self._card_to_change()) is None:
            return
        choices = [Choice(tag, f"✓ {tag}", _("choose to remove")) for tag in card.tags]
        choices += [
            Choice(tag, tag, counted("{count} open", "{count} open", count))
            for tag, count in self.tags_in_use()
            if tag not in card.tags
        ]

        def toggle(tag: str | None) -> None:
            if not tag:
                return
            if tag in card.tags:
                done = _("Tag {tag} is removed.").format(tag=tag)
                self.change_visitor(card.id, ChangeVisitor(remove_tags=(tag,)), done)
            else:
                done = _("Tag {tag} is added.").format(tag=tag)
                self.change_visitor(card.id, ChangeVisitor(add_tags=(tag,)), done)

        sheet = Picker(
            _("Tags of the visitor"), choices, new=_("type to find, or a new tag"), empty=_("No tags yet.")
        )
        self.app.push_screen(sheet, toggle)

    def action_person_notes(self) -> None:
        card = self.shown_card
        if card is None:
            self.tell(_("No visitor's card is open."))
            return

        def noted(notes: Sequence[VisitorNote]) -> None:
            shown = self.shown_card
            if shown is not None and shown.id == card.id:
                self.took_card(replace(shown, notes=tuple(notes)))

        self.app.push_screen(
            NotesSheet(
                self.desk,
                card,
                me=self.me,
                now=self.now,
                zone=self.zone,
                read_only=self.read_only,
                noted=noted,
            )
        )
