"""Texts of a scenario: one string or one a language, each a Liquid template, compiled once when the file is
read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError
from msgspec import Struct

from scenarios_yaml.language.liquid_environment import LENIENT, LENIENT_MARKDOWN, STRICT, STRICT_MARKDOWN

ENVIRONMENT = STRICT
REMEMBERED = 2_048
"""Compiled templates that are kept: a file that is edited has nearly all of them again each time it is read."""


class Text(Struct, frozen=True):
    """A text in one or more languages. `templates` holds a language's compiled template, or the plain string
    itself where it has nothing to fill in. The key "" stands for a text without languages. `sources` is what
    was written."""

    templates: dict[str, str | BoundTemplate]
    sources: dict[str, str] = {}

    @classmethod
    def plain(cls, text: str) -> Text:
        """A text that is shown as it is: nothing in it is taken for a template."""
        return cls({"": text}, {"": text})

    @classmethod
    def compile(cls, sources: Mapping[str, str], parameters: Mapping[str, Any] | None = None) -> Text:
        """Raises liquid.exceptions.LiquidError where a template is malformed.

        `parameters` are what `{{ parameters.… }}` shows, unless the variables given to `render` hold
        parameters, too.
        """
        templates = {
            language: _compiled(source, language, parameters) for language, source in sources.items()
        }
        return cls(templates, dict(sources))

    def render(self, variables: Mapping[str, Any], locale: str = "", *, markdown: bool = False) -> str:
        """The text in the visitor's language, else its main language (`ru` for `ru-RU`), else the first one
        given. Where it is `markdown`, foreign values in it are escaped.

        Never raises: what is unknown is empty, and a piece that fails, or that goes on without end, is left
        out.
        """
        return self.render_checked(variables, locale, markdown=markdown)[0]

    def render_checked(
        self, variables: Mapping[str, Any], locale: str = "", *, markdown: bool = False
    ) -> tuple[str, str]:
        """The text, and what went wrong in it (an empty string where nothing did)."""
        template = self._in(locale)
        if isinstance(template, str):
            return template, ""
        if markdown:
            template = BoundTemplate(STRICT_MARKDOWN, template.nodes, globals=template.globals)
        try:
            return template.render(**variables), ""
        except (LiquidError, ArithmeticError, TypeError, ValueError) as error:
            return self._render_what_can_be(template, variables, markdown), _reason(error)

    @staticmethod
    def _render_what_can_be(template: BoundTemplate, variables: Mapping[str, Any], markdown: bool) -> str:
        environment = LENIENT_MARKDOWN if markdown else LENIENT
        lenient = BoundTemplate(environment, template.nodes, globals=template.globals)
        try:
            return lenient.render(**variables).strip()
        except (LiquidError, ArithmeticError, TypeError, ValueError):
            return ""

    def _in(self, locale: str) -> str | BoundTemplate:
        for wanted in (locale, locale.partition("-")[0], "", "en"):
            if wanted in self.templates:
                return self.templates[wanted]
        return next(iter(self.templates.values()))


def _compiled(source: str, language: str, parameters: Mapping[str, Any] | None) -> str | BoundTemplate:
    if not is_template(source):
        return source
    given = {
        name: value.render({}, language) if isinstance(value, Text) else value
        for name, value in (parameters or {}).items()
    }
    template = template_of(source)
    if not given:
        return template
    shown = ENVIRONMENT.make_globals({"parameters": given})
    return ENVIRONMENT.template_class(ENVIRONMENT, template.nodes, globals=shown)


@lru_cache(maxsize=REMEMBERED)
def template_of(source: str) -> BoundTemplate:
    """A text compiled, without parameters. Raises liquid.exceptions.LiquidError where it is malformed."""
    return ENVIRONMENT.from_string(source)


def is_template(source: str) -> bool:
    return "{{" in source or "{%" in source


def _reason(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
