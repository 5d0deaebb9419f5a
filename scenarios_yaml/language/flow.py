"""The ways that a run can take through its steps: loops without a pause, and steps that no way reaches.

The steps are drawn as a graph, a node a step. An edge is *quick* where the run may take it at once, without
an answer or a wait in between; a cycle of quick edges would spin for ever.
"""

from __future__ import annotations

from collections import defaultdict

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
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.tree import Blocks, Places, all_steps, branches
from scenarios_yaml.language.yaml_nodes import Mapping, YamlNode


class Flow:
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
        """Each list of steps with the path of the step that it is a branch of; empty for the file's and a
        block's."""
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

    # --- What it shows --------------------------------------------------------------------------------------

    def check_loops(self, reading: Reading, places: Places) -> None:
        for loop in _cycles(self.quick):
            path = min(loop, key=lambda name: self._order(name))
            at = places.of(path)
            target = getattr(self.steps[path], "target", "") or getattr(self.steps[path], "block", "")
            message = f"this goes round for ever, without an answer or a wait: back to {quoted(target)}"
            reading.error(_kind_value(at), message, "put a wait or a question into the loop")

    def _order(self, path: str) -> tuple[int, int]:
        """Jumps come first, then calls: they are what closes a loop."""
        step = self.steps[path]
        return (0 if isinstance(step, Jump) else 1 if isinstance(step, Call) else 2, step.line)

    def check_reached(self, reading: Reading, places: Places) -> None:
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
