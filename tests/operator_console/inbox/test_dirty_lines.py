"""What is painted of the inbox after changes anywhere is what Textual would paint, in fewer steps."""

from __future__ import annotations

import random
import re

import pytest
from rich.console import Console as Terminal
from textual._compositor import Compositor
from textual.geometry import Region

from operator_console.dirty_lines import DirtyLines

MOVE = r"\x1b\[\d+;\d+H"


def written(screen, kind: type[Compositor], changed: list[Region]) -> str:
    """What goes to the terminal, without moves of the cursor behind which nothing is written."""
    compositor = screen._compositor
    compositor._dirty_regions = set(changed)
    update = kind.render_partial_update(compositor)
    assert update is not None
    whole = update.render_segments(Terminal(width=200, color_system="truecolor")).replace("\n", "")
    return re.sub(f"{MOVE}(?={MOVE}|$)", "", whole)


class TestPaintingWhatHasChanged:
    @pytest.mark.parametrize("size", [(160, 45), (80, 24), (240, 60)])
    async def test_the_same_goes_to_the_terminal(self, desks, console, size) -> None:
        async with console(desks.lively(), size=size) as it:
            await it.open("Anna Petrova")
            await it.press("r")
            await it.until(lambda: it.inbox.composer.text_area.has_focus)
            await it.pilot.pause(0.2)
            chance = random.Random(7)
            width, height = size
            for _ in range(200):
                changed = []
                for _ in range(chance.randint(1, 4)):
                    x, y = chance.randrange(width), chance.randrange(height)
                    changed.append(
                        Region(x, y, chance.randint(1, width - x), chance.randint(1, min(6, height - y)))
                    )
                ours = written(it.inbox, DirtyLines, changed)
                textuals = written(it.inbox, Compositor, changed)
                assert ours == textuals, changed

    async def test_it_renders_less(self, desks, console, monkeypatch) -> None:
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            await it.pilot.pause(0.2)
            lines: list[int] = []
            for widget in it.inbox._compositor.visible_widgets:
                render = widget.render_lines
                monkeypatch.setattr(
                    widget,
                    "render_lines",
                    lambda crop, render=render: lines.append(crop.height) or render(crop),
                )
            corners = [Region(0, 0, 10, 1), Region(it.inbox.size.width - 10, it.inbox.size.height - 1, 10, 1)]
            written(it.inbox, DirtyLines, corners)
            ours, lines[:] = sum(lines), []
            written(it.inbox, Compositor, corners)
            assert ours * 10 < sum(lines)
