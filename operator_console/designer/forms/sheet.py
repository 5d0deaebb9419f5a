"""The form of one place of a scenario: a field for each thing, of its kind; all of it is taken, or nothing.

While one types, what fits is offered below the field (`offering.py`), and what it means, or what is wrong with it, is
told there (`telling.py`).
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from operator_console.designer.forms.changing import languages, put_value
from operator_console.designer.forms.field_text import FieldText
from operator_console.designer.forms.field_words import choice_words, help_of, label_of, short_choice_words
from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.items import Items
from operator_console.designer.forms.items_sheet import ItemsField
from operator_console.designer.forms.known import in_file
from operator_console.designer.forms.offer_list import OfferList
from operator_console.designer.forms.offering import Offering
from operator_console.designer.forms.pairs import PairsField
from operator_console.designer.forms.place_map import PlaceMap
from operator_console.designer.forms.preview import Previewing
from operator_console.designer.forms.several import Several
from operator_console.designer.forms.sources import Sources
from operator_console.designer.forms.telling import Telling
from operator_console.designer.forms.trial import Trial
from operator_console.designer.forms.whole_form import whole_form
from operator_console.inbox.sheets import CleanInput
from operator_console.language_words import from_language
from operator_console.replies.cycle import Cycle
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document

SEVERAL_LINES = ("text", "lines", "texts", "conditions", "answers")
SHORT = ("duration", "time", "moment", "share", "number", "schedule")
"""Kinds of which a few characters are typed: what they mean stands beside them."""
EXAMPLES = {
    "duration": "1d 12h",
    "time": "10:00",
    "moment": "2026-08-30 10:00",
    "share": "10%",
    "schedule": "0 10 * * 1-5",
}
FIELDS = "CleanInput, FieldText, Cycle, Several, ItemsField, PlaceMap"


class FormSheet(Telling, Offering, Previewing):
    """Edits a place of the document. Gives whether something was changed.

    `is_new`: what stands there stands in for what is to be typed: the first letter replaces it, and to keep it as it is
    is a change, too.
    """

    CSS_PATH = ["../../inbox/dialogs.tcss", "forms.tcss"]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "Close", show=False),
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("enter", "keep", "Keep", show=False),
        *Offering.KEYS,
    ]

    def __init__(
        self,
        document: Document,
        place: str,
        title: str,
        sources: Sources | None = None,
        *,
        is_new: bool = False,
    ) -> None:
        super().__init__()
        self._document = document
        self._place = place
        self.sources = sources or Sources()
        if not self.sources.known.file.slug:
            self.sources.known.file = in_file(document)
        self.languages = languages(document) or ("",)
        self.fields = [
            one
            for one in whole_form(document, place)
            if one.kind != "value" or one.value is None or isinstance(one.value, dict)
        ]
        self.trial = Trial(document, place, (one.name for one in self.sources.known.file.targets))
        self._title = title
        self._is_new = is_new

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(self._title).markup
            sheet.border_subtitle = _("⏎ or ^S keep · Tab next · Esc back")
            with Horizontal(id="form-body"):
                with VerticalScroll(id="form-fields", can_focus=False):
                    for number, field in enumerate(self.fields):
                        for language in self.shown_in(field):
                            yield from self._row(field, number, language)
                yield from self.preview_pane(self._document, self._place)
            yield Static("", id="form-help", markup=False)
            yield Static("", markup=False, classes="problem")
        yield OfferList()

    def _row(self, field: Field, number: int, language: str) -> ComposeResult:
        words = label_of(field) + (f" · {language}" if language else "")
        is_short = field.kind in SHORT and not field.choices
        with Horizontal(classes="form-row"):
            yield Static(Content(words), classes="form-label")
            with Horizontal(classes="form-cell -short") if is_short else Vertical(classes="form-cell"):
                yield self._input(field, number, language)
                classes = "form-said -beside" if is_short else "form-said"
                yield Static("", id=f"said-{number}-{language or 'all'}", classes=classes, markup=False)

    def on_mount(self) -> None:
        first = next(iter(self.query(FIELDS)), None)
        if first is not None:
            first.focus()
        self.look()

    def _input(self, field: Field, number: int, language: str) -> Widget:
        name = f"field-{number}-{language or 'all'}"
        if field.kind == "items":
            items = Items(self._document, field.place)
            form = partial(FormSheet, sources=Sources(self.sources.known, self.sources.fill))
            return ItemsField(items, field.name, label_of(field), self.languages[0], form, id=name)
        if field.kind in ("values", "value"):
            return PairsField(field.value if isinstance(field.value, dict) else {}, id=name)
        text = self.text_of(field, language)
        choices = field.choices if field.kind == "choice" else ("true", "false")
        if field.kind in ("choice", "yes_or_no") and (not text or text in choices):
            words = [(one, choice_words(field, one)) for one in choices]
            if field.kind == "yes_or_no":
                words = [("true", _("yes")), ("false", _("no"))]
            if {"", text, *choices} <= {"", *PlaceMap.PLACES}:
                return PlaceMap(words, text, id=name)
            return Cycle([("", "—"), *words], text, id=name)
        if field.kind == "choices":
            given = field.value if isinstance(field.value, list) else []
            words = [(one, short_choice_words(field, one)) for one in field.choices]
            return Several(words, [str(one) for one in given], id=name)
        if field.kind in SEVERAL_LINES:
            area = FieldText(text, id=name, soft_wrap=True, compact=True, tab_behavior="focus")
            area.highlight_cursor_line = False
            if self._is_new:
                area.select_all()
            else:
                area.move_cursor(area.document.end)
            return area
        is_short = field.kind in SHORT and not field.choices
        return CleanInput(
            text, id=name, placeholder=EXAMPLES.get(field.kind, "") if is_short else help_of(field)
        )

    @on(events.DescendantFocus)
    def _show_help(self, event: events.DescendantFocus) -> None:
        found = self.field_of(event.widget)
        if found is not None:
            self.query_one("#form-help", Static).update(help_of(found[0]))

    def look(self) -> bool:
        is_good = super().look()
        self.call_after_refresh(self.place_offers)
        return is_good

    def is_completing(self, widget: Widget) -> bool:
        """Then it is not told what is wrong with it yet."""
        return (
            self.offers.is_open
            and self.focused is not None
            and self.focused in widget.walk_children(with_self=True)
        )

    # --- Keeping ---

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_keep()

    def action_keep(self) -> None:
        """Take all that was typed, or say what is wrong and take nothing."""
        if not self.look():
            self.focus_wrong()
            return
        before = self._document.revision
        try:
            with self._document.group():
                for field, value in self.changes():
                    put_value(self._document, field, value)
                for items in self.query(ItemsField):
                    items.items.repeat(self._document)
        except CannotEditError as error:
            self.complain(from_language(str(error)))
            return
        self.dismiss(self._is_new or self._document.revision != before)
