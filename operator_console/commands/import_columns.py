"""Which column of a foreign table means what: guessed from its name, or told by `--map`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from operator_console.commands.talk import CommandError

NAMES: dict[str, tuple[str, ...]] = {
    "visitor": (
        "userid", "user", "visitorid", "visitor", "customerid", "customer", "clientid", "contactid", "distinctid",
        "uid",
    ),
    "anonymous": ("anonymousid", "anonymous", "deviceid", "cookieid", "cookie"),
    "event": ("event", "eventname", "eventtype", "action", "activity"),
    "at": (
        "timestamp", "originaltimestamp", "time", "at", "date", "datetime", "eventtime", "eventdate", "occurredat",
        "createdat", "happenedat", "ts",
    ),
    "email": ("email", "emailaddress", "mail", "useremail", "customeremail"),
    "name": ("fullname", "customername", "username"),
    "id": ("messageid", "eventid", "insertid"),
    "type": ("type",),
    "properties": ("properties", "props", "params", "attributes"),
    "traits": ("traits", "userproperties"),
    "context": ("context",),
}  # fmt: skip
"""What we need, by the names (in small letters, without anything between) under which others have it."""
MEANINGS = {
    "visitor": "the shop's id of the visitor",
    "anonymous": "the id of his browser",
    "event": "what happened",
    "at": "when",
    "email": "his email",
    "name": "his name",
    "id": "the event's own id: the same one is never taken twice",
    "type": "Segment's type of message: track, page, identify …",
    "properties": "a JSON object of properties",
    "traits": "a JSON object of the visitor's traits",
    "context": "Segment's context, a JSON object",
}
SEGMENT = {
    "productid": "product_id", "sku": "sku", "product": "name", "productname": "name", "itemname": "name",
    "category": "category", "brand": "brand", "variant": "variant", "price": "price", "unitprice": "price",
    "quantity": "quantity", "qty": "quantity", "coupon": "coupon", "cartid": "cart_id", "orderid": "order_id",
    "ordernumber": "order_id", "total": "total", "ordertotal": "total", "revenue": "revenue", "currency": "currency",
    "products": "products", "url": "url", "pageurl": "url", "path": "path", "title": "title", "referrer": "referrer",
    "imageurl": "image_url", "query": "query", "list": "list", "rating": "rating",
}  # fmt: skip
"""Properties of Segment's vocabulary, by the names under which others have them."""
PROPERTY = "property."
"""`--map property.price=Amount` gives a property another name than its column has."""


class Columns(Struct, frozen=True):
    """Column names by meaning; `properties` are those that become properties of the event, by their name there."""

    known: dict[str, str]
    properties: dict[str, str]
    guessed: frozenset[str]
    """Meanings that nobody has told."""

    def column(self, meaning: str) -> str:
        """An empty string where no column has it."""
        return self.known.get(meaning, "")


def columns_of(header: Sequence[str], told: Mapping[str, str]) -> Columns:
    """Of the table with these columns. Raises `CommandError` where a told column is not there, or one is missing."""
    known: dict[str, str] = {}
    properties: dict[str, str] = {}
    for meaning, column in told.items():
        if column not in header:
            raise CommandError(f"There is no column {column!r}.", _nearest(column, header))
        if meaning.startswith(PROPERTY):
            properties[meaning.removeprefix(PROPERTY)] = column
        else:
            known[meaning] = column
    taken = {*known.values(), *properties.values()}
    guessed = _guessed([column for column in header if column not in taken], known)
    known |= guessed
    taken |= set(guessed.values())
    for column in header:
        if column not in taken:
            name = column.removeprefix("properties.")
            known_as = SEGMENT.get(_folded(name), name)
            properties.setdefault(known_as if known_as not in properties else name, column)
    _check(known)
    return Columns(known, properties, frozenset(guessed))


def _guessed(columns: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for column in columns:
        folded.setdefault(_folded(column), column)
    guessed: dict[str, str] = {}
    for meaning, names in NAMES.items():
        found = next((folded[name] for name in names if name in folded), "")
        if found and meaning not in known:
            guessed[meaning] = found
    return guessed


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _check(known: Mapping[str, str]) -> None:
    for meanings, advice in (
        (("event", "type"), "which column says what happened: --map event=COLUMN"),
        (("at",), "which column says when: --map at=COLUMN"),
        (("visitor", "anonymous", "email"), "which column says who: --map visitor=COLUMN"),
    ):
        if not any(meaning in known for meaning in meanings):
            raise CommandError(f"No column means {MEANINGS[meanings[0]]}.", f"Say {advice}.")


def read_map(told: Sequence[str]) -> dict[str, str]:
    """`visitor=user_id` … Raises `CommandError`."""
    mapping: dict[str, str] = {}
    for one in told:
        meaning, equals, column = one.partition("=")
        meaning = meaning.strip()
        if not equals or not column.strip():
            raise CommandError(
                f"--map {one}: it is written OURS=COLUMN.", "For example --map visitor=user_id"
            )
        if meaning not in NAMES and not (meaning.startswith(PROPERTY) and len(meaning) > len(PROPERTY)):
            raise CommandError(
                f"--map {one}: {meaning!r} is none of {', '.join(NAMES)}, property.NAME.",
                _nearest(meaning, list(NAMES)),
            )
        mapping[meaning] = column.strip()
    return mapping


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known[:30])}."
