"""What is typed is in the text at once; the nodes come after, and say what those of the same text do."""

from __future__ import annotations

import random

import pytest

from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.library.index import library

TEXTS = [item.text for item in library()]
BOT = next(item.text for item in library() if item.slug == "delivery_and_orders_bot")


def typed(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(["x", "\n", " ", ": ", '"', "- "]) + text[at + chance.randrange(3) :]


class TestTyping:
    @pytest.mark.parametrize("seed", range(30))
    def test_nodes_that_come_after_are_those_of_the_text(self, seed) -> None:
        chance = random.Random(seed)
        document = Document(chance.choice(TEXTS))
        assert document.root is not None
        for _ in range(10):
            document.replace(typed(chance, document.text))
            if chance.random() < 0.5:
                document.come_after()
            if chance.random() < 0.3:
                assert document.root == Document(document.text).root
                assert document.problems_at() == Document(document.text).problems_at()
        assert document.root == Document(document.text).root

    def test_a_small_change_needs_no_parsing_of_the_whole_and_a_broken_one_does(self) -> None:
        document = Document(BOT)
        assert not document.come_after()  # nobody has asked for the nodes yet
        assert document.root is not None
        document.replace(BOT.replace("wait: 15s", "wait: 25s"))
        assert document.come_after()
        document.replace(BOT.replace("wait: 15s", 'wait: "15s'))
        assert not document.come_after()
        assert document.root is None

    def test_it_learns_of_another_document_what_that_has_found_out_about_the_same_text(self) -> None:
        document, other = Document(BOT, "bot.yaml"), Document(BOT, "bot.yaml")
        assert not document.is_read
        assert document.learn(other)
        assert document.is_read
        assert document.reading is other.reading
        assert document.root is other.root
        document.replace(BOT + "# more\n")
        assert not document.is_read
        assert not document.learn(Document(BOT))

    def test_typing_is_taken_back_and_made_again_without_the_nodes(self) -> None:
        times = iter(range(0, 100_000, 5_000))
        document = Document(BOT, clock=lambda: next(times))
        document.replace(BOT.replace("wait: 15s", "wait: 1s"))
        document.replace(BOT.replace("wait: 15s", "wait: 10s"))
        edit = document.take_back()
        assert edit is not None
        assert "wait: 1s" in document.text
        assert document.text[edit.start - 7 : edit.start] == "wait: 1"
        assert document.take_back() is not None
        assert document.text == BOT
        assert document.take_back() is None
        assert document.make_again() is not None
        assert document.make_again() is not None
        assert "wait: 10s" in document.text
        assert document.root == Document(document.text).root
        assert document.undo() is not None

    def test_a_change_by_place_after_typing_is_made_on_what_was_typed(self) -> None:
        document = Document(BOT)
        assert document.root is not None
        document.replace(BOT.replace("wait: 15s", "wait: 25s"))
        document.put("steps.0.wait", "35s")
        assert document.text == BOT.replace("wait: 15s", "wait: 35s")
        document.undo()
        document.undo()
        assert document.text == BOT

    @pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
    def test_lines_of_places_are_counted_by_the_ends_that_the_file_has(self, ends) -> None:
        document = Document("\ufeff" + BOT.replace("\n", ends))
        start, _end = document.span("steps.0")
        assert document.line_at(start) == document.line("steps.0")
