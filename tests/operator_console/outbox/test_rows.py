"""The console's copy of the outbox: pages, entries, filters, and how far back it is complete."""

from __future__ import annotations

from operator_console.outbox.rows import OutboxFilter, OutboxRows
from server_stub.protocol import Entry, OutboxChanged, OutboxItem


def item(number: int, channel: str = "email", status: str = "kept", **more) -> OutboxItem:
    return OutboxItem(
        f"o{number:04}", channel, status, number, f"v{number}", **{"to": f"{number}@mail.example"} | more
    )


def entry(row: OutboxItem, status: str, at: int = 9_000) -> Entry:
    return Entry(at, at, OutboxChanged(row.id, row.channel, status, summary="Hello"), row.visitor)


ALL = OutboxFilter()


class TestPages:
    def test_stand_newest_first(self) -> None:
        rows = OutboxRows()
        rows.take_page(ALL, [item(3), item(2)], more=True)
        rows.take_page(ALL, [item(1)], more=False)
        assert rows.view(ALL) == ["o0003", "o0002", "o0001"]

    def test_the_next_one_begins_behind_the_oldest(self) -> None:
        rows = OutboxRows()
        rows.take_page(ALL, [item(3), item(2)], more=True)
        reach = rows.reach_of(ALL)
        assert reach is not None
        assert (reach.oldest[1], reach.more) == ("o0002", True)

    def test_rows_that_a_filter_found_further_back_leave_no_gap_in_the_whole(self) -> None:
        rows = OutboxRows()
        rows.take_page(ALL, [item(9), item(8)], more=True)
        failed = OutboxFilter(status="failed")
        rows.take_page(failed, [item(9, status="failed"), item(2, status="failed")], more=False)
        assert rows.view(failed) == ["o0009", "o0002"]
        assert rows.view(ALL) == ["o0009", "o0008"], "what lies between 8 and 2 is not known"

    def test_a_search_goes_as_far_back_as_the_rows_do(self) -> None:
        rows = OutboxRows()
        rows.take_page(ALL, [item(2, summary="Your Cart"), item(1)], more=False)
        assert rows.view(OutboxFilter(text="cart")) == ["o0002"]
        assert rows.view(OutboxFilter(text="1@mail")) == ["o0001"]


class TestTheStream:
    def test_a_planned_message_is_a_new_row_whose_name_is_to_be_asked(self) -> None:
        rows = OutboxRows()
        rows.take_page(ALL, [item(1)], more=False)
        new = item(9_000, status="waiting")
        assert rows.take_entry(entry(new, "waiting")) == new.id
        assert rows.view(ALL) == ["o9000", "o0001"]
        assert rows.unnamed == {"o9000"}
        assert rows.freshen([new]) == {"o9000"}
        assert rows.rows["o9000"].to == "9000@mail.example"
        assert not rows.unnamed

    def test_what_became_of_a_row_makes_it_another_object(self) -> None:
        rows = OutboxRows()
        waiting = item(1, status="waiting")
        rows.take_page(ALL, [waiting], more=False)
        rows.take_entry(entry(waiting, "failed"))
        assert rows.rows["o0001"].status == "failed"
        assert rows.rows["o0001"].sent_at == 9_000

    def test_a_page_that_was_read_before_does_not_bring_the_past_back(self) -> None:
        rows = OutboxRows()
        waiting = item(1, status="waiting")
        rows.take_page(ALL, [waiting], more=False)
        rows.take_entry(entry(waiting, "sent"))
        rows.take_page(ALL, [waiting], more=False)
        assert rows.rows["o0001"].status == "sent"

    def test_the_end_of_a_row_that_is_not_loaded_brings_none(self) -> None:
        rows = OutboxRows()
        rows.take_page(ALL, [item(5)], more=True)
        assert rows.take_entry(entry(item(1), "sent")) == ""
        assert rows.view(ALL) == ["o0005"]
