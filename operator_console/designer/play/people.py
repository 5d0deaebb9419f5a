"""Who the visitor of a session is: a sample, or one whom the desk knows. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct, structs

from operator_console.translation import _, spoken
from scenarios_yaml.engine.clock import known_zone, local, parse_moment, zone_of
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.paths import PathError, resolve_path
from scenarios_yaml.language.scalars import is_tag, weekday_number
from scenarios_yaml.tools.testing.case_reader import NOT_GIVEN
from scenarios_yaml.tools.testing.cases import MONDAY_NOON, Case
from server_stub.protocol import ShopWorld, VisitorCard

MOST_GIVEN = 60
"""Properties of a real visitor that a session takes over."""
_DAY = 86_400_000
DAYS = 7
WORLD = Case(name="", line=0)
"""A world without business hours, quiet hours and caps, on a Monday at noon."""


def world_of(shop: ShopWorld) -> Case:
    """The shop's own world as a test says it: its time zone, its hours, how often it may write.

    A test has the same hours on each day that the shop opens: those that most days have, since a session begins on one
    of them.
    """
    opens = {weekday_number(day): hours for day, hours in shop.business_hours.items() if "-" in hours}
    hours = Counter(opens.values()).most_common(1)
    return Case(
        name="",
        line=0,
        timezone=shop.timezone if known_zone(shop.timezone) is not None else "UTC",
        business_hours=_from_to(hours[0][0]) if hours else None,
        open_on=tuple(sorted(day for day in opens if day is not None)) if len(opens) < DAYS else (),
        holidays=shop.holidays,
        quiet_hours=_from_to(shop.quiet_hours),
        frequency_cap=(shop.most, shop.within_ms) if shop.most else (0, 0),
        site={"name": name} if (name := shop.site.get("name", "")) else {},
    )


def _from_to(hours: str) -> tuple[str, str]:
    begins, _dash, ends = hours.partition("-")
    return (begins, ends) if ends else ("", "")


class Person(Struct, frozen=True, kw_only=True):
    """What is known of a visitor when the session begins. `called` is how people name him: raw where it comes from a
    card."""

    called: str
    given: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    locale: str = "en"
    visitor: str = ""
    """The id of the one at the desk whose properties these are; empty for a sample."""


def samples(languages: tuple[str, ...] = ("en",)) -> tuple[Person, ...]:
    """People of whom different things are known, in each of the languages."""
    known = {"email": "ann@shop.example", "phone": "+420123456789", "name": "Ann", "city": "Prague"}
    people: list[Person] = []
    for language in languages or ("en",):
        people += [
            Person(called=_("Somebody new"), locale=language),
            Person(called=_("A customer whose email is known"), given=dict(known), locale=language),
            Person(called=_("A customer with push, too"), given={**known, "push": True}, locale=language),
        ]
    return tuple(people)


def first_sample(languages: tuple[str, ...]) -> Person:
    """Somebody of whom nothing is known: in the console's language where the scenario has it, else in its first one."""
    people = samples(languages)
    return next((person for person in people if person.locale == spoken()), people[0])


def person_of(card: VisitorCard) -> Person:
    """A visitor of the desk: what is known of him, and his tags. What he did so far does not come along."""
    given = {name: value for name, value in card.properties.items() if _can_be_given(name, value)}
    own = {"name": card.name, "email": card.email, "phone": card.phone, "device": card.device}
    given |= {name: value for name, value in own.items() if value}
    if known_zone(card.timezone) is not None:
        given["timezone"] = card.timezone
    return Person(
        called=card.name or card.email,
        given=dict(list(given.items())[:MOST_GIVEN]),
        tags=tuple(tag for tag in card.tags if is_tag(tag)),
        locale=_language(card.locale),
        visitor=card.id,
    )


def _can_be_given(name: str, value: Any) -> bool:
    """Whether a test could say it, too: what the desk counts by itself cannot be given."""
    try:
        resolve_path(f"visitor.{name}")
    except PathError:
        return False
    return name not in NOT_GIVEN and name != "locale" and isinstance(value, str | int | float | bool)


def _language(locale: str) -> str:
    main = locale.replace("_", "-").partition("-")[0].lower()
    return main if 2 <= len(main) <= 3 and main.isascii() and main.isalpha() else "en"


def languages_of(scenario: Scenario) -> tuple[str, ...]:
    """The languages in which the scenario is written, by its title; English where it has but one text."""
    return tuple(language for language in scenario.title.sources if language) or ("en",)


def case_of(person: Person, scenario: Scenario, world: Case = WORLD) -> Case:
    """The setting of a session as a test writes it: this person in that world. It begins when the world says, but a day
    before a broadcast that would be over by then."""
    return structs.replace(
        world,
        locales=(person.locale,),
        given=person.given,
        tags=person.tags,
        at=_begins(scenario, world),
    )


def _begins(scenario: Scenario, world: Case) -> str:
    zone = zone_of(world.timezone)
    moments = [parse_moment(one.at, zone) for one in scenario.trigger if isinstance(one, model.OnSchedule)]
    begins = parse_moment(world.at, zone) or 0
    earliest = min((moment for moment in moments if moment), default=begins)
    if world.at != MONDAY_NOON or earliest >= begins:
        return world.at
    return f"{local(earliest - _DAY, zone):%Y-%m-%d} 12:00"
