"""Completing while one writes: saved replies by `/`, colleagues by `@`, emoji by `:`."""

from __future__ import annotations

import pytest

from operator_console.inbox.completions import (
    ReplyFinder,
    called_in,
    colleagues_for,
    wanted_at,
    whole_emoji,
)
from operator_console.inbox.emoji_names import load
from operator_console.replies.filling import fill, variables, with_variable_for_name
from server_stub.protocol import (
    Cart,
    DialogSummary,
    Me,
    Operator,
    Preset,
    VisitorCard,
    WritePreset,
)

ME = Me("o1", "Maria Lind", "owner", "Lamp & Linen", "1", site_url="https://lamp.example")
ANNA = VisitorCard("v1", 1, name="Anna Petrova", email="anna@mail.example", properties={"city": "Riga"})
STAFF = [
    Operator("o1", "Maria Lind", "owner", True),
    Operator("o2", "Tom Berg", "operator"),
    Operator("o3", "Ann Lee", "operator", True),
    Operator("o4", "Ann Leech", "operator", True, away=True),
]
REPLIES = [
    Preset("r1", "reply", "Delivery times", "Two days.", "Orders"),
    Preset("r2", "reply", "Returns", "The delivery is free.", "Orders"),
    Preset("r3", "reply", "Hours", "Nine to five.", ""),
    Preset("m1", "macro", "Delivery and close", "Bye."),
]


class TestWhatIsCompleted:
    @pytest.mark.parametrize(
        ("before", "kind", "query"),
        [
            ("/", "reply", ""),
            ("/del", "reply", "del"),
            ("Hello! /del ti", "reply", "del ti"),
            ("first line\n/x", "reply", "x"),
            ("thanks :smi", "emoji", "smi"),
            (":улы", "emoji", "улы"),
        ],
    )
    def test_a_slash_or_a_colon_behind_a_blank_begins_it(self, before: str, kind: str, query: str) -> None:
        wanted = wanted_at(before, is_note=False)
        assert wanted is not None
        assert (wanted.kind, wanted.query) == (kind, query)

    @pytest.mark.parametrize(
        "before",
        [
            "and/or",
            "see https://shop.example/x",
            "/home/ann",
            "at 10:30",
            "/ alone",
            ":",
            "a:b",
            "@tom",
            "12 :5",
        ],
    )
    def test_paths_times_and_links_are_text(self, before: str) -> None:
        assert wanted_at(before, is_note=False) is None

    def test_an_at_sign_calls_a_colleague_only_in_a_note(self) -> None:
        wanted = wanted_at("ask @to", is_note=True)
        assert wanted is not None
        assert (wanted.kind, wanted.query, wanted.length) == ("colleague", "to", 3)
        assert wanted_at("mail ann@mail", is_note=True) is None


class TestSavedRepliesBySlash:
    def test_they_are_found_by_name_then_folder_then_text(self) -> None:
        replies = ReplyFinder()
        assert [one.value for one in replies.find("del", REPLIES)] == ["r1", "r2"]
        assert [one.value for one in replies.find("orders ret", REPLIES)] == ["r2"]
        assert [one.value for one in replies.find("five", REPLIES)] == ["r3"]
        assert len(replies.find("", REPLIES)) == 3
        assert replies.find("nothing", REPLIES) == []

    def test_one_that_was_changed_is_found_by_what_it_is_now(self) -> None:
        replies = ReplyFinder()
        assert replies.find("times", REPLIES)
        changed = [Preset("r1", "reply", "Shipping", "Two days."), *REPLIES[1:]]
        assert replies.find("times", changed) == []
        assert [one.value for one in replies.find("ship", changed)] == ["r1"]


class TestVariablesWithFallbacks:
    def test_they_are_filled_in_from_the_card_the_desk_and_the_shop(self) -> None:
        given = variables(ANNA, None, ME)
        text = "Hi {{ visitor.first_name }} of {{ visitor.city }}, {{ operator.first_name }} from {{ site.name }}"
        assert fill(text, given).text == "Hi Anna of Riga, Maria from Lamp & Linen"

    def test_a_default_stands_in_for_what_is_not_known(self) -> None:
        given = variables(VisitorCard("v2", 1), None, ME)
        assert fill('Hi {{ visitor.name | default: "there" }}!', given).text == "Hi there!"

    def test_what_has_neither_stays_and_is_told(self) -> None:
        filled = fill("To {{ visitor.country | upcase }}: {{ cart.total }}", variables(ANNA, None, ME))
        assert filled.holes == ("{{ VISITOR.COUNTRY }}", "{{ cart.total }}")

    def test_the_name_of_the_list_is_used_until_the_card_is_here(self) -> None:
        row = DialogSummary("d1", "v1", 1, 0, 0, visitor_name="Anna Petrova")
        assert fill("{{ visitor.name }}", variables(None, row, ME)).text == "Anna Petrova"

    @pytest.mark.parametrize(
        "text",
        ["{{ visitor.name", "{% if %}", "{% include 'x' %}", "{% for i in (1..99999999) %}x{% endfor %}"],
    )
    def test_a_template_that_is_wrong_stays_as_it_is_with_its_problem(self, text: str) -> None:
        filled = fill(text, variables(ANNA, None, ME))
        assert filled.text == text
        assert filled.problem
        assert filled.holes

    def test_a_visitor_who_calls_himself_a_template_is_not_filled_in(self) -> None:
        card = VisitorCard("v1", 1, name="{{ operator.name }}", cart=Cart())
        assert fill("Hi {{ visitor.name }}", variables(card, None, ME)).text == "Hi {{ operator.name }}"

    def test_a_name_becomes_a_variable_and_parts_of_words_do_not(self) -> None:
        text = with_variable_for_name("Dear Anna, Anna Petrova! Annabel, anna@mail.example", "Anna Petrova")
        assert text.startswith("Dear {{ visitor.first_name }}, {{ visitor.name }}! Annabel")


class TestCallingAColleague:
    def test_a_word_of_the_name_is_enough_and_who_is_here_comes_first(self) -> None:
        assert [one.label for one in colleagues_for("le", STAFF, "o1")] == ["Ann Lee", "Ann Leech"]
        assert [one.label for one in colleagues_for("", STAFF, "o1")] == ["Ann Lee", "Ann Leech", "Tom Berg"]

    def test_who_is_called_is_read_from_the_note(self) -> None:
        assert called_in("@Ann Lee and @tom berg: look", STAFF, "o1") == ("o2", "o3")
        assert called_in("@Ann Leech", STAFF, "o1") == ("o4",)
        assert called_in("ann lee @Maria Lind", STAFF, "o1") == ()


class TestEmojiByName:
    def test_names_are_english_and_russian(self) -> None:
        names = load()
        assert names.find("smi")[0].char == "😄"
        assert "❤️" in {one.char for one in names.find("сердце")}
        assert names.named("+1") == "👍"
        assert names.find("") == []

    def test_a_name_in_colons_becomes_its_emoji(self) -> None:
        assert whole_emoji("yes :tada:", load()) == ("🎉", 6)
        assert whole_emoji("at 10:30:", load()) == ("", 0)
        assert whole_emoji(":no_such_emoji:", load()) == ("", 0)


async def presets(served) -> None:
    """A shop's saved replies."""
    await served.owner.write_preset(
        "r1",
        WritePreset(
            "reply", "Delivery times", 'Hello {{ visitor.first_name | default: "there" }}, two days.'
        ),
    )
    await served.owner.write_preset(
        "r2", WritePreset("reply", "Delivery abroad", "To {{ visitor.country }} it takes a week.", "Far")
    )


async def writing_to(console, name: str, *keys: str) -> None:
    """Open the visitor's dialog with his card, and begin to write."""
    inbox = console.inbox
    await console.until(lambda: any(row.visitor_name == name for row in inbox.mirror.rows.values()))
    dialog = next(row.id for row in inbox.mirror.rows.values() if row.visitor_name == name)
    inbox.dialogs.point_to(dialog)
    await console.until(
        lambda: inbox._opened == dialog and inbox.feed is not None and inbox._card is not None
    )
    await console.press(*keys)
    await console.until(lambda: inbox.composer.text_area.has_focus)


class TestRepliesWithVariablesAndSlashSearch:
    async def test_slash_finds_shows_and_inserts_a_saved_reply(self, served) -> None:
        await presets(served)
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("When does it come?")
        async with served.console() as console:
            await writing_to(console, "Anna Petrova", "r")
            await console.type("/deltim")
            await console.press(*["backspace"] * 3)
            await console.type(" tim")
            await console.shows("Hello Anna, two days.")
            await console.press("enter")
            await console.until(lambda: console.inbox.composer.text == "Hello Anna, two days.")
            await console.press("enter")
            await console.until(lambda: not console.inbox.composer.text)
            await console.until(lambda: console.inbox.row.last_text == "Hello Anna, two days.")

    async def test_the_arrows_choose_tab_takes_and_escape_leaves_the_text(self, served) -> None:
        await presets(served)
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("When?")
        async with served.console() as console:
            await writing_to(console, "Anna Petrova", "r")
            await console.type("/del")
            await console.until(lambda: console.inbox.composer.offers.is_open)
            await console.press("escape")
            await console.until(lambda: not console.inbox.composer.offers.is_open)
            assert console.inbox.composer.text == "/del"
            await console.type("i")
            assert not console.inbox.composer.is_completing, "given up stays given up"
            await console.press("backspace", "backspace", "backspace", "backspace", "backspace")
            await console.type("/")
            await console.until(lambda: console.inbox.composer.offers.is_open)
            await console.press("down", "tab")
            await console.until(lambda: "it takes a week" in console.inbox.composer.text)
            assert console.inbox.composer.text_area.has_focus

    async def test_what_is_not_filled_in_stands_out_and_is_asked_about_before_it_is_sent(
        self, served
    ) -> None:
        await presets(served)
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("When?")
        async with served.console() as console:
            await writing_to(console, "Anna Petrova", "r")
            await console.type("/abroad")
            await console.press("enter")
            await console.until(lambda: "{{ visitor.country }}" in console.inbox.composer.text)
            await console.press("enter")
            await console.shows("Something is not filled in")
            await console.press("enter")
            await console.until(lambda: console.app.screen is console.inbox)
            assert "{{ visitor.country }}" in console.inbox.composer.text
            await console.press("enter")
            await console.shows("Something is not filled in")
            await console.press("down", "enter")
            await console.until(lambda: "{{ visitor.country }}" in console.inbox.row.last_text)

    async def test_keys_that_come_at_once_take_what_they_name(self, served) -> None:
        """Over a slow line the words and Enter come together: the slash is never sent."""
        await presets(served)
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("When?")
        async with served.console() as console:
            await writing_to(console, "Anna Petrova", "r")
            await console.press(*"/times", "enter")
            await console.until(lambda: console.inbox.composer.text == "Hello Anna, two days.")


class TestMentionAColleagueInANote:
    async def test_the_note_calls_whom_it_names(self, served) -> None:
        tom = await served.operator("Tom Berg")
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Hello?")
        async with served.console() as console:
            await writing_to(console, "Anna Petrova", "n")
            await console.until(lambda: len(console.inbox.mirror.operators) == 2)
            await console.type("ask @be")
            await console.shows("Tom Berg")
            await console.press("enter")
            await console.until(lambda: console.inbox.composer.text == "ask @Tom Berg ")
            await console.type("please")
            await console.press("enter")
            me = await tom.me()
            await console.until(lambda: console.inbox.row.mentioned == (me.id,))


class TestEmojiInTheComposer:
    async def test_a_name_is_completed_and_a_whole_name_replaced(self, served) -> None:
        visitor = await served.visitor("Anna Petrova")
        await visitor.writes("Thanks!")
        async with served.console() as console:
            await writing_to(console, "Anna Petrova", "r")
            await console.type("you are welcome :smil")
            await console.until(lambda: console.inbox.composer.offers.is_open)
            await console.press("enter")
            await console.until(lambda: console.inbox.composer.text == "you are welcome 😄")
            await console.type(" :tada:")
            await console.until(lambda: console.inbox.composer.text == "you are welcome 😄 🎉")
