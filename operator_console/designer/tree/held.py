"""Something new that is being asked for: it stands in the document already, and is kept or gone as if it never had."""

from __future__ import annotations

from scenarios_yaml.language.editing.document import Document


class _GivenUpError(Exception):
    """Nobody sees it: it ends the group that is taken back."""


class Held:
    """From here on all changes of the document are one step of undo, until `keep` or `give_up`."""

    def __init__(self, document: Document) -> None:
        self._group = document.group()
        self._group.__enter__()

    def keep(self) -> None:
        """All that was changed is one step of undo."""
        self._group.__exit__(None, None, None)

    def give_up(self) -> None:
        """Nothing has changed."""
        error = _GivenUpError()
        self._group.__exit__(_GivenUpError, error, None)
