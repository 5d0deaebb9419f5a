"""Whom a preview in the terminal is shown to: the sample visitor, in a shop that has nothing but its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import plain_items
from scenarios_yaml.engine.state import Run, World
from scenarios_yaml.language import model
from scenarios_yaml.tools.sample_visitor import goods, kept_values, sample_event, sample_visitor, started_by


class Sample:
    """The sample visitor in a shop: `language` is his, `site` what texts may say of the shop (name, url)."""

    def __init__(self, language: str, site: Mapping[str, Any], *, now: int, currency: str = "EUR") -> None:
        self.language = language
        self.now = now
        empty = World(
            operators_online=1, locale=language, currency=currency, site={"name": "", "url": "", **site}
        )
        popular = plain_items(goods(empty, language))
        self.world = World(
            operators_online=1,
            locale=language,
            currency=currency,
            site={"popular": popular, **empty.site},
        )

    def scope(self, scenario: model.Scenario) -> Scope:
        """What texts of the scenario see of him."""
        event = sample_event(self.world, self.language)
        run = Run(
            id="preview",
            scenario=scenario.slug,
            version=scenario.version,
            started_at=self.now,
            trigger={"name": started_by(scenario), "properties": event, "at": self.now},
            values=kept_values(scenario, self.world, self.language),
        )
        visitor = sample_visitor(self.world, self.now, self.language)
        return Scope(visitor, self.world, self.now, Program(scenario), run)
