"""Back to an earlier version: it is rehearsed, shown and published like any other text, with today's status."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from operator_console.designer.around import DesignAround
from operator_console.designer.tree.publish_sheet import Decision, PublishSheet
from operator_console.designer.versions.row_lines import when_of
from operator_console.designer.versions.rows import VersionRow
from operator_console.inbox.asking import Asking
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.editing.status import CannotEditError, set_status
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.publishing.described import name_of
from server_stub.protocol import PublishScenario, ScenarioFile

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

MOST_TEXTS = 40
"""Texts of versions that are kept while the screen is there."""


class GoingBack(Asking):
    """A mixin of the screen of versions."""

    desk: Desk
    around: DesignAround
    slug: str
    title: str
    _texts: dict[str, str]

    def __init__(self) -> None:
        super().__init__()
        self._texts = {}

    @property
    @abstractmethod
    def row(self) -> VersionRow | None:
        """The version under the cursor."""

    @abstractmethod
    def may_edit(self) -> bool:
        """Whether this person may change scenarios; says so where not."""

    async def text_of(self, row: VersionRow) -> str:
        """The text of a version. May raise a DeskError."""
        base = row.version.base
        if base not in self._texts:
            file = await self.desk.version(self.slug, base)
            while len(self._texts) >= MOST_TEXTS:
                del self._texts[next(iter(self._texts))]
            self._texts[base] = file.text
        return self._texts[base]

    def action_go_back(self) -> None:
        row = self.row
        if row is None or not self.may_edit():
            return
        if row.is_now:
            self.tell(_("This version is the one that lies on the desk now."))
        elif row.is_removed:
            self.tell(_("The file was taken away then: there is no text."))
        else:
            self.ask(self._rehearse, row, group="publish", exclusive=True)

    async def _rehearse(self, row: VersionRow) -> None:
        file = await self.desk.scenario_file(self.slug)
        text = _with_status(await self.text_of(row), file.status)
        if text == file.text:
            self.tell(_("Nothing differs from what lies on the desk now."))
            return
        rehearsal = PublishScenario(text=text, base=file.base, rehearse=True)
        publication = await self.desk.publish(self.slug, rehearsal)

        def decided(decision: Decision | None) -> None:
            if decision is not None:
                self.ask(self._publish, text, file, decision, group="publish", exclusive=True)

        when = when_of(row, self.around.now(), self.around.zone)
        why = _("Back to the version of {when}").format(when=when)
        note = _("What follows is the difference from what lies on the desk now. Its status stays.")
        sheet = PublishSheet(self.title, publication, _steps(text), note=note, why=why)
        self.app.push_screen(sheet, decided)

    async def _publish(self, text: str, file: ScenarioFile, decision: Decision) -> None:
        request = PublishScenario(text=text, base=file.base, moves=decision.moves, why=decision.why)
        await self.desk.publish(self.slug, request)
        self.tell(_("{title} is published.").format(title=safe_line(self.title, 60)))
        self.action_reload()

    @abstractmethod
    def action_reload(self) -> None:
        """Load the versions again."""


def _with_status(text: str, status: str) -> str:
    """Whether a scenario is live is a switch, and no part of what one goes back to."""
    scenario = read_scenario(text).scenario
    if scenario is None or scenario.status == status:
        return text
    try:
        return set_status(text, status)
    except CannotEditError:
        return text


def _steps(text: str) -> list[tuple[str, str]]:
    scenario = read_scenario(text).scenario
    if scenario is None:
        return []
    sequences = [scenario.steps, *(steps for _name, steps in scenario.blocks)]
    return [(step.key, _("go on at {to}").format(to=name_of(step))) for step in all_steps(sequences)]
