"""What opens from the inbox as a screen of its own: broken scenarios, the outbox, why; and the way back to a dialog."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from operator_console.changes import Changes
from operator_console.designer.around import DesignAround
from operator_console.designer.drafts.kept import ScenarioDrafts
from operator_console.inbox.marking import Marking
from operator_console.inbox.sheets import ProblemsScreen
from operator_console.inbox.visitor_card import CardBody
from operator_console.outbox.screen import OutboxScreen
from operator_console.person.screen import PersonScreen
from operator_console.translation import _
from operator_console.visitors.screen import VisitorsScreen
from operator_console.why.screen import WhyScreen
from server_stub.protocol import Me

if TYPE_CHECKING:
    from operator_console.designer.scenarios.screen import ScenariosScreen


class OtherScreens(Marking):
    """The ways out of the three panes."""

    zone: tzinfo | None
    _keep_in: Callable[[Me], Path]
    _designing: DesignAround | None = None
    """What stands around the screens of the designer, once one was opened."""
    _outbox: OutboxScreen | None = None
    """The outbox, while it is open."""
    _scenarios: ScenariosScreen | None = None
    """All scenarios, while they are open."""

    @abstractmethod
    def _trouble(self) -> str:
        """What is wrong with the connection; empty when nothing is."""

    def tell_other_screens(self, changes: Changes) -> None:
        """What the stream has changed, for the screens that are open."""
        if changes.outbox and self._outbox is not None:
            self._outbox.take(changes.outbox)
        if changes.scenarios and self._scenarios is not None:
            self._scenarios.take()
        if changes.scenarios and self._designing is not None:
            self._designing.told()

    def start_others_over(self) -> None:
        """The connection was away for too long: what they show may have changed."""
        if self._outbox is not None:
            self._outbox.start_over()
        if self._scenarios is not None:
            self._scenarios.start_over()
        if self._designing is not None:
            self._designing.told()

    def around_designer(self) -> DesignAround:
        """What stands around the screens of the designer."""
        if self._designing is None:
            drafts = None if self.read_only else ScenarioDrafts(self._keep_in(self.me) / "scenarios")
            self._designing = DesignAround(drafts, self.names, self.now, self.zone)
        return self._designing

    def action_problems(self) -> None:
        self.app.push_screen(ProblemsScreen(self.mirror.broken_scenarios()))

    def _title_of(self, scenario: str) -> str:
        known = self.mirror.scenarios.get(scenario)
        return known.title if known else ""

    def action_outbox(self) -> None:
        self._outbox = OutboxScreen(
            self.desk,
            now=self.now,
            zone=self.zone,
            titles=self._title_of,
            go_to=self._go_to_visitor,
            trouble=self._trouble,
        )
        self.app.push_screen(self._outbox, self._outbox_left)

    def _outbox_left(self, _: None) -> None:
        self._outbox = None
        self._wait_for_seen()

    def action_scenarios(self) -> None:
        # Loaded when it is first opened: it brings the scenario language, which the console does not need to start.
        from operator_console.designer.scenarios.screen import ScenariosScreen

        self._scenarios = ScenariosScreen(
            self.desk,
            me=self.me,
            now=self.now,
            zone=self.zone,
            statuses=self.mirror.scenarios.values,
            names=self.names,
            trouble=self._trouble,
            read_only=self.read_only,
            around=self.around_designer(),
        )
        self.app.push_screen(self._scenarios, self._scenarios_left)

    def _scenarios_left(self, _: None) -> None:
        self._scenarios = None
        self._wait_for_seen()

    def _go_to_visitor(self, visitor: str) -> bool:
        """Open the visitor's last dialog; False where he has none."""
        rows = self.mirror.rows
        dialogs = sorted(self.mirror.dialogs_of(visitor), key=lambda dialog: rows[dialog].last_at)
        if not dialogs:
            return False
        self.go_to(dialogs[-1])
        return True

    @on(CardBody.FullWanted)
    def action_full_card(self) -> None:
        row = self.row
        if row is None:
            self.tell(_("No dialog is open."))
        else:
            self.open_beside(PersonScreen(self.around(), row.visitor, row.visitor_name))

    def show_person(self, visitor: str, name: str) -> None:
        self.open_beside(PersonScreen(self.around(), visitor, name))

    def action_visitors(self) -> None:
        self.open_beside(VisitorsScreen(self.around(), open_beside=self.open_beside))

    def action_why(self) -> None:
        row = self.row
        if row is None:
            self.tell("No dialog is open.")
            return
        self.app.push_screen(
            WhyScreen(
                self.desk,
                row.visitor,
                now=self.now,
                zone=self.zone,
                titles=self._title_of,
                name=row.visitor_name,
            )
        )
