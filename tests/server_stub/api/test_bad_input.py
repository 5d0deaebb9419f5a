"""What is wrong is named, with the status that fits, in one format; and nothing of it is written."""

from __future__ import annotations

import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.protocol import Problem

GOOD = b'{"anonymousId":"a","event":"E"}'
DEEP = b'{"anonymousId":"a","event":"E","properties":' + b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"}"
JSON = {"Content-Type": "application/json"}

TRACKING: list[tuple[str, str, bytes, dict[str, str], int, str]] = [
    # method, path, body, headers, status, error
    ("POST", "/v1/track", b"{", JSON, 400, "malformed"),
    ("POST", "/v1/track", b"", JSON, 400, "malformed"),
    ("POST", "/v1/track", b'{"anonymousId":"a","event":[]}', JSON, 400, "invalid"),
    ("POST", "/v1/track", b'{"event":"E"}', JSON, 400, "missing"),
    ("POST", "/v1/track", b'{"anonymousId":"a","event":"E","properties":{"a":NaN}}', JSON, 400, "malformed"),
    ("POST", "/v1/track", b'{"anonymousId":"a","event":"\\ud800"}', JSON, 400, "malformed"),
    (
        "POST",
        "/v1/track",
        b'{"anonymousId":"a","event":"E","properties":{"n":' + b"9" * 5000 + b"}}",
        JSON,
        400,
        "invalid",
    ),
    ("POST", "/v1/track", DEEP, JSON, 400, "too_large"),
    ("POST", "/v1/batch", b'{"batch":[' + DEEP[:20_000] + b"]}", JSON, 400, "too_deep"),
    ("POST", "/v1/track", b" " * 40_000, JSON, 400, "too_large"),
    ("POST", "/v1/batch", b" " * 600_000, JSON, 400, "too_large"),
    ("POST", "/v1/track", GOOD, {"Content-Type": "text/html"}, 415, "unsupported_type"),
    ("POST", "/v1/track", GOOD, JSON | {"Content-Encoding": "br"}, 415, "unsupported_encoding"),
    ("POST", "/v1/track", GOOD, JSON | {"Content-Encoding": "gzip"}, 400, "malformed"),
    ("POST", "/v1/track", gzip.compress(GOOD)[:-4], JSON | {"Content-Encoding": "gzip"}, 400, "malformed"),
    (
        "POST",
        "/v1/track",
        gzip.compress(b" " * 50_000_000),
        JSON | {"Content-Encoding": "gzip"},
        400,
        "too_large",
    ),
    ("GET", "/v1/track", b"", {}, 405, "method_not_allowed"),
    ("PUT", "/v1/batch", GOOD, JSON, 405, "method_not_allowed"),
    ("POST", "/v1/dance", GOOD, JSON, 404, "not_found"),
]

REST: list[tuple[str, str, bytes, dict[str, str], int, str]] = [
    ("GET", "/api/nothing", b"", {}, 404, "not_found"),
    ("GET", "/api/../../etc/passwd", b"", {}, 404, "not_found"),
    ("DELETE", "/api/dialogs", b"", {}, 405, "method_not_allowed"),
    ("GET", "/api/dialogs?status=ajar", b"", {}, 400, "invalid"),
    ("GET", "/api/dialogs?limit=0", b"", {}, 400, "invalid"),
    ("GET", "/api/dialogs?limit=many", b"", {}, 400, "invalid"),
    ("GET", "/api/dialogs/none/feed", b"", {}, 404, "not_found"),
    ("GET", "/api/visitors/none", b"", {}, 404, "not_found"),
    ("GET", "/api/visitors/none/events", b"", {}, 404, "not_found"),
    ("POST", "/api/visitors/none/dialogs", b'{"client_id":"c"}', JSON, 404, "not_found"),
    ("POST", "/api/dialogs/none/messages", b'{"client_id":"c","text":"x"}', JSON, 404, "not_found"),
    ("POST", "/api/dialogs/none/messages", b'{"client_id":"c"}', JSON, 400, "empty"),
    ("POST", "/api/dialogs/none/messages", b'{"client_id":"","text":"x"}', JSON, 400, "invalid"),
    ("POST", "/api/dialogs/none/messages", b'{"client_id":"c","text":"x","nte":true}', JSON, 400, "invalid"),
    ("POST", "/api/dialogs/none/messages", b'{"client_id":"c","text":5}', JSON, 400, "invalid"),
    ("POST", "/api/dialogs/none/messages", b'{"client_id":"c","text":"\\ud800"}', JSON, 400, "malformed"),
    ("POST", "/api/dialogs/none/messages", b"{", JSON, 400, "malformed"),
    ("POST", "/api/dialogs/none/messages", b"", JSON, 400, "malformed"),
    (
        "POST",
        "/api/dialogs/none/messages",
        b"text=x",
        {"Content-Type": "application/x-www-form-urlencoded"},
        415,
        "unsupported_type",
    ),
    ("POST", "/api/dialogs/none/messages", b'{"text":"' + b"x" * 3_000_000 + b'"}', JSON, 413, "too_large"),
    (
        "POST",
        "/api/dialogs/none/messages",
        json.dumps({"client_id": "c", "text": "x" * 20_001}).encode(),
        JSON,
        400,
        "too_long",
    ),
    ("PATCH", "/api/dialogs/none", b'{"status":"ajar"}', JSON, 400, "invalid"),
    ("PATCH", "/api/dialogs/none", b'{"status":"closed"}', JSON, 404, "not_found"),
    ("PATCH", "/api/visitors/none", b'{"properties":{"a":NaN}}', JSON, 400, "malformed"),
    ("POST", "/api/operators", b'{"name":"Ann","role":"king"}', JSON, 400, "invalid"),
    ("POST", "/api/operators", b'{"name":"\\u001b[2J"}', JSON, 400, "invalid"),
    ("DELETE", "/api/operators/none", b"", {}, 404, "not_found"),
    ("POST", "/api/files", b"", {}, 400, "empty"),
    ("POST", "/api/files", b"x" * (2 * 1024 * 1024 + 1), {}, 413, "too_large"),
]


def is_problem(body: bytes) -> Problem:
    problem = msgspec.json.decode(body, type=Problem)
    assert problem.detail
    assert "Traceback" not in problem.detail
    return problem


class TestEveryDoor:
    async def test_tracking(self, desk: Any) -> None:
        before = await desk.last_seq()
        for method, path, body, headers, status, error in TRACKING:
            answer = await desk.http.request(method, path, content=body, headers=headers, auth=(desk.key, ""))
            found = (answer.status_code, is_problem(answer.content).error)
            assert (status in (404,) and found[0] in (401, 404)) or found == (status, error), (
                method,
                path,
                body[:60],
            )
        assert await desk.last_seq() == before

    async def test_rest(self, desk: Any) -> None:
        before = await desk.last_seq()
        for method, path, body, headers, status, error in REST:
            answer = await desk.http.request(method, path, content=body, headers=headers | desk.auth)
            assert (answer.status_code, is_problem(answer.content).error) == (status, error), (
                method,
                path,
                body[:60],
            )
        assert await desk.last_seq() == before
        assert not list((desk.data / "files").rglob("*")) or all(
            path.is_dir() for path in (desk.data / "files").rglob("*")
        )

    async def test_the_field_is_named(self, desk: Any) -> None:
        for body, field in (
            (b'{"client_id":"c","text":"x","nte":true}', "nte"),
            (b'{"client_id":"c","text":5}', "text"),
            (b'{"client_id":"c","files":["a",5]}', "files"),
            (b'{"text":"x"}', "client_id"),
        ):
            answer = await desk.http.post("/api/dialogs/d/messages", content=body, headers=JSON | desk.auth)
            problem = is_problem(answer.content)
            assert field in problem.field or f"`{field}`" in problem.detail, problem

    @pytest.mark.parametrize(
        ("headers", "error"),
        [
            ({}, "no_token"),
            ({"Authorization": "Bearer"}, "no_token"),
            ({"Authorization": "Basic YTpi"}, "no_token"),
            ({"Authorization": "Bearer wrong"}, "wrong_token"),
            ({"Authorization": "Bearer \xff\xfe"}, "wrong_token"),
        ],
    )
    async def test_no_token_no_answer(self, desk: Any, headers: dict[str, str], error: str) -> None:
        sent = [(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
        for path in ("/api/me", "/api/dialogs", "/api/visitors/x", "/api/operators"):
            answer = await desk.http.get(path, headers=sent)
            assert (answer.status_code, is_problem(answer.content).error) == (401, error)

    @pytest.mark.parametrize(
        ("headers", "body", "error"),
        [
            ({}, {}, "no_key"),
            ({}, {"writeKey": "wrong"}, "wrong_key"),
            ({"Authorization": "Basic d3Jvbmc6"}, {}, "wrong_key"),
            ({"Authorization": "Basic %%%"}, {}, "wrong_key"),
            ({"Authorization": "Bearer x"}, {}, "no_key"),
        ],
    )
    async def test_no_key_no_event(
        self, desk: Any, headers: dict[str, str], body: dict[str, str], error: str
    ) -> None:
        before = await desk.last_seq()
        answer = await desk.http.post("/v1/track", json={**json.loads(GOOD), **body}, headers=headers)
        assert (answer.status_code, is_problem(answer.content).error) == (401, error)
        assert await desk.last_seq() == before


class TestAnything:
    async def test_no_bytes_make_the_server_stumble(self, desk: Any) -> None:
        """A small fuzz of every door: never a 500, always a Problem where it is an error."""
        paths = [
            "/v1/track",
            "/v1/batch",
            "/api/dialogs/d/messages",
            "/api/operators",
            "/api/visitors/v/dialogs",
        ]
        bodies: list[tuple[str, bytes]] = []

        @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
        @given(
            st.sampled_from(paths),
            st.binary(max_size=200)
            | st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(),
                lambda inner: (
                    st.lists(inner, max_size=4)
                    | st.dictionaries(
                        st.sampled_from(
                            ["batch", "type", "event", "userId", "client_id", "text", "name", "role"]
                        )
                        | st.text(max_size=5),
                        inner,
                        max_size=5,
                    )
                ),
                max_leaves=12,
            ).map(lambda value: json.dumps(value).encode()),
        )
        def collect(path: str, body: bytes) -> None:
            bodies.append((path, body))

        collect()
        for path, body in bodies:
            headers = JSON if path.startswith("/v1") else JSON | desk.auth
            auth = (desk.key, "") if path.startswith("/v1") else None
            answer = await desk.http.post(path, content=body, headers=headers, auth=auth)
            assert answer.status_code < 500, (path, body)
            if answer.status_code >= 400:
                is_problem(answer.content)
