"""/api/scenarios/{slug}, /api/segments/{slug}: their texts, read and replaced."""

from __future__ import annotations

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import Publication, PublishScenario, ScenarioFile
from server_stub.store.base import OperatorRow

routes = Routes("publishing")


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
