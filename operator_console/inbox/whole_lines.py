"""Widgets that paint each cell of their lines, ground included, and keep what they have painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    Mixed = Widget
else:
    # Textual takes a widget's style sheet from the first of its bases that is one.
    Mixed = object


class WholeLines(Mixed):
    """Gives a widget's lines as its `render_line` has them. To be named before the widget's class.

    Textual would lay each over a ground, put a padding around it, look for colours of an old terminal in it, and keep
    a copy of its own. There is nothing of that to do here, and it takes longer than painting the line.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, which counts from the widget's corner."""
        if any(self.styles.gutter):
            return super().render_lines(crop)
        right = min(crop.right, self.scrollable_content_region.width)  # under a scroll bar there is nothing
        strips = [self.render_line(y) for y in crop.line_range]
        if crop.x or any(strip.cell_length < right for strip in strips):
            ground = self.rich_style
            return [strip.crop_extend(crop.x, right, ground) for strip in strips]
        return strips
