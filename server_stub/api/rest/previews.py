"""/api/previews: what a visitor would see of a draft, as a page in a browser."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.previews import shelf
from server_stub.previews.doors import PREFIX
from server_stub.previews.shown import Shop, Shown, show, show_look
from server_stub.protocol import MakePreview, Preview
from server_stub.widget_look import checked_look

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
    look = office.looks.named(checked_look(body.look)) if body.look is not None else None
    if look is not None and not body.step:
        return show_look(look, body.sample.locale or shop.world.locale)
    shown = await office.read(lambda: show(body, shop, now))
    return replace(shown, look=look)


def _told(preview: shelf.Preview) -> Preview:
    return Preview(preview.token, f"{PREFIX}{preview.token}/", preview.shown.kind)
