"""The figures of a scenario as lines of cells, with the numbers that can be chosen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.figures.days_plot import DaysPlot
from operator_console.designer.figures.numbers import amount, exact_per_cent, interval_bar, per_cent, thin_bar
from operator_console.designer.figures.reasons import reason_words
from operator_console.designer.figures.story import Behind, Message, Story, Trial
from operator_console.designer.figures.words import FIGURES, HOW, interval, short, trial_verdict, verdict
from operator_console.inbox.cells import cut, pad, wrap
from operator_console.themes import Palette
from operator_console.translation import _, said
from scenarios_yaml.tools.conversion import Share

Piece: TypeAlias = tuple[str, str] | tuple[str, str, Behind]
"""Text, colour (with ! bold), and who stands behind it."""
LABEL, NARROW_LABEL = 34, 25
"""Cells of what a line is about, and where there is little room."""
NUMBER = 9
SHARE = 9
INTERVAL = 18
LEAST_DRAWN = 12
"""Cells below which an interval is not drawn."""
WIDEST = 120
"""Cells beyond which lines do not grow: an eye finds its way back to the next one."""
MOST_REASONS = 12
MARKS = {"popup": "▣", "email": "✉", "push": "◈"}


@dataclass(frozen=True, slots=True)
class Number:
    """A piece of a line that can be chosen: from `start`, in cells, and so many wide."""

    start: int
    cells: int
    behind: Behind


@dataclass(slots=True)
class Line:
    """Segments from the left, and the numbers among them."""

    segments: list[Segment] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return sum(cell_len(one.text) for one in self.segments)


class FiguresPainter:
    """Paints at one width."""

    def __init__(self, palette: Palette, width: int) -> None:
        self.palette = palette
        self.width = width
        self._room = min(width - 2, WIDEST)
        self._label = LABEL if self._room >= 90 else NARROW_LABEL
        self._lines: list[Line] = []

    def paint(self, told: Story) -> list[Line]:
        """All of it, from the top."""
        self._lines = []
        self._conversion(told)
        self._days(told)
        for trial in told.trials:
            self._trial(trial)
        self._messages(told.messages)
        self._reasons(_("How it ended"), told.ended, told.entered.count)
        self._reasons(_("Held back"), told.suppressed, 0)
        self._reasons(_("Failed"), told.failed, 0)
        self._add()
        self._say(_(HOW), "faint")
        self._say(
            _(
                "Who was not let in at all is told for each visitor by “why”, and for a draft by whom it would reach."
            ),
            "faint",
        )
        return self._lines

    # --- Pieces ---

    def _add(self, *pieces: Piece) -> None:
        line = Line()
        for piece in pieces:
            text, colour = piece[0], piece[1]
            behind = piece[2] if len(piece) > 2 else None
            if behind is not None and behind.count:
                lead = len(text) - len(text.lstrip(" "))
                line.numbers.append(Number(line.cells + lead, cell_len(text.strip()), behind))
            line.segments.append(self._segment(text, colour))
        self._lines.append(line)

    def _segment(self, text: str, colour: str) -> Segment:
        return Segment(text, self.palette.style(colour.removesuffix("!"), "paper", bold=colour.endswith("!")))

    def _heading(self, title: str, right: str = "") -> None:
        self._add()
        rule = "─" * max(self._room - cell_len(title) - cell_len(right) - 3, 0)
        self._add((f" {title} ", "accent!"), (rule, "line"), (f" {right}" if right else "", "soft"))

    def _say(self, text: str, colour: str) -> None:
        for line in wrap(text, min(self._room - 2, 100)):
            self._add((f"  {line}", colour))

    # --- Sections ---

    def _conversion(self, told: Story) -> None:
        self._heading(_("Who came, and who reached the goal"))
        self._count(_(FIGURES["entered"]), told.entered)
        running = f"{amount(told.running):>{NUMBER}}"
        self._add((f"  {pad(_('On their way now'), self._label)}", "soft"), (running, "good"))
        most = max(told.goal_share.high, told.held_out_share.high if told.held_out.count else 0.0)
        if told.has_goal and told.entered.count:
            self._share(_(FIGURES["goal"]), told.goal, told.goal_share, most)
        if told.held_out.count:
            self._count(_(FIGURES["held_out"]), told.held_out)
            self._share(_("of them came to the goal"), told.held_out_goal, told.held_out_share, most)
        self._add()
        self._say(*verdict(told))

    def _count(self, label: str, behind: Behind) -> None:
        number = f"{amount(behind.count):>{NUMBER}}"
        self._add((f"  {pad(label, self._label)}", "soft"), (number, "text!", behind))

    def _share(
        self, label: str, behind: Behind, one: Share, most: float, before: Behind | None = None
    ) -> None:
        """A number, which share it is, and the interval of that: in figures, and drawn between 0 and `most`."""
        pieces: list[Piece] = [(f"  {pad(label, self._label)}", "soft")]
        if before is not None:
            pieces.append((f"{amount(before.count):>{NUMBER}}", "text", before))
        pieces.append((f"{amount(behind.count):>{NUMBER}}", "text!", behind))
        pieces.append((f"{exact_per_cent(one.value):>{SHARE}}", "text"))
        pieces.append((f"{interval(one):>{INTERVAL}}", "faint"))
        used = sum(cell_len(piece[0]) for piece in pieces)
        cells = min(self._room - used - 2, 40)
        if cells >= LEAST_DRAWN:
            drawn = interval_bar(one.low, one.value, one.high, cells, most)
            begin, end = cells - len(drawn.lstrip()), len(drawn.rstrip())
            pieces += [("  " + "┄" * begin, "line"), (drawn.strip(), "accent"), ("┄" * (cells - end), "line")]
        self._add(*pieces)

    def _days(self, told: Story) -> None:
        if not any(one.entered or one.goal for one in told.days):
            return
        plot = DaysPlot(self.palette, self._room)
        self._heading(_("By day"))
        for segments in plot.paint(told.days):
            self._lines.append(Line(segments))
        self._lines.append(Line([self._segment(" " * 8, "text"), *plot.legend()]))

    def _trial(self, trial: Trial) -> None:
        self._heading(_("Test: {name}").format(name=cut(trial.name, 60)))
        most = max((one.share.high for one in trial.variants), default=0.0)
        self._add(
            (f"  {pad('', self._label)}", "soft"),
            (f"{cut(_('entered'), NUMBER):>{NUMBER}}", "faint"),
            (f"{cut(said('a figure', 'goal'), NUMBER):>{NUMBER}}", "faint"),
        )
        for one in trial.variants:
            self._share(one.name, one.goal, one.share, most, one.entered)
        text, colour = trial_verdict(trial)
        if text:
            self._add()
            self._say(text, colour)

    def _messages(self, messages: Sequence[Message]) -> None:
        """Each message with what became of it; the numbers wrap where there is little room."""
        if not messages:
            return
        self._heading(_("What was said, and what became of it"))
        for message in messages:
            mark = MARKS.get(message.kind, "●")
            self._add((f"  {mark} ", "bot"), (cut(message.name, self._room - 6), "text"))
            self._numbers(message)

    def _numbers(self, message: Message) -> None:
        came = f"{_('came')} "
        told = amount(message.reached.count)
        pieces: list[Piece] = [
            ("    ", "text"),
            (came, "soft"),
            (told, "text!", message.reached),
            ("   ", "text"),
        ]
        used = 4 + cell_len(came) + cell_len(told) + 3
        for number in message.numbers:
            share = number.count / message.reached.count
            words, told = f"{short(number.figure)} ", amount(number.count)
            after = f" {per_cent(min(share, 1.0))}   "
            cells = cell_len(words) + cell_len(told) + cell_len(after)
            if used + cells > self._room:
                self._add(*pieces)
                pieces, used = [("    ", "text")], 4
            colour = "hot" if number.figure == "failed" else "text"
            pieces += [(words, "soft"), (told, colour, number), (after, "faint")]
            used += cells
        self._add(*pieces)

    def _reasons(self, title: str, reasons: Sequence[tuple[str, Behind]], whole: int) -> None:
        """Bars by how often; shares of `whole`, or of all that are told where that is nothing."""
        if not reasons:
            return
        total = max(whole, sum(behind.count for _reason, behind in reasons))
        self._heading(title)
        most = max(behind.count for _reason, behind in reasons)
        cells = min(max(self._room - self._label - NUMBER - 12, 8), 40)
        for reason, behind in reasons[:MOST_REASONS]:
            label = reason_words(reason)
            self._add(
                (f"  {pad(label, self._label)}", "soft"),
                (f"{amount(behind.count):>{NUMBER}}", "text!", behind),
                (f"{per_cent(behind.count / total):>7}  ", "faint"),
                (thin_bar(behind.count / most, cells)[0], "hot" if behind.figure == "failed" else "accent"),
            )


def strip_of(line: Line, palette: Palette, width: int, chosen: Behind | None) -> Strip:
    """A line as it is painted; the number that is `chosen` stands out."""
    strip = Strip(line.segments).adjust_cell_length(width, palette.style("text", "paper"))
    found = next((one for one in line.numbers if same_number(one.behind, chosen)), None)
    if found is None:
        return strip
    before, number, after = strip.divide([found.start, found.start + found.cells, width])
    style = palette.style("text", "cursor", bold=True)
    return Strip.join([before, Strip([Segment(number.text, style)]), after])


def same_number(one: Behind, other: Behind | None) -> bool:
    """Whether it is the same figure, however many it counts by now."""
    return other is not None and (one.figure, one.sources, one.branch) == (
        other.figure,
        other.sources,
        other.branch,
    )
