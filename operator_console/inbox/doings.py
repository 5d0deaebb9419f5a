"""What an operator does to a dialog: each asks the desk, and says in a line what went wrong.

A mixin of `InboxScreen`, which gives the desk, the mirror and the open dialog.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from operator_console.inbox.asking import Asking
from operator_console.inbox.feed import Bubble
from operator_console.inbox.feed_lines import LINK
from operator_console.inbox.sheets import Choice, PathPrompt, Picker
from operator_console.safe_text import safe_line
from server_stub.protocol import ChangeDialog, DialogSummary, FileRef

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk
    from operator_console.inbox.feed import Feed
    from operator_console.mirror import Mirror

NEWEST = 300
"""Items of a feed in which links and files are looked for."""


class Doings(Asking):
    """Actions that change something at the desk."""

    desk: Desk
    mirror: Mirror
    read_only: bool
    downloads: Path

    @property
    @abstractmethod
    def row(self) -> DialogSummary | None:
        """The open dialog."""

    @property
    @abstractmethod
    def feed(self) -> Feed | None:
        """What the conversation shows."""

    def may_change(self) -> bool:
        """Whether this console may change anything; says so where not."""
        if self.read_only:
            self.tell("This console was opened for reading only.")
        return not self.read_only

    # --- The dialog ---

    def _change_dialog(self, change: ChangeDialog, done: str) -> None:
        row = self.row
        if row is None or not self.may_change():
            return

        async def doing() -> None:
            await self.desk.change_dialog(row.id, change)
            self.tell(done)

        self.ask(doing)

    def action_take(self) -> None:
        row = self.row
        if row is not None and row.assignee == self.mirror.me:
            self._change_dialog(ChangeDialog(assignee=""), "Nobody has this dialog now.")
        else:
            self._change_dialog(ChangeDialog(assignee="me"), "The dialog is yours.")

    def action_close(self) -> None:
        row = self.row
        if row is not None and row.status == "closed":
            self._change_dialog(ChangeDialog(status="open"), "Open again.")
        else:
            self._change_dialog(ChangeDialog(status="closed"), "Closed. c opens it again.")

    def action_assign(self) -> None:
        row = self.row
        if row is None or not self.may_change():
            return
        choices = [Choice("", "Nobody", "unassigned")]
        for operator in sorted(self.mirror.operators.values(), key=lambda one: (not one.online, one.name)):
            state = "here" if operator.online else "away"
            has_it = " · has it now" if operator.id == row.assignee else ""
            choices.append(Choice(operator.id, operator.name, state + has_it))

        def assign(value: str | None) -> None:
            if value is not None:
                name = self.mirror.operators[value].name if value in self.mirror.operators else "nobody"
                self._change_dialog(ChangeDialog(assignee=value), f"Assigned to {name}.")

        self.app.push_screen(Picker("Assign to", choices), assign)

    def action_tags(self) -> None:
        row = self.row
        if row is None or not self.may_change():
            return

        def toggle(tag: str | None) -> None:
            if not tag:
                return
            if tag in row.tags:
                self._change_dialog(ChangeDialog(remove_tags=(tag,)), f"Tag {tag} removed.")
            else:
                self._change_dialog(ChangeDialog(add_tags=(tag,)), f"Tagged {tag}.")

        self._pick_tag("Tags of the dialog", row.tags, toggle)

    def _pick_tag(self, title: str, has: tuple[str, ...], then: Callable[[str | None], None]) -> None:
        choices = [Choice(tag, f"✓ {tag}", "choose to remove") for tag in has]
        choices += [Choice(tag, tag, f"{count} open") for tag, count in self.mirror.tags() if tag not in has]
        self.app.push_screen(
            Picker(title, choices, new="type to find, or a new tag", empty="No tags yet."), then
        )

    # --- Links and files ---

    def action_open_link(self) -> None:
        choices: list[Choice] = []
        files: dict[str, FileRef] = {}
        for item in reversed(self.feed.items[-NEWEST:] if self.feed else []):
            if isinstance(item, Bubble):
                for file in item.message.files:
                    files[file.id] = file
                    choices.append(Choice(f"file {file.id}", f"⬇ {file.name}", "save"))
                links = [button.link for button in item.message.buttons] + LINK.findall(item.message.text)
                choices += [Choice(f"link {url}", url, "open") for url in links]
        unique = list({choice.value: choice for choice in choices}.values())

        def chosen(value: str | None) -> None:
            kind, _, what = (value or "").partition(" ")
            if kind == "link":
                self.open_link(what)
            elif kind == "file":
                self.save_file(files[what])

        if not unique:
            self.tell("There is no link or file in what is loaded of this dialog.")
        elif len(unique) == 1:
            chosen(unique[0].value)
        else:
            self.app.push_screen(Picker("Open a link or save a file", unique), chosen)

    def open_link(self, url: str) -> None:
        """Open a link of somebody else in the browser: only http and https."""
        if LINK.fullmatch(safe_line(url, 2000)):
            self.app.open_url(safe_line(url, 2000))
            self.tell(f"Opened {url}")
        else:
            self.tell(f"Not a link of the web: {url}")

    def save_file(self, file: FileRef) -> None:
        """Save a file of the dialog."""

        async def doing() -> None:
            path = await self.desk.download(file, self.downloads)
            self.tell(f"Saved as {path}")

        self.ask(doing)

    def file_by_id(self, file_id: str) -> FileRef | None:
        """A file of the feed that is shown."""
        for item in reversed(self.feed.items if self.feed else []):
            if isinstance(item, Bubble):
                for file in item.message.files:
                    if file.id == file_id:
                        return file
        return None

    def pick_file(self, then: Callable[[FileRef], None]) -> None:
        """Choose a file of this machine, store it at the desk, and give its reference to `then`."""
        if not self.may_change():
            return

        async def upload(path: Path) -> None:
            then(await self.desk.upload(path))

        def chosen(path: Path | None) -> None:
            if path is not None:
                self.ask(upload, path)

        self.app.push_screen(PathPrompt(Path.cwd()), chosen)
