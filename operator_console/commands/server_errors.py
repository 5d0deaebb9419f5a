"""What the server's own modules raise, turned into sentences of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from operator_console.commands.talk import CommandError


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the server's exceptions into a `CommandError` with their own words."""
    from server_stub.settings_file import SettingsError
    from server_stub.store.base import StoreError
    from server_stub.work import Rejected

    try:
        yield
    except Rejected as error:
        raise CommandError(error.detail, error.hint) from error
    except StoreError as error:
        raise CommandError(str(error)) from error
    except SettingsError as error:
        raise CommandError(str(error), f"Mend {error.path.name} and start again.") from error
