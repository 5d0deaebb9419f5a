"""A ready-made scenario on its way to the desk: what the shop sets of it, and the file that comes of it. Pure.

The file is that of the library; of it changes only what somebody has set, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from operator_console.designer.forms.changing import change, in_language, languages, parsed, typed
from operator_console.designer.forms.fields import Field
from operator_console.designer.launch.copies import rename, retitle
from operator_console.designer.launch.reach import Reach
from operator_console.translation import _, spoken
from scenarios_yaml.engine.inside import every
from scenarios_yaml.language import model
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.editing.names import free
from scenarios_yaml.library.index import LibrarySegment, segments

Status: TypeAlias = Literal["live", "draft"]


class Question(Struct, frozen=True):
    """One thing that the shop is asked. `kind` is the parameter's type, or `title`, or `name`; `label` is raw."""

    field: Field
    kind: str
    label: str
    languages: tuple[str, ...] = ("",)
    """Those in which it is written; the empty one: in all the same."""


class LaunchDraft:
    """Over a scenario of the library. `taken` are the short names that the desk has already: of one that is taken the
    scenario gets a number, and so does its title."""

    def __init__(self, text: str, taken: Collection[str]) -> None:
        self.document = Document(text)
        self.taken = taken
        self.refused: dict[tuple[str, str], str] = {}
        """What was typed and is not taken, by place and language: it is there again when somebody comes back."""
        self.reach = Reach()
        """What is known of whom it would reach."""
        self._number = ""
        """What its title has got at its end."""
        self.source = self.slug
        """What the library calls it."""
        self.give_free_name()

    # --- What it is ---

    @property
    def slug(self) -> str:
        """Its short name."""
        slug = self.document.value("scenario")
        assert isinstance(slug, str)  # noqa: S101  the library's files have one, and a changed one is checked
        return slug

    @property
    def scenario(self) -> model.Scenario:
        """What the file means now: nothing is taken that would leave it with errors."""
        scenario = self.document.reading.scenario
        assert scenario is not None  # noqa: S101
        return scenario

    @property
    def title(self) -> str:
        """Its title in the console's language; raw."""
        return self.scenario.title.render({}, spoken())

    def text(self, status: Status) -> str:
        """The file as it is published with this status."""
        document = Document(self.document.text)
        document.put("status", status)
        return document.text

    def needed_segments(self, there: Collection[str]) -> list[LibrarySegment]:
        """Segments of the library that it asks for and the desk does not have."""
        scenario = self.scenario
        named = {one.segment for one in every(scenario, model.InSegment)}
        named |= {one.segment for one in every(scenario, model.OnSegment)}
        return [one for one in segments() if one.slug in named and one.slug not in there]

    # --- What is asked ---

    def questions(self) -> tuple[Question, ...]:
        """What the shop sets, in the order of the file; then what it is called."""
        return (*self._parameters(), *self._names())

    def _parameters(self) -> Iterator[Question]:
        for parameter in self.scenario.parameters:
            label = parameter.label.render({}, spoken()) if parameter.label is not None else parameter.name
            field = self._field(f"parameters.{parameter.name}.default", "default")
            yield self._asked(field, parameter.type, label)

    def _names(self) -> Iterator[Question]:
        yield self._asked(self._field("title", "title"), "title", _("Title"))
        yield self._asked(self._field("scenario", "scenario"), "name", _("Short name"))

    def _field(self, place: str, name: str) -> Field:
        value = self.document.value(place)
        return Field(
            place, name, "text" if isinstance(value, dict) else "words", "", needed=True, value=value
        )

    def _asked(self, field: Field, kind: str, label: str) -> Question:
        spoken_here = languages(self.document) if isinstance(field.value, dict) else ("",)
        return Question(field, kind, label, spoken_here)

    def typed(self, question: Question, language: str) -> str:
        """What stands in the field: what was typed and refused, else what the file says."""
        refused = self.refused.get((question.field.place, language))
        return typed(self._now(question), language) if refused is None else refused

    def take(self, question: Question, language: str, text: str) -> None:
        """Puts what was typed into the file. Raises CannotEditError, with words for a person, where it cannot stand
        there; then the file is as it was, and the typed text is kept beside it."""
        try:
            self._take(self._now(question), language, text.strip())
        except CannotEditError:
            self.refused[question.field.place, language] = text
            raise
        self.refused.pop((question.field.place, language), None)

    def _take(self, field: Field, language: str, text: str) -> None:
        if not text:
            raise CannotEditError(_("something must stand here"))
        if field.place == "scenario":
            rename(self.document, text, [one for one in self.taken if one != self.slug])
        elif language:
            change(self.document, field, in_language(self.document, field, language, text))
        else:
            change(self.document, field, parsed(field, text))

    def _now(self, question: Question) -> Field:
        """The field as it stands after what was taken since it was asked."""
        return replace(question.field, value=self.document.value(question.field.place))

    # --- Its name ---

    def give_free_name(self) -> bool:
        """Where its short name is taken, gives it one that is free, and its title the same number. Whether it did."""
        old = self.slug
        if old not in self.taken:
            return False
        slug = free(old, self.taken)
        with self.document.group():
            rename(self.document, slug, self.taken)
            number = f" {slug.rpartition('-')[2]}"
            retitle(self.document, f"{{title}}{number}", self._number)
        self._number = number
        return True
