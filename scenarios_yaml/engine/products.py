"""Products as messages show them. Where a text puts out the whole of a list ({{ products }}, {{ cart.items }} or
{{ order.products }}), it is lines in a chat, and rows with pictures in a letter.

The rows stand in the content of a letter, and PRODUCTS_MARK in its body for the place. A letter has rows of one list:
where it names a second one, that is a list of lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scenarios_yaml.engine.values import number, text_of
from scenarios_yaml.language.liquid_environment import money
from scenarios_yaml.language.liquid_nodes import Listing
from scenarios_yaml.language.markdown_escapes import escape_markdown, unescape_markdown

PRODUCTS_MARK: Final = "[[products]]"
"""No foreign value can bring it into a body: its brackets are escaped."""
LISTS: Final = ("products", "cart.items", "order.products")
_TEXTS = ("name", "url", "image_url")


def with_listings(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a text, whose lists of products know how they are shown."""
    given = dict(variables)
    currency = text_of(given.get("currency"))
    for name in LISTS:
        root, _, key = name.partition(".")
        owner = given.get(root)
        if not key and isinstance(owner, list):
            given[root] = _listing(owner, name, currency)
        elif key and isinstance(owner, Mapping) and isinstance(owner.get(key), list):
            own = text_of(owner.get("currency")) or currency
            given[root] = {**owner, key: _listing(owner[key], name, own)}
    return given


def _listing(products: list[Any], name: str, currency: str) -> Listing:
    shown = Listing(products)
    shown.rows = rows_of(products, currency)
    shown.plain = "\n".join(f"- {line_of(row)}" for row in shown.rows)
    shown.markdown = f"\n\n[[{name}]]\n\n" if shown.rows else ""
    return shown


def placed(body: str, variables: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """A rendered body with PRODUCTS_MARK where its rows stand, and the rows. The variables are those with listings."""
    named = {name: body.find(f"[[{name}]]") for name in LISTS}
    first = min((name for name in LISTS if named[name] >= 0), key=lambda name: named[name], default="")
    found: list[dict[str, Any]] = []
    for name in LISTS:
        root, _, key = name.partition(".")
        value = variables.get(root)
        value = value.get(key) if key and isinstance(value, Mapping) else value
        if named[name] < 0 or not isinstance(value, Listing):
            continue
        if name == first:
            found = value.rows
            body = body.replace(f"[[{name}]]", PRODUCTS_MARK)
        else:
            body = body.replace(f"[[{name}]]", _in_markdown(value.rows))
    return body, found


def rows_of(products: list[Any], currency: str) -> list[dict[str, Any]]:
    """What a letter shows of each: name, price, quantity, currency, url, image_url. What has no name is left out."""
    return [_row(product, currency) for product in products if isinstance(product, dict) and _name(product)]


def _row(product: dict[str, Any], currency: str) -> dict[str, Any]:
    quantity = number(product.get("quantity"))
    return {
        **{name: text_of(product.get(name)) for name in _TEXTS},
        "name": _name(product),
        "price": number(product.get("price")) or 0,
        "quantity": 1 if quantity is None else quantity,
        "currency": text_of(product.get("currency")) or currency,
    }


def _name(product: dict[str, Any]) -> str:
    return text_of(product.get("name")) or text_of(product.get("product_id"))


def called(row: dict[str, Any]) -> str:
    """`Lamp`, or `Lamp × 2`."""
    quantity = number(row.get("quantity"))
    several = quantity is not None and quantity > 1
    return f"{text_of(row.get('name'))} × {money(quantity)}" if several else text_of(row.get("name"))


def price_of(row: dict[str, Any]) -> str:
    """What all of it costs; empty where no price is known."""
    price, quantity = number(row.get("price")), number(row.get("quantity"))
    if price is None or price <= 0:
        return ""
    return money(price * (1 if quantity is None else quantity), text_of(row.get("currency")))


def line_of(row: dict[str, Any]) -> str:
    """A product in one line of plain text."""
    return " — ".join(part for part in (called(row), price_of(row)) if part)


def _in_markdown(rows: Any) -> str:
    shown = (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return "\n".join(f"- {_line_in_markdown(row)}" for row in shown)


def _line_in_markdown(row: dict[str, Any]) -> str:
    link = text_of(row.get("url"))
    name = escape_markdown(called(row))
    parts = (f"[{name}]({escape_markdown(link)})" if link else name, escape_markdown(price_of(row)))
    return " — ".join(filter(None, parts))


def body_in_markdown(content: Mapping[str, Any]) -> str:
    """The body of an email's content with its products as a list in their place."""
    return text_of(content.get("body")).replace(PRODUCTS_MARK, _in_markdown(content.get("products")))


def body_as_read(content: Mapping[str, Any]) -> str:
    """The same as people read it, without escapes."""
    return unescape_markdown(body_in_markdown(content))
