"""Texts that tell when they cannot be filled in: a scenario in a test shows no holes.

The engine leaves out what is unknown, since a live visitor must get something. A test puts a scenario of watched texts
in the place of the scenario: they render as strictly as Liquid can, and what fails is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from liquid import BoundTemplate, FalsyStrictUndefined, Mode
from liquid.exceptions import LiquidError
from msgspec import Struct, field

from scenarios_yaml.language.liquid_environment import MarkdownEnvironment, TextEnvironment
from scenarios_yaml.language.model import Node, Scenario
from scenarios_yaml.language.problems import quoted, shown
from scenarios_yaml.language.texts import Text


class Unknown(FalsyStrictUndefined):
    """A variable that is not there: it may be asked for (`if`, `default`), but not shown."""

    __slots__ = ()
    force_liquid_default = True

    def __eq__(self, other: object) -> bool:
        return other is False or other is None or type(other) is Unknown

    def __hash__(self) -> int:
        return 0


_NO_HOLES = TextEnvironment(tolerance=Mode.STRICT, undefined=Unknown)
_NO_HOLES_IN_MARKDOWN = MarkdownEnvironment(tolerance=Mode.STRICT, undefined=Unknown)


class Hole(Struct, frozen=True):
    """A text that could not be filled in: in which scenario and line of it, and why."""

    scenario: str
    line: int
    reason: str


class WatchedText(Text, frozen=True):
    """`holes` is where it writes down what fails."""

    holes: list[Hole] = field(default_factory=list)
    scenario: str = ""
    line: int = 0

    def render(self, variables: Mapping[str, Any], locale: str = "", *, markdown: bool = False) -> str:
        template = self._in(locale)
        if isinstance(template, str):
            return self._looked_at(template)
        environment = _NO_HOLES_IN_MARKDOWN if markdown else _NO_HOLES
        strict = BoundTemplate(environment, template.nodes, globals=template.globals)
        try:
            return self._looked_at(strict.render(**variables))
        except (LiquidError, ArithmeticError, TypeError, ValueError) as error:
            said = str(error.args[0]) if error.args else type(error).__name__
            self._fails(f"{said} in {quoted(self._source(locale))}")
            return super().render(variables, locale, markdown=markdown)

    def _source(self, locale: str) -> str:
        main = locale.partition("-")[0]
        return next((self.sources[key] for key in (locale, main, "", "en") if key in self.sources), "")

    def _looked_at(self, text: str) -> str:
        if "{{" in text or "{%" in text:
            self._fails(f"“{shown(text)}” still holds a place to fill in")
        return text

    def _fails(self, reason: str) -> None:
        hole = Hole(self.scenario, self.line, reason)
        if hole not in self.holes:
            self.holes.append(hole)


def watched(scenario: Scenario, holes: list[Hole]) -> Scenario:
    """The scenario with texts that write down in `holes` what cannot be filled in. The same in all else."""
    return _Watching(scenario.slug, holes).of(scenario, 0)  # type: ignore[no-any-return]


class _Watching:
    def __init__(self, slug: str, holes: list[Hole]) -> None:
        self.slug = slug
        self.holes = holes

    def of(self, value: Any, line: int) -> Any:
        """The value with watched texts wherever it holds texts; the same object where it holds none."""
        if isinstance(value, Text):
            return WatchedText(value.templates, value.sources, self.holes, self.slug, line)
        if isinstance(value, Node):
            own = getattr(value, "line", 0) or line
            changes = self._changed({name: getattr(value, name) for name in value.__struct_fields__}, own)
            return msgspec.structs.replace(value, **changes) if changes else value
        if isinstance(value, dict):
            return value | self._changed(value, line)
        if isinstance(value, tuple | list):
            items = [self.of(item, line) for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return value if same else type(value)(items)
        return value

    def _changed(self, values: dict[str, Any], line: int) -> dict[str, Any]:
        made = {name: self.of(value, line) for name, value in values.items()}
        return {name: new for name, new in made.items() if new is not values[name]}
