"""Forms over the tree: opened on a place of the document, with all that they can offer; what they change is shown."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from operator_console.designer.around import DesignAround
from operator_console.designer.forms.known import Known, in_file
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.forms.sources import Filling, Sources
from operator_console.designer.forms.whole_form import whole_form
from operator_console.designer.outline.choices import kind_name
from operator_console.designer.outline.rows import Row
from operator_console.designer.tree.held import Held
from operator_console.designer.tree.view import TreeView
from operator_console.inbox.asking import Asking
from operator_console.inbox.sheets import Prompt
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document
from server_stub.protocol import Me

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class Forming(Asking):
    """A part of the tree's screen."""

    desk: Desk
    around: DesignAround
    document: Document
    _me: Me
    _names_known: Known | None = None
    """Names to offer: asked for once, with the first form."""

    @property
    @abstractmethod
    def tree_view(self) -> TreeView:
        """The tree."""

    @abstractmethod
    def show_document(self) -> None:
        """Show what stands in the document now."""

    @abstractmethod
    def may_edit(self) -> bool:
        """Whether this person may change scenarios; says so where not."""

    def change(self, doing: Callable[[], str | None]) -> str | None:
        """Makes a change and shows it, with the cursor where `doing` says; None where it could not be made."""
        row = self.tree_view.row
        try:
            place = doing()
        except (CannotEditError, KeyError) as error:
            self.tell(_("Not changed: {reason}").format(reason=safe_line(from_language(error.args[0]), 200)))
            return None
        self.show_document()
        self.tree_view.point_at(place if place is not None else row.place if row is not None else "")
        return place

    # --- Forms ---

    def open_form(self, place: str, title: str, held: Held | None = None) -> bool:
        """The form of a place; of something new that is held, which it keeps or gives up. False where none is."""
        if not whole_form(self.document, place):
            return False

        def closed(is_changed: bool | None) -> None:
            if held is not None and is_changed:
                held.keep()
            elif held is not None:
                held.give_up()
            if is_changed or held is not None:
                self.change(lambda: None)

        sheet = FormSheet(self.document, place, title, self._sources(), is_new=held is not None)
        self.app.push_screen(sheet, closed)
        return True

    def edit_place(self, row: Row) -> None:
        """A form where there is one; of a block its name."""
        if self.open_form(row.place, kind_name(row.kind)):
            return
        if row.kind == "block":
            name = row.place.partition(".")[2]
            self.ask_name(_("Block of steps"), name, lambda new: self._renamed(row.place, new))
        else:
            self.tell(_("This row is made of those below it."))

    def _renamed(self, place: str, name: str) -> None:
        def doing() -> str:
            self.document.rename(place, name)
            return f"{place.partition('.')[0]}.{name}"

        self.change(doing)

    def ask_name(self, title: str, name: str, then: Callable[[str], None]) -> None:
        """Asks for a short name."""

        def answered(values: tuple[str, ...] | None) -> None:
            if values is not None and values[0]:
                then(values[0])

        label = _("Its name: small Latin letters, digits, - and _")
        self.app.push_screen(Prompt(title, [label], values=[name]), answered)

    # --- What forms are told ---

    def _sources(self) -> Sources:
        if self._names_known is None:
            self._names_known = Known(operators=self.around.names.values)
            self.ask(self._read_names, self._names_known, group="names", quietly=True)
        self._names_known.file = in_file(self.document, self.tree_view.rows)
        site: Mapping[str, Any] = {"name": self._me.site, "url": self._me.site_url}
        return Sources(self._names_known, Filling(self.document, site, self.around.now).fill)

    async def _read_names(self, known: Known) -> None:
        """What comes is offered from then on; a form that is open already has it with the next letter."""
        known.names = await self.desk.names()
        titles = {one.slug: one.title for one in await self.desk.scenarios()}
        known.scenarios = lambda: titles
