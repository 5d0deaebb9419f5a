"""Texts of a scenario: one string or one a language, each a Liquid template, compiled once when the file is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liquid import BoundTemplate, Environment
from msgspec import Struct

ENVIRONMENT = Environment()


class Text(Struct, frozen=True):
    """A text in one or more languages. `templates` holds a language's compiled template, or the plain string itself
    where it has nothing to fill in. The key "" stands for a text without languages."""

    templates: dict[str, str | BoundTemplate]

    @classmethod
    def plain(cls, text: str) -> Text:
        """A text that is shown as it is: nothing in it is taken for a template."""
        return cls({"": text})

    @classmethod
    def compile(cls, sources: Mapping[str, str]) -> Text:
        """Raises liquid.exceptions.LiquidError where a template is malformed."""
        return cls({
            language: ENVIRONMENT.from_string(source) if "{{" in source or "{%" in source else source
            for language, source in sources.items()
        })

    def render(self, variables: Mapping[str, Any], locale: str = "") -> str:
        """The text in the visitor's language, else its main language (`ru` for `ru-RU`), else the first one given."""
        template = self._in(locale)
        return template if isinstance(template, str) else template.render(**variables)

    def _in(self, locale: str) -> str | BoundTemplate:
        for wanted in (locale, locale.partition("-")[0], "", "en"):
            if wanted in self.templates:
                return self.templates[wanted]
        return next(iter(self.templates.values()))
