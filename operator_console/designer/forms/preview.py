"""Beside the form of a step how it looks to the visitor, following as one types; where it is narrow, behind a key."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from operator_console.designer.around import DesignAround
from operator_console.designer.forms.items_sheet import ItemsField
from operator_console.designer.forms.place_map import PlaceMap
from operator_console.designer.look.browser import Draft
from operator_console.designer.look.of_form import StepLooks, seen_step
from operator_console.designer.look.painter import LookPainter
from operator_console.designer.look.views import Look, PopupLook
from operator_console.designer.tree.browsing import Browsing
from operator_console.inbox.lines_view import LinesView
from operator_console.replies.cycle import Cycle
from operator_console.themes import Palette
from operator_console.translation import _, spoken
from scenarios_yaml.language.editing.document import Document, Plain

SHOWN_AFTER = 0.06
"""Seconds of rest: a letter is painted first, and what it changes of the look after it."""

WIDE = 110
"""Columns from which on there is room for the fields and the look."""


@runtime_checkable
class OfShop(Protocol):
    """A screen that knows what texts may say of the shop: its name and its address."""

    @property
    def site(self) -> Mapping[str, Any]: ...


class FormPreview(LinesView):
    """A look with where it stands on a page. `shop` is what the shop is called."""

    def __init__(self, shop: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._shop = shop

    def show_look(self, look: Look | None) -> None:
        """Show another look, or that there is none to be shown."""
        if look is None:
            self.say(_("What it looks like is shown once the step can be read."))
            return

        def lines(palette: Palette, width: int) -> list[Strip]:
            painter = LookPainter(palette, width, self._shop)
            blank = Strip.blank(width, palette.style("text", "paper"))
            painted = [*painter.measures(look), blank, *painter.paint(look), blank]
            if isinstance(look, PopupLook):
                painted += [*painter.on_page(look, told=False), blank]
            return painted

        self.show(lines, keep_place=True)


class Previewing(ModalScreen[bool]):
    """A form that shows what it is filled in for, where that is something that a visitor sees."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (150, "-vast")]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "look", "How it looks", show=False, priority=True),
        Binding("ctrl+o", "browse", "In the browser", show=False, priority=True),
    ]
    _seen_of: Document
    _form_place = ""
    _looks: StepLooks | None = None
    _seen_place = ""
    """Of the step that is seen."""
    _seen_in = ""
    """The language in which it is."""
    _look_timer: Timer | None = None
    _tree: Browsing | None = None
    """The screen behind that shows drafts in the browser, and what it showed before this form."""
    _draft_before: Callable[[], Draft | None] | None = None
    _typed_now: Mapping[str, Plain | None] | None = None
    _left: Widget | None = None
    """The field from which one went to look."""

    @abstractmethod
    def typed_values(self) -> Mapping[str, Plain | None]:
        """What would stand at each place if the form were kept now; None: nothing. Only what differs from the document,
        and can be taken.
        """

    @abstractmethod
    def language_at(self, widget: Widget) -> str:
        """The language of the text that is written in a field; empty where it is of none."""

    def preview_pane(self, document: Document, place: str) -> ComposeResult:
        """The pane for the form of a place, where that is of something to be seen."""
        self._seen_place = seen_step(document, place)
        if not self._seen_place:
            return
        self._seen_of, self._form_place = document, place
        self._seen_in = spoken()
        behind = [screen for screen in self.app.screen_stack if isinstance(screen, Browsing)]
        self._tree = behind[-1] if behind else None
        shops = [screen.site for screen in self.app.screen_stack if isinstance(screen, OfShop)]
        site = shops[-1] if shops else {}
        around = self._tree.around if self._tree is not None else DesignAround()
        self._looks = StepLooks(document, self._seen_place, site, around.now())
        yield FormPreview(str(site.get("name", "")), id="form-look")

    def on_mount(self) -> None:
        if self._looks is None:
            return
        self.add_class("-seen")
        kind = self._seen_of.value(self._seen_place)
        self.set_class(isinstance(kind, dict) and not {"popup", "email"} & set(kind), "-brief")
        self._show_keys()
        if self._tree is not None:
            self._draft_before, self._tree.draft_of_form = self._tree.draft_of_form, self._draft
        self._show_look()

    def on_resize(self) -> None:
        if self._looks is not None:
            self._show_keys()

    def _show_keys(self) -> None:
        keys = [_("^L how it looks"), _("^S keep"), _("Esc back")]
        if self._tree is not None:
            keys.insert(1, _("^O in the browser"))
        if self.app.size.width >= WIDE:
            keys[-1:] = [_("Tab next"), keys[-1]]
        self.query_one(".sheet").border_subtitle = Content(" · ".join(keys)).markup

    def on_unmount(self) -> None:
        if self._tree is not None:
            self._tree.draft_of_form = self._draft_before

    # --- Following what is typed ---

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Cycle.Changed)
    @on(ItemsField.Changed)
    @on(PlaceMap.Changed)
    def _follow_typing(self) -> None:
        self._typed_now = None
        self._look_soon()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        language = self.language_at(event.widget)
        if language not in ("", self._seen_in):
            self._seen_in = language
            self._look_soon()

    def _look_soon(self) -> None:
        if self._looks is None:
            return
        if self._look_timer is not None:
            self._look_timer.stop()
        self._look_timer = self.set_timer(SHOWN_AFTER, self._show_look)

    def _typed(self) -> Mapping[str, Plain | None]:
        """What was typed, by place."""
        """By place; with what is typed in the form behind, where this one is of a part of the same step."""
        if self._typed_now is None:
            own = {place: None if value == [] else value for place, value in self.typed_values().items()}
            self._typed_now = {**self._typed_behind(), **own}
        return self._typed_now

    def _typed_behind(self) -> Mapping[str, Plain | None]:
        behind = self._draft_before() if self._draft_before is not None else None
        if behind is None or behind.step != self._seen_place:
            return {}
        # The list of which this form shows an item stands in this form's document as it is now.
        return {at: value for at, value in behind.typed.items() if not self._form_place.startswith(f"{at}.")}

    def _show_look(self) -> None:
        if self._looks is not None:
            look = self._looks.look(self._typed(), self._seen_in)
            self.query_one(FormPreview).show_look(look)

    def _draft(self) -> Draft:
        return Draft(self._seen_of.text, self._seen_place, self._seen_in, self._typed())

    # --- Keys ---

    def action_look(self) -> None:
        """To the preview, to be read, which takes the fields' place where it is narrow; and back to the field."""
        if self._looks is None:
            return
        pane = self.query_one(FormPreview)
        if pane.has_focus:
            self.remove_class("-looking")
            if self._left is not None:
                self._left.focus()
        else:
            self._left = self.focused
            self.add_class("-looking")
            pane.focus()

    def action_browse(self) -> None:
        """The step as it is typed in the browser, where there is a desk that shows it."""
        if self._tree is not None:
            self._tree.action_browse()
