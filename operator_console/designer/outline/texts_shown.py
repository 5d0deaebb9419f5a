"""In which language a scenario's texts are shown, and what their parameters are by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from operator_console.designer.outline.gaps import GAP
from operator_console.designer.outline.template_words import parameter_words, text_words
from operator_console.designer.outline.words import Word, quoted, value
from scenarios_yaml.language.model import Parameter
from scenarios_yaml.language.texts import Text


class TextsShown(Struct, frozen=True):
    """How texts of one file are shown. `parameters` are the defaults by name."""

    language: str
    parameters: Mapping[str, Any] = {}

    @classmethod
    def of(cls, language: str, parameters: tuple[Parameter, ...]) -> TextsShown:
        """For a file with these parameters."""
        return cls(language, {one.name: one.default for one in parameters})

    def quoted(self, text: Text) -> Word:
        """The first line of a text in quotation marks."""
        words = text_words(text, self.language, self.parameters)
        return quoted(words) if words else GAP

    def bare(self, text: Text) -> Word:
        """The first line of a text as a value: an address, a label."""
        words = text_words(text, self.language, self.parameters)
        return value(words) if words else GAP

    def default(self, parameter: Parameter) -> Word:
        """What a parameter is by default."""
        words = parameter_words(parameter.type, parameter.default, self.language)
        return value(words.strip().partition("\n")[0]) if words else GAP
