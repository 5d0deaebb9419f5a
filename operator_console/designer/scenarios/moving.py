"""Export and import from the screen of scenarios: which folder, what will happen, and then it happens.

A mixin of `ScenariosScreen`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from operator_console.designer.scenarios.folder_sheets import export_sheet, import_sheet, typed_folder
from operator_console.designer.scenarios.folders import (
    PUBLISHED,
    Export,
    Import,
    export,
    exports,
    import_,
    imports,
)
from operator_console.inbox.asking import Asking
from operator_console.inbox.sheets import Prompt
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

FOLDER = "~/scenarios"
"""What is offered first."""


class Moving(Asking):
    """Files between the desk and a folder of this computer."""

    desk: Desk
    _folder = FOLDER

    def action_export(self) -> None:
        if not self.is_kept_from_browser():
            self._ask_folder(_("Export scenarios into a folder"), "", self._plan_export)

    def action_import(self) -> None:
        if self.may_change() and not self.is_kept_from_browser():
            missing = _("There is no such folder.")
            self._ask_folder(_("Import scenarios of a folder"), missing, self._plan_import)

    def _ask_folder(self, title: str, missing: str, plan: Callable[[Path], None]) -> None:
        """`missing` is said where the folder has to be there and is not."""

        def wrong(values: tuple[str, ...]) -> str:
            folder = typed_folder(values[0])
            try:
                is_there, is_folder = folder.exists(), folder.is_dir()
            except (OSError, ValueError):
                return _("There can be no such folder.")
            if is_there and not is_folder:
                return _("That is a file.")
            return missing if missing and not is_there else ""

        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._folder = values[0]
                plan(typed_folder(values[0]))

        labels = [_("Folder on this computer")]
        self.app.push_screen(Prompt(title, labels, values=[self._folder], check=wrong), chosen)

    # --- Export ---

    def _plan_export(self, folder: Path) -> None:
        self.ask(self._show_export, folder, group="folder", exclusive=True)

    async def _show_export(self, folder: Path) -> None:
        planned = await exports(self.desk, folder)

        def agreed(yes: bool | None) -> None:
            if yes:
                self.ask(self._export, folder, planned, group="folder", exclusive=True)

        self.app.push_screen(export_sheet(folder, planned), agreed)

    async def _export(self, folder: Path, planned: list[Export]) -> None:
        await export(self.desk, folder, planned)
        files = counted("{count} file", "{count} files", len(planned))
        self.tell(_("{files} in {folder}").format(files=files, folder=safe_line(folder, 200)))

    # --- Import ---

    def _plan_import(self, folder: Path) -> None:
        self.ask(self._show_import, folder, group="folder", exclusive=True)

    async def _show_import(self, folder: Path) -> None:
        planned = await imports(self.desk, folder)

        def agreed(yes: bool | None) -> None:
            if yes:
                self.ask(self._import, folder, planned, group="folder", exclusive=True)

        self.app.push_screen(import_sheet(folder, planned), agreed)

    async def _import(self, folder: Path, planned: list[Import]) -> None:
        refused = await import_(self.desk, folder, planned)
        for _one, error in refused:
            self.complain(error)
        count = sum(one.what in PUBLISHED for one in planned) - len(refused)
        self.tell(counted("{count} file is published.", "{count} files are published.", count))
