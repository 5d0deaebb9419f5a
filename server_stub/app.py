"""The ASGI application: which path goes to which handler, and who hears of a commit. Wiring only.

What carries most of the traffic (tracking, the two sockets) and what must answer always (health, the widget's script)
are found by one look into a dict; everything else is the REST API's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from server_stub.api import scenario_files
from server_stub.api.auth import OperatorDirectory
from server_stub.api.consoles import Console, Consoles, tell_figures, try_again
from server_stub.api.http import Handler, Receive, Scope, Send
from server_stub.api.pages import Pages
from server_stub.api.rest import (
    dialogs,
    figures,
    find,
    house,
    look,
    messages,
    outbox,
    past,
    presets,
    previews,
    publishing,
    reach,
    visitors,
    whole_visitors,
)
from server_stub.api.rest.office import Office
from server_stub.api.rest.openapi import schema_handler
from server_stub.api.rest.routing import Rest
from server_stub.api.scenario_files import ScenarioFiles
from server_stub.api.sockets import refuse_handshake
from server_stub.api.static import WidgetScript, first_page, health, metrics
from server_stub.api.stream import StreamSocket
from server_stub.api.tokens import VisitorTokens
from server_stub.api.tracking import PATHS, Tracking
from server_stub.api.uploads import Downloads, WidgetUploads
from server_stub.api.watchers import Watchers
from server_stub.api.widget import WidgetSocket
from server_stub.channels.letter import Letters
from server_stub.data_folder import DataFolder
from server_stub.desk.desk import Desk
from server_stub.desk.jobs import Published
from server_stub.files import FileShelf
from server_stub.names.reader import NamesReader
from server_stub.previews.doors import PREFIX as PREVIEWS
from server_stub.previews.doors import PreviewDoors
from server_stub.previews.shelf import Previews
from server_stub.protocol import Author, OperatorChanged
from server_stub.publisher import Publisher
from server_stub.reach.asking import Reacher
from server_stub.scenario_folder import ScenarioFolder
from server_stub.settings import Settings
from server_stub.store.base import OperatorRow, Store, StoreError
from server_stub.widget_look import WidgetLooks
from server_stub.work import OperatorPresence, Rejected

TOPICS = [
    dialogs.routes,
    find.routes,
    reach.routes,
    previews.routes,
    messages.routes,
    visitors.routes,
    whole_visitors.routes,
    house.routes,
    look.routes,
    presets.routes,
    outbox.routes,
    past.routes,
    figures.routes,
    publishing.routes,
]

log = logging.getLogger("server_stub")


class DeskApp:
    """The application. Callable as ASGI; `start` and `stop` frame its life. `now` is the server's clock, in ms."""

    def __init__(
        self,
        desk: Desk,
        store: Store,
        folder: DataFolder,
        settings: Settings,
        now: Callable[[], int],
        letters: Letters,
    ) -> None:
        self.desk = desk
        self.store = store
        self.now = now
        self.is_ready = False
        self._shows_typing = settings.chat.show_typing
        self._operators_online = False
        self.operators = OperatorDirectory(store)
        self.scenarios = ScenarioFolder(folder.scenarios, desk, now)
        self.consoles = Consoles(self._operator_came_or_went)
        self.watchers: Watchers[Console] = Watchers(desk, store, tell_figures, try_again)
        self.pages = Pages(desk, settings.chat.presence_grace, self.consoles.presence, store.messages)

        write_key = folder.secret("write_key")
        tokens = VisitorTokens(folder.secret("widget_secret"), folder.secret("identity_secret"))
        shelf = FileShelf(folder.files)
        origins = settings.site.allowed_origins
        uploads = WidgetUploads(
            desk, shelf, tokens, now, origins=origins, an_hour=settings.limits.uploads_an_hour
        )
        self.previews = Previews(now)
        self.looks = WidgetLooks(folder.settings, settings, lambda look: letters.tint(look.colour))
        script = WidgetScript().handle
        preview_doors = PreviewDoors(self.previews, self.looks.shown, script)
        self._by_prefix: tuple[tuple[str, Handler], ...] = (
            ("/files/", Downloads(store, shelf).handle),
            (scenario_files.PREFIX, ScenarioFiles(folder.scenario_files).handle),
            (PREVIEWS, preview_doors.handle),
        )
        self._http: dict[str, Handler] = {
            **dict.fromkeys(PATHS, Tracking(desk, write_key, now, origins).handle),
            "/v1/widget/files": uploads.handle,
            "/widget.js": script,
            "/healthz": health(),
            "/readyz": health(lambda: self.is_ready),
            "/metrics": metrics(self._figures, store.counts),
            "/": first_page(settings.site.name, write_key),
        }
        self._preview_socket = preview_doors.socket
        self._sockets: dict[str, Handler] = {
            "/v1/widget": WidgetSocket(
                desk, self.pages, tokens, settings, write_key, now, self.looks.shown, self._visitor_types
            ).handle,
            "/api/stream": StreamSocket(
                store,
                self.consoles,
                self.operators,
                lambda: desk.last_seq,
                lambda: self.pages.online,
                self._operator_types,
                self.watchers,
            ).handle,
        }
        office = Office(
            desk=desk,
            store=store,
            operators=self.operators,
            consoles=self.consoles,
            online=lambda: self.pages.online,
            shelf=shelf,
            settings=settings,
            publisher=Publisher(self.scenarios, desk, store),
            previews=self.previews,
            looks=self.looks,
            letters=letters,
            reacher=Reacher(folder.root, lambda: desk.world().operators_online),
            names=NamesReader(store, lambda: desk.scenarios, settings, folder),
            version=product_version(),
            now=now,
        )
        self._rest = Rest(office, TOPICS).handle
        self._http["/schema"] = schema_handler(TOPICS, office.version)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["type"] == "http":
            handler = self._http.get(path)
            if handler is None:
                below = (found for prefix, found in self._by_prefix if path.startswith(prefix))
                handler = next(below, self._rest)
            await handler(scope, receive, send)
        elif scope["type"] == "websocket":
            handler = self._sockets.get(path)
            if handler is None:
                handler = self._preview_socket if path.startswith(PREVIEWS) else _no_socket
            await handler(scope, receive, send)

    # --- Life -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """The desk has started: hear of its commits, and take work."""
        self.desk.subscribe(self._published)
        self.is_ready = True

    async def stop(self) -> None:
        """Take no more sockets' work; they are told to reconnect. Call it before the desk stops."""
        self.is_ready = False
        self.pages.close_all()
        self.previews.end_all()
        await self.consoles.close_all()

    # --- What is told to whom ------------------------------------------------------------------------------

    def _published(self, commit: Published) -> None:
        """After each commit, before those who asked for it are answered."""
        for entry in commit.entries:
            if isinstance(entry.what, OperatorChanged):
                self._operator_changed(entry.what)
        self.consoles.publish(commit)
        self.watchers.taken(commit.entries)
        self.pages.route(commit.entries)

    def _operator_changed(self, change: OperatorChanged) -> None:
        self.operators.refresh()
        if change.removed:
            self.consoles.sign_out(change.operator)
        online = any(self.consoles.is_online(row.id) and not row.away for row in self.operators.all())
        if online != self._operators_online:
            self._operators_online = online
            self.pages.operators_online(online)

    async def _operator_came_or_went(self, operator: str, online: bool) -> None:
        try:
            await self.desk.submit(OperatorPresence(operator=operator, online=online, at=self.now()))
        except (Rejected, StoreError) as error:
            log.warning("the presence of operator %s was not recorded: %s", operator, error)

    def _visitor_types(self, anonymous_id: str, text: str) -> None:
        visitor = self.desk.visitor_of(anonymous_id)
        dialog = self.store.open_dialogs([visitor]).get(visitor) if visitor else None
        if dialog is not None and visitor:
            who = Author("visitor", visitor, dialog.visitor_name)
            self.consoles.typing(dialog.id, who, text if self._shows_typing else "")

    def _operator_types(self, dialog: str, operator: OperatorRow) -> None:
        summary = self.store.dialogs([dialog]).get(dialog)
        if summary is not None:
            self.pages.operator_types(summary.visitor, operator.name)

    def _figures(self) -> dict[str, float]:
        return {
            "journal_last_seq": self.desk.last_seq,
            "pages_open": len(self.pages),
            "visitors_online": len(self.pages.online),
            "consoles_connected": len(self.consoles),
        }


def product_version() -> str:
    try:
        return version("operator-console")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


async def _no_socket(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await refuse_handshake(
        send, Rejected("not_found", f"There is no socket at {scope['path'][:200]}.", status=404)
    )
    await asyncio.sleep(0)
