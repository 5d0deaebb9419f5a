"""What is changed in the tree and not published is on disk within a second, and is offered again after a crash."""

from __future__ import annotations

import time

from operator_console.designer.drafts.kept import ScenarioDraft
from operator_console.designer.drafts.on_desk import OnDesk
from operator_console.inbox.sheets import Choice, Picker
from operator_console.inbox.times import clock, day_said
from operator_console.translation import _

LOOK_EVERY = 0.25
"""Seconds between two looks whether something was changed. A look compares two numbers."""
KEPT_WITHIN = 0.5
"""Seconds after which it is written, however fast somebody types; sooner where he rests."""


class Keeping(OnDesk):
    """A mixin of the tree's screen: the draft of its document."""

    _kept_revision = 0
    _resting_revision = 0
    _unkept_since = 0.0
    _told_trouble = ""

    def on_mount(self) -> None:
        self._kept_revision = self._resting_revision = self.document.revision
        if self.around.drafts is not None and not self.read_only:
            self.set_interval(LOOK_EVERY, self._look_for_changes)
            self.call_after_refresh(self._offer_draft)

    def on_unmount(self) -> None:
        if self._kept_revision != self.document.revision:
            self.keep_draft()

    def _look_for_changes(self) -> None:
        revision = self.document.revision
        if revision == self._kept_revision:
            return
        if self._resting_revision == self._kept_revision:
            self._unkept_since = time.monotonic()
        is_resting = self._resting_revision == revision
        self._resting_revision = revision
        if is_resting or time.monotonic() - self._unkept_since >= KEPT_WITHIN:
            self.keep_draft()

    def keep_draft(self) -> None:
        """Write what is not published now; where everything is, nothing is kept any more."""
        drafts = self.around.drafts
        if drafts is None or self.read_only:
            return
        self._kept_revision = self._resting_revision = self.document.revision
        if self.is_changed:
            at = self.around.now()
            drafts.keep(ScenarioDraft(self.slug, self.document.text, self.base, self.saved, at))
        else:
            drafts.end(self.slug)
        if drafts.trouble and drafts.trouble != self._told_trouble:
            self.tell(drafts.trouble)
        self._told_trouble = drafts.trouble

    def end_draft(self) -> None:
        """Nothing is kept of this scenario any more, and what stands in the document is not written."""
        self._kept_revision = self._resting_revision = self.document.revision
        if self.around.drafts is not None:
            self.around.drafts.end(self.slug)

    # --- What an earlier console left ---

    def _offer_draft(self) -> None:
        drafts = self.around.drafts
        draft = drafts.get(self.slug) if drafts is not None else None
        if drafts is not None and drafts.set_aside:
            told = _("A draft could not be read and was set aside: {path}")
            self.tell(told.format(path=drafts.set_aside.pop()))
        if drafts is None or draft is None or not self.may_edit():
            return
        if draft.text in (draft.began, self.document.text):
            drafts.end(self.slug)
            return
        now, zone = self.around.now(), self.around.zone
        when = _("from {day}, {time}").format(day=day_said(draft.at, now, zone), time=clock(draft.at, zone))

        def chosen(value: str | None) -> None:
            if value == "take":
                self._take_draft(draft)
            elif value == "drop":
                self.keep_draft()  # where something was changed since it was opened, that
            else:
                self.dismiss(None)

        choices = [
            Choice("take", _("Go on with them"), when),
            Choice("drop", _("Throw them away")),
        ]
        self.app.push_screen(Picker(_("Changes of yours that are not published"), choices), chosen)

    def _take_draft(self, draft: ScenarioDraft) -> None:
        self.take_text(draft.text)
        if draft.base != self.base:
            self.base, self.saved = draft.base, draft.began
            self.look_at_desk()
        self._kept_revision = self._resting_revision = self.document.revision
        self.show_document()
