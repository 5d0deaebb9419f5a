"""GET /scenario-files/<path>: what scenarios send and show, out of the `files` folder beside the scenarios.

These files are the shop's own and meant for every visitor, so their address is their name. They are still served as
a stranger's would be: nothing of them runs in a browser.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from server_stub.api.http import Receive, Scope, Send, respond
from server_stub.api.static import reading
from server_stub.api.tracking import CORS
from server_stub.files import download_headers, judge
from server_stub.work import Rejected

PREFIX = "/scenario-files/"
MAX_BYTES = 20 * 1024 * 1024
"""A larger file belongs on a web server made for it."""


class ScenarioFiles:
    """The handler for one folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.handle = reading(self._handle)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        name = scope["path"].removeprefix(PREFIX)
        content = await asyncio.to_thread(self._read, name)
        if content is None:
            raise Rejected("not_found", "There is no such file.", status=404)
        headers = download_headers(Path(name).name, judge(content[:512], name))
        await respond(send, 200, content, [*headers, *CORS])

    def _read(self, name: str) -> bytes | None:
        """The file's bytes, None where the name leads nowhere or out of the folder."""
        root = self._folder.resolve()
        try:
            path = (root / name).resolve()
            if not path.is_relative_to(root) or not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            return path.read_bytes()
        except (OSError, ValueError):  # a NUL in the name, a name too long, no permission
            return None
