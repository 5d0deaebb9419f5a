"""From the open dialog to a branch of a bot: which messages, in which scenario, where; then its tree is opened with the
branch in it, as a change that is not published and can be undone. A mixin of the inbox.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from operator_console.designer.around import DesignAround
from operator_console.inbox.asking import Asking
from operator_console.inbox.feed import Bubble
from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.safe_text import safe_line
from operator_console.translation import _
from server_stub.protocol import DialogSummary, Me, Message, PublishScenario, ScenarioStatus

if TYPE_CHECKING:
    from operator_console.designer.from_dialog.branching import Branch
    from operator_console.designer.from_dialog.placing import Spot
    from operator_console.inbox.desk import Desk

A_NEW_ONE = " new"
"""The choice of a scenario that is not there yet; no scenario's name has a blank."""


class FromDialog(Asking):
    """The scenario language is loaded when it is first wanted: the console does not need it to start."""

    desk: Desk
    me: Me

    @property
    @abstractmethod
    def feed_view(self) -> FeedView:
        """The conversation."""

    @property
    @abstractmethod
    def row(self) -> DialogSummary | None:
        """The open dialog."""

    @abstractmethod
    def around_designer(self) -> DesignAround:
        """What stands around the screens of the designer."""

    def action_from_dialog(self) -> None:
        """Choose messages of the open dialog; at first all from the selected one on."""
        row, feed = self.row, self.feed_view.feed
        if self.me.role == "operator":
            self.tell(_("Scenarios are changed by marketers and admins."))
        elif row is None or feed is None:
            self.tell(_("No dialog is open."))
        elif self.may_change():
            self._mark_branch(
                row, [one.message for one in feed.items if isinstance(one, Bubble) and one.state == "sent"]
            )

    def _mark_branch(self, row: DialogSummary, messages: list[Message]) -> None:
        from operator_console.designer.from_dialog.branching import said
        from operator_console.designer.from_dialog.sheet import BranchSheet

        spoken = said(messages)
        if not spoken:
            self.tell(_("Nothing was said in this dialog yet."))
            return
        selected = self.feed_view.selected
        since = selected.message.seq if selected is not None else 0
        marked = frozenset(one.id for one in spoken if one.seq >= since)

        def chosen(branch: Branch | None) -> None:
            if branch is not None:
                self.ask(self._branch_into, branch, group="from dialog", exclusive=True)

        self.app.push_screen(BranchSheet(spoken, row.visitor_name, marked), chosen)

    async def _branch_into(self, branch: Branch) -> None:
        known = await self.desk.scenarios()
        choices = [Choice(A_NEW_ONE, _("A new scenario"), _("a draft that begins with these messages"))]
        choices += [
            Choice(one.slug, one.title or one.slug, one.slug) for one in known if one.status != "archived"
        ]

        def chosen(slug: str | None) -> None:
            if slug == A_NEW_ONE:
                self._name_branch(branch, known)
            elif slug is not None:
                self.ask(self._place_branch, branch, slug, group="from dialog", exclusive=True)

        self.app.push_screen(Picker(_("In which scenario"), choices), chosen)

    # --- A new one ---

    def _name_branch(self, branch: Branch, known: tuple[ScenarioStatus, ...]) -> None:
        def check(values: tuple[str, ...]) -> str:
            return "" if values[0] else _("It needs a title.")

        def named(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self.ask(self._make_for_branch, branch, values[0], known, group="from dialog", exclusive=True)

        title = safe_line(branch.opening, 60)
        self.app.push_screen(
            Prompt(_("New scenario"), [_("What it is called")], values=[title], check=check), named
        )

    async def _make_for_branch(self, branch: Branch, title: str, known: tuple[ScenarioStatus, ...]) -> None:
        from operator_console.designer.from_dialog.placing import new_scenario
        from operator_console.designer.launch.copies import slug_of
        from scenarios_yaml.language.editing.document import CannotEditError

        slug = slug_of(title, {one.slug for one in known})
        try:
            text = new_scenario(title, slug)
        except CannotEditError as error:
            self.tell(_("Not made: {reason}").format(reason=safe_line(error.args[0], 200)))
            return
        await self.desk.publish(slug, PublishScenario(text=text, why=_("From a dialog")))
        await self._open_branch(branch, slug, None)

    # --- One that is there ---

    async def _place_branch(self, branch: Branch, slug: str) -> None:
        from operator_console.designer.from_dialog.placing import spots
        from scenarios_yaml.language.editing.document import Document

        drafts = self.around_designer().drafts
        if drafts is not None and drafts.get(slug) is not None:
            self.tell(
                _("{slug} has changes of yours that are not published. Open its tree first.").format(
                    slug=slug
                )
            )
            return
        found = spots(Document((await self.desk.scenario_file(slug)).text), branch)
        choices = [Choice(str(number), spot.said) for number, spot in enumerate(found)]

        def chosen(value: str | None) -> None:
            if value is not None:
                self.ask(
                    self._open_branch, branch, slug, found[int(value)], group="from dialog", exclusive=True
                )

        empty = _("This file has errors: mend them first.")
        self.app.push_screen(Picker(_("Where in it"), choices, empty=empty), chosen)

    async def _open_branch(self, branch: Branch, slug: str, spot: Spot | None) -> None:
        """Its tree, with the branch put in as the last change; None: the scenario is new, and this branch only."""
        from operator_console.designer.from_dialog.placing import fill, put_in
        from operator_console.designer.tree.screen import TreeScreen
        from scenarios_yaml.language.editing.document import CannotEditError

        file = await self.desk.scenario_file(slug)
        known = next((one for one in await self.desk.scenarios() if one.slug == slug), None)
        title = safe_line(known.title if known is not None else slug, 60)
        tree = TreeScreen(self.desk, self.me, file, title, around=self.around_designer())

        def put() -> None:
            try:
                place = (
                    put_in(tree.document, branch, spot) if spot is not None else fill(tree.document, branch)
                )
            except CannotEditError as error:
                tree.tell(_("Not changed: {reason}").format(reason=safe_line(error.args[0], 200)))
                return
            tree.show_document()
            tree.tree_view.point_at(place)
            tree.tell(_("From the dialog. u takes it out again, P publishes it."))

        await self.app.push_screen(tree)
        # After it has begun to look for changes, so that this one is kept as a draft like any other.
        tree.call_after_refresh(put)
