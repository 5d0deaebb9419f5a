"""A scenario of 2,000 steps is edited without a pause. Measured in time of the processor: others may use it, too."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from scenarios_yaml.language.editing.document import Document

STEPS = 2_000
ENOUGH = 0.1
"""Seconds. A third of it is usual where nothing else runs: the rest is for a busy machine."""

NESTED = """\
  - id: question-{n}
    say: {{en: "Hello {{{{ visitor.name }}}} {n}", ru: Привет}}
    timeout: 1d
    options:
      - label: Yes please {n}
        steps:
          - tag: yes-{n}
      - label: No
        steps:
          - if:
              - cart.total > {n}
            then:
              - stop: not now
"""
"""Four steps each."""

EDITS: dict[str, Callable[[Document], object]] = {
    "a value": lambda doc: doc.put("steps.250.say.en", "Good day"),
    "a value of the head": lambda doc: doc.put("status", "live"),
    "a key more": lambda doc: doc.put("steps.250.comment", "Half of it"),
    "a deep step": lambda doc: doc.insert("steps.250.options.0.steps", 1, {"say": "And one more"}),
    "a first step": lambda doc: doc.insert("steps", 0, {"say": "Before all"}),
    "a last step": lambda doc: doc.insert("steps", 500, {"say": "After all"}),
    "a step less": lambda doc: doc.drop("steps.0"),
    "a move to the end": lambda doc: doc.move("steps.0", "steps", 499),
    "a copy": lambda doc: doc.duplicate("steps.100"),
    "a name": lambda doc: doc.rename("steps.100", "another"),
    "a letter": lambda doc: doc.replace(doc.text.replace("visitor.name }} 250", "visitor.name }} 2500")),
}


@pytest.fixture(scope="module")
def large() -> str:
    head = "scenario: large\ntitle: Large\nstatus: draft\ntrigger:\n  - event: Session Started\nsteps:\n"
    return head + "".join(NESTED.format(n=n) for n in range(STEPS // 4))


class TestTwoThousandSteps:
    @pytest.mark.parametrize("name", EDITS)
    def test_each_edit_and_its_undo_is_done_at_once(self, large, name):
        doc = Document(large)
        assert doc.root is not None
        took = []
        for _ in range(3):
            began = time.process_time()
            EDITS[name](doc)
            edited = time.process_time()
            assert doc.text != large
            doc.undo()
            took.append(max(edited - began, time.process_time() - edited))
            assert doc.text == large
        assert min(took) < ENOUGH, took
        assert doc.root == Document(large).root
