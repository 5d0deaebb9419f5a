"""What only the whole file shows: names that stand twice, jumps to nowhere, and (by `flow`) loops and dead
ends."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios_yaml.language.flow import Flow
from scenarios_yaml.language.model import Call, Jump, Say, Step
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.run_values import check_run_values
from scenarios_yaml.language.tree import Blocks, Places, all_steps
from scenarios_yaml.language.yaml_nodes import Mapping


def check_whole(reading: Reading, root: Mapping, steps: tuple[Step, ...], blocks: Blocks) -> None:
    """All checks across the file. `root` is the file's mapping, for the places of errors."""
    places = Places(root)
    names = _check_names(reading, places, steps, blocks)
    targets_are_good = _check_targets(reading, places, names, steps, blocks)
    if targets_are_good and not reading.has_errors:
        check_run_values(reading, steps, blocks)
        graph = Flow(steps, blocks)
        graph.check_loops(reading, places)
        graph.check_reached(reading, places)


def _check_names(
    reading: Reading, places: Places, steps: tuple[Step, ...], blocks: Blocks
) -> dict[str, bool]:
    """All names that a jump may go to → whether it is a block. Reports names that stand twice."""
    names: dict[str, bool] = {}
    lines: dict[str, int] = {}
    for key in places.keys_of("blocks"):
        names[key.value] = True
        lines[key.value] = key.line
    for step in all_steps([steps, *(block for _, block in blocks)]):
        if not step.id:
            continue
        if step.id in names:
            message = f"the id {quoted(step.id)} stands here twice, first in line {lines[step.id]}"
            reading.error(places.of(step.path, "id"), message, "a jump could not know which is meant")
        names.setdefault(step.id, False)
        lines.setdefault(step.id, step.line)
    return names


def _check_targets(
    reading: Reading, places: Places, names: dict[str, bool], steps: tuple[Step, ...], blocks: Blocks
) -> bool:
    good = True
    for step in all_steps([steps, *(block for _, block in blocks)]):
        for target, path, key in _targets(step):
            block_wanted = key == "call"
            if target and (target not in names or (block_wanted and not names[target])):
                good = False
                known = [name for name, is_block in names.items() if is_block or not block_wanted]
                message, hint = _nowhere(target, target in names, block_wanted, known)
                reading.error(places.of(path, key), message, hint)
    return good


def _nowhere(target: str, is_step: bool, block_wanted: bool, known: list[str]) -> tuple[str, str]:
    """What to say of a target that cannot be gone to, and the hint."""
    if is_step:
        return f"{quoted(target)} is a step: only a block can be called", f"jump: {target} goes there"
    listed = (
        "known: " + ", ".join(known[:10]) if known else "give the step an id, or write a block of that name"
    )
    what = "block" if block_wanted else "step or block"
    return f"there is no {what} {quoted(target)}", did_you_mean(target, known) or listed


def _targets(step: Step) -> Iterator[tuple[str, str, str]]:
    """Where a step may leave to: the target, and the path and key under which it is written."""
    if isinstance(step, Jump):
        yield step.target, step.path, "jump"
    elif isinstance(step, Call):
        yield step.block, step.path, "call"
    elif isinstance(step, Say):
        for number, option in enumerate(step.options):
            yield option.jump, f"{step.path}.options.{number}", "jump"
