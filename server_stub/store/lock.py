"""One process owns a data folder: a lock file that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from server_stub.store.base import StoreError


class FolderLock:
    """Held from construction until `release`. Raises StoreError where another process, or another store, holds it."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip() if _CAN_READ else ""
            os.close(self._descriptor)
            by = f" (process {holder})" if holder else ""
            raise StoreError(
                f"The data folder {path.parent} is in use by another server{by}. "
                "Stop it first, or start this one with another folder by --data."
            ) from error
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """The file stays: removing it would let two processes hold two files of the same name."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


if sys.platform == "win32":
    import msvcrt

    _CAN_READ = False

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    _CAN_READ = True

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
