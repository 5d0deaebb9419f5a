"""The shop's settings: one typed object, read from `settings.toml` in the data folder and passed in.

The docstring below a field is its documentation: the commented file of the first start is made from it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Positive = Annotated[int, Meta(ge=1)]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Hours = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Holiday = Annotated[str, Meta(pattern=r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
_HOURS_OR_NONE = r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
_DURATION = r"^[1-9]\d{0,3}[mhdw]$"
_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file."""


class SiteSettings(Table, frozen=True):
    name: str = "My shop"
    """The shop's name, as operators and visitors see it."""
    url: str = ""
    """The shop's address, such as https://shop.example. Empty: unknown."""
    desk_url: str = ""
    """This desk's own address as visitors reach it, such as https://desk.example. Empty: where it listens."""
    locale: str = "en"
    """The language for visitors whose browser asks for none that we have: en or ru."""
    timezone: str = "UTC"
    """The shop's time zone, such as Europe/Berlin: business hours, quiet hours and days are counted in it."""
    holidays: tuple[Holiday, ...] = ()
    """Days on which the shop does not open, whatever its business hours: ["2026-04-03", "12-25"]. Without a year the
    day is one in every year."""
    currency: str = "EUR"
    """The currency of prices without one, as a three-letter code."""
    bot_name: str = "Assistant"
    """The name under which scenarios write in the chat."""
    allowed_origins: tuple[str, ...] = ()
    """Sites whose pages may use the widget, such as ["https://shop.example"]. Empty: any site."""


class LookSettings(Table, frozen=True):
    title: str = ""
    """The chat window's heading. Empty: the shop's name."""
    colour: Colour = "#3b5bdb"
    """The colour of the launcher, the heading and the buttons, as #rrggbb."""
    theme: Literal["auto", "light", "dark"] = "auto"
    """auto follows the visitor's system."""
    side: Literal["left", "right"] = "right"
    """The corner in which the launcher sits."""
    greeting: str = ""
    """The line above an empty chat."""


class ChatSettings(Table, frozen=True):
    show_typing: bool = False
    """Show operators what a visitor is typing before he sends it. Off: only that he is typing."""
    presence_grace: Positive = 10_000
    """Milliseconds after the last open page until a visitor counts as gone."""


class LimitSettings(Table, frozen=True):
    widget_frames: Positive = 20
    """Frames a second that one open page may send on average; twenty seconds' worth may come at once."""
    uploads_an_hour: Positive = 30
    """Files that one visitor may send in an hour."""


class MessageSettings(Table, frozen=True):
    quiet_hours: Annotated[str, Meta(pattern=_HOURS_OR_NONE)] = ""
    """When no marketing mail, push or message leaves, by the visitor's clock, such as "21:00-09:00". Empty: never."""
    most: Annotated[int, Meta(ge=0)] = 0
    """At most so many marketing messages for one visitor within the time below. 0: as many as scenarios send."""
    within: Annotated[str, Meta(pattern=_DURATION)] = "7d"
    """The time in which they are counted, such as 12h, 1d or 2w."""

    @property
    def within_ms(self) -> int:
        """In milliseconds."""
        return int(self.within[:-1]) * _UNITS[self.within[-1]]


class TeamSettings(Table, frozen=True):
    assignment: Literal["by_hand", "round_robin", "least_busy"] = "by_hand"
    """Who gets a dialog that waits for people and is nobody's. by_hand: whoever takes it. round_robin: one operator
    after the other. least_busy: who has the fewest open dialogs. Only who is online and not away is given any."""
    most_dialogs: Annotated[int, Meta(ge=0)] = 0
    """Who has so many open dialogs is given no more; the next one waits until there is room. 0: no limit."""


class EnrichmentSettings(Table, frozen=True):
    gravatar: bool = False
    """Ask Gravatar for the public profile of who has just become known by an email: name, picture, links. It is told
    the SHA-256 of the email."""
    gravatar_url: Annotated[str, Meta(pattern=r"^https?://\S+$")] = "https://api.gravatar.com/v3/profiles/"
    """Where its profiles are."""


class SectionRule(Table, frozen=True):
    path: str
    """Where the section begins: the path itself and everything below it, such as "/blog"."""
    name: str = "*"
    """The section's name. "*" takes the next part of the path: of "/catalog/dresses/42", dresses."""


def _working_week() -> dict[Weekday, str]:
    hours = "09:00-18:00"
    return {"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours}


def _first_coupons() -> dict[str, str]:
    return {
        "first-order-10": "FIRST10",
        "cart-5": "CART5",
        "bonus": "BONUS",
        "come-back-10": "COMEBACK10",
        "birthday-10": "BIRTHDAY10",
        "next-order-5": "NEXT5",
    }


class Settings(Table, frozen=True):
    site: SiteSettings = SiteSettings()
    """The shop."""
    look: LookSettings = LookSettings()
    """How the widget looks."""
    chat: ChatSettings = ChatSettings()
    """How the chat behaves."""
    messages: MessageSettings = MessageSettings()
    """When and how often scenarios send marketing mail, push and messages."""
    team: TeamSettings = TeamSettings()
    """How dialogs come to operators."""
    enrichment: EnrichmentSettings = EnrichmentSettings()
    """What is asked of open sources about visitors."""
    limits: LimitSettings = LimitSettings()
    """What one visitor may send."""
    business_hours: dict[Weekday, Hours] = field(default_factory=_working_week)
    """When the shop answers, by day of the week, in the shop's time zone. A day that is left out is free."""
    coupons: dict[str, str] = field(default_factory=_first_coupons)
    """Promo codes by pool, for the step `coupon` of scenarios."""
    sections: tuple[SectionRule, ...] = (
        SectionRule(path="/catalog"),
        SectionRule(path="/blog", name="blog"),
        SectionRule(path="/delivery-and-payment", name="delivery"),
        SectionRule(path="/cart", name="cart"),
        SectionRule(path="/checkout", name="checkout"),
    )
    """Parts of the site, told apart by path: entering one is a Section Viewed. The first match wins."""


def section_of(path: str, rules: tuple[SectionRule, ...]) -> str:
    """The section of a page's path (no host, no query), or an empty string."""
    for rule in rules:
        prefix = rule.path.rstrip("/")
        if path != prefix and not path.startswith(prefix + "/"):
            continue
        if rule.name != "*":
            return rule.name
        rest = path[len(prefix) :].strip("/")
        if rest:
            return re.split(r"[/?#]", rest, maxsplit=1)[0]
    return ""
