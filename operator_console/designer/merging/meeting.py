"""A colleague has published the scenario that is being edited: said at once, and taken in without anything lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from textual.css.query import NoMatches

from operator_console.designer.drafts.on_desk import OnDesk
from operator_console.designer.merging.sheet import MergeSheet
from operator_console.designer.merging.texts import Outcome, merge_texts
from operator_console.designer.merging.three_way import Side
from operator_console.designer.merging.words import ChoiceWords, Versions
from operator_console.designer.tree.header import TreeHeader
from operator_console.inbox.times import clock
from operator_console.safe_text import safe_line
from operator_console.translation import _, spoken
from server_stub.protocol import ScenarioFile


class Meeting(OnDesk):
    """A mixin of the tree's screen. `theirs` is the text that lies on the desk now, where another one does than the
    document began with."""

    theirs: ScenarioFile | None = None
    is_publishing = False
    """What the stream tells meanwhile may be what this screen publishes."""

    def on_mount(self) -> None:
        self.around.listen(self.look_at_desk)

    def on_unmount(self) -> None:
        self.around.forget(self.look_at_desk)

    def on_screen_resume(self) -> None:
        if self.theirs is not None:
            self.meet(self.theirs)

    def look_at_desk(self) -> None:
        """See `OnDesk.look_at_desk`."""
        if not self.is_publishing:
            self.ask(self._look_at_desk, group="colleague", exclusive=True, quietly=True)

    async def _look_at_desk(self) -> None:
        file = await self.desk.scenario_file(self.slug)
        if not self.is_publishing:
            self.meet(file)

    def meet(self, file: ScenarioFile) -> None:
        """What lies on the desk now: the same text as before, or another one."""
        is_ours = not self.is_changed
        if file.base == self.base:
            self.theirs = None
        elif file.text == self.document.text:
            self.stand_on(file)
        elif is_ours and self.app.screen is self:
            # Nothing of one's own would be lost by it, and what is edited next is what runs.
            self.take_text(file.text)
            self.stand_on(file)
            self.tell(
                _("{who} has published this scenario: this is it now.").format(who=self.publisher(file))
            )
        else:
            self.theirs = file
        self.show_news()

    def stand_on(self, file: ScenarioFile) -> None:
        """From now on the document is one that began with this text of the desk."""
        self.base, self.saved, self._status = file.base, file.text, file.status
        self.theirs = None
        self.show_document()
        self.show_news()

    def show_news(self) -> None:
        """Say above the tree what a colleague has done."""
        try:
            header = self.query_one(TreeHeader)
        except NoMatches:
            return
        file = self.theirs
        if file is None:
            header.news = ""
        else:
            words = _("{who} has published another version at {time}")
            header.news = words.format(
                who=self.publisher(file), time=clock(file.published_at, self.around.zone)
            )
        header.refresh()

    def publisher(self, file: ScenarioFile) -> str:
        """Who published it, in words."""
        if not file.by:
            return _("Somebody in the server's folder")
        return safe_line(self.around.names.get(file.by, file.by), 60)

    # --- Taken in ---

    def action_merge(self) -> None:
        """Take in what a colleague has published."""
        if not self.may_edit():
            return
        if self.theirs is None:
            self.tell(_("Nobody else has published this scenario meanwhile."))
        else:
            self.merge()

    def merge(self, then: Callable[[], None] | None = None) -> None:
        """Take in what a colleague has published, after a choice where both have changed the same; then go on."""
        self.ask(self._merge, then, group="merge", exclusive=True)

    async def _merge(self, then: Callable[[], None] | None) -> None:
        file, mine = self.theirs, self.document.text
        if file is None:
            return
        outcome, words = await asyncio.to_thread(_prepared, self.saved, mine, file.text, spoken())
        if not self._still(file, mine):
            self.merge(then)
        elif not outcome.choices:
            self._take_in(file, outcome, then)
        else:

            def chosen(answers: Mapping[str, Side] | None) -> None:
                if answers is not None:
                    self.ask(self._merge_as_chosen, file, mine, answers, then, group="merge", exclusive=True)

            self.app.push_screen(MergeSheet(words, self.publisher(file), outcome.taken), chosen)

    async def _merge_as_chosen(
        self, file: ScenarioFile, mine: str, answers: Mapping[str, Side], then: Callable[[], None] | None
    ) -> None:
        outcome = await asyncio.to_thread(merge_texts, self.saved, mine, file.text, answers)
        if self._still(file, mine):
            self._take_in(file, outcome, then)
        else:
            # One of the texts is another one by now: what was chosen was not about it.
            self.merge(then)

    def _still(self, file: ScenarioFile, mine: str) -> bool:
        return self.theirs is not None and self.theirs.base == file.base and self.document.text == mine

    def _take_in(self, file: ScenarioFile, outcome: Outcome, then: Callable[[], None] | None) -> None:
        self.take_text(outcome.text)
        self.stand_on(file)
        self.keep_draft()
        told = _("What {who} has changed is taken in. u takes it out again.")
        self.tell(told.format(who=self.publisher(file)))
        if then is not None:
            then()


def _prepared(base: str, mine: str, theirs: str, language: str) -> tuple[Outcome, tuple[ChoiceWords, ...]]:
    """Runs in a thread: a large file takes its time."""
    outcome = merge_texts(base, mine, theirs)
    if not outcome.choices:
        return outcome, ()
    return outcome, Versions(base, mine, theirs, language).words(outcome.choices)
