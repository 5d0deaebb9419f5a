"""The demo shop's pages, asked for without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import httpx
import pytest

from scenarios_yaml.library.index import file_names, read_file
from server_stub.demo_shop import catalog, texts
from server_stub.demo_shop.pages import App, demo_shop

Ask = Callable[..., httpx.Response]

SHOP = demo_shop("write-key", "https://desk.example")
PAGES = [
    "/", "/catalog", "/search?q=linen", "/cart", "/checkout", "/thanks", "/blog", "/size-chart", "/terms",
    "/delivery-and-payment", "/wholesale", "/review?order=A-17&score=5", "/orders?order=A-17", "/account", "/booking",
    "/backstage",
    *(f"/catalog/{section.path}" for section in catalog.SECTIONS),
    *(f"/product/{product.id}" for product in catalog.PRODUCTS),
    *(f"/blog/{article.slug}" for article in texts.ARTICLES),
]  # fmt: skip


def links(html: str) -> set[str]:
    """Addresses that a page points to, without fragments and queries alone."""
    found = re.findall(r'(?:href|src)="([^"]*)"', html)
    return {address for address in found if not address.startswith(("#", "?"))}


class TestEveryPage:
    """What holds for each of them."""

    @pytest.mark.parametrize("path", PAGES)
    def test_is_there_in_both_languages_under_the_strict_policy(self, ask: Ask, path: str) -> None:
        for language in catalog.LANGUAGES:
            joint = "&" if "?" in path else "?"
            answer = ask(SHOP, f"{path}{joint}lang={language}")
            assert answer.status_code == 200
            assert f'<html lang="{language}">' in answer.text
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert not re.search(r"\sstyle=|<style|<script>|\son\w+=", answer.text)

    def test_leads_only_to_pages_that_exist(self, ask: Ask) -> None:
        """Every link and picture of every page is followed."""
        addresses = {address for path in PAGES for address in links(ask(SHOP, path).text)}
        addresses.discard("https://desk.example/widget.js")
        broken = sorted(address for address in addresses if ask(SHOP, address).status_code != 200)
        assert broken == []

    def test_that_does_not_exist_says_so_in_the_shops_own_dress(self, ask: Ask) -> None:
        for path in (
            "/nothing",
            "/product/none",
            "/catalog/none",
            "/blog/none",
            "/static/../pages.py",
            "/catalogs",
        ):
            answer = ask(SHOP, path)
            assert answer.status_code == 404
            assert "There is no such page" in answer.text

    def test_may_only_be_read(self, ask: Ask) -> None:
        answer = ask(SHOP, "/checkout", method="POST", content=b"name=ann")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert ask(SHOP, "/", method="HEAD").content == b""


class TestTheLanguage:
    """English, and Russian on demand."""

    def test_is_remembered_by_a_cookie(self, ask: Ask) -> None:
        answer = ask(SHOP, "/?lang=ru")
        assert "Сшито не спеша" in answer.text
        assert answer.headers["set-cookie"].startswith("shop_lang=ru; Path=/;")
        assert "Сшито не спеша" in ask(SHOP, "/", headers={"cookie": "shop_lang=ru"}).text

    def test_that_is_not_known_is_english(self, ask: Ask) -> None:
        for options in ({"path": "/?lang=xx"}, {"path": "/", "headers": {"cookie": "shop_lang=%%;;="}}):
            answer = ask(SHOP, **options)
            assert "Made slowly" in answer.text
            assert "set-cookie" not in answer.headers


class TestTheEmbedding:
    """How the shop loads the widget."""

    def test_is_the_snippet_of_another_origin(self, ask: Ask) -> None:
        answer = ask(SHOP, "/")
        assert (
            '<script async src="https://desk.example/widget.js" data-key="write-key"></script>' in answer.text
        )
        assert (
            "connect-src 'self' https://desk.example wss://desk.example"
            in answer.headers["content-security-policy"]
        )

    def test_is_of_the_same_origin_where_none_is_given(self, ask: Ask) -> None:
        assert '<script async src="/widget.js" data-key="k"></script>' in ask(demo_shop("k"), "/").text

    def test_takes_only_an_http_origin(self) -> None:
        for address in ("javascript:alert(1)", "https://a.example; script-src *", "desk.example"):
            with pytest.raises(ValueError, match="desk_url"):
                demo_shop("k", address)

    def test_escapes_the_write_key(self, ask: Ask) -> None:
        assert 'data-key="&quot;&gt;' in ask(demo_shop('">'), "/").text.replace("&#34;", "&quot;")


class TestThePrefix:
    """The shop below a path: all its links stay below it."""

    @pytest.mark.parametrize(
        ("app", "path", "root"),
        [
            (demo_shop("k", "https://desk.example", prefix="/shop"), "/shop/product/halo", ""),
            (SHOP, "/shop/product/halo", "/shop"),
            (SHOP, "/product/halo", "/shop"),
        ],
    )
    def test_goes_before_every_link(self, ask: Ask, app: App, path: str, root: str) -> None:
        answer = ask(app, path, root_path=root)
        assert answer.status_code == 200
        assert "Halo table lamp" in answer.text
        inner = links(answer.text) - {"https://desk.example/widget.js"}
        assert all(address.startswith("/shop/") for address in inner)

    def test_is_the_cookies_path(self, ask: Ask) -> None:
        app = demo_shop("k", prefix="/shop/")
        assert "Path=/shop;" in ask(app, "/shop/?lang=ru").headers["set-cookie"]


class TestTheCatalog:
    """Sections, products and the search."""

    def test_has_dresses_with_their_four_kinds(self) -> None:
        kinds = [section.path for section in catalog.children("dresses")]
        assert kinds == ["dresses/wedding", "dresses/evening", "dresses/new", "dresses/sale"]
        assert all(catalog.products_of(path) for path in kinds)

    def test_has_flowers_for_the_first_of_september(self) -> None:
        assert [product.section for product in catalog.products_of("flowers")] == ["flowers"] * 3

    def test_names_categories_by_the_path_that_is_the_same_in_every_language(self, ask: Ask) -> None:
        for language in catalog.LANGUAGES:
            page = (
                ask(SHOP, f"/product/vesper?lang={language}")
                .text.replace("&quot;", '"')
                .replace("&#34;", '"')
            )
            assert '"category": "dresses/evening"' in page

    def test_shows_a_product_in_all_its_sections(self) -> None:
        ruby = catalog.product("ruby")
        assert ruby in catalog.products_of("dresses/evening")
        assert ruby in catalog.products_of("dresses/sale")
        assert ruby in catalog.products_of("dresses")
        assert ruby not in catalog.products_of("dresses/new")

    def test_has_no_two_products_of_one_id_and_each_is_in_a_section(self) -> None:
        ids = [product.id for product in catalog.PRODUCTS]
        assert len(set(ids)) == len(ids) >= 24
        assert all(catalog.section(path) for product in catalog.PRODUCTS for path in product.sections)

    def test_marks_what_is_cheaper_and_only_that(self, ask: Ask) -> None:
        sale = ask(SHOP, "/product/ruby").text
        assert "7,900\u00a0Kč" in sale
        assert "<s>9,900\u00a0Kč</s>" in sale
        assert "<s>" not in ask(SHOP, "/product/lotte").text.partition("<section>")[0]

    @pytest.mark.parametrize(
        ("query", "found"),
        [("halo", ["halo"]), ("LAMP table", ["halo"]), ("торшер", ["arc"]), ("   ", []), ("zeppelin", [])],
    )
    def test_finds_by_words_of_either_language(self, query: str, found: list[str]) -> None:
        assert [product.id for product in catalog.search(query)] == found

    def test_search_shows_a_hostile_query_as_text(self, ask: Ask) -> None:
        answer = ask(SHOP, "/search", params={"q": '"><script>alert(1)</script>'})
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text

    def test_delivery_costs_what_the_cart_reckons_with(self, ask: Ask) -> None:
        page = ask(SHOP, "/delivery-and-payment").text
        assert "It costs 300\u00a0Kč, and nothing from 3,000\u00a0Kč on." in page
        assert 'data-delivery-price="300" data-free-from="3000"' in page

    def test_other_currencies_are_written_their_way(self, ask: Ask) -> None:
        assert "€1,200" in ask(demo_shop("k", currency="EUR"), "/product/halo").text
        russian = ask(demo_shop("k", currency="RUB"), "/product/halo?lang=ru").text
        assert "1\u00a0200\u00a0₽" in russian


class TestThePictures:
    """Drawn by code."""

    @pytest.mark.parametrize("product", catalog.PRODUCTS, ids=lambda product: product.id)
    def test_are_svg_that_a_parser_accepts(self, ask: Ask, product: catalog.Product) -> None:
        answer = ask(SHOP, f"/pictures/{product.id}.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        root = ElementTree.fromstring(answer.text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(list(root.iter())) > 5


class TestTheFilesOfLetters:
    """What letters link to below the shop's address."""

    @pytest.mark.parametrize("name", file_names())
    def test_are_there(self, ask: Ask, name: str) -> None:
        answer = ask(SHOP, f"/scenario-files/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.content == read_file(name)

    def test_are_no_way_out_of_their_folder(self, ask: Ask) -> None:
        assert ask(SHOP, "/scenario-files/../index.py").status_code == 404
