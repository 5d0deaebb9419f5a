"""From the tree to the desk: rehearsed, shown, published at once; what a colleague published meanwhile comes first."""

from __future__ import annotations

from operator_console.designer.drafts.keeping import Keeping
from operator_console.designer.merging.meeting import Meeting
from operator_console.designer.tree.publish_sheet import Decision, PublishSheet
from operator_console.designer.versions.screen import VersionsScreen
from operator_console.errors import Refused
from operator_console.inbox.sheets import Choice, Picker
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.publishing.described import name_of
from server_stub.protocol import PublishScenario


class Publishing(Keeping, Meeting):
    """A mixin of the tree's screen: out of it, to the desk or not."""

    _note_before = ""
    """Something to know before what comes is published."""

    def action_publish(self) -> None:
        if not self.may_edit():
            return
        if self.theirs is not None:
            self.merge(self._publish_merged)
        elif not self.is_changed and self._status == "live":
            self.tell(_("Nothing was changed."))
        elif self.document.reading.scenario is None:
            self.tell(_("The file has errors: ! goes from one to the next."))
        else:
            note, self._note_before = self._note_before, ""
            self.ask(self._rehearse, note, group="publish", exclusive=True)

    def _publish_merged(self) -> None:
        """What a colleague has published is taken in: what is left is the difference from that."""
        if not self.is_changed:
            self.tell(_("Nothing was changed."))
            return
        self._note_before = _(
            "A colleague's version was taken in first. What follows is the difference from it."
        )
        self.action_publish()

    async def _rehearse(self, note: str) -> None:
        request = PublishScenario(text=self.document.text, base=self.base, rehearse=True)
        try:
            publication = await self.desk.publish(self.slug, request)
        except Refused as error:
            await self._meet_a_colleague(error)
            return

        def decided(decision: Decision | None) -> None:
            if decision is not None:
                self.ask(self._publish, decision, group="publish", exclusive=True)

        # Loaded when it is first wanted: it brings the engine.
        from operator_console.designer.play.checks_view import ChecksView

        checks = ChecksView(self.desk, self.slug, request.text, id="publish-tests")
        sheet = PublishSheet(
            self.title,
            publication,
            self._steps(),
            note=note,
            checks=checks,
            status=self._written_status(),
            is_same=not self.is_changed,
        )
        self.app.push_screen(sheet, decided)

    async def _meet_a_colleague(self, error: Refused) -> None:
        """Another text lies on the desk now: it is taken in before this one is published. Raises what was refused for
        another reason."""
        if error.problem.error != "conflict":
            raise error
        self.meet(await self.desk.scenario_file(self.slug))
        if self.theirs is not None:
            self.merge(self._publish_merged)
        elif self.is_changed:
            raise error

    async def _publish(self, decision: Decision) -> None:
        if decision.launch:
            self.document.put("status", "live")
        text = self.document.text
        request = PublishScenario(text=text, base=self.base, moves=decision.moves, why=decision.why)
        self.is_publishing = True
        try:
            published = await self.desk.publish(self.slug, request)
        except Refused as error:
            await self._meet_a_colleague(error)
            return
        finally:
            self.is_publishing = False
        self.base, self.saved, self._status = published.base, text, self._written_status()
        self.keep_draft()
        self.show_document()
        words = _("{title} is live.") if decision.launch else _("{title} is published.")
        self.tell(words.format(title=safe_line(self.title, 60)))

    def _written_status(self) -> str:
        scenario = self.document.reading.scenario
        return scenario.status if scenario is not None else ""

    def _steps(self) -> list[tuple[str, str]]:
        scenario = self.document.reading.scenario
        assert scenario is not None  # noqa: S101  a text with errors is not rehearsed
        sequences = [scenario.steps, *(steps for _name, steps in scenario.blocks)]
        return [(step.key, _("go on at {to}").format(to=name_of(step))) for step in all_steps(sequences)]

    def action_versions(self) -> None:
        self.app.push_screen(
            VersionsScreen(
                self.desk,
                self._me,
                self.slug,
                self.title or self.slug,
                around=self.around,
                read_only=self.read_only,
            )
        )

    def leave(self) -> None:
        """Out of the screen; what is not published is asked about first."""
        if not self.is_changed:
            self.dismiss(None)
            return

        def chosen(value: str | None) -> None:
            if value == "leave":
                self.end_draft()
                self.dismiss(None)
            elif value == "publish":
                self.action_publish()

        choices = [
            Choice("stay", _("Go on editing")),
            Choice("publish", _("Publish it"), _("after a look at what differs")),
            Choice("leave", _("Throw the changes away")),
        ]
        self.app.push_screen(Picker(_("Not published yet"), choices), chosen)
