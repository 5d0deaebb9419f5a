"""The language of the console: every text that it shows goes through `_`, and every count through `counted`.

The catalogs lie in `locale/LANGUAGE/LC_MESSAGES/console.mo`. Texts of tables (actions, places) are written in English
and translated where they are shown. A text that a catalog does not have stays English.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LANGUAGES = {"en": "English", "ru": "Русский"}
DOMAIN = "console"

_FOLDER = Path(__file__).parent / "locale"
_catalog: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"
_figures: dict[int, str] = {}
"""What becomes of the comma and the point of a number."""
_FIGURES = {"ru": {ord(","): "\u00a0", ord("."): ","}}


def speak(language: str) -> None:
    """Show everything in that language from now on; one that is not in `LANGUAGES` is English."""
    global _catalog, _figures, _language
    _language = language if language in LANGUAGES else "en"
    _catalog = gettext.translation(DOMAIN, _FOLDER, languages=[language], fallback=True)
    _figures = _FIGURES.get(language, {})


def spoken() -> str:
    """The language that is shown now: what is written in several is shown in this one."""
    return _language


def language_of_terminal() -> str:
    """The language that the environment asks for (LC_ALL, LC_MESSAGES, LANG), where we have it; else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := os.environ.get(name, ""):
            language = wanted.partition("_")[0].partition(".")[0].lower()
            return language if language in LANGUAGES else "en"
    return "en"


def _(text: str) -> str:
    """The text in the console's language. An empty text stays empty."""
    return _catalog.gettext(text) if text else ""


def said(context: str, text: str) -> str:
    """The text in the console's language, where English has one word for what others say in two: `context` says
    which of them is meant."""
    return _catalog.pgettext(context, text)


def counted(one: str, many: str, count: int) -> str:
    """The form of the text that fits the count, with `{count}` filled in; `{count:,}` parts the thousands."""
    text = _catalog.ngettext(one, many, count)
    return text.replace("{count:,}", figure(count)).format(count=count)


def marked(text: str, context: str = "") -> str:
    """The text as it is, in a table: it goes into the catalogs, and through `_` where it is shown; one with a context
    through `said`."""
    del context
    return text


def figure(amount: float, digits: int = 0) -> str:
    """A number as the language writes it, with so many digits behind the point: 1,200.50; in Russian 1 200,50."""
    return f"{amount:,.{digits}f}".translate(_figures)
