"""What came of something, as a test would expect it: from a session that was played to a case of its scenario.

Steps with an id are named by it, so that a case goes on holding where a text is reworded; the others by how they begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect, TraceLine
from scenarios_yaml.language.paths import PathError, resolve_path
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Contents, Expect, Expectation, PathIs, Wanted
from scenarios_yaml.tools.testing.seen import Seen, seen_in

LONGEST = 72
"""Characters of a text by which a message is recognised."""

_BY_STEP = frozenset({"popup", "email", "push"})
"""What is named by the id of its step, and looked at for its title beside that."""
_BY_NAME = frozenset({"tag", "untag", "assign", "subscribed", "unsubscribed", "event"})


def expected(came: Sequence[Effect], trace: Iterable[TraceLine], scenario: str) -> tuple[Expectation, ...]:
    """All that came of one happening, in its order, and how the scenario's runs ended upon it."""
    found: list[Expectation] = [one for effect in came for one in _of_effect(effect, scenario)]
    properties = _properties(came, scenario)
    if properties:
        found.append(Expect(paths=properties, line=0))
    return (*found, *_ends(trace, scenario))


def _of_effect(effect: Effect, scenario: str) -> Iterator[Expect]:
    match effect:
        case effects.HandOff():
            team = effect.team or effect.operator
            wanted = [Wanted(kind="handoff", text=_text(team) if team else None, line=0)]
            if effect.note:
                wanted.append(Wanted(kind="note", text=_text(_beginning(effect.note)), line=0))
            yield Expect(wanted=tuple(wanted), line=0)
        case effects.EmitEvent() if effect.scenario != scenario:
            return
        case effects.EmitEvent():
            # Somebody put on a list is told of as an event, too: one of the two says it.
            *_, said = seen_in(effect)
            yield _expect(said)
        case effects.TagDialog():
            return
        case _:
            yield from (_expect(seen) for seen in seen_in(effect))


def _expect(seen: Seen) -> Expect:
    step = next((name for name in seen.names if _is_id(name)), "")
    head = next((_beginning(text) for text in seen.heads if text.strip()), "")
    contents: tuple[Contents, ...] = ()
    if seen.kind in _BY_NAME or seen.kind == "file":
        name = seen.names[0] if seen.names else ""
    elif seen.kind in _BY_STEP and step:
        name = step
        contents = (Contents(text=_text(head), line=0),) if head else ()
    else:
        name = head or step
    options = tuple(_text(label) for _, label in seen.options) or None
    buttons = tuple(_text(label) for label in seen.buttons) or None
    is_popup = seen.kind == "popup"
    wanted = Wanted(
        kind=seen.kind,
        text=_text(name) if name else None,
        line=0,
        options=options,
        buttons=None if is_popup else buttons,
        button=buttons[0] if is_popup and buttons else None,
        fields=tuple(_text(field) for field, _ in seen.fields) or None,
        size=seen.size,
    )
    return Expect(wanted=(wanted,), contents=contents, line=0)


def _is_id(name: str) -> bool:
    """A step without an id is called by its path, which the next edit may change."""
    return bool(name) and "." not in name


def _beginning(text: str) -> str:
    """How a text begins, up to a whole word."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    head = line[: LONGEST + 1].rpartition(" ")[0] or line[:LONGEST]
    return head.rstrip(" ,;:–—-")


def _text(text: str) -> Text:
    return Text.plain(text)


# --- How things stand, and how runs end ---------------------------------------------------------------------


def _properties(came: Sequence[Effect], scenario: str) -> tuple[PathIs, ...]:
    """What the scenario has written down about the visitor; of several values the last one."""
    last: dict[str, Any] = {}
    for effect in came:
        if isinstance(effect, effects.ChangeProperties) and effect.scenario == scenario:
            last |= effect.changes
    found = []
    for name, value in last.items():
        path = _path(name)
        if path and (value is None or isinstance(value, str | int | float)):
            found.append(PathIs(path=path, value=value, line=0))
    return tuple(found)


def _path(name: str) -> str:
    try:
        return resolve_path(f"visitor.{name}")
    except PathError:
        return ""


def _ends(trace: Iterable[TraceLine], scenario: str) -> Iterator[Expectation]:
    for line in trace:
        if line.scenario != scenario:
            continue
        match line.phase:
            case "ended":
                exit_rule, colon, by = line.result.partition("exit:")
                is_exit = bool(colon) and not exit_rule
                text = _text(by.strip() if is_exit else line.result.removeprefix("stop: "))
                yield cases.ExpectEnd(how="exit" if is_exit else "stop", text=text, line=0)
            case "refused":
                yield cases.ExpectEnd(how="refused", text=_text(refusal(line.result)), line=0)
            case "goal":
                yield cases.ExpectGoal(line=0)


def refusal(result: str) -> str:
    """The condition of a refusal, without the value that it saw: “email is known” of “audience: email is known (…)”."""
    kind, colon, condition = result.partition(": ")
    if kind == "re-entry" or not colon:
        return kind
    return condition.rpartition(" (")[0] or condition
