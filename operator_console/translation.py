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


def speak(language: str) -> None:
    """Show everything in that language from now on; one that is not in `LANGUAGES` is English."""
    global _catalog
    _catalog = gettext.translation(DOMAIN, _FOLDER, languages=[language], fallback=True)


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


def counted(one: str, many: str, count: int) -> str:
    """The form of the text that fits the count, with `{count}` filled in."""
    return _catalog.ngettext(one, many, count).format(count=count)
