"""Whatever the bytes: never a traceback, never more than a second, always a position."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenarios_yaml.language.reader import ReadResult, read_scenario, read_scenario_bytes
from scenarios_yaml.library.index import library

EXAMPLES = [
    path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "examples").glob("*.yaml"))
]
TEXTS = [*EXAMPLES, *(item.text for item in library())]
MUTATIONS = 2_000
PIECES = [
    "{{ ", " }}", "{% if x %}", ": ", " #", "- ", "&a ", "*a", "!!x ", "<<: ", '"', "'", "|\n", ">-\n", "[", "]", "{", "}",
    "\t", "\n", "  ", "?", "not ", "in [", "did ", "parameters.x", "\x00", "\ud800", "\u2028", "---\n", "%TAG ! x\n", "é",
    "😀", "9" * 5000, "a" * 5000, "{%" * 50, "say: ", "jump: menu\n", "steps:\n", "id: menu\n", "null", "~", "\\", "\r",
]  # fmt: skip


def check(result: ReadResult, text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 2
    assert (result.scenario is None) == bool(result.errors)
    for problem in result.problems:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message
        assert str(problem).isprintable()


def mutated(chance: random.Random) -> str:
    text = chance.choice(TEXTS)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(text) + 1), chance.choice((0, 0, 1, 1, 3, 10, 80))
        kind = chance.random()
        if kind < 0.35:
            piece = chance.choice(PIECES)
        elif kind < 0.6:
            piece = ""
        elif kind < 0.8:
            start = chance.randrange(len(text) + 1)
            piece = text[start : start + chance.randint(1, 200)]
        else:
            piece = "".join(chance.sample(text[at : at + length], len(text[at : at + length])))
        text = text[:at] + piece + text[at + length :]
    return text


class TestAnyFile:
    @pytest.mark.parametrize("seed", range(8))
    def test_two_thousand_mutations_of_good_files(self, seed):
        chance = random.Random(seed)
        for _ in range(MUTATIONS // 8):
            text = mutated(chance)
            began = time.process_time()
            result = read_scenario(text)
            assert time.process_time() - began < 1
            check(result, text)

    @settings(deadline=None)
    @given(st.binary(max_size=400))
    def test_any_bytes(self, data):
        check(read_scenario_bytes(data), data.decode("utf-8", "replace"))

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
        value = data.draw(st.text(max_size=40) | st.sampled_from(PIECES))
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
        began = time.process_time()
        result = read_scenario(text)
        assert time.process_time() - began < 1
        check(result, text)
