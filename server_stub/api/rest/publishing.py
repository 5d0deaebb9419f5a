"""/api/scenarios/{slug}, /api/segments/{slug}: their texts, read and replaced, and every one that there ever was."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import (
    ChangeScenario,
    Publication,
    PublishScenario,
    ScenarioFile,
    ScenarioTests,
    ScenarioVersion,
    ShopWorld,
    WriteScenarioTests,
)
from server_stub.store.base import OperatorRow

routes = Routes("publishing")


class Paged(Struct, frozen=True, forbid_unknown_fields=True):
    before: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


@routes.get("/api/scenarios/{slug}")
async def scenario_file(office: Office, slug: str) -> ScenarioFile:
    """A scenario's text as it lies on the server, and who stands where in it."""
    return await office.publisher.file("scenario", slug)


@routes.put("/api/scenarios/{slug}", role="marketer")
async def publish_scenario(
    office: Office, operator: OperatorRow, slug: str, body: PublishScenario
) -> Publication:
    """Put a text in the place of the one that `base` names, or only say what would come of it."""
    return await office.publisher.publish("scenario", slug, body, operator)


@routes.patch("/api/scenarios/{slug}", role="marketer")
async def change_scenario(
    office: Office, operator: OperatorRow, slug: str, body: ChangeScenario
) -> Publication:
    """Launch, pause, resume or archive a scenario: of its file nothing but the status changes."""
    return await office.publisher.switch(slug, body, operator)


@routes.get("/api/scenarios/{slug}/tests")
async def scenario_tests(office: Office, slug: str) -> ScenarioTests:
    """The tests that stand beside a scenario."""
    return await office.publisher.tests(slug)


@routes.put("/api/scenarios/{slug}/tests", role="marketer")
async def write_scenario_tests(office: Office, slug: str, body: WriteScenarioTests) -> ScenarioTests:
    """Put others in the place of those that `base` names."""
    return await office.publisher.write_tests(slug, body)


@routes.get("/api/world")
async def shop_world(office: Office) -> ShopWorld:
    """What scenarios see of the shop: its hours, its time zone, how often it may write."""
    world, settings = office.desk.world(), office.settings
    return ShopWorld(
        timezone=world.timezone,
        locale=world.locale,
        business_hours={str(day): hours for day, hours in settings.business_hours.items()},
        holidays=world.holidays,
        quiet_hours=settings.messages.quiet_hours,
        most=world.frequency_cap[0],
        within_ms=world.frequency_cap[1],
        currency=world.currency,
        site={"name": settings.site.name, "url": settings.site.url},
    )


@routes.get("/api/segments/{slug}")
async def segment_file(office: Office, slug: str) -> ScenarioFile:
    """A segment's text as it lies on the server."""
    return await office.publisher.file("segment", slug)


@routes.put("/api/segments/{slug}", role="marketer")
async def publish_segment(
    office: Office, operator: OperatorRow, slug: str, body: PublishScenario
) -> Publication:
    """Put a text in the place of the one that `base` names, or only say what would come of it."""
    return await office.publisher.publish("segment", slug, body, operator)


@routes.get("/api/scenarios/{slug}/versions")
async def scenario_versions(office: Office, slug: str, query: Paged) -> list[ScenarioVersion]:
    """Every text of a scenario that was ever published, the newest first: who did it, when and why."""
    return await office.publisher.versions("scenario", slug, query.before, query.limit)


@routes.get("/api/scenarios/{slug}/versions/{base}")
async def scenario_version(office: Office, slug: str, base: str) -> ScenarioFile:
    """A scenario's text as it was published."""
    return await office.publisher.version("scenario", slug, base)


@routes.get("/api/segments/{slug}/versions")
async def segment_versions(office: Office, slug: str, query: Paged) -> list[ScenarioVersion]:
    """Every text of a segment that was ever published, the newest first: who did it, when and why."""
    return await office.publisher.versions("segment", slug, query.before, query.limit)


@routes.get("/api/segments/{slug}/versions/{base}")
async def segment_version(office: Office, slug: str, base: str) -> ScenarioFile:
    """A segment's text as it was published."""
    return await office.publisher.version("segment", slug, base)
