"""The draft played beside its tree: what runs is marked there, and each edit is played again with what was done so far.

The player stands in the place of the file. It is given the draft after a rest of editing, whoever edits it.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Horizontal
from textual.timer import Timer

from operator_console.actions import at_place
from operator_console.designer.play.known_visitors import KnownVisitors
from operator_console.designer.tree.view import TreeView
from operator_console.inbox.bars import HintBar
from operator_console.inbox.desk import Desk
from operator_console.translation import _
from scenarios_yaml.language.editing.document import Document

if TYPE_CHECKING:
    from textual.widget import Widget

    from operator_console.designer.play.pane import PlayPane
    from scenarios_yaml.language.model import Scenario, Segment
    from scenarios_yaml.tools.testing.cases import Case

LOOKED_EVERY = 0.15
"""Seconds between looks at the draft; one that has not changed since the last look is played."""
PLAYED_AT_ONCE = 20_000
"""Characters: what was done is done again with a larger file in a thread."""
PLAYS_ON = frozenset({"publish"})
"""What changes the desk and may be done from the player; all else that changes the draft is done in the tree."""


class Playing(KnownVisitors):
    """A mixin of the tree's screen."""

    desk: Desk
    document: Document
    slug: str
    _segments: tuple[Segment, ...] = ()
    _played_revision = -1
    """Of the draft that is played."""
    _seen_revision = -1
    _look_timer: Timer | None = None

    @property
    @abstractmethod
    def tree_view(self) -> TreeView:
        """The tree."""

    def desk_of_visitors(self) -> Desk | None:
        return self.desk

    # --- Open and closed ---

    @property
    def pane(self) -> PlayPane:
        """What is played. Raises NoMatches where nothing is."""
        from operator_console.designer.play.pane import PlayPane

        return self.query_one(PlayPane)

    @property
    def plays(self) -> bool:
        """Whether the player stands beside the tree."""
        return self.has_class("-playing")

    async def action_play_beside(self) -> None:
        """Open the player beside the tree, or close it. Opened again, it goes on where it was."""
        if self.plays:
            self.close_player()
            return
        # Loaded when it is first wanted: it brings the engine.
        from operator_console.designer.play.pane import PlayPane

        if not self.query(PlayPane):
            pane = PlayPane(id="tree-play", knows_visitors=True)
            await self.query_one("#tree-panes", Horizontal).mount(pane)
            self.ask(self._load_world, group="play world", exclusive=True)
        self.add_class("-playing", "-at-play")
        self._show_draft()
        self.pane.line.focus()
        self._look_timer = self.set_interval(LOOKED_EVERY, self._look)

    def close_player(self) -> None:
        """The file stands in its place again. What was played is kept."""
        if self._look_timer is not None:
            self._look_timer.stop()
        self.tree_view.focus()
        self.tree_view.mark_played(frozenset(), frozenset())
        self.remove_class("-playing", "-at-play")

    async def _load_world(self) -> None:
        """The segments of the desk, and the hours of the shop."""
        from operator_console.designer.play.of_desk import segments_of
        from operator_console.designer.play.people import world_of

        self._segments = await segments_of(self.desk)
        self.pane.play_in(world_of(await self.desk.world()))
        self._show_draft()

    # --- The draft into the player ---

    def _look(self) -> None:
        revision = self.document.revision
        if revision == self._seen_revision != self._played_revision:
            self._show_draft()
        self._seen_revision = revision

    def _show_draft(self) -> None:
        """Play the draft as it stands. A large one that is being read still is played as soon as it is read."""
        if not self.document.is_read:
            self._played_revision = -1
            return
        self._played_revision = self._seen_revision = self.document.revision
        read = self.document.reading
        is_large = len(self.document.text) > PLAYED_AT_ONCE
        if is_large and read.scenario is not None and self.pane.session is not None:
            self.run_worker(self._follow_large(read.scenario), group="play large", exclusive=True)
            return
        trouble = str(read.errors[0]) if read.errors else ""
        self.pane.show_draft(read.scenario, self._segments, trouble=trouble)
        self._mark()

    async def _follow_large(self, scenario: Scenario) -> None:
        await self.pane.follow_draft(scenario, self._segments)
        if self.plays:
            self._mark()

    # --- The run into the tree ---

    def on_play_pane_moved(self) -> None:
        """The rows follow the run while one plays."""
        self._mark()
        if self._pane_has_focus():
            self.tree_view.point_at_step(self._stands_at())

    def _mark(self) -> None:
        session = self.pane.session
        if session is None:
            self.tree_view.mark_played(frozenset(), frozenset())
            return
        self.tree_view.mark_played(frozenset({self._stands_at()} - {""}), session.walked, session.ways)

    def _stands_at(self) -> str:
        """The key of the step at which the played run stands; empty where none does."""
        session = self.pane.session
        own = (
            [one.step for one in session.standing if one.scenario == session.scenario.slug] if session else []
        )
        return own[-1] if own else ""

    def action_to_played(self) -> None:
        """To the row of the step at which the played run stands."""
        step = self._stands_at() if self.plays else ""
        if not self.plays:
            self.tell(_("Nothing is played. t plays the draft."))
        elif not self.tree_view.point_at_step(step):
            self.tell(_("The run that is played stands nowhere."))
        else:
            self.tree_view.focus()

    # --- What is recorded ---

    def on_play_pane_recorded(self, event: PlayPane.Recorded) -> None:
        self.ask(self._keep_case, event.case, group="keep")

    async def _keep_case(self, case: Case) -> None:
        from operator_console.designer.play.of_desk import keep
        from scenarios_yaml.tools.stage import CannotError

        try:
            self.tell(await keep(self.app, self.desk, self.slug, case, may_write=not self.read_only))
        except CannotError as error:
            self.tell(f"{error.message} {error.hint}")

    # --- Focus ---

    def _pane_has_focus(self, widget: Widget | None = None) -> bool:
        focused = widget or self.focused
        return self.plays and focused is not None and self.pane in focused.ancestors_with_self

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        is_here = self._pane_has_focus(event.widget)
        self.set_class(is_here, "-at-play")
        if is_here:
            hints = self.query_one(HintBar)
            hints.place = "play_line" if event.widget is self.pane.line else "play"
            hints.refresh()

    def next_pane_of_play(self) -> bool:
        """Tree, line, story, and round again; whether something is played at all."""
        if not self.plays:
            return False
        pane = self.pane
        after: dict[Widget, Widget] = {pane.line: pane.story, pane.story: self.tree_view}
        target = after.get(self.focused, pane.line) if self.focused is not None else pane.line
        target.focus()
        return True

    def back_from_play(self) -> bool:
        """Out of what is typed, out of the player into the tree, and there out of the play; whether it was one of
        these."""
        if not self.plays:
            return False
        line = self.pane.line
        if line.has_focus and line.value:
            line.value = ""
        elif self._pane_has_focus():
            self.tree_view.focus()
        else:
            self.close_player()
        return True

    def owner_in_play(self, action: str) -> Widget | None:
        """Who does what was clicked in the footer, while the player has the focus."""
        if not self._pane_has_focus():
            return None
        owners = [self.pane.line, self.pane] if self.pane.line.has_focus else [self.pane]
        return next((owner for owner in owners if hasattr(owner, f"action_{action}")), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that change the draft do nothing while the player has the focus: there they could be meant for it."""
        if action in _changing() and self._pane_has_focus():
            return False
        return super().check_action(action, parameters)


@cache
def _changing() -> frozenset[str]:
    """The actions of the tree that change the draft."""
    runs = (action.run.partition("(")[0] for action in at_place("tree") if action.changes)
    return frozenset(runs) - PLAYS_ON
