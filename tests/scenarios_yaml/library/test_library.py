"""The ready-made scenarios: every one is read without a problem, in both languages, and says what its row
promises."""

from __future__ import annotations

import re
import time

import pytest

from scenarios_yaml.language import model
from scenarios_yaml.language.durations import MILLISECONDS
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import GROUPS, file_names, library, read_file, segments

ITEMS = {item.slug: item for item in library()}
CATALOG = {
    "lead_generation": {
        "first_visit_bonus_popup", "first_visit_bonus_chat", "qualification_popup", "site_bonus_popup",
        "exit_promo_popup", "blog_digest_popup", "blog_push_popup", "new_article_push", "offers_push_popup",
        "write_us_chat", "landing_scrolled_chat", "subscriber_lead_magnet",
    },
    "chat_bots": {
        "help_choosing_bot", "wholesale_bot", "delivery_and_orders_bot", "category_bot", "order_registration_bot",
        "knowledge_base_bot", "promo_code_bot", "warm_up_series",
    },
    "sales": {
        "browsing_help_chat", "section_help_chat", "free_delivery_popup", "cart_sum_discount_popup",
        "viewed_products_promo_popup", "section_offer_popup", "save_products_popup", "viewed_products_email",
        "leave_discount_popup", "checkout_exit_promo_popup", "cart_reminder_popup", "cart_discount_popup",
        "save_cart_popup", "abandoned_cart_series", "checkout_help_chat", "cart_help_chat",
        "order_value_upsell_popup",
    },
    "retention": {
        "order_thanks_popup", "order_status_push_popup", "order_confirmation_email", "popular_products_popup",
        "next_order_bonus_email", "review_request_email",
    },
    "win_back": {
        "come_back_push", "come_back_offer_email", "come_back_bonus_email", "personal_offer_email",
        "feedback_email", "birthday_month_broadcast", "holiday_broadcast", "city_broadcast",
    },
}  # fmt: skip
STARTERS = {
    "help_choosing_bot", "delivery_and_orders_bot", "site_bonus_popup", "first_visit_bonus_popup",
    "viewed_products_promo_popup", "abandoned_cart_series", "order_confirmation_email", "come_back_offer_email",
}  # fmt: skip


def scenario(slug: str) -> model.Scenario:
    found = read_scenario(ITEMS[slug].text, str(ITEMS[slug].path)).scenario
    assert found is not None
    return found


def steps_of(found: model.Scenario) -> list[model.Step]:
    return list(all_steps([found.steps, *(steps for _, steps in found.blocks)]))


def texts_of(node: object) -> list[Text]:
    if isinstance(node, Text):
        return [node]
    if isinstance(node, tuple):
        return [text for item in node for text in texts_of(item)]
    if isinstance(node, model.Node):
        return [text for name in node.__struct_fields__ for text in texts_of(getattr(node, name))]
    return []


@pytest.mark.parametrize("slug", ITEMS)
class TestEveryScenario:
    def test_is_read_without_a_problem_or_a_warning(self, slug):
        assert read_scenario(ITEMS[slug].text, str(ITEMS[slug].path)).problems == ()

    def test_stands_in_the_folder_of_its_group_as_a_draft_with_a_comment(self, slug):
        found = scenario(slug)
        assert found.slug == slug
        assert found.group == ITEMS[slug].group
        assert found.status == "draft"
        assert found.comment
        assert found.starter == (slug in STARTERS)

    def test_speaks_english_and_russian(self, slug):
        found = scenario(slug)
        notes = {id(text) for step in steps_of(found) for text in (getattr(step, "note", None),)}
        notes |= {id(step.text) for step in steps_of(found) if isinstance(step, model.Note)}
        links = {
            id(b.link)
            for step in steps_of(found)
            for b in (*getattr(step, "buttons", ()), getattr(step, "button", None))
            if b
        }
        links |= {id(step.link) for step in steps_of(found) if isinstance(step, model.Push)}
        values = {
            id(text)
            for step in steps_of(found)
            if isinstance(step, (model.Set, model.Emit, model.Webhook))
            for text in texts_of(step)
        }
        for text in texts_of(found):
            if id(text) in notes | links | values:
                continue
            assert set(text.sources) == {"en", "ru"}, text.sources
            assert re.search("[а-яё]", text.sources["ru"], re.IGNORECASE), text.sources
            assert not re.search("[а-яё]", text.sources["en"], re.IGNORECASE), text.sources

    def test_is_limited_in_how_often_it_comes(self, slug):
        found = scenario(slug)
        if any(isinstance(trigger, model.OnKeyword) for trigger in found.trigger):
            return  # the visitor himself asks for it
        assert found.reentry.not_sooner_than >= MILLISECONDS["d"] or found.reentry.times == 1

    def test_does_not_wait_for_ever(self, slug):
        for step in steps_of(scenario(slug)):
            if isinstance(step, (model.Ask, model.Popup)) or (isinstance(step, model.Say) and step.options):
                assert step.timeout, step.path

    def test_every_file_that_it_sends_is_there(self, slug):
        for step in steps_of(scenario(slug)):
            if isinstance(step, model.SendFile):
                assert read_file(step.file)

    def test_uses_each_of_its_parameters(self, slug):
        for parameter in scenario(slug).parameters:
            assert f"parameters.{parameter.name}" in ITEMS[slug].text
            assert parameter.label is not None

    def test_is_read_in_less_than_twenty_milliseconds(self, slug):
        def once() -> float:
            began = time.process_time()
            read_scenario(ITEMS[slug].text)
            return time.process_time() - began

        assert min(once() for _ in range(9)) < 0.020


class TestTheShelf:
    @pytest.mark.parametrize("group", GROUPS)
    def test_every_row_of_the_catalog_is_there(self, group):
        assert {item.slug for item in library() if item.group == group} == CATALOG[group]

    def test_in_the_order_of_the_groups(self):
        groups = [item.group for item in library()]
        assert groups == sorted(groups, key=GROUPS.index)

    def test_segments_are_read_without_a_problem(self):
        assert "bought_flowers_in_late_may" in {item.slug for item in segments()}
        for item in segments():
            found = read_segment(item.text, str(item.path))
            assert found.problems == ()
            assert found.segment is not None
            assert found.segment.slug == item.slug
            assert set(found.segment.title.sources) == {"en", "ru"}

    def test_files_are_read_by_name_only(self):
        assert {"size_chart.txt", "wholesale_terms.txt"} <= set(file_names())
        assert "38 · M".encode() in read_file("size_chart.txt")
        for name in ("nothing.txt", "../index.py", "/etc/passwd", "", ".", "a/../size_chart.txt"):
            with pytest.raises(FileNotFoundError):
                read_file(name)


def first(found: model.Scenario, kind: type) -> model.Step:
    return next(step for step in steps_of(found) if isinstance(step, kind))


def labels(step: model.Say) -> list[str]:
    return [option.id for option in step.options]


class TestRowsOfTheCatalog:
    """When, who, how long after, what, and what then."""

    def test_help_choosing_bot(self):
        found = scenario("help_choosing_bot")
        assert [trigger.event for trigger in found.trigger] == ["Session Started"]
        wait, question = found.steps
        assert wait.duration == 3 * MILLISECONDS["m"]
        yes, no = question.options
        assert yes.jump == "helper"
        assert [type(step) for step in dict(found.blocks)["helper"]] == [model.Say, model.Handoff]
        assert [type(step) for step in no.steps] == [model.Say, model.Close]

    def test_delivery_and_orders_bot(self):
        found = scenario("delivery_and_orders_bot")
        (trigger,) = found.trigger
        assert (trigger.event, trigger.where[0].value) == ("Page Viewed", "/delivery-and-payment")
        wait, menu = found.steps
        assert wait.duration == 15 * MILLISECONDS["s"]
        blocks = dict(found.blocks)
        assert labels(menu) == ["delivery", "order", "other"]
        assert labels(blocks["about-delivery"][0]) == ["arrange", "area", "cost"]
        assert labels(blocks["about-order"][0]) == ["cannot-place", "when"]
        over, under = blocks["placed-when"][0].options
        assert over.label.render({}, "en") == "Over 14 days ago"
        assert under.label.render({}, "ru") == "Менее 14 дней назад"
        assert (over.steps[-1].target, under.steps[-1].target) == ("hand-over", "helped")
        assert labels(blocks["helped"][0]) == ["yes", "no"]
        assert blocks["helped"][0].options[1].steps[-1].target == "hand-over"

    def test_category_bot(self):
        found = scenario("category_bot")
        (trigger,) = found.trigger
        assert (trigger.event, trigger.where[0].path, trigger.where[0].value) == (
            "Section Viewed", "event.section", "dresses",
        )  # fmt: skip
        assert found.steps[0].duration == 30 * MILLISECONDS["s"]
        blocks = dict(found.blocks)
        assert labels(blocks["which-kind"][0]) == ["wedding", "evening"]
        assert labels(blocks["evening-dresses"][0]) == ["new", "reduced"]
        size, see_all = blocks["new-dresses"][0].options
        assert size.steps[0].file == "size_chart.txt"
        assert see_all.jump == "see-all"
        assert blocks["see-all"][0].buttons[0].link.render({}) == "/catalog/dresses/new"

    def test_site_bonus_popup(self):
        found = scenario("site_bonus_popup")
        assert [condition.source for condition in found.audience] == ["email is unknown"]
        wait, offer = found.steps
        assert wait.duration == 10 * MILLISECONDS["s"]
        assert [(field.input, field.save_to, field.required) for field in offer.fields] == [
            ("email", "visitor.email", True)
        ]
        assert [type(step) for step in offer.on_submit] == [model.Coupon, model.Email, model.Popup]
        letter, code = offer.on_submit[1:]
        assert code.size == "mini"
        variables = {
            "run": {"code": "BONUS"},
            "visitor": {"name": "Ann"},
            "site": {"name": "Shop", "url": "https://shop.example"},
        }
        body = letter.body.render(variables, "en")
        assert body.startswith("Hello, Ann!")
        assert "## BONUS" in body
        assert "(https://shop.example/catalog)" in body
        assert "скидка 10%" in letter.body.render(variables, "ru")

    def test_exit_promo_popup(self):
        found = scenario("exit_promo_popup")
        assert [trigger.event for trigger in found.trigger] == ["Exit Intent"]
        assert [condition.source for condition in found.audience] == ["email is unknown"]
        (offer,) = found.steps
        assert [type(step) for step in offer.on_submit] == [model.Coupon, model.Popup]
        assert offer.on_submit[1].size == "mini"

    def test_free_delivery_popup(self):
        found = scenario("free_delivery_popup")
        assert [trigger.event for trigger in found.trigger] == ["Product Added"]
        (condition,) = found.audience
        assert (condition.path, condition.op, condition.value) == ("cart.total", "<", 3000)
        (popup,) = found.steps
        title = popup.title.render({"cart": {"total": 1800.5}, "currency": "CZK"}, "en")
        assert title == "1200 CZK to go until free delivery"

    def test_browsing_help_chat(self):
        found = scenario("browsing_help_chat")
        assert [trigger.event for trigger in found.trigger] == ["Product Viewed"]
        wait, _product, question, note, _thanks, assign, meeting = found.steps
        assert wait.duration == 30 * MILLISECONDS["s"]
        assert question.text.render({"run": {"product": "Lamp"}}, "en").startswith(
            "Hello! I see “Lamp” has caught your eye. Shall"
        )
        assert question.text.render({}, "ru").startswith("Здравствуйте! Помочь")
        assert "https://calendar.example" in note.text.render({"run": {"question": "?"}})
        assert assign.team == "sales"
        assert (meeting.event, meeting.then[0].tag) == ("Meeting Booked", "meeting")
