"""Colours: two calm palettes, and the Textual themes made from them.

Panes that paint their own lines take rich styles from `Palette.style`; everything else takes the same
colours through theme variables. Every pair of text and ground that is painted has a contrast of at least
4.5 : 1 (WCAG AA), which a test computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rich.style import Style
from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they say, as #rrggbb."""

    name: str
    dark: bool
    ground: str
    """Behind lists and the card."""
    paper: str
    """Behind the conversation."""
    raised: str
    """Headers, chips, bars."""
    line: str
    """Rules between panes."""
    cursor: str
    """The row under the cursor where the list has the focus, and where it has not."""
    cursor_away: str
    hover: str
    text: str
    soft: str
    """Text that may be read, or not."""
    faint: str
    """Marks and times."""
    accent: str
    on_accent: str
    visitor: str
    operator: str
    bot: str
    note: str
    good: str
    warm: str
    """Somebody waits."""
    hot: str
    """Somebody waits too long; something is wrong."""
    on_hot: str
    bubble_visitor: str
    bubble_operator: str
    bubble_bot: str
    bubble_note: str

    def style(
        self, colour: str, ground: str, *, bold: bool = False, italic: bool = False, underline: bool = False
    ) -> Style:
        """The rich style of `colour` on `ground`, both names of this palette's colours. Cached."""
        return _style(getattr(self, colour), getattr(self, ground), bold, italic, underline)


@lru_cache(maxsize=1024)
def _style(colour: str, ground: str, bold: bool, italic: bool, underline: bool) -> Style:
    return Style(
        color=colour, bgcolor=ground, bold=bold or None, italic=italic or None, underline=underline or None
    )


DARK = Palette(
    name="desk-dark",
    dark=True,
    ground="#15181e",
    paper="#191d24",
    raised="#242a34",
    line="#2b323d",
    cursor="#28385a",
    cursor_away="#263042",
    hover="#1e232b",
    text="#dde2ea",
    soft="#adb6c3",
    faint="#98a3b4",
    accent="#7fb0f5",
    on_accent="#10141a",
    visitor="#7fd0c0",
    operator="#7fb0f5",
    bot="#b9a5ee",
    note="#e3bd6b",
    good="#85cf9a",
    warm="#e9b45e",
    hot="#ff8178",
    on_hot="#1a0e0d",
    bubble_visitor="#252c36",
    bubble_operator="#1f314d",
    bubble_bot="#2c2740",
    bubble_note="#372d17",
)

LIGHT = Palette(
    name="desk-light",
    dark=False,
    ground="#f3f5f8",
    paper="#fcfcfd",
    raised="#e5e9ef",
    line="#d3d9e2",
    cursor="#c4d9fb",
    cursor_away="#dae4f3",
    hover="#eaeef3",
    text="#1c2430",
    soft="#465263",
    faint="#505b6c",
    accent="#1f56b3",
    on_accent="#ffffff",
    visitor="#08645a",
    operator="#1f56b3",
    bot="#5d3fb0",
    note="#744d00",
    good="#186a3b",
    warm="#7d4a00",
    hot="#b3261e",
    on_hot="#ffffff",
    bubble_visitor="#e8ecf1",
    bubble_operator="#dbe8fc",
    bubble_bot="#ebe5fa",
    bubble_note="#fbeecb",
)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT)}


def palette_of(theme: str) -> Palette:
    """The palette behind a theme's name; the dark one for a theme that is not ours."""
    return PALETTES.get(theme, DARK)


def textual_theme(palette: Palette) -> Theme:
    """The Textual theme of a palette. `$desk-…` variables carry its colours into the style sheets."""
    ours: dict[str, Any] = {
        f"desk-{name.replace('_', '-')}": getattr(palette, name)
        for name in Palette.__dataclass_fields__
        if name not in ("name", "dark")
    }
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=palette.accent,
        secondary=palette.bot,
        accent=palette.accent,
        warning=palette.warm,
        error=palette.hot,
        success=palette.good,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.paper,
        panel=palette.raised,
        variables=ours
        | {
            "scrollbar": palette.line,
            "scrollbar-hover": palette.faint,
            "scrollbar-active": palette.accent,
            "scrollbar-background": palette.ground,
            "scrollbar-background-hover": palette.ground,
            "scrollbar-background-active": palette.ground,
            "scrollbar-corner-color": palette.ground,
            "border": palette.accent,
            "border-blurred": palette.line,
            "block-cursor-background": palette.cursor,
            "block-cursor-foreground": palette.text,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": palette.cursor_away,
            "block-cursor-blurred-foreground": palette.text,
            "block-hover-background": palette.hover,
            "input-selection-background": palette.cursor,
            "text-muted": palette.soft,
            "text-disabled": palette.faint,
        },
    )
