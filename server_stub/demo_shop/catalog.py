"""What the demo shop sells: sections, products, and ways to look them up. In English and Russian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "ru")

CURRENCY = "CZK"
"""Of the prices, unless the shop is started with another one."""

DELIVERY_PRICE = 300
"""What a courier costs, in the shop's currency."""

FREE_DELIVERY_FROM = 3000
"""The cart's total from which delivery costs nothing."""


@dataclass(frozen=True)
class Text:
    """One text in the shop's two languages."""

    en: str
    ru: str

    def to(self, language: Language) -> str:
        """The text in that language."""
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True)
class Section:
    """A part of the catalog. Its path is that below `/catalog/`: "dresses" or "dresses/wedding"."""

    path: str
    title: Text
    lead: Text

    @property
    def parent(self) -> str:
        """The path of the section above; empty at the top."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class Product:
    """A thing for sale. `drawing` and `colour` make its picture; `was` is the price before a sale, or 0."""

    id: str
    name: Text
    about: Text
    section: str
    price: int
    drawing: str
    colour: str
    variant: Text
    also: tuple[str, ...] = ()
    was: int = 0

    @property
    def sku(self) -> str:
        """The shop's own number of the article."""
        return f"AT-{self.id.upper()}"

    @property
    def sections(self) -> tuple[str, ...]:
        """Every section that shows it, its own first."""
        return (self.section, *self.also)


BRAND = "Alder & Thread"

SECTIONS: tuple[Section, ...] = (
    Section(
        "dresses",
        Text("Dresses", "Платья"),
        Text(
            "From the first dance to an ordinary Tuesday. Cut and sewn in small runs.",
            "От первого танца до обычного вторника. Шьём небольшими партиями.",
        ),
    ),
    Section(
        "dresses/wedding",
        Text("Wedding", "Свадебные"),
        Text(
            "Light fabrics, clean lines, a hem that forgives dancing.",
            "Лёгкие ткани, чистые линии, удобно танцевать.",
        ),
    ),
    Section(
        "dresses/evening",
        Text("Evening", "Вечерние"),
        Text("For theatres, dinners and long nights.", "Для театра, ужина и долгих вечеров."),
    ),
    Section(
        "dresses/new",
        Text("New collection", "Новая коллекция"),
        Text("Fresh from the workshop this month.", "Только что из мастерской."),
    ),
    Section(
        "dresses/sale",
        Text("Sale", "Скидки"),
        Text("Last sizes at a better price.", "Последние размеры по приятной цене."),
    ),
    Section(
        "shoes",
        Text("Shoes", "Обувь"),
        Text("Soft leather, honest soles.", "Мягкая кожа, честная подошва."),
    ),
    Section(
        "bags",
        Text("Bags", "Сумки"),
        Text("Room for exactly what you need.", "Места ровно столько, сколько нужно."),
    ),
    Section(
        "home",
        Text("For home", "Для дома"),
        Text("Quiet things that make a room warmer.", "Спокойные вещи, с которыми теплее."),
    ),
    Section(
        "home/lamps",
        Text("Lamps", "Лампы"),
        Text("Warm light for late reading.", "Тёплый свет для позднего чтения."),
    ),
    Section(
        "flowers",
        Text("Flowers", "Цветы"),
        Text(
            "Bouquets for mothers, teachers and no reason at all.",
            "Букеты для мам, учителей и просто так.",
        ),
    ),
)

SATIN = Text(
    "Heavy satin with a soft sheen. Hidden zip, lined to the hem. Dry clean.",
    "Плотный сатин с мягким блеском. Потайная молния, подкладка до подола. Химчистка.",
)
LINEN = Text(
    "Washed linen that needs no iron. Pockets on both sides. Machine wash at 30 °C.",
    "Умягчённый лён, который не нужно гладить. Карманы с двух сторон. Стирка при 30 °C.",
)
TULLE = Text(
    "Four layers of soft tulle over a cotton lining. The bodice is boned and needs no bra.",
    "Четыре слоя мягкого фатина на хлопковой подкладке. Лиф на косточках, бельё не нужно.",
)
LEATHER = Text(
    "Vegetable-tanned leather that grows more beautiful with the years. Sewn by hand.",
    "Кожа растительного дубления, с годами только красивее. Сшито вручную.",
)
GLASS = Text(
    "Mouth-blown glass and a brass foot. Takes an E14 bulb; a warm one comes with it.",
    "Стекло ручной работы и латунное основание. Цоколь E14, тёплая лампочка в комплекте.",
)
WOOL = Text(
    "Merino wool from a family mill. Soft on bare skin, warm without weight.",
    "Мериносовая шерсть с семейной фабрики. Мягкая к коже, тёплая и лёгкая.",
)

BOUQUET = Text(
    "Tied on the morning of the delivery, in paper and with a card in our handwriting.",
    "Собираем утром в день доставки. Упаковка из бумаги и открытка от руки.",
)

IVORY, SAGE, ROSE = Text("Ivory", "Айвори"), Text("Sage", "Шалфей"), Text("Dusty rose", "Пыльная роза")
INK, WINE, SAND = Text("Ink blue", "Чернильный"), Text("Wine", "Винный"), Text("Sand", "Песочный")
TAN, BLACK, EMERALD = Text("Tan", "Рыжий"), Text("Black", "Чёрный"), Text("Emerald", "Изумрудный")

PRODUCTS: tuple[Product, ...] = (
    Product(
        "clara",
        Text("Clara tulle gown", "Платье «Клара» из фатина"),
        TULLE,
        "dresses/wedding",
        14900,
        "gown",
        "#efe6da",
        IVORY,
    ),
    Product(
        "selma",
        Text("Selma satin gown", "Атласное платье «Сельма»"),
        SATIN,
        "dresses/wedding",
        12400,
        "column",
        "#f1ebe2",
        IVORY,
        ("dresses/new",),
    ),
    Product(
        "odette",
        Text("Odette short veil dress", "Короткое платье «Одетта»"),
        TULLE,
        "dresses/wedding",
        8900,
        "midi",
        "#f3e4e0",
        ROSE,
    ),
    Product(
        "marlene",
        Text("Marlene evening dress", "Вечернее платье «Марлен»"),
        SATIN,
        "dresses/evening",
        6900,
        "column",
        "#2e4a3f",
        EMERALD,
        ("dresses/new",),
    ),
    Product(
        "vesper",
        Text("Vesper slip dress", "Платье-комбинация «Веспер»"),
        SATIN,
        "dresses/evening",
        4900,
        "column",
        "#28344f",
        INK,
    ),
    Product(
        "ruby",
        Text("Ruby ball dress", "Бальное платье «Руби»"),
        TULLE,
        "dresses/evening",
        7900,
        "gown",
        "#7d2c3b",
        WINE,
        ("dresses/sale",),
        9900,
    ),
    Product(
        "noor",
        Text("Noor wrap dress", "Платье с запахом «Нур»"),
        SATIN,
        "dresses/evening",
        5400,
        "midi",
        "#8c5a6b",
        ROSE,
        ("dresses/new",),
    ),
    Product(
        "ines",
        Text("Ines linen dress", "Льняное платье «Инес»"),
        LINEN,
        "dresses",
        3490,
        "shirt",
        "#a9b59b",
        SAGE,
        ("dresses/new",),
    ),
    Product(
        "tilda",
        Text("Tilda shirt dress", "Платье-рубашка «Тильда»"),
        LINEN,
        "dresses",
        2490,
        "shirt",
        "#d9b98a",
        SAND,
        ("dresses/sale",),
        3290,
    ),
    Product(
        "poppy",
        Text("Poppy tea dress", "Летнее платье «Поппи»"),
        LINEN,
        "dresses",
        2190,
        "midi",
        "#c96f5a",
        Text("Terracotta", "Терракота"),
        ("dresses/sale",),
        2890,
    ),
    Product(
        "fleur",
        Text("Fleur summer dress", "Летнее платье «Флёр»"),
        LINEN,
        "dresses",
        2990,
        "midi",
        "#86a0b8",
        Text("Sky", "Небесный"),
        ("dresses/new",),
    ),
    Product("lotte", Text("Lotte heels", "Туфли «Лотте»"), LEATHER, "shoes", 3890, "heels", "#2b2a2d", BLACK),
    Product(
        "bianca",
        Text("Bianca wedding heels", "Свадебные туфли «Бьянка»"),
        SATIN,
        "shoes",
        4290,
        "heels",
        "#e9ddcd",
        IVORY,
    ),
    Product(
        "juno", Text("Juno ballet flats", "Балетки «Юнона»"), LEATHER, "shoes", 2390, "flats", "#b98a74", ROSE
    ),
    Product(
        "heath", Text("Heath ankle boots", "Ботильоны «Хит»"), LEATHER, "shoes", 5290, "boots", "#7a5238", TAN
    ),
    Product("mira", Text("Mira tote", "Сумка-шопер «Мира»"), LEATHER, "bags", 4490, "tote", "#a4713f", TAN),
    Product("dot", Text("Dot clutch", "Клатч «Дот»"), LEATHER, "bags", 1990, "clutch", "#5b2e3c", WINE),
    Product(
        "orla",
        Text("Orla crossbody", "Сумка через плечо «Орла»"),
        LEATHER,
        "bags",
        3290,
        "satchel",
        "#4f6257",
        SAGE,
    ),
    Product("pip", Text("Pip pouch", "Косметичка «Пип»"), LINEN, "bags", 790, "clutch", "#d7b9a8", SAND),
    Product(
        "halo",
        Text("Halo table lamp", "Настольная лампа «Хало»"),
        GLASS,
        "home/lamps",
        1200,
        "lamp",
        "#e7c98f",
        Text("Amber", "Янтарь"),
    ),
    Product(
        "arc",
        Text("Arc floor lamp", "Торшер «Арк»"),
        GLASS,
        "home/lamps",
        5900,
        "floor_lamp",
        "#3d4a47",
        BLACK,
    ),
    Product(
        "moss",
        Text("Moss pendant", "Подвесная лампа «Мосс»"),
        GLASS,
        "home/lamps",
        2790,
        "pendant",
        "#6c7f66",
        SAGE,
    ),
    Product(
        "river",
        Text("River vase", "Ваза «Ривер»"),
        GLASS,
        "home",
        890,
        "vase",
        "#7f9aa6",
        Text("Smoke", "Дымчатый"),
    ),
    Product(
        "nest",
        Text("Nest cushion", "Подушка «Нест»"),
        WOOL,
        "home",
        690,
        "cushion",
        "#b9745a",
        Text("Clay", "Глина"),
    ),
    Product(
        "fjord",
        Text("Fjord wool throw", "Шерстяной плед «Фьорд»"),
        WOOL,
        "home",
        2490,
        "throw",
        "#6d7d8f",
        Text("Slate", "Сланец"),
    ),
    Product(
        "peony", Text("Peony bouquet", "Букет пионов"), BOUQUET, "flowers", 1900, "bouquet", "#d98a9b", ROSE
    ),
    Product(
        "meadow",
        Text("Meadow bouquet", "Луговой букет"),
        BOUQUET,
        "flowers",
        1290,
        "bouquet",
        "#8f86b8",
        Text("Lavender", "Лаванда"),
    ),
    Product(
        "dahlia",
        Text("Dahlia bouquet", "Букет георгинов"),
        BOUQUET,
        "flowers",
        1690,
        "bouquet",
        "#b5503f",
        WINE,
    ),
)

_BY_ID = {product.id: product for product in PRODUCTS}
_BY_PATH = {section.path: section for section in SECTIONS}


def product(product_id: str) -> Product | None:
    """The product of that id, if there is one."""
    return _BY_ID.get(product_id)


def section(path: str) -> Section | None:
    """The section of that path below `/catalog/`, if there is one."""
    return _BY_PATH.get(path)


def children(path: str) -> tuple[Section, ...]:
    """Sections right below that one; those of the first level for an empty path."""
    return tuple(item for item in SECTIONS if item.parent == path)


def products_of(path: str) -> tuple[Product, ...]:
    """Products of a section and of all below it; every product for an empty path."""
    below = f"{path}/"
    return tuple(
        item
        for item in PRODUCTS
        if not path or any(place == path or place.startswith(below) for place in item.sections)
    )


def search(query: str) -> tuple[Product, ...]:
    """Products that have every word of the query in a name, text or section, in either language."""
    words = query.casefold().split()
    return tuple(item for item in PRODUCTS if words and all(word in _haystack(item) for word in words))


def _haystack(item: Product) -> str:
    titles = [_BY_PATH[path].title for path in item.sections]
    top = _BY_PATH[item.section.partition("/")[0]].title
    return " ".join(
        part for text in (item.name, item.about, item.variant, top, *titles) for part in (text.en, text.ru)
    ).casefold()
