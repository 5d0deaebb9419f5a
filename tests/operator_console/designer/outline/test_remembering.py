"""After an edit only what has changed is told anew, and the tree is the same as if all were."""

from __future__ import annotations

import random

import pytest

from operator_console.designer.outline.choices import what_may_stand
from operator_console.designer.outline.rows import Row, outline
from operator_console.translation import speak
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.editing.plain import CannotEditError
from tests.operator_console.designer.outline.conftest import HEAD, library


def large() -> Document:
    step = """  - id: s{n}
    say: Hello {n}
    options:
      - label: Yes {n}
        steps:
          - tag: t{n}
"""
    return Document(HEAD + "steps:\n" + "".join(step.format(n=n) for n in range(50)))


class TestAnEdit:
    def test_tells_anew_only_the_step_that_changed(self) -> None:
        shop = large()
        before = outline(shop, "en")
        shop.put("steps.20.say", "Good morning")
        after = outline(shop, "en")
        changed = [new.place for old, new in zip(before, after, strict=True) if new.words is not old.words]
        steps = [place for place in changed if place.startswith("steps.")]
        assert steps == ["steps.20", "steps.20.options.0"]

    def test_a_parameter_changes_every_text_that_names_it(self) -> None:
        shop = Document(
            "scenario: a\ntitle: A\nparameters:\n  off: {type: text, default: 5%}\ntrigger: [{event: Exit Intent}]\n"
            'steps:\n  - say: "{{ parameters.off }} off"\n'
        )
        assert outline(shop, "en")[-1].text == "chat message “5% off”"
        shop.put("parameters.off.default", "7%")
        assert outline(shop, "en")[-1].text == "chat message “7% off”"

    def test_another_language_is_told_anew(self) -> None:
        shop = large()
        assert outline(shop, "en")[-1].text == "tag t49"
        speak("ru")
        try:
            assert outline(shop, "ru")[-1].text == "поставить тег t49"
        finally:
            speak("en")
        assert outline(shop, "en")[-1].text == "tag t49"

    @pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
    def test_it_is_the_same_whether_the_whole_file_was_read_or_each_step_by_itself(self, path) -> None:
        text = path.read_text(encoding="utf-8")
        assert outline(Document(text), "en") == outline(Document(text), "en", {})

    @pytest.mark.parametrize("path", library()[::5], ids=lambda path: path.stem)
    def test_the_tree_is_that_of_the_text_after_any_edits(self, path) -> None:
        """Lines are taken out, put in twice and written over, as somebody types."""
        chance = random.Random(path.stem)
        shop = Document(path.read_text(encoding="utf-8"))
        outline(shop, "en")
        for _ in range(12):
            lines = shop.text.split("\n")
            at = chance.randrange(len(lines))
            lines[at : at + 1] = chance.choice(([], [lines[at]] * 2, [lines[at][:-1]], [lines[at] + "x"]))
            shop.replace("\n".join(lines))
            assert outline(shop, "en") == outline(Document(shop.text), "en")

    @pytest.mark.parametrize("path", library()[2::6], ids=lambda path: path.stem)
    def test_the_tree_is_that_of_the_text_after_any_edits_by_the_tree(self, path) -> None:
        """Steps are added from the menu, moved, doubled, dropped, switched off, and all that taken back."""
        chance = random.Random(path.stem)
        shop = Document(path.read_text(encoding="utf-8"))
        rows, done = outline(shop, "en", {}), 0
        for _ in range(25):
            try:
                edit(shop, rows, chance)
            except CannotEditError:
                continue
            rows, done = outline(shop, "en", {}), done + 1
            assert rows == outline(Document(shop.text), "en", {})
        assert done > 10


def edit(shop: Document, rows: tuple[Row, ...], chance: random.Random) -> None:
    """One edit of those that a tree makes."""
    steps = [row for row in rows if row.step and not row.branch]
    lists = [choice.into for row in rows for choice in what_may_stand(row) if choice.kind == "say"]
    if not steps or not lists:
        shop.undo()
        return
    step, into = chance.choice(steps), chance.choice(lists)
    match chance.choice(("insert", "move", "duplicate", "drop", "enable", "undo")):
        case "insert":
            shop.insert(into, 0, {"say": "Something new"})
        case "move":
            shop.move(step.place, into, 0)
        case "duplicate":
            shop.duplicate(step.place)
        case "drop":
            shop.drop(step.place)
        case "enable":
            shop.enable(step.place, not step.enabled)
        case "undo":
            shop.undo()
