"""A visitor as one line of a list: who is on the site now, or who was found."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Protocol

from server_stub.desk.cards import device_of_state
from server_stub.desk.people import person_of, text_property
from server_stub.protocol import DialogSummary, PageNow, VisitorBrief
from server_stub.store.base import VisitorRow


class HasOpenDialogs(Protocol):
    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]: ...


def briefs_of(
    store: HasOpenDialogs, rows: Iterable[VisitorRow], online: Set[str]
) -> tuple[VisitorBrief, ...]:
    """One a row, in the rows' order. `online` are the ids of those whose page is open. Reads the store once."""
    rows = list(rows)
    dialogs = store.open_dialogs([row.id for row in rows])
    return tuple(_brief(row, dialogs.get(row.id), row.id in online) for row in rows)


def _brief(row: VisitorRow, dialog: DialogSummary | None, online: bool) -> VisitorBrief:
    state = person_of(row).state
    page, cart = state.page, state.cart
    return VisitorBrief(
        id=row.id,
        last_at=row.last_at,
        name=row.name,
        email=row.email,
        phone=row.phone,
        tags=tuple(state.tags),
        online=online,
        since=state.session.started_at,
        page=PageNow(page.url, page.title, page.section, page.at),
        visits=state.visits,
        cart_items=sum(item.quantity for item in cart.items),
        cart_total=cart.total,
        currency=cart.currency or text_property(state, "currency"),
        orders=state.orders,
        revenue=state.revenue,
        channel=state.first_touch.channel if state.first_touch.at else "",
        device=device_of_state(state),
        dialog=dialog.id if dialog else "",
        blocked=state.blocked,
    )
