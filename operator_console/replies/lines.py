"""A saved reply or a macro, whole: its text as it was written, how it reads for a visitor, and what it does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.inbox.cells import Run, wrap_runs
from operator_console.inbox.completing import marked
from operator_console.inbox.times import day
from operator_console.replies.filling import Filled
from operator_console.replies.macro_words import doings_of
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette
from operator_console.translation import _
from server_stub.protocol import MAX_MESSAGE_CHARS, Operator, Preset

WIDEST = 84


@dataclass(frozen=True, slots=True)
class PresetPainter:
    """Paints at one width. `filled` is the text for the visitor whose dialog is open; `now` in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    operators: Mapping[str, Operator]

    def paint(self, preset: Preset, filled: Filled) -> list[Strip]:
        """All of its lines."""
        lines = [self._line([]), self._line([(safe_line(preset.name, 200), "text")], bold=True)]
        lines.append(self._line([(self._about(preset), "faint")]))
        if preset.text.strip():
            lines += self._heading(_("How it reads for the visitor whose dialog is open"))
            lines += self._text(filled.text, "bubble_operator")
            if filled.problem:
                told = _("This cannot be filled in: {problem}").format(problem=filled.problem)
                lines += self._wrapped(safe_line(told, 400), "hot")
            elif filled.holes:
                told = _("What stands out is not known of him: whoever sends it is asked to fill it in.")
                lines += self._wrapped(told, "hot")
            if filled.text != preset.text:
                lines += self._heading(_("As it is written"))
                lines += self._text(preset.text, "raised", variables="accent")
        if doings := doings_of(preset.change, self.operators):
            lines += self._heading(_("What becomes of the dialog"))
            for doing in doings:
                lines += self._wrapped(f"· {safe_line(doing, 300)}", "text")
        return lines

    def _about(self, preset: Preset) -> str:
        kind = _("macro") if preset.kind == "macro" else _("saved reply")
        facts = [kind, safe_line(preset.folder, 100)] if preset.folder else [kind]
        facts.append(_("only mine") if preset.owner else _("for everybody"))
        writer = self.operators.get(preset.by)
        if preset.at:
            when = day(preset.at, self.now, self.zone)
            when = when[:1].lower() + when[1:]
            who = safe_line(writer.name, 60) if writer else ""
            facts.append(_("written {day} by {name}").format(day=when, name=who) if who else when)
        return " · ".join(facts)

    def _heading(self, title: str) -> list[Strip]:
        rule = "─" * max(self._room - cell_len(title) - 1, 0)
        return [self._line([]), self._line([(title + " ", "soft"), (rule, "line")])]

    def _text(self, text: str, ground: str, variables: str = "hot") -> list[Strip]:
        """A text on a ground of its own, as it will stand in the conversation; `variables` is the colour of what is
        still to be filled in.
        """
        clean = safe_text(text, limit=MAX_MESSAGE_CHARS, multiline=True).strip("\n")
        made: list[Strip] = []
        plain = self.palette.style("text", "paper")
        for line in wrap_runs(marked(clean), self._room - 2):
            used = sum(cell_len(run) for run, _look in line)
            pieces = [Segment("  ", plain), Segment(" ", self.palette.style("text", ground))]
            for run, look in line:
                is_hole = look == "hot"
                colour = variables if is_hole else look
                style = self.palette.style(colour, "paper" if colour == "hot" else ground, bold=is_hole)
                pieces.append(Segment(run, style))
            pieces.append(Segment(" " * (self._room - 1 - used), self.palette.style("text", ground)))
            made.append(Strip(pieces).adjust_cell_length(self.width, plain))
        return made

    def _wrapped(self, text: str, look: str) -> list[Strip]:
        return [self._line(line) for line in wrap_runs([(text, look)], self._room)]

    @property
    def _room(self) -> int:
        return max(min(self.width - 4, WIDEST), 12)

    def _line(self, runs: list[Run], *, bold: bool = False) -> Strip:
        plain = self.palette.style("text", "paper")
        pieces = [Segment(run, self.palette.style(look, "paper", bold=bold)) for run, look in runs]
        return Strip([Segment("  ", plain), *pieces]).adjust_cell_length(self.width, plain)
