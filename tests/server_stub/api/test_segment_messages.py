"""Segment's messages as work for the desk, and what is said of those that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.api.segment import MAX_BATCH_EVENTS, read_batch, read_call
from server_stub.work import AliasVisitor, IdentifyVisitor, Rejected, TrackEvent

NOW = 1_772_452_800_000
"""2026-03-02 12:00:00 UTC"""


def call(kind: str, **fields: Any) -> Any:
    return read_call(kind, json.dumps({"anonymousId": "a1", **fields}).encode(), NOW)[1]


def refusal(kind: str, body: bytes) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read_batch(body, NOW) if kind == "batch" else read_call(kind, body, NOW)
    return caught.value


class TestKinds:
    def test_track_is_an_event(self) -> None:
        work = call("track", event="Order Completed", properties={"total": 10}, messageId="m1")
        assert isinstance(work, TrackEvent)
        assert (work.name, work.properties, work.message_id) == ("Order Completed", {"total": 10}, "m1")
        assert work.source == "server"

    def test_page_is_a_page_viewed_with_the_context_s_page(self) -> None:
        page = {"url": "https://shop.example/a", "path": "/a", "title": "A"}
        work = call("page", name="Home", context={"page": page}, properties={"title": "Mine"})
        assert work.name == "Page Viewed"
        assert work.properties == {"name": "Home", "url": page["url"], "path": "/a", "title": "Mine"}

    def test_screen_is_a_screen_viewed(self) -> None:
        assert call("screen", name="Cart").name == "Screen Viewed"

    def test_identify_carries_traits_and_both_ids(self) -> None:
        work = call("identify", userId="u1", traits={"email": "ann@shop.example"})
        assert isinstance(work, IdentifyVisitor)
        assert (work.who.anonymous_id, work.who.user_id) == ("a1", "u1")
        assert work.traits == {"email": "ann@shop.example"}

    def test_group_is_a_property_of_the_visitor(self) -> None:
        work = call("group", groupId="g1", traits={"name": "Initech"})
        assert isinstance(work, IdentifyVisitor)
        assert work.traits == {"group": {"id": "g1", "name": "Initech"}}

    def test_alias_links_two_ids(self) -> None:
        work = call("alias", previousId="old", userId="new")
        assert isinstance(work, AliasVisitor)
        assert (work.previous, work.who.user_id) == ("old", "new")

    def test_ids_may_be_numbers(self) -> None:
        assert call("track", event="E", userId=42).who.user_id == "42"
        assert call("track", event="E", userId=42.0).who.user_id == "42"

    def test_unknown_keys_are_ignored(self) -> None:
        assert call("track", event="E", integrations={"All": True}, whatever=[1]).name == "E"

    def test_a_batch_keeps_order_and_merges_the_common_context(self) -> None:
        messages = [
            {"type": "identify", "userId": "u", "context": {"locale": "ru"}},
            {"type": "track", "event": "E", "userId": "u"},
        ]
        body = {"batch": messages, "context": {"locale": "en", "timezone": "UTC"}, "writeKey": "k"}
        key, works = read_batch(json.dumps(body).encode(), NOW)
        assert key == "k"
        assert [type(work) for work in works] == [IdentifyVisitor, TrackEvent]
        assert works[0].context == {"locale": "ru", "timezone": "UTC"}  # type: ignore[union-attr]
        assert works[1].context == {"locale": "en", "timezone": "UTC"}  # type: ignore[union-attr]


class TestTime:
    def test_without_a_timestamp_it_happened_when_it_came(self) -> None:
        assert call("track", event="E").happened_at == NOW

    def test_a_wrong_clock_is_corrected_by_what_lies_between_the_stamps(self) -> None:
        work = call("track", event="E", timestamp="2020-01-01T00:00:00Z", sentAt="2020-01-01T00:01:00Z")
        assert work.happened_at == NOW - 60_000

    def test_without_sent_at_the_timestamp_is_believed(self) -> None:
        work = call("track", event="E", timestamp="2026-03-02T11:00:00.250Z")
        assert work.happened_at == NOW - 3_600_000 + 250

    def test_nothing_happens_in_the_future(self) -> None:
        assert call("track", event="E", timestamp="2030-01-01T00:00:00Z").happened_at == NOW
        work = call("track", event="E", timestamp="2026-01-01T00:05:00Z", sentAt="2026-01-01T00:00:00Z")
        assert work.happened_at == NOW

    def test_a_batch_s_sent_at_holds_for_its_messages(self) -> None:
        message = {"type": "track", "event": "E", "userId": "u", "timestamp": "2020-01-01T00:00:00Z"}
        body = {"batch": [message], "sentAt": "2020-01-01T00:00:10Z"}
        assert read_batch(json.dumps(body).encode(), NOW)[1][0].happened_at == NOW - 10_000

    @pytest.mark.parametrize(
        "text",
        [
            "2026-03-02T11:00:00+00:00",
            "2026-03-02T13:00:00+02:00",
            "2026-3-2T11:00:00.000Z",
            "20260302T110000Z",
        ],
    )
    def test_iso_8601_in_its_usual_forms(self, text: str) -> None:
        assert call("track", event="E", timestamp=text).happened_at == NOW - 3_600_000


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("kind", "body", "error", "field"),
        [
            ("track", b"", "malformed", ""),
            ("track", b"{", "malformed", ""),
            ("track", b"[]", "invalid", ""),
            ("track", b'{"event":"E"}', "missing", "anonymousId"),
            ("track", b'{"userId":"u"}', "missing", "event"),
            ("track", b'{"userId":"u","event":"  "}', "missing", "event"),
            ("track", b'{"userId":"u","event":5}', "invalid", "event"),
            ("track", b'{"userId":["u"],"event":"E"}', "invalid", "userId"),
            ("track", b'{"userId":"u","event":"E","properties":[]}', "invalid", "properties"),
            ("track", b'{"userId":"u","event":"E","timestamp":"yesterday"}', "invalid", "timestamp"),
            ("track", b'{"userId":"u","event":"E","sentAt":"2026-99-01T00:00:00Z"}', "invalid", "sentAt"),
            ("track", b'{"userId":"u","event":"E","properties":{"a":NaN}}', "malformed", ""),
            ("track", b'{"userId":"u","event":"\\ud800"}', "malformed", ""),
            ("track", b'{"userId":"u","event":"\xff"}', "malformed", ""),
            ("track", b'{"userId":"u","event":"E","properties":{"a":1e999}}', "invalid", "properties[...]"),
            ("track", b'{"userId":"u","event":"' + b"E" * 600 + b'"}', "too_long", "event"),
            ("track", b'{"event":"E","userId":"' + b"u" * 600 + b'"}', "too_long", "userId"),
            ("group", b'{"userId":"u"}', "missing", "groupId"),
            ("alias", b'{"userId":"u"}', "missing", "previousId"),
            ("alias", b'{"previousId":"p"}', "missing", "userId"),
            ("batch", b"{}", "invalid", ""),
            ("batch", b'{"batch":{}}', "invalid", "batch"),
            (
                "batch",
                b'{"batch":[{"type":"track","event":"E","userId":"u"},{}]}',
                "invalid",
                "batch[1].type",
            ),
            ("batch", b'{"batch":[{"type":"dance","userId":"u"}]}', "invalid", "batch[0].type"),
            ("batch", b'{"batch":[7]}', "invalid", "batch[0]"),
        ],
    )
    def test_the_error_names_the_place(self, kind: str, body: bytes, error: str, field: str) -> None:
        rejected = refusal(kind, body)
        assert (rejected.error, rejected.field, rejected.status) == (error, field, 400)
        assert rejected.detail

    def test_nesting_is_bounded(self) -> None:
        for depth in (65, 900, 14_000):
            deep = b'{"a":' * depth + b"1" + b"}" * depth
            body = b'{"userId":"u","event":"E","properties":' + deep + b"}"
            assert refusal("track", body).error in ("too_deep", "too_large")

    def test_wide_is_not_deep(self) -> None:
        assert call("track", event="E", properties={"products": [{"id": i} for i in range(500)]})

    def test_a_message_and_a_batch_have_a_size(self) -> None:
        big = json.dumps({"userId": "u", "event": "E", "properties": {"a": "x" * 33_000}}).encode()
        assert refusal("track", big).error == "too_large"
        message = json.loads(big) | {"type": "track"}
        assert refusal("batch", json.dumps({"batch": [message]}).encode()).field == "batch[0]"
        many = [{"type": "track", "event": "E", "userId": "u"}] * (MAX_BATCH_EVENTS + 1)
        assert refusal("batch", json.dumps({"batch": many}).encode()).error == "too_many"

    @given(st.binary(max_size=300))
    def test_any_bytes_are_work_or_rejected(self, body: bytes) -> None:
        for kind in ("track", "batch"):
            try:
                read_batch(body, NOW) if kind == "batch" else read_call(kind, body, NOW)
            except Rejected:
                continue

    @given(
        st.dictionaries(
            st.sampled_from(["type", "event", "userId", "properties", "timestamp", "context", "traits"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
                lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
                max_leaves=10,
            ),
        )
    )
    def test_any_json_is_work_or_rejected(self, fields: dict[str, Any]) -> None:
        for kind in ("track", "identify", "page", "group", "alias"):
            try:
                read_call(kind, json.dumps(fields, allow_nan=True).encode(), NOW)
            except Rejected:
                continue
