"""/api/look: how the shop's widget looks."""

from __future__ import annotations

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import WidgetLook, WriteLook

routes = Routes("look")


@routes.get("/api/look")
async def widget_look(office: Office) -> WidgetLook:
    """How the widget looks, as it is set: an empty title is the shop's name."""
    return office.looks.as_set


@routes.put("/api/look", role="marketer")
async def write_widget_look(office: Office, body: WriteLook) -> WidgetLook:
    """Let the widget look so from each visitor's next page on."""
    return await office.looks.write(body)
