"""A colleague has published the scenario that is being edited: said at once, and taken in without anything lost."""

from __future__ import annotations

from textual.css.query import NoMatches

from operator_console.designer.drafts.on_desk import OnDesk
from operator_console.designer.tree.header import TreeHeader
from operator_console.inbox.times import clock
from operator_console.safe_text import safe_line
from operator_console.translation import _
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
        return safe_line(self.around.names.get(file.by, ""), 60) or _("A colleague")
