"""The mirror: reducing entries gives what a fresh snapshot gives, and views are always in order."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from operator_console.mirror import Filter, Mirror
from operator_console.visitor_names import Called, called
from server_stub.protocol import (
    Author,
    DialogPage,
    DialogSummary,
    OperatorChanged,
    Receipt,
    ScenarioChanged,
    ScenarioProblem,
    VisitorCard,
    VisitorChanged,
    VisitorMerged,
)

MARIA = Author("operator", "op_maria", "Maria Lind")
BOT = Author("bot", "bot", "Bot")


def random_day(desks, seed: int, steps: int):
    """A desk after `steps` random things."""
    rng = random.Random(seed)
    desk = desks.MemoryDesk()
    for _ in range(steps):
        one_thing(desks, desk, rng)
    return desk


def one_thing(desks, desk, rng: random.Random) -> None:
    desk.advance(rng.choice([0, 1, 1000]))
    opened = sorted({e.dialog for e in desk.journal if e.dialog})
    if not opened or rng.random() < 0.15:
        visitor = rng.choice(["", *[desk.visitor_of(d) for d in opened]])
        desk.open(f"Name {rng.randrange(9)}", visitor=visitor, holder=rng.choice(["bot", "people"]))
        return
    dialog = rng.choice(opened)
    visitor = desk.visitor_of(dialog)
    match rng.randrange(12):
        case 0 | 1 | 2:
            desk.say(dialog, "visitor", f"text {rng.randrange(99)}")
        case 3:
            desk.say(dialog, MARIA, "answer", note=rng.random() < 0.4)
        case 4:
            desk.say(dialog, BOT, "question")
        case 5:
            desk.record(
                Receipt("operator", "seen", len(desk.journal), "op_maria"), visitor=visitor, dialog=dialog
            )
        case 6:
            state = rng.choice(["delivered", "seen"])
            desk.record(
                Receipt("visitor", state, rng.randrange(len(desk.journal))), visitor=visitor, dialog=dialog
            )
        case 7:
            by = rng.choice([BOT, MARIA])
            changes = rng.choice(
                [
                    {"status": "closed"},
                    {"status": "open"},
                    {"holder": "people", "team": "sales"},
                    {"holder": "bot"},
                    {"assignee": rng.choice(["", "op_maria", "op_tom"])},
                ]
            )
            desk.change(dialog, by, **changes)
        case 8:
            tag = rng.choice("abc")
            desk.change(dialog, MARIA, **rng.choice([{"tags_added": (tag,)}, {"tags_removed": (tag,)}]))
        case 9:
            name = rng.choice(["Ann", "", "bo@shop.example"])
            desk.record(VisitorChanged(MARIA, {"name": name or None}, called=name), visitor=visitor)
        case 10:
            kept = desk.visitor_of(rng.choice(opened))
            if kept != visitor:
                desk.record(VisitorMerged(visitor), visitor=kept)
        case _:
            desk.happen(visitor, "Page Viewed", path="/")


def snapshot(desk) -> DialogPage:
    rows = desk.all_summaries()
    return DialogPage(len(desk.journal), tuple(rows), "", len(rows))


FILTERS = [
    Filter(),
    Filter(""),
    Filter("closed"),
    Filter(whose="mine"),
    Filter(whose="unassigned"),
    Filter(tag="a"),
    Filter(operator="op_tom"),
    Filter(waiting=True),
    Filter("", text="ann"),
]


class TestReducingIsLoading:
    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10**9), before=st.integers(0, 40), after=st.integers(1, 60))
    def test_entries_after_a_snapshot_give_what_a_later_snapshot_gives(
        self, desks, seed, before, after
    ) -> None:
        desk = random_day(desks, seed, before)
        mirror, watched = Mirror("op_maria"), Mirror("op_maria")
        for one in (mirror, watched):
            one.load(snapshot(desk))
        for wanted in FILTERS:
            watched.view(wanted)
        start = len(desk.journal)
        rng = random.Random(seed + 1)
        for _ in range(after):
            one_thing(desks, desk, rng)
        mirror.reduce_all(desk.journal[start:])
        for entry in desk.journal[start:]:
            watched.reduce(entry)
        fresh = Mirror("op_maria")
        fresh.load(snapshot(desk))
        assert mirror.rows == fresh.rows
        assert watched.rows == fresh.rows
        for wanted in FILTERS:
            assert mirror.view(wanted) == fresh.view(wanted) == watched.view(wanted)

    def test_what_is_contained_already_changes_nothing(self, desks) -> None:
        desk = random_day(desks, 7, 60)
        mirror = Mirror()
        mirror.load(snapshot(desk))
        before = dict(mirror.rows)
        assert not mirror.reduce_all(desk.journal)
        assert mirror.rows == before

    def test_pages_may_come_while_the_stream_goes_on(self, desks) -> None:
        desk = random_day(desks, 11, 80)
        first = snapshot(desk)
        mirror = Mirror("op_maria")
        mirror.load(DialogPage(first.seq, first.dialogs[:3], "3"), more=True)
        rest = DialogPage(first.seq, first.dialogs[3:], "")
        rng = random.Random(5)
        for _ in range(50):
            one_thing(desks, desk, rng)
        mirror.reduce_all(desk.journal[first.seq :])
        mirror.load(rest)
        assert mirror.rows == {row.id: row for row in desk.all_summaries()}

    def test_a_page_may_know_more_of_a_dialog_than_the_stream_has_told(self, desks) -> None:
        desk = desks.MemoryDesk()
        one, two = desk.open("Ann"), desk.open("Bo")
        mirror = Mirror()
        mirror.load(snapshot(desk), more=True)
        mirror.view(Filter(whose="unassigned"))
        desk.advance(1_000)
        desk.say(one, "visitor", "Hello?")
        mirror.load(snapshot(desk))
        for wanted in (Filter(), Filter(whose="unassigned")):
            assert mirror.view(wanted) == [two, one], "each of them once, in its new place"

    def test_where_the_unread_count_cannot_be_told_the_mirror_says_so_and_is_corrected(self, desks) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", visitor="v", holder="people")
        first = desk.say(dialog, "visitor", "one")
        desk.say(dialog, "visitor", "two")
        mirror = Mirror()
        mirror.load(snapshot(desk))
        desk.record(Receipt("operator", "seen", first.seq, "op_tom"), visitor="v", dialog=dialog)
        changes = mirror.reduce(desk.journal[-1])
        assert changes.unsure == {"v"}
        mirror.correct(desk.all_summaries())
        assert mirror.rows[dialog].unread == 1


class TestWhoWaits:
    def test_it_begins_with_the_visitors_message_to_people_and_ends_with_an_answer(self, desks) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", holder="people")
        mirror = Mirror()
        mirror.load(snapshot(desk))
        desk.say(dialog, "visitor", "Hello?")
        since = desk.now
        changes = mirror.reduce(desk.journal[-1])
        assert changes.began_waiting == {dialog}
        desk.advance(60_000)
        desk.say(dialog, "visitor", "Still there?")
        assert not mirror.reduce(desk.journal[-1]).began_waiting
        assert mirror.rows[dialog].waiting_since == since
        desk.say(dialog, MARIA, "look it up", note=True)
        mirror.reduce(desk.journal[-1])
        assert mirror.rows[dialog].waiting_since == since, "a note is no answer"
        desk.say(dialog, MARIA, "Yes!")
        mirror.reduce(desk.journal[-1])
        assert mirror.rows[dialog].waiting_since == 0

    def test_a_hand_over_begins_it_and_an_operator_who_takes_over_does_not(self, desks) -> None:
        desk = desks.MemoryDesk()
        one, two = desk.open("Ann"), desk.open("Bo")
        mirror = Mirror()
        mirror.load(snapshot(desk))
        desk.change(one, BOT, holder="people")
        desk.change(two, MARIA, holder="people")
        mirror.reduce_all(desk.journal[2:])
        assert mirror.rows[one].waiting_since == desk.now
        assert mirror.rows[two].waiting_since == 0


class TestWhatAVisitorIsCalled:
    def test_a_nameless_one_is_found_by_the_mark_that_the_screen_shows(self, desks) -> None:
        desk = desks.MemoryDesk()
        nameless = desk.open("", visitor="v_1a2006e517f0")
        desk.open("Ann", visitor="v_1a2006e517f1")
        mirror = Mirror()
        mirror.load(snapshot(desk))
        assert str(called("", "v_1a2006e517f0")) == "Visitor 17f0"
        assert mirror.view(Filter(text="17F0")) == [nameless]
        assert mirror.view(Filter(text="visitor 17")) == [nameless], "who has a name has no mark"

    def test_a_name_stands_for_itself_and_both_are_cleaned(self) -> None:
        assert called("ann@shop.example", "v_17f0") == Called("ann@shop.example")
        assert called("  ", "v_17f0") == Called("Visitor", "17f0")
        assert "\x1b" not in str(called("A\x1b[2Jnn", "v"))
        assert "\x1b" not in str(called("", "v\x1b[2J"))


class TestTheOthers:
    def test_operators_and_scenarios_follow_their_entries(self, desks) -> None:
        desk = desks.MemoryDesk()
        mirror = Mirror()
        mirror.load(snapshot(desk))
        problem = ScenarioProblem(3, 1, "Unknown key")
        desk.record(OperatorChanged("op_new", "Nora", "operator", online=True))
        desk.record(ScenarioChanged("bot", "live", "v1", "Bot", "bot.yaml", (problem,)))
        changes = mirror.reduce_all(desk.journal)
        assert changes.operators
        assert changes.scenarios
        assert mirror.operators["op_new"].name == "Nora"
        assert [one.slug for one in mirror.broken_scenarios()] == ["bot"]
        desk.record(ScenarioChanged("bot", "live", "v2"))
        desk.record(OperatorChanged("op_new", "Nora", "operator", removed=True))
        mirror.reduce_all(desk.journal[-2:])
        assert mirror.broken_scenarios() == []
        assert mirror.scenarios["bot"].title == "Bot"
        assert "op_new" not in mirror.operators

    def test_presence_touches_the_visitors_dialogs_once(self, desks) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", visitor="v")
        mirror = Mirror()
        mirror.load(snapshot(desk))
        assert mirror.presence("v", True) == {dialog}
        assert mirror.presence("v", True) == set()
        assert mirror.saw_card(VisitorCard("v", 1, online=False)) == {dialog}

    def test_tags_are_counted_over_open_dialogs(self, desks) -> None:
        desk = desks.MemoryDesk()
        for number in range(3):
            dialog = desk.open("Ann")
            desk.change(dialog, MARIA, tags_added=("a",) if number else ("a", "b"))
        mirror = Mirror()
        mirror.load(snapshot(desk))
        assert mirror.tags() == [("a", 3), ("b", 1)]


class TestAHundredThousand:
    def test_a_filter_is_quick_and_an_entry_does_not_look_at_all_rows(self, desks) -> None:
        rows = tuple(
            DialogSummary(
                f"d{n:06}",
                f"v{n}",
                n + 1,
                n,
                n,
                f"Name {n}",
                assignee="me" if n % 4 == 0 else "",
                last_text="text",
            )
            for n in range(100_000)
        )
        mirror = Mirror("me")
        mirror.load(DialogPage(100_001, rows[::-1]))
        began = time.process_time()
        assert len(mirror.view(Filter(whose="mine"))) == 25_000
        assert time.process_time() - began < 0.5, "a loose bound: 15 ms are usual"
        desk = desks.MemoryDesk()
        desk.journal = [None] * 100_001
        from server_stub.protocol import Entry, Message, MessageSent

        entries = [
            Entry(
                100_002 + n,
                200_000 + n,
                MessageSent(Message(f"m{n}", f"d{n * 7 % 100_000:06}", "v", Author("visitor"), 200_000)),
                f"v{n}",
                f"d{n * 7 % 100_000:06}",
            )
            for n in range(1_000)
        ]
        began = time.process_time()
        mirror.reduce_all(entries)
        assert time.process_time() - began < 1, "a loose bound: 40 ms are usual"
        assert mirror.view(Filter())[-1] == entries[-1].dialog
