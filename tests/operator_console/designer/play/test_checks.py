"""The tests that stand beside a scenario are run with a draft of it, and the word before publishing says which fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from operator_console.designer.play.checks import Checks, TestOutcome, run_tests
from operator_console.designer.play.checks_view import ChecksView, told
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from scenarios_yaml.library.index import library
from server_stub.protocol import WriteScenarioTests

HELLO = """\
scenario: hello
title: {en: Hello, ru: Привет}
status: live
trigger:
  - event: Session Started
steps:
  - say: {en: Good day, ru: Добрый день}
"""
TESTS = """\
- test: greets everybody
  locales: [en, ru]
  timeline:
    - event: Session Started
    - expect: {say: {en: Good day, ru: Добрый день}}

- test: says nothing to who only looks at a page
  timeline:
    - event: Page Viewed
    - expect_nothing
"""


class TestRunning:
    def test_each_case_has_an_outcome_in_each_of_its_languages(self) -> None:
        heard: list[TestOutcome] = []
        outcomes = run_tests(HELLO, TESTS, on_outcome=heard.append)
        assert [(one.name, one.locale, one.passed) for one in outcomes] == [
            ("greets everybody", "en", True),
            ("greets everybody", "ru", True),
            ("says nothing to who only looks at a page", "", True),
        ]
        assert heard == list(outcomes)
        assert Checks(HELLO, TESTS).total == 3

    def test_what_fails_is_named_with_its_line_and_what_was_wanted(self) -> None:
        outcomes = run_tests(HELLO.replace("Добрый", "Хороший"), TESTS)
        (failed,) = [one for one in outcomes if not one.passed]
        assert (failed.name, failed.locale, failed.line) == ("greets everybody", "ru", 5)
        assert "Добрый день" in failed.wanted
        assert "Хороший день" in failed.wanted + failed.instead

    def test_what_cannot_be_read_is_the_one_that_fails(self) -> None:
        (draft,) = run_tests(HELLO.replace("say", "sya"), TESTS)
        (tests,) = run_tests(HELLO, TESTS.replace("expect_nothing", "expect_nothnig"))
        assert not draft.passed
        assert draft.line == 7
        assert not tests.passed
        assert "expect_nothnig" in tests.wanted
        assert run_tests(HELLO, "\n") == ()

    def test_the_library_passes_its_own(self) -> None:
        item = next(item for item in library() if item.slug == "delivery_and_orders_bot")
        assert item.test
        assert all(one.passed for one in run_tests(item.text, item.test))

    def test_many_that_fail_are_counted(self) -> None:
        cases = "".join(
            f"- test: case {number}\n  timeline: [{{event: Page Viewed}}, {{expect: {{say: Good day}}}}]\n"
            for number in range(12)
        )
        outcomes = run_tests(HELLO, cases)
        from operator_console.designer.play.checks import Checked

        words = told(Checked(outcomes=outcomes, total=12)).plain
        assert "12 tests fail of 12" in words
        assert "case 7" in words
        assert "and 4 more" in words


@pytest.fixture
async def shop(serve: Any) -> AsyncIterator[Any]:
    async with serve({"hello": HELLO}) as served:
        yield served


async def asked(it: Any, edit: tuple[str, str]) -> ChecksView:
    """The word before the scenario is published, after its text was changed."""
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    await it.until(lambda: it.app.screen.rows.rows and not it.app.screen.rows.unread())
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    tree = it.app.screen
    tree.document.replace(tree.document.text.replace(*edit))
    tree.show_document()
    await it.press("P")
    await it.until(lambda: isinstance(it.app.screen, PublishSheet))
    view: ChecksView = await it.until(lambda: it.app.screen.query(ChecksView).first())
    return view


class TestTheWordBeforePublishing:
    async def test_it_says_that_all_pass(self, shop: Any) -> None:
        await shop.owner.write_scenario_tests("hello", WriteScenarioTests(TESTS))
        async with shop.console() as it:
            await asked(it, ("title: {en: Hello", "title: {en: Hello again"))
            await it.shows("3 tests pass")
            await it.press("ctrl+s")
            await it.shows("is published")

    async def test_it_names_the_one_that_fails_and_lets_it_be_published_all_the_same(self, shop: Any) -> None:
        await shop.owner.write_scenario_tests("hello", WriteScenarioTests(TESTS))
        async with shop.console() as it:
            await asked(it, ("Добрый", "Хороший"))
            await it.shows("1 test fails of 3")
            await it.shows("greets everybody · ru")
            await it.shows("Хороший день")
            await it.press("ctrl+s")
            await it.shows("is published")

    async def test_without_tests_it_says_how_one_is_made(self, shop: Any) -> None:
        async with shop.console() as it:
            await asked(it, ("Good day", "Good evening"))
            await it.shows("No tests stand beside it")
