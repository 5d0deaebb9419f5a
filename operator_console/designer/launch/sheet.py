"""The last of four decisions: what will happen, in one calm sheet, and whether it happens now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from operator_console.designer.launch.draft import LaunchDraft
from operator_console.designer.launch.reach_lines import in_short
from operator_console.designer.outline.conditions import describe_all
from operator_console.designer.outline.triggers import trigger_words
from operator_console.inbox.sheets import Choice, choice_line
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line
from operator_console.server_words import from_server
from operator_console.translation import _
from scenarios_yaml.language import model
from server_stub.protocol import Problem, ScenarioProblem

MOST_WARNINGS = 6


class LaunchSheet(ModalScreen[str | None]):
    """Over a draft. Gives `live`, `draft`, or `tree` (a draft whose tree is opened), or None. `messages` says what it
    shows, in words; `now` is in ms."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "launch.tcss"]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
    ]

    def __init__(self, draft: LaunchDraft, messages: str, now: int, *, note: str = "") -> None:
        super().__init__()
        self._draft = draft
        self._messages = messages
        self._now = now
        self._note = note

    def compose(self) -> ComposeResult:
        title = _("Launch “{title}”?").format(title=safe_line(self._draft.title, 60))
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(title).markup
            sheet.border_subtitle = _("⏎ choose · Esc back")
            for label, words in self._what():
                with Horizontal(classes="launch-fact"):
                    yield Static(Content(label), classes="launch-fact-label")
                    yield Static(Content(safe_line(words, 400)), classes="launch-fact-words")
            yield Static("", id="launch-warnings", markup=False)
            choices = OptionList(*(Option(choice_line(one), id=one.value) for one in _choices()))
            yield choices

    def on_mount(self) -> None:
        self._warn([self._note] if self._note else [])
        if is_over(self._draft.scenario, self._now):
            self.warn([_("The moment of this broadcast is over: it would not go out. Set another one.")])
        choices = self.query_one(OptionList)
        choices.highlighted = 0
        choices.focus()

    def _what(self) -> list[tuple[str, str]]:
        """What will happen: labels and words, raw."""
        scenario = self._draft.scenario
        facts = [
            (_("file"), f"{self._draft.slug}.yaml"),
            (_("starts on"), _(", or ").join(trigger_words(one) for one in scenario.trigger)),
            (_("only for"), describe_all(scenario.audience) if scenario.audience else _("everybody")),
            (_("shows"), self._messages),
            (_("reaches"), in_short(self._draft.reach)),
        ]
        return [(label, words) for label, words in facts if words]

    # --- What the desk says of it ---

    def warn(self, warnings: Sequence[str]) -> None:
        """Say these, too."""
        there = str(self.query_one("#launch-warnings", Static).content)
        self._warn([*([there] if there else []), *warnings])

    def warn_of(self, problems: Sequence[ScenarioProblem]) -> None:
        """Warnings of the desk about the file."""
        self.warn([_said(one) for one in problems[:MOST_WARNINGS]])

    def refuse(self, problem: Problem) -> None:
        """The desk does not take it as it is: why."""
        detail = from_server(problem.detail)
        self.warn([safe_line(detail, 300), *(_said(one) for one in problem.problems[:MOST_WARNINGS])])

    def _warn(self, warnings: Sequence[str]) -> None:
        line = self.query_one("#launch-warnings", Static)
        line.update("\n".join(warnings))
        line.display = bool(warnings)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)


def _choices() -> tuple[Choice, ...]:
    return (
        Choice("live", _("Launch it now"), _("visitors meet it from now on")),
        Choice("draft", _("Keep it as a draft"), _("nobody meets it yet")),
        Choice("tree", _("Keep it as a draft, and open its tree"), _("to change its steps")),
    )


def _said(problem: ScenarioProblem) -> str:
    words = f"{problem.line}: {from_language(problem.text)}"
    return safe_line(f"{words} ({from_language(problem.hint)})" if problem.hint else words, 300)


def is_over(scenario: model.Scenario, now: int) -> bool:
    """Whether a moment at which it would start is over, wherever the clock is latest. `now` is in ms."""
    moments = [one.at for one in scenario.trigger if isinstance(one, model.OnSchedule) and one.at]
    latest = dt.datetime.fromtimestamp(now / 1000, dt.UTC).replace(tzinfo=None) - dt.timedelta(hours=12)
    return any(_local(at) < latest for at in moments)


def _local(at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(at).replace(tzinfo=None)
