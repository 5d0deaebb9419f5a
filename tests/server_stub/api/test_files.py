"""Files of strangers: taken up to 2 MB, judged by what they are, and never run in anybody's browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server_stub.files import clean_name, judge
from server_stub.protocol import MAX_FILE_BYTES

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def on_disk(data: Path) -> list[Path]:
    return [path for path in (data / "files").rglob("*") if path.is_file()]


class TestNames:
    @pytest.mark.parametrize(
        ("name", "cleaned"),
        [
            ("dress.png", "dress.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("a\r\nSet-Cookie: x.txt", "a__Set-Cookie_ x.txt"),
            ("..", "file"),
            ("", "file"),
            ("\u202egnp.exe", "_gnp.exe"),
            ("платье.jpg", "платье.jpg"),
            ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
            ("\ud800.txt", "?.txt".replace("?", "_")),
        ],
    )
    def test_are_one_harmless_component(self, name: str, cleaned: str) -> None:
        assert clean_name(name) == cleaned


class TestTypes:
    @pytest.mark.parametrize(
        ("head", "name", "media_type"),
        [
            (PNG, "a.exe", "image/png"),
            (b"\xff\xd8\xff\xe0", "a", "image/jpeg"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a", "image/webp"),
            (b"%PDF-1.7", "a.png", "application/pdf"),
            (b"MZ\x90\x00", "dress.png", "application/x-executable"),
            (b"#!/bin/sh\n", "a.txt", "application/x-executable"),
            (b"  <!DOCTYPE html><p>", "a.png", "text/html"),
            (b"<svg xmlns='x'><script>", "a.svg", "text/html"),
            (b"<?xml version='1.0'?>", "a.xml", "text/xml"),
            (
                b"PK\x03\x04",
                "a.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"PK\x03\x04", "a.jar", "application/zip"),
            (b"a;b\n", "a.csv", "text/csv"),
            ("Привет".encode(), "a", "text/plain"),
            (b"\x00\x01\x02", "a.txt", "application/octet-stream"),
            (b"\xff\xfe\xfdabcdefgh", "a.txt", "application/octet-stream"),
        ],
    )
    def test_go_by_content(self, head: bytes, name: str, media_type: str) -> None:
        assert judge(head, name) == media_type


class TestUploads:
    async def test_a_picture_is_shown_in_place_and_cached(self, desk: Any) -> None:
        ref = (await desk.http.post("/api/files?name=dress.png", content=PNG, headers=desk.auth)).json()
        assert (ref["media_type"], ref["size"]) == ("image/png", len(PNG))
        answer = await desk.http.get(f"{ref['url']}/dress.png")
        assert answer.content == PNG
        assert answer.headers["content-disposition"].startswith("inline")
        again = await desk.http.get(ref["url"], headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304

    @pytest.mark.parametrize(
        "content", [b"<html><script>alert(1)</script>", b"MZ\x90", b"#!/bin/sh", b"<svg/>"]
    )
    async def test_what_could_run_is_only_downloaded(self, desk: Any, content: bytes) -> None:
        ref = (await desk.http.post("/api/files?name=a.png", content=content, headers=desk.auth)).json()
        answer = await desk.http.get(ref["url"])
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "html" not in answer.headers["content-type"]
        assert "svg" not in answer.headers["content-type"]

    async def test_a_name_cannot_break_out_of_the_header(self, desk: Any) -> None:
        params = {"name": 'a"; x="\r\nSet-Cookie: a=b.txt'}
        ref = (await desk.http.post("/api/files", params=params, content=b"x", headers=desk.auth)).json()
        answer = await desk.http.get(ref["url"])
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-disposition"].count('"') == 2

    async def test_the_largest_is_taken_and_one_byte_more_leaves_nothing(self, desk: Any) -> None:
        largest = b"x" * MAX_FILE_BYTES
        assert (await desk.http.post("/api/files", content=largest, headers=desk.auth)).status_code == 200
        stored, before = len(on_disk(desk.data)), await desk.last_seq()

        async def pieces() -> Any:
            for _ in range(33):
                yield b"x" * 65_536

        for content in (largest + b"x", pieces()):
            answer = await desk.http.post("/api/files", content=content, headers=desk.auth)
            assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
        assert len(on_disk(desk.data)) == stored
        assert await desk.last_seq() == before

    @pytest.mark.parametrize(
        "path",
        [
            "/files/",
            "/files/x",
            "/files/../desk.sqlite",
            "/files/%2e%2e/desk.sqlite",
            "/files/..%2f..%2fwrite_key",
            "/files/%00/a",
            "/files/a/b/c",
            "//files/x",
        ],
    )
    async def test_there_is_no_way_to_other_files(self, desk: Any, path: str) -> None:
        answer = await desk.http.get(path)
        assert answer.status_code == 404
        assert answer.json()["error"] == "not_found"

    async def test_a_lost_file_is_not_found(self, desk: Any) -> None:
        ref = (await desk.http.post("/api/files", content=b"x", headers=desk.auth)).json()
        for path in on_disk(desk.data):
            path.unlink()
        assert (await desk.http.get(ref["url"])).status_code == 404
