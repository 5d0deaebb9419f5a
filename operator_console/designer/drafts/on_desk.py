"""What a screen knows of the scenario that it edits: the text that is edited, and the one on the desk it began with."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from operator_console.designer.around import DesignAround
from operator_console.inbox.asking import Asking
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import Me

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class OnDesk(Asking):
    """Above the mixins of the tree's screen that keep, merge and publish. `title` is raw."""

    desk: Desk
    around: DesignAround
    document: Document
    slug: str
    title: str
    base: str
    """Names the text on the desk that the document began with."""
    saved: str
    """That text."""
    _status: str
    _me: Me

    @abstractmethod
    def may_edit(self) -> bool:
        """Whether this person may change scenarios; says so where not."""

    @abstractmethod
    def show_document(self) -> None:
        """Show what stands in the document now."""

    @abstractmethod
    def look_at_desk(self) -> None:
        """Ask the desk in the background whether another text lies there than the document began with."""

    @abstractmethod
    def keep_draft(self) -> None:
        """Write what is not published now; where everything is, nothing is kept any more."""

    @property
    def is_changed(self) -> bool:
        """Whether something was changed that is not published."""
        return self.document.text != self.saved

    def take_text(self, text: str) -> None:
        """Another text in the place of the whole document: one step of undo, whatever was typed just before."""
        with self.document.group():
            self.document.replace(text)
