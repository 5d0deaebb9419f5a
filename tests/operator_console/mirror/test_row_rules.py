"""The console folds entries into rows by the server's rules: both are asked about every kind of entry, and agree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from operator_console import row_rules
from server_stub.desk import dialogs
from server_stub.protocol import (
    Author,
    DialogChanged,
    DialogOpened,
    DialogRated,
    DialogSummary,
    Entry,
    EntryBody,
    FileRef,
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    Receipt,
)

PEOPLE = ("op_ann", "op_ben")
AUTHORS = [
    Author("visitor", "v1"),
    Author("operator", "op_ann", "Ann"),
    Author("bot", "b", "Bot"),
    Author("system"),
]
authors = st.sampled_from(AUTHORS)
ids = st.sampled_from(["m1", "m2", "m3"])
texts = st.sampled_from(["", "Hello", "Привет"])
calls = st.lists(st.sampled_from(PEOPLE), max_size=2).map(tuple)
tags = st.lists(st.sampled_from(["vip", "order"]), max_size=2).map(tuple)


def maybe(values: list[object]) -> st.SearchStrategy[object]:
    return st.sampled_from([UNSET, *values])


messages = st.builds(
    Message,
    id=ids,
    dialog=st.just("d1"),
    visitor=st.just("v1"),
    author=authors,
    at=st.just(5),
    text=texts,
    note=st.booleans(),
    files=st.sampled_from([(), (FileRef("f1", "a.png", "image/png", 9, "/files/x"),)]),
    mentions=calls,
)
bodies: st.SearchStrategy[EntryBody] = st.one_of(
    st.builds(MessageSent, messages),
    st.builds(MessageChanged, ids, st.just("yes")),
    st.builds(MessageEdited, authors, ids, texts, calls),
    st.builds(MessageDeleted, authors, ids),
    st.builds(DialogRated, ids, st.integers(1, 5)),
    st.builds(
        DialogChanged,
        authors,
        status=maybe(["open", "snoozed", "closed"]),
        holder=maybe(["bot", "people"]),
        assignee=maybe(["", *PEOPLE]),
        team=maybe(["sales"]),
        tags_added=tags,
        tags_removed=tags,
        snoozed_until=maybe([0, 900]),
        priority=maybe(["low", "urgent"]),
    ),
    st.builds(
        Receipt,
        st.sampled_from(["visitor", "operator"]),
        st.sampled_from(["delivered", "seen"]),
        st.integers(0, 40),
        st.sampled_from(PEOPLE),
    ),
)


class TestTheSameRulesOnBothSides:
    @settings(max_examples=300, deadline=None)
    @given(
        opening=st.builds(DialogOpened, authors, st.sampled_from(["bot", "people"])),
        day=st.lists(bodies, max_size=30),
    )
    def test_a_row_is_the_same_after_any_day(self, opening: DialogOpened, day: list[EntryBody]) -> None:
        """Unread is left out after an operator's receipt: each side counts what is left in its own way."""
        first = Entry(1, 100, opening, "v1", "d1")
        ours, theirs = row_rules.opened(first, opening), dialogs.opened(first, opening)
        assert ours == theirs
        for seq, body in enumerate(day, 2):
            entry = Entry(seq, 100 + seq, body, "v1", "d1")
            ours, theirs = row_rules.folded(ours, entry), dialogs.folded(theirs, entry)
            if isinstance(body, Receipt) and body.side == "operator":
                theirs = replace(theirs, unread=ours.unread)
            assert ours == theirs, body

    def test_a_message_is_quoted_by_its_text_or_its_files(self) -> None:
        message = Message(
            "m1", "d1", "v1", AUTHORS[0], 5, files=(FileRef("f", "a.png", "image/png", 9, "/f"),)
        )
        assert row_rules.last_text(message) == dialogs.last_text(message) == "a.png"


class TestSnoozed:
    def test_when_a_snooze_ends_it_is_still_known_since_when_he_waits(self) -> None:
        row = DialogSummary("d1", "v1", 1, 1, 1, holder="people", waiting_since=50)
        put_off = DialogChanged(AUTHORS[1], status="snoozed", snoozed_until=900)
        row = row_rules.folded(row, Entry(2, 60, put_off, "v1", "d1"))
        assert (row.status, row.snoozed_until, row.waiting_since) == ("snoozed", 900, 50)
        row = row_rules.folded(row, Entry(3, 900, DialogChanged(AUTHORS[3], status="open"), "v1", "d1"))
        assert (row.status, row.snoozed_until, row.waiting_since) == ("open", 0, 50)
