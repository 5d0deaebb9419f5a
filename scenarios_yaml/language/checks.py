"""What only the whole file shows: names used twice, jumps to nowhere, steps that are never reached, loops without a pause.

The steps are drawn as a graph, a node a step. An edge is *quick* where the run may take it at once, without an answer
or a wait in between; a cycle of quick edges would spin for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scenarios_yaml.language.model import (
    Ask,
    Call,
    Choose,
    Close,
    Handoff,
    If,
    Jump,
    Option,
    Popup,
    Say,
    Split,
    Step,
    Stop,
    Wait,
    WaitFor,
)
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

Blocks = tuple[tuple[str, tuple[Step, ...]], ...]


def branches(step: Step) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """The branches of a step, by the keys under which they stand: `then`, `options.0`, `on_close` …"""
    if isinstance(step, Say):
        for number, option in enumerate(step.options):
            yield f"options.{number}", option.steps
    elif isinstance(step, If):
        yield "then", step.then
        yield "else", step.otherwise
    elif isinstance(step, Choose):
        for number, case in enumerate(step.cases):
            yield f"choose.{number}", case.steps
        yield "otherwise", step.otherwise
    elif isinstance(step, Split):
        for number, variant in enumerate(step.variants):
            yield f"split.{number}", variant.steps
    elif isinstance(step, WaitFor):
        yield "then", step.then
        yield "on_timeout", step.on_timeout
    for name in ("no_answer", "on_submit", "on_click", "on_close", "on_error", "no_operator"):
        branch = getattr(step, name, None)
        if branch is not None:
            yield name, branch


def all_steps(sequences: Iterable[tuple[Step, ...]]) -> Iterator[Step]:
    """Every step of these and of all their branches, in the order of the file."""
    for steps in sequences:
        for step in steps:
            yield step
            yield from all_steps(branch for _, branch in branches(step))


def check_whole(reading: Reading, root: Mapping, steps: tuple[Step, ...], blocks: Blocks) -> None:
    """All checks across the file. `root` is the file's mapping, for the places of errors."""
    places = _Places(root)
    names = _check_names(reading, places, steps, blocks)
    targets_are_good = _check_targets(reading, places, names, steps, blocks)
    if targets_are_good and not reading.has_errors:
        graph = _Graph(steps, blocks)
        graph.check_loops(reading, places)
        graph.check_reached(reading, places)


class _Places:
    """Finds the node of the file where a step stands, by the step's path."""

    def __init__(self, root: Mapping) -> None:
        self.root = root

    def of(self, path: str, key: str = "") -> YamlNode:
        node: YamlNode = self.root
        for part in [*path.split("."), *([key] if key else [])]:
            deeper = self._deeper(node, part)
            if deeper is None:
                return node
            node = deeper
        return node

    def keys_of(self, name: str) -> list[Scalar]:
        """The keys of the mapping under a key of the file; none where it is not there."""
        node = self._deeper(self.root, name)
        return [key for key, _ in node.pairs] if isinstance(node, Mapping) else []

    @staticmethod
    def _deeper(node: YamlNode, part: str) -> YamlNode | None:
        if isinstance(node, Sequence):
            return node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None
        if isinstance(node, Mapping):
            return next((value for name, value in node.pairs if name.value == part), None)
        return None


def _check_names(
    reading: Reading, places: _Places, steps: tuple[Step, ...], blocks: Blocks
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
    reading: Reading, places: _Places, names: dict[str, bool], steps: tuple[Step, ...], blocks: Blocks
) -> bool:
    good = True
    for step in all_steps([steps, *(block for _, block in blocks)]):
        for target, at, block_wanted in _targets(places, step):
            if not target or (target in names and (names[target] or not block_wanted)):
                continue
            good = False
            if block_wanted and target in names:
                reading.error(
                    at,
                    f"{quoted(target)} is a step: only a block can be called",
                    f"jump: {target} goes there",
                )
                continue
            known = [name for name, is_block in names.items() if is_block or not block_wanted]
            what = "block" if block_wanted else "step or block"
            reading.error(at, f"there is no {what} {quoted(target)}", _hint_for_target(target, known))
    return good


def _hint_for_target(target: str, known: list[str]) -> str:
    guess = did_you_mean(target, known)
    return guess or (
        "known: " + ", ".join(known[:10]) if known else "give the step an id, or write a block of that name"
    )


def _targets(places: _Places, step: Step) -> Iterator[tuple[str, YamlNode, bool]]:
    if isinstance(step, Jump):
        yield step.target, places.of(step.path, "jump"), False
    elif isinstance(step, Call):
        yield step.block, places.of(step.path, "call"), True
    elif isinstance(step, Say):
        for number, option in enumerate(step.options):
            if option.jump:
                yield option.jump, places.of(f"{step.path}.options.{number}", "jump"), False


class _Graph:
    """Nodes are step paths; `END` stands for the end of the steps or of a block, where a call returns."""

    END = ""

    def __init__(self, steps: tuple[Step, ...], blocks: Blocks) -> None:
        self.entries = {name: block[0].path if block else self.END for name, block in blocks}
        self.entries |= {
            step.id: step.path for step in all_steps([steps, *(b for _, b in blocks)]) if step.id
        }
        self.quick: dict[str, list[str]] = defaultdict(list)
        self.slow: dict[str, list[str]] = defaultdict(list)
        self.calls: dict[str, tuple[str, str]] = {}
        """A calling step → the entry of its block, and where it goes on."""
        self.steps: dict[str, Step] = {}
        self.sequences: list[tuple[str, tuple[Step, ...]]] = []
        """Each list of steps with the path of the step that it is a branch of; empty for the file's and a block's."""
        self.start = steps[0].path if steps else self.END
        for sequence in (steps, *(block for _, block in blocks)):
            self._draw("", sequence, self.END)
        self._return_from_calls()

    def _draw(self, owner: str, steps: tuple[Step, ...], after: str) -> None:
        self.sequences.append((owner, steps))
        for number, step in enumerate(steps):
            following = steps[number + 1].path if number + 1 < len(steps) else after
            self.steps[step.path] = step
            for _, branch in branches(step):
                self._draw(step.path, branch, following)
            if step.enabled:
                self._edges(step, following)
            else:
                self.quick[step.path].append(following)

    def _edges(self, step: Step, following: str) -> None:
        if isinstance(step, Jump):
            self.quick[step.path].append(self.entries[step.target])
        elif isinstance(step, Call):
            self.calls[step.path] = (self.entries[step.block], following)
            self.quick[step.path].append(self.entries[step.block])
        elif isinstance(step, (Stop, Close)):
            pass
        elif isinstance(step, Say):
            self._say(step, following)
        elif isinstance(step, Popup):
            self._popup(step, following)
        elif isinstance(step, WaitFor):
            self.quick[step.path].append(_first(step.then, following))
            self.slow[step.path].append(_first(step.on_timeout, following))
        else:
            self._plain(step, following)

    def _say(self, step: Say, following: str) -> None:
        if not step.options:
            self.quick[step.path].append(following)
            return
        for option in step.options:
            self.slow[step.path].append(self._answered(option, following))
        if step.no_answer is not None:
            self.slow[step.path].append(_first(step.no_answer, following))

    def _answered(self, option: Option, following: str) -> str:
        return self.entries[option.jump] if option.jump else _first(option.steps, following)

    def _popup(self, step: Popup, following: str) -> None:
        if step.fields:
            self.slow[step.path].append(_first(step.on_submit or (), following))
        self.slow[step.path].append(_first(step.on_click or (), following))
        if step.on_close is not None:
            self.slow[step.path].append(_first(step.on_close, following))

    def _plain(self, step: Step, following: str) -> None:
        edges = self.slow if _always_pauses(step) else self.quick
        ways = [branch for _, branch in branches(step)]
        edges[step.path] += [_first(branch, following) for branch in ways]
        if isinstance(step, (Handoff, If, Choose, Split)):
            return
        edges[step.path].append(following)

    def _return_from_calls(self) -> None:
        """Adds the way on from a call: quick where its block can be walked to an end without a pause."""
        before: dict[str, list[str]] = defaultdict(list)
        for origin, targets in self.quick.items():
            if origin in self.calls:
                continue
            for target in targets:
                before[target].append(origin)
        waiting: dict[str, list[str]] = defaultdict(list)
        for call, (entry, following) in self.calls.items():
            waiting[entry].append(call)
            waiting[following].append(call)
        reaches_end: set[str] = set()
        queue = [self.END]
        while queue:
            node = queue.pop()
            if node in reaches_end:
                continue
            reaches_end.add(node)
            queue += before[node]
            queue += [call for call in waiting[node] if {*self.calls[call]} <= reaches_end]
        for call, (entry, following) in self.calls.items():
            (self.quick if entry in reaches_end else self.slow)[call].append(following)

    # --- What it shows ------------------------------------------------------------------------------------------

    def check_loops(self, reading: Reading, places: _Places) -> None:
        for loop in _cycles(self.quick):
            path = min(loop, key=lambda name: self._order(name))
            at = places.of(path)
            target = getattr(self.steps[path], "target", "") or getattr(self.steps[path], "block", "")
            message = f"this goes round for ever, without an answer or a wait: back to {quoted(target)}"
            reading.error(_kind_value(at), message, "put a wait or a question into the loop")

    def _order(self, path: str) -> tuple[bool, int]:
        step = self.steps[path]
        return (not isinstance(step, (Jump, Call)), step.line)

    def check_reached(self, reading: Reading, places: _Places) -> None:
        reached: set[str] = set()
        queue = [self.start]
        while queue:
            path = queue.pop()
            if path in reached:
                continue
            reached.add(path)
            queue += self.quick[path] + self.slow[path]
        for owner, sequence in self.sequences:
            number, step = next(((n, s) for n, s in enumerate(sequence) if s.path not in reached), (0, None))
            if step is None or not (number or not owner or owner in reached):
                continue
            if number or owner:
                message, hint = "this step is never reached", "what stands above it always leaves"
            else:
                message, hint = "this block is never used", "jump to it or call it, or delete it"
            reading.warn(places.of(step.path), message, hint)


def _first(branch: tuple[Step, ...], following: str) -> str:
    return branch[0].path if branch else following


def _always_pauses(step: Step) -> bool:
    """A wait that counts from an earlier moment, or for a moment that may have been, does not."""
    if isinstance(step, Ask):
        return True
    return isinstance(step, Wait) and ((step.duration is not None and step.since == "now") or bool(step.at))


def _kind_value(node: YamlNode) -> YamlNode:
    if isinstance(node, Mapping):
        return next((value for key, value in node.pairs if key.value in ("jump", "call")), node)
    return node


def _cycles(edges: dict[str, list[str]]) -> list[list[str]]:
    """The strongly connected groups that hold a cycle (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found = []
    for root in list(edges):
        if root in index:
            continue
        work = [(root, iter(edges.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = _unwind(stack, on_stack, node)
                    if len(group) > 1 or node in edges.get(node, ()):
                        found.append(group)
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(edges.get(target, ()))))
            elif target in on_stack:
                low[node] = min(low[node], index[target])
    return found


def _unwind(stack: list[str], on_stack: set[str], node: str) -> list[str]:
    group = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        group.append(member)
        if member == node:
            return group
