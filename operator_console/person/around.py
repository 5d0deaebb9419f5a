"""What stands around the screens of visitors: the desk, the clock, and the way back into the inbox."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from operator_console.inbox.asking import Asking
from operator_console.inbox.desk import Desk
from server_stub.protocol import DialogSummary, Entry, Me

Tags = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Around:
    """Given by the inbox to the screens that it opens. `now` is in ms."""

    desk: Desk
    me: Me
    now: Callable[[], int]
    zone: tzinfo | None
    read_only: bool
    downloads: Path
    pictures: bool
    """Whether pictures of carts are shown, until a key says otherwise."""
    segments: SegmentTitles
    scenario_title: Callable[[str], str]
    dialogs_of: Callable[[str], Sequence[DialogSummary]]
    """A visitor's dialogs that the console knows, the latest first."""
    tags: Callable[[], Tags]
    """Tags in use, with how many carry each."""
    online: Callable[[], Collection[str]]
    """Who is on the site now, as far as the stream has told."""
    show_dialog: Callable[[DialogSummary], None]
    """Open it in the inbox."""
    trouble: Callable[[], str]
    """What is wrong with the connection; empty when nothing is."""


class Beside(Asking):
    """A screen of visitors over the inbox, which is told what the stream brings while it is there."""

    @abstractmethod
    def take(self, visitors: set[str], entries: list[Entry]) -> None:
        """What happened, and to whom; `entries` are theirs, oldest first."""


class SegmentTitles(dict[str, str]):
    """Titles of segments by slug, as the desk told them last."""

    async def load(self, desk: Desk) -> bool:
        """Read them; tells whether any differs. May raise a DeskError."""
        titles = {one.slug: one.title for one in await desk.segments() if one.title}
        if titles == self:
            return False
        self.clear()
        self.update(titles)
        return True
