"""What he looks at, puts into the cart and orders: products, as Segment names them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, TypeAlias

from scenarios_yaml.engine.state import CART_LIMIT, VIEWED_LIMIT, Cart, CartItem, Order
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.engine.values import first_text, number

Properties: TypeAlias = dict[str, Any]
ORDER_PRODUCTS_LIMIT = 50
PRODUCT_CHARS = 300
"""The longest name or address of a product in cart and viewed products."""


def product_of(properties: Any) -> CartItem | None:
    """A product as Segment names it; None where nothing identifies it."""
    if not isinstance(properties, dict):
        return None
    product_id = first_text(properties, "product_id", "id", "sku", "name")
    if not product_id:
        return None
    price = number(properties.get("price"))
    quantity = number(properties.get("quantity"))
    return CartItem(
        product_id[:PRODUCT_CHARS],
        first_text(properties, "name")[:PRODUCT_CHARS],
        max(0.0, price) if price is not None else 0.0,
        max(0.0, quantity) if quantity is not None else 1.0,
        first_text(properties, "url")[:PRODUCT_CHARS],
        first_text(properties, "image_url", "image")[:PRODUCT_CHARS],
    )


def _product_viewed(turn: Turn, properties: Properties, _at: int) -> None:
    product = product_of(properties)
    if product is None:
        return
    product.quantity = 1.0
    others = [item for item in turn.state.viewed if item.product_id != product.product_id]
    turn.state.viewed = [product, *others][:VIEWED_LIMIT]


def _product_added(turn: Turn, properties: Properties, _at: int) -> None:
    product = product_of(properties)
    if product is None or product.quantity <= 0:
        return
    items = list(turn.state.cart.items)
    for index, item in enumerate(items):
        if item.product_id == product.product_id:
            product.quantity += item.quantity
            product.name, product.url = product.name or item.name, product.url or item.url
            product.image_url, product.price = (
                product.image_url or item.image_url,
                product.price or item.price,
            )
            items[index] = product
            break
    else:
        items.append(product)
    _set_cart(turn, items, properties)


def _product_removed(turn: Turn, properties: Properties, _at: int) -> None:
    product = product_of(properties)
    if product is None:
        return
    removes_all = number(properties.get("quantity")) is None
    items = []
    for item in turn.state.cart.items:
        if item.product_id == product.product_id:
            if removes_all or item.quantity <= product.quantity:
                continue
            item = copy(item)
            item.quantity -= product.quantity
        items.append(item)
    _set_cart(turn, items, properties)


def _cart_viewed(turn: Turn, properties: Properties, _at: int) -> None:
    products = properties.get("products")
    if isinstance(products, list):
        found = [product_of(product) for product in products]
        _set_cart(turn, [item for item in found if item is not None and item.quantity > 0], properties)
    elif "cart_id" in properties or "currency" in properties:
        _set_cart(turn, turn.state.cart.items, properties)


def _set_cart(turn: Turn, items: list[CartItem], properties: Properties) -> None:
    cart = turn.state.cart
    items = items[:CART_LIMIT]
    turn.state.cart = Cart(
        first_text(properties, "cart_id") or cart.id,
        items,
        first_text(properties, "currency") or cart.currency,
        round(sum(item.price * item.quantity for item in items), 2),
    )


def _order_completed(turn: Turn, properties: Properties, at: int) -> None:
    state = turn.state
    order_id = first_text(properties, "order_id", "orderId")
    known = bool(order_id) and order_id == state.order.id
    total = _total(properties)
    products = properties.get("products")
    lines = [line for line in products if isinstance(line, dict)] if isinstance(products, list) else []
    if known:
        state.revenue -= state.order.total
    else:
        state.orders += 1
    if not total and state.cart.items and not lines:
        total = state.cart.total
    state.revenue += total
    currency = first_text(properties, "currency") or state.cart.currency
    lines = lines or [_line(item) for item in state.cart.items]
    state.order = Order(order_id, total, currency, max(at, state.order.at), lines[:ORDER_PRODUCTS_LIMIT])
    state.cart = Cart()


def _order_updated(turn: Turn, properties: Properties, _at: int) -> None:
    state = turn.state
    if first_text(properties, "order_id", "orderId") != state.order.id:
        return
    order = turn.own("order")
    total = _total(properties) or order.total
    state.revenue += total - order.total
    order.total = total


def _line(item: CartItem) -> Properties:
    return {
        "product_id": item.product_id,
        "name": item.name,
        "price": item.price,
        "quantity": item.quantity,
        "url": item.url,
        "image_url": item.image_url,
    }


def _total(properties: Properties) -> float:
    for name in ("total", "revenue", "value"):
        amount = number(properties.get(name))
        if amount is not None:
            return max(0.0, amount)
    return 0.0


def _order_refunded(turn: Turn, properties: Properties, _at: int) -> None:
    state = turn.state
    order_id = first_text(properties, "order_id", "orderId")
    given = number(properties.get("total"))
    refund = given if given is not None else state.order.total if order_id == state.order.id else 0.0
    state.revenue = max(0.0, state.revenue - max(0.0, refund))


FACTS: dict[str, Callable[[Turn, Properties, int], None]] = {
    "productviewed": _product_viewed,
    "productadded": _product_added,
    "productremoved": _product_removed,
    "cartviewed": _cart_viewed,
    "ordercompleted": _order_completed,
    "orderupdated": _order_updated,
    "orderrefunded": _order_refunded,
    "ordercancelled": _order_refunded,
}
"""By `event_key`: what an event says of products."""
