"""What a run keeps for itself (`run.code`): a name that is looked at though no step saves it is a slip."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios_yaml.language.model import Ask, Coupon, Popup, Set, Step, Webhook
from scenarios_yaml.language.problems import nearest, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.tree import Blocks, all_steps

KEPT_BY_ITSELF = frozenset({
    "id", "scenario", "version", "started_at", "path", "answer", "split", "products", "error",
})  # fmt: skip


def check_run_values(reading: Reading, steps: tuple[Step, ...], blocks: Blocks) -> None:
    """A warning at each `run.NAME` of a text or a condition that nothing in the file saves."""
    if not reading.run_names:
        return
    saved = {
        path.split(".")[1]
        for step in all_steps([steps, *(block for _, block in blocks)])
        for path in _saved_by(step)
        if path.startswith("run.")
    }
    for node, offset, name in reading.run_names:
        if name not in saved and name not in KEPT_BY_ITSELF:
            guess = nearest(name, (*saved, *KEPT_BY_ITSELF))
            hint = f"save_to: run.{name} in an earlier step keeps a value there"
            if guess:
                hint = f"did you mean “run.{guess}”?"
            reading.warn_inside(node, offset, f"no step saves anything to {quoted(f'run.{name}')}", hint)


def _saved_by(step: Step) -> Iterator[str]:
    match step:
        case Ask() | Coupon() | Webhook():
            yield step.save_to
        case Popup():
            yield from (field.save_to for field in step.fields)
        case Set():
            yield from (path for path, _ in step.values)
