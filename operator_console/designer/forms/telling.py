"""The part of a form that tells below each field what it means, or what is wrong with it, as one types."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from textual import on
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from operator_console.designer.forms.changing import answers, in_language, parsed, typed
from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.items_sheet import ItemsField
from operator_console.designer.forms.pairs import PairsField
from operator_console.designer.forms.place_map import PlaceMap
from operator_console.designer.forms.said import said
from operator_console.designer.forms.several import Several
from operator_console.designer.forms.sources import Sources
from operator_console.designer.forms.trial import Trial, Wrong
from operator_console.inbox.sheets import CleanInput
from operator_console.language_words import from_language
from operator_console.replies.cycle import Cycle
from operator_console.safe_text import safe_text
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain

RESTED = 0.2
"""Seconds without a key after which it is looked at: before, half a word would be told to be wrong."""


class Telling(ModalScreen[bool]):
    """A screen with the fields of one place: `field-{number}-{language}`, each with a `said-…` below it."""

    _document: Document
    _place: str
    fields: list[Field]
    languages: tuple[str, ...]
    sources: Sources
    trial: Trial

    def __init__(self) -> None:
        super().__init__()
        self._rest: Timer | None = None
        self._wrong: list[Wrong] = []

    # --- Fields and their widgets ---

    def shown_in(self, field: Field) -> tuple[str, ...]:
        """The languages in which a field stands, a row for each; one without a name where it has none."""
        return self.languages if field.kind in ("text", "link") else ("",)

    def text_of(self, field: Field, language: str) -> str:
        """What stands in a field of the document, in one language."""
        if isinstance(field.value, str) and language not in ("", self.languages[0]):
            return ""
        return typed(field, language or self.languages[0])

    def field_of(self, widget: Widget | None) -> tuple[Field, str] | None:
        """The field and language of a widget, or of the one that holds it; None where it belongs to none."""
        while widget is not None and not (widget.id or "").startswith("field-"):
            widget = widget.parent if isinstance(widget.parent, Widget) else None
        if widget is None or widget.id is None:
            return None
        _name, number, language = widget.id.split("-", 2)
        return self.fields[int(number)], "" if language == "all" else language

    def _widget(self, number: int, language: str) -> Widget:
        return self.query_one(f"#field-{number}-{language or 'all'}")

    # --- What was typed ---

    def changes(self) -> list[tuple[Field, Plain | None]]:
        """What differs from the document, in the order in which it can be put there: what goes comes last, so that a
        step is never without all of it. Raises CannotEditError where something cannot be taken for a value.
        """
        changed = []
        for number, field in enumerate(self.fields):
            value = self._value(number, field)
            if value != field.value:
                changed.append((field, value))
        return sorted(changed, key=lambda one: one[1] is None)

    def _value(self, number: int, field: Field) -> Plain | None:
        value = field.value
        for language in self.shown_in(field):
            widget = self._widget(number, language)
            if isinstance(widget, ItemsField):
                continue
            if isinstance(widget, PairsField):
                return widget.value() or None
            if isinstance(widget, Several):
                return _listed(widget.values, field.value)
            text = text_in(widget)
            if text.strip() == self.text_of(field, language).strip():
                continue
            now = replace(field, value=value)
            if field.kind in ("text", "link"):
                value = in_language(self._document, now, language, text.strip())
            else:
                value = parsed(now, text)
        return value

    def typed_values(self) -> Mapping[str, Plain | None]:
        """What would stand at each place if the form were kept now; None: nothing. Only what differs from the file, and
        can be taken.
        """
        values: dict[str, Plain | None] = {}
        for number, field in enumerate(self.fields):
            widget = self._widget(number, self.shown_in(field)[0])
            try:
                value = widget.items.values if isinstance(widget, ItemsField) else self._value(number, field)
                if field.kind == "answers" and value != field.value:
                    value = answers(field, value, self.languages[0])
            except CannotEditError:
                continue
            if value != field.value:
                values[field.place] = value
        return values

    def language_at(self, widget: Widget) -> str:
        """The language of the text that is written in a field; empty where it is of none."""
        found = self.field_of(widget)
        return found[1] if found is not None else ""

    # --- Telling ---

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Cycle.Changed)
    @on(PairsField.Changed)
    @on(PlaceMap.Changed)
    @on(Several.Changed)
    @on(ItemsField.Changed)
    def _look_soon_again(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(RESTED, self.look)

    def look(self) -> bool:
        """Tell below each field what it means or what is wrong; whether all of it can be kept."""
        try:
            self._wrong = list(self.trial.wrong(self.changes()))
        except CannotEditError as error:
            self._wrong = [Wrong("", from_language(str(error)))]
        places = [self._told_at(one.place) for one in self._wrong]
        for number, field in enumerate(self.fields):
            mine = [one for one, at in zip(self._wrong, places, strict=True) if at == number]
            for language in self.shown_in(field):
                here = [one.words for one in mine if _is_of(one.place, language, self.languages)]
                self._tell(number, field, language, here)
        rest = [one.words for one, at in zip(self._wrong, places, strict=True) if at < 0]
        self.complain("\n".join(rest))
        return not self._wrong

    def _told_at(self, place: str) -> int:
        """The number of the field at which something is told; -1 where it is of the form as a whole. `wait: 3d` is the
        field “so long” of the ways to wait.
        """
        numbers = range(len(self.fields))
        at = next((n for n in numbers if _is_at(place, self.fields[n].place)), -1)
        if at < 0 and place.startswith(f"{self._place}.") and self._place:
            at = next((n for n in numbers if _is_at(self.fields[n].place, place)), -1)
        return at

    def _tell(self, number: int, field: Field, language: str, wrong: list[str]) -> None:
        line = self.query_one(f"#said-{number}-{language or 'all'}", Static)
        widget = self._widget(number, language)
        text, wrong = text_in(widget), [] if self.is_completing(widget) else wrong
        words = safe_text("\n".join(wrong), limit=400, multiline=True) if wrong else ""
        line.set_class(bool(wrong), "-wrong")
        words = words or said(field, text, language, self.sources)
        line.update(words)
        line.display = bool(words) or line.has_class("-beside")

    def is_completing(self, _widget: Widget) -> bool:
        """Whether half a word stands in a field, and what it could be is being offered."""
        return False

    def complain(self, words: str) -> None:
        """What is wrong with the form as a whole, or with something in the file."""
        line = self.query_one(".problem", Static)
        line.update(safe_text(words, limit=400, multiline=True))
        line.display = bool(words)

    def focus_wrong(self) -> None:
        """To the first field that is wrong."""
        numbers = [number for one in self._wrong if (number := self._told_at(one.place)) >= 0]
        if numbers:
            self._widget(min(numbers), self.shown_in(self.fields[min(numbers)])[0]).focus()


def text_in(widget: Widget) -> str:
    """What was typed into a field, or chosen."""
    if isinstance(widget, TextArea):
        return widget.text
    return widget.value if isinstance(widget, CleanInput | Cycle | PlaceMap) else ""


def _listed(values: list[str], before: Plain | None) -> Plain | None:
    """Words as a list; the same ones in another order are no change."""
    if isinstance(before, list) and sorted(map(str, before)) == sorted(values):
        return before
    return list(values) or None


def _is_at(place: str, field: str) -> bool:
    return place == field or place.startswith(f"{field}.")


def _is_of(place: str, language: str, languages: tuple[str, ...]) -> bool:
    """Whether what is wrong at a place is to be told at the row of this language."""
    last = place.rpartition(".")[2]
    return not language or (language == last if last in languages else language == languages[0])
