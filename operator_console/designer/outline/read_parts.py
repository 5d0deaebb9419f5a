"""What can be read of a file, whatever is wrong with it: its nodes, and a model in which something stands in for what
is missing.

The reader gives no scenario where there is one error, and a large file takes it longer than a key press may. So the
tree is made of the nodes: the head is read each time, and each step by itself, by the same readers, and only where it
has changed.
"""

from __future__ import annotations

from msgspec import Struct

from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.problems import Problem, Severity
from scenarios_yaml.language.reader import ScenarioKeys
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.yaml_nodes import Mapping, YamlNode, compose

MOST_MENDS = 6
"""So many lines that YAML cannot take are left out; then everything from one of them on is."""


class Gap(Struct, frozen=True):
    """A line of the file (from 1) that is no YAML."""

    line: int
    text: str


class Parts(Struct, frozen=True):
    """The nodes of a text, or None where not even its beginning could be read; and what was left out."""

    root: Mapping | None
    gaps: tuple[Gap, ...] = ()


class Patient(Reading):
    """A reading that goes on after any number of problems, and lists none of them."""

    def report(
        self,
        severity: Severity,
        line: int,
        column: int,
        message: str,
        hint: str = "",
        at: YamlNode | None = None,
    ) -> None:
        """Keeps one problem and no more: the readers look only at whether there is a new one."""
        del message, hint, at
        self.problems.append(Problem(line, column, "", severity=severity))


class Head(Struct, frozen=True):
    """`scenario` has no steps and no blocks: they are read one by one, by `reading`, which knows the parameters."""

    scenario: Scenario
    reading: Patient


def read_head(text: str, root: Mapping) -> Head:
    """All of a file but its steps, with something in the place of what is wrong."""
    reading = Patient(text.removeprefix("\ufeff"))
    keys = ScenarioKeys(reading, root)
    parameters = keys.parameters  # first: every value below may name one
    scenario = Scenario(
        slug=keys.scenario,
        title=keys.title,
        version="",
        trigger=keys.trigger,
        steps=(),
        comment=keys.comment,
        status=keys.status,
        starter=keys.starter,
        group=keys.group,
        timezone=keys.timezone,
        parameters=parameters,
        audience=keys.audience,
        exit=keys.exit,
        goal=keys.goal,
        reentry=keys.reentry,
        delivery=keys.delivery,
        holdout=keys.holdout,
    )
    return Head(scenario, reading)


def read_parts(text: str) -> Parts:
    """The nodes of a text that YAML cannot take as a whole, without the lines that it stumbles over."""
    return Parts(*_nodes(text.removeprefix("\ufeff")))


def _nodes(text: str) -> tuple[Mapping | None, tuple[Gap, ...]]:
    """The nodes of a text, without the lines that YAML cannot take."""
    written = text.split("\n")
    lines = list(written)
    gaps: list[int] = []
    for _ in range(MOST_MENDS):
        root, problems = compose("\n".join(lines))
        if isinstance(root, Mapping):
            return root, _gaps(written, gaps)
        line = problems[-1].line if problems and root is None else 0
        if not 1 <= line <= len(lines) or not lines[line - 1].strip():
            break
        gaps.append(line)
        lines[line - 1] = ""
    root, end = _beginning(lines)
    return root, _gaps(written, [*(gap for gap in gaps if gap <= end), end + 1])


def _gaps(written: list[str], lines: list[int]) -> tuple[Gap, ...]:
    there = [line for line in sorted(lines) if line <= len(written)]
    return tuple(Gap(line, written[line - 1].rstrip("\r")) for line in there)


def _beginning(lines: list[str]) -> tuple[Mapping | None, int]:
    """The longest beginning that is YAML, and how many lines it has: a quotation mark that is not closed is only
    missed at the end of the file, so where it begins is searched for by halves."""
    ends = [
        number for number, line in enumerate(lines) if number and line.strip() and _begins_something(line)
    ]
    best: Mapping | None = None
    best_end, low, high = 0, 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        root, _problems = compose("\n".join(lines[: ends[middle]]))
        if isinstance(root, Mapping):
            best, best_end, low = root, ends[middle], middle + 1
        else:
            high = middle
    return best, best_end


def _begins_something(line: str) -> bool:
    """Whether a line begins a key of the file or an item of a list: before it, a file may end."""
    return line[0] not in " \t#" or line.lstrip().startswith("- ")
