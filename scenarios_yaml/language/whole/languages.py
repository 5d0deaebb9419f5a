"""Texts that a language lacks: a visitor who reads Russian should not meet one English sentence among Russian
ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.whole.files import CheckedFile
from scenarios_yaml.language.whole.walking import texts_for_people

_FILLED_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|https?://\S+|\S+@\S+", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{3,}")
"""“S”, “XL” and “10%” read the same in every language."""


def check_languages(one: CheckedFile[Scenario], locales: Collection[str] = ()) -> Iterator[Problem]:
    """Texts without a language that the scenario's other texts have, or that is in `locales`."""
    texts = list(texts_for_people(one.what))
    wanted = dict.fromkeys(language for _, text in texts for language in text.sources if language)
    wanted |= dict.fromkeys(locales)
    if not wanted:
        return
    form = "{" + ", ".join(f"{name}: …" for name in wanted) + "}"
    for path, text in texts:
        missing = [name for name in wanted if not _has(text, name)] if "" not in text.sources else []
        if missing:
            yield one.at_path(
                path, f"this text is missing in {' and '.join(missing)}", f"the others have {form}"
            )
        elif len(wanted) > 1 and _has_words(text.sources.get("", "")):
            yield one.at_path(path, "this text is there in one language only", f"the others have {form}")


def _has(text: Text, language: str) -> bool:
    """A visitor of `pt-BR` is shown `pt` where there is no other."""
    return language in text.sources or language.partition("-")[0] in text.sources


def _has_words(plain: str) -> bool:
    return _WORD.search(_FILLED_IN.sub(" ", plain)) is not None
