"""The form of one place of a scenario: a field for each thing, of its kind; all of it is taken, or nothing."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static, TextArea

from operator_console.designer.forms.changing import change, in_language, languages, parsed, typed
from operator_console.designer.forms.field_words import choice_words, help_of, label_of
from operator_console.designer.forms.fields import Field, form_at
from operator_console.designer.forms.items import Items
from operator_console.designer.forms.items_sheet import ItemsField
from operator_console.inbox.sheets import CleanInput
from operator_console.replies.cycle import Cycle
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document

SEVERAL_LINES = ("text", "lines", "texts", "choices", "values")
MAX_CHARS = 20_000


class FieldText(TextArea):
    """Several lines; what is pasted is cleaned."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_CHARS, multiline=True)


class FormSheet(ModalScreen[bool]):
    """Edits a place of the document. Gives whether something was changed."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "forms.tcss"]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "Close", show=False),
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
    ]

    def __init__(self, document: Document, place: str, title: str) -> None:
        super().__init__()
        self._document = document
        self._place = place
        self._title = title
        self._languages = languages(document) or ("",)
        self._fields = [field for field in form_at(document, place) if field.kind != "value"]

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(self._title).markup
            sheet.border_subtitle = _("^S keep · Tab next · Esc back")
            with VerticalScroll(id="form-fields", can_focus=False):
                for number, field in enumerate(self._fields):
                    for language in self._shown_in(field):
                        with Horizontal(classes="form-row"):
                            words = label_of(field) + (f" · {language}" if language else "")
                            yield Static(Content(words), classes="form-label")
                            yield self._input(field, number, language)
            yield Static("", id="form-help", markup=False)
            yield Static("", markup=False, classes="problem")

    def on_mount(self) -> None:
        for one in self.query("CleanInput, FieldText, Cycle, ItemsField"):
            one.focus()
            break

    def _shown_in(self, field: Field) -> tuple[str, ...]:
        return self._languages if field.kind in ("text", "link") else ("",)

    def _input(self, field: Field, number: int, language: str) -> Widget:
        name = f"field-{number}-{language or 'all'}"
        if field.kind == "items":
            items = Items(self._document, field.place)
            return ItemsField(items, field.name, label_of(field), self._languages[0], FormSheet, id=name)
        text = self._text(field, language)
        choices = field.choices if field.kind == "choice" else ("true", "false")
        if field.kind in ("choice", "yes_or_no") and (not text or text in choices):
            words = [(one, choice_words(field, one)) for one in choices]
            if field.kind == "yes_or_no":
                words = [("true", _("yes")), ("false", _("no"))]
            return Cycle([("", "—"), *words], text, id=name)
        if field.kind in SEVERAL_LINES:
            area = FieldText(text, id=name, soft_wrap=True, compact=True, tab_behavior="focus")
            area.highlight_cursor_line = False
            return area
        return CleanInput(text, id=name, placeholder=help_of(field))

    def _text(self, field: Field, language: str) -> str:
        if isinstance(field.value, str) and language not in ("", self._languages[0]):
            return ""
        return typed(field, language)

    @on(events.DescendantFocus)
    def _show_help(self, event: events.DescendantFocus) -> None:
        number = (event.widget.id or "").split("-")
        if number[0] == "field":
            self.query_one("#form-help", Static).update(help_of(self._fields[int(number[1])]))

    def action_keep(self) -> None:
        before = self._document.revision
        at: Widget | None = None
        try:
            with self._document.group():
                for number, field in enumerate(self._fields):
                    for language in self._shown_in(field):
                        at = self.query_one(f"#field-{number}-{language or 'all'}")
                        self._take(field, language, at)
        except CannotEditError as error:
            self._say(error, at)
            return
        self.dismiss(self._document.revision != before)

    def _take(self, field: Field, language: str, at: Widget) -> None:
        if isinstance(at, ItemsField):
            at.items.repeat(self._document)
            return
        text = at.text if isinstance(at, TextArea) else at.value if isinstance(at, CleanInput | Cycle) else ""
        if text.strip() == self._text(field, language).strip():
            return
        now = next(one for one in self._now() if one.place == field.place)
        if language and field.kind in ("text", "link"):
            change(self._document, now, in_language(self._document, now, language, text.strip()))
        else:
            change(self._document, now, parsed(now, text))

    def _now(self) -> tuple[Field, ...]:
        """The fields as they stand after what was taken already."""
        return form_at(self._document, self._place)

    def _say(self, error: CannotEditError, at: Widget | None) -> None:
        line = self.query_one(".problem", Static)
        line.update(safe_line(error, 300))
        line.display = True
        if at is not None:
            at.focus()
