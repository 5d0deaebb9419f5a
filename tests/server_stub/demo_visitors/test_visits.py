"""Simulated visitors, through a real socket: what they do in the shop and what they say."""

import asyncio
import string
from itertools import pairwise
from random import Random

import pytest

from server_stub.demo_visitors.connection import RefusedAtTheDoorError
from server_stub.demo_visitors.people import CHARACTERS, new_person
from server_stub.demo_visitors.shop import Shop
from server_stub.demo_visitors.words import GIVING_UP, OPENERS_FOR, SHORT_WORDS, THANKS, TOPICS, WAITING
from server_stub.protocol import (
    Button,
    ChooseFrame,
    IdentifyFrame,
    Option,
    Popup,
    PopupField,
    PopupFrame,
    SeenFrame,
    ShowPopup,
    TrackFrame,
    VisitorTyping,
    WriteFrame,
)

YES_NO = (Option("y", "Yes"), Option("n", "No, thanks"))


async def whole(visit) -> None:
    async with asyncio.timeout(20):
        await visit.run()


class TestInTheShop:
    async def test_somebody_comes_like_a_browser(self, desk, make_visit) -> None:
        """Key, language, time zone, device and the shop as origin travel with the first frame."""
        await whole(make_visit("silent"))
        hello, headers = desk.hellos[0]
        assert (hello.key, hello.token) == ("wk", "")
        assert "/" in hello.timezone
        assert headers["origin"] == "http://shop.example"
        assert "Mozilla/5.0" in headers["user-agent"]

    async def test_pages_are_viewed_in_a_chain(self, desk, make_visit) -> None:
        """Every page has a title and an address of the shop, and names the page before it."""
        await whole(make_visit("browser"))
        views = desk.named("Page Viewed")
        assert len(views) >= 5
        assert all(view["title"] and view["url"].startswith("http://shop.example/") for view in views)
        for before, after in pairwise(views):
            assert after["referrer"].split("?")[0] == before["url"].split("?")[0]

    async def test_products_are_viewed_with_their_properties(self, desk, make_visit) -> None:
        """In Segment's words."""
        await whole(make_visit("browser"))
        product = desk.named("Product Viewed")[0]
        assert {"product_id", "sku", "name", "price", "category", "url"} <= product.keys()
        assert desk.named("Product List Viewed")[0]["products"]

    async def test_a_buyer_buys_and_the_back_end_says_so(self, desk, make_visit) -> None:
        """Cart, checkout and email come from the page; who he is and the order from the back end."""
        await whole(make_visit("buyer"))
        names = [frame.name for frame in desk.of(TrackFrame)]
        steps = ["Product Added", "Cart Viewed", "Checkout Started", "Email Captured", "Payment Info Entered"]
        assert [names.index(step) for step in steps] == sorted(names.index(step) for step in steps)
        assert desk.of(IdentifyFrame)[0].traits["email"].endswith(".example")
        assert [path for path, _ in desk.calls] == ["/v1/identify", "/v1/track"]
        order = desk.calls[1][1]
        assert order["event"] == "Order Completed"
        assert order["anonymousId"] == "anon1"
        assert order["userId"] == desk.calls[0][1]["userId"]
        total = sum(line["price"] * line["quantity"] for line in order["properties"]["products"])
        assert order["properties"]["revenue"] == total

    async def test_an_abandoner_leaves_a_cart_behind(self, desk, make_visit) -> None:
        """Products, the cart, and the mouse on its way out; no order."""
        await whole(make_visit("abandoner"))
        assert desk.named("Product Added")
        assert desk.named("Cart Viewed")
        assert desk.named("Exit Intent")
        assert desk.calls == []

    @pytest.mark.parametrize("character", [character for character, _ in CHARACTERS])
    async def test_everybody_walks_to_the_end(self, desk, make_visit, character) -> None:
        """No walk depends on luck: several seeds each."""
        for seed in range(4):
            await whole(make_visit(character, seed))

    async def test_the_same_seed_is_the_same_visit(self, desk, make_visit) -> None:
        """What is seen and bought does not depend on the clock."""
        await whole(make_visit("silent", 5))
        first = [(frame.name, frame.properties) for frame in desk.of(TrackFrame)]
        desk.frames.clear()
        desk.taken.clear()
        await whole(make_visit("silent", 5))
        assert [(frame.name, frame.properties) for frame in desk.of(TrackFrame)] == first


class TestConnection:
    async def test_what_was_not_answered_is_repeated_and_counts_once(self, desk, make_visit) -> None:
        """The server hangs up after every fourth frame: the chain of pages has no hole and no double."""
        desk.drop_after = 4
        await whole(make_visit("delivery", pace=5_000))
        views = desk.named("Page Viewed")
        for before, after in pairwise(views):
            assert after["referrer"].split("?")[0] == before["url"].split("?")[0]
        ids = [frame.id for frame in desk.of(TrackFrame)]
        assert len(ids) == len(set(ids))
        assert len(desk.hellos) > 1

    async def test_a_returning_visitor_brings_his_token(self, desk, make_visit) -> None:
        """His browser remembers it."""
        person = new_person(Random(1), 1, "silent")
        await whole(make_visit(person=person))
        assert person.token == "anon1.sig"
        await whole(make_visit(person=person, seed=2))
        assert desk.hellos[1][0].token == "anon1.sig"
        assert person.visits == 2

    async def test_a_token_that_nobody_knows_is_dropped(self, desk, make_visit) -> None:
        """After the database was thrown away he comes as somebody new."""
        person = new_person(Random(1), 1, "silent")
        person.token = "unknown.sig"
        await whole(make_visit(person=person))
        assert person.token.startswith("anon")

    async def test_a_wrong_key_ends_it(self, desk, make_visit) -> None:
        """There is no use in trying again."""
        visit = make_visit("silent")
        visit._connection._hello = type(visit._connection._hello)(key="wrong")
        with pytest.raises(RefusedAtTheDoorError, match="Not this one"):
            await whole(visit)


class TestTalking:
    async def test_a_bots_question_is_answered_by_choosing(self, desk, make_visit, wait_until) -> None:
        """After reading it; most say yes."""
        desk.welcome_with = [desk.message("May I help you to choose?", "bot", options=YES_NO)]
        for seed in range(4):
            await whole(make_visit("browser", seed))
        chosen = [frame.option for frame in desk.of(ChooseFrame)]
        assert chosen.count("y") > chosen.count("n")
        assert {frame.state for frame in desk.of(SeenFrame)} == {"delivered", "seen"}

    async def test_a_silent_one_turns_the_bot_down(self, desk, make_visit) -> None:
        """Or says nothing at all."""
        desk.welcome_with = [desk.message("May I help?", "bot", options=YES_NO)]
        for seed in range(10):
            await whole(make_visit("silent", seed, pace=10_000))
        assert {frame.option for frame in desk.of(ChooseFrame)} == {"n"}
        assert desk.of(WriteFrame) == []

    async def test_a_bot_that_asks_for_an_email_gets_one(self, desk, make_visit) -> None:
        """Typed as a message, as the widget sends it."""
        desk.welcome_with = [desk.message("Your email?", "bot", input="email")]
        for seed in range(3):
            await whole(make_visit("browser", seed))
        assert any("@" in frame.text for frame in desk.of(WriteFrame))

    @pytest.mark.parametrize(
        ("question", "is_name"), [("What is your name?", True), ("What is it about?", False)]
    )
    async def test_a_bot_that_asks_for_words_gets_fitting_ones(
        self, desk, make_visit, question, is_name
    ) -> None:
        """A name for a name, a question for anything else."""
        desk.welcome_with = [desk.message(question, "bot", input="text")]
        visit = make_visit("browser", 3)
        await whole(visit)
        said = [frame.text for frame in desk.of(WriteFrame)]
        assert (said[0] == visit._person.name) is is_name

    async def test_an_operator_is_asked_on_and_thanked(self, desk, make_visit) -> None:
        """Every answer leads to the next question, until the last; then there is nothing more to say."""
        desk.on_frame = lambda frame: [desk.message("Of course!")] if isinstance(frame, WriteFrame) else []
        visit = make_visit("wholesale", 3, pace=300)
        await whole(visit)
        said = [frame.text for frame in desk.of(WriteFrame)]
        language = visit._person.language
        assert 2 <= len(said) <= 5
        assert said[-1] in THANKS[language]
        assert len(said) == len(set(said))
        assert len(desk.of(VisitorTyping)) == len(said)

    async def test_nobody_waits_for_ever(self, desk, make_visit) -> None:
        """Without an answer he asks whether somebody is there, leaves his address, and goes."""
        visit = make_visit("wholesale", 3)
        await whole(visit)
        said = [frame.text for frame in desk.of(WriteFrame)]
        assert said[1] in WAITING[visit._person.language]
        assert visit._person.email in said[2]
        assert len(said) == 3

    async def test_popups_are_filled_or_closed(self, desk, make_visit) -> None:
        """Submitted with an email, or closed: both happen."""
        button = Button("Get my code", "")
        popup = Popup(
            "p1",
            "s",
            "large",
            "10% off",
            "…",
            1,
            button=button,
            fields=(PopupField("email", "email", "Email"),),
        )
        desk.welcome_with = [ShowPopup(popup)]
        for seed in range(8):
            await whole(make_visit("browser", seed))
        outcomes = [(frame.outcome, frame.fields) for frame in desk.of(PopupFrame)]
        assert {outcome for outcome, _ in outcomes} == {"submitted", "closed"}
        assert all("@" in fields["email"] for outcome, fields in outcomes if outcome == "submitted")


class TestWords:
    def test_every_text_has_only_known_placeholders(self) -> None:
        """A placeholder that nobody fills would end a visit."""
        known = {"product", "size", "city", "colour", "order", "email"}
        texts = [
            text
            for words in (THANKS, SHORT_WORDS, WAITING, GIVING_UP)
            for some in words.values()
            for text in some
        ]
        for topics in TOPICS.values():
            for topic in topics.values():
                texts += [*topic.openers, *topic.follow_ups]
        texts += [text for some in OPENERS_FOR.values() for openers in some.values() for text in openers]
        assert len(texts) > 100
        for text in texts:
            assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= known

    def test_both_languages_have_the_same_topics(self) -> None:
        """Whoever comes finds something to say."""
        assert TOPICS["en"].keys() == TOPICS["ru"].keys()

    def test_people_are_invented(self) -> None:
        """All mail goes to .example, and nobody shares an address."""
        rng = Random(1)
        people = [new_person(rng, number) for number in range(300)]
        assert all(person.email.endswith(".example") and person.email.isascii() for person in people)
        assert len({person.email for person in people}) == 300
        assert {person.language for person in people} == {"en", "ru"}
        assert {person.character for person in people} == {character for character, _ in CHARACTERS}


class TestShop:
    @pytest.mark.parametrize("language", ["en", "ru"])
    def test_every_page_that_visitors_open_has_a_title(self, language) -> None:
        """Sections and products of the real catalog."""
        shop = Shop("http://shop.example/", language)
        assert len(shop.goods) > 15
        for section in shop.sections:
            assert shop.in_section(section)
            assert shop.section(section).path == f"/catalog/{section}"
        assert shop.address(shop.page("/cart"), "a=b") == "http://shop.example/cart?a=b"


class TestBesideShopping:
    """What scenarios listen to besides carts and orders."""

    async def test_readers_of_the_blog_allow_notifications_and_subscribe(self, desk, make_visit) -> None:
        for seed in range(20):
            await whole(make_visit("silent", seed))
        assert desk.named("Push Subscribed")
        subscribed = desk.named("Subscribed")
        assert {event["list"] for event in subscribed} == {"newsletter"}
        assert all(event["email"].endswith(".example") for event in subscribed)

    async def test_a_buyer_who_comes_back_reviews_his_order_once(self, desk, make_visit) -> None:
        """By the link of the letter: the page first, then the score."""
        for seed in range(6):
            await whole(make_visit("silent", seed, order="A-17"))
        reviews = desk.named("Product Reviewed")
        assert 0 < len(reviews) <= 6
        assert {review["order_id"] for review in reviews} == {"A-17"}
        assert all(1 <= review["rating"] <= 5 for review in reviews)
        pages = [view for view in desk.named("Page Viewed") if view["path"] == "/review"]
        asked = [f"?order=A-17&score={review['rating']}" for review in reviews]
        assert [page["search"] for page in pages] == asked

    async def test_the_blog_tells_of_articles_those_who_allow_it(self, desk, make_visit) -> None:
        for seed in range(8):
            await whole(make_visit("silent", seed, allows_push=True))
        articles = [body for path, body in desk.calls if path == "/v1/track"]
        assert articles
        assert {body["event"] for body in articles} == {"Article Published"}
        assert all(body["properties"]["url"].startswith("http://shop.example/blog/") for body in articles)
        assert all("userId" not in body for body in articles)

    async def test_other_shops_book_meetings(self, desk, make_visit) -> None:
        for seed in range(6):
            await whole(make_visit("wholesale", seed))
        assert {meeting["kind"] for meeting in desk.named("Meeting Booked")} == {"video"}

    async def test_who_signs_in_has_a_city_and_a_birthday(self, desk, make_visit) -> None:
        await whole(make_visit("buyer"))
        traits = desk.of(IdentifyFrame)[0].traits
        assert traits["city"]
        assert len(traits["birthday"].split("-")) == 3
