"""New scenarios from the screen of all scenarios: out of the library, a copy of one, one from nothing.

A mixin of `ScenariosScreen`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from operator_console.designer.launch.copies import copy_of, empty_scenario, slug_of
from operator_console.designer.launch.draft import LaunchDraft
from operator_console.designer.launch.launch import Launched
from operator_console.designer.library.screen import LibraryScreen
from operator_console.designer.scenarios.list_view import ScenarioList
from operator_console.designer.scenarios.rows import ScenarioRow, ScenarioRows
from operator_console.inbox.asking import Asking
from operator_console.inbox.sheets import Prompt
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError
from server_stub.protocol import Me, PublishScenario

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class Making(Asking):
    """Scenarios that were not there."""

    desk: Desk
    now: Callable[[], int]
    rows: ScenarioRows
    _me: Me
    _launches: dict[str, LaunchDraft]
    """Launches that were begun and not ended, by what the library calls them: nothing that was set is lost."""
    _wanted = ""
    """The scenario on which the cursor is put as soon as it is there."""

    @property
    @abstractmethod
    def listing(self) -> ScenarioList:
        """The list."""

    @property
    @abstractmethod
    def _row(self) -> ScenarioRow | None:
        """The scenario under the cursor."""

    @abstractmethod
    def action_reset_filter(self) -> None:
        """Show all scenarios."""

    @abstractmethod
    async def open_tree(self, slug: str, title: str) -> None:
        """Show the tree of a scenario that lies on the desk."""

    @abstractmethod
    async def load(self) -> None:
        """Load the scenarios."""

    # --- From the library ---

    def action_library(self) -> None:
        screen = LibraryScreen(
            me=self._me,
            now=self.now,
            here=self.rows.rows.keys(),
            desk=self.desk,
            launches=self._launches,
            read_only=self.read_only,
        )

        def closed(_result: None) -> None:
            if screen.launched is not None:
                self._show_launched(screen.launched)

        self.app.push_screen(screen, closed)

    def _show_launched(self, launched: Launched) -> None:
        title = safe_line(launched.title, 60)
        if launched.status == "live":
            self.tell(_("“{title}” is live. ⏎ opens its tree.").format(title=title))
        else:
            self.tell(_("“{title}” is a draft. p launches it.").format(title=title))
        self.ask(self._go_to, launched.slug, title, launched.opens_tree, group="made", exclusive=True)

    async def _go_to(self, slug: str, title: str, opens_tree: bool) -> None:
        """The cursor on a scenario that has just been made, and, if wanted, its tree."""
        await self.load()
        if not self.listing.point_to(slug):
            self.action_reset_filter()
            self.listing.point_to(slug)
        if opens_tree:
            await self.open_tree(slug, title)

    # --- A copy, and one from nothing ---

    def action_duplicate(self) -> None:
        row = self._row
        if row is not None and self.may_change():
            self.ask(self._duplicate, row.status.slug, group="made", exclusive=True)

    async def _duplicate(self, slug: str) -> None:
        file = await self.desk.scenario_file(slug)
        try:
            copy, text = copy_of(file.text, self.rows.rows.keys())
        except CannotEditError as error:
            self.tell(_("Not copied: {reason}").format(reason=safe_line(error.args[0], 200)))
            return
        await self._make(copy, text, _("A copy of {slug}").format(slug=slug))

    def action_empty(self) -> None:
        if not self.may_change():
            return

        def named(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self.ask(self._make_empty, values[0], group="made", exclusive=True)

        def check(values: tuple[str, ...]) -> str:
            return "" if values[0] else _("It needs a title.")

        self.app.push_screen(Prompt(_("New scenario"), [_("What it is called")], check=check), named)

    async def _make_empty(self, title: str) -> None:
        slug = slug_of(title, self.rows.rows.keys())
        try:
            text = empty_scenario(title, slug, _("Hello!"))
        except CannotEditError as error:
            self.tell(_("Not made: {reason}").format(reason=safe_line(error.args[0], 200)))
            return
        await self._make(slug, text, "")

    async def _make(self, slug: str, text: str, why: str) -> None:
        """Puts a draft on the desk, and shows its tree."""
        await self.desk.publish(slug, PublishScenario(text=text, why=why))
        await self._go_to(slug, slug, opens_tree=True)
