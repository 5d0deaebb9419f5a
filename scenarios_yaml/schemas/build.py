"""JSON Schemas (2020-12) for the files that people write, made of the declarations by which the readers read them.

`python -m scenarios_yaml.schemas.build` writes them beside this file; a test fails where they are stale. What a
schema refuses, the reader refuses, too: an editor never marks what is good. The reader refuses more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenarios_yaml.language.keys import A_PARAMETER, Described, Key, Keys, Read, Schema, described
from scenarios_yaml.language.reader import ScenarioKeys
from scenarios_yaml.language.segment_reader import SegmentKeys
from scenarios_yaml.language.step_parts import StepKind
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.tools.testing.case_reader import CaseKeys

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).parent


class Maker:
    """Gathers under `$defs` what has a name."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {"parameter": A_PARAMETER}

    def of(self, read: Read[Any]) -> Schema:
        found = described(read)
        return self.define(found.name, lambda: self._made(found)) if found.name else self._made(found)

    def define(self, name: str, make: Callable[[], Schema]) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}  # what it is made of may refer to it
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _made(self, found: Described) -> Schema:
        if isinstance(found.schema, dict):
            return dict(found.schema)
        if isinstance(found.schema, type):
            return self.mapping(found.schema)
        return found.schema(self)

    def mapping(self, keys: type[Keys]) -> Schema:
        """What must be there comes first: who checks it is done soon with the wrong kind of step."""
        needed = [name for name, key in keys.declared.items() if key.needed]
        schema: Schema = {"type": "object", **({"required": needed} if needed else {})}
        schema |= self._rules(keys)
        schema["properties"] = {name: self._key(key) for name, key in keys.declared.items()}
        if keys.others:
            schema["patternProperties"] = keys.others
        schema["additionalProperties"] = False
        return schema

    def _key(self, key: Key[Any]) -> Schema:
        return {"description": key.about, **key.schema(self)}

    @staticmethod
    def _rules(keys: type[Keys]) -> Schema:
        rules: Schema = {}
        if keys.forms:
            rules["oneOf"] = [{"required": [name]} for name in keys.forms]
        if keys.goes_with:
            rules["dependentRequired"] = {name: [owner] for name, owner in keys.goes_with.items()}
        if keys.at_least_one:
            rules["anyOf"] = [{"required": [name]} for name in keys.at_least_one]
        if keys.not_both:
            rules["not"] = {"required": list(keys.not_both)}
        return rules

    def steps(self) -> None:
        """Defines `step`, one way for each kind, and `steps`."""
        self.define("step", lambda: {"oneOf": [self._kind(kind) for kind in KINDS.values()]})
        self.define("steps", lambda: {"type": "array", "items": {"$ref": "#/$defs/step"}})

    def _kind(self, kind: StepKind) -> Schema:
        return {"title": kind.name, "description": kind.about, **self.mapping(kind.keys)}

    def file(self, title: str, about: str, schema: Schema) -> Schema:
        """The schema of a whole file, with all that was defined."""
        definitions = dict(sorted(self.definitions.items()))
        return {"$schema": DIALECT, "title": title, "description": about, **schema, "$defs": definitions}


def scenario_schema() -> Schema:
    """Of `<slug>.yaml`."""
    maker = Maker()
    maker.steps()
    about = "When it starts, for whom, when it stops, and what happens."
    return maker.file("Scenario", about, maker.mapping(ScenarioKeys))


def segment_schema() -> Schema:
    """Of `segments/<slug>.yaml`."""
    maker = Maker()
    return maker.file(
        "Segment", "Conditions under a name: a visitor is in it or not.", maker.mapping(SegmentKeys)
    )


def tests_schema() -> Schema:
    """Of `<slug>.test.yaml`."""
    maker = Maker()
    case = maker.define("case", lambda: maker.mapping(CaseKeys))
    about = "Cases, each a timeline of what happens and what must come of it."
    return maker.file("Scenario test", about, {"type": "array", "minItems": 1, "items": case})


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "scenario": scenario_schema,
    "segment": segment_schema,
    "test": tests_schema,
}


def file_name(kind: str) -> str:
    """Of the schema of `scenario`, `segment` or `test` files."""
    return f"{'scenario-test' if kind == 'test' else kind}.schema.json"


def written(kind: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(SCHEMAS[kind](), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    for kind in SCHEMAS:
        (FOLDER / file_name(kind)).write_text(written(kind), encoding="utf-8")


if __name__ == "__main__":
    main()
