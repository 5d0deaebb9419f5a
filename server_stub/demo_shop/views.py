"""What each page of the demo shop shows: address → template and its data. Templates escape all texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from liquid import CachingFileSystemLoader, Environment
from markupsafe import Markup

from server_stub.demo_shop import catalog, texts
from server_stub.demo_shop.catalog import Language, Product, Section

Data: TypeAlias = dict[str, Any]

_MONEY = {
    "EUR": "€#",
    "GBP": "£#",
    "USD": "$#",
    "CZK": "# Kč",
    "PLN": "# zł",
    "RUB": "# ₽",
    "UAH": "# ₴",
    "KZT": "# ₸",
}
_MENU = (
    ("/catalog/dresses", "dresses"),
    ("/catalog/shoes", "shoes"),
    ("/catalog/bags", "bags"),
    ("/catalog/home", "home"),
)
_TILE_PICTURES = {"dresses": "fleur", "shoes": "heath", "bags": "mira", "home": "river", "flowers": "peony"}


@dataclass(frozen=True)
class Site:
    """What all pages share. `desk_url` is the desk's origin; empty where it is the shop's own."""

    write_key: str
    desk_url: str
    currency: str
    policy: str
    has_mailbox: bool = False
    """Whether the demo shows what visitors would have got."""

    def money(self, amount: float, language: Language) -> str:
        """An amount with its currency, as the shop writes it."""
        return self.money_pattern.replace("#", f"{amount:,.0f}".replace(",", _group(language)))

    @property
    def money_pattern(self) -> str:
        """The currency's sign around `#`."""
        return _MONEY.get(self.currency, f"# {self.currency}").replace(" ", "\u00a0")


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    media_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What a page needs to know of who asks for it. `base` goes before every address of the shop."""

    site: Site
    base: str
    path: str
    language: Language
    query: str

    def word(self, key: str) -> str:
        """A short text by its key."""
        return texts.WORDS[key].to(self.language)


@dataclass(frozen=True)
class View:
    """A page before it is drawn: its template, its title and its data."""

    template: str
    title: str
    data: Data
    status: int = 200


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = CachingFileSystemLoader(Path(__file__).parent / "templates", ext=".liquid")
    return Environment(loader=loader, autoescape=True)


def view_of(site: Site, base: str, path: str, language: Language, query: str) -> Answer:
    """The page at that path of the shop, drawn; with status 404 where there is none."""
    request = Request(site, base, path, language, query)
    view = _route(request) or View("missing", request.word("not_found"), {}, status=404)
    common = _common(request)
    content = _templates().get_template(view.template).render(**common, **view.data)
    html = _templates().get_template("layout").render(**common, title=view.title, content=Markup(content))  # noqa: S704
    headers = {
        "content-security-policy": site.policy,
        "cache-control": "no-store",
        "content-language": language,
    }
    return Answer(view.status, "text/html; charset=utf-8", html.encode(), headers)


def _common(request: Request) -> Data:
    site, language = request.site, request.language
    return {
        "t": texts.words(language),
        "language": language,
        "other_language": "ru" if language == "en" else "en",
        "brand": catalog.BRAND,
        "base": request.base,
        "path": request.path,
        "query": request.query,
        "menu": [{"link": link, "title": _section(path).title.to(language)} for link, path in _MENU]
        + [{"link": f"/{word}", "title": request.word(word)} for word in ("wholesale", "blog")]
        + [{"link": "/delivery-and-payment", "title": request.word("delivery")}],
        "write_key": site.write_key,
        "desk_url": site.desk_url,
        "has_mailbox": site.has_mailbox,
        "currency": site.currency,
        "money": site.money_pattern,
        "group": _group(language),
        "delivery_price": catalog.DELIVERY_PRICE,
        "free_from": catalog.FREE_DELIVERY_FROM,
    }


def _route(request: Request) -> View | None:
    if page := _PAGES.get(request.path):
        return page(request)
    head, _, rest = request.path.lstrip("/").partition("/")
    below = {"catalog": _catalog, "product": _product, "blog": _post}.get(head)
    return below(request, rest) if below and rest else None


# --- Pages


def _home(request: Request) -> View:
    new = catalog.products_of("dresses/new")[:4]
    tiles = [
        {**_section_data(section, request), "picture": f"/pictures/{_TILE_PICTURES[section.path]}.svg"}
        for section in catalog.children("")
    ]
    trio = [{"picture": f"/pictures/{name}.svg"} for name in ("marlene", "clara", "poppy")]
    data = {"trio": trio, "sections": tiles, "products": _cards(new, request)}
    return View("home", request.word("tagline"), data)


def _all(request: Request) -> View:
    title = request.word("catalog")
    return _list(request, title, "", catalog.children(""), catalog.products_of(""), "catalog", "")


def _catalog(request: Request, path: str) -> View | None:
    section = catalog.section(path)
    if section is None:
        return None
    title, lead = section.title.to(request.language), section.lead.to(request.language)
    beside = catalog.children(path) or (catalog.children(section.parent) if section.parent else ())
    return _list(request, title, lead, beside, catalog.products_of(path), path.replace("/", "-"), path)


def _found(request: Request) -> View:
    title = f"{request.word('found_for')}: {request.query}" if request.query else request.word("search")
    return _list(request, title, "", (), catalog.search(request.query), "search", "")


def _list(
    request: Request,
    title: str,
    lead: str,
    sections: tuple[Section, ...],
    products: tuple[Product, ...],
    list_id: str,
    category: str,
) -> View:
    here = catalog.section(request.path.removeprefix("/catalog/"))
    crumbs = [_section_data(item, request) for item in (_line_of(here)[:-1] if here else ())]
    home = {"link": "/", "title": request.word("home")}
    everything = {"link": "/catalog", "title": request.word("catalog")}
    data = {
        "crumbs": [home, everything, *crumbs] if here else [home],
        "heading": title,
        "lead": lead,
        "sections": [{**_section_data(item, request), "current": item == here} for item in sections],
        "products": _cards(products, request),
        "products_json": _json(products, request),
        "list_id": list_id,
        "category": category,
    }
    return View("list", title, data)


def _product(request: Request, product_id: str) -> View | None:
    product = catalog.product(product_id)
    if product is None:
        return None
    item = _card(product, request)
    item |= {
        "about": product.about.to(request.language),
        "variant": product.variant.to(request.language),
        "sku": product.sku,
        "dress": product.section.startswith("dresses"),
    }
    top = product.section.partition("/")[0]
    near = [other for other in catalog.products_of(product.section) if other != product]
    far = [other for other in catalog.PRODUCTS if not other.section.startswith(top)][len(product.id) :: 5]
    data = {
        "crumbs": [{"link": "/catalog", "title": request.word("catalog")}]
        + [_section_data(section, request) for section in _line_of(_section(product.section))],
        "item": item,
        "product_json": json.dumps(_described(product, request), ensure_ascii=False),
        "products": _cards((*near[:2], *far)[:4], request),
    }
    return View("product", str(item["name"]), data)


def _cart(request: Request) -> View:
    return View("cart", request.word("cart"), {"products_json": _json(catalog.PRODUCTS, request)})


def _checkout(request: Request) -> View:
    return View("checkout", request.word("checkout"), {"products_json": _json(catalog.PRODUCTS, request)})


def _thanks(request: Request) -> View:
    return View("thanks", request.word("thanks"), {})


def _plain(template: str, title: str) -> Callable[[Request], View]:
    """A page that its script fills in the browser."""
    return lambda request: View(template, request.word(title), {})


def _blog(request: Request) -> View:
    articles = [
        {
            "link": f"/blog/{item.slug}",
            "title": item.title.to(request.language),
            "lead": item.lead.to(request.language),
            "picture": f"/pictures/{item.pictures[0]}.svg",
        }
        for item in texts.ARTICLES
    ]
    return View("blog", request.word("blog"), {"articles": articles})


def _backstage(request: Request) -> View:
    newest = texts.ARTICLES[0]
    article = {"title": newest.title.to(request.language), "link": f"/blog/{newest.slug}"}
    return View("backstage", request.word("backstage"), {"article": article})


def _post(request: Request, slug: str) -> View | None:
    article = texts.article(slug)
    crumbs = [{"link": "/blog", "title": request.word("blog")}]
    return _reading(request, article, crumbs=crumbs) if article else None


def _sizes(request: Request) -> View:
    page = texts.Article("size-chart", texts.WORDS["size_chart"], texts.SIZE_NOTE, ())
    headings = [heading.to(request.language) for heading in texts.SIZE_HEADINGS]
    return _reading(request, page, rows=texts.SIZES, headings=headings)


def _reading(request: Request, article: texts.Article, **more: Any) -> View:
    language, money = request.language, request.site.money
    sums = {
        "{delivery_price}": money(catalog.DELIVERY_PRICE, language),
        "{free_from}": money(catalog.FREE_DELIVERY_FROM, language),
    }

    def filled(text: str) -> str:
        for mark, amount in sums.items():
            text = text.replace(mark, amount)
        return text

    parts = [
        {
            "title": part.title.to(language),
            "paragraphs": [filled(text.to(language)) for text in part.paragraphs],
        }
        for part in article.parts
    ]
    data = {
        "crumbs": [],
        "heading": article.title.to(language),
        "lead": article.lead.to(language),
        "pictures": [f"/pictures/{name}.svg" for name in article.pictures],
        "parts": parts,
        "rows": [],
        **more,
    }
    return View("article", article.title.to(language), data)


_PAGES: dict[str, Callable[[Request], View]] = {
    "/": _home,
    "/catalog": _all,
    "/search": _found,
    "/cart": _cart,
    "/checkout": _checkout,
    "/thanks": _thanks,
    "/blog": _blog,
    "/size-chart": _sizes,
    "/review": _plain("review", "review"),
    "/orders": _plain("orders", "orders"),
    "/account": _plain("account", "account"),
    "/booking": _plain("booking", "booking"),
    "/backstage": _backstage,
    "/delivery-and-payment": lambda request: _reading(request, texts.DELIVERY),
    "/wholesale": lambda request: _reading(request, texts.WHOLESALE),
    "/terms": lambda request: _reading(request, texts.TERMS),
}


# --- Pieces


def _group(language: Language) -> str:
    return "," if language == "en" else "\u00a0"


def _section(path: str) -> Section:
    section = catalog.section(path)
    assert section is not None  # noqa: S101  the catalog names only sections it has
    return section


def _line_of(section: Section) -> tuple[Section, ...]:
    """The sections from the top down to this one."""
    return (*(_line_of(_section(section.parent)) if section.parent else ()), section)


def _section_data(section: Section, request: Request) -> Data:
    return {"link": f"/catalog/{section.path}", "title": section.title.to(request.language)}


def _card(product: Product, request: Request) -> Data:
    return {
        "link": f"/product/{product.id}",
        "picture": f"/pictures/{product.id}.svg",
        "name": product.name.to(request.language),
        "price_text": request.site.money(product.price, request.language),
        "was": product.was,
        "was_text": request.site.money(product.was, request.language),
        "off": round(100 * (1 - product.price / product.was)) if product.was else 0,
    }


def _cards(products: tuple[Product, ...], request: Request) -> list[Data]:
    return [_card(product, request) for product in products]


def _described(product: Product, request: Request) -> Data:
    """A product by the property names of Segment's e-commerce events; addresses without the shop's base.

    Its category is the section's path, which is the same in every language: scenarios ask for it.
    """
    return {
        "product_id": product.id,
        "sku": product.sku,
        "category": product.section,
        "name": product.name.to(request.language),
        "brand": catalog.BRAND,
        "variant": product.variant.to(request.language),
        "price": product.price,
        "url": f"/product/{product.id}",
        "image_url": f"/pictures/{product.id}.svg",
    }


def _json(products: tuple[Product, ...], request: Request) -> str:
    return json.dumps([_described(product, request) for product in products], ensure_ascii=False)
