"""Sheets over the inbox: choose one of many, fill in a line or two, help, and what is wrong with scenario
files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from operator_console.actions import ACTIONS, PLACES, at_place, keys_of, shown_key
from operator_console.inbox.cells import cut, pad, wrap
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from server_stub.protocol import ScenarioStatus

WIDE = 92
"""Cells of a wide sheet, as the styles have it."""
MAX_CHOICES = 200
"""More are found by typing."""


class CleanInput(Input):
    """An Input into which nothing is pasted that a terminal would obey."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_line(event.text, 2_000)


@dataclass(frozen=True, slots=True)
class Choice:
    """`label` and `detail` are raw; they are cleaned where they are shown."""

    value: str
    label: str
    detail: str = ""


class Picker(ModalScreen[str | None]):
    """One of many, found by typing. Gives the value, or None. With `new`, what is typed may be taken as it
    is. `in_columns`: a line each, what is to know about them below each other.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        new: str = "",
        empty: str = "",
        in_columns: bool = False,
    ) -> None:
        super().__init__()
        self._sheet_title = title
        self._choices = choices
        self._label_cells = max((cell_len(one.label) for one in choices), default=0) if in_columns else 0
        self._new = new
        self._empty = empty or _("Nothing here.")
        self._shown: list[Choice] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide" if self._label_cells else "sheet") as sheet:
            sheet.border_title = Content(self._sheet_title).markup
            sheet.border_subtitle = _("⏎ choose · Esc back")
            yield CleanInput(placeholder=self._new or _("type to find"))
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        self._fill("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and highlighted < len(self._shown):
            self.dismiss(self._shown[highlighted].value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index].value)

    def action_move(self, by: int) -> None:
        choices = self.query_one(OptionList)
        if self._shown:
            choices.highlighted = ((choices.highlighted or 0) + by) % len(self._shown)

    def _fill(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        shown = [choice for choice in self._choices if wanted in choice.label.casefold()]
        if self._new and wanted and all(choice.value.casefold() != wanted for choice in shown):
            shown.append(Choice(typed.strip(), typed.strip(), _("new")))
        self._offer(shown)

    def _offer(self, shown: Sequence[Choice], empty: str = "") -> None:
        """Show these choices; where there are none, why."""
        self._shown = list(shown[:MAX_CHOICES])
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options([Option(self._line(choice)) for choice in self._shown])
        if not self._shown:
            choices.add_option(Option(Content(empty or self._empty), disabled=True))
        choices.highlighted = 0 if self._shown else None

    def _line(self, choice: Choice) -> Content:
        if not self._label_cells:
            return choice_line(choice)
        room = min(WIDE, self.size.width * 94 // 100) - 10 - self._label_cells
        label = pad(safe_line(choice.label, 100), self._label_cells)
        return Content.assemble(
            label, (f"  {cut(safe_line(choice.detail, 100), max(room, 0))}", "$desk-faint")
        )


def choice_line(choice: Choice) -> Content:
    """A choice as it stands in a list: what it is, and fainter what is to know about it."""
    label = Content(safe_line(choice.label, 100) or "—")
    return (
        label
        if not choice.detail
        else Content.assemble(label, (f"  {safe_line(choice.detail, 60)}", "$desk-faint"))
    )


class Prompt(ModalScreen[tuple[str, ...] | None]):
    """A line or more to fill in. `check` gives what is wrong with the values, or nothing."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Close", show=False)]

    def __init__(
        self,
        title: str,
        labels: Sequence[str],
        *,
        values: Sequence[str] = (),
        check: Callable[[tuple[str, ...]], str] = lambda _values: "",
        keys: str = "",
    ) -> None:
        super().__init__()
        self._keys = keys
        self._sheet_title = title
        self._labels = labels
        self._values = values
        self._check = check

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = self._sheet_title
            sheet.border_subtitle = Content(self._keys or _("⏎ keep · Esc back")).markup
            for number, label in enumerate(self._labels):
                yield Static(label, markup=False, classes="label")
                value = self._values[number] if number < len(self._values) else ""
                yield CleanInput(value, id=f"value-{number}")
            yield Static("", markup=False, classes="problem")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        fields = list(self.query(CleanInput))
        place = fields.index(event.input)  # type: ignore[arg-type]
        if place + 1 < len(fields):
            fields[place + 1].focus()
            return
        values = tuple(field.value.strip() for field in fields)
        if problem := self._check(values):
            line = self.query_one(".problem", Static)
            line.update(safe_line(problem, 300))
            line.display = True
            return
        self.dismiss(values)


class PathPrompt(ModalScreen[Path | None]):
    """A file of this machine: type its path, Tab completes, the list below shows what is there."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("tab", "complete", "Complete", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, start: Path) -> None:
        super().__init__()
        self._start = start
        self._shown: list[Path] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = _("Attach a file of up to 2 MB")
            sheet.border_subtitle = _("Tab completes · ⏎ attach · Esc back")
            # What stands there is to be gone on with, not to be overwritten by the first key.
            yield CleanInput(
                f"{self._start}/".replace("//", "/"), placeholder=_("path of a file"), select_on_focus=False
            )
            yield OptionList(markup=False)
            yield Static("", markup=False, classes="problem")

    def on_mount(self) -> None:
        self._fill(self.query_one(CleanInput).value)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        path = typed_path(event.value, self._start)
        highlighted = self.query_one(OptionList).highlighted
        if kind_of(path) != "file" and highlighted is not None and highlighted < len(self._shown):
            path = self._shown[highlighted]
        self._take(path)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take(self._shown[event.option_index])

    def action_move(self, by: int) -> None:
        choices = self.query_one(OptionList)
        if self._shown:
            choices.highlighted = ((choices.highlighted or 0) + by) % len(self._shown)

    def action_complete(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and highlighted < len(self._shown):
            self._type(self._shown[highlighted])

    def _take(self, path: Path) -> None:
        kind = kind_of(path)
        if kind == "folder":
            self._type(path)
        elif kind == "file":
            self.dismiss(path)
        else:
            line = self.query_one(".problem", Static)
            line.update(_("There is no such file."))
            line.display = True

    def _type(self, path: Path) -> None:
        field = self.query_one(CleanInput)
        field.value = f"{path}/" if path.is_dir() else str(path)
        field.cursor_position = len(field.value)
        field.focus()

    def _fill(self, typed: str) -> None:
        self._shown = list(paths_like(typed, self._start))
        self.query_one(".problem", Static).display = False
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(
            [Option(Content(safe_line(path.name + "/" * path.is_dir(), 120))) for path in self._shown]
        )
        choices.highlighted = 0 if self._shown else None


def kind_of(path: Path) -> Literal["folder", "file", ""]:
    """What is there; nothing also where no file could have such a name."""
    try:
        return "folder" if path.is_dir() else "file" if path.is_file() else ""
    except (OSError, ValueError):
        return ""


def typed_path(typed: str, start_folder: Path) -> Path:
    """The path that somebody typed: below `start_folder`, unless it begins with / or ~."""
    try:
        return start_folder / Path(typed).expanduser()
    except RuntimeError:
        return start_folder / typed  # ~ of a user whom this machine does not know


def paths_like(typed: str, start_folder: Path) -> Iterable[Path]:
    """Files and folders whose path begins with what is typed: folders first, hidden ones only where asked
    for. A path that does not begin with / or ~ is one below `start_folder`.
    """
    folder, slash, start = typed.rpartition("/")
    try:
        entries = [
            path
            for path in typed_path(folder or slash, start_folder).iterdir()
            if path.name.startswith(start) and (start or not path.name.startswith("."))
        ]
        return sorted(entries, key=lambda path: (not path.is_dir(), path.name.casefold()))[:MAX_CHOICES]
    except OSError:
        return ()  # no such folder, or not ours to read: nothing to offer


class HelpScreen(ModalScreen[None]):
    """Every key, by where it works; made from the table of actions."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss(None)", "Close", show=False)
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = _("Keys")
            sheet.border_subtitle = _("Esc back · ↑↓ scroll")
            with VerticalScroll():
                yield Static(self._text())

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        self.query_one(Static).update(self._text())

    def _text(self) -> Content:
        # As wide as dialogs.tcss makes the sheet, without its frame and the scroll bar.
        return help_text(min(92, self.app.size.width * 94 // 100) - 5)


def help_text(width: int = 88) -> Content:
    """All actions with their keys, under a heading for each place, in lines of `width` cells."""
    shown = {action.id: "  ".join(shown_key(key) for key in keys_of(action)) for action in ACTIONS}
    key_cells = max(map(cell_len, shown.values())) + 2
    title_cells = max(cell_len(_(action.title)) for action in ACTIONS) + 2
    indent = " " * (key_cells + title_cells + 1)
    lines: list[Content] = []
    for place, title in PLACES.items():
        lines += [Content(""), Content.styled(_(title), "bold $desk-accent")]
        for action in at_place(place):
            first, *more = wrap(_(action.help), width - len(indent))
            lines.append(
                Content.assemble(
                    (" " + pad(shown[action.id], key_cells), "$desk-text"),
                    (pad(_(action.title), title_cells), "bold"),
                    (first, "$desk-soft"),
                )
            )
            lines += [Content.styled(indent + line, "$desk-soft") for line in more]
    return Content("\n").join(lines[1:])


class ProblemsScreen(ModalScreen[None]):
    """Scenario files that could not be read: where, what, and what to do."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,P", "dismiss(None)", "Close", show=False)]

    def __init__(self, scenarios: Sequence[ScenarioStatus]) -> None:
        super().__init__()
        self._scenarios = scenarios

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = _("Scenario files with errors")
            sheet.border_subtitle = _("Esc back")
            with VerticalScroll():
                yield Static(problems_text(self._scenarios))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def problems_text(scenarios: Sequence[ScenarioStatus]) -> Content:
    """Each file with its errors: line:column, message, hint."""
    if not scenarios:
        return Content(_("Every scenario file is in order."))
    lines: list[Content] = []
    for scenario in scenarios:
        name = safe_line(scenario.title or scenario.slug, 100)
        kept = _("the last good version stays live") if scenario.version else _("it is not live")
        lines += [
            Content(""),
            Content.assemble((name, "bold"), (f"   {safe_line(scenario.file, 200)} · {kept}", "$desk-soft")),
        ]
        for problem in scenario.problems:
            where = f"  {problem.line}:{problem.column}"
            text = safe_text(from_language(problem.text), limit=600)
            lines.append(Content.assemble((f"{where:<10}", "$desk-hot"), text))
            if problem.hint:
                lines.append(
                    Content.styled(" " * 10 + safe_text(from_language(problem.hint), limit=400), "$desk-soft")
                )
    return Content("\n").join(lines[1:])
