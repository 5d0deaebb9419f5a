"""Whatever is done in the tree or typed into the file, the two say the same, and undo leads back to the first byte."""

from __future__ import annotations

import random

import pytest

from operator_console.designer.outline.rows import outline
from operator_console.translation import spoken
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.library.index import library

TEXTS = [item.text for item in library()]
EDITS = 1_000
A_BATCH = 200
A_ROUND = 20
"""Edits of one file, one after the other, before all are taken back."""
TYPED = [
    "x",
    " ",
    "\n",
    "  ",
    "- ",
    ": ",
    '"',
    "é",
    "{{ visitor.name }}",
    "# so",
    "wait: 3d",
    "\n  - say: Hi",
    "\t",
    "'",
    "|",
]
KEYS = ["move(-1)", "move(1)", "duplicate", "drop", "switch", "cut", "paste", "copy", "undo", "redo"]


async def do_something(it, chance: random.Random) -> str:
    """One edit, as keys and the editor make them; what it was."""
    if chance.random() < 0.5:
        row = chance.choice(it.tree.rows)
        it.tree.point_at(row.place)
        doing = chance.choice(KEYS)
        await it.screen.run_action(doing)
        return f"{doing} at {row.place}"
    row = chance.randrange(it.text.document.line_count)
    column = chance.randint(0, len(it.text.document[row]))
    how = chance.random()
    if how < 0.6:
        typed = chance.choice(TYPED)
        it.text.replace(typed, (row, column), (row, column), maintain_selection_offset=False)
    elif how < 0.85:
        typed = ""
        it.text.delete((row, column), (row, min(column + 4, len(it.text.document[row]))))
    else:
        typed = "a line less"
        it.text.delete((row, 0), (row + 1, 0))
    it.screen.take_typed()
    if chance.random() < 0.7:
        it.screen._follow()
    return f"typed {typed!r} in line {row + 1}"


def agrees(it, done: list[str]) -> None:
    text = it.screen.document.text
    assert it.text.text == text.removeprefix("\ufeff"), done
    if it.screen._rest is not None:
        return  # somebody types still
    fresh = Document(text, it.screen.document.file)
    assert it.screen.document.problems_at() == fresh.problems_at(), done
    assert outline(it.screen.document, spoken()) == outline(fresh, spoken()), done
    assert it.tree.rows == outline(fresh, spoken()), done


@pytest.mark.slow
class TestTreeAndFile:
    @pytest.mark.parametrize("batch", range(EDITS // A_BATCH))
    async def test_agree_after_any_edits_and_undo_of_all_returns_the_first_byte(self, opened, batch) -> None:
        chance = random.Random(batch)
        for _ in range(A_BATCH // A_ROUND):
            text = chance.choice(TEXTS)
            if chance.random() < 0.3:
                text = chance.choice(["\ufeff", ""]) + text.replace("\n", "\r\n")
            async with opened(text) as it:
                await it.rest()
                done: list[str] = []
                for _ in range(A_ROUND):
                    done.append(await do_something(it, chance))
                    if it.screen._rest is None:
                        await it.until(lambda: it.screen.document.is_read, "what is wrong with it")
                    agrees(it, done)
                await it.rest()
                agrees(it, done)
                while it.screen.document.can_undo:
                    it.screen.action_undo()
                assert it.screen.document.text == text, done
                await it.rest()
                agrees(it, done)
