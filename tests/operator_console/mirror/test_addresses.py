"""Every list of dialogs, filter and search has a URL-like name, which can be kept, sent and opened again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operator_console.dialog_filter import (
    PRIORITIES,
    SORTS,
    STATUSES,
    WHOSE,
    BadAddress,
    Filter,
    address_of,
    filter_at,
)
from server_stub.protocol import DialogSummary

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
filters = st.builds(
    Filter,
    status=st.sampled_from(["", *STATUSES]),
    whose=st.sampled_from(WHOSE),
    tag=words,
    operator=words,
    channel=words,
    priority=st.sampled_from(["", *PRIORITIES]),
    waiting=st.booleans(),
    text=words,
    sort=st.sampled_from(SORTS),
)


class TestTheNameOfAList:
    @pytest.mark.parametrize(
        ("shown", "address"),
        [
            (Filter(), "open/all"),
            (Filter(status="", whose="mentioned"), "all/mentioned"),
            (Filter(status="snoozed", whose="mine", tag="vip"), "snoozed/mine?tag=vip"),
            (
                Filter(whose="mine", tag="vip", sort="waiting", text="blue lamp"),
                "open/mine?tag=vip&sort=waiting&q=blue+lamp",
            ),
            (
                Filter(operator="op_tom", channel="email", priority="urgent", waiting=True),
                "open/all?operator=op_tom&channel=email&priority=urgent&waiting=yes",
            ),
            (Filter(tag="важно", text="50 % & more?"), "open/all?tag=важно&q=50+%25+%26+more%3F"),
        ],
    )
    def test_reads_like_a_url_and_leads_back(self, shown, address) -> None:
        assert address_of(shown) == address
        assert filter_at(address) == shown

    @given(filters)
    def test_whatever_is_asked_for_its_name_leads_back_to_it(self, shown) -> None:
        assert filter_at(address_of(shown)) == shown

    @given(filters)
    def test_it_is_one_line_that_a_terminal_only_shows(self, shown) -> None:
        assert address_of(shown).isprintable()

    def test_what_a_search_found_is_no_part_of_it(self) -> None:
        shown = Filter(text="lamp", found=frozenset({"d1"}))
        assert filter_at(address_of(shown)) == replace(shown, found=frozenset())

    def test_the_part_after_the_status_may_be_left_out(self) -> None:
        assert filter_at("closed") == Filter(status="closed")
        assert filter_at("/closed/?tag=vip") == Filter(status="closed", tag="vip")


class TestABadNameIsTold:
    @pytest.mark.parametrize(
        ("address", "what"),
        [
            ("", "is not the address of a list"),
            ("open/mine/more", "is not the address of a list"),
            ("opne/mine", "did you mean open?"),
            ("open/yours", "is not whose dialogs"),
            ("open/mine?tga=vip", "did you mean tag?"),
            ("open/mine?tag=", "tag has no value"),
            ("open/mine?tag=a&tag=b", "tag stands twice"),
            ("open/mine?priority=hihg", "did you mean high?"),
            ("open/mine?sort=name", "there is last, waiting"),
            ("open/mine?waiting=no", "is not a value of waiting"),
            ("open/mine?q=" + "x" * 3000, "at most 2,000"),
        ],
    )
    def test_in_a_sentence(self, address, what) -> None:
        with pytest.raises(BadAddress, match=what.replace("?", r"\?")):
            filter_at(address)

    @given(st.text(max_size=80))
    def test_nothing_else_ever_comes_of_it_and_no_control_code_gets_through(self, address) -> None:
        told = ""
        try:
            filter_at(address)
        except BadAddress as error:
            told = str(error)
        assert told.isprintable()


def row(**fields) -> DialogSummary:
    return DialogSummary("d1", "v1", 1, 0, 0, **fields)


class TestWhatAFilterShows:
    @pytest.mark.parametrize(
        ("shown", "fits", "does_not"),
        [
            (Filter(status="snoozed"), row(status="snoozed"), row()),
            (Filter(status=""), row(status="closed"), None),
            (Filter(whose="mine"), row(assignee="me"), row(assignee="tom")),
            (Filter(whose="unassigned"), row(), row(assignee="tom")),
            (Filter(whose="mentioned"), row(mentioned=("tom", "me")), row(mentioned=("tom",))),
            (Filter(operator="tom"), row(assignee="tom"), row()),
            (Filter(tag="vip"), row(tags=("size", "vip")), row(tags=("vips",))),
            (Filter(channel="email"), row(channel="email"), row()),
            (Filter(priority="high"), row(priority="high"), row(priority="urgent")),
            (Filter(waiting=True), row(waiting_since=5), row()),
            (Filter(text="BLUE"), row(last_text="the blue one"), row()),
            (Filter(text="x", found=frozenset({"d1"})), row(), None),
            (Filter(whose="mine", tag="vip"), row(assignee="me", tags=("vip",)), row(assignee="me")),
        ],
    )
    def test_open_closed_snoozed_mine_unassigned_mentioned_by_operator_tag_channel_priority(
        self, shown, fits, does_not
    ) -> None:
        matches = shown.matcher("me")
        assert matches(fits)
        assert does_not is None or not matches(does_not)
