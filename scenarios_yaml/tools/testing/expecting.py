"""Whether what a test expects has come; and where not, what came instead.

Texts are compared by “contains”, ignoring case and how blanks are laid out. Each thing that came is taken by one
expectation only, so that two letters need two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenarios_yaml.engine.comparing import compare
from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.paths import MISSING, Scope, lookup
from scenarios_yaml.engine.values import shown
from scenarios_yaml.language.model import event_key
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.testing.cases import Contents, Expect, ExpectEnd, PathIs, Wanted
from scenarios_yaml.tools.testing.seen import OUTREACH, Seen

MOST_SHOWN = 8
_BY_NAME = frozenset({"tag", "untag", "event", "handoff", "assign", "subscribed", "unsubscribed"})
"""What is called by a whole name: a part of it is another thing."""


class Unmet(Exception):
    """An expectation that did not come true: what was wanted, what was seen instead, and the test's line."""

    def __init__(self, message: str, line: int, instead: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.instead = instead


class Window:
    """What has come since something last happened; what was expected of it is taken out."""

    def __init__(self, seen: Sequence[Seen] = (), trace: Sequence[TraceLine] = ()) -> None:
        self.seen = list(seen)
        self.left = list(seen)
        self.trace = list(trace)

    def expect(self, wanted: Expect, scope: Scope, locale: str) -> None:
        """Raises `Unmet` at the first thing that is not as it should be."""
        taken = [self._take(one, locale) for one in wanted.wanted]
        for content in wanted.contents:
            _check_content(content, taken, locale)
        for path in wanted.paths:
            _check_path(path, scope, locale)

    def expect_nothing(self, line: int) -> None:
        for one in self.left:
            if one.kind in OUTREACH:
                raise Unmet("nothing should have reached the visitor", line, one.shown)

    def expect_end(self, wanted: ExpectEnd, scenario: str, locale: str) -> None:
        """A run of the scenario ended so, or was refused so."""
        text = wanted.text.render({}, locale)
        phase = "refused" if wanted.how == "refused" else "ended"
        results = [line.result for line in self.trace if line.phase == phase and line.scenario == scenario]
        prefix = "exit:" if wanted.how == "exit" else ""
        if any(result.startswith(prefix) and contains(result, text) for result in results):
            return
        said = {
            "exit": "no run was ended by an exit rule with",
            "stop": "no run ended with",
            "refused": "he was not refused with",
        }
        raise Unmet(f"{said[wanted.how]} {quoted(text)}", wanted.line, self._instead_of_end(scenario))

    def expect_goal(self, line: int, scenario: str) -> None:
        if not any(one.phase == "goal" and one.scenario == scenario for one in self.trace):
            raise Unmet("the goal was not reached", line, self._instead_of_end(scenario))

    def _instead_of_end(self, scenario: str) -> str:
        lines = [line for line in self.trace if line.phase != "step" and line.scenario == scenario]
        return (
            "; ".join(f"{line.phase}: {line.result}" for line in lines[-3:])
            or "no run began, ended or was refused"
        )

    def _take(self, wanted: Wanted, locale: str) -> Seen:
        """The first of what is left that is as wanted; it is left no more."""
        same = [one for one in self.left if _is_named(wanted, one, locale)]
        for one in same:
            if not _differs(wanted, one, locale):
                self._taken(one)
                return one
        name = quoted(wanted.text.render({}, locale)) if wanted.text else ""
        if same:
            raise Unmet(
                f"{wanted.kind} {name}".rstrip() + f": {_differs(wanted, same[0], locale)}", wanted.line
            )
        raise Unmet(f"there is no {_noun(wanted.kind)} {name}".rstrip(), wanted.line, self._instead(wanted))

    def _taken(self, one: Seen) -> None:
        self.left = [other for other in self.left if other is not one]

    def _instead(self, wanted: Wanted) -> str:
        others = [one for one in self.left if one.kind == wanted.kind] or self.left
        listed = [one.shown for one in others[:MOST_SHOWN]]
        if listed:
            return "; ".join(listed)
        gone = [one.shown for one in self.seen if one.kind == wanted.kind]
        return f"no more than was expected before: {gone[0]}" if gone else "nothing came"


def contains(text: str, part: str) -> bool:
    """Whether the part is in the text, ignoring case and how blanks are laid out."""
    return _plain(part) in _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _noun(kind: str) -> str:
    return {"say": "message", "ask": "question", "closed": "closing"}.get(kind, kind)


def _is_named(wanted: Wanted, one: Seen, locale: str) -> bool:
    if wanted.kind != one.kind:
        return False
    if wanted.text is None:
        return True
    text = wanted.text.render({}, locale)
    if wanted.kind == "event":
        return event_key(text) in one.names
    if any(_plain(name) == _plain(text) for name in one.names):
        return True
    return wanted.kind not in _BY_NAME and any(contains(head, text) for head in one.heads)


def _differs(wanted: Wanted, one: Seen, locale: str) -> str:
    """In what the thing is not as wanted; an empty string where it is."""
    options = [(option, label) for option, label in one.options]
    if wanted.options is not None and not _listed(wanted.options, options, locale):
        return f"the answers are {_list(label for _, label in options)}"
    buttons = [("", label) for label in one.buttons]
    if wanted.buttons is not None and not _listed(wanted.buttons, buttons, locale):
        return f"the buttons are {_list(one.buttons)}"
    if wanted.fields is not None and not _listed(wanted.fields, list(one.fields), locale):
        return f"the fields are {_list(name for name, _ in one.fields)}"
    if wanted.button is not None and not _listed((wanted.button,), buttons, locale):
        return f"the button is {_list(one.buttons)}"
    if wanted.size and wanted.size != one.size:
        return f"it is {one.size}"
    return ""


def _list(names: Any) -> str:
    return ", ".join(quoted(name) for name in names) or "none"


def _listed(wanted: Sequence[Text], there: list[tuple[str, str]], locale: str) -> bool:
    """Whether these are the wanted ones, in this order; each by its id or by its label."""
    texts = [text.render({}, locale) for text in wanted]
    return len(texts) == len(there) and all(
        text == name or contains(label, text) for text, (name, label) in zip(texts, there, strict=True)
    )


def _check_content(content: Contents, taken: Sequence[Seen], locale: str) -> None:
    text = content.text.render({}, locale)
    found = any(contains(part, text) for one in taken for part in one.content)
    if found == content.lacks:
        whole = " / ".join(" ".join(part.split()) for one in taken for part in one.content if part)
        verb = "holds" if content.lacks else "does not hold"
        raise Unmet(f"{taken[0].kind} {verb} {quoted(text)}", content.line, whole)


def _check_path(wanted: PathIs, scope: Scope, locale: str) -> None:
    actual = lookup(wanted.path, scope)
    expected = in_language(wanted.value, locale)
    if expected is None:
        ok = actual is MISSING
    elif actual is MISSING:
        ok = False
    elif isinstance(actual, list) and not isinstance(expected, list):
        ok = any(_same(item, expected) for item in actual)
    else:
        ok = _same(actual, expected)
    if not ok:
        said = "unknown" if expected is None else shown(expected)
        seen = "unknown" if actual is MISSING else shown(actual)
        if wanted.path.startswith("run.") and scope.run not in scope.state.runs:
            seen += "; the run has ended, and what it knew at its end is gone"
        raise Unmet(f"{wanted.path} is not {said}", wanted.line, f"it is {seen}")


def _same(actual: Any, expected: Any) -> bool:
    if isinstance(expected, dict | list):
        return bool(actual == expected)
    return compare(actual, "=", expected)


def in_language(value: Any, locale: str) -> Any:
    """The value for this language, where it is written as one for each: `{en: Lamp, ru: Лампа}`."""
    if isinstance(value, dict):
        if value and locale in value and all(len(key.partition("-")[0]) in (2, 3) for key in value):
            return value[locale]
        return {key: in_language(item, locale) for key, item in value.items()}
    if isinstance(value, list):
        return [in_language(item, locale) for item in value]
    return value
