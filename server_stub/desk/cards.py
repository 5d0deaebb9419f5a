"""The visitor's card, as operators see it beside the conversation."""

from __future__ import annotations

from scenarios_yaml.engine import state as engine
from server_stub.desk.people import text_property
from server_stub.desk.persons.details import devices_of, email_of, place_of
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Cart, CartItem, PageNow, Touch, VisitorCard


def card_of(tx: Transaction, visitor: str) -> VisitorCard:
    """Raises Rejected where there is no such visitor. Whether he is online is the sockets' to know."""
    person = tx.known_person(visitor)
    state = person.state
    device = device_of_state(state)
    return VisitorCard(
        id=state.id,
        seq=tx.last_seq,
        name=person.name,
        email=text_property(state, "email"),
        phone=text_property(state, "phone"),
        user_id=person.user_id,
        properties=state.properties,
        tags=tuple(state.tags),
        segments=tuple(state.segments),
        visits=state.visits,
        first_visit=state.first_visit,
        last_visit=state.last_visit,
        first_touch=_touch(state.first_touch),
        last_touch=_touch(state.session.touch),
        page=PageNow(state.page.url, state.page.title, state.page.section, state.page.at),
        cart=_cart(state.cart),
        orders=state.orders,
        revenue=state.revenue,
        device=device,
        locale=text_property(state, "locale"),
        timezone=text_property(state, "timezone"),
        dialogs=tuple(dialog.id for dialog in reversed(tx.dialogs_of(state.id))),
        merged=tuple(tx.store.merged(state.id)),
        blocked=person.blocked,
        notes=tuple(tx.store.visitor_notes(state.id)),
        devices=devices_of(device, person.details),
        place=place_of(state, person.details),
        profiles=tuple(
            found.profile
            for found in person.details.profiles
            if found.email == email_of(state) and found.profile.url
        ),
    )


def device_of_state(state: engine.VisitorState) -> str:
    """Such as `mobile · Safari, iOS`."""
    parts = [part for part in (text_property(state, "browser"), text_property(state, "os")) if part]
    return " · ".join(part for part in (text_property(state, "device"), ", ".join(parts)) if part)


def _touch(touch: engine.Touch) -> Touch:
    return Touch(touch.at, touch.referrer, touch.channel, touch.utm, touch.landing)


def _cart(cart: engine.Cart) -> Cart:
    items = tuple(
        CartItem(item.product_id, item.name, item.price, item.quantity, item.url, item.image_url)
        for item in cart.items
    )
    return Cart(items, cart.total, cart.currency)
