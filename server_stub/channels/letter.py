"""An email as it goes out: subject, text and HTML, from the Markdown of a scenario or of a template's file.

One layout for all: the shop's name, the body, its products, and below a line that says why the letter came. No tables,
styles inline, colours that hold in light and in dark. Whatever is foreign in it is text, never HTML.
"""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server_stub.channels.links import ACCENT, escaped, is_safe_link

if TYPE_CHECKING:
    from server_stub.channels.markdown import Markdown

UNSUBSCRIBE = "#unsubscribe"
"""Where a marketing letter's link to unsubscribe leads until a mail channel puts the recipient's own address there."""
MAX_TEMPLATE_BYTES = 256 * 1024
MOST_PRODUCTS = 20
SUBJECT_CHARS = 500
_NAME = re.compile(r"(?=.{1,100}\Z)[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
_FOOTERS = {
    "en": ("You get this letter because you left your address at {shop}.", "Unsubscribe"),
    "ru": ("Вы получили это письмо, потому что оставили свой адрес в магазине {shop}.", "Отписаться"),
}
_PAGE = """<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{
  .back {{ background: #14161d !important; }}
  .sheet {{ background: #1f2330 !important; color: #e8eaf2 !important; }}
  .quiet {{ color: #a3abc4 !important; }}
  .sheet a:not(.button) {{ color: #9db2ff !important; }}
}}
</style>
</head>
<body class="back" style="margin:0;padding:0;background:#eef0f6">
{preheader}<div class="back" style="padding:24px 12px;background:#eef0f6">
<div class="sheet" style="{sheet}">
<p class="quiet" style="margin:0 0 20px;color:#5b6480;font-weight:600">{shop}</p>
{body}{products}</div>
<p class="quiet" style="{foot}">{footer}</p>
</div>
</body>
</html>
"""
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_SHEET = (
    "max-width:560px;margin:0 auto;padding:28px;border-radius:12px;background:#ffffff;color:#1d2233;"
    f"font-size:16px;line-height:1.5;{_FONT}"
)
_FOOT = (
    "max-width:560px;margin:16px auto 0;padding:0 28px;color:#5b6480;font-size:13px;line-height:1.5;"
    f"text-align:center;{_FONT}"
)


class LetterError(Exception):
    """The letter cannot be made; the text says why, for whoever wrote the scenario."""


class Letters:
    """Makes letters for one shop, whose address is `site`.

    `folder` holds templates as `<name>.md`, or as `<name>.<locale>.md` where the language matters.
    """

    def __init__(self, folder: Path, shop: str, *, site: str = "", accent: str = ACCENT) -> None:
        self._folder = folder
        self._shop = shop
        self._site = site
        self._accent = accent

    @cached_property
    def _markdown(self) -> Markdown:
        # Loaded with the first letter: it takes 6 MB, and a tenth of the time of a start.
        from server_stub.channels.markdown import Markdown

        return Markdown(self._accent, self._site)

    def render(self, content: dict[str, Any]) -> dict[str, Any]:
        """The content of an email's outbox row with its final `subject`, `text` and `html`.

        Raises LetterError where its template is missing or cannot be used.
        """
        locale = str(content.get("locale") or "en")
        subject, body = str(content.get("subject") or ""), str(content.get("body") or "")
        if content.get("template"):
            of_template, body = self._from_template(str(content["template"]), locale, content)
            subject = subject or of_template
        subject = " ".join(subject.split())[:SUBJECT_CHARS]
        if not subject:
            raise LetterError("the letter has no subject")
        products = _products(content.get("products"))
        marketing = content.get("kind") != "service"
        final = {name: value for name, value in content.items() if name != "variables"}
        return {
            **final,
            "subject": subject,
            "body": body,
            "text": self._text(body, products, locale, marketing),
            "html": self._html(subject, body, products, content, locale, marketing),
        }

    # --- Templates -----------------------------------------------------------------------------------

    def _from_template(self, name: str, locale: str, content: dict[str, Any]) -> tuple[str, str]:
        """The subject (where the file has one) and the body of a template, filled in."""
        from liquid.exceptions import LiquidError

        from scenarios_yaml.language.texts import Text

        source = self._source(name, locale)
        try:
            text = Text.compile({"": source})
        except LiquidError as error:
            raise LetterError(f"the template {name} has an error: {error}") from error
        known = content.get("variables")
        variables = {key: escaped(value) for key, value in known.items()} if isinstance(known, dict) else {}
        first, _, rest = text.render(variables).lstrip().partition("\n")
        if first.lower().startswith("subject:"):
            return re.sub(r"\\(?=[^\w\s])", "", first.partition(":")[2]), rest
        return "", f"{first}\n{rest}"

    def _source(self, name: str, locale: str) -> str:
        if not _NAME.fullmatch(name) or ".." in name:
            raise LetterError(f"{name[:100]!r} is no name of a template")
        for file in (f"{name}.{locale}.md", f"{name}.{locale.partition('-')[0]}.md", f"{name}.md"):
            path = (self._folder / file).resolve()
            if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
                continue
            if path.stat().st_size > MAX_TEMPLATE_BYTES:
                raise LetterError(f"the template templates/{file} is larger than 256 KB")
            try:
                return path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise LetterError(f"the template templates/{file} cannot be read: {error}") from error
        raise LetterError(f"there is no template templates/{name}.md")

    # --- Parts ---------------------------------------------------------------------------------------

    def _html(
        self,
        subject: str,
        body: str,
        products: list[dict[str, str]],
        content: dict[str, Any],
        locale: str,
        marketing: bool,
    ) -> str:
        preheader = " ".join(str(content.get("preheader") or "").split())
        hidden = f'<div style="display:none;max-height:0;overflow:hidden">{escape(preheader)}</div>\n'
        footer = escape(self._why(locale))
        if marketing:
            words = _footer(locale)[1]
            footer += f' <a href="{UNSUBSCRIBE}" style="color:inherit">{words}</a>'
        return _PAGE.format(
            locale=escape(locale, quote=True),
            subject=escape(subject),
            preheader=hidden if preheader else "",
            sheet=_SHEET,
            shop=escape(self._shop),
            body=self._markdown.html(body),
            products="".join(map(_product_html, products)),
            foot=_FOOT,
            footer=footer,
        )

    def _text(self, body: str, products: list[dict[str, str]], locale: str, marketing: bool) -> str:
        parts = [self._markdown.text(body)]
        if products:
            parts.append("".join(f"- {_product_text(product)}\n" for product in products))
        footer = f"-- \n{self._why(locale)}\n"
        if marketing:
            footer += f"{_footer(locale)[1]}: {UNSUBSCRIBE}\n"
        return "\n".join([*parts, footer])

    def _why(self, locale: str) -> str:
        return _footer(locale)[0].format(shop=self._shop)


def _footer(locale: str) -> tuple[str, str]:
    return _FOOTERS.get(locale.partition("-")[0], _FOOTERS["en"])


def _products(given: Any) -> list[dict[str, str]]:
    """Products as texts: name, price, url, image_url; what is no product is left out."""
    found = []
    for item in given if isinstance(given, list) else ():
        if isinstance(item, dict) and (item.get("name") or item.get("product_id")):
            price = item.get("price")
            found.append(
                {
                    "name": str(item.get("name") or item.get("product_id")),
                    "price": f"{price:g} {item.get('currency') or ''}".strip() if _is_price(price) else "",
                    "url": str(item["url"]) if is_safe_link(str(item.get("url") or "")) else "",
                    "image_url": str(item["image_url"])
                    if is_safe_link(str(item.get("image_url") or ""))
                    else "",
                }
            )
    return found[:MOST_PRODUCTS]


def _is_price(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _product_html(product: dict[str, str]) -> str:
    name = f'<span style="font-weight:600">{escape(product["name"])}</span>'
    picture = ""
    if product["image_url"]:
        picture = (
            f'<img src="{escape(product["image_url"])}" alt="{escape(product["name"])}" width="120" '
            'style="display:block;width:120px;height:auto;border:0;border-radius:8px;margin:0 0 8px">'
        )
    price = (
        f'<br><span class="quiet" style="color:#5b6480">{escape(product["price"])}</span>'
        if product["price"]
        else ""
    )
    inside = f"{picture}{name}{price}"
    if product["url"]:
        link = escape(product["url"])
        style = "color:inherit;text-decoration:none"
        inside = f'<a href="{link}" target="_blank" rel="noopener noreferrer" style="{style}">{inside}</a>'
    return f'<div style="display:inline-block;vertical-align:top;width:140px;margin:0 12px 16px 0">{inside}</div>\n'


def _product_text(product: dict[str, str]) -> str:
    parts = [product["name"], product["price"], product["url"]]
    return " — ".join(part for part in parts if part)
