"""A scenario, and the heading of a group, as two lines of cells. Pure.

● Abandoned cart, two letters                     12 on their way
  Product Added, or Cart Viewed   ▂▁▄▃▆▅█▇▅▆ 1,320 → 96 · 7.3 %
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.scenarios.rows import GROUP_TITLES, GroupRow, ScenarioRow
from operator_console.designer.sparkline import sparkline
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowState
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted, figure, marked, said

MARKS = {"live": "●", "paused": "‖", "draft": "○", "archived": "▫"}
COLOURS = {"live": "good", "paused": "warm", "draft": "soft", "archived": "faint"}
BROKEN = ("✗", "hot")
_STATUS_WORDS = {
    "live": marked("live", "scenario"),
    "paused": marked("paused", "scenario"),
    "draft": marked("draft", "scenario"),
    "archived": marked("archived", "scenario"),
}
SPARK_CELLS = 10
ROOMY = 60
"""Cells from which a row has bars."""
WHOM_CELLS = 14
"""So many have to be left for whom it is for."""
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


def status_words(status: str) -> str:
    """A status as it is shown; one that is not known here as it is, cleaned."""
    words = _STATUS_WORDS.get(status)
    return said("scenario", words) if words else safe_line(status, 20)


def title_of(row: ScenarioRow) -> str:
    """What the scenario is called, cleaned."""
    return safe_line(row.title or row.status.title or row.status.slug, 200)


def heading_lines(palette: Palette, width: int, title: str, right: str) -> tuple[Strip, Strip]:
    """An empty line, and a group's name with a rule and a word at its end."""
    title, right = f" {title} ", f" {right} "
    rule = "─" * max(width - cell_len(title) - cell_len(right), 0)
    blank = palette.style("text", "ground")
    line = [
        Segment(title, palette.style("accent", "ground", bold=True)),
        Segment(rule, palette.style("line", "ground")),
        Segment(right, palette.style("soft", "ground")),
    ]
    return Strip.blank(width, blank), Strip(line).adjust_cell_length(width, blank)


@dataclass(frozen=True, slots=True)
class ScenarioPainter:
    """Paints rows of one width."""

    palette: Palette
    width: int

    def paint(self, row: ScenarioRow, state: RowState, *, has_draft: bool = False) -> tuple[Strip, Strip]:
        """The two lines of a scenario. `has_draft`: something of it was changed here and is not published."""
        ground = _GROUNDS[state]
        bar = Segment("▌" if state in ("cursor", "away") else " ", self.palette.style("accent", ground))
        return self._first(row, ground, bar), self._second(row, ground, bar, has_draft=has_draft)

    def heading(self, row: GroupRow) -> tuple[Strip, Strip]:
        """The two lines of a group's heading."""
        live = counted("{count} live", "{count} live", row.live) if row.live else ""
        right = f"{live} · {row.count}" if live else str(row.count)
        return heading_lines(self.palette, self.width, _(GROUP_TITLES[row.group]), right)

    def _first(self, row: ScenarioRow, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        status = row.status
        mark, colour = (
            BROKEN if status.problems else (MARKS.get(status.status, "·"), COLOURS.get(status.status, "soft"))
        )
        running = counted("{count:,} on the way", "{count:,} on their way", status.running)
        right = f"  {running} " if status.running else " "
        room = max(self.width - 3 - cell_len(right), 4)
        star = " ★" if row.is_starter else ""
        name = cut(title_of(row), max(room - cell_len(star), 4))
        is_quiet = status.status == "archived"
        line = [
            bar,
            Segment(f"{mark} ", style(colour, ground)),
            Segment(name, style("soft" if is_quiet else "text", ground, bold=status.status == "live")),
            Segment(star, style("note", ground)),
            Segment(" " * max(room - cell_len(name) - cell_len(star), 0), style("text", ground)),
            Segment(right, style("soft", ground)),
        ]
        return self._whole(line, ground)

    def _second(self, row: ScenarioRow, ground: str, bar: Segment, *, has_draft: bool) -> Strip:
        style = self.palette.style
        status = row.status
        words = "" if status.status == "live" else status_words(status.status)
        colour = COLOURS.get(status.status, "soft")
        figures = self._figures(row)
        gap = 2 if words else 0
        draft = (f"  ✎ {_('changes not published')}" if self.width >= ROOMY else "  ✎") if has_draft else ""
        room = max(self.width - 4 - cell_len(words) - gap - cell_len(figures) - cell_len(draft), 4)
        about, look = (self._trouble(row), "hot") if status.problems else (self._trigger(row), "soft")
        about = cut(about, room)
        is_roomy = row.whom and not status.problems and room - cell_len(about) > WHOM_CELLS
        whom = f" · {safe_line(row.whom, 300)}" if is_roomy else ""
        line = [
            bar,
            Segment(f"  {about}", style(look, ground)),
            Segment(pad(whom, room - cell_len(about)), style("faint", ground)),
            Segment(figures, style("soft", ground)),
            Segment(draft, style("warm", ground)),
            Segment(f"{' ' * gap}{words} ", style(colour, ground)),
        ]
        return self._whole(line, ground)

    def _figures(self, row: ScenarioRow) -> str:
        """Who entered in the last days, and how many of these came to the goal; nothing where nobody did."""
        totals = row.status.totals
        if totals is None or not totals.entered:
            return ""
        bars = sparkline([day.entered for day in totals.days], SPARK_CELLS) if self.width >= ROOMY else ""
        words = f"{figure(totals.entered)}"
        if row.has_goal:
            share = figure(totals.goal / totals.entered * 100, 1)
            words += f" → {figure(totals.goal)}" if self.width >= ROOMY else ""
            words += f" · {share} %"
        return f"  {bars} {words}" if bars else f"  {words}"

    def _trouble(self, row: ScenarioRow) -> str:
        problems = row.status.problems
        first = problems[0]
        many = counted("{count} error", "{count} errors", len(problems))
        where = _("line {line}").format(line=figure(first.line))
        return f"{many} · {where}: {safe_line(first.text, 300)}"

    def _trigger(self, row: ScenarioRow) -> str:
        return safe_line(_(", or ").join(row.triggers), 300) or "—"

    def _whole(self, line: list[Segment], ground: str) -> Strip:
        return Strip(line).adjust_cell_length(self.width, self.palette.style("text", ground))
