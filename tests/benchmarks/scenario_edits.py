"""How long it takes to open, edit and read a large scenario.

    python tests/benchmarks/scenario_edits.py [--steps 2000] [--repeat 20]

Prints, for each kind of edit, the median and the worst time of the processor in ms of the edit, of its undo, and of
reading the whole anew (model and problems), which an editor does when the typing pauses. Beside it the cost of what
cannot be done without where nothing is known of a text: YAML's own pass over it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import yaml

from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.yaml_nodes import LOADER

HEAD = "scenario: large\ntitle: Large\nstatus: draft\ntrigger:\n  - event: Session Started\nsteps:\n"
FOUR_STEPS = """\
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


def edits(top: int) -> dict[str, Callable[[Document], object]]:
    """Each kind of edit, for a file with so many steps at its top level."""
    middle = top // 2
    return {
        "a value": lambda doc: doc.put(f"steps.{middle}.say.en", "Good day"),
        "a value of the head": lambda doc: doc.put("status", "live"),
        "a key more": lambda doc: doc.put(f"steps.{middle}.comment", "In the middle"),
        "a deep step more": lambda doc: doc.insert(f"steps.{middle}.options.0.steps", 1, {"say": "One more"}),
        "a step more": lambda doc: doc.insert("steps", middle, {"say": "One more"}),
        "a step less": lambda doc: doc.drop(f"steps.{middle}"),
        "a move": lambda doc: doc.move("steps.0", "steps", top - 1),
        "a copy": lambda doc: doc.duplicate(f"steps.{middle}"),
        "a name": lambda doc: doc.rename(f"steps.{middle}", "another"),
        "a letter typed": lambda doc: doc.replace(doc.text.replace(f"please {middle}", f"please, {middle}")),
    }


def took(what: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    began = time.process_time()
    what()
    return (time.process_time() - began) * 1_000


def shown(name: str, *columns: list[float]) -> str:
    cells = (f"{statistics.median(times):8.1f} {max(times):7.1f}" for times in columns)
    return f"{name:24}" + "   ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=20)
    asked = parser.parse_args()
    top = asked.steps // 4
    text = HEAD + "".join(FOUR_STEPS.format(n=n) for n in range(top))
    print(
        f"{asked.steps:,} steps, {text.count(chr(10)):,} lines, {len(text.encode()):,} bytes; ms: median, worst\n"
    )
    parsing = [took(lambda: list(yaml.parse(text, Loader=LOADER))) for _ in range(3)]
    opening = [took(lambda: Document(text).root) for _ in range(3)]
    print(shown("YAML's pass", parsing))
    print(shown("opened: nodes", opening))
    doc = Document(text)
    print(shown("opened: model", [took(lambda: doc.reading)]))
    print(f"\n{'':24}{'edit':>16}   {'undo':>16}   {'read anew':>16}")
    for name, edit in edits(top).items():
        edited, undone, read = [], [], []
        for _ in range(asked.repeat):
            edited.append(took(lambda edit=edit: edit(doc)))
            if len(read) < 3:
                read.append(took(lambda: doc.reading))
            undone.append(took(doc.undo))
        print(shown(name, edited, undone, read))


if __name__ == "__main__":
    main()
