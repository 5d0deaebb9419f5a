"""Whatever is edited: the file says what was meant, every byte elsewhere stays, and undo leads back to the first."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain
from scenarios_yaml.language.editing.spans import find
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.yaml_nodes import Sequence, compose
from scenarios_yaml.library.index import library

EXAMPLES = Path(__file__).parent.parent / "examples"
TEXTS = [item.text for item in library()] + [
    path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))
]
EDITS = 1_000
BATCH = 100
A_ROUND = 5
"""Edits of one file, one after the other, before all are taken back."""

WORDS = [
    "Hello", "5%", "a: b", "x #y", "{{ visitor.name }}, hi", "yes", "", "two\nlines", "two\nlines\n", "- x", "null", "10:00",
    'it\'s "so"', "é\tz", " lead", "long " * 30, "?", "[a]", "a, b", "\n\nx", "x\n\n\n", "#c", "a\r\nb", "k:", "*a", "&", "%",
    "@", "!t", "|", ">", "---", "...\nx", "\x1b[2J", "'", '"', "\\", "\u2028", "  ", "a\n  b\n c\n",
]  # fmt: skip
VALUES: list[Plain] = [
    *WORDS, ["a", "b"], {"en": "Hi", "ru": "Привет, да"}, {"event": "X", "within": "3d"}, [{"say": "Hi", "id": "new"}], [], {},
]  # fmt: skip
STEPS: list[Plain] = [
    {"say": "Hi"},
    {"wait": "3d", "id": "pause"},
    {"say": "Q?", "options": [{"label": "A", "steps": [{"stop": "x"}]}, {"label": "No"}], "timeout": "1d"},
    {"popup": {"size": "large", "title": "T: t", "text": "a\nb\n"}, "on_submit": [{"tag": "x"}]},
    {"if": ["a.b = 1"], "then": []},
    {"handoff": ""},
]
KEYS = [
    "timeout",
    "no_answer",
    "comment",
    "id",
    "enabled",
    "goal",
    "exit",
    "audience",
    "status",
    "where",
    "unknown",
]


class Random:
    """Edits one document at random places. Each says what the file should say then, and which place it is about."""

    def __init__(self, chance: random.Random, text: str) -> None:
        self.chance = chance
        self.doc = Document(text)
        self.meant = self.doc.value("")

    def places(self, kind: type | None = None) -> list[str]:
        return [
            place for place, value in everything(self.meant, "") if kind is None or isinstance(value, kind)
        ]

    def value(self, values: list[Plain]) -> Plain:
        return copy.deepcopy(self.chance.choice(values))

    def put(self) -> str:
        place, value = self.chance.choice(self.places()), self.value(VALUES)
        holder, last = held(self.meant, place)
        holder[last] = value
        self.doc.put(place, copy.deepcopy(value))
        return place

    def add(self) -> str:
        place, name, value = (
            self.chance.choice(self.places(dict)),
            self.chance.choice(KEYS),
            self.value(VALUES),
        )
        at(self.meant, place)[name] = value
        self.doc.put(f"{place}.{name}", copy.deepcopy(value))
        return place

    def insert(self) -> str:
        place, value = self.chance.choice(self.places(list)), self.value(STEPS)
        items = at(self.meant, place)
        index = self.chance.randint(0, len(items))
        items.insert(index, value)
        assert self.doc.insert(place, index, copy.deepcopy(value)) == f"{place}.{index}"
        return place

    def drop(self) -> str:
        place = self.chance.choice(self.places())
        holder, last = held(self.meant, place)
        if len(holder) == 1:
            return self.put()
        del holder[last]
        self.doc.drop(place)
        return place.rpartition(".")[0]

    def move(self) -> str:
        place, target = self.chance.choice(self.places(list)), self.chance.choice(self.places(list))
        source, items = at(self.meant, place), at(self.meant, target)
        if len(source) < 2:
            return self.insert()
        number = self.chance.randrange(len(source))
        moved = f"{place}.{number}"
        index = self.chance.randint(0, len(items) - (1 if target == place else 0))
        if not f"{target}.".startswith(f"{moved}."):
            items.insert(index, source.pop(number))
        before, in_lines = (
            self.doc.text,
            outer(self.doc, moved) == moved and not outer_list(self.doc, target).flow,
        )
        self.doc.move(moved, target, index)
        if in_lines and items:
            assert lines_of(before) == lines_of(self.doc.text)
        return ""

    def duplicate(self) -> str:
        items = [place for place in self.places() if place.rpartition(".")[2].isdigit()]
        place = self.chance.choice(items)
        self.doc.duplicate(place)
        self.meant = self.doc.value("")  # names in it may be new
        return place.rpartition(".")[0]

    def paste(self) -> str:
        items = [place for place in self.places() if place.rpartition(".")[2].isdigit()]
        target = self.chance.choice(self.places(list))
        fragment = self.doc.copy(self.chance.choice(items))
        self.doc.paste(target, self.chance.randint(0, len(at(self.meant, target))), fragment)
        self.meant = self.doc.value("")
        return target

    def rename(self) -> str:
        steps = [
            place for place in self.places(list) if place.rpartition(".")[2] in ("steps", "then", "on_submit")
        ]
        if not steps:
            return self.put()
        step = f"{self.chance.choice(steps)}.0"
        self.doc.rename(step, f"name-{self.chance.randrange(10_000)}")
        self.meant = self.doc.value("")
        return ""


def everything(value: Plain, place: str) -> Iterator[tuple[str, Plain]]:
    """Every place of a value with what stands there, but for the whole."""
    if place:
        yield place, value
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from everything(item, f"{place}.{number}")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from everything(one, f"{place}.{name}" if place else name)


def at(value, place):
    return next(found for where, found in everything(value, "") if where == place)


def held(value, place):
    """What holds a place, and its key or number there."""
    for where, found in [("", value), *everything(value, "")]:
        below = (
            range(len(found)) if isinstance(found, list) else list(found) if isinstance(found, dict) else ()
        )
        for last in below:
            if (f"{where}.{last}" if where else str(last)) == place:
                return found, last
    raise KeyError(place)


def laid_out(chance: random.Random, text: str) -> str:
    """The text as others would have it: with Windows line ends, a byte order mark, comments and blank lines anywhere,
    indented by four."""
    lines = text.split("\n")
    if chance.random() < 0.2:
        lines = [" " * (len(line) - len(line.lstrip())) + line for line in lines]
    if chance.random() < 0.3:
        for _ in range(6):
            lines.insert(
                chance.randrange(len(lines)),
                " " * chance.choice((0, 2, 4, 6, 8, 12)) + chance.choice(("# note", "#", "", "   ")),
            )
    text = ("\r\n" if chance.random() < 0.2 else "\n").join(lines)
    return ("\ufeff" if chance.random() < 0.1 else "") + text


def outer(doc: Document, place: str) -> str:
    """The place itself; where it stands in braces, which may be opened, what holds them."""
    found = find(doc.root, place)
    while found.above is not None and found.in_flow:
        found = found.above
    return found.place


def lines_of(text: str) -> list[str]:
    """The lines that are not blank, in whatever order and indentation."""
    return sorted(line.strip() for line in text.split("\n") if line.strip())


def outer_list(doc: Document, place: str) -> Sequence:
    """The list at a place."""
    node = find(doc.root, place).node
    assert isinstance(node, Sequence)
    return node


def check_elsewhere(before: str, span: tuple[int, int], doc: Document) -> None:
    """Everything before and behind a span is as it was."""
    start, end = span
    assert doc.text.startswith(before[:start])
    assert doc.text.endswith(before[end:])


def edit_once(play: Random, change: Callable[[], str]) -> None:
    before, meant = play.doc.text, copy.deepcopy(play.meant)
    old = Document(before)
    try:
        place = change()
    except CannotEditError:
        play.meant = meant
        assert play.doc.text == before
    else:
        if before.endswith("\n"):  # a text in `|` at the very end gets its line break by what comes below it
            assert play.doc.value("") == play.meant
        play.meant = play.doc.value("")
        check_elsewhere(before, old.span(outer(old, place)), play.doc)
    whole, problems = compose(play.doc.text.removeprefix("\ufeff"))
    assert problems == []
    assert play.doc.root == whole


def edit_and_undo(chance: random.Random) -> None:
    text = laid_out(chance, chance.choice(TEXTS))
    if compose(text.removeprefix("\ufeff"))[1]:
        return
    play = Random(chance, text)
    changes = (
        play.put,
        play.put,
        play.add,
        play.insert,
        play.drop,
        play.move,
        play.duplicate,
        play.paste,
        play.rename,
    )
    for _ in range(A_ROUND):
        edit_once(play, chance.choice(changes))
    changed = play.doc.text
    while play.doc.undo() is not None:
        pass
    assert play.doc.text == text
    assert play.doc.root == Document(text).root
    while play.doc.redo() is not None:
        pass
    assert play.doc.text == changed


class TestAThousandEdits:
    @pytest.mark.parametrize("seed", range(EDITS // BATCH))
    def test_of_the_library_in_all_layouts(self, seed):
        chance = random.Random(seed)
        for _ in range(BATCH // A_ROUND):
            edit_and_undo(chance)


class TestAnyValue:
    @settings(max_examples=150, deadline=None)
    @given(
        st.text(max_size=60),
        st.sampled_from(["steps.0.say", "title.ru", "steps.1.set.run.a", "audience.0", "comment"]),
    )
    def test_in_any_place_is_read_as_it_is_or_refused(self, value, place):
        text = "title: {en: A, ru: B} # T\ncomment: >-\n  folded\n  text\naudience: [a, b]\nsteps:\n  - say: A # a\n  - set: {run.a: b}\n"
        doc = Document(text)
        try:
            doc.put(place, value)
        except CannotEditError:
            assert doc.text == text
        else:
            assert doc.value(place) == value
            assert compose(doc.text)[1] == []
        doc.undo()
        assert doc.text == text

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(TEXTS), st.data())
    def test_typed_anywhere_leaves_the_nodes_as_a_new_reading_finds_them(self, text, data):
        doc = Document(text)
        for _ in range(3):
            old = doc.text
            start = data.draw(st.integers(0, len(old)))
            end = min(len(old), start + data.draw(st.sampled_from((0, 0, 1, 5, 40))))
            typed = data.draw(
                st.sampled_from(
                    ["x", " ", "\n", "  ", "- ", "# ", ": ", "'", "{", "    # c\n", "\n  - say: x\n", ""]
                )
            )
            doc.replace(old[:start] + typed + old[end:])
            whole, problems = compose(doc.text)
            assert (doc.composed.root, doc.composed.problems) == (whole, problems)
        while doc.undo() is not None:
            pass
        assert doc.text == text


class TestTheWholeLibrary:
    @pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
    def test_stays_good_while_each_step_is_copied_moved_and_dropped(self, item):
        doc = Document(item.text)
        steps = len(doc.value("steps"))
        for number in range(steps):
            place = doc.duplicate(f"steps.{number}")
            assert doc.value(place).keys() == doc.value(f"steps.{number}").keys()
            assert read_scenario(doc.text).scenario is not None
            assert doc.move(place, "steps", number) == f"steps.{number}"
            doc.drop(f"steps.{number + 1}")
            assert doc.move(f"steps.{number}", "steps", number) == f"steps.{number}"
            doc.undo(), doc.undo(), doc.undo()
        assert doc.text == item.text

    @pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
    def test_is_written_again_as_it_says(self, item):
        """A scenario built from nothing, key by key, says the same as the file that a person wrote."""
        doc = Document(f"scenario: {item.slug}\n")
        for name, value in Document(item.text).value("").items():
            doc.put(name, value)
        built, written = read_scenario(doc.text).scenario, read_scenario(item.text).scenario
        assert built is not None
        assert built.version == written.version
