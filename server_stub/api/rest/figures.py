"""/api/scenarios: all of them with their totals; the figures of one, and the visitors behind each."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.figures.days import LATEST
from server_stub.figures.summed import OF_DAYS, Sums, totals
from server_stub.protocol import (
    FigureName,
    FigureVisitor,
    FigureVisitors,
    ScenarioFigures,
    ScenarioStatus,
)
from server_stub.store.base import Behind
from server_stub.work import Rejected

routes = Routes("figures")

Moment = Annotated[int, Meta(ge=0, lt=LATEST)]
Name = Annotated[str, Meta(max_length=200)]


class Lately(Struct, frozen=True, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1, le=366)] | None = None


class Period(Struct, frozen=True, forbid_unknown_fields=True):
    since: Moment = 0
    until: Moment = 0
    version: Name = ""


class Which(Struct, frozen=True, forbid_unknown_fields=True):
    figure: FigureName
    step: Name | None = None
    branch: Name | None = None
    version: Name = ""
    since: Moment = 0
    until: Moment = 0
    before: Name = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


@routes.get("/api/scenarios")
async def list_scenarios(office: Office, query: Lately) -> list[ScenarioStatus]:
    """Every scenario, what is wrong with its file, and, where `days` is asked for, who entered lately."""
    statuses = list(office.desk.statuses())
    if query.days is None:
        return statuses
    last = office.desk.days.of(office.now())
    first = last - query.days + 1
    found = await office.read(lambda: office.store.figure_totals(OF_DAYS, first, last))
    counts: dict[str, list[tuple[int, str, int]]] = {}
    for slug, day, figure, times in found:
        counts.setdefault(slug, []).append((day, figure, times))
    return [replace(one, totals=totals(counts.get(one.slug, ()), first, last)) for one in statuses]


@routes.get("/api/scenarios/{slug}/figures")
async def scenario_figures(office: Office, slug: str, query: Period) -> ScenarioFigures:
    """What happened at the steps of a scenario, in all or in whole days; who is on his way, and where, is as of now."""
    _check_period(query.since, query.until)
    first, last = office.desk.days.period(query.since, query.until)
    seq, counts = await office.read(lambda: office.store.figure_counts(slug, first, last, query.version))
    running, standing = office.desk.standing(slug, query.version)
    if not counts and not running and all(one.slug != slug for one in office.desk.statuses()):
        raise Rejected("not_found", f"There is no scenario {slug[:80]!r}.", status=404)
    sums = Sums(slug)
    sums.add(counts)
    return sums.all(seq, running, standing)


@routes.get("/api/scenarios/{slug}/visitors")
async def figure_visitors(office: Office, slug: str, query: Which) -> FigureVisitors:
    """The visitors behind a figure, the latest first; of the period, `until` is no part."""
    _check_period(query.since, query.until)
    before = _place(query.before) if query.before else None

    def answer() -> FigureVisitors:
        found = office.store.behind_figure(
            slug,
            query.figure,
            step=query.step,
            branch=query.branch,
            version=query.version,
            since=query.since,
            until=query.until,
            before=before,
            limit=query.limit + 1,
        )
        page = found[: query.limit]
        cursor = ""
        if len(found) > query.limit:
            last = page[-1].fact
            cursor = f"{last.at}.{last.seq}.{last.part}"
        return FigureVisitors(_told(office, page), cursor)

    return await office.read(answer)


def _told(office: Office, found: list[Behind]) -> tuple[FigureVisitor, ...]:
    """With whom each has become, and what he is called now."""
    people: dict[str, tuple[str, str]] = {}
    for visitor in {one.visitor for one in found}:
        now = office.visitor_id(visitor)
        row = office.store.visitors([now])[now]
        people[visitor] = now, row.name or row.email
    return tuple(
        FigureVisitor(
            people[one.visitor][0],
            one.fact.at,
            one.fact.seq,
            people[one.visitor][1],
            one.fact.run,
            one.fact.version,
            one.fact.step,
            one.fact.branch,
        )
        for one in found
    )


def _check_period(since: int, until: int) -> None:
    """Raises Rejected."""
    if since and until and until < since:
        raise Rejected("invalid", "The period ends before it begins.", field="until")


def _place(cursor: str) -> tuple[int, int, int]:
    """Raises Rejected."""
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise Rejected("invalid", "`before` is the `cursor` of another page.", field="before")
    at, seq, part = map(int, parts)
    return at, seq, part
