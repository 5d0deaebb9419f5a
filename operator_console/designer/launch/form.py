"""The form of a launch: what the shop sets, each with what it means; taken as one types, wrong ones said at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from operator_console.actions import bindings
from operator_console.designer.launch.draft import LaunchDraft, Question
from operator_console.designer.launch.questions import doubt_of, help_of, offered, words_of
from operator_console.inbox.sheets import CleanInput
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError
from server_stub.protocol import KnownNames

TAKEN_AFTER = 0.25
"""Seconds a field rests until what is typed is taken: reading the file again costs some ten milliseconds."""

MAX_CHARS = 20_000


class LaunchField(CleanInput):
    """A line. What is offered stands fainter behind what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("launch_field")

    def action_go(self, by: int) -> None:
        """To the field below or above."""
        if by > 0:
            self.screen.focus_next("LaunchField, LaunchText")
        else:
            self.screen.focus_previous("LaunchField, LaunchText")


class LaunchText(TextArea):
    """Several lines; what is pasted is cleaned."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_CHARS, multiline=True)


class LaunchForm(VerticalScroll, can_focus=False):
    """The questions of a draft. What is typed goes into the draft's file as soon as it may stand there."""

    @dataclass
    class Changed(Message):
        """The file says something else now."""

    @dataclass
    class Asks(Message):
        """What the field with the focus asks for, in a sentence."""

        help: str

    @dataclass
    class Entered(Message):
        """Enter: as it stands, it is right."""

    def __init__(self, draft: LaunchDraft, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._draft = draft
        self._questions = draft.questions()
        self._names: KnownNames | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        heading = _("What your shop sets")
        own = [one for one in self._questions if one.kind not in ("title", "name")]
        yield Static(Content(heading), classes="launch-heading")
        if not own:
            yield Static(Content(_("Nothing has to be set. It may go as it is.")), classes="launch-note")
        for number, question in enumerate(self._questions):
            if question.kind == "title":
                yield Static(Content(_("What it is called")), classes="launch-heading -second")
            for language in question.languages:
                yield self._row(number, question, language)

    def _row(self, number: int, question: Question, language: str) -> Horizontal:
        name = f"{number}-{language or 'all'}"
        label = safe_line(question.label, 120) + (f" · {language}" if language else "")
        text = self._draft.typed(question, language)
        field = (
            LaunchText(text, id=f"launch-{name}", soft_wrap=True, compact=True, tab_behavior="focus")
            if "\n" in text
            else LaunchField(text, id=f"launch-{name}", select_on_focus=False)
        )
        words = words_of(question, text)
        return Horizontal(
            Static(Content(label), classes="launch-label"),
            Vertical(
                Horizontal(field, Static(words, id=f"words-{name}", classes="launch-words", markup=False)),
                Static("", id=f"said-{name}", classes="launch-said", markup=False),
                classes="launch-value",
            ),
            classes="launch-row",
        )

    def on_mount(self) -> None:
        for number, language, field in self._fields():
            if (self._questions[number].field.place, language) in self._draft.refused:
                self._take(number, language, field)

    def know(self, names: KnownNames) -> None:
        """What the desk knows by name: it is offered, and what it does not know is doubted."""
        self._names = names
        for number, language, field in self._fields():
            question = self._questions[number]
            if isinstance(field, LaunchField) and (known := offered(question, names)):
                field.suggester = SuggestFromList(known, case_sensitive=False)
            self._take(number, language, field)

    # --- What is typed ---

    def _fields(self) -> Iterator[tuple[int, str, LaunchField | LaunchText]]:
        for field in self.query("LaunchField, LaunchText"):
            number, language = (field.id or "").split("-")[1:]
            assert isinstance(field, LaunchField | LaunchText)  # noqa: S101
            yield int(number), "" if language == "all" else language, field

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(TAKEN_AFTER, self.take_all)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.post_message(self.Entered())

    def take_all(self) -> LaunchField | LaunchText | None:
        """Takes what is typed everywhere. Gives the first field whose text cannot stand there."""
        wrong = None
        before = self._draft.document.revision
        for number, language, field in self._fields():
            if not self._take(number, language, field) and wrong is None:
                wrong = field
        if self._draft.document.revision != before:
            self.post_message(self.Changed())
        return wrong

    def _take(self, number: int, language: str, field: LaunchField | LaunchText) -> bool:
        question, text = self._questions[number], _text(field)
        name = f"{number}-{language or 'all'}"
        said = self.query_one(f"#said-{name}", Static)
        self.query_one(f"#words-{name}", Static).update(words_of(question, text))
        is_right = True
        try:
            if text.strip() != self._draft.typed(question, language).strip() or self._is_refused(
                question, language
            ):
                self._draft.take(question, language, text)
        except CannotEditError as error:
            is_right = False
            said.update(safe_line(from_language(error.args[0]), 300))
        else:
            said.update(doubt_of(question, text, self._names) if self._names is not None else "")
        said.set_class(not is_right, "-wrong")
        said.display = bool(str(said.content))
        return is_right

    def _is_refused(self, question: Question, language: str) -> bool:
        return (question.field.place, language) in self._draft.refused

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        number = (event.widget.id or "").split("-")
        if number[0] == "launch" and len(number) == 3:
            self.post_message(self.Asks(help_of(self._questions[int(number[1])])))


def _text(field: LaunchField | LaunchText) -> str:
    return field.text if isinstance(field, TextArea) else field.value
