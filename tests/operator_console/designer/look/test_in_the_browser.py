"""What the terminal says of a pop-up's size and place, held against the real one in Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.page_map import LAPTOP, PHONE, card_box
from operator_console.designer.look.sample import Sample
from scenarios_yaml.language.reader import read_scenario
from server_stub.protocol import MakePreview

DRAFT = """\
scenario: sizes
title: Pop-ups of all sizes
trigger:
  - event: Session Started
steps:
  - id: offer
    popup:
      size: large
      title: A small welcome, 10% off your first order
      text: Leave your email, and your promo code for the first order is here in a second.
      fields:
        - {input: email, label: Your email, save_to: visitor.email, required: true}
      button: {label: Get my code}
  - id: question
    popup:
      size: large
      title: Для кого вы выбираете?
      text: Один вопрос, и мы пришлём подборку, которая вам подойдёт.
      fields:
        - {input: choice, label: Для кого, save_to: visitor.for, choices: [Для себя, Для подруги, Для мамы, В офис]}
        - {input: email, label: Ваша почта, save_to: visitor.email, required: true}
      button: {label: Прислать подборку}
  - id: news
    popup:
      size: small
      title: New lamps for the kitchen
      text: >-
        They came in this week, and the first hundred go out with free delivery. Have a look at them, there is one for
        every table, and if none fits, write to us.
      button: {label: Have a look, link: /lamps}
  - id: code
    popup:
      size: mini
      position: bottom-right
      title: "Your code: BONUS"
      text: We are sending it to your mailbox, too. Enjoy!
"""


def near(told: int, real: float) -> bool:
    """Within the height of two lines: where a line breaks is up to the fonts of the visitor's computer."""
    return abs(told - real) <= 48


@pytest.mark.slow
class TestTheRealPopUp:
    @pytest.mark.parametrize("page_size", [LAPTOP, PHONE], ids=["laptop", "telephone"])
    async def test_it_is_as_large_as_the_terminal_says_and_stands_where_it_says(
        self, served, browser, page_size
    ) -> None:
        scenario = read_scenario(DRAFT).scenario
        assert scenario is not None
        scope = Sample("en", {}, now=served.clock()).scope(scenario)
        context = await browser.new_context(viewport={"width": page_size[0], "height": page_size[1]})
        page = await context.new_page()
        for step in scenario.steps:
            preview = await served.owner.make_preview(MakePreview(DRAFT, step.id))
            await page.goto(served.url + preview.url)
            dialog = page.get_by_role("dialog")
            await expect(dialog).to_be_visible()
            await page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
            real = await dialog.bounding_box()
            told = card_box(step_look(step, scope), page_size)
            assert real is not None
            seen = f"{step.id}: told {told}, real {real}"
            assert abs(told.width - real["width"]) <= 1, seen
            assert abs(told.left - real["x"]) <= 1, seen
            assert near(told.height, real["height"]), seen
            assert near(told.top, real["y"]), seen
        await context.close()
