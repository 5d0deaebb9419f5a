"""Documents for the outline, and the console in Russian for as long as a test lasts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from operator_console.designer.outline.rows import Row, outline
from operator_console.translation import speak
from scenarios_yaml.language.editing.document import Document

ROOT = Path(__file__).parents[4]
HEAD = "scenario: shop\ntitle: A shop\ntrigger:\n  - event: Chat Opened\n"
Tell = Callable[[str], tuple[Row, ...]]


@pytest.fixture
def russian() -> Iterator[None]:
    """Everything is Russian; afterwards English again."""
    speak("ru")
    yield
    speak("en")


@pytest.fixture
def tell() -> Tell:
    """The rows of a file in English."""
    return lambda text: outline(Document(text), "en")


@pytest.fixture
def tell_steps() -> Callable[[str], list[str]]:
    """The rows of steps, indented: the file's head is added."""

    def rows(steps: str, language: str = "en") -> list[str]:
        told = outline(Document(f"{HEAD}steps:\n{steps}"), language)
        first = next(number for number, row in enumerate(told) if row.kind == "steps")
        return drawn(told[first + 1 :], 1)

    return rows


def drawn(rows: tuple[Row, ...], depth: int = 0) -> list[str]:
    """Rows as indented lines."""
    return ["  " * (row.depth - depth) + row.text for row in rows]


def library() -> list[Path]:
    """Every scenario of the library."""
    folder = ROOT / "scenarios_yaml" / "library"
    return sorted(
        path
        for path in folder.glob("*/*.yaml")
        if path.parent.name != "segments" and not path.name.endswith(".test.yaml")
    )


def readme(kind: str) -> list[str]:
    """The examples of that kind in the language's reference."""
    text = (ROOT / "scenarios_yaml" / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```yaml {kind}\n(.*?)```", text, re.DOTALL)
