"""What a scenario shows, as it crosses the wire: the engine's pop-ups, answers and files in the words of the widget."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from urllib.parse import quote

from scenarios_yaml.engine.effects import SendChat, ShowPopup
from server_stub.protocol import Author, Button, FileRef, Message, Option, Popup, PopupField

SCENARIO_FILES = "/scenario-files/"
"""Where `api/scenario_files.py` serves the scenarios' files, for `file` and `image` of their steps."""


def popup_of(effect: ShowPopup, at: int) -> Popup:
    """The pop-up that is shown at `at` (ms)."""
    return Popup(
        id=effect.id,
        scenario=effect.scenario,
        size=effect.size,
        title=effect.title,
        text=effect.text,
        at=at,
        image=url_of(effect.image),
        button=Button(effect.button.label, effect.button.link) if effect.button else None,
        position=effect.position,
        fields=tuple(
            PopupField(shown.name, shown.input, shown.label, shown.required, shown.choices)
            for shown in effect.fields
        ),
    )


def message_of(effect: SendChat, *, dialog: str, visitor: str, author: Author, at: int) -> Message:
    """The message that the bot says in the dialog at `at` (ms)."""
    return Message(
        id=effect.id,
        dialog=dialog,
        visitor=visitor,
        author=author,
        at=at,
        text=effect.text,
        options=tuple(Option(option.id, option.label) for option in effect.options),
        buttons=tuple(Button(button.label, button.link) for button in effect.buttons),
        input=effect.input,
        image=url_of(effect.image),
        files=(file_of(effect.file),) if effect.file else (),
    )


def url_of(picture: str) -> str:
    """A picture's address: a path below the files folder of the scenarios, unless it is an address already."""
    if not picture or picture.startswith(("https://", "http://", "/")):
        return picture
    return SCENARIO_FILES + quote(picture)


def file_of(path: str) -> FileRef:
    """A file of that folder."""
    name = PurePosixPath(path).name
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileRef(f"scenario:{path}", name, media_type, 0, url_of(path))
