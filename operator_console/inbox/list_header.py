"""The lines above the dialog list: whose dialogs, what is filtered, marked and new, and the list's address."""

from __future__ import annotations

from operator_console.dialog_filter import Filter, Whose, address_of
from operator_console.inbox.bars import Bar, Piece, compact
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked, said

TABS: tuple[tuple[Whose, str, str], ...] = (
    ("mine", marked("Mine"), marked("Mine")),
    ("unassigned", marked("Unassigned"), marked("Free")),
    ("all", marked("All"), marked("All")),
    ("mentioned", "@", "@"),
)
"""Whose dialogs, the tab's title, and a short one for narrow lists."""
STATUS_WORDS: dict[str, str] = {
    "open": marked("open", "dialogs in a list"),
    "snoozed": marked("snoozed", "dialogs in a list"),
    "closed": marked("closed", "dialogs in a list"),
    "": marked("all", "dialogs in a list"),
}
ROOM_FOR_TITLES = 36
"""Cells from which on the tabs have their whole titles."""


class ListHeader(Bar):
    """Two lines, and a third one with the address where another list is shown than that of all open dialogs."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.shown = Filter()
        self.counts: dict[Whose, int] = dict.fromkeys((whose for whose, _title, _short in TABS), 0)
        self.filters: tuple[str, ...] = ()
        """What is asked for, in words, raw."""
        self.new_above = 0
        self.marked = 0

    def show(self, shown: Filter, filters: tuple[str, ...]) -> None:
        """Another list is shown."""
        self.shown, self.filters = shown, filters
        self.set_class(self.has_address, "-addressed")
        self.refresh()

    @property
    def has_address(self) -> bool:
        """Whether the third line is there."""
        return self.shown != Filter()

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        word = said("dialogs in a list", STATUS_WORDS[self.shown.status])
        look = "soft" if self.shown.status == "open" else "warm"
        rows: list[tuple[list[Piece], list[Piece]]] = [
            (self._tabs(width), []),
            (self._news(), [(f" {word} ▾ ", look, "", "status")]),
        ]
        if self.has_address:
            address = safe_line(address_of(self.shown), width)
            key: list[Piece] = [(" Y ", "accent", "", "copy_address")]
            rows.append(([(f"  {address}", "faint", "", "copy_address")], key))
        return rows

    def _tabs(self, width: int) -> list[Piece]:
        tabs: list[Piece] = [(" ", "text")]
        for whose, title, short in TABS:
            is_shown, count = whose == self.shown.whose, self.counts[whose]
            if whose == "mentioned" and not (is_shown or count):
                continue
            text = f" {_(title if width >= ROOM_FOR_TITLES else short)} {compact(count)} "
            look = "accent!" if is_shown else "note!" if whose == "mentioned" else "soft"
            tabs.append((text, look, "raised" if is_shown else "", f"whose('{whose}')"))
        return tabs

    def _news(self) -> list[Piece]:
        """What is marked, what is new above, and what is filtered."""
        pieces: list[Piece] = []
        if self.marked:
            text = counted("{count} marked", "{count} marked", self.marked)
            pieces.append((f"  ✓ {text} · Esc ", "accent!", "", "unmark"))
        if self.new_above:
            text = counted("{count} new above", "{count} new above", self.new_above)
            pieces.append((f"  ↑ {text} · g ", "accent!", "", "list_top"))
        pieces += [(f"  {safe_line(text, 40)}", "warm", "", "filter") for text in self.filters]
        if self.filters:
            pieces.append((" ✕", "soft", "", "reset_filter"))
        if not pieces and self.shown.sort == "waiting":
            pieces.append((f"  ↓ {_('longest wait')}", "soft", "", "sort"))
        return pieces or [("", "faint")]
