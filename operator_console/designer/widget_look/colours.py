"""Colours of the widget: those that are offered, and which letters are read on one, as the widget decides it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from operator_console.translation import marked

PRESETS: tuple[tuple[str, str], ...] = (
    ("#3b5bdb", marked("indigo")),
    ("#1f56b3", marked("blue")),
    ("#0b6e99", marked("sea")),
    ("#0f766e", marked("teal")),
    ("#2b7a3d", marked("leaf")),
    ("#5c6b1f", marked("olive")),
    ("#8a5a00", marked("ochre")),
    ("#b0452c", marked("brick")),
    ("#b4235a", marked("raspberry")),
    ("#8e3a9d", marked("plum")),
    ("#6741b8", marked("violet")),
    ("#3d4654", marked("slate")),
)
"""Calm ones, on each of which letters have a contrast of 4.5 : 1 and more."""
READABLE = 4.5
"""The contrast that WCAG 2 asks of text, AA."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_INK_FROM = 0.36
"""The light of a colour from which on the widget writes dark on it (`inkOn` in widget.js)."""


@dataclass(frozen=True, slots=True)
class Shades:
    """The widget's own colours, as its style sheet has them."""

    surface: str
    ground: str
    line: str
    text: str
    muted: str


LIGHT = Shades("#ffffff", "#f6f7f9", "#e3e6eb", "#1d2330", "#667085")
DARK = Shades("#1d2128", "#15181d", "#343a45", "#eceef2", "#9aa3b2")


def is_colour(text: str) -> bool:
    """Whether it is written as #rrggbb."""
    return _COLOUR.fullmatch(text) is not None


def ink_on(colour: str) -> str:
    """The colour of letters on `colour`, which is #rrggbb: the one that the widget takes."""
    red, green, blue = (part**2.2 for part in _parts(colour))
    return "#14171c" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _INK_FROM else "#ffffff"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2: 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
