"""/api/previews: what a visitor would see of a draft, as a page in a browser."""

from __future__ import annotations

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.previews import shelf
from server_stub.previews.doors import PREFIX
from server_stub.previews.shown import Shop, Shown, show
from server_stub.protocol import MakePreview, Preview

routes = Routes("previews")


@routes.post("/api/previews", status=201, role="marketer")
async def make_preview(office: Office, body: MakePreview) -> Preview:
    """Make a page that shows one step of a draft to a sample visitor."""
    return _told(office.previews.add(await _shown(office, body)))


@routes.put("/api/previews/{preview}", role="marketer")
async def change_preview(office: Office, preview: str, body: MakePreview) -> Preview:
    """Let the page show this instead; where it is open, it follows at once."""
    office.previews.get(preview)
    return _told(office.previews.change(preview, await _shown(office, body)))


async def _shown(office: Office, body: MakePreview) -> Shown:
    settings = office.settings
    shop = Shop(office.desk.world(), office.letters, settings.coupons, settings.site.bot_name)
    now = office.now()
    return await office.read(lambda: show(body, shop, now))


def _told(preview: shelf.Preview) -> Preview:
    return Preview(preview.token, f"{PREFIX}{preview.token}/", preview.shown.kind)
