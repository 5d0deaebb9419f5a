"""Each change touches its own lines and reads as a careful person would have written it."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import pytest

from scenarios_yaml.language.editing.document import CannotEditError, Document

PUTS = [
    # What was there is replaced; what is commented behind it stays.
    ("status: draft # not yet\n", "status", "live", "status: live # not yet\n"),
    ("status :   draft\r\ntitle: T\r\n", "status", "live", "status :   live\r\ntitle: T\r\n"),
    ("status:\ntitle: T\n", "status", "live", "status: live\ntitle: T\n"),
    ("status: # which?\ntitle: T\n", "status", "live", "status: live # which?\ntitle: T\n"),
    ("comment: |\n  A\n  b\n\ntitle: T\n", "comment", "C", "comment: C\n\ntitle: T\n"),
    ("comment: |+\n  A\n\ntitle: T\n", "comment", "C", "comment: C\ntitle: T\n"),
    ("comment: >-\n  A\n  b\ntitle: T\n", "comment", "C d", "comment: >-\n  C d\ntitle: T\n"),
    ("title:\n  # which\n  T # this\nx: y\n", "title", "U", "title: U # this\nx: y\n"),
    ("trigger:\n  - event: A # a\n  - event: B\n", "trigger.0", {"inactive": "7d"}, "trigger:\n  - inactive: 7d\n  - event: B\n"),
    # A text is as long as it is.
    ("title: T # short\n", "title", "A\nB\n", "title: | # short\n  A\n  B\n"),
    ("title: T", "title", "A\nB", "title: |-\n  A\n  B"),
    ("steps:\n  - say: A\n", "steps.0.say", "A\n\n b\n", "steps:\n  - say: |\n      A\n\n       b\n"),
    ("steps:\n    - say: A\n", "steps.0.say", " A\nb", 'steps:\n    - say: " A\\nb"\n'),
    ("title: T\n", "title", {"en": "A", "ru": "Б, в"}, 'title: {en: A, ru: "Б, в"}\n'),
    ("title: {en: A}\n", "title", "A\tb", 'title: "A\\tb"\n'),
    ("title: T\n", "comment", "word " * 40 + "end", "title: T\ncomment: >-\n  " + "word " * 21 + "word\n  " + "word " * 18 + "end\n"),
    # Only what differs of a mapping or a list is written anew.
    ("goal:\n  # why\n  event:  A\n  within: 3d\n", "goal", {"event": "A", "within": "4d"}, "goal:\n  # why\n  event:  A\n  within: 4d\n"),
    ("goal: { event: A,  within: 3d } # it\n", "goal.within", "4d", "goal: { event: A,  within: 4d } # it\n"),
    ("audience:\n  - a # 1\n  - b # 2\n  - c # 3\n", "audience", ["a", "x", "c"], "audience:\n  - a # 1\n  - x # 2\n  - c # 3\n"),
    ("audience:\n  - a # 1\n  - b # 2\n", "audience", ["b"], "audience:\n  - b # 2\n"),
    ("audience:\n- a # 1\n", "audience", ["n", "a"], "audience:\n- n\n- a # 1\n"),
    # A key that is missing comes where the language has it.
    ("scenario: x\ntitle: T # a title\n\ntrigger: []\n", "status", "live", "scenario: x\ntitle: T # a title\nstatus: live\n\ntrigger: []\n"),
    ("title:\n  en: A\n  ru: Б  # да\n# end\nsteps: []", "status", "live", "title:\n  en: A\n  ru: Б  # да\nstatus: live\n# end\nsteps: []"),
    ("title: {en: A,\n  ru: Б}\r\nsteps: []\r\n", "status", "live", "title: {en: A,\n  ru: Б}\r\nstatus: live\r\nsteps: []\r\n"),
    ("title: T", "status", "live", "title: T\nstatus: live"),
    ("\ufefftitle: T\n", "status", "live", "\ufefftitle: T\nstatus: live\n"),
    ("steps: []\n", "scenario", "x", "scenario: x\nsteps: []\n"),
    ("steps:\n  - say: A\n", "steps.0.id", "a", "steps:\n  - id: a\n    say: A\n"),
    ("steps:\n  - id: a\n    say: A\n    no_answer: []\n", "steps.0.timeout", "1d", "steps:\n  - id: a\n    say: A\n    timeout: 1d\n    no_answer: []\n"),
    ("steps:\n  - wait: {at: 10:00}\n", "steps.0.wait.weekdays", ["mon", "fri"], "steps:\n  - wait: {at: 10:00, weekdays: [mon, fri]}\n"),
    ("goal: {within: 3d}\n", "goal.event", "A", "goal: {event: A, within: 3d}\n"),
    ("goal: {}\n", "goal.event", "A", "goal: {event: A}\n"),
    ("steps:\n  - handoff:\n", "steps.0.handoff.team", "sales", "steps:\n  - handoff: {team: sales}\n"),
    ("title: T\n", "reentry.times", "once", "title: T\nreentry: {times: once}\n"),
    ("steps:\n  - set: {run.a: 1}\n", "steps.0.set.visitor.plan", "gold", "steps:\n  - set: {run.a: 1, visitor.plan: gold}\n"),
    ("title: T\n", "blocks.helped", [{"say": "A"}], "title: T\nblocks:\n  helped:\n    - say: A\n"),
    # Braces that get too long, or must hold more than words, are opened.
    ("goal: {event: A, within: 3d} # it\n", "goal.where", ["event.total > 1"], "goal: # it\n  event: A\n  where:\n    - event.total > 1\n  within: 3d\n"),
    ("steps:\n  - {say: A}\n", "steps.0.say", "b " * 60 + "c", "steps:\n  - say: " + "b " * 60 + "c\n"),
]  # fmt: skip


class TestPut:
    @pytest.mark.parametrize(("before", "place", "value", "after"), PUTS)
    def test_writes_the_value_and_nothing_else(self, before, place, value, after):
        doc = Document(before)
        doc.put(place, value)
        assert doc.text == after
        doc.undo()
        assert doc.text == before

    @pytest.mark.parametrize(
        ("text", "place", "words"),
        [
            ("title: T\n", "", "the whole file"),
            ("title: T\n", "title.en.x", "“title” is a word"),
            ("steps: [a]\n", "steps.3", "there is nothing at “steps.3”"),
            ("a: 1\na: 2\n", "a", "stands here twice"),
            ("- a\n", "0", "not a mapping"),
            ("title: T\n", "title", None),
        ],
    )
    def test_says_why_it_cannot(self, text, place, words):
        doc = Document(text)
        with pytest.raises(CannotEditError, match=words):
            doc.put(place, "\ud800" if words is None else "x")
        assert doc.text == text


WRITTEN = [
    ("Hello", "Hello"),
    ("10% off", "10% off"),
    ("10:00", "10:00"),
    ("0123", "0123"),
    ("it's", "it's"),
    ("a, b", "a, b"),
    ("Привет — это мы!", "Привет — это мы!"),
    ("a: b", '"a: b"'),
    ("a:", '"a:"'),
    ("x #1", '"x #1"'),
    ("{{ visitor.name }}", '"{{ visitor.name }}"'),
    ("Hi {{ visitor.name }}", "Hi {{ visitor.name }}"),
    ("Yes", '"Yes"'),
    ("no", '"no"'),
    ("null", '"null"'),
    ("- a", '"- a"'),
    ("? a", '"? a"'),
    ('"a" b', '"\\"a\\" b"'),
    ("a \\ b", "a \\ b"),
    (" a", '" a"'),
    ("*", '"*"'),
    ("@home", '"@home"'),
    ("%", '"%"'),
    ("", '""'),
    ("a\x1bb", '"a\\x1bb"'),
    ("👩‍👩‍👧", "👩‍👩‍👧"),
]


class TestAText:
    @pytest.mark.parametrize(("value", "written"), WRITTEN)
    def test_stands_without_quotes_where_it_is_read_as_the_same(self, value, written):
        doc = Document("steps:\n  - say: x\n")
        doc.put("steps.0.say", value)
        assert doc.text in (f"steps:\n  - say: {written}\n", f'steps:\n  - say: "{value}"\n')
        assert doc.value("steps.0.say") == value
        if written != value:
            assert doc.text == f"steps:\n  - say: {written}\n"

    @pytest.mark.parametrize("value", [value for value, _ in WRITTEN])
    def test_is_the_same_in_braces(self, value):
        doc = Document("title: {en: A, ru: B}\n")
        doc.put("title.en", value)
        assert doc.value("title") == {"en": value, "ru": "B"}

    def test_of_a_name_or_a_switch_is_written_plainly(self):
        doc = Document("starter: false\nsteps:\n  - set: {run.a: 0}\n")
        doc.put("starter", "true")
        doc.put("steps.0.set.run.a", "null")
        assert doc.text == "starter: true\nsteps:\n  - set: {run.a: null}\n"


DROPS = [
    ("a: 1\n# of b\nb: 2 # b\nc: 3\n", "b", "a: 1\nc: 3\n"),
    ("a: 1\nb: 2", "b", "a: 1\n"),
    ("steps:\n  - id: a\n    say: A\n", "steps.0.id", "steps:\n  - say: A\n"),
    ("steps:\n  - id: a # x\n\n    say: A\n", "steps.0.id", "steps:\n  - say: A\n"),
    ("steps:\n  - say: A\n  # of b\n  - say: B\n    # in b\n\n  - say: C\n", "steps.1", "steps:\n  - say: A\n\n  - say: C\n"),
    ("goal: {event: A, within: 3d}\n", "goal.event", "goal: {within: 3d}\n"),
    ("goal: {event: A, within: 3d}\n", "goal.within", "goal: {event: A}\n"),
    ("steps:\n  - say: A\n", "steps.0", "steps: []\n"),
    ("title: T\naudience:\n  # why\n  - a\nsteps: []\n", "audience.0", "title: T\nsteps: []\n"),
    ("steps:\n  - if: [a]\n    then:\n      - say: A\n    else:\n      - say: B\n", "steps.0.then.0", "steps:\n  - if: [a]\n    then: []\n    else:\n      - say: B\n"),
    ("steps:\n  - if: [a]\n    then: []\n    else:\n      - say: B\n", "steps.0.else.0", "steps:\n  - if: [a]\n    then: []\n"),
    ("title: T\nblocks:\n  helped:\n    - say: A\n", "blocks.helped.0", "title: T\n"),
    ("audience:\n  - a\n  - any:\n      - b\n", "audience.1.any.0", "audience:\n  - a\n"),
]  # fmt: skip


class TestDrop:
    @pytest.mark.parametrize(("before", "place", "after"), DROPS)
    def test_takes_it_with_its_comments(self, before, place, after):
        doc = Document(before)
        doc.drop(place)
        assert doc.text == after
        doc.undo()
        assert doc.text == before

    def test_of_nothing_is_refused(self):
        with pytest.raises(CannotEditError, match="nothing at “x”"):
            Document("a: 1\n").drop("x")


SAY = {"say": "N"}
INSERTS = [
    ("steps:\n  # a\n  - say: A\n", "steps", 0, SAY, "steps:\n  - say: N\n  # a\n  - say: A\n"),
    ("steps:\n  - say: A # a\n    # in a\n\n# end\n", "steps", 1, SAY, "steps:\n  - say: A # a\n    # in a\n  - say: N\n\n# end\n"),
    ("steps:\n- say: A", "steps", 1, SAY, "steps:\n- say: A\n- say: N"),
    ("steps:\r\n    -   say: A\r\n", "steps", 1, {"id": "n", **SAY}, "steps:\r\n    -   say: A\r\n    -   id: n\r\n        say: N\r\n"),
    ("steps:\n  - say: A\n\n  - say: B\n", "steps", 1, SAY, "steps:\n  - say: A\n\n  - say: N\n\n  - say: B\n"),
    ("steps: []\ntitle: T\n", "steps", 0, SAY, "steps:\n  - say: N\ntitle: T\n"),
    ("steps: # none yet\ntitle: T\n", "steps", 0, SAY, "steps: # none yet\n  - say: N\ntitle: T\n"),
    ("steps:\n  - say: A\n", "steps.0.options", 0, {"jump": "b", "label": "No"}, 'steps:\n  - say: A\n    options:\n      - label: "No"\n        jump: b\n'),
    ("audience: [a, b]\n", "audience", 1, "c", "audience: [a, c, b]\n"),
    ("steps: [{say: A}]\n", "steps", 1, SAY, "steps:\n  - say: A\n  - say: N\n"),
]  # fmt: skip


class TestInsert:
    @pytest.mark.parametrize(("before", "place", "index", "value", "after"), INSERTS)
    def test_puts_it_between_its_neighbours(self, before, place, index, value, after):
        doc = Document(before)
        assert doc.insert(place, index, value) == f"{place}.{index}"
        assert doc.text == after
        assert doc.value(f"{place}.{index}") == value

    def test_says_why_it_cannot(self):
        doc = Document("title: T\nsteps:\n  - say: A\n")
        for place, index in (("steps", 2), ("steps", -1), ("title", 0), ("steps.0.then", 1)):
            with pytest.raises(CannotEditError):
                doc.insert(place, index, SAY)


BOT = """\
steps:
  # asks
  - id: menu
    say: Hi
    options:
      - label: A
        steps:
          # first
          - say: |
              One

                Two
            # in it
          - jump: menu
      - label: B
        jump: end
  - say: Bye # bye
blocks:
  end:
  - stop: done
"""


class TestMove:
    def test_takes_its_comments_along_and_is_indented_anew(self):
        doc = Document(BOT)
        assert doc.move("steps.0.options.0.steps.0", "steps", 1) == "steps.1"
        assert (
            "  # first\n  - say: |\n      One\n\n        Two\n    # in it\n  - say: Bye # bye\n" in doc.text
        )
        assert doc.value("steps.1.say") == "One\n\n  Two\n"
        assert doc.move("steps.1", "steps.0.options.0.steps", 0) == "steps.0.options.0.steps.0"
        assert doc.text == BOT

    def test_within_its_list_counts_without_itself(self):
        doc = Document("steps:\n  - say: A\n  - say: B\n  - say: C\n")
        assert doc.move("steps.0", "steps", 2) == "steps.2"
        assert doc.text == "steps:\n  - say: B\n  - say: C\n  - say: A\n"
        assert doc.move("steps.2", "steps", 0) == "steps.0"
        assert doc.move("steps.1", "steps", 1) == "steps.1"
        assert doc.text == "steps:\n  - say: A\n  - say: B\n  - say: C\n"

    def test_knows_its_place_when_what_stood_above_has_gone(self):
        doc = Document(BOT)
        assert doc.move("steps.0", "blocks.end", 1) == "blocks.end.1"
        doc.undo()
        assert doc.move("blocks.end.0", "steps.0.options.1.steps", 0) == "steps.0.options.1.steps.0"
        assert "blocks" not in doc.text
        doc.undo()
        doc.insert("steps", 0, {"say": "New"})
        assert doc.move("steps.0", "steps.1.options.0.steps", 0) == "steps.0.options.0.steps.0"

    @pytest.mark.parametrize(
        ("place", "to", "index"),
        [("steps.0", "steps.0.options.0.steps", 0), ("blocks.end", "steps", 0), ("steps.0", "steps", 2), ("steps.9", "steps", 0)],
    )  # fmt: skip
    def test_says_why_it_cannot(self, place, to, index):
        doc = Document(BOT)
        with pytest.raises(CannotEditError):
            doc.move(place, to, index)
        assert doc.text == BOT


class TestCopyAndPaste:
    def test_a_copy_begins_in_the_first_column_with_its_comments(self):
        assert (
            Document(BOT).copy("steps.0.options.0.steps.0")
            == "# first\n- say: |\n    One\n\n      Two\n  # in it\n"
        )
        assert Document(BOT).copy("blocks.end") == "end:\n- stop: done\n"
        assert Document("a: [{b: c}]\n").copy("a.0") == "- {b: c}\n"

    def test_pasted_ids_that_are_taken_get_a_number_and_jumps_follow(self):
        doc = Document(BOT)
        assert doc.duplicate("steps.0") == "steps.1"
        copy = doc.text.split("  # asks\n")[2]
        assert copy.startswith("  - id: menu-2\n")
        assert "- jump: menu-2\n" in copy
        assert "jump: end\n" in copy
        assert doc.duplicate("steps.0") == "steps.1"
        assert doc.value("steps.1.id") == "menu-3"

    def test_an_id_that_is_free_stays(self):
        doc = Document("scenario: x\nsteps:\n  - say: A\n")
        doc.paste("steps", 1, Document(BOT).copy("steps.0"))
        assert doc.value("steps.1.id") == "menu"

    def test_ids_of_answers_and_names_of_variants_differ_among_themselves(self):
        text = "steps:\n  - split:\n      - name: a\n        weight: 1\n        steps: []\n"
        doc = Document(text)
        doc.duplicate("steps.0.split.0")
        assert [one["name"] for one in doc.value("steps.0.split")] == ["a", "a-2"]

    def test_a_mapping_and_several_items_may_be_pasted_and_the_list_is_made(self):
        doc = Document("title: T\n")
        assert doc.paste("steps", 0, "# hello\nid: a\nsay: A\n") == "steps.0"
        assert doc.paste("steps", 1, "- wait: 1d\r\n# second\r\n- say: B\r\n") == "steps.1"
        assert doc.text == "title: T\nsteps:\n  - id: a\n    say: A\n  - wait: 1d\n  # second\n  - say: B\n"

    @pytest.mark.parametrize("fragment", ["", "a: [", "- a\n- &x b\n", "# nothing\n"])
    def test_what_cannot_be_read_is_refused(self, fragment):
        doc = Document(BOT)
        with pytest.raises(CannotEditError):
            doc.paste("steps", 0, fragment)
        assert doc.text == BOT

    def test_a_block_is_copied_under_a_new_name(self):
        doc = Document(BOT)
        assert doc.duplicate("blocks.end") == "blocks.end-2"
        assert doc.text == BOT + "  end-2:\n  - stop: done\n"


class TestRename:
    FILE = (
        "scenario: promo\nsteps:\n  - id: offer\n    say: Hi\n    options:\n      - label: Again\n        jump: offer\n"
        "  - if:\n      - any:\n          - opened promo.offer in 3d\n          - not: clicked promo.offer-2\n"
        "      - received other.offer\n    then:\n      - jump: offer\n  - set: {jump: offer}\n  - call: helped\n"
        "blocks:\n  helped: # it\n    - say: opened promo.offer\n    - jump: helped\n"
    )

    def test_changes_all_that_names_a_step_and_no_more(self):
        doc = Document(self.FILE)
        doc.rename("steps.0", "gift")
        changed = self.FILE.replace("id: offer", "id: gift").replace(
            "        jump: offer", "        jump: gift"
        )
        changed = changed.replace("- jump: offer", "- jump: gift").replace(
            "opened promo.offer in", "opened promo.gift in"
        )
        assert doc.text == changed
        doc.undo()
        assert doc.text == self.FILE

    def test_changes_all_that_names_a_block(self):
        doc = Document(self.FILE)
        doc.rename("blocks.helped", "done")
        assert doc.text == self.FILE.replace("helped", "done")

    def test_gives_a_step_its_first_id(self):
        doc = Document(self.FILE)
        doc.rename("steps.1", "ask")
        assert "  - id: ask\n    if:\n" in doc.text

    @pytest.mark.parametrize(
        ("place", "name"),
        [("steps.0", "helped"), ("steps.0", "No Name"), ("steps.0", ""), ("title", "x"), ("steps.0.say", "x"), ("steps.0.options.0", "x")],
    )  # fmt: skip
    def test_refuses_a_name_that_is_taken_or_none(self, place, name):
        doc = Document(self.FILE)
        with pytest.raises(CannotEditError):
            doc.rename(place, name)


class TestEnable:
    def test_switches_a_step_off_and_on(self):
        doc = Document(BOT)
        doc.enable("steps.0", False)
        assert "  - id: menu\n    enabled: false\n    say: Hi\n" in doc.text
        doc.enable("steps.0", False)
        doc.enable("steps.0", True)
        doc.enable("steps.0", True)
        assert doc.text == BOT

    def test_is_for_steps(self):
        for place in ("steps", "steps.0.options.0", "blocks"):
            with pytest.raises(CannotEditError, match="is no step"):
                Document(BOT).enable(place, False)


class TestTheLimitsOfAFile:
    """An edit that would make a file which the reader refuses is refused itself."""

    def test_too_many_pieces(self):
        text = "steps:\n" + "  - tag: a\n" * 6_660
        doc = Document(text)
        with pytest.raises(CannotEditError):
            doc.insert("steps", 3, {"choose": [{"if": ["a"] * 20, "steps": []}]})
        assert doc.text == text
        doc.insert("steps", 3, {"tag": "b"})
        assert doc.root == Document(doc.text).root

    def test_too_many_bytes(self):
        doc = Document("title: T\nsteps: []\n")
        with pytest.raises(CannotEditError):
            doc.put("title", "я" * 140_000)
        assert doc.value("title") == "T"

    def test_nested_too_deep(self):
        step: dict[str, object] = {"say": "A"}
        for _ in range(17):
            step = {"if": ["a"], "then": [step]}
        doc = Document("steps:\n  - say: A\n")
        doc.insert("steps", 0, step)
        deepest = "steps.0" + ".then.0" * 17
        with pytest.raises(CannotEditError):
            doc.put(deepest, {"if": ["a"], "then": [{"if": ["a"], "then": [{"if": ["a"], "then": []}]}]})
        assert doc.value(deepest) == {"say": "A"}
