"""Files that visitors and operators send: taken in pieces, judged by their content, served without danger.

A file lies under a random name, so that nothing of its own name ever meets the file system.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from server_stub.protocol import MAX_FILE_BYTES
from server_stub.work import Rejected

MAX_NAME_CHARS = 120
_HEAD_BYTES = 512

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MZ", "application/x-executable"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"#!", "application/x-executable"),
)
"""(offset, bytes, type), the first that fits. Of a browser's many types these are what people send each other."""

_ZIPPED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
"""Types that a browser may show in place. Everything else is only ever downloaded."""

_BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')


class Stored(Struct, frozen=True):
    """A file on disk. `stored_as` is its path below the files folder."""

    stored_as: str
    token: str
    size: int
    media_type: str


def clean_name(name: str) -> str:
    """A file name that can stand in a URL, a header and a chat: one path component without control characters."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = _BAD_IN_NAMES.sub("_", re.split(r"[/\\]", name)[-1]).strip(" .")
    if len(name) > MAX_NAME_CHARS:
        stem, dot, extension = name.rpartition(".")
        room = MAX_NAME_CHARS - len(extension) - 1
        name = f"{stem[:room]}.{extension}" if dot and room > 20 else name[:MAX_NAME_CHARS]
    return name or "file"


def judge(head: bytes, name: str) -> str:
    """The media type by a file's first bytes; its name only tells apart what is a zip or plain text."""
    suffix = Path(name).suffix.lower()
    for offset, magic, media_type in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return _ZIPPED.get(suffix, media_type) if media_type == "application/zip" else media_type
    if b"\x00" in head:
        return "application/octet-stream"
    start = head.lstrip()[:256].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body", b"<svg", b"<?xml")):
        return "text/html" if b"html" in start or b"<script" in start else "text/xml"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # else: the head cuts a character in two
            return "application/octet-stream"
    return "text/csv" if suffix == ".csv" else "text/plain"


class FileShelf:
    """The files folder. Nothing of a file that was not taken whole stays."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def take(self, chunks: AsyncIterator[bytes], name: str) -> Stored:
        """Write a new file. Raises Rejected where it is empty or larger than MAX_FILE_BYTES, and OSError."""
        token = secrets.token_urlsafe(32)
        stored_as = f"{secrets.token_hex(1)}/{secrets.token_hex(16)}"
        path = self._root / stored_as
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        size, head = 0, b""
        is_whole = False
        try:
            with path.open("xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > MAX_FILE_BYTES:
                        raise _too_large()
                    if len(head) < _HEAD_BYTES:
                        head += chunk[:_HEAD_BYTES]
                    await asyncio.to_thread(file.write, chunk)
            if not size:
                raise Rejected("empty", "The file is empty.")
            is_whole = True
        finally:
            if not is_whole:
                path.unlink(missing_ok=True)
        return Stored(stored_as, token, size, judge(head[:_HEAD_BYTES], name))

    def discard(self, stored: Stored) -> None:
        """The file was not recorded after all."""
        (self._root / stored.stored_as).unlink(missing_ok=True)

    def remove(self, stored_as: str) -> None:
        """Its owner was erased. One that is gone already is gone. Raises OSError."""
        (self._root / stored_as).unlink(missing_ok=True)

    def read(self, stored_as: str) -> bytes:
        """Raises FileNotFoundError. `stored_as` comes from the store, never from a client."""
        return (self._root / stored_as).read_bytes()


def _too_large() -> Rejected:
    limit = MAX_FILE_BYTES // (1024 * 1024)
    return Rejected("too_large", f"A file has at most {limit} MB.", status=413, hint="Send a link instead.")


def download_headers(name: str, media_type: str) -> list[tuple[bytes, bytes]]:
    """Headers with which no file of a stranger runs in anybody's browser."""
    is_shown = media_type in _SHOWN
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    disposition = (
        f"{'inline' if is_shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    served_as = media_type if is_shown or media_type == "application/pdf" else "application/octet-stream"
    if media_type.startswith("text/") and media_type != "text/html":
        served_as = "text/plain; charset=utf-8"
    return [
        (b"content-type", served_as.encode()),
        (b"content-disposition", disposition.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"sandbox; default-src 'none'"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"cache-control", b"private, max-age=86400, immutable"),
    ]
