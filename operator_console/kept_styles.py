"""The styles of all screens, each of their texts read once.

Textual reads the styles of every screen and widget again whenever a screen with styles of its own is opened for the
first time: a sheet over the inbox costs what all of them cost. Here what has been read is kept, by its text and by the
theme's colours; a theme that was there before is not read again either.

Textual has no way in for this but a private method: a new version of it may need a new look at this file.
"""

from __future__ import annotations

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

_Text = tuple[frozenset[tuple[str, str]], str, CSSLocation, bool, int, str]
_read: dict[_Text, list[RuleSet]] = {}
"""Rules are never changed once they are read. There are as many as the program has styles and themes."""


class KeptStyles(Stylesheet):
    """An application's style sheet."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._colours = frozenset(self._variables.items())

    def set_variables(self, variables: dict[str, str]) -> None:
        super().set_variables(variables)
        self._colours = frozenset(variables.items())

    def reparse(self) -> None:
        """Raises StylesheetError and StylesheetParseError; the rules are those of before, then."""
        self.parse()

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        text = (self._colours, css, read_from, is_default_rules, tie_breaker, scope)
        rules = _read.get(text)
        if rules is None:
            rules = super()._parse_rules(css, read_from, is_default_rules, tie_breaker, scope)
            if not any(rule.errors for rule in rules):
                _read[text] = rules
        return rules
