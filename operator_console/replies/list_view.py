"""Saved replies and macros as rows, by folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.row_list import RowList
from operator_console.replies.macro_words import by_folder, in_a_line
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of
from operator_console.translation import _
from server_stub.protocol import Operator, Preset

Shown: TypeAlias = Literal["", "reply", "macro"]
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}
MARKS = {"reply": "❝", "macro": "»"}


@dataclass(frozen=True, slots=True)
class RepliesFilter:
    """Which of them are shown."""

    kind: Shown = ""
    text: str = ""

    def fits(self, preset: Preset) -> bool:
        """Whether it is one of them: every word is in its name, its folder or its text."""
        if preset.kind not in MARKS or self.kind not in ("", preset.kind):
            return False
        held = f"{preset.name}\n{preset.folder}\n{preset.text}".casefold()
        return all(word in held for word in self.text.casefold().split())


class RepliesList(RowList[Preset]):
    """The rows of one filter. `presets` and `operators` are asked at each painting."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(
        self,
        presets: Callable[[], Mapping[str, Preset]],
        operators: Callable[[], Mapping[str, Operator]],
        now: Callable[[], int],
        *,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(now, None, id=id)
        self.shown = RepliesFilter()
        self._presets = presets
        self._operators = operators

    def show(self, wanted: RepliesFilter) -> None:
        """Show others."""
        self.shown = wanted
        self.show_anew()

    @property
    def is_frozen(self) -> bool:
        """Rows come here by somebody's hand only, and where they belong by their names."""
        return False

    def source(self) -> list[str]:
        fitting = [one for one in self._presets().values() if self.shown.fits(one)]
        return [one.id for one in sorted(fitting, key=by_folder)]

    def row_of(self, key: str) -> Preset | None:
        return self._presets().get(key)

    def fits(self, row: Preset) -> bool:
        return self.shown.fits(row)

    def time_of(self, row: Preset) -> int:
        return row.at

    def paint_row(self, row: Preset, state: RowState, width: int) -> tuple[Strip, Strip]:
        palette = palette_of(self.app.theme)
        ground = _GROUNDS[state]
        text = palette.style("text", ground)
        bar = Segment("▌" if state in ("cursor", "away") else " ", palette.style("accent", ground))
        folder = cut(safe_line(row.folder, 60), 20)
        folder += f" · {_('only mine')}" if row.owner and folder else _("only mine") if row.owner else ""
        colour = "bot" if row.kind == "macro" else "operator"
        name = cut(safe_line(row.name, 100), max(width - 6 - cell_len(folder), 8))
        gap = max(width - 4 - cell_len(name) - cell_len(folder) - 1, 1)
        first = [
            bar,
            Segment(f"{MARKS[row.kind]} ", palette.style(colour, ground, bold=True)),
            Segment(name, palette.style("text", ground, bold=True)),
            Segment(" " * gap, text),
            Segment(f"{folder} ", palette.style("soft", ground)),
        ]
        about = in_a_line(row, self._operators()) if row.kind == "macro" else row.text
        second = [
            bar,
            Segment("  " + pad(safe_line(about, 300), max(width - 4, 4)), palette.style("soft", ground)),
        ]
        return Strip(first).adjust_cell_length(width, text), Strip(second).adjust_cell_length(width, text)
