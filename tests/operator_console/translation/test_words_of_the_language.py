"""What the language says of a file is English in the language, and Russian in a Russian console."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import scenarios_yaml.language
import scenarios_yaml.tools.playing
from operator_console import translation
from operator_console.language_words import NAMES, SENTENCES, from_language
from scenarios_yaml.language.reader import read_scenario

LANGUAGE = Path(scenarios_yaml.language.__path__[0])
PLAYING = Path(scenarios_yaml.tools.playing.__path__[0])
SAY_SO = {
    "error",
    "warn",
    "_refuse",
    "Problem",
    "ConditionError",
    "PathError",
    "CannotEditError",
    "CannotError",
}
"""Who takes a message and a hint."""
WRITTEN_BEFORE = {"message", "hint"}
"""The names under which a sentence is kept before it is handed over."""
NO_SENTENCES = {"set: {visitor.plan: gold}", "choices: [Small, Large]", "“x”: “x” → “x”"}
"""Pieces of YAML to be copied, and a way from step to step."""


@pytest.fixture
def russian() -> Iterator[None]:
    translation.speak("ru")
    yield
    translation.speak("en")


def sentences_of(node: ast.expr) -> Iterator[str]:
    """What an expression may say, with “x” wherever something is filled in."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "“x”" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from sentences_of(one)
            yield from sentences_of(other)
        case ast.BoolOp(values=several):
            for one in several:
                yield from sentences_of(one)


def said_in(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        told: Sequence[ast.expr] = ()
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            told = [*node.args, *(word.value for word in node.keywords)] if name in SAY_SO else []
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in WRITTEN_BEFORE:
            told = [node.value]
        for one in told:
            for text in sentences_of(one):
                if " " in text.strip() and text not in NO_SENTENCES:
                    yield f"{path.name}:{one.lineno}", text


def everything_said() -> list[tuple[str, str]]:
    files = [*LANGUAGE.rglob("*.py"), *PLAYING.rglob("*.py"), PLAYING.parent / "stage.py"]
    return [one for path in sorted(files) for one in said_in(path)]


class TestSentencesOfTheLanguage:
    def test_are_found_in_its_source(self) -> None:
        assert len(everything_said()) > 200

    def test_are_all_told_in_russian(self, russian: None) -> None:
        english = [(where, text) for where, text in everything_said() if from_language(text) == text]
        assert english == []

    def test_stand_once_each(self) -> None:
        assert len({*SENTENCES, *NAMES}) == len(SENTENCES) + len(NAMES)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("scenario: a\ntrigger: [{event: X}]\nsteps: [{sya: Hi}]", "нет шага “sya”"),
            ("scenario: a\ntrigger: [{event: X}]\nsteps: [{wait: soon}]", "“soon” – не срок"),
            ("scenario: a\ntrigger: [{event: X}]\nsteps:\n- jump: there", "нет ни шага, ни блока “there”"),
            ("scenario: a\ntrigger: [{event: X}]\nsteps: [{say: [a]}]", "здесь нужно: текст, а это список"),
        ],
    )
    def test_keep_what_they_quote(self, russian: None, text: str, told: str) -> None:
        assert told in [from_language(problem.message) for problem in read_scenario(text).problems]

    def test_stay_as_they_are_where_nobody_knows_them(self, russian: None) -> None:
        assert from_language("something else entirely") == "something else entirely"

    def test_are_english_in_english(self) -> None:
        assert (
            from_language("a text is wanted here, this is a list") == "a text is wanted here, this is a list"
        )
        hint = "put the text in quotes: `{{ … }}` stands inside `{…}`"
        assert from_language(hint) == hint
