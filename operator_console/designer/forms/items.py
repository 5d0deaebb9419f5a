"""Lists of small things in a form: the fields of a pop-up, the links below a message. Changed on a copy, and once more
on the document when the form is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from operator_console.designer.forms.field_words import choice_words
from operator_console.designer.forms.fields import Field, form_at
from operator_console.inbox.sheets import Choice
from operator_console.language_words import told
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain
from scenarios_yaml.language.problems import Problem


class Items:
    """The items at `place` of a document. Everything is done to a copy first: a form that is left keeps nothing."""

    def __init__(self, document: Document, place: str) -> None:
        self.place = place
        self._document = document
        self._copy: Document | None = None
        self._doings: list[Callable[[Document], object]] = []

    @property
    def copy(self) -> Document:
        """The document in which things are done: made when it is asked for, since most forms only show their lists."""
        if self._copy is None:
            self._copy = Document(self._document.text, self._document.file)
        return self._copy

    @property
    def shown(self) -> Document:
        """The document as the list stands in it now, to be read."""
        return self._copy or self._document

    @property
    def values(self) -> list[Plain]:
        """What the list holds now, as it would be written."""
        try:
            there = self.shown.value(self.place)
        except KeyError:
            return []
        return there if isinstance(there, list) else []

    @property
    def is_changed(self) -> bool:
        """Whether anything was done."""
        return bool(self._doings)

    def place_of(self, number: int) -> str:
        """The place of an item, counted from 0."""
        return f"{self.place}.{number}"

    def add(self, index: int, value: Plain) -> None:
        """Puts a new item in. Raises CannotEditError."""
        self._do(lambda document: document.insert(self.place, index, value))

    def drop(self, number: int) -> None:
        """Takes an item away; the list with its last one. Raises CannotEditError."""
        self._do(lambda document: document.drop(self.place_of(number)))

    def move(self, number: int, to: int) -> None:
        """Puts an item elsewhere in the list. Raises CannotEditError."""
        self._do(lambda document: document.move(self.place_of(number), self.place, to))

    def duplicate(self, number: int) -> None:
        """Puts a copy below an item. Raises CannotEditError."""
        self._do(lambda document: document.duplicate(self.place_of(number)))

    def edited(self, number: int) -> None:
        """An item of the copy has been changed by a form."""
        place = self.place_of(number)
        value = self.copy.value(place)
        self._doings.append(lambda document: document.put(place, value))

    def undo(self) -> bool:
        """Takes the last thing back; whether there was one."""
        if not self._doings:
            return False
        self.copy.undo()
        self._doings.pop()
        return True

    def repeat(self, document: Document) -> None:
        """Does the same to the document. Raises CannotEditError where it would have an error more than before; then
        nothing has changed.
        """
        with document.group():
            before = {_said(problem) for problem in document.reading.errors}
            for doing in self._doings:
                doing(document)
            wrong = next((one for one in document.reading.errors if _said(one) not in before), None)
            if wrong is not None:
                raise CannotEditError(told(wrong))

    def _do(self, doing: Callable[[Document], object]) -> None:
        doing(self.copy)
        self._doings.append(doing)


def new_items(name: str) -> list[tuple[Choice, Plain]]:
    """What may be put into the list of that name, each with what is to know about it. Its value is the number."""
    if name == "buttons":
        return [(Choice("0", _("A link")), {"label": _("Have a look"), "link": "/"})]
    asked: list[tuple[str, str, dict[str, Plain]]] = [
        ("email", _("Your email"), {"save_to": "visitor.email", "required": "true"}),
        ("phone", _("Your phone"), {"save_to": "visitor.phone", "required": "true"}),
        ("text", _("Your name"), {"save_to": "visitor.name"}),
        ("choice", _("Which one?"), {"save_to": "run.choice", "choices": [_("This one"), _("Another one")]}),
        ("rating", _("How do you like it?"), {"save_to": "run.rating"}),
        ("number", _("How many?"), {"save_to": "run.number"}),
        ("date", _("When?"), {"save_to": "run.date"}),
    ]
    kind = Field("", "input", "choice", "")
    return [
        (
            Choice(str(number), choice_words(kind, input_), label),
            {"input": input_, "label": label, **rest},
        )
        for number, (input_, label, rest) in enumerate(asked)
    ]


def item_words(items: Items, number: int, language: str) -> tuple[str, str]:
    """An item in words, raw text cleaned: what it is called, and what is to know about it."""
    value = items.values[number]
    fields = {field.name: field for field in form_at(items.shown, items.place_of(number))}
    if not isinstance(value, dict):
        return safe_line(value if isinstance(value, str) else "…", 200), ""
    label = _in(value.get("label"), language)
    details: list[str] = []
    if isinstance(kind := value.get("input"), str) and "input" in fields:
        details.append(choice_words(fields["input"], kind))
    if isinstance(choices := value.get("choices"), list):
        details.append(", ".join(_in(choice, language) for choice in choices))
    if value.get("link"):
        details.append(f"↗ {_in(value['link'], language)}")
    if value.get("required") == "true":
        details.append(_("must be filled in"))
    return safe_line(label, 200) or "—", " · ".join(safe_line(detail, 200) for detail in details)


def _in(text: Plain | None, language: str) -> str:
    if isinstance(text, Mapping):
        text = text.get(language) or next(iter(text.values()), "")
    return text if isinstance(text, str) else ""


def _said(problem: Problem) -> tuple[str, str]:
    return problem.message, problem.hint
