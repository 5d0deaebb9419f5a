"""Steps: a mapping each, with exactly one kind key."""

from __future__ import annotations

from scenarios_yaml.language.fields import read_list
from scenarios_yaml.language.model import Step, Stop
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.step_parts import EVERY_STEP, StepKind
from scenarios_yaml.language.steps_acting import ACTING
from scenarios_yaml.language.steps_flow import FLOW
from scenarios_yaml.language.steps_speaking import SPEAKING
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

KINDS: dict[str, StepKind] = {kind.name: kind for kind in (*SPEAKING, *FLOW, *ACTING)}

_ALL_KEYS = {*EVERY_STEP, *KINDS, *(key for kind in KINDS.values() for key in kind.beside)}


_TRIED_FOR = {
    "wait": "delay pause sleep wait_until timer",
    "email": "send mail letter",
    "message": "sms messenger telegram whatsapp",
    "say": "text chat reply answer",
    "ask": "question",
    "popup": "show window modal",
    "push": "notify notification",
    "jump": "goto go go_to",
    "start": "run launch",
    "stop": "end finish exit",
    "note": "log",
    "if": "condition",
    "choose": "case switch branch",
    "split": "random ab ab_test test",
    "webhook": "api http request post",
    "handoff": "handover transfer operator",
    "coupon": "discount promo promo_code",
    "product_list": "products",
    "set": "save",
    "emit": "event track",
    "tag": "add_tag",
    "untag": "remove_tag",
    "file": "attachment",
}
TRIED = {word: kind for kind, words in _TRIED_FOR.items() for word in words.split()}
"""Words that people try for a kind of step, and the kind."""


def read_steps(reading: Reading, node: YamlNode, path: str) -> tuple[Step, ...]:
    """A list of steps. `path` is its place in the file: `steps`, `blocks.helped`, `steps.2.then` …"""
    what = "a branch" if "." in path else "“steps”"
    nodes = read_list(reading, node, what, lambda _, item: item, "say: {}")
    return tuple(_read_step(reading, item, f"{path}.{number}") for number, item in enumerate(nodes))


def _read_step(reading: Reading, node: YamlNode, path: str) -> Step:
    nothing = Stop(key=path, path=path, line=node.line, reason="")
    if not isinstance(node, Mapping):
        _refuse(reading, node)
        return nothing
    name = _kind_of(reading, node)
    if not name:
        return nothing
    kind = KINDS[name]
    strangers = [
        key for key, _ in node.pairs if key.value not in kind.keys.declared and key.value in _ALL_KEYS
    ]
    for key in strangers:
        if key.value not in KINDS:
            reading.error(key, f"{quoted(key.value)} does not go with {quoted(name)}", _goes_with(kind))
    own = [(key, value) for key, value in node.pairs if key not in strangers]
    keys = kind.keys(reading, Mapping(node.line, node.column, node.flow, own), path, f"“{name}”")
    return kind.build(keys)


def _goes_with(kind: StepKind) -> str:
    return "beside it may stand " + ", ".join(kind.beside + EVERY_STEP)


def _refuse(reading: Reading, node: YamlNode) -> None:
    hint = "for example “- say: Hello”"
    if isinstance(node, Scalar) and ":" in node.value and node.value.partition(":")[0] in KINDS:
        hint = "put a space after the colon"
    elif isinstance(node, Scalar) and node.value in KINDS:
        hint = f"{node.value}: needs its colon and a value"
    reading.error(node, "a step is a mapping with a kind: say, popup, wait …", hint)


def _kind_of(reading: Reading, node: Mapping) -> str:
    """The one kind key. An empty string after an error where there is none; the first where there are
    several."""
    kinds = [key for key, _ in node.pairs if key.value in KINDS]
    for second in kinds[1:]:
        message = f"one step does one thing: {quoted(kinds[0].value)} and {quoted(second.value)} are two"
        reading.error(second, message, "begin a new step with “- ”")
    if kinds:
        return kinds[0].value
    strange = next((key for key, _ in node.pairs if key.value not in _ALL_KEYS), None)
    if strange is not None:
        tried = TRIED.get(strange.value.lower().replace("-", "_"))
        hint = f"did you mean “{tried}”?" if tried else did_you_mean(strange.value, KINDS)
        hint = hint or "kinds are " + ", ".join(KINDS)
        reading.error(strange, f"there is no step {quoted(strange.value)}", hint)
    else:
        reading.error(node, "this step has no kind", "kinds are " + ", ".join(KINDS))
    return ""
