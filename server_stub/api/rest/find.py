"""/api/find: messages, visitors and dialogs, while somebody types what to look for."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Annotated

from msgspec import Meta, Struct

from server_stub.api.rest.dialogs import Words
from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.desk.persons.briefs import briefs_of
from server_stub.protocol import DialogSummary, FoundMessage, SearchResults
from server_stub.store.base import Store, VisitorRow

DIALOGS_A_VISITOR = 5
"""Of a visitor who was found, so many dialogs, the newest."""

routes = Routes("find")


class Finding(Struct, frozen=True, forbid_unknown_fields=True):
    q: Words = ""
    limit: Annotated[
        int, Meta(ge=1, le=100, description="Of messages, visitors and tagged dialogs each.")
    ] = 20


@routes.get("/api/find")
async def find(office: Office, query: Finding) -> SearchResults:
    """Messages that hold all words, visitors who are called so, and the dialogs of both, or whose tag it is. Of the
    last word the beginning is enough."""
    online = office.online()
    return await office.read(lambda: found_in(office.store, query.q, query.limit, online))


def found_in(store: Store, query: str, limit: int, online: Set[str]) -> SearchResults:
    """`online` are the ids of the visitors whose page is open. Raises StoreError."""
    if not query.strip():
        return SearchResults()
    messages = store.find_messages(query, limit + 1)
    visitors, cursor, _ = store.find_visitors(query, limit=limit, counted=False)
    tagged = store.dialogs_tagged(query, limit + 1)
    return SearchResults(
        dialogs=tuple(_dialogs(store, messages[:limit], visitors, tagged[:limit])),
        messages=tuple(messages[:limit]),
        visitors=briefs_of(store, visitors, online),
        more=len(messages) > limit or bool(cursor) or len(tagged) > limit,
    )


def _dialogs(
    store: Store,
    messages: Iterable[FoundMessage],
    visitors: Iterable[VisitorRow],
    tagged: list[DialogSummary],
) -> list[DialogSummary]:
    """Newest first by their last message."""
    ids = dict.fromkeys(message.dialog for message in messages)
    for visitor in visitors:
        ids |= dict.fromkeys(store.visitor_dialogs(visitor.id)[:DIALOGS_A_VISITOR])
    found = store.dialogs(list(ids)) | {dialog.id: dialog for dialog in tagged}
    return sorted(found.values(), key=lambda dialog: (dialog.last_at, dialog.id), reverse=True)
