"""Which messages of a dialog become a branch: marked one by one, with the branch as it would be beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from operator_console.designer.from_dialog.branching import Branch, branch_of
from operator_console.designer.from_dialog.placing import fill, new_scenario
from operator_console.designer.outline.rows import Row, outline
from operator_console.designer.tree.row_lines import TreePainter
from operator_console.inbox.lines_view import LinesView
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, said, spoken
from scenarios_yaml.language.editing.document import CannotEditError, Document
from server_stub.protocol import AuthorKind, Message

WHO: dict[AuthorKind, tuple[str, str]] = {
    "visitor": ("‹ ", "$desk-visitor"),
    "operator": ("› ", "$desk-operator"),
    "bot": ("⚙ ", "$desk-bot"),
}
"""Whose a message is, as in the list of dialogs."""


class BranchSheet(ModalScreen[Branch | None]):
    """Over the messages of a dialog with the visitor called `name` (raw); those with ids in `marked` are marked at
    first. Gives the branch, or None."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "from_dialog.tcss"]  # noqa: RUF012  Textual's own type
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("space", "mark", "Mark", show=False),
        Binding("a", "mark_all", "All or none", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
    ]

    def __init__(self, messages: Sequence[Message], name: str, marked: frozenset[str]) -> None:
        super().__init__()
        self._messages = messages
        self._visitor_name = name
        self._marked = {one.id for one in messages if one.id in marked}

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = Content(_("A branch of a bot from this dialog")).markup
            sheet.border_subtitle = _("Space leave out, take in · a all · ⏎ go on · Esc back")
            with Horizontal():
                yield OptionList(*map(self._line, self._messages), markup=False, id="branch-messages")
                yield LinesView(id="branch-preview")

    def on_mount(self) -> None:
        self.query_one(LinesView).can_focus = False
        listing = self.query_one(OptionList)
        first = next((at for at, one in enumerate(self._messages) if one.id in self._marked), 0)
        listing.highlighted = first
        listing.focus()
        self._show_branch()

    @property
    def branch(self) -> Branch:
        """What the marked messages come to."""
        return branch_of([one for one in self._messages if one.id in self._marked], self._visitor_name)

    # --- Marking ---

    def action_mark(self) -> None:
        """Take the message under the cursor in, or leave it out, and go on to the next one."""
        listing = self.query_one(OptionList)
        if listing.highlighted is not None:
            self._marked ^= {self._messages[listing.highlighted].id}
            self._show_line(listing.highlighted)
            if listing.highlighted < len(self._messages) - 1:
                listing.action_cursor_down()
            self._show_branch()

    def action_mark_all(self) -> None:
        everything = {one.id for one in self._messages}
        self._marked = set() if self._marked == everything else everything
        for number in range(len(self._messages)):
            self._show_line(number)
        self._show_branch()

    def action_move(self, by: int) -> None:
        listing = self.query_one(OptionList)
        (listing.action_cursor_down if by > 0 else listing.action_cursor_up)()

    def _show_line(self, number: int) -> None:
        option = self._line(self._messages[number])
        self.query_one(OptionList).replace_option_prompt_at_index(number, option.prompt)

    def _line(self, message: Message) -> Option:
        sign, colour = WHO[message.author.kind]
        is_in = message.id in self._marked
        words = safe_line(message.text, 300) or safe_line(", ".join(one.name for one in message.files), 300)
        return Option(
            Content.assemble(
                ("■ " if is_in else "□ ", "$desk-accent" if is_in else "$desk-faint"),
                (sign, colour),
                (words, "$desk-text" if is_in else "$desk-faint"),
            )
        )

    # --- What it comes to ---

    def _show_branch(self) -> None:
        rows = branch_rows(self.branch)
        preview = self.query_one(LinesView)
        if not rows:
            preview.say(_("Nothing is marked that a bot could say."))
            return

        def lines(palette: Palette, width: int) -> list[Strip]:
            painter = TreePainter(palette, width)
            painted = [painter.paint(row, "", is_folded=False) for row in rows]
            # Below them the tree's own ground goes on.
            blank = Strip.blank(width, palette.style("text", "ground"))
            return painted + [blank] * max(preview.size.height - len(painted), 0)

        preview.show(lines, keep_place=True)

    def on_option_list_option_selected(self) -> None:
        branch = self.branch
        if branch.steps:
            self.dismiss(branch)


def branch_rows(branch: Branch) -> tuple[Row, ...]:
    """The branch as rows of a tree: what starts it, and its steps."""
    document = Document(new_scenario(said("what a draft is called", "branch"), "branch"))
    try:
        fill(document, branch)
    except CannotEditError:
        return ()
    return tuple(
        row for row in outline(document, spoken()) if row.kind == "trigger" or row.place.startswith("steps.")
    )
