"""What anybody may get without a token."""

from __future__ import annotations

import gzip
from typing import Any


class TestTheWidgetScript:
    async def test_is_small_cached_and_open_to_every_site(self, desk: Any) -> None:
        answer = await desk.http.get("/widget.js", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < 20_000
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["access-control-allow-origin"] == "*"
        plain = await desk.http.get("/widget.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content
        assert len(gzip.compress(plain.content)) < 20_000
        again = await desk.http.get("/widget.js", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


class TestHealth:
    async def test_alive_and_ready(self, desk: Any) -> None:
        for path in ("/healthz", "/readyz"):
            assert (await desk.http.get(path)).text == "ok\n"

    async def test_not_ready_when_stopping(self, desk: Any) -> None:
        desk.server.app.is_ready = False
        answer = await desk.http.get("/readyz")
        assert (answer.status_code, answer.json()["error"]) == (503, "not_ready")
        assert (await desk.http.get("/healthz")).status_code == 200

    async def test_figures_for_prometheus(self, desk: Any) -> None:
        await desk.call("track", {"anonymousId": "a", "event": "E"})
        async with desk.widget():
            text = (await desk.http.get("/metrics")).text
        figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("desk_"))
        assert float(figures["desk_journal_last_seq"]) >= 1
        assert float(figures["desk_pages_open"]) == 1
        assert any(name.startswith("desk_stored_") for name in figures)


class TestTheFirstPage:
    async def test_tells_the_snippet_and_how_to_open_the_console(self, desk: Any) -> None:
        answer = await desk.http.get("/")
        assert f"operator-console open {desk.url}" in answer.text
        assert f"data-key=&quot;{desk.key}&quot;" in answer.text

    async def test_quotes_a_foreign_host(self, desk: Any) -> None:
        answer = await desk.http.get("/", headers={"Host": "<script>alert(1)</script>"})
        assert "<script>alert" not in answer.text
