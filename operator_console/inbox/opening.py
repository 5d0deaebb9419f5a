"""Links and files of the open dialog: opened, saved, and pictures looked at.

A mixin of `InboxScreen`, below everything that has a conversation.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from operator_console.inbox.asking import Asking
from operator_console.inbox.feed import Bubble
from operator_console.inbox.picture_screen import PictureScreen
from operator_console.inbox.pictures import is_picture
from operator_console.inbox.sheets import Choice, PathPrompt, Picker
from operator_console.inbox.text_spans import LINK
from operator_console.system_open import is_shown, open_with_system
from operator_console.translation import _
from server_stub.protocol import FileRef

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk
    from operator_console.inbox.feed import Feed

NEWEST = 300
"""Messages of a feed in which links and files are looked for."""


class Opening(Asking):
    """What stands in a conversation and is looked at elsewhere."""

    desk: Desk
    downloads: Path
    _saved: Path | None = None
    """What was saved last."""

    @property
    @abstractmethod
    def feed(self) -> Feed | None:
        """What the conversation shows."""

    @property
    def chosen_bubble(self) -> Bubble | None:
        """The message that is selected."""
        return None

    def action_open_link(self) -> None:
        """Of the selected message, else of all that is loaded."""
        selected = self.chosen_bubble
        bubbles = [selected] if selected else self.feed.bubbles()[-NEWEST:] if self.feed else []
        self.offer(list(reversed(bubbles)))

    def offer(self, bubbles: Sequence[Bubble]) -> None:
        """Open the one link or file of the messages; of several, let one be chosen."""
        files = {file.id: file for bubble in bubbles for file in bubble.message.files}
        choices = [choice for bubble in bubbles for choice in _choices(bubble)]
        unique = list({choice.value: choice for choice in choices}.values())

        def chosen(value: str | None) -> None:
            kind, _space, what = (value or "").partition(" ")
            if kind == "link":
                self.open_link(what)
            elif kind in ("look", "open", "save"):
                {"look": self.look, "open": self.open_file, "save": self.save_file}[kind](files[what])

        if not unique:
            self.tell(_("There is no link or file in what is loaded of this dialog."))
        elif len(files) == 1 and not [choice for choice in unique if choice.value.startswith("link ")]:
            self.show_file(next(iter(files.values())))
        elif len(unique) == 1:
            chosen(unique[0].value)
        else:
            self.app.push_screen(Picker(_("Open a link or a file"), unique), chosen)

    def show_file(self, file: FileRef) -> None:
        """Look at a picture; save any other file."""
        if is_picture(file):
            self.look(file)
        else:
            self.save_file(file)

    def look(self, file: FileRef) -> None:
        """Show a picture large."""
        self.app.push_screen(PictureScreen(file, self.desk, save=self.save_file, open_file=self.open_file))

    def save_file(self, file: FileRef) -> None:
        """Save a file of the dialog."""

        async def doing() -> None:
            path = await self.desk.download(file, self.downloads)
            if self.app.is_web:
                self.hand_over(path)
                return
            self._saved = path
            if is_shown(path.name):
                self.tell(_("Saved as {path} · Ctrl+O opens it").format(path=path))
            else:
                self.tell(_("Saved as {path}").format(path=path))

        self.ask(doing)

    def open_file(self, file: FileRef) -> None:
        """Save a file of the dialog, and open it with this computer's program for it."""
        if self.app.is_web:
            self.save_file(file)
            return

        async def doing() -> None:
            path = self._saved = await self.desk.download(file, self.downloads)
            await open_with_system(path)
            self.tell(_("Opened {path}").format(path=path))

        self.ask(doing)

    def action_open_saved(self) -> None:
        path = self._saved
        if path is None:
            self.tell(_("Nothing was saved yet: o saves a file of this dialog."))
            return

        async def doing() -> None:
            await open_with_system(path)
            self.tell(_("Opened {path}").format(path=path))

        self.ask(doing)

    def file_by_id(self, file_id: str) -> FileRef | None:
        """A file of the feed that is shown."""
        for bubble in reversed(self.feed.bubbles() if self.feed else []):
            for file in bubble.message.files:
                if file.id == file_id:
                    return file
        return None

    def pick_file(self, then: Callable[[FileRef], None]) -> None:
        """Choose a file of this machine, store it at the desk, and give its reference to `then`."""
        if not self.may_change() or self.is_kept_from_browser():
            return

        async def upload(path: Path) -> None:
            then(await self.desk.upload(path))

        def chosen(path: Path | None) -> None:
            if path is not None:
                self.ask(upload, path)

        self.app.push_screen(PathPrompt(Path.cwd()), chosen)


def _choices(bubble: Bubble) -> list[Choice]:
    choices: list[Choice] = []
    for file in bubble.message.files:
        if is_picture(file):
            choices.append(Choice(f"look {file.id}", f"▣ {file.name}", _("look at it")))
        choices.append(Choice(f"save {file.id}", f"⬇ {file.name}", _("save")))
        if is_shown(file.name):
            choices.append(
                Choice(f"open {file.id}", f"↗ {file.name}", _("save, and open it on this computer"))
            )
    message = bubble.message
    links = [button.link for button in message.buttons] + LINK.findall(message.text)
    links += [message.image] if message.image else []
    return choices + [Choice(f"link {url}", url, _("open")) for url in links]
