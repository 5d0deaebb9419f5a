"""The demo shop's pictures: every product is drawn by code, as SVG, in the colours of its fabric."""
# ruff: noqa: E501  a path is one line, however long

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from server_stub.demo_shop.catalog import PRODUCTS, Product

WIDTH, HEIGHT = 600, 750


@dataclass(frozen=True)
class Palette:
    """A thing's own colour, its shadow, its light, a hairline for seams, and the two tones of the wall behind."""

    base: str
    shade: str
    light: str
    seam: str
    wall: str
    floor: str


def palette(colour: str) -> Palette:
    """The palette around a colour `#rrggbb`. The wall is a pale relative of the colour, so that pictures rhyme."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)

    def tone(light: float, strength: float = 1.0) -> str:
        channels = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), min(saturation * strength, 1.0))
        return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)

    pale = 0.93 if lightness < 0.75 else 0.82
    return Palette(
        base=colour,
        shade=tone(lightness * 0.78),
        light=tone(lightness + (1 - lightness) * 0.28),
        seam=tone(lightness * 0.62, 0.9),
        wall=tone(pale, 0.55),
        floor=tone(pale - 0.06, 0.55),
    )


def _path(data: str, fill: str, more: str = "") -> str:
    return f'<path d="{data}" fill="{fill}" {more}/>'


def _line(data: str, colour: str, width: float = 3, opacity: float = 1.0) -> str:
    return (
        f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-linejoin="round" opacity="{opacity}"/>'
    )


def _shadow(x: int, y: int, width: int) -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{width}" ry="14" fill="#000" opacity=".09"/>'


_HANGER = _line("M300 96 C300 74 322 74 322 90 C322 104 300 104 300 118", "#8d8177", 5) + _line(
    "M300 118 L222 158 M300 118 L378 158", "#8d8177", 7
)
_BODICE = (
    "M238 160 C242 190 230 214 240 244 C248 270 258 286 260 312 L340 312 C342 286 352 270 360 244 "
    "C370 214 358 190 362 160 L350 158 C344 196 322 214 300 216 C278 214 256 196 250 158 Z"
)


def _bodice(tones: Palette) -> str:
    waist = f'<rect x="258" y="304" width="84" height="16" rx="5" fill="{tones.shade}"/>'
    seams = _line("M272 226 C270 256 276 284 280 304 M328 226 C330 256 324 284 320 304", tones.seam, 2, 0.45)
    return (
        _path(_BODICE, tones.base)
        + _path(
            "M300 216 C322 214 344 196 350 158 L362 160 C358 190 370 214 360 244 C352 270 342 286 340 312 L300 312 Z",
            tones.shade,
            'opacity=".35"',
        )
        + seams
        + waist
    )


def _gown(tones: Palette) -> str:
    veil = _path(
        "M262 316 C214 400 150 520 118 640 C200 676 400 676 482 640 C450 520 386 400 338 316 Z",
        tones.light,
        'opacity=".75"',
    )
    skirt = _path(
        "M262 316 C226 400 178 520 156 646 C230 668 370 668 444 646 C422 520 374 400 338 316 Z", tones.base
    )
    folds = _line(
        "M276 322 C250 420 220 540 208 650 M290 322 C276 430 262 550 258 656 M310 322 C324 430 338 550 342 656 M324 322 C350 420 380 540 392 650",
        tones.shade,
        5,
        0.6,
    )
    return _shadow(300, 664, 190) + _HANGER + veil + skirt + folds + _bodice(tones)


def _column(tones: Palette) -> str:
    skirt = _path(
        "M260 316 C236 380 232 450 226 520 C222 570 208 620 192 652 C230 664 276 664 300 660 C312 620 316 560 322 500 C330 560 346 620 360 656 C380 656 398 650 404 644 C384 600 376 560 372 510 C366 440 362 380 340 316 Z",
        tones.base,
    )
    fold = _path(
        "M340 316 C362 380 366 440 372 510 C376 560 384 600 404 644 C398 650 380 656 360 656 C346 620 330 560 322 500 C322 440 320 380 312 316 Z",
        tones.shade,
        'opacity=".55"',
    )
    gleam = _line(
        "M274 330 C256 400 254 480 244 560 C240 590 232 620 224 644 M292 330 C284 420 282 520 270 640",
        tones.light,
        6,
        0.55,
    )
    return _shadow(298, 664, 140) + _HANGER + skirt + fold + gleam + _bodice(tones)


def _midi(tones: Palette) -> str:
    skirt = _path(
        "M262 316 C222 390 188 470 172 548 C188 566 206 548 224 562 C242 576 260 556 280 568 C300 578 320 556 340 566 C360 576 378 550 396 560 C410 566 424 556 428 546 C412 470 378 390 338 316 Z",
        tones.base,
    )
    folds = _line(
        "M278 324 C254 400 236 480 228 552 M300 324 C298 400 296 480 296 562 M322 324 C346 400 364 480 372 552",
        tones.shade,
        5,
        0.6,
    )
    sleeves = _path(
        "M238 160 C214 176 196 204 190 236 C206 248 226 248 238 240 C234 214 242 188 250 160 Z", tones.light
    ) + _path(
        "M362 160 C386 176 404 204 410 236 C394 248 374 248 362 240 C366 214 358 188 350 160 Z", tones.light
    )
    return _shadow(300, 640, 150) + _HANGER + skirt + folds + sleeves + _bodice(tones)


def _shirt(tones: Palette) -> str:
    sleeves = _path(
        "M236 164 C204 178 180 230 168 320 C180 330 204 330 216 322 C222 270 232 240 246 224 Z", tones.shade
    ) + _path(
        "M364 164 C396 178 420 230 432 320 C420 330 396 330 384 322 C378 270 368 240 354 224 Z", tones.shade
    )
    body = _path(
        "M248 156 C236 160 234 166 236 190 C240 240 246 290 238 350 C228 430 212 500 206 570 C260 590 340 590 394 570 C388 500 372 430 362 350 C354 290 360 240 364 190 C366 166 364 160 352 156 L300 196 Z",
        tones.base,
    )
    collar = _path("M248 156 L300 206 L276 226 L240 172 Z", tones.light) + _path(
        "M352 156 L300 206 L324 226 L360 172 Z", tones.light
    )
    belt = f'<rect x="236" y="334" width="128" height="18" rx="6" fill="{tones.seam}"/>' + _line(
        "M326 352 C340 380 338 410 346 436", tones.seam, 8
    )
    placket = _line("M300 208 L300 582", tones.seam, 2, 0.5) + "".join(
        f'<circle cx="308" cy="{y}" r="4" fill="{tones.seam}"/>' for y in (240, 284, 384, 430, 476, 522)
    )
    pockets = _line("M244 420 L274 424 M356 420 L326 424", tones.seam, 4, 0.5)
    return _shadow(300, 640, 140) + _HANGER + sleeves + body + collar + placket + pockets + belt


def _heels(tones: Palette) -> str:
    def shoe(x: int, y: int, ink: str, side: str) -> str:
        sole = _path(
            f"M{x} {y} C{x + 40} {y - 26} {x + 92} {y - 34} {x + 128} {y - 74} C{x + 168} {y - 116} {x + 210} {y - 168} {x + 262} {y - 178} C{x + 288} {y - 182} {x + 300} {y - 160} {x + 296} {y - 130} C{x + 292} {y - 70} {x + 288} {y - 20} {x + 284} {y + 18} L{x + 272} {y + 18} C{x + 270} {y - 40} {x + 266} {y - 70} {x + 246} {y - 88} C{x + 214} {y - 72} {x + 190} {y - 20} {x + 140} {y + 6} C{x + 100} {y + 24} {x + 30} {y + 22} {x + 4} {y + 18} C{x - 8} {y + 14} {x - 8} {y + 6} {x} {y} Z",
            ink,
        )
        opening = _path(
            f"M{x + 128} {y - 74} C{x + 168} {y - 116} {x + 210} {y - 168} {x + 262} {y - 178} C{x + 240} {y - 140} {x + 190} {y - 70} {x + 128} {y - 74} Z",
            side,
        )
        bow = f'<circle cx="{x + 112}" cy="{y - 52}" r="9" fill="{side}"/>'
        return sole + opening + bow

    return (
        _shadow(300, 596, 220)
        + shoe(190, 470, tones.shade, tones.seam)
        + shoe(116, 570, tones.base, tones.light)
    )


def _flats(tones: Palette) -> str:
    def flat(x: int, turn: int, ink: str) -> str:
        return (
            f'<g transform="rotate({turn} {x} 400)">'
            + _path(
                f"M{x} 200 C{x + 70} 200 {x + 92} 290 {x + 80} 400 C{x + 74} 470 {x + 66} 560 {x} 566 C{x - 66} 560 {x - 74} 470 {x - 80} 400 C{x - 92} 290 {x - 70} 200 {x} 200 Z",
                ink,
            )
            + _path(
                f"M{x} 316 C{x + 46} 316 {x + 58} 360 {x + 52} 420 C{x + 48} 480 {x + 42} 536 {x} 540 C{x - 42} 536 {x - 48} 480 {x - 52} 420 C{x - 58} 360 {x - 46} 316 {x} 316 Z",
                tones.wall,
            )
            + _path(
                f"M{x} 316 C{x + 46} 316 {x + 58} 360 {x + 52} 420 C{x + 30} 380 {x - 30} 380 {x - 52} 420 C{x - 58} 360 {x - 46} 316 {x} 316 Z",
                tones.seam,
                'opacity=".28"',
            )
            + _path(
                f"M{x} 300 L{x - 30} 284 L{x - 30} 318 Z M{x} 300 L{x + 30} 284 L{x + 30} 318 Z", tones.seam
            )
            + "</g>"
        )

    return flat(202, -7, tones.base) + flat(398, 7, tones.base)


def _boots(tones: Palette) -> str:
    def boot(x: int, y: int, ink: str) -> str:
        return (
            _path(
                f"M{x + 120} {y - 280} L{x + 246} {y - 280} C{x + 250} {y - 180} {x + 254} {y - 80} {x + 256} {y} L{x + 40} {y} C{x} {y} {x - 14} {y - 24} {x} {y - 48} C{x + 30} {y - 84} {x + 112} {y - 96} {x + 126} {y - 140} C{x + 130} {y - 180} {x + 126} {y - 230} {x + 120} {y - 280} Z",
                ink,
            )
            + _path(
                f"M{x - 6} {y - 2} L{x + 256} {y - 2} L{x + 256} {y + 34} L{x + 194} {y + 34} L{x + 186} {y + 14} L{x - 2} {y + 14} Z",
                tones.seam,
            )
            + _path(
                f"M{x + 150} {y - 280} L{x + 200} {y - 280} L{x + 196} {y - 150} L{x + 160} {y - 150} Z",
                tones.seam,
                'opacity=".5"',
            )
            + _line(
                f"M{x + 128} {y - 140} C{x + 170} {y - 110} {x + 220} {y - 104} {x + 252} {y - 110}",
                tones.light,
                3,
                0.6,
            )
        )

    return _shadow(310, 604, 220) + boot(230, 500, tones.shade) + boot(130, 566, tones.base)


def _tote(tones: Palette) -> str:
    return (
        _shadow(300, 606, 190)
        + _line("M222 300 C222 130 378 130 378 300", tones.seam, 16)
        + _path(
            "M146 292 L454 292 L480 590 C480 602 472 606 460 606 L140 606 C128 606 120 602 120 590 Z",
            tones.base,
        )
        + _path("M146 292 L454 292 L458 340 L142 340 Z", tones.shade, 'opacity=".6"')
        + _line("M222 300 C222 180 378 180 378 300", tones.seam, 16, 0.0)
        + _line("M222 300 L222 366 M378 300 L378 366", tones.seam, 16)
        + _line("M138 580 L462 580", tones.light, 3, 0.5)
        + f'<rect x="278" y="420" width="44" height="26" rx="4" fill="{tones.light}" opacity=".55"/>'
    )


def _clutch(tones: Palette) -> str:
    return (
        _shadow(300, 560, 210)
        + f'<rect x="96" y="290" width="408" height="266" rx="26" fill="{tones.base}"/>'
        + _path(
            "M96 316 C96 300 108 290 122 290 L478 290 C492 290 504 300 504 316 L504 340 L320 446 C308 452 292 452 280 446 L96 340 Z",
            tones.shade,
        )
        + _line("M104 350 L282 452 C294 458 306 458 318 452 L496 350", tones.light, 3, 0.4)
        + '<circle cx="300" cy="446" r="15" fill="#d8b66c"/><circle cx="300" cy="446" r="7" fill="#b8924a"/>'
    )


def _satchel(tones: Palette) -> str:
    return (
        _shadow(300, 604, 190)
        + _line("M150 372 C110 130 490 130 450 372", tones.seam, 10)
        + _path(
            "M136 350 L464 350 C474 350 480 358 480 368 L470 570 C468 592 456 602 436 602 L164 602 C144 602 132 592 130 570 L120 368 C120 358 126 350 136 350 Z",
            tones.base,
        )
        + _path(
            "M120 366 C120 356 126 350 136 350 L464 350 C474 350 480 356 480 366 C476 440 440 484 384 486 L216 486 C160 484 124 440 120 366 Z",
            tones.shade,
        )
        + _line("M134 384 C144 440 176 470 220 472 L380 472 C424 470 456 440 466 384", tones.light, 3, 0.4)
        + '<rect x="276" y="462" width="48" height="50" rx="8" fill="#d8b66c"/><rect x="292" y="480" width="16" height="16" rx="4" fill="#b8924a"/>'
    )


_GLOW = (
    '<defs><radialGradient id="g"><stop offset="0" stop-color="#fff3cf" stop-opacity=".95"/>'
    '<stop offset="1" stop-color="#fff3cf" stop-opacity="0"/></radialGradient></defs>'
)


def _lamp(tones: Palette) -> str:
    return (
        _GLOW
        + '<circle cx="300" cy="320" r="270" fill="url(#g)"/>'
        + _shadow(300, 606, 130)
        + '<path d="M290 400 L310 400 L316 580 L284 580 Z" fill="#b8924a"/>'
        + '<path d="M210 604 C210 578 250 572 300 572 C350 572 390 578 390 604 Z" fill="#a07c3c"/>'
        + _path("M232 210 L368 210 L440 410 C400 430 200 430 160 410 Z", tones.base)
        + _path("M318 210 L368 210 L440 410 C420 420 380 424 350 424 Z", tones.shade, 'opacity=".4"')
        + '<ellipse cx="300" cy="411" rx="140" ry="17" fill="#fff6dd"/>'
    )


def _floor_lamp(tones: Palette) -> str:
    return (
        _GLOW
        + '<circle cx="390" cy="300" r="220" fill="url(#g)"/>'
        + _shadow(220, 664, 110)
        + _line("M220 650 L220 260 C220 130 390 110 390 220", tones.base, 10)
        + f'<ellipse cx="220" cy="654" rx="92" ry="16" fill="{tones.base}"/>'
        + _path("M390 206 C450 206 486 256 490 304 L290 304 C294 256 330 206 390 206 Z", tones.base)
        + '<ellipse cx="390" cy="304" rx="100" ry="12" fill="#fff1c9"/>'
        + _line("M330 262 C344 236 364 226 384 222", tones.light, 5, 0.6)
    )


def _pendant(tones: Palette) -> str:
    return (
        _GLOW
        + '<circle cx="300" cy="470" r="260" fill="url(#g)"/>'
        + _line("M300 0 L300 270", "#5d544c", 5)
        + '<rect x="284" y="262" width="32" height="36" rx="6" fill="#b8924a"/>'
        + _path("M300 292 C410 292 460 380 464 470 L136 470 C140 380 190 292 300 292 Z", tones.base)
        + _path(
            "M300 292 C410 292 460 380 464 470 L372 470 C374 390 350 320 300 292 Z",
            tones.shade,
            'opacity=".5"',
        )
        + '<ellipse cx="300" cy="470" rx="164" ry="20" fill="#fff3cf"/><circle cx="300" cy="476" r="26" fill="#fffaf0"/>'
    )


def _vase(tones: Palette) -> str:
    stems = _line(
        "M290 340 C270 240 230 200 214 140 M302 340 C306 240 310 180 304 96 M314 340 C336 250 372 214 392 160",
        "#7b8a63",
        5,
    )
    leaves = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="14" ry="32" fill="{ink}" transform="rotate({turn} {x} {y})"/>'
        for x, y, turn, ink in (
            (214, 140, -24, "#93a27a"),
            (250, 214, -58, "#7b8a63"),
            (304, 100, 4, "#93a27a"),
            (330, 190, 48, "#7b8a63"),
            (392, 158, 28, "#93a27a"),
            (352, 246, 62, "#93a27a"),
            (278, 262, -40, "#93a27a"),
        )
    )
    return (
        _shadow(300, 628, 130)
        + stems
        + leaves
        + _path(
            "M256 326 L344 326 C344 366 352 384 382 420 C420 470 414 560 376 612 C366 626 356 630 342 630 L258 630 C244 630 234 626 224 612 C186 560 180 470 218 420 C248 384 256 366 256 326 Z",
            tones.base,
            'opacity=".94"',
        )
        + _path(
            "M318 326 L344 326 C344 366 352 384 382 420 C420 470 414 560 376 612 C366 626 356 630 342 630 L320 630 C372 560 366 440 318 400 Z",
            tones.shade,
            'opacity=".5"',
        )
        + _line("M226 450 C206 500 212 560 236 596", tones.light, 8, 0.8)
    )


def _cushion(tones: Palette) -> str:
    stripes = _line(
        "M170 250 C178 360 178 460 170 570 M230 240 C234 360 234 460 230 580 M370 240 C366 360 366 460 370 580 M430 250 C422 360 422 460 430 570",
        tones.light,
        6,
        0.55,
    )
    return (
        _shadow(300, 612, 210)
        + _path(
            "M110 220 C180 250 420 250 490 220 C470 320 470 500 490 600 C420 576 180 576 110 600 C130 500 130 320 110 220 Z",
            tones.base,
        )
        + stripes
        + _path(
            "M490 220 C470 320 470 500 490 600 C450 586 400 580 350 578 C420 500 440 330 380 242 C430 240 470 230 490 220 Z",
            tones.shade,
            'opacity=".35"',
        )
    )


def _throw(tones: Palette) -> str:
    fringe = _line(" ".join(f"M{x} 586 L{x} 622" for x in range(140, 470, 16)), tones.light, 4)
    return (
        _shadow(300, 630, 200)
        + fringe
        + f'<rect x="126" y="300" width="348" height="290" rx="22" fill="{tones.base}"/>'
        + f'<rect x="126" y="230" width="348" height="150" rx="34" fill="{tones.shade}"/>'
        + f'<rect x="126" y="216" width="348" height="116" rx="34" fill="{tones.base}"/>'
        + _line(
            "M126 420 L474 420 M126 436 L474 436 M126 520 L474 520 M126 536 L474 536", tones.light, 5, 0.7
        )
        + _line("M150 250 C240 240 360 240 450 250", tones.light, 5, 0.5)
    )


def _bouquet(tones: Palette) -> str:
    leaves = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="20" ry="58" fill="{ink}" transform="rotate({turn} {x} {y})"/>'
        for x, y, turn, ink in (
            (176, 300, -48, "#8a9a72"),
            (424, 300, 48, "#8a9a72"),
            (226, 214, -24, "#9dac86"),
            (374, 214, 24, "#9dac86"),
            (300, 176, 0, "#8a9a72"),
        )
    )
    heads = "".join(
        f'<circle cx="{x}" cy="{y}" r="{size}" fill="{fill}"/>'
        f'<circle cx="{x}" cy="{y}" r="{size * 0.66:.0f}" fill="{tones.light}" opacity=".55"/>'
        f'<circle cx="{x}" cy="{y}" r="{size * 0.3:.0f}" fill="{tones.seam}" opacity=".5"/>'
        for x, y, size, fill in (
            (214, 318, 56, tones.base),
            (386, 318, 56, tones.shade),
            (252, 244, 52, tones.shade),
            (350, 240, 54, tones.base),
            (300, 322, 64, tones.base),
            (302, 196, 44, tones.shade),
        )
    )
    paper = _path("M176 352 C240 392 360 392 424 352 L336 640 L264 640 Z", "#efe6d8") + _path(
        "M424 352 C384 380 330 386 300 384 L318 640 L336 640 Z", "#dccfba", 'opacity=".7"'
    )
    ribbon = _line("M262 524 C286 534 316 534 340 524 M298 530 L276 586 M302 530 L330 582", tones.seam, 8)
    return _shadow(300, 648, 90) + leaves + heads + paper + ribbon


_DRAWINGS: dict[str, Callable[[Palette], str]] = {
    "gown": _gown, "column": _column, "midi": _midi, "shirt": _shirt, "heels": _heels, "flats": _flats, "boots": _boots,
    "tote": _tote, "clutch": _clutch, "satchel": _satchel, "lamp": _lamp, "floor_lamp": _floor_lamp, "pendant": _pendant,
    "vase": _vase, "cushion": _cushion, "throw": _throw, "bouquet": _bouquet,
}  # fmt: skip


@lru_cache(maxsize=len(PRODUCTS))
def picture(item: Product) -> str:
    """The product's picture: an SVG document of 600 × 750."""
    tones = palette(item.colour)
    wall = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{tones.wall}"/>'
    dress = item.drawing in ("gown", "column", "midi", "shirt")
    hangs = dress or item.drawing == "pendant"
    closer = "translate(300 390) scale(1.12) translate(-300 -390)" if dress else ""
    floor = f'<rect y="{640 if hangs else 520}" width="{WIDTH}" height="240" fill="{tones.floor}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'{wall}{floor}<g transform="{closer}">{_DRAWINGS[item.drawing](tones)}</g></svg>'
    )
