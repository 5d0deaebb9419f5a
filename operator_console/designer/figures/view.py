"""Figures on the screen: lines that scroll, with a cursor that goes from number to number."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.designer.figures.lines import FiguresPainter, Line, Number, same_number, strip_of
from operator_console.designer.figures.story import Behind, Story
from operator_console.inbox.whole_lines import WholeLines
from operator_console.themes import palette_of


class FiguresView(WholeLines, ScrollView, can_focus=True):
    """Shows a story. The cursor stays on its number while figures come."""

    DEFAULT_CSS = """
    FiguresView { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """

    @dataclass
    class Opened(Message):
        """Whoever stands behind this number is wanted."""

        behind: Behind

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._story: Story | None = None
        self._lines: list[Line] = []
        self._chosen: Behind | None = None

    def show(self, story: Story) -> None:
        """Show these figures; only the lines that are other ones now are painted."""
        self._story = story
        self._lay_out()

    @property
    def chosen(self) -> Behind | None:
        """The number under the cursor."""
        return self._chosen

    def _lay_out(self, *, anew: bool = False) -> None:
        width = self.scrollable_content_region.width
        if self._story is None or width <= 0:
            return
        before = self._lines
        self._lines = FiguresPainter(palette_of(self.app.theme), width).paint(self._story)
        self._keep_chosen()
        size = Size(self.size.width, len(self._lines))
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        if anew or len(before) != len(self._lines):
            self.refresh()
            return
        for y in range(self.scroll_offset.y, min(self.scroll_offset.y + self.size.height, len(before))):
            if before[y].segments != self._lines[y].segments:
                self.refresh_line(y)

    def _keep_chosen(self) -> None:
        numbers = [number for line in self._lines for number in line.numbers]
        found = next((one for one in numbers if same_number(one.behind, self._chosen)), None)
        if found is None and numbers:
            found = numbers[0]
        self._chosen = found.behind if found is not None else None

    def render_line(self, y: int) -> Strip:
        at, palette = y + self.scroll_offset.y, palette_of(self.app.theme)
        width = self.scrollable_content_region.width
        if at >= len(self._lines):
            return Strip.blank(self.size.width, palette.style("text", "paper"))
        return strip_of(self._lines[at], palette, width, self._chosen)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._lay_out(anew=True)

    def on_resize(self) -> None:
        self._lay_out(anew=True)

    # --- The cursor ---

    def _at(self) -> tuple[int, int]:
        """The line of the chosen number, and which of its numbers that is."""
        for y, line in enumerate(self._lines):
            for number, one in enumerate(line.numbers):
                if same_number(one.behind, self._chosen):
                    return y, number
        return -1, -1

    def _choose(self, y: int, number: int) -> None:
        before, _number = self._at()
        self._chosen = self._lines[y].numbers[number].behind
        for line in {before, y} - {-1}:
            self.refresh_line(line)
        self._keep_visible(y)

    def _keep_visible(self, y: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        first = next((at for at, line in enumerate(self._lines) if line.numbers), 0)
        if y <= first:
            self.scroll_to(y=0, animate=False, immediate=True)
        elif y < top + 1:
            self.scroll_to(y=max(y - 2, 0), animate=False, immediate=True)
        elif height and y >= top + height - 1:
            self.scroll_to(y=y - height + 2, animate=False, immediate=True)

    def move(self, by: int) -> None:
        """To the nearest number of a line so many lines with numbers further; beyond the last one, to the end."""
        y, number = self._at()
        with_numbers = [at for at, line in enumerate(self._lines) if line.numbers]
        if y < 0 or not with_numbers:
            self.scroll_to(y=self.scroll_offset.y + by, animate=False)
            return
        here = with_numbers.index(y)
        wanted = min(max(here + by, 0), len(with_numbers) - 1)
        if wanted == here and by > 0:
            self.scroll_end(animate=False)
            return
        column = self._lines[y].numbers[number].start
        numbers = self._lines[with_numbers[wanted]].numbers
        nearest = min(range(len(numbers)), key=lambda one: abs(numbers[one].start - column))
        self._choose(with_numbers[wanted], nearest)

    def move_beside(self, by: int) -> None:
        """To the number before or after it in its line."""
        y, number = self._at()
        if y >= 0 and 0 <= number + by < len(self._lines[y].numbers):
            self._choose(y, number + by)

    def open_chosen(self) -> None:
        if self._chosen is not None:
            self.post_message(self.Opened(self._chosen))

    def on_click(self, event: events.Click) -> None:
        y = event.y + self.scroll_offset.y
        if y >= len(self._lines):
            return
        for number, one in enumerate(self._lines[y].numbers):
            if _covers(one, event.x):
                was_chosen = same_number(one.behind, self._chosen)
                self._choose(y, number)
                if was_chosen:
                    self.open_chosen()


def _covers(number: Number, x: int) -> bool:
    return number.start <= x < number.start + number.cells
