"""Webhooks as the other side sees them, and what becomes of their rows and runs."""

from __future__ import annotations

import hmac

import pytest

from server_stub.channels.worker import FIRST_WAIT, LONGEST_WAIT, wait_before
from server_stub.protocol import OutboxChanged, RunProgress

HOOK = """scenario: hook
title: Hook
status: live
trigger:
  - event: Order Completed
steps:
  - id: tell
    webhook:
      url: "URL"
      headers: {X-Shop: "Rosa", X-Signature: forged}
      send: {order: "{{ event.order_id }}"}
      save_to: run.reply
      timeout: TIMEOUT
      retries: RETRIES
    on_error:
      - tag: failed
      - stop: sad
  - tag: "got"
  - set: {visitor.answer: "{{ run.reply.text }}"}
"""


def hook(url: str, *, timeout: str = "5s", retries: int = 2) -> str:
    text = HOOK.replace("URL", url).replace("TIMEOUT", timeout)
    return text.replace("RETRIES", str(retries))


def changes(post) -> list[OutboxChanged]:
    return [what for entry in post.store.entries(0, 1000) if isinstance(what := entry.what, OutboxChanged)]


def tags(post) -> tuple[str, ...]:
    return post.desk.card(post.desk.visitor_of("a1")).tags


class TestDelivery:
    async def test_it_is_signed_and_its_reply_is_saved(self, post, shelf) -> None:
        shelf.answers = [(200, b'{"text": "thanks"}', {"Content-Type": "application/json"})]
        await post.publish(hook(shelf.url + "/orders?a=1"))
        await post.track("Order Completed", order_id="o1")
        row = await post.row()
        (call,) = shelf.calls
        assert (call.method, call.path, call.json) == ("POST", "/orders?a=1", {"order": "o1"})
        assert call.headers["content-type"] == "application/json"
        assert call.headers["x-shop"] == "Rosa"
        assert call.headers["idempotency-key"] == row.id
        moment, _, signed = call.headers["x-signature"].partition(",v1=")
        seconds = moment.removeprefix("t=")
        assert signed == hmac.new(b"a secret", f"{seconds}.".encode() + call.body, "sha256").hexdigest()
        assert (row.status, row.tries, row.error) == ("sent", 1, "")
        assert tags(post) == ("got",)
        assert post.desk.card(post.desk.visitor_of("a1")).properties["answer"] == "thanks"
        assert changes(post)[-1].reply == {"text": "thanks"}

    async def test_a_failure_is_repeated_with_the_same_key(self, post, shelf) -> None:
        shelf.answers = [(503, b"", {}), (429, b"", {"Retry-After": "3"}), (204, b"", {})]
        await post.publish(hook(shelf.url))
        await post.track("Order Completed")
        row = await post.row()
        assert (row.status, row.tries) == ("sent", 3)
        assert len({call.headers["idempotency-key"] for call in shelf.calls}) == 1
        assert [change.status for change in changes(post)] == ["waiting", "sent"]

    async def test_after_the_last_repeat_it_has_failed(self, post, shelf) -> None:
        shelf.answers = [(500, b"", {})]
        await post.publish(hook(shelf.url, retries=1))
        await post.track("Order Completed")
        row = await post.row()
        assert (row.status, row.tries, len(shelf.calls)) == ("failed", 2, 2)
        assert row.error == "answered 500 Answer"
        assert tags(post) == ("failed",)

    @pytest.mark.parametrize("status", [400, 404, 422])
    async def test_what_is_refused_is_not_repeated(self, post, shelf, status: int) -> None:
        shelf.answers = [(status, b"", {})]
        await post.publish(hook(shelf.url))
        await post.track("Order Completed")
        row = await post.row()
        assert (row.status, len(shelf.calls)) == ("failed", 1)

    async def test_redirects_are_not_followed(self, post, shelf) -> None:
        shelf.answers = [(302, b"", {"Location": shelf.url + "/secret"})]
        await post.publish(hook(shelf.url))
        await post.track("Order Completed")
        row = await post.row()
        assert (row.error, len(shelf.calls)) == ("answered 302: redirects are not followed", 1)

    @pytest.mark.parametrize("url", ["ftp://shop.example/a", "file:///etc/passwd", "http://", "nonsense"])
    async def test_only_http_leads_out(self, post, url: str) -> None:
        text = hook("{{ event.url }}")
        await post.publish(text)
        await post.track("Order Completed", url=url)
        row = await post.row()
        assert row.status == "failed"
        assert "is no address" in row.error

    async def test_who_does_not_answer_in_time_is_given_up(self, post, shelf, hang) -> None:
        shelf.answers = [hang]
        await post.publish(hook(shelf.url, timeout="1s", retries=0))
        await post.track("Order Completed")
        assert (await post.row()).error == "no answer within 1 s"

    async def test_who_cannot_be_reached_is_tried_again(self, post, unused_tcp_port_factory) -> None:
        await post.publish(hook(f"http://127.0.0.1:{unused_tcp_port_factory()}", retries=1))
        await post.track("Order Completed")
        row = await post.row()
        assert (row.status, row.tries) == ("failed", 2)

    async def test_a_reply_without_end_is_not_kept(self, post, shelf) -> None:
        shelf.answers = [(200, b'"' + b"a" * 70_000 + b'"', {"Content-Type": "application/json"})]
        await post.publish(hook(shelf.url))
        await post.track("Order Completed")
        row = await post.row()
        assert row.status == "sent"
        assert changes(post)[-1].reply is None

    @pytest.mark.parametrize("body", [b"[" * 60_000, b"\xff\xfe{", b"not json", b"NaN"])
    async def test_any_reply_is_survived(self, post, shelf, body: bytes) -> None:
        shelf.answers = [(200, body, {"Content-Type": "text/plain"})]
        await post.publish(hook(shelf.url))
        await post.track("Order Completed")
        assert (await post.row()).status == "sent"
        assert tags(post) == ("got",)


class TestCrash:
    async def test_what_was_under_way_goes_out_again_with_the_same_key(self, post, shelf, hang) -> None:
        shelf.answers = [hang, (200, b"{}", {})]
        await post.publish(hook(shelf.url, timeout="20s"))
        await post.track("Order Completed")
        await post.until(lambda: shelf.calls)
        await post.close()
        await post.open()
        row = await post.row()
        assert row.status == "sent"
        assert [call.headers["idempotency-key"] for call in shelf.calls] == [row.id, row.id]

    async def test_a_host_that_hangs_does_not_hold_up_another(self, post, shelf, hang) -> None:
        slow = hook("{{ event.url }}", timeout="20s")
        await post.publish(slow)
        shelf.answers = [hang] * 4 + [(200, b"{}", {})]
        for number in range(4):
            await post.track("Order Completed", f"a{number}", url=shelf.url)
        await post.until(lambda: len(shelf.calls) == 4)
        await post.track("Order Completed", "b1", url=shelf.url.replace("127.0.0.1", "localhost"))
        await post.until(lambda: post.rows(status="sent"))
        assert len(post.rows(status="waiting")) == 4


class TestWaits:
    def test_each_is_twice_as_long_and_none_too_long(self) -> None:
        for repeat in range(1, 40):
            longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (repeat - 1))
            assert longest / 2 <= wait_before(repeat) <= longest

    async def test_the_run_ends_when_the_row_does(self, post, shelf) -> None:
        shelf.answers = [(404, b"", {})]
        await post.publish(hook(shelf.url))
        await post.track("Order Completed")
        await post.row()
        ended = [what for entry in post.store.entries(0, 1000) if isinstance(what := entry.what, RunProgress)]
        assert ended[-1].result == "stop: sad"
