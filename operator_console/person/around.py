"""What stands around the screens of visitors: the desk, the clock, and the way back into the inbox."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from operator_console.inbox.asking import Asking
from operator_console.inbox.desk import Desk
from server_stub.protocol import DialogSummary, Entry, Me, SegmentStatus

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

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[str] = set()

    async def know(self, desk: Desk, slugs: Iterable[str]) -> bool:
        """Ask the desk where one of these was never asked for; tells whether it was. May raise a DeskError."""
        unknown = set(slugs) - self.keys() - self._asked
        if not unknown:
            return False
        self._asked |= unknown
        self.take(await desk.segments())
        return True

    def take(self, segments: Iterable[SegmentStatus]) -> None:
        """The titles as the desk has them now."""
        self.update({one.slug: one.title for one in segments if one.title})
