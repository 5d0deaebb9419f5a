"""Whatever the bytes: never a traceback, never more than a second, always a position."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenarios_yaml.language.reader import read_scenario, read_scenario_bytes
from scenarios_yaml.language.segment_reader import read_segment, read_segment_bytes
from scenarios_yaml.library.index import library

EXAMPLES = [
    path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "examples").glob("*.yaml"))
]
TEXTS = [*EXAMPLES, *(item.text for item in library())]
SEGMENT = """\
segment: big-spenders
title: {en: Big spenders, ru: Щедрые}
comment: all that a segment can hold
conditions:
  - sum(order_completed.total) > 10000 in 90d
  - any:
      - tagged vip
      - not: [in segment wholesale, 'city in [Moscow, "New York"]']
  - did not product_viewed >= 3 times in 7d where category = lamps
  - last_visit more than 7d ago
"""
MUTANTS = 10_000
SEGMENT_MUTANTS = 1_000
BATCH = 500
LONGEST = 6_000
"""Characters of a mutant: a small file has as many places to go wrong in as a large one."""

SCALARS = [
    "", "~", "null", "NO", "10:00", "0123", "-1", "1e400", ".inf", "9" * 400, "a" * 4_000, "é" * 300, "😀", "{{", "{{ }}", "{% if %}",
    "{{ visitor.name | nope }}", "{% for x in cart.items %}{{ x }}", "{{ visitor" + ".a" * 200 + " }}", "{{ 1 | times: 2 }}",
    "{% raw %}", "{{ 'a' | append: 'b'", "{{ parameters.nope }}", "parameters.nope", "[" * 60, "{a: " * 45, "]", "}", "'", '"', "\\", "|",
    ">-", "!!python/object:os.system x", "&a x", "*a", "<<", "? x", "@x", "`x`", "%x", "- - - -", ": :", "# x", "\t", "\x00", "\x1b[2J",
    "\u2028", "\ufeff", "\ud800", "\u202e", "email is", "not not", "did did", "in [", "a = = b", "sum(x", 'city = "', "now in 99:99-1",
    "visits > 99999999999999999999", "did x >= 5 times in 0s", "{all: all}", "[[[]]]", "{not: {not: {not: []}}}", "every [ ] ( ) , =",
]  # fmt: skip
PIECES = [
    "{{ ", " }}", "{% if x %}", ": ", " #", "- ", "&a ", "*a", "!!x ", "<<: ", '"', "'", "|\n", ">-\n", "[", "]", "{", "}",
    "\t", "\n", "  ", "?", "not ", "in [", "did ", "parameters.x", "\x00", "\ud800", "\u2028", "---\n", "%TAG ! x\n", "é",
    "😀", "9" * 5000, "a" * 5000, "{%" * 50, "say: ", "jump: menu\n", "steps:\n", "id: menu\n", "null", "~", "\\", "\r",
]  # fmt: skip


class Lines:
    """Where the lines of a text end, for the check of positions."""

    def __init__(self, text: str) -> None:
        self.lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))

    def holds(self, line: int, column: int) -> bool:
        """Whether the place is inside the text, its very end counted in."""
        return 1 <= line <= len(self.lines) and 1 <= column <= len(self.lines[line - 1]) + 1


def check(result, text: str) -> None:
    """`result` is a good file or at least one error, each with a place in the text and something to read."""
    found = result.scenario if hasattr(result, "scenario") else result.segment
    assert (found is None) == bool(result.errors)
    lines = Lines(text)
    for problem in result.problems:
        assert lines.holds(problem.line, problem.column), problem
        assert problem.message
        assert str(problem).isprintable()


def timed(read, text):
    """What `read` says of the text, in less than a second."""
    began = time.process_time()
    result = read(text)
    assert time.process_time() - began < 1, text[:500]
    return result


# --- Mutants ------------------------------------------------------------------------------------------------


def _delete(chance, lines):
    at = chance.randrange(len(lines))
    del lines[at : at + chance.choice((1, 1, 2, 8))]


def _duplicate(chance, lines):
    at = chance.randrange(len(lines))
    lines[at:at] = lines[at : at + chance.choice((1, 1, 2, 8))]


def _swap(chance, lines):
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _indent(chance, lines):
    at = chance.randrange(len(lines))
    for number in range(at, min(len(lines), at + chance.choice((1, 1, 3, 10)))):
        lines[number] = (
            chance.choice(("  ", " ", "\t")) + lines[number] if chance.random() < 0.5 else lines[number][2:]
        )


def _replace_scalar(chance, lines):
    at = chance.randrange(len(lines))
    key, mark, _ = lines[at].rpartition(": ")
    if not mark:
        key, mark, _ = lines[at].rpartition("- ")
    lines[at] = f"{key}{mark}{chance.choice(SCALARS)}"


def _rename_key(chance, lines):
    at = chance.randrange(len(lines))
    keys = re.findall(r"[a-z_]+(?=:)", "\n".join(lines)) or ["x"]
    lines[at] = re.sub(r"[a-z_]+(?=:)", chance.choice(keys), lines[at], count=1)


def _splice(chance, lines):
    other = chance.choice(TEXTS).splitlines()
    start = chance.randrange(len(other))
    at = chance.randrange(len(lines))
    lines[at : at + chance.randrange(6)] = other[start : start + chance.randint(1, 15)]


def _truncate(chance, lines):
    at = chance.randrange(len(lines))
    lines[at:] = [lines[at][: chance.randrange(len(lines[at]) + 1)]]


def _nest(chance, lines):
    at = chance.randrange(len(lines))
    kind = chance.choice(
        ("- if: [visits > 1]\n{}  then:\n", "- any:\n", "- say: a\n{}  options:\n", "- ", "x:\n")
    )
    depth = chance.choice((2, 5, 25, 60))
    lines[at:at] = "".join(" " * (4 * n) + kind.replace("{}", " " * (4 * n)) for n in range(depth)).split(
        "\n"
    )


def _pieces(chance, lines):
    text = "\n".join(lines)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(text) + 1), chance.choice((0, 0, 1, 1, 3, 10, 80))
        kind = chance.random()
        if kind < 0.5:
            piece = chance.choice(PIECES)
        elif kind < 0.7:
            piece = "".join(
                chr(
                    chance.choice(
                        (chance.randrange(0x20, 0x250), chance.randrange(0xD7FF), chance.randrange(0x110000))
                    )
                )
                for _ in range(4)
            )
        else:
            piece = "".join(chance.sample(text[at : at + length], len(text[at : at + length])))
        text = text[:at] + piece + text[at + length :]
    lines[:] = text.split("\n")


WAYS = (
    _delete,
    _duplicate,
    _swap,
    _indent,
    _replace_scalar,
    _replace_scalar,
    _rename_key,
    _splice,
    _truncate,
    _nest,
    _pieces,
)


def mutant(chance: random.Random, text: str) -> str:
    lines = text[:LONGEST].splitlines()
    for _ in range(chance.randint(1, 4)):
        chance.choice(WAYS)(chance, lines)
        lines = lines or [""]
    return "\n".join(lines)


def mutant_bytes(chance: random.Random, text: str) -> bytes:
    """Bytes changed under the characters: what a broken disk or another encoding leaves."""
    data = bytearray(text[:LONGEST].encode())
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(data))
        if chance.random() < 0.7:
            data[at] = chance.randrange(256)
        else:
            data[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
    return bytes(data)


@pytest.mark.slow
class TestTenThousandMutants:
    """The library and the examples with lines deleted, doubled, swapped and indented, scalars and keys replaced,
    files spliced, truncated and nested, characters and bytes thrown in."""

    @pytest.mark.parametrize("seed", range(MUTANTS // BATCH))
    def test_of_scenarios(self, seed):
        chance = random.Random(seed)
        for number in range(BATCH):
            text = chance.choice(TEXTS)
            if number % 10 == 0:
                data = mutant_bytes(chance, text)
                check(timed(read_scenario_bytes, data), data.decode("utf-8", "replace"))
            else:
                text = mutant(chance, text)
                check(timed(read_scenario, text), text)

    @pytest.mark.parametrize("seed", range(SEGMENT_MUTANTS // BATCH))
    def test_of_segments(self, seed):
        chance = random.Random(seed)
        for number in range(BATCH):
            if number % 10 == 0:
                data = mutant_bytes(chance, SEGMENT)
                check(timed(read_segment_bytes, data), data.decode("utf-8", "replace"))
            else:
                text = mutant(chance, SEGMENT)
                check(timed(read_segment, text), text)


class TestAnyFile:
    def test_a_few_mutants(self):
        """A taste of the ten thousand, for every run."""
        chance = random.Random("a few")
        for _ in range(300):
            text = mutant(chance, chance.choice(TEXTS))
            check(timed(read_scenario, text), text)
            text = mutant(chance, SEGMENT)
            check(timed(read_segment, text), text)

    @settings(deadline=None)
    @given(st.binary(max_size=400))
    def test_any_bytes(self, data):
        check(read_scenario_bytes(data), data.decode("utf-8", "replace"))
        check(read_segment_bytes(data), data.decode("utf-8", "replace"))

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                [*PIECES, "scenario: a\n", "title: T\n", "trigger:\n", "\n  - event: A\n", "\n  - "]
            )
        )
    )
    @example(["trigger:\n", "|\n", "\n  - event: A\n"])
    @example(["audience: |\n", "  email is known\n\n  city = Prague\n"])
    def test_any_pieces_of_the_language(self, pieces):
        text = "".join(pieces)
        check(read_scenario(text), text)

    @settings(deadline=None)
    @given(st.sampled_from(TEXTS), st.data())
    def test_any_value_in_any_place(self, text, data):
        lines = text.splitlines()
        number = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[number].partition(": ")
        value = data.draw(st.text(max_size=40) | st.sampled_from([*PIECES, *SCALARS]))
        lines[number] = f"{key}{colon}{value}"
        changed = "\n".join(lines)
        check(read_scenario(changed), changed)


LARGE = {
    "texts": "  - say: Hello {{ visitor.name }} {{ cart.total }} {% if cart.total > 5 %}x{% endif %}\n"
    * 2_600,
    "steps": "  - {say: a}\n" * 6_000,
    "wrong steps": "  - {sya: a}\n" * 6_000,
    "unclosed": "  - say: '" + "{{" * 60_000 + "'\n",
    "one text": "  - say: '" + "{{ a }}" * 30_000 + "'\n",
    "nested ifs": "  - say: '" + "{% if visitor.a %}" * 5_000 + "'\n",
    "conditions": "  - if:\n" + "      - city in [a, b, c]\n" * 9_000 + "    then: []\n",
    "wrong conditions": "  - if:\n" + "      - sity in [a, b, c]\n" * 9_000 + "    then: []\n",
    "jumps": "".join(f"  - {{id: a{n}, say: a}}\n  - {{jump: a{n}}}\n" for n in range(1_900)),
    "calls": "  - wait: 3d\nblocks:\n"
    + "".join(f"  b{n}: [{{call: b{n + 1}}}, {{say: a}}]\n" for n in range(1_500)),
    "keys": "  - {" + ", ".join(f"k{n}: v" for n in range(9_000)) + "}\n",
    "one key": "  - " + "k" * 200_000 + ": v\n",
    "answers": "  - say: a\n    options:\n" + "".join(f"      - {{label: l{n}}}\n" for n in range(4_000)),
    "same answers": "  - say: a\n    options:\n" + "      - {label: l}\n" * 4_000,
}


class TestLargeFiles:
    @pytest.mark.parametrize("name", LARGE)
    def test_take_less_than_a_second(self, small, name):
        text = small.file(LARGE[name])
        assert len(text.encode()) < 256 * 1024
        check(timed(read_scenario, text), text)
