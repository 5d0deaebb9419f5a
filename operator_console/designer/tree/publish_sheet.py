"""The word before a scenario is published: what differs in meaning, who stands where, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from operator_console.inbox.sheets import CleanInput
from operator_console.replies.cycle import Cycle
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked
from server_stub.protocol import Publication, ScenarioDifference, VisitorsStanding

SIGNS = {
    "added": ("+", "$desk-good"),
    "removed": ("−", "$desk-hot"),
    "changed": ("~", "$desk-warm"),
    "moved": ("↕", "$desk-accent"),
}
FATES = {
    "stays": marked("stay on their version"),
    "follows": marked("go on with the new one"),
    "moves": marked("go on at {to}"),
    "stops": marked("stop here"),
    "undecided": marked("their step is gone"),
}
RESTING = {
    "draft": marked("it stays a draft: nobody meets it"),
    "paused": marked("it stays paused: nobody new meets it"),
    "archived": marked("it stays archived: nobody meets it"),
}
MOST_SHOWN = 200


class Decision(NamedTuple):
    """How something is published: `why`; to which step visitors go on whose step is gone ("" ends there), by that step;
    and whether it is launched with it."""

    why: str
    moves: dict[str, str]
    launch: bool = False


class PublishSheet(ModalScreen[Decision | None]):
    """Over what a rehearsal said. Gives how it is published, or None. `steps` are keys and names of the new version's
    steps; `note` is something to know beforehand; `checks` runs the tests that stand beside the scenario; `why` is
    proposed. `status` is that of the text, where it may be launched at the same time; `is_same` where that is all: the
    text lies on the desk already."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "publish.tcss"]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("ctrl+s", "publish", "Publish", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        publication: Publication,
        steps: Sequence[tuple[str, str]],
        *,
        note: str = "",
        checks: Widget | None = None,
        why: str = "",
        status: str = "",
        is_same: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._publication = publication
        self._steps = steps
        self._note = note
        self._checks = checks
        self._why = why
        self._is_same = is_same
        self._resting = RESTING.get(status, "")
        """What a scenario that is not live stays, in words."""
        self._undecided = [one for one in publication.standing if one.fate == "undecided"]

    def compose(self) -> ComposeResult:
        publication = self._publication
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(
                _("Publish “{title}”").format(title=safe_line(self._title, 60))
            ).markup
            sheet.border_subtitle = _("^S publish · Esc back")
            if self._note:
                yield Static(Content(self._note), id="publish-note")
            with VerticalScroll(id="publish-changes", can_focus=False):
                yield from self._changes(publication.differences)
                for one in publication.standing:
                    if one.fate != "undecided":
                        yield Static(self._standing(one))
            if self._checks is not None:
                with VerticalScroll(id="publish-checks", can_focus=False):
                    yield self._checks
            for number, one in enumerate(self._undecided):
                with Horizontal(classes="form-row"):
                    yield Static(self._standing(one), classes="publish-standing")
                    choices = [("", _("stop here")), *self._steps]
                    yield Cycle(choices, "", id=f"move-{number}")
            if self._resting:
                with Horizontal(classes="form-row"):
                    yield Static(Content(_("Then")), classes="form-label")
                    yield Cycle(
                        [("", _(self._resting)), ("live", _("launch it: visitors meet it from now on"))],
                        "",
                        id="publish-launch",
                    )
            with Horizontal(classes="form-row"):
                yield Static(Content(_("Why")), classes="form-label")
                yield CleanInput(
                    self._why, id="publish-why", placeholder=_("for whoever reads the versions later")
                )

    def on_mount(self) -> None:
        self.query_one("#publish-why").focus()

    def _changes(self, differences: Sequence[ScenarioDifference]) -> ComposeResult:
        if self._is_same:
            yield Static(Content(_("It lies on the desk as it is here.")))
        elif not differences:
            yield Static(Content(_("Only comments, layout or order differ.")))
        for one in differences[:MOST_SHOWN]:
            sign, colour = SIGNS[one.kind]
            where = safe_line(one.where, 90)
            said = safe_line(one.what, 60)
            if one.kind == "changed":
                said += f": {safe_line(one.before, 120) or '—'} → {safe_line(one.after, 120) or '—'}"
            elif one.before or one.after:
                said += f": {safe_line(one.after or one.before, 200)}"
            yield Static(
                Content.assemble((f"{sign} ", colour), (f"{where}  " if where else "", "$desk-soft"), said)
            )
        if (more := len(differences) - MOST_SHOWN) > 0:
            yield Static(Content(counted("and {count} more", "and {count} more", more)))

    def _standing(self, one: VisitorsStanding) -> Content:
        who = counted("{count:,} visitor", "{count:,} visitors", one.visitors)
        fate = _(FATES[one.fate]).format(to=safe_line(one.to_name or one.to, 60))
        return Content.assemble(
            ("● ", "$desk-visitor"), f"{who} · {safe_line(one.name, 60)}: ", (fate, "$desk-warm")
        )

    def on_input_submitted(self) -> None:
        self.action_publish()

    def action_publish(self) -> None:
        moves = {
            one.step: self.query_one(f"#move-{number}", Cycle).value
            for number, one in enumerate(self._undecided)
        }
        launch = bool(self._resting) and self.query_one("#publish-launch", Cycle).value == "live"
        self.dismiss(Decision(self.query_one("#publish-why", CleanInput).value.strip(), moves, launch))
