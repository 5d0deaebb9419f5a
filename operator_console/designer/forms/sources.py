"""What a form asks beside its document: names to offer, and how a text reads for a sample visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from liquid.exceptions import LiquidError

from operator_console.designer.forms.known import Known
from operator_console.designer.look.sample import Sample
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import render
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.texts import Text, is_template


@dataclass(slots=True)
class Sources:
    """`fill` gives a text of a language as the sample visitor would read it; empty where there is nothing to fill in,
    or where it cannot be.
    """

    known: Known = field(default_factory=Known)
    fill: Callable[[str, str], str] = lambda _text, _language: ""


class Filling:
    """Fills in texts of a document for the sample visitor. `site` is what texts may say of the shop, `now` in ms.

    The scenario is the one that was read last: a text may be looked at while the rest is being written.
    """

    def __init__(self, document: Document, site: Mapping[str, Any], now: Callable[[], int]) -> None:
        self._document = document
        self._site = site
        self._now = now
        self._scenario: Scenario | None = None
        self._scopes: dict[str, Scope] = {}

    def fill(self, text: str, language: str) -> str:
        """As `Sources.fill`."""
        if not is_template(text):
            return ""
        scope = self._scope(language or "en")
        if scope is None or scope.program is None:
            return ""
        parameters = {one.name: one.default for one in scope.program.scenario.parameters}
        try:
            return render(Text.compile({"": text}, parameters), scope)
        except (LiquidError, RecursionError, ValueError):
            return ""  # what is wrong with it is told below its field

    def _scope(self, language: str) -> Scope | None:
        scenario = self._document.reading.scenario
        if scenario is not None and scenario is not self._scenario:
            self._scenario = scenario
            self._scopes.clear()
        if language not in self._scopes and self._scenario is not None:
            self._scopes[language] = Sample(language, self._site, now=self._now()).scope(self._scenario)
        return self._scopes.get(language)
