"""Two people change one scenario: what only one of them changed is taken, what both changed is a choice."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operator_console.designer.merging.texts import merge_texts
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.library.index import library

BASE = """\
scenario: helper
title: Shall I help?
# Who is new.
trigger:
  - event: Product Viewed
audience:
  - email is unknown
goal: {event: Order Completed, within: 7d}
steps:
  - id: pause
    wait: 30s  # not at once
  - id: question
    say: Shall I help?
    timeout: 1d
    options:
      - label: Of course
        steps:
          - say: With pleasure.
      - label: Not now
        jump: bye
  - id: letter
    email:
      subject: Hello
      body: |
        One line.
        Another line.
        A last line.
  - id: bye
    say: Good bye
"""


def changed(*edits: tuple[str, str], text: str = BASE) -> str:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


class TestWhatOnlyOneSideChanged:
    def test_is_taken_from_both(self) -> None:
        mine = changed(("30s", "2m"))
        theirs = changed(("Good bye", "See you"))
        outcome = merge_texts(BASE, mine, theirs)
        assert outcome.text == changed(("30s", "2m"), ("Good bye", "See you"))
        assert not outcome.choices
        assert outcome.taken == 1

    def test_is_taken_of_lines_right_beside_each_other(self) -> None:
        mine = changed(("say: Shall I help?", "say: May I help?"))
        theirs = changed(("timeout: 1d", "timeout: 2d"))
        outcome = merge_texts(BASE, mine, theirs)
        assert outcome.text == changed(
            ("say: Shall I help?", "say: May I help?"), ("timeout: 1d", "timeout: 2d")
        )
        assert not outcome.choices

    def test_is_taken_of_two_keys_in_one_line(self) -> None:
        mine = changed(("within: 7d", "within: 3d"))
        theirs = changed(("event: Order Completed", "event: Email Captured"))
        outcome = merge_texts(BASE, mine, theirs)
        assert "goal: {event: Email Captured, within: 3d}\n" in outcome.text
        assert not outcome.choices

    def test_is_taken_of_different_lines_of_one_text(self) -> None:
        mine = changed(("One line.", "My line."))
        theirs = changed(("A last line.", "Their line."))
        outcome = merge_texts(BASE, mine, theirs)
        assert "        My line.\n        Another line.\n        Their line.\n" in outcome.text
        assert not outcome.choices

    def test_stays_taken_where_the_other_side_moves_the_step(self) -> None:
        letter = BASE[BASE.index("  - id: letter") : BASE.index("  - id: bye")]
        mine = changed((letter, ""), ("  - id: question", letter + "  - id: question"))
        theirs = changed(("subject: Hello", "subject: Good day"))
        for one, other in ((mine, theirs), (theirs, mine)):
            outcome = merge_texts(BASE, one, other)
            assert not outcome.choices
            assert outcome.text == mine.replace("subject: Hello", "subject: Good day")

    def test_stays_taken_where_the_other_side_puts_the_step_into_a_branch(self) -> None:
        wrapped = "  - if:\n      - cart.total > 0\n    then:\n      - id: bye\n        say: Good bye\n"
        mine = changed(("  - id: bye\n    say: Good bye\n", wrapped))
        theirs = changed(("Good bye", "See you"))
        for one, other in ((mine, theirs), (theirs, mine)):
            outcome = merge_texts(BASE, one, other)
            assert not outcome.choices
            assert Document(outcome.text).value("steps.3.then.0.say") == "See you"
            assert outcome.text.count("id: bye") == 1

    def test_is_put_in_behind_what_it_stood_behind(self) -> None:
        mine = changed(("  - id: question", "  - tag: asked\n  - id: question"))
        theirs = changed(("  - id: bye", "  - tag: written  # for the figures\n  - id: bye"))
        outcome = merge_texts(BASE, mine, theirs)
        assert outcome.text == changed(
            ("  - id: question", "  - tag: asked\n  - id: question"),
            ("  - id: bye", "  - tag: written  # for the figures\n  - id: bye"),
        )

    def test_is_gone_where_one_side_took_it_away(self) -> None:
        mine = changed(("  - id: bye\n    say: Good bye\n", ""), ("        jump: bye", "        steps: []"))
        theirs = changed(("30s", "2m"))
        outcome = merge_texts(BASE, mine, theirs)
        assert "Good bye" not in outcome.text
        assert "wait: 2m  # not at once" in outcome.text

    def test_is_taken_once_where_both_did_the_same(self) -> None:
        same = changed(("30s", "2m"))
        assert merge_texts(BASE, same, same).text == same
        outcome = merge_texts(
            BASE, changed(("Good bye", "See you"), text=same), changed(("Hello", "Hi"), text=same)
        )
        assert outcome.text == changed(("30s", "2m"), ("Good bye", "See you"), ("Hello", "Hi"))
        assert not outcome.choices


class TestWhatBothChanged:
    def test_is_a_choice_between_the_two(self) -> None:
        mine, theirs = changed(("30s", "2m")), changed(("30s", "5m"), ("Good bye", "See you"))
        outcome = merge_texts(BASE, mine, theirs)
        [choice] = outcome.choices
        assert (choice.what, choice.at.mine) == ("value", "steps.0.wait")
        assert (choice.base, choice.mine, choice.theirs) == ("30s", "2m", "5m")
        assert outcome.text == changed(("30s", "2m"), ("Good bye", "See you"))
        assert merge_texts(BASE, mine, theirs, {choice.key: "theirs"}).text == theirs

    def test_is_a_choice_where_one_took_away_what_the_other_changed(self) -> None:
        mine = changed(("  - id: bye\n    say: Good bye\n", ""))
        theirs = changed(("Good bye", "See you"))
        [choice] = merge_texts(BASE, mine, theirs).choices
        assert (choice.what, choice.mine) == ("gone", None)
        assert choice.theirs == {"id": "bye", "say": "See you"}
        assert merge_texts(BASE, mine, theirs).text == mine
        assert merge_texts(BASE, mine, theirs, {choice.key: "theirs"}).text == theirs

    def test_is_one_choice_where_a_step_became_another_kind(self) -> None:
        mine = changed(("    say: Good bye", "    note: He left"))
        theirs = changed(("Good bye", "See you"))
        [choice] = merge_texts(BASE, mine, theirs).choices
        assert choice.mine == {"id": "bye", "note": "He left"}
        assert Document(merge_texts(BASE, mine, theirs, {choice.key: "theirs"}).text).value("steps.3") == {
            "id": "bye",
            "say": "See you",
        }

    def test_may_be_kept_both_where_both_added_at_the_same_spot(self) -> None:
        mine = changed(("  - id: bye", "  - tag: mine\n  - id: bye"))
        theirs = changed(("  - id: bye", "  - tag: theirs\n  - id: bye"))
        [choice] = merge_texts(BASE, mine, theirs).choices
        assert (choice.what, choice.usual) == ("added", "both")
        both = changed(("  - id: bye", "  - tag: mine\n  - tag: theirs\n  - id: bye"))
        assert merge_texts(BASE, mine, theirs).text == both
        assert merge_texts(BASE, mine, theirs, {choice.key: "mine"}).text == mine
        assert merge_texts(BASE, mine, theirs, {choice.key: "theirs"}).text == theirs

    def test_is_whose_order_where_both_ordered_a_list_anew(self) -> None:
        base = "scenario: a\nsteps:\n  - tag: a\n  - tag: b\n  - tag: c\n"
        mine = "scenario: a\nsteps:\n  - tag: b\n  - tag: a\n  - tag: c\n"
        theirs = "scenario: a\nsteps:\n  - tag: a\n  - tag: c\n  - tag: b\n"
        outcome = merge_texts(base, mine, theirs)
        [choice] = outcome.choices
        assert choice.what == "order"
        assert outcome.text == mine
        assert merge_texts(base, mine, theirs, {choice.key: "theirs"}).text == theirs


class TestComments:
    def test_of_both_are_there(self) -> None:
        mine = changed(("# Who is new.", "# Who is new here."))
        theirs = changed(("  - id: bye", "  # The end.\n  - id: bye"))
        outcome = merge_texts(BASE, mine, theirs)
        assert outcome.text == changed(
            ("# Who is new.", "# Who is new here."), ("  - id: bye", "  # The end.\n  - id: bye")
        )

    def test_of_theirs_at_what_both_changed_are_not_lost(self) -> None:
        mine = changed(("wait: 30s  # not at once", "wait: 2m  # not at once"))
        theirs = changed(("wait: 30s  # not at once", "wait: 30s  # he reads first"))
        outcome = merge_texts(BASE, mine, theirs)
        assert "# he reads first\n" in outcome.text
        assert Document(outcome.text).value("") == Document(mine).value("")

    def test_line_ends_and_byte_order_mark_stay_mine(self) -> None:
        mine = "\ufeff" + changed(("30s", "2m")).replace("\n", "\r\n")
        theirs = changed(("Good bye", "See you"))
        outcome = merge_texts("\ufeff" + BASE.replace("\n", "\r\n"), mine, theirs)
        assert outcome.text == "\ufeff" + changed(("30s", "2m"), ("Good bye", "See you")).replace(
            "\n", "\r\n"
        )
        assert not outcome.choices


class TestATextThatCannotBeRead:
    def test_is_merged_by_lines(self) -> None:
        mine = changed(("    wait: 30s", "   wait: [30s"))
        theirs = changed(("Good bye", "See you"))
        outcome = merge_texts(BASE, mine, theirs)
        assert outcome.text == changed(("    wait: 30s", "   wait: [30s"), ("Good bye", "See you"))
        assert not outcome.choices

    def test_lines_that_both_changed_are_a_choice(self) -> None:
        mine = changed(("    wait: 30s  # not at once", "   wait: [30s"))
        theirs = changed(("30s", "2m"))
        [choice] = merge_texts(BASE, mine, theirs).choices
        assert (choice.what, choice.theirs) == ("lines", "    wait: 2m  # not at once")
        assert merge_texts(BASE, mine, theirs, {choice.key: "theirs"}).text == theirs
        both = merge_texts(BASE, mine, theirs, {choice.key: "both"}).text
        assert "   wait: [30s\n    wait: 2m  # not at once\n" in both


TEXTS = [item.text for item in library()]


def words_of(value) -> Counter[str]:
    """Every word that the file says, and how often."""
    if isinstance(value, str):
        return Counter([value])
    parts = value.values() if isinstance(value, dict) else value
    return sum((words_of(one) for one in parts), Counter())


def lists_of(value, place: str = ""):
    """The lists of steps and conditions, by place."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from lists_of(one, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        if place:
            yield place, value
        for number, one in enumerate(value):
            yield from lists_of(one, f"{place}.{number}")


def edited(text: str, chance: random.Random, count: int, mark: str) -> str:
    """Some edits, as somebody makes them. Every text that is written is one that stands nowhere else."""
    document = Document(text)
    for number in range(count):
        places = [
            (place, items)
            for place, items in lists_of(document.value(""))
            if items and "keyword" not in place
        ]
        place, items = chance.choice(places)
        at = chance.randrange(len(items))
        item = items[at]
        word = f"{mark}{number}"
        try:
            what = chance.randrange(5)
            if what == 0 and isinstance(item, dict):
                key = chance.choice([key for key in item if isinstance(item[key], str)] or ["comment"])
                document.put(f"{place}.{at}.{'comment' if key == 'id' else key}", word)
            elif what == 1 and len(items) > 1:
                document.drop(f"{place}.{at}")
            elif what == 2 and isinstance(item, dict):
                document.insert(place, at, {"note": word})
            elif what == 3:
                document.move(f"{place}.{at}", place, chance.randrange(len(items)))
            else:
                document.put(chance.choice(["title", "comment", "group"]), word)
        except CannotEditError:
            continue
    return document.text


class TestNothingIsLost:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 4))
    def test_of_what_either_side_wrote(self, base: str, seed: int, ours: int, others: int) -> None:
        chance = random.Random(seed)
        mine, theirs = edited(base, chance, ours, "mine"), edited(base, chance, others, "theirs")
        before, own, other = (words_of(Document(text).value("")) for text in (base, mine, theirs))
        outcome = merge_texts(base, mine, theirs)
        merged = words_of(Document(outcome.text).value(""))
        chosen = Counter()
        for choice in outcome.choices:
            for value in (choice.mine, choice.theirs):
                chosen += words_of(value) if value is not None else Counter()
        for word in (own | other) - before:
            assert merged[word] or chosen[word], f"{word!r} is lost"
        for word in before:
            if own[word] >= before[word] <= other[word]:
                assert merged[word] + chosen[word] >= before[word], f"{word!r} is lost"

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 5))
    def test_where_only_one_side_changed_anything(self, base: str, seed: int, count: int) -> None:
        text = edited(base, random.Random(seed), count, "new")
        assert merge_texts(base, text, base).text == text
        assert merge_texts(base, base, text).text == text
        assert merge_texts(base, text, text).text == text

    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(TEXTS), st.integers(0, 2**32))
    def test_of_two_edits_at_different_steps(self, base: str, seed: int) -> None:
        """A merge without a choice is both edits, one after the other."""
        chance = random.Random(seed)
        steps = Document(base).value("steps")
        if len(steps) < 2:
            return
        first, second = chance.sample(range(len(steps)), 2)
        mine, theirs, both = Document(base), Document(base), Document(base)
        for documents, place, word in (((mine, both), first, "mine"), ((theirs, both), second, "theirs")):
            for document in documents:
                document.put(f"steps.{place}.comment", word)
        outcome = merge_texts(base, mine.text, theirs.text)
        assert not outcome.choices
        assert Document(outcome.text).value("") == both.value("")
        assert outcome.text == both.text

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 4))
    def test_whoever_merges(self, base: str, seed: int, ours: int, others: int) -> None:
        chance = random.Random(seed)
        mine, theirs = edited(base, chance, ours, "mine"), edited(base, chance, others, "theirs")
        one, other = merge_texts(base, mine, theirs), merge_texts(base, theirs, mine)
        assert len(one.choices) == len(other.choices)
        if not one.choices:
            assert words_of(Document(one.text).value("")) == words_of(Document(other.text).value(""))


class TestALargeFile:
    @pytest.mark.parametrize("count", [2_000])
    def test_is_merged_in_a_moment(self, count: int) -> None:
        import time

        steps = "".join(f"  - id: step-{number}\n    note: text {number}\n" for number in range(count))
        base = f"scenario: large\ntitle: Large\ntrigger:\n  - event: Page Viewed\nsteps:\n{steps}"
        mine = base.replace("text 10\n", "text ten\n").replace("text 1500\n", "mine\n")
        theirs = base.replace("text 1990\n", "text last\n").replace("text 1500\n", "theirs\n")
        began = time.monotonic()
        outcome = merge_texts(base, mine, theirs)
        assert time.monotonic() - began < 15
        assert "text ten" in outcome.text
        assert "text last" in outcome.text
        assert len(outcome.choices) == 1
