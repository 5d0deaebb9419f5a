"""Who comes to the demo shop: names, addresses, devices, and where from. All invented, all at .example."""

from __future__ import annotations

from random import Random
from typing import Literal, TypeAlias, TypeVar

import msgspec

from server_stub.demo_visitors.words import Language

T = TypeVar("T")

Character: TypeAlias = Literal["browser", "abandoner", "buyer", "delivery", "wholesale", "silent"]
"""What somebody is up to. A returning visitor keeps his character."""

CHARACTERS: tuple[tuple[Character, float], ...] = (
    ("browser", 0.28),
    ("abandoner", 0.17),
    ("buyer", 0.15),
    ("delivery", 0.17),
    ("wholesale", 0.06),
    ("silent", 0.17),
)


class Touch(msgspec.Struct, frozen=True):
    """Where a visit comes from: the referring page, and what the link's address carries."""

    referrer: str = ""
    query: str = ""


class Person(msgspec.Struct):
    """One simulated person.

    `token` is what his browser remembers, `customer` the shop's number for him, once he has bought.
    """

    name: str
    email: str
    phone: str
    language: Language
    city: str
    timezone: str
    user_agent: str
    character: Character
    token: str = ""
    visits: int = 0
    customer: str = ""
    is_known: bool = False
    """He has told the shop who he is."""
    birthday: str = ""
    allows_push: bool = False
    order: str = ""
    """The number of an order that he may still review."""


_NAMES: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            "Amelia Noah Isla Oscar Freya Theo Maeve Luca Nora Felix Alice Jonas Clara Hugo Ivy Samir Greta "
            "Daniel Matilda Elias Zoe Anton Ruth Leo Hazel Priya Tom Elena Wren Ida",
            "Hart Whitfield Brennan Lindqvist Dalton Marchetti Gallagher Bauer Eklund Okafor Pemberton "
            "Vermeer Novak Lefevre Thornton Haddad Holm Frost Rowe Ferreira Carmichael Weiss Abara "
            "Santini Quinn",
        ),
    ),
    "ru": (
        (
            "Мария Анна Елена Ольга Вера Ирина Алина Полина Наталья Дарья",
            "Лебедева Соколова Крылова Зимина Тихонова Белова Чернова Юдина Рощина Громова",
        ),
        ("Дмитрий Павел Сергей Илья Антон", "Орлов Громов Носов Белов Рощин Зимин"),
    ),
}
"""First and last names that go together, by language."""

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch _ y _ e yu ya".split(),  # noqa: SIM905
        strict=True,
    )
)

_MAIL_HOSTS = ("mail.example", "post.example", "inbox.example", "letters.example")

_PLACES: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Leeds", "Europe/London"),
        ("Bristol", "Europe/London"),
        ("Aberdeen", "Europe/London"),
        ("Galway", "Europe/Dublin"),
        ("Cork", "Europe/Dublin"),
        ("Utrecht", "Europe/Amsterdam"),
        ("Ghent", "Europe/Brussels"),
        ("Graz", "Europe/Vienna"),
        ("Porto", "Europe/Lisbon"),
        ("Malmö", "Europe/Stockholm"),
        ("Prague", "Europe/Prague"),
    ),
    "ru": (
        ("Казань", "Europe/Moscow"),
        ("Тверь", "Europe/Moscow"),
        ("Псков", "Europe/Moscow"),
        ("Калуга", "Europe/Moscow"),
        ("Самара", "Europe/Samara"),
        ("Пермь", "Asia/Yekaterinburg"),
        ("Томск", "Asia/Tomsk"),
    ),
}
"""City and time zone."""

_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
_ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Mobile Safari/537.36"
)
_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Safari/537.36"
)
_MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Safari/605.1.15"
)
_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
_IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1"
)
_DEVICES = ((_IPHONE, 0.31), (_ANDROID, 0.27), (_WINDOWS, 0.2), (_MAC, 0.13), (_LINUX, 0.04), (_IPAD, 0.05))

_TOUCHES: tuple[tuple[Touch, float], ...] = (
    (Touch(), 0.24),
    (Touch("https://www.google.com/"), 0.27),
    (Touch("https://duckduckgo.com/"), 0.05),
    (Touch("https://www.bing.com/"), 0.04),
    (Touch("https://yandex.ru/"), 0.05),
    (
        Touch(
            "https://l.instagram.com/", "utm_source=instagram&utm_medium=social&utm_campaign=autumn_dresses"
        ),
        0.12,
    ),
    (Touch("https://www.pinterest.com/", "utm_source=pinterest&utm_medium=social"), 0.06),
    (Touch("https://www.google.com/", "utm_source=google&utm_medium=cpc&utm_campaign=evening_wear"), 0.08),
    (Touch("", "utm_source=newsletter&utm_medium=email&utm_campaign=new_collection"), 0.06),
    (Touch("https://weddings.example/twelve-small-ateliers"), 0.03),
)


def weighted(rng: Random, choices: tuple[tuple[T, float], ...]) -> T:
    """One of the choices, by weight."""
    return rng.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]


def new_person(rng: Random, number: int, character: Character | None = None) -> Person:
    """Make a person up. `number` keeps addresses apart where names come again."""
    language: Language = "ru" if rng.random() < 0.14 else "en"
    first, last = rng.choice(_NAMES[language])
    name = f"{rng.choice(first.split())} {rng.choice(last.split())}"
    city, timezone = rng.choice(_PLACES[language])
    email = _email(rng, name, number)
    return Person(
        name=name,
        email=email,
        phone=_phone(rng, language),
        language=language,
        city=city,
        timezone=timezone,
        user_agent=weighted(rng, _DEVICES),
        character=weighted(rng, CHARACTERS) if character is None else character,
        birthday=_birthday(Random(email)),
    )


def touch_of(rng: Random, person: Person) -> Touch:
    """Where this visit comes from; who has been here before comes directly more often."""
    if person.visits and rng.random() < 0.5:
        return Touch()
    return weighted(rng, _TOUCHES)


def _phone(rng: Random, language: Language) -> str:
    """A number from the blocks that are kept free for films and books."""
    if language == "en":
        return f"+44 20 7946 0{rng.randrange(1000):03d}"
    return f"+7 495 000-{rng.randrange(100):02d}-{rng.randrange(100):02d}"


def _birthday(rng: Random) -> str:
    """An ISO date. Of a chance of its own: everybody else stays as he was made up before."""
    return f"{rng.randrange(1960, 2006)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"


def _email(rng: Random, name: str, number: int) -> str:
    plain = "".join(_LATIN.get(char, char) for char in name.lower()).replace("_", "").replace("ö", "o")
    first, last = plain.split(" ", 1)
    local = rng.choice([f"{first}.{last}", f"{first}{last[0]}", f"{last}.{first}", f"{first}_{last}"])
    return f"{local}{number or ''}@{rng.choice(_MAIL_HOSTS)}"
