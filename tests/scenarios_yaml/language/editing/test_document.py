"""A document: what stands where in a text, and how changes are taken back."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.editing.document import CannotEditError, Document

TEXT = """\
# A file of the shop
scenario: exit-promo
title: {en: Wait, ru: Минутку}
trigger:
  # when he leaves
  - event: Exit Intent # the pointer
    where:
      - page.path = "/"

  - inactive: 7d
steps:
  # the offer
  # of the week
  - id: offer
    say: |
      Hello
      # no comment

    timeout: 1d
    # inside the first step
  - jump: offer
"""


def document(text: str = TEXT) -> Document:
    return Document(text)


def spanned(doc: Document, place: str) -> str:
    start, end = doc.span(place)
    return doc.text[start:end]


class TestWhatStandsAtAPlace:
    def test_a_value_is_what_was_written_and_every_scalar_a_string(self):
        doc = document()
        assert doc.value("title") == {"en": "Wait", "ru": "Минутку"}
        assert doc.value("trigger.0.where") == ['page.path = "/"']
        assert doc.value("steps.0.say") == "Hello\n# no comment\n"
        assert doc.value("steps.1") == {"jump": "offer"}

    @pytest.mark.parametrize("place", ["steps.2", "steps.x", "steps.0.say.0", "nothing", "trigger.-1"])
    def test_a_place_that_is_not_there_is_a_key_error(self, place):
        with pytest.raises(KeyError, match=place):
            document().value(place)

    def test_a_key_with_dots_in_it_is_one_part_of_a_place(self):
        doc = Document("steps:\n  - set: {visitor.plan: gold, run.a.b: c}\n")
        assert doc.value("steps.0.set.visitor.plan") == "gold"
        assert doc.value("steps.0.set.run.a.b") == "c"

    def test_a_line_is_that_of_the_key_or_the_dash(self):
        doc = document()
        assert [
            doc.line(place) for place in ("scenario", "trigger.0", "steps.0", "steps.0.say", "steps.1")
        ] == [
            2,
            6,
            14,
            15,
            21,
        ]

    def test_nothing_is_known_of_a_text_that_is_no_yaml(self):
        doc = Document("a: [\n")
        assert doc.root is None
        assert doc.place_at(1) == ""
        assert doc.problems_at().keys() == {""}
        for ask in (doc.value, doc.span, doc.line, doc.copy):
            with pytest.raises(KeyError):
                ask("a")


class TestASpan:
    def test_holds_the_comments_right_above_at_the_same_indentation(self):
        assert spanned(document(), "steps.0").startswith("  # the offer\n  # of the week\n  - id: offer\n")
        assert spanned(document(), "scenario") == "# A file of the shop\nscenario: exit-promo\n"

    def test_holds_the_comment_behind_it_and_deeper_ones_below(self):
        assert spanned(document(), "steps.0").endswith("timeout: 1d\n    # inside the first step\n")
        assert spanned(document(), "trigger.0").startswith(
            "  # when he leaves\n  - event: Exit Intent # the pointer\n"
        )

    def test_takes_no_line_of_a_text_for_a_comment(self):
        assert spanned(document(), "steps.0.timeout") == "    timeout: 1d\n"
        assert spanned(document(), "steps.0.say") == "    say: |\n      Hello\n      # no comment\n"

    def test_of_an_item_in_braces_is_just_the_item(self):
        assert spanned(document(), "title.ru") == "ru: Минутку"
        assert spanned(Document("a: [x, {b: c}]\n"), "a.1") == "{b: c}"

    def test_of_the_first_key_behind_a_dash_begins_there(self):
        assert spanned(document(), "steps.0.id") == "id: offer\n"

    def test_counts_a_byte_order_mark(self):
        doc = Document("\ufefftitle: T\nx: y\n")
        assert spanned(doc, "x") == "x: y\n"
        assert doc.span("") == (0, len(doc.text))


class TestThePlaceAtAPosition:
    def test_is_the_deepest_that_begins_on_the_line(self):
        doc = document()
        places = [doc.place_at(line) for line in range(1, 22)]
        assert places == [
            "scenario", "scenario", "title", "trigger", "trigger.0", "trigger.0", "trigger.0.where",
            "trigger.0.where.0", "trigger.0.where.0", "trigger.1", "steps", "steps.0", "steps.0", "steps.0",
            "steps.0.say", "steps.0.say", "steps.0.say", "steps.0.say", "steps.0.timeout", "steps.0.timeout",
            "steps.1",
        ]  # fmt: skip

    def test_goes_by_the_column_where_several_stand_on_a_line(self):
        doc = document()
        assert doc.place_at(3, 9) == "title.en"
        assert doc.place_at(3, 20) == "title.ru"
        assert doc.place_at(14, 5) == "steps.0.id"

    @pytest.mark.parametrize(("line", "column"), [(0, 0), (-5, 3), (999, 1), (1, 999), (999, -999)])
    def test_never_raises(self, line, column):
        assert isinstance(document().place_at(line, column), str)
        assert isinstance(Document("").place_at(line, column), str)

    def test_finds_every_place_by_its_own_line(self):
        doc = Document("a:\r\n  - b: 1\r\n    c:\r\n    - x\r\nd: {e: f}\r\n")
        for place in ("a.0.c", "a.0.c.0", "d"):
            assert doc.place_at(doc.line(place)) == place


class TestProblems:
    WRONG = (
        "scenario: x\ntitle: T\ntrigger:\n  - event: Exit Intent\nsteps:\n"
        "  - wait: soon\n  - say: Hi\n    options:\n      - label: A\n        jump: nowhere\n"
    )

    def test_stand_at_the_place_that_is_wrong(self):
        found = Document(self.WRONG).problems_at()
        assert {place: [problem.message for problem in problems] for place, problems in found.items()} == {
            "steps.0.wait": ["“soon” is no duration"],
            "steps.1.options.0.jump": ["there is no step or block “nowhere”"],
        }

    def test_follow_each_change(self):
        doc = Document(self.WRONG)
        doc.put("steps.0.wait", "2d")
        assert doc.problems_at().keys() == {"steps.1.options.0.jump"}
        doc.drop("steps.1.options.0.jump")
        assert doc.problems_at() == {}
        assert doc.reading.scenario is not None


class TestUndo:
    def test_takes_back_change_by_change_to_the_first_byte_and_makes_them_again(self):
        doc = document()
        doc.put("title", "Wait")
        doc.insert("steps", 0, {"say": "Hi"})
        doc.drop("trigger.1")
        changed = doc.text
        assert (doc.can_undo, doc.can_redo) == (True, False)
        places = [doc.undo(), doc.undo(), doc.undo()]
        assert places == ["trigger.1", "steps.0", "title"]
        assert doc.text == TEXT
        assert doc.undo() is None
        assert (doc.can_undo, doc.can_redo) == (False, True)
        while doc.redo() is not None:
            pass
        assert doc.text == changed
        assert doc.redo() is None

    def test_of_a_move_leads_to_where_the_item_is_then(self):
        doc = document()
        doc.move("steps.1", "trigger", 0)
        assert (doc.undo(), doc.redo()) == ("steps.1", "trigger.0")

    def test_after_a_new_change_nothing_is_left_to_be_made_again(self):
        doc = document()
        doc.put("title", "One")
        doc.undo()
        doc.put("title", "Two")
        assert doc.redo() is None
        assert doc.value("title") == "Two"

    def test_a_change_that_changes_nothing_is_no_step(self):
        doc = document()
        doc.put("steps.0.timeout", "1d")
        doc.replace(TEXT)
        assert (doc.undo(), doc.revision) == (None, 0)

    def test_each_change_has_a_revision_of_its_own(self):
        doc = document()
        seen = {doc.revision}
        for change in (lambda: doc.put("title", "A"), doc.undo, doc.redo, lambda: doc.replace("x")):
            change()
            assert doc.revision not in seen
            seen.add(doc.revision)


class TestAGroup:
    def test_is_one_step(self):
        doc = document()
        with doc.group():
            doc.put("title", "A")
            doc.insert("steps", 2, {"say": "B"})
            with doc.group():
                doc.drop("trigger.0")
        doc.undo()
        assert doc.text == TEXT
        assert doc.undo() is None

    def test_of_which_one_change_fails_has_not_happened(self):
        doc = document()
        with pytest.raises(CannotEditError), doc.group():
            doc.put("title", "A")
            doc.drop("nothing.here")
        assert doc.text == TEXT
        assert doc.root == Document(TEXT).root
        assert doc.undo() is None

    def test_goes_on_where_one_change_of_it_was_refused_as_a_whole(self):
        doc = document()
        with doc.group():
            doc.put("title", "A")
            with pytest.raises(CannotEditError):
                doc.put("steps.0", {"id": "changed", "say": "\ud800"})
            doc.put("trigger.1.inactive", "8d")
        assert doc.value("steps.0.id") == "offer"
        assert (doc.value("title"), doc.value("trigger.1.inactive")) == ("A", "8d")
        doc.undo()
        assert doc.text == TEXT

    def test_may_hold_what_is_typed(self):
        doc = document()
        with doc.group():
            doc.replace(TEXT.replace("Hello", "Hullo"))
            doc.put("title", "A")
        doc.undo()
        assert doc.text == TEXT


class TestTyping:
    def typed(self, *texts: str, at: tuple[int, ...]) -> Document:
        times = iter(at)
        doc = Document(texts[0], clock=lambda: next(times))
        for text in texts[1:]:
            doc.replace(text)
        return doc

    def test_within_a_second_is_one_step(self):
        doc = self.typed("a: 1\n", "a: 12\n", "a: 123\n", "a: 1234\n", at=(0, 900, 1_800))
        doc.undo()
        assert doc.text == "a: 1\n"
        doc.redo()
        assert doc.text == "a: 1234\n"

    def test_after_a_pause_is_a_step_of_its_own(self):
        doc = self.typed("a: 1\n", "a: 12\n", "a: 123\n", at=(0, 1_001))
        doc.undo()
        assert doc.text == "a: 12\n"

    def test_does_not_join_another_change(self):
        doc = Document("a: 1\n", clock=lambda: 0)
        doc.replace("a: 12\n")
        doc.put("a", "13")
        doc.replace("a: 134\n")
        doc.undo()
        assert doc.text == "a: 13\n"

    def test_does_not_join_what_was_made_again(self):
        doc = Document("a: 1\n", clock=lambda: 0)
        doc.replace("a: 12\n")
        doc.undo()
        doc.redo()
        doc.replace("a: 123\n")
        doc.undo()
        assert doc.text == "a: 12\n"

    def test_mends_a_file_that_cannot_be_read_which_nothing_else_can(self):
        doc = Document("a: [\nb: c\n")
        for change in (
            lambda: doc.put("b", "d"),
            lambda: doc.drop("b"),
            lambda: doc.insert("a", 0, "x"),
            lambda: doc.move("a.0", "b", 0),
            lambda: doc.paste("a", 0, "- x"),
            lambda: doc.rename("b", "c"),
        ):
            with pytest.raises(CannotEditError, match="cannot be read"):
                change()
        doc.replace("a: []\nb: c\n")
        doc.insert("a", 0, "x")
        assert doc.text == "a: [x]\nb: c\n"
        doc.undo()
        doc.undo()
        assert doc.text == "a: [\nb: c\n"
        assert doc.root is None

    def test_takes_a_byte_order_mark_as_it_is(self):
        doc = Document("\ufeffa: 1\n")
        doc.replace("\ufeffa: 2\n")
        assert doc.text == "\ufeffa: 2\n"
        doc.replace("a: 3\n")
        assert doc.text == "\ufeffa: 3\n"
        doc.undo()
        doc.undo()
        assert doc.text == "\ufeffa: 1\n"
