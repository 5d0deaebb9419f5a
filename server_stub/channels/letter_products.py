"""The products of a letter: a row for each, with its picture, name, and price, which leads to the product.

Floats, no tables: what floats is read in order by a screen reader, and a mail client that knows none puts one below the
other.
"""

from __future__ import annotations

from html import escape
from typing import Any

from scenarios_yaml.engine.products import called, line_of, price_of, rows_of
from server_stub.channels.links import is_safe_link

MOST_PRODUCTS = 50
_SIDE = 72
"""Width and height of a picture, in pixels."""
_ROW = "overflow:hidden;margin:0 0 12px;padding:0 0 12px;border-bottom:1px solid rgba(136,146,176,0.3)"
_PICTURE = f"float:left;width:{_SIDE}px;height:{_SIDE}px;object-fit:cover;border:0;border-radius:8px;background:#f3f4f8"


class Products:
    """Rows of products for a shop whose address is `site`: addresses that begin with a slash lead there."""

    def __init__(self, given: Any, site: str) -> None:
        self._site = site.rstrip("/")
        rows = rows_of(given, "") if isinstance(given, list) else []
        self._rows = rows[:MOST_PRODUCTS]
        self._pictured = any(self._address(row["image_url"]) for row in self._rows)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def html(self) -> str:
        return f'<div style="margin:20px 0">\n{"".join(map(self._row, self._rows))}</div>\n' if self else ""

    def text(self) -> str:
        return "".join(f"- {self._line(row)}\n" for row in self._rows)

    def _row(self, row: dict[str, Any]) -> str:
        name, price = escape(called(row)), escape(price_of(row))
        picture, link = escape(self._address(row["image_url"])), escape(self._address(row["url"]))
        inside = f'<span style="font-weight:600">{name}</span>'
        if price:
            inside += f'<br><span class="quiet" style="color:#5b6480">{price}</span>'
        if self._pictured:
            inside = f'<div style="margin:10px 0 0 {_SIDE + 16}px">{inside}</div>'
        if picture:
            side = f'width="{_SIDE}" height="{_SIDE}" align="left"'
            inside = f'<img src="{picture}" alt="" {side} style="{_PICTURE}">{inside}'
        if link:
            style = "display:block;overflow:hidden;color:inherit;text-decoration:none"
            there = f'href="{link}" target="_blank" rel="noopener noreferrer"'
            inside = f'<a class="row" {there} style="{style}">{inside}</a>'
        return f'<div style="{_ROW}">{inside}</div>\n'

    def _line(self, row: dict[str, Any]) -> str:
        return " — ".join(part for part in (line_of(row), self._address(row["url"])) if part)

    def _address(self, link: str) -> str:
        """Where a letter may lead; empty for anywhere else."""
        if link.startswith("/") and not link.startswith("//"):
            link = self._site + link if self._site else ""
        return link if is_safe_link(link) else ""
