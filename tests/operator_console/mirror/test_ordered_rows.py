"""The orders of the dialog list: whatever is set, merged in and removed, each is what sorting anew would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from operator_console.dialog_filter import Filter
from operator_console.ordered_rows import OrderedRows, by_last, by_waiting
from server_stub.protocol import DialogSummary

rows = st.builds(
    DialogSummary,
    id=st.sampled_from([f"d{n}" for n in range(12)]),
    visitor=st.just("v"),
    seq=st.just(1),
    opened_at=st.just(0),
    last_at=st.integers(0, 20),
    status=st.sampled_from(["open", "snoozed", "closed"]),
    assignee=st.sampled_from(["", "me"]),
    waiting_since=st.sampled_from([0, 0, 1, 2, 3]),
    tags=st.sampled_from([(), ("vip",)]),
)
steps = st.lists(
    st.one_of(
        rows.map(lambda row: ("put", row)),
        st.lists(rows, max_size=8, unique_by=lambda row: row.id).map(lambda page: ("page", page)),
        st.sampled_from([f"d{n}" for n in range(12)]).map(lambda dialog: ("remove", dialog)),
    ),
    max_size=25,
)
SHOWN = [
    Filter(),
    Filter(status=""),
    Filter(whose="mine", sort="waiting"),
    Filter(status="", sort="waiting"),
    Filter(tag="vip", waiting=True),
    Filter(status="closed"),
]


def sorted_anew(kept: OrderedRows, shown: Filter) -> list[str]:
    match = shown.matcher(kept.me)
    place = by_waiting if shown.sort == "waiting" else by_last
    return [row.id for row in sorted(filter(match, kept.rows.values()), key=place)]


def do(kept: OrderedRows, step) -> None:
    kind, what = step
    if kind == "put":
        kept.put(what)
    elif kind == "page":
        kept.take_page(what)
    elif what in kept.rows:
        kept.remove(what)


class TestOrders:
    @given(steps)
    def test_each_is_what_sorting_anew_would_give(self, history) -> None:
        kept = OrderedRows("me")
        for step in history:
            do(kept, step)
            for shown in SHOWN:
                assert kept.view(shown) == sorted_anew(kept, shown)

    @given(steps)
    def test_a_filter_seen_for_the_first_time_is_in_order_too(self, history) -> None:
        kept = OrderedRows("me")
        for step in history:
            do(kept, step)
        for shown in SHOWN:
            assert kept.view(shown) == sorted_anew(kept, shown)


class TestSortByWaitingTime:
    def test_who_waits_longest_is_first_and_who_does_not_wait_stands_below_by_his_last_message(self) -> None:
        kept = OrderedRows()
        kept.take_page(
            [
                DialogSummary("new", "v", 1, 0, 90),
                DialogSummary("short", "v", 1, 0, 50, waiting_since=80),
                DialogSummary("long", "v", 1, 0, 40, waiting_since=20),
                DialogSummary("old", "v", 1, 0, 10),
            ]
        )
        assert kept.view(Filter(sort="waiting"))[::-1] == ["long", "short", "new", "old"]

    def test_who_is_answered_goes_down_and_that_is_told(self) -> None:
        kept = OrderedRows()
        waits = DialogSummary("waits", "v", 1, 0, 40, waiting_since=20)
        kept.take_page([DialogSummary("new", "v", 1, 0, 90), waits])
        kept.view(Filter(sort="waiting"))
        assert kept.put(replace(waits, waiting_since=0)).moved
        assert kept.view(Filter(sort="waiting"))[::-1] == ["new", "waits"]
