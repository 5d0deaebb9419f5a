"""An email as it goes out: subject, text and HTML, from the Markdown of a scenario or of a template's file.

One layout for all: the shop's name, the body with its products where it names them, and below a line that says why the
letter came. No tables, styles inline, colours that hold in light and in dark. Whatever is foreign in it is text, never
HTML.
"""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios_yaml.engine.products import PRODUCTS_MARK, placed, with_listings
from server_stub.channels.letter_products import Products
from server_stub.channels.links import ACCENT

if TYPE_CHECKING:
    from server_stub.channels.markdown import Markdown

UNSUBSCRIBE = "#unsubscribe"
"""Where a marketing letter's link to unsubscribe leads until a mail channel puts the recipient's own address there."""
MAX_TEMPLATE_BYTES = 256 * 1024
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
  .sheet a:not(.button):not(.row) {{ color: #9db2ff !important; }}
}}
</style>
</head>
<body class="back" style="margin:0;padding:0;background:#eef0f6">
{preheader}<div class="back" style="padding:24px 12px;background:#eef0f6">
<div class="sheet" style="{sheet}">
<p class="quiet" style="margin:0 0 20px;color:#5b6480;font-weight:600">{shop}</p>
{body}</div>
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

    def tint(self, accent: str) -> None:
        """Another colour of links and buttons, from the next letter on."""
        self._accent = accent
        vars(self).pop("_markdown", None)

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
            of_template, body, shown = self._from_template(str(content["template"]), locale, content)
            subject = subject or of_template
            content = {**content, "products": content.get("products") or shown}
        subject = " ".join(subject.split())[:SUBJECT_CHARS]
        if not subject:
            raise LetterError("the letter has no subject")
        products = Products(content.get("products"), self._site)
        marketing = content.get("kind") != "service"
        final = {name: value for name, value in content.items() if name != "variables"}
        if products and PRODUCTS_MARK not in body:
            body = f"{body}\n\n{PRODUCTS_MARK}\n"
        return {
            **final,
            "subject": subject,
            "body": body,
            "text": self._text(body, products, locale, marketing),
            "html": self._html(subject, body, products, content, locale, marketing),
        }

    # --- Templates -----------------------------------------------------------------------------------

    def _from_template(
        self, name: str, locale: str, content: dict[str, Any]
    ) -> tuple[str, str, list[dict[str, Any]]]:
        """The subject (where the file has one) and the body of a template, filled in, and its products."""
        from liquid.exceptions import LiquidError

        from scenarios_yaml.language.markdown_escapes import unescape_markdown
        from scenarios_yaml.language.texts import Text

        source = self._source(name, locale)
        try:
            text = Text.compile({"": source})
        except LiquidError as error:
            raise LetterError(f"the template {name} has an error: {error}") from error
        known = content.get("variables")
        variables = with_listings(known) if isinstance(known, dict) else {}
        body, shown = placed(text.render(variables, markdown=True), variables)
        first, _, rest = body.lstrip().partition("\n")
        if first.lower().startswith("subject:"):
            return unescape_markdown(first.partition(":")[2]), rest, shown
        return "", f"{first}\n{rest}", shown

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
        products: Products,
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
            body=products.html().join(self._markdown.html(part) for part in body.split(PRODUCTS_MARK)),
            foot=_FOOT,
            footer=footer,
        )

    def _text(self, body: str, products: Products, locale: str, marketing: bool) -> str:
        around = [self._markdown.text(part).strip() for part in body.split(PRODUCTS_MARK)]
        parts = [part for between in around for part in (between, products.text().strip())][:-1]
        footer = f"-- \n{self._why(locale)}\n"
        if marketing:
            footer += f"{_footer(locale)[1]}: {UNSUBSCRIBE}\n"
        return "\n\n".join([*filter(None, parts), footer])

    def _why(self, locale: str) -> str:
        return _footer(locale)[0].format(shop=self._shop)


def _footer(locale: str) -> tuple[str, str]:
    return _FOOTERS.get(locale.partition("-")[0], _FOOTERS["en"])
