"""Pictures as cells: half blocks of two pixels, one above the other, for terminals that show no more than text.

What is decoded was sent by a stranger: only plain formats, only so many pixels, one frame, and never in the thread that
paints. No widget in here.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from operator_console.inbox.pictures import FORMATS, THUMBNAIL_CELLS, THUMBNAIL_LINES, Thumbnail

MAX_PIXELS = 24_000_000
"""More than most phones make. A file of 2 MB can hold a hundred times as much, which would fill the memory."""
LARGEST = 1_600
"""Pixels of the longer side that are kept: more than any terminal shows."""


class NoPicture(Exception):
    """The file is no picture that can be shown."""


def decoded(content: bytes, ground: str) -> Image.Image:
    """The picture upright on `ground` (#rrggbb), without transparency. Blocks: call it in a thread.

    Raises `NoPicture` where it is none, is broken, or has more pixels than a picture needs.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise NoPicture(f"{picture.width} × {picture.height} pixels")
                # A JPEG is read at the scale that is needed, which is many times as fast.
                picture.draft("RGB", (LARGEST, LARGEST))
                return _flat(picture, ground)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
    ) as error:
        raise NoPicture(str(error)) from error


def thumbnail(
    content: bytes, ground: str, cells: int = THUMBNAIL_CELLS, lines: int = THUMBNAIL_LINES
) -> Thumbnail:
    """The picture in at most so many cells and lines. Blocks: call it in a thread. Raises `NoPicture`."""
    return as_cells(decoded(content, ground), cells, lines)


def as_cells(picture: Image.Image, cells: int, lines: int) -> Thumbnail:
    """An RGB picture in at most so many cells and lines, not enlarged. A cell is as wide as half of its height."""
    scale = min(cells / picture.width, lines * 2 / picture.height, 1.0)
    width = max(round(picture.width * scale), 1)
    height = max(round(picture.height * scale / 2), 1)
    small = picture.resize(
        (width, height * 2), Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
    )
    pixels = small.tobytes()
    stride = width * 3
    rows = [pixels[row * stride : (row + 1) * stride] for row in range(height * 2)]
    return Thumbnail(width, tuple(_line(rows[row], rows[row + 1]) for row in range(0, height * 2, 2)))


def _flat(picture: Image.Image, ground: str) -> Image.Image:
    is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    plain = picture.convert("RGBA" if is_clear else "RGB")
    plain.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX)
    plain = ImageOps.exif_transpose(plain)
    if not is_clear:
        return plain
    paper = Image.new("RGBA", plain.size, ground)
    return Image.alpha_composite(paper, plain).convert("RGB")


def _line(upper: bytes, lower: bytes) -> list[Segment]:
    """Half blocks: the upper pixel is the character's colour, the lower one its ground. Equal neighbours are one."""
    pieces: list[Segment] = []
    begin = 0
    for at in range(3, len(upper) + 3, 3):
        if (
            at < len(upper)
            and upper[at : at + 3] == upper[begin : begin + 3]
            and lower[at : at + 3] == lower[begin : begin + 3]
        ):
            continue
        style = Style(color=_colour(upper, begin), bgcolor=_colour(lower, begin))
        pieces.append(Segment("▀" * ((at - begin) // 3), style))
        begin = at
    return pieces


def _colour(pixels: bytes, at: int) -> Color:
    return Color.from_rgb(pixels[at], pixels[at + 1], pixels[at + 2])
