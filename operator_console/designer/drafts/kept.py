"""Scenarios that were changed and not published: each is kept in a file of its own, and is there after a crash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from operator_console.own_files import read_own, write_own
from operator_console.translation import _

_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")
_SUFFIX = ".json"


class ScenarioDraft(Struct, frozen=True):
    """`text` is what was made of `began`, the text that `base` names at the desk. `at` is when, in ms."""

    slug: str
    text: str
    base: str
    began: str
    at: int


class ScenarioDrafts:
    """The drafts of one operator at one desk, in a folder that is his alone. Use from one event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.set_aside: list[Path] = []
        """New names of files that could not be read."""
        self.trouble = ""
        """Why the last write failed; empty when it did not."""
        self._slugs = {draft.slug for draft in self._read_all()}

    @property
    def slugs(self) -> frozenset[str]:
        """The scenarios that have a draft."""
        return frozenset(self._slugs)

    def get(self, slug: str) -> ScenarioDraft | None:
        """What is kept of a scenario, as it lies on disk: another console of the same operator may have written it."""
        try:
            draft = self._read(self._path(slug))
        except OSError as error:
            self._complain(error)
            return None
        (self._slugs.discard if draft is None else self._slugs.add)(slug)
        return draft

    def keep(self, draft: ScenarioDraft) -> None:
        """Write it now, in the place of what was kept before. A failure is kept in `trouble`."""
        try:
            write_own(self._path(draft.slug), draft)
        except OSError as error:
            self._complain(error)
            return
        self._slugs.add(draft.slug)
        self.trouble = ""

    def end(self, slug: str) -> None:
        """It is published, or nobody wants it. A failure is kept in `trouble`."""
        self._slugs.discard(slug)
        try:
            self._path(slug).unlink(missing_ok=True)
        except OSError as error:
            self._complain(error)

    def _read_all(self) -> Iterator[ScenarioDraft]:
        try:
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                if (draft := self._read(path)) is not None:
                    yield draft
        except OSError as error:
            self._complain(error)

    def _read(self, path: Path) -> ScenarioDraft | None:
        read = read_own(path, ScenarioDraft)
        if read.set_aside is not None:
            self.set_aside.append(read.set_aside)
        return read.content

    def _path(self, slug: str) -> Path:
        """A slug comes from the desk: one that is no plain name of a file does not become one."""
        is_plain = _PLAIN_NAME.fullmatch(slug) is not None
        name = slug if is_plain else f"_{hashlib.sha256(slug.encode(errors='replace')).hexdigest()[:32]}"
        return self._folder / f"{name}{_SUFFIX}"

    def _complain(self, error: OSError) -> None:
        self.trouble = _("What is not published cannot be kept in {folder}: {reason}.").format(
            folder=self._folder, reason=error.strerror or error
        )
