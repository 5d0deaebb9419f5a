"""Painting only what has changed, where two far corners of the screen change at once.

Textual paints the least rectangle around all changes, and renders every widget that touches it, whole. With the clock
of the top bar and a letter in the composer that is the whole screen, at each key. Here a widget renders those of its
lines in which something has changed, and what is wholly covered is not rendered at all. What is written to the
terminal is the same; a test compares the two.

Textual has no way in for this but its private compositor: a new version of it may need a new look at this file.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

Span = tuple[int, int, int]
"""A line and the columns of it that have changed, from and up to."""


class DirtyLines(Compositor):
    """A screen's compositor."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What is to be written for the changes since the last time; None where there are none."""
        spans = list(self._regions_to_spans(self._dirty_regions))
        self._dirty_regions.clear()
        if not spans:
            return None
        return ChopsUpdate(self._chops_of(spans), spans, [cuts[1:] for cuts in self.cuts])

    def _chops_of(self, spans: list[Span]) -> list[dict[int, Strip | None]]:
        """The pieces of every line from left to right, by their first column: None where nothing has changed."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
        missing = {y: set[int]() for y, _, _ in spans}
        for y, x1, x2 in spans:
            starts, ends = cuts[y][:-1], cuts[y][1:]
            missing[y].update(
                start for start, end in zip(starts, ends, strict=True) if start < x2 and end > x1
            )
        left = sum(map(len, missing.values()))
        bands = _bands(spans)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            for band in bands:
                if not shown.overlaps(band):
                    continue
                part = shown.intersection(Region(shown.x, band.y, shown.width, band.height))
                lines = [y for y in part.line_range if missing[y]]
                if not lines:
                    continue
                height = lines[-1] - lines[0] + 1
                strips = widget.render_lines(
                    Region(part.x - region.x, lines[0] - region.y, part.width, height)
                )
                for y, strip in zip(range(lines[0], lines[-1] + 1), strips, strict=False):
                    left -= _fill(chops[y], missing[y], cuts[y], part, strip)
            if not left:
                break
        return chops


def _bands(spans: Iterable[Span]) -> list[Region]:
    """The changes of neighbouring lines in the same columns as one rectangle. `spans` go from the top down."""
    bands: list[Region] = []
    growing: dict[tuple[int, int], Region] = {}
    for y, x1, x2 in spans:
        band = growing.get((x1, x2))
        if band is not None and band.bottom == y:
            growing[x1, x2] = Region(x1, band.y, band.width, band.height + 1)
        else:
            if band is not None:
                bands.append(band)
            growing[x1, x2] = Region(x1, y, x2 - x1, 1)
    return bands + list(growing.values())


def _fill(
    chops: dict[int, Strip | None], missing: set[int], cuts: list[int], part: Region, strip: Strip
) -> int:
    """Put a widget's strip where nothing is in front of it; how many pieces of the line it gave."""
    wanted = [cut for cut in missing if part.x <= cut < part.right]
    if not wanted:
        return 0
    own = [cut for cut in cuts if part.x <= cut <= part.right]
    pieces = zip(own, strip.divide([cut - part.x for cut in own[1:]]), strict=False)
    chops.update((cut, piece) for cut, piece in pieces if cut in missing)
    missing.difference_update(wanted)
    return len(wanted)
