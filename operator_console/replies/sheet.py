"""The form in which a saved reply or a macro is written, with a look at what becomes of its text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from msgspec import UNSET
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from operator_console.inbox.completing import marked
from operator_console.inbox.sheets import CleanInput
from operator_console.replies.cycle import Cycle
from operator_console.replies.filling import Filled
from operator_console.safe_text import safe_text
from operator_console.translation import _
from server_stub.protocol import MAX_MESSAGE_CHARS, ChangeDialog, Operator, Preset, WritePreset

KEEP = "-"
"""The choice that changes nothing."""
PREVIEW_LINES = 6


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form at first. `told` says what was done to the text beforehand."""

    kind: Literal["reply", "macro"]
    name: str = ""
    folder: str = ""
    text: str = ""
    is_shared: bool = True
    change: ChangeDialog | None = None
    is_new: bool = True
    told: str = ""


def form_of(preset: Preset) -> Form:
    """The form of one that is there."""
    kind: Literal["reply", "macro"] = "macro" if preset.kind == "macro" else "reply"
    return Form(kind, preset.name, preset.folder, preset.text, not preset.owner, preset.change, is_new=False)


class PresetText(TextArea):
    """Several lines; what is pasted is cleaned."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_MESSAGE_CHARS, multiline=True)


class PresetSheet(ModalScreen[WritePreset | None]):
    """Gives what is to be kept, or None. `fill` fills in a text as for the visitor whose dialog is open."""

    CSS_PATH = ["../inbox/dialogs.tcss", "replies.tcss"]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
    ]

    def __init__(
        self, form: Form, fill: Callable[[str], Filled], operators: Sequence[Operator], folders: Sequence[str]
    ) -> None:
        super().__init__()
        self._form = form
        self._fill = fill
        self._operators = operators
        self._folders = folders

    # --- The form ---

    def compose(self) -> ComposeResult:
        form = self._form
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = self._heading()
            sheet.border_subtitle = _("^S keep · Tab next · Esc back")
            with VerticalScroll(id="form"):
                yield from self._row(_("Name"), CleanInput(form.name, id="preset-name"))
                hint = ", ".join(self._folders[:4]) or _("none")
                folder = CleanInput(form.folder, id="preset-folder", placeholder=hint)
                yield from self._row(_("Folder"), folder)
                everybody = (("shared", _("everybody")), ("own", _("only me")))
                yield from self._row(
                    _("For"), Cycle(everybody, "shared" if form.is_shared else "own", id="preset-shared")
                )
                if form.kind == "macro":
                    yield from self._change_rows(form.change or ChangeDialog())
                says = _("It answers with") if form.kind == "macro" else _("Text")
                yield Static(Content(says), classes="label")
                text = PresetText(
                    form.text, id="preset-text", soft_wrap=True, compact=True, tab_behavior="focus"
                )
                text.highlight_cursor_line = False
                yield text
                yield Static("", id="preset-preview", markup=False)
            yield Static("", markup=False, classes="problem")

    def _heading(self) -> str:
        titles = {
            ("reply", True): _("A new saved reply"),
            ("reply", False): _("A saved reply"),
            ("macro", True): _("A new macro"),
            ("macro", False): _("A macro"),
        }
        return titles[self._form.kind, self._form.is_new]

    def _row(self, label: str, field: Any) -> ComposeResult:
        with Horizontal(classes="form-row"):
            yield Static(Content(label), classes="form-label")
            yield field

    def _change_rows(self, change: ChangeDialog) -> ComposeResult:
        status = KEEP if change.status is UNSET else str(change.status)
        if status == "closed" and change.ask_rating:
            status = "asked"
        statuses = (
            (KEEP, _("stays as it is")),
            ("closed", _("closed")),
            ("asked", _("closed, and the visitor is asked how we did")),
            ("snoozed", _("put off until the visitor writes")),
            ("open", _("open")),
        )
        yield from self._row(_("Dialog"), Cycle(statuses, status, id="preset-status"))
        people = [(KEEP, _("stays whose it is")), ("me", _("whoever runs the macro")), ("", _("nobody"))]
        people += [(one.id, one.name) for one in self._operators]
        assignee = KEEP if change.assignee is UNSET else str(change.assignee)
        yield from self._row(_("Whose"), Cycle(people, assignee, id="preset-assignee"))
        priorities = [(KEEP, _("stays as it is")), ("low", _("low")), ("normal", _("normal"))]
        priorities += [("high", _("high")), ("urgent", _("urgent"))]
        priority = KEEP if change.priority is UNSET else str(change.priority)
        yield from self._row(_("Priority"), Cycle(priorities, priority, id="preset-priority"))
        tags = CleanInput(", ".join(change.add_tags), id="preset-tags", placeholder=_("none"))
        yield from self._row(_("Adds tags"), tags)
        gone = CleanInput(", ".join(change.remove_tags), id="preset-untags", placeholder=_("none"))
        yield from self._row(_("Removes tags"), gone)

    def on_mount(self) -> None:
        self.query_one("#preset-name", Input).focus()
        self._preview()

    # --- What it comes to ---

    @on(TextArea.Changed)
    def _preview(self) -> None:
        text = self.query_one("#preset-text", PresetText).text
        filled = self._fill(text)
        shown = safe_text(filled.text, limit=1_000, multiline=True).strip("\n")
        colours = {"text": "$desk-soft", "hot": "bold $desk-hot", "faint": "$desk-faint"}
        runs = [(run, colours[look]) for run, look in marked(shown)]
        heading = self._form.told or _("How it reads for the visitor whose dialog is open:")
        if filled.problem:
            heading = _("This cannot be filled in: {problem}").format(problem=filled.problem)
        elif filled.holes:
            heading = _("What is not known of this visitor stands out, and is asked for before it is sent:")
        line = self.query_one("#preset-preview", Static)
        line.update(Content.assemble((safe_text(heading, limit=300) + "\n", "$desk-faint"), *runs))
        line.display = bool(text.strip())

    def on_input_submitted(self) -> None:
        self.focus_next()

    def action_keep(self) -> None:
        if problem := self._problem():
            line = self.query_one(".problem", Static)
            line.update(Content(safe_text(problem, limit=300)))
            line.display = True
        else:
            self.dismiss(self._written())

    def _problem(self) -> str:
        written = self._written()
        if not written.name:
            return _("It needs a name, by which it is found.")
        if written.kind == "reply" and not written.text.strip():
            return _("A saved reply has a text.")
        if written.kind == "macro" and not written.text.strip() and written.change is None:
            return _("A macro says something, or changes the dialog.")
        if problem := self._fill(written.text).problem:
            return _("This cannot be filled in: {problem}").format(problem=problem)
        return ""

    def _written(self) -> WritePreset:
        return WritePreset(
            kind=self._form.kind,
            name=self._typed("name"),
            text=self.query_one("#preset-text", PresetText).text.strip("\n"),
            folder=self._typed("folder"),
            is_shared=self._chosen("shared") == "shared",
            change=self._change() if self._form.kind == "macro" else None,
        )

    def _change(self) -> ChangeDialog | None:
        """What the macro does to the dialog; the rest of an older change, such as a note, stays."""
        given: dict[str, Any] = {}
        status = self._chosen("status")
        if status != KEEP:
            given["status"] = "closed" if status == "asked" else status
            given["ask_rating"] = status == "asked"
        for name in ("assignee", "priority"):
            if (value := self._chosen(name)) != KEEP:
                given[name] = value
        given["add_tags"] = _tags(self._typed("tags"))
        given["remove_tags"] = _tags(self._typed("untags"))
        before = self._form.change
        if before is not None:
            given |= {"note": before.note, "reason": before.reason, "holder": before.holder}
        change = ChangeDialog(**given)
        return change if change != ChangeDialog() else None

    def _typed(self, name: str) -> str:
        return self.query_one(f"#preset-{name}", Input).value.strip()

    def _chosen(self, name: str) -> str:
        return self.query_one(f"#preset-{name}", Cycle).value


def _tags(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip() for tag in typed.split(",") if tag.strip()))
