"""The sheets of export and import: which folder, and what will happen to each file of it, before it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from operator_console.designer.scenarios.folders import PUBLISHED, Coming, Export, Import
from operator_console.inbox.sheets import typed_path
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked
from operator_console.working_copy import Pulled

MOST = 400
"""Lines that a sheet shows: more are a folder for the command line."""
_EXPORTED: dict[Pulled, tuple[str, str]] = {
    "new": (marked("will be written"), "$desk-good"),
    "updated": (marked("will be brought up to date"), "$desk-good"),
    "both": (marked("changed here and there: the server's text will lie beside yours"), "$desk-warm"),
    "ours": (marked("changed here: stays as it is"), "$desk-warm"),
    "same": (marked("as it is"), "$desk-faint"),
}
_IMPORTED: dict[Coming, tuple[str, str]] = {
    "new": (marked("new: will be published"), "$desk-good"),
    "changed": (marked("will be published"), "$desk-good"),
    "same": (marked("as it is"), "$desk-faint"),
    "unseen": (marked("stays out: the server has one of this name; export first"), "$desk-warm"),
    "elsewhere": (marked("stays out: somebody has published another one; export first"), "$desk-warm"),
    "gone": (marked("stays out: it is gone from the server"), "$desk-warm"),
    "errors": (marked("stays out: it has errors"), "$desk-hot"),
    "undecided": (marked("stays out: visitors stand at a step that is gone"), "$desk-hot"),
}
"""Of each fate: what will happen, and its colour. In the order in which they are shown."""


def typed_folder(typed: str) -> Path:
    """The folder that somebody typed: below his own, unless it begins with / or ~."""
    return typed_path(typed.strip(), Path.home())


class PlanSheet(ModalScreen[bool]):
    """What will happen, line by line. Gives whether it shall; where nothing would, it can only be left."""

    CSS_PATH = "../../inbox/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(False)", "Close", show=False),
        Binding("enter", "agree", "Do it", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[Content], *, yes: str) -> None:
        """`yes` is what Enter does, in a word; empty: there is nothing to do."""
        super().__init__()
        self._sheet_title = title
        self._plan = lines
        self._yes = yes

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(self._sheet_title).markup
            sheet.border_subtitle = f"⏎ {self._yes} · {_('Esc back')}" if self._yes else _("Esc back")
            with VerticalScroll():
                yield Static(Content("\n").join(self._plan))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_agree(self) -> None:
        if self._yes:
            self.dismiss(True)


def export_sheet(folder: Path, planned: Sequence[Export]) -> PlanSheet:
    """What an export into the folder will do."""
    files = [one for one in planned if one.what not in ("same", "ours")]
    lines = [_whole(len(files), len(planned))]
    for what, (words, colour) in _EXPORTED.items():
        paths = [str(_below(one.path, folder)) for one in planned if one.what == what]
        lines += _told(_(words), colour, paths)
    title = _("Export into {folder}").format(folder=safe_line(folder, 60))
    return PlanSheet(title, lines[: MOST + 1], yes=_("write"))


def import_sheet(folder: Path, planned: Sequence[Import]) -> PlanSheet:
    """What an import of the folder will do."""
    files = [one for one in planned if one.what in PUBLISHED]
    lines = [_whole(len(files), len(planned))]
    for what, (words, colour) in _IMPORTED.items():
        lines += _told(_(words), colour, [_imported(one) for one in planned if one.what == what])
    title = _("Import of {folder}").format(folder=safe_line(folder, 60))
    return PlanSheet(title, lines[: MOST + 1], yes=_("publish") if files else "")


def _whole(count: int, every: int) -> Content:
    """How many of the files something will happen to."""
    files = counted("{count} file", "{count} files", every)
    return Content.styled(_("{files}, {count} of them will change").format(files=files, count=count), "bold")


def _told(words: str, colour: str, names: Sequence[str]) -> list[Content]:
    """A heading with what will happen, and below it to which files."""
    if not names:
        return []
    heading = Content.styled(f"{words} · {len(names)}", colour)
    return [Content(""), heading, *(Content(f"  {safe_line(name, 300)}") for name in names)]


def _imported(one: Import) -> str:
    """A file's name with how much differs, or with what is wrong first."""
    if one.problem is not None:
        first = next(iter(one.problem.problems), None)
        where = f"{first.line}:{first.column} {first.text}" if first is not None else one.problem.detail
        return f"{one.local.path.name} · {where}"
    if one.what == "changed" and one.publication is not None:
        count = len(one.publication.differences)
        return f"{one.local.path.name} · {counted('{count} difference', '{count} differences', count)}"
    return one.local.path.name


def _below(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path
