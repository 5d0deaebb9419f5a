"""The versions of one scenario, the newest first. Pure. A row that has changed is another object."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from server_stub.protocol import ScenarioVersion


class VersionRow(Struct, frozen=True):
    """One text that was published. `is_now`: it lies on the desk. `is_marked`: others are compared with it."""

    version: ScenarioVersion
    is_now: bool = False
    is_marked: bool = False

    @property
    def is_removed(self) -> bool:
        """The file was taken away then: there is no text."""
        return self.version.status == "removed"


class VersionRows:
    """What is loaded of them, by the number of the entry with which each was published."""

    def __init__(self) -> None:
        self._versions: list[ScenarioVersion] = []
        self.rows: dict[str, VersionRow] = {}
        self.marked = ""
        """The row with which others are compared; empty: each with the one before it."""
        self.has_older = False
        """Whether older ones may be loaded."""

    def take(self, versions: Iterable[ScenarioVersion], *, has_older: bool) -> None:
        """The newest ones, anew."""
        self._versions = list(versions)
        self.has_older = has_older
        self._make_rows()

    def add_older(self, versions: Iterable[ScenarioVersion], *, has_older: bool) -> None:
        """Those before the last one that is loaded."""
        self._versions += versions
        self.has_older = has_older
        self._make_rows()

    def mark(self, key: str) -> None:
        """Compare others with this one; where it is marked already, no more."""
        self.marked = "" if key == self.marked else key
        self._make_rows()

    @property
    def last_seq(self) -> int:
        """The number of the oldest one that is loaded; 0 where there is none."""
        return self._versions[-1].seq if self._versions else 0

    def older_of(self, key: str) -> VersionRow | None:
        """What a version is compared with: the marked one, or the one before it that has a text."""
        if self.marked and self.marked != key:
            return self.rows.get(self.marked)
        keys = list(self.rows)
        behind = keys[keys.index(key) + 1 :] if key in self.rows else []
        return next((self.rows[one] for one in behind if not self.rows[one].is_removed), None)

    def _make_rows(self) -> None:
        rows: dict[str, VersionRow] = {}
        for number, version in enumerate(self._versions):
            key = str(version.seq)
            is_now = number == 0 and version.status != "removed"
            row = VersionRow(version, is_now, key == self.marked)
            before = self.rows.get(key)
            rows[key] = before if before == row else row
        self.rows = rows
        if self.marked not in rows:
            self.marked = ""
