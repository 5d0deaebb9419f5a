"""A list of what fits, over what is being written: saved replies with a look at their text, colleagues, emoji.

A widget inside the composer; the composer moves its cursor and takes what stands under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from operator_console.inbox.cells import Run, cut, pad, wrap_runs
from operator_console.inbox.completions import (
    Offer,
    ReplyFinder,
    Wanted,
    colleagues_for,
    emoji_for,
)
from operator_console.inbox.emoji_names import EmojiNames
from operator_console.replies.filling import HOLE, Filled
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import palette_of
from operator_console.translation import _
from server_stub.protocol import Operator, Preset

MAX_ROWS = 6
MAX_PREVIEW = 3
"""Lines of a saved reply's text."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where offers come from; each is asked anew, for the desk lives. `fill` fills in a reply's text."""

    presets: Callable[[], Iterable[Preset]]
    operators: Callable[[], Iterable[Operator]]
    me: Callable[[], str]
    fill: Callable[[str], Filled]
    emoji: Callable[[], EmojiNames | None]
    """None while their names are being read."""
    replies: ReplyFinder = field(default_factory=ReplyFinder)

    def offers(self, wanted: Wanted) -> list[Offer]:
        """What fits."""
        if wanted.kind == "reply":
            return self.replies.find(wanted.query, self.presets())
        if wanted.kind == "colleague":
            return colleagues_for(wanted.query, self.operators(), self.me())
        names = self.emoji()
        return emoji_for(wanted.query, names) if names is not None else []


class CompletionList(Widget):
    """Rows of offers with a cursor; below the rows of saved replies, the text of the one under the cursor."""

    DEFAULT_CSS = """
    CompletionList { height: 0; width: 1fr; display: none; margin: 0 0 0 0; }
    """

    @dataclass
    class Taken(Message):
        """A row was clicked."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.wanted: Wanted | None = None
        self.offers: Sequence[Offer] = ()
        self.index = 0
        self.preview: Filled | None = None
        self.ground = "paper"
        """The name of the colour behind what is not under the cursor."""
        self._fill: Callable[[str], Filled] = Filled
        self._filled: dict[str, Filled] = {}
        """By the text as it is written."""
        self._top = 0

    @property
    def is_open(self) -> bool:
        """Whether there is anything to take."""
        return bool(self.offers)

    @property
    def current(self) -> Offer | None:
        """The offer under the cursor."""
        return self.offers[self.index] if self.offers else None

    def show(self, wanted: Wanted, offers: Sequence[Offer], fill: Callable[[str], Filled]) -> None:
        """Show these; the cursor goes to the first unless the same is wanted as before."""
        if wanted != self.wanted:
            self.index = 0
        self.wanted, self.offers, self._fill = wanted, offers, fill
        self._filled.clear()
        self.index = min(self.index, max(len(offers) - 1, 0))
        self._changed()

    def hide(self) -> None:
        """Nothing is being completed."""
        if self.offers:
            self.wanted, self.offers, self.preview, self.index = None, (), None, 0
            self._changed()

    def move(self, by: int) -> None:
        """Move the cursor, round at the ends."""
        self.index = (self.index + by) % max(len(self.offers), 1)
        self._changed()

    def _changed(self) -> None:
        current = self.current
        is_reply = self.wanted is not None and self.wanted.kind == "reply"
        self.preview = self._filled_in(current) if current is not None and is_reply else None
        self._top = min(max(self._top, self.index - MAX_ROWS + 1), self.index)
        self._top = max(min(self._top, len(self.offers) - MAX_ROWS), 0)
        height = min(len(self.offers), MAX_ROWS)
        if height and is_reply:
            height += 1 + MAX_PREVIEW
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.display = bool(height)
        self.refresh()

    def _filled_in(self, offer: Offer) -> Filled:
        if offer.detail not in self._filled:
            self._filled[offer.detail] = self._fill(offer.detail)
        return self._filled[offer.detail]

    # --- Painting ---

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        width = self.size.width
        rows = min(len(self.offers), MAX_ROWS)
        if y < rows:
            return self._row(self._top + y, width)
        if y == rows:
            return self._rule(width)
        lines = self._preview_lines(width)
        number = y - rows - 1
        if number < len(lines):
            return lines[number]
        return Strip.blank(width, palette.style("text", self.ground))

    def _row(self, index: int, width: int) -> Strip:
        palette = palette_of(self.app.theme)
        offer = self.offers[index]
        ground = "cursor" if index == self.index else self.ground
        bar = Segment("▌" if index == self.index else " ", palette.style("accent", ground))
        name = cut(safe_line(offer.label, 80), max(width // 2, 8))
        pieces = [bar, Segment(name, palette.style("text", ground, bold=True))]
        if offer.folder:
            pieces.append(
                Segment("  " + cut(safe_line(offer.folder, 60), 20), palette.style("accent", ground))
            )
        room = width - sum(cell_len(piece.text) for piece in pieces) - 2
        is_reply = self.wanted is not None and self.wanted.kind == "reply"
        detail = self._filled_in(offer).text if is_reply else offer.detail
        detail = cut(safe_line(detail, 300), max(room, 0)) if room > 4 else ""
        pieces.append(Segment(pad(f"  {detail}", max(room + 2, 0)), palette.style("soft", ground)))
        return Strip(pieces).adjust_cell_length(width, palette.style("text", ground))

    def _rule(self, width: int) -> Strip:
        palette = palette_of(self.app.theme)
        words = f" {_('⏎ or Tab takes it')} · {self.index + 1}/{len(self.offers)} "
        colour = "faint"
        if self.preview is not None and (self.preview.problem or self.preview.holes):
            words, colour = f" {_('something is not filled in')} ", "hot"
        rule = "─" * max(width - cell_len(words) - 2, 0)
        line = palette.style("line", self.ground)
        pieces = [
            Segment(rule, line),
            Segment(words, palette.style(colour, self.ground)),
            Segment("──", line),
        ]
        return Strip(pieces).adjust_cell_length(width, palette.style("text", self.ground))

    def _preview_lines(self, width: int) -> list[Strip]:
        palette = palette_of(self.app.theme)
        if self.preview is None:
            return []
        text = safe_text(self.preview.text, limit=2_000, multiline=True).strip("\n")
        lines = wrap_runs(marked(text), max(width - 2, 8))
        if len(lines) > MAX_PREVIEW:
            lines = [*lines[: MAX_PREVIEW - 1], [*lines[MAX_PREVIEW - 1], (" …", "faint")]]
        plain = palette.style("text", self.ground)
        return [
            Strip(
                [Segment(" ", plain), *(Segment(run, palette.style(look, self.ground)) for run, look in line)]
            ).adjust_cell_length(width, plain)
            for line in lines
        ]

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y
        if event.y < min(len(self.offers), MAX_ROWS):
            self.index = index
            self.post_message(self.Taken())


def marked(text: str) -> list[Run]:
    """A cleaned text as runs; what is not filled in stands out."""
    runs: list[Run] = []
    at = 0
    for found in HOLE.finditer(text):
        if found.start() > at:
            runs.append((text[at : found.start()], "text"))
        runs.append((found.group(), "hot"))
        at = found.end()
    if at < len(text) or not runs:
        runs.append((text[at:], "text"))
    return runs
