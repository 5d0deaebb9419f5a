"""How the shop's widget looks now: read at the start, changed while the server runs."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from server_stub.look_file import ChangedByHand, look_as_set, rewrite_look
from server_stub.protocol import MAX_LOOK_CHARS, WidgetLook, WriteLook
from server_stub.settings import Settings
from server_stub.work import Rejected

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_THEMES = ("auto", "light", "dark")
_SIDES = ("left", "right")
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
"""Categories of characters that have no place in a line: control characters, halves of one, breaks."""


class WidgetLooks:
    """The look in force. `file` is the settings file; `on_change` is told each new look, on the event loop."""

    def __init__(self, file: Path, settings: Settings, on_change: Callable[[WidgetLook], None]) -> None:
        self._file = file
        self._shop = settings.site.name
        self._as_set = look_as_set(settings.look)
        self._on_change = on_change
        self._one_at_a_time = asyncio.Lock()

    @property
    def as_set(self) -> WidgetLook:
        """As the settings have it: an empty title stays empty."""
        return self._as_set

    def shown(self) -> WidgetLook:
        """As a visitor's page gets it."""
        return self.named(self._as_set)

    def named(self, look: WidgetLook) -> WidgetLook:
        """With the shop's name where it has no title of its own."""
        return look if look.title else replace(look, title=self._shop)

    async def write(self, request: WriteLook) -> WidgetLook:
        """Keep it in the settings file, and let it be in force.

        Raises Rejected: 422 for what cannot be and for a file that cannot be read, 409 where another look was set in
        between, here or by hand in the file; 503 where the file cannot be written.
        """
        wanted = checked_look(request)
        async with self._one_at_a_time:
            if request.base not in (None, self._as_set) and wanted != self._as_set:
                raise _conflict("Somebody else has set another look meanwhile.")
            try:
                await asyncio.to_thread(rewrite_look, self._file, wanted, self._as_set)
            except ChangedByHand as changed:
                # What stands in the file is what the shop wants: the next one to write has to have seen it.
                self._take(changed.look)
                raise _conflict(f"The look was changed by hand in {self._file.name} meanwhile.") from changed
            except OSError as error:
                detail = f"{self._file.name} cannot be written: {error.strerror}."
                hint = "See to it that the server may write into its data folder."
                raise Rejected("unavailable", detail, status=503, hint=hint) from error
            self._take(wanted)
        return wanted

    def _take(self, look: WidgetLook) -> None:
        self._as_set = look
        self._on_change(look)


def checked_look(request: WriteLook) -> WidgetLook:
    """The look that is asked for. Raises Rejected (422) that names the field."""
    title, greeting = request.title.strip(), request.greeting.strip()
    _check_text("title", title)
    _check_text("greeting", greeting)
    if not _COLOUR.fullmatch(request.colour):
        hint = "Write # and six digits of 0-9 and a-f, such as #3b5bdb."
        raise _invalid("colour", f"{request.colour[:20]!r} is no colour.", hint)
    _check_choice("theme", request.theme, _THEMES)
    _check_choice("side", request.side, _SIDES)
    return WidgetLook(title, request.colour, request.theme, request.side, greeting)


def _check_text(field: str, text: str) -> None:
    if len(text) > MAX_LOOK_CHARS:
        detail = f"The {field} has {len(text)} characters; there is room for {MAX_LOOK_CHARS}."
        raise _invalid(field, detail, "Say it in fewer words.")
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        raise _invalid(
            field, f"The {field} is one line of text.", "Take out line breaks and control characters."
        )


def _check_choice(field: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise _invalid(field, f"There is no {field} {value[:20]!r}.", f"Choose {' or '.join(choices)}.")


def _invalid(field: str, detail: str, hint: str) -> Rejected:
    return Rejected("invalid", detail, status=422, field=field, hint=hint)


def _conflict(detail: str) -> Rejected:
    hint = "Look at what is set now, then set yours again if it is to stand."
    return Rejected("conflict", detail, status=409, field="base", hint=hint)
