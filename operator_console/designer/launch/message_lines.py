"""How the messages of a draft look: all of them as the visitor goes through, or one in each of its languages. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.strip import Strip

from operator_console.designer.launch.message_rows import MessageRow
from operator_console.designer.library.parts import Part
from operator_console.designer.library.preview_lines import PreviewPainter
from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.painter import LookPainter
from operator_console.designer.look.views import PopupLook
from operator_console.inbox.line_parts import LineParts
from operator_console.themes import Palette
from operator_console.translation import _
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.language import model
from scenarios_yaml.language.tree import all_steps


@dataclass(frozen=True, slots=True)
class MessagePainter:
    """Paints at one width. `shop` is what the shop is called."""

    palette: Palette
    width: int
    shop: str

    def all(self, parts: Sequence[Part]) -> list[Strip]:
        """The whole of it, in the order of the file."""
        lines = LineParts(self.palette, self.width, 0, None, ground="paper")
        seen = PreviewPainter(self.palette, self.width, 0, self.shop).seen(parts)
        return [*lines.heading(_("What the visitor sees")), *seen, lines.line()]

    def message(self, scenario: model.Scenario, row: MessageRow, scopes: Mapping[str, Scope]) -> list[Strip]:
        """One message in each language; `scopes` are what texts see of a sample visitor who speaks it."""
        steps = all_steps([scenario.steps, *(each for _name, each in scenario.blocks)])
        step = next(one for one in steps if one.path == row.place)
        lines = LineParts(self.palette, self.width, 0, None, ground="paper")
        painter = LookPainter(self.palette, self.width, self.shop)
        painted: list[Strip] = []
        on_page: list[Strip] = []
        for language, scope in scopes.items():
            look = step_look(step, scope)
            if look is None:
                continue
            painted += lines.heading(f"{row.name} · {language}" if language else row.name)
            painted += [lines.line(), *painter.paint(look)]
            if isinstance(look, PopupLook):
                on_page = [lines.line(), *painter.on_page(look)]
        return [*painted, *on_page, lines.line()]


def in_short(rows: Sequence[MessageRow]) -> str:
    """What a draft shows, counted: ▣ Large pop-up · ✉ Email × 2."""
    found = Counter((row.mark, row.name) for row in rows)
    return " · ".join(
        f"{mark} {name}" + (f" × {count}" if count > 1 else "") for (mark, name), count in found.items()
    )
