"""Files: sent to the server, and saved from it"""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path

from operator_console.calls.access import Access, decoded
from operator_console.errors import FileProblem, ServerFault
from operator_console.received_files import save_new
from operator_console.translation import _
from server_stub.protocol import MAX_FILE_BYTES, FileRef, Problem


class FileCalls(Access):
    """Files. Every method may raise a `DeskError`."""

    async def upload(self, path: Path) -> FileRef:
        """Store a file of this machine on the server, to be sent by its id. Raises `FileProblem` too."""
        try:
            content = await asyncio.to_thread(_read_small_file, path)
        except OSError as error:
            detail = _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
            raise FileProblem(Problem("unreadable", detail)) from error
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        answer = await self._request(
            "POST", "/api/files", content=content, media_type=media_type, params={"name": path.name}
        )
        return decoded(answer, FileRef)

    async def read_file(self, ref: FileRef) -> bytes:
        """The content of a file of the server."""
        if not ref.url.startswith("/") or ref.url.startswith("//"):
            raise ServerFault(
                Problem("foreign_file", _("The file does not lie on this server; it was not fetched."))
            )
        content = (await self._request("GET", ref.url, repeatable=True)).content
        if len(content) > max(ref.size, MAX_FILE_BYTES):
            raise ServerFault(
                Problem("file_too_large", _("The server sent more than it said; nothing was saved."))
            )
        return content

    async def download(self, ref: FileRef, folder: Path) -> Path:
        """Save a file of the server in `folder` and return where.

        Its name is cleaned, and nothing is overwritten. Raises `FileProblem` too.
        """
        content = await self.read_file(ref)
        try:
            return await asyncio.to_thread(save_new, folder, ref.name, content)
        except OSError as error:
            words = _("The file cannot be saved in {folder}: {reason}.")
            detail = words.format(folder=folder, reason=error.strerror or error)
            raise FileProblem(Problem("unwritable", detail)) from error


def _read_small_file(path: Path) -> bytes:
    """Return the file's bytes. Raises OSError, and `FileProblem` where it is too large or no plain file."""
    if not path.is_file():
        raise FileProblem(Problem("no_file", _("{path} is not a file.").format(path=path)))
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // (1024 * 1024)
        detail = _("{name} is larger than {limit} MB.").format(name=path.name, limit=limit)
        raise FileProblem(Problem("file_too_large", detail, hint=_("Send a link instead.")))
    return content
