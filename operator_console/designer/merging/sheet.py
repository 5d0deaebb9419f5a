"""What two people changed, each in another way: whose is taken, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, get_args

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from operator_console.designer.merging.three_way import Side
from operator_console.designer.merging.words import ChoiceWords, SideWords
from operator_console.inbox.cells import pad
from operator_console.replies.cycle import Cycle
from operator_console.translation import _, counted, said

_COLOURS = {"+": "$desk-good", "-": "$desk-hot", " ": "$desk-faint"}


class MergeSheet(ModalScreen[dict[str, Side] | None]):
    """`who` published it (cleaned); `taken` counts what only he changed. Gives the answers by key, or None."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "merging.tcss"]  # noqa: RUF012  Textual's own type
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("ctrl+s", "take", "Take", show=False, priority=True),
        Binding("enter", "next", "Next", show=False, priority=True),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Before", show=False),
    ]

    def __init__(self, choices: Sequence[ChoiceWords], who: str, taken: int) -> None:
        super().__init__()
        self._choices = choices
        self._who = who
        self._taken = taken

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(_("You and {who}").format(who=self._who)).markup
            sheet.border_subtitle = _("◂ ▸ whose · ⏎ next · ^S take in · Esc back")
            yield Static(Content(self._summary()), id="merge-summary")
            with VerticalScroll(id="merge-choices", can_focus=False):
                for number, words in enumerate(self._choices):
                    yield from self._choice(number, words)

    def on_mount(self) -> None:
        # Once all has its place: what has the focus before is scrolled to, past what is chosen between.
        self.call_after_refresh(self.query(Cycle).first().focus, scroll_visible=False)

    @on(events.DescendantFocus)
    def _show_whole_choice(self, event: events.DescendantFocus) -> None:
        """What is chosen between stands above the choice, and is to be seen with it."""
        holder = event.widget.parent
        if isinstance(holder, Widget):
            choices = self.query_one("#merge-choices")
            self.call_after_refresh(choices.scroll_to_widget, holder, animate=False, top=True)

    def _summary(self) -> str:
        both = counted(
            "{count} thing was changed by both of you: choose.",
            "{count} things were changed by both of you: choose.",
            len(self._choices),
        )
        if not self._taken:
            return both
        return f"{both} {_('Whatever else {who} changed is taken in.').format(who=self._who)}"

    def _choice(self, number: int, words: ChoiceWords) -> ComposeResult:
        what = f" · {words.what}" if words.what else ""
        with Vertical(classes="merge-choice"):
            yield Static(
                Content.assemble((words.where, "bold $desk-text"), (what, "$desk-soft")),
                classes="merge-where",
            )
            yield Static(self._sides(words), classes="merge-sides")
            choices = [("mine", _("take yours")), ("theirs", _("take that of {who}").format(who=self._who))]
            if words.choice.may_both:
                choices.append(("both", _("take both, yours first")))
            yield Cycle(choices, words.choice.usual, id=f"merge-{number}")

    def _sides(self, words: ChoiceWords) -> Content:
        """What it was, and what each has made of it."""
        said_by = [(said("merging", "yours"), words.mine), (self._who, words.theirs)]
        if words.before:
            said_by.insert(0, (said("merging", "before"), SideWords(words.before)))
        label_cells = max(cell_len(name) for name, _side in said_by) + 2
        pieces: list[tuple[str, str]] = []
        for name, side in said_by:
            lead = "\n" if pieces else ""
            is_before = len(said_by) == 3 and not pieces
            pieces.append((f"{lead}{pad(name, label_cells)}", "$desk-soft"))
            pieces.append((side.said, "$desk-faint" if is_before else "$desk-text"))
            for sign, line in side.lines:
                mark = "−" if sign == "-" else sign
                pieces.append((f"\n{' ' * label_cells}{mark} {line}", _COLOURS[sign]))
        return Content.assemble(*pieces)

    def action_next(self) -> None:
        """To the next choice; behind the last one all is taken in."""
        cycles = list(self.query(Cycle))
        at = next((number for number, one in enumerate(cycles) if one.has_focus), -1)
        if at + 1 < len(cycles):
            cycles[at + 1].focus(scroll_visible=False)
        else:
            self.action_take()

    def action_take(self) -> None:
        answers: dict[str, Side] = {}
        for number, words in enumerate(self._choices):
            value = self.query_one(f"#merge-{number}", Cycle).value
            answers[words.choice.key] = next(side for side in get_args(Side) if side == value)
        self.dismiss(answers)
