"""One picture, as large as the terminal allows: pixels where the terminal knows them, half blocks elsewhere."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import WorkType

from operator_console.errors import DeskError
from operator_console.inbox.bubble_lines import size_text
from operator_console.inbox.pictures import Thumbnail
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of
from operator_console.translation import _
from server_stub.protocol import FileRef

if TYPE_CHECKING:
    from PIL.Image import Image

    from operator_console.inbox.desk import Desk

_GRAPHICS = "textual_image.widget"
_TERMINALS = frozenset(
    (
        "xterm-kitty",
        "xterm-ghostty",
        "foot",
        "foot-extra",
        "mlterm",
        "contour",
        "WezTerm",
        "iTerm.app",
        "ghostty",
    )
)
"""By TERM or TERM_PROGRAM: they draw pictures by Kitty's protocol or by Sixel."""


def prepare_terminal(environment: Mapping[str, str]) -> None:
    """Ask a terminal that may draw pictures how. Call it before the app starts: then the keyboard is the app's alone.

    Others are not asked: an answer that does not come would cost the start a fraction of a second.
    """
    if environment.get("TMUX") or environment.get("TERM", "").startswith(("screen", "tmux")):
        return
    names = {environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")}
    if names & _TERMINALS or environment.get("WT_SESSION") or environment.get("KONSOLE_VERSION"):
        import textual_image.widget  # noqa: F401  its import asks the terminal


class CellPicture(Widget):
    """A picture of half blocks, in the middle of its place."""

    def __init__(self, picture: Image) -> None:
        super().__init__()
        self._picture = picture
        self._cells = Thumbnail(0, ())

    def on_resize(self) -> None:
        from operator_console.inbox.picture_cells import as_cells

        if self.size.width and self.size.height:
            self._cells = as_cells(self._picture, self.size.width, self.size.height)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        ground = palette_of(self.app.theme).style("text", "paper")
        number = y - max((self.size.height - len(self._cells.lines)) // 2, 0)
        if not 0 <= number < len(self._cells.lines):
            return Strip.blank(self.size.width, ground)
        left = Segment(" " * max((self.size.width - self._cells.width) // 2, 0), ground)
        return Strip([left, *self._cells.lines[number]]).adjust_cell_length(self.size.width, ground)


class PictureScreen(ModalScreen[None]):
    """A picture of a dialog. `save` and `open_file` do what their names say with its file."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Close", show=False),
        Binding("s", "save", "Save", show=False),
        Binding("o,O", "open", "Open", show=False),
    ]

    def __init__(
        self,
        file: FileRef,
        desk: Desk,
        *,
        save: Callable[[FileRef], None],
        open_file: Callable[[FileRef], None],
    ) -> None:
        super().__init__()
        self._file = file
        self._desk = desk
        self._save = save
        self._open = open_file

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -picture") as sheet:
            sheet.border_title = Content(
                f"{safe_line(self._file.name, 80)} · {size_text(self._file.size)}"
            ).markup
            sheet.border_subtitle = Content(_("s save · o open on this computer · Esc back")).markup
            yield Static(Content(_("Loading…")), id="picture-said")

    def on_mount(self) -> None:
        load: WorkType[None] = self._load
        self.run_worker(load, exit_on_error=True)

    async def _load(self) -> None:
        from operator_console.inbox.picture_cells import NoPicture, decoded

        try:
            content = await self._desk.read_file(self._file)
            paper = palette_of(self.app.theme).paper
            picture = await asyncio.to_thread(decoded, content, paper)
        except DeskError as error:
            self._say(error.message)
            return
        except NoPicture:
            self._say(_("This file is no picture that can be shown."))
            return
        await self.query_one("#picture-said").remove()
        await self.query_one(".sheet").mount(self._shown(picture))

    def _shown(self, picture: Image) -> Widget:
        graphics = sys.modules.get(_GRAPHICS)
        if graphics is None:
            return CellPicture(picture)
        widget: Widget = graphics.Image(picture)
        widget.styles.width = widget.styles.height = "auto"
        return widget

    def _say(self, text: str) -> None:
        self.query_one("#picture-said", Static).update(Content(safe_line(text, 300)))

    def action_save(self) -> None:
        self._save(self._file)

    def action_open(self) -> None:
        self._open(self._file)
