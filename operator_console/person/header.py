"""The lines above the full card: who it is, how he stands, and which pane is shown where only one has room."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.inbox.value_words import money
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked
from operator_console.visitor_names import Called
from server_stub.protocol import VisitorCard

PANES = {"who": marked("Who he is"), "goods": marked("What he buys"), "story": marked("What he did")}
WIDE = 110


class PersonHeader(Bar):
    """Two lines."""

    GROUND = "raised"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.who: Called | None = None
        self.card: VisitorCard | None = None
        self.online = False
        self.pane = "who"
        self.trouble = ""
        """What is wrong, raw; empty when nothing is."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        who: list[Piece] = [(" ● " if self.online else " ○ ", "good" if self.online else "faint")]
        if self.who is not None:
            who.append((self.who.name, "text!"))
            who += [(f" {self.who.mark}", "faint")] if self.who.mark else []
        if self.card is not None and self.card.blocked:
            who += [("  ", "text"), (f" {_('blocked')} ", "on_hot!", "hot", "block")]
        facts: list[Piece] = [(f"{' · '.join(self._facts())} ", "soft")]
        return [(who, facts), self._second(width)]

    def _facts(self) -> list[str]:
        card = self.card
        if card is None:
            return []
        facts = [counted("{count} visit", "{count} visits", card.visits)]
        if card.orders:
            facts.append(counted("{count} order", "{count} orders", card.orders))
            facts.append(money(card.revenue, card.cart.currency))
        facts.append(counted("{count} dialog", "{count} dialogs", len(card.dialogs)))
        return facts

    def _second(self, width: int) -> tuple[list[Piece], list[Piece]]:
        if self.trouble:
            return [(f"   {safe_line(self.trouble, 200)}", "hot!")], []
        if width >= WIDE or self.card is None:
            contact = [self.card.email, self.card.phone] if self.card else []
            return [("   " + " · ".join(safe_line(one, 100) for one in contact if one), "soft")], []
        tabs: list[Piece] = [("  ", "text")]
        for pane, title in PANES.items():
            look, ground = ("accent!", "ground") if pane == self.pane else ("soft", "")
            tabs.append((f" {_(title)} ", look, ground, f"pane('{pane}')"))
        return tabs, []
