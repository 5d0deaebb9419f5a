"""What two people changed, each in another way: whose is taken, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from operator_console.designer.merging.three_way import Side
from operator_console.designer.merging.words import ChoiceWords, SideWords
from operator_console.replies.cycle import Cycle
from operator_console.translation import _, counted

_COLOURS = {"+": "$desk-good", "-": "$desk-hot", " ": "$desk-faint"}


class MergeSheet(ModalScreen[dict[str, Side] | None]):
    """`who` published it (cleaned); `taken` counts what only he changed. Gives the answers by key, or None."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "merging.tcss"]  # noqa: RUF012  Textual's own type
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
        self.query(Cycle).first().focus()

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
        before = f"  {_('before')}: {words.before}" if words.before else ""
        with Vertical(classes="merge-choice"):
            yield Static(
                Content.assemble(
                    (words.where, "bold $desk-text"), (what, "$desk-soft"), (before, "$desk-faint")
                ),
                classes="merge-where",
            )
            choices = [
                ("mine", _("yours: {said}").format(said=words.mine.said)),
                ("theirs", _("{who}: {said}").format(who=self._who, said=words.theirs.said)),
            ]
            if words.choice.may_both:
                choices.append(("both", _("both, yours first")))
            yield Cycle(choices, words.choice.usual, id=f"merge-{number}")
            for name, side in ((_("yours"), words.mine), (self._who, words.theirs)):
                if side.lines:
                    yield Static(_lines(name, side), classes="merge-lines")

    def action_next(self) -> None:
        """To the next choice; behind the last one all is taken in."""
        cycles = list(self.query(Cycle))
        at = next((number for number, one in enumerate(cycles) if one.has_focus), -1)
        if at + 1 < len(cycles):
            cycles[at + 1].focus()
        else:
            self.action_take()

    def action_take(self) -> None:
        answers: dict[str, Side] = {}
        for number, words in enumerate(self._choices):
            value = self.query_one(f"#merge-{number}", Cycle).value
            answers[words.choice.key] = next(side for side in get_args(Side) if side == value)
        self.dismiss(answers)


def _lines(name: str, side: SideWords) -> Content:
    pieces: list[tuple[str, str]] = [(name, "$desk-soft")]
    for sign, line in side.lines:
        mark = "−" if sign == "-" else sign
        pieces.append((f"\n  {mark} {line}", _COLOURS[sign]))
    return Content.assemble(*pieces)
