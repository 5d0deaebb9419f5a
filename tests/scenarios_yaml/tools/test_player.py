"""The player is fed with lines and answers with what happened; nothing that is typed makes it fall."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import Effect, Send, SendChat, ShowPopup
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.playing.player import (
    Came,
    Decided,
    Left,
    Notice,
    Player,
    Refused,
    Settings,
    Thing,
    Yours,
)
from scenarios_yaml.tools.playing.player_lines import COMMANDS, pairs

BOT = """
scenario: bot
title: {en: A bot, ru: Бот}
trigger:
  - {event: Page Viewed, where: [page.path starts with "/help", "event.ref in [a, b]"]}
audience: [email is known]
steps:
  - wait: 15s
  - id: menu
    say: {en: How can I help?, ru: Чем помочь?}
    timeout: 1d
    options:
      - {label: {en: Prices, ru: Цены}, steps: [{say: {en: "{{ site.name }} is cheap.", ru: Дёшево.}}]}
      - {label: {en: A form, ru: Форма}, jump: to-form}
      - {label: {en: People, ru: Люди}, jump: people}
blocks:
  to-form:
    - id: form
      popup:
        size: large
        title: Form
        text: Fill in.
        fields: [{input: text, label: Town, save_to: visitor.city, required: true}]
        button: {label: Send}
      timeout: 1h
    - webhook: {url: "https://crm.example/leads", save_to: run.lead}
      on_error: [{say: "Failed: {{ run.error }}"}]
    - coupon: {pool: bonus, save_to: run.code}
    - id: letter
      email: {subject: "Code {{ run.code }}", body: "Hello.\\n\\n[Go](/shop)"}
  people:
    - handoff: {note: "from {{ run.path }}"}
      no_operator: [{say: "Nobody is here, {{ visitor.nick }}."}]
"""


@pytest.fixture
def player() -> Player:
    result = read_scenario(BOT)
    assert result.scenario is not None, [str(problem) for problem in result.errors]
    return Player([result.scenario])


def feed(player: Player, *lines: str) -> list[Thing]:
    """What the last line brought."""
    things: list[Thing] = []
    for line in lines:
        things = player.feed(line)
    return things


def of(things: list[Thing], kind: type[Effect]) -> list[Effect]:
    return [
        effect
        for thing in things
        if isinstance(thing, Came)
        for effect in thing.effects
        if isinstance(effect, kind)
    ]


def refusals(things: list[Thing]) -> list[Refused]:
    return [thing for thing in things if isinstance(thing, Refused)]


def to_menu(player: Player) -> list[Thing]:
    return feed(player, ":as email=ann@shop.example", ":start", ":advance 15s")


class TestStarting:
    def test_says_what_would_start_the_scenario(self, player: Player) -> None:
        first, second = player.greeting()
        assert isinstance(first, Notice)
        assert isinstance(second, Notice)
        assert "A bot (bot)" in first.text
        assert first.rows == (
            ('the event Page Viewed, where page.path starts with "/help"; event.ref in [a, b]',),
        )
        assert ":start" in second.text

    def test_start_meets_the_trigger_and_says_what_the_audience_still_wants(self, player: Player) -> None:
        things = feed(player, ":start")
        assert things[0] == Notice(":event Page Viewed path=/help url=https://shop.example/ title=Shop ref=a")
        (refused,) = refusals(things)
        assert "audience: email is known" in refused.message
        assert ":as email=ann@shop.example" in refused.hint

    def test_then_it_starts_and_says_how_long_it_waits(self, player: Player) -> None:
        things = feed(player, ":as email=ann@shop.example", ":start")
        assert not refusals(things)
        assert isinstance(things[-1], Notice)
        assert things[-1].text.endswith("type :advance 15s")

    @pytest.mark.parametrize(
        ("trigger", "typed"),
        [
            ("{inactive: 3d}", ":event Page Viewed, then :advance 3d"),
            ("{keyword: [order, buy]}", "order"),
            ("{schedule: 0 10 5 3 *}", ":until 2026-03-05 10:00"),
            ("{at: 2026-03-05 10:00}", ":until 2026-03-05 10:00"),
            ("{segment: rich}", ":event Segment Entered segment=rich"),
            (
                "{event: Product Added}",
                ":event Product Added product_id=p101 name=Lamp price=1200 quantity=1",
            ),
        ],
    )
    def test_every_kind_of_trigger_can_be_made_to_happen(self, trigger: str, typed: str) -> None:
        text = f"scenario: a\ntitle: A\ntrigger: [{trigger}]\nsteps: [{{say: Hi}}]\n"
        scenario = read_scenario(text).scenario
        assert scenario is not None
        things = feed(Player([scenario]), ":start")
        assert Notice(typed) in things
        assert [chat.text for chat in of(things, SendChat) if isinstance(chat, SendChat)] == ["Hi"]

    def test_a_broadcast_that_is_over_cannot(self) -> None:
        scenario = read_scenario(
            "scenario: a\ntitle: A\ntrigger: [{at: 2020-03-05}]\nsteps: [{say: Hi}]\n"
        ).scenario
        assert scenario is not None
        assert refusals(feed(Player([scenario]), ":start"))[0].message == "the broadcast's moment is over"

    def test_a_visitor_can_be_made_to_fit(self, player: Player) -> None:
        assert feed(player, ":fit")[-1] == Notice("Now :start again.")
        assert not refusals(feed(player, ":start"))
        assert refusals(feed(player, ":fit"))[0].message == "nothing is known that would make him fit"

    def test_time_passes_until_something_is_due(self, player: Player) -> None:
        assert refusals(feed(player, ":next"))[0].message == "nothing waits for time"
        assert of(feed(player, ":fit", ":start", ":next"), SendChat)


class TestTalking:
    def test_an_answer_is_its_number_or_its_label(self, player: Player) -> None:
        to_menu(player)
        assert [option.label for option in player.answers()] == ["Prices", "A form", "People"]
        things = feed(player, "1")
        assert things[0] == Yours("Prices")
        assert [chat.text for chat in of(things, SendChat) if isinstance(chat, SendChat)] == [
            "Shop is cheap."
        ]

    @pytest.mark.parametrize("line", ["prices", " PRICES ", "::prices"])
    def test_typed_labels_ignore_case(self, player: Player, line: str) -> None:
        to_menu(player)
        assert bool(of(feed(player, line), SendChat)) is not line.startswith("::")

    def test_a_number_that_is_not_offered_is_only_a_text(self, player: Player) -> None:
        to_menu(player)
        assert feed(player, "9")[-1] == Notice("No scenario answers: the message is for people.")

    def test_the_form_the_webhook_the_code_and_the_letter(self, player: Player) -> None:
        to_menu(player)
        assert [
            popup.title for popup in of(feed(player, "a form"), ShowPopup) if isinstance(popup, ShowPopup)
        ] == ["Form"]
        assert refusals(feed(player, ":submit town="))[0].message == "the field “Town” must be filled in"
        things = feed(player, ":coupon bonus=SALE", ':webhook {"id": 5}', ":submit city=New York")
        assert player.state.properties["city"] == "New York"
        letters = [send for send in of(things, Send) if isinstance(send, Send) and send.channel == "email"]
        assert [letter.content["subject"] for letter in letters] == ["Code SALE"]
        assert feed(player, ":open")[0] == Notice("He opens “Code SALE”.")
        assert feed(player, ":click")[0] == Notice("He clicks “Code SALE”.")
        assert {"emailopened", "emailclicked"} <= set(player.state.history)

    def test_a_webhook_that_fails(self, player: Player) -> None:
        to_menu(player)
        things = feed(player, "2", ":webhook error=it is down", ":submit city=Prague")
        assert [chat.text for chat in of(things, SendChat) if isinstance(chat, SendChat)] == [
            "Failed: it is down"
        ]

    def test_a_text_with_a_hole_is_told(self, player: Player) -> None:
        to_menu(player)
        things = feed(player, ":operators 0", "people")
        assert "visitor.nick is undefined" in refusals(things)[0].message

    def test_an_operator_takes_over(self, player: Player) -> None:
        to_menu(player)
        things = feed(player, ":operator Hello, I am Olga")
        assert things[0] == Yours("Hello, I am Olga", by="operator")
        assert player.state.dialog.holder == "people"
        assert player.state.runs == []

    def test_in_his_language(self) -> None:
        scenario = read_scenario(BOT).scenario
        assert scenario is not None
        player = Player([scenario], settings=Settings(locale="ru"))
        to_menu(player)
        assert [option.label for option in player.answers()] == ["Цены", "Форма", "Люди"]


class TestCommands:
    def test_time_passes_on_the_virtual_clock(self, player: Player) -> None:
        assert feed(player, ":advance 1h30m")[-1] == Notice("It is 2026-03-02 13:30:00.")
        assert feed(player, ":until 2026-03-05 10:00")[-1] == Notice("It is 2026-03-05 10:00:00.")
        assert "is over" in refusals(feed(player, ":until 2026-03-05 09:00"))[0].message

    def test_properties_and_events_take_values_with_blanks_and_json(self, player: Player) -> None:
        feed(player, ":as city=New York vip=true age=30 nick=Ann")
        assert player.state.properties == {
            "locale": "en",
            "city": "New York",
            "vip": True,
            "age": 30,
            "nick": "Ann",
        }
        feed(
            player,
            ":as nick=",
            ":tag vip",
            ':event Order Completed total=12.5 products=[{"product_id": "p 1"}]',
        )
        assert "nick" not in player.state.properties
        assert player.state.order.total == 12.5
        assert player.state.order.products == [{"product_id": "p 1"}]
        feed(player, ":untag vip")
        assert player.state.tags == []

    def test_state_trace_and_why(self, player: Player) -> None:
        feed(player, ":start")
        (why,) = feed(player, ":why")
        assert isinstance(why, Decided)
        assert [line.result for line in why.trace] == ["audience: email is known (unknown)"]
        feed(player, ":as email=ann@shop.example", ":start")
        (trace,) = feed(player, ":trace")
        assert isinstance(trace, Decided)
        assert [line.phase for line in trace.trace] == ["refused", "started", "step"]
        (state,) = feed(player, ":state")
        assert isinstance(state, Notice)
        rows = dict(state.rows)
        assert rows["email"] == "ann@shop.example"
        assert rows["run of bot"] == "waits at steps.0 until 2026-03-02 12:00:15"

    def test_reset_begins_anew(self, player: Player) -> None:
        to_menu(player)
        feed(player, ":reset")
        assert player.trace == []
        assert player.clock == "2026-03-02 12:00:00"
        assert player.answers() == ()

    def test_help_lists_them_all(self, player: Player) -> None:
        (shown,) = feed(player, ":help")
        assert isinstance(shown, Notice)
        assert [row[0].split()[0] for row in shown.rows] == [f":{name}" for name in COMMANDS]

    def test_quit_leaves(self, player: Player) -> None:
        assert feed(player, ":quit") == [Left()]

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (":advnce 3d", "did you mean “:advance”?"),
            (":zzz", ":help lists all of them"),
            (":advance 3", "with its unit"),
            (":until later", "for example :until"),
            (":event", "for example :event"),
            (":event Go a=[1,", "JSON"),
            (":as Moscow", "for example :as"),
            (":as", "for example :as"),
            (":tag two words", "for example :tag"),
            (":submit email=a@b.example", "there is no pop-up to submit"),
            (":close", "there is no pop-up to close"),
            (":click", "nothing was sent"),
            (":open", "nothing was sent"),
            (":operators many", "for example :operators 0"),
            (":webhook {broken", "no JSON"),
            (":coupon SALE", "for example :coupon"),
        ],
    )
    def test_what_cannot_be_done_is_said_with_what_helps(self, player: Player, line: str, said: str) -> None:
        (refused,) = refusals(feed(player, line))
        assert said in f"{refused.message} {refused.hint}"

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param("", id="nothing"),
            pytest.param("   ", id="blanks"),
            pytest.param(":", id="a colon"),
            pytest.param("::", id="two colons"),
            pytest.param("\x00", id="a zero"),
            pytest.param(":event \x1b[31m a=" + "[" * 5_000, id="deep JSON"),
            pytest.param("9" * 400, id="a large number"),
            pytest.param("²", id="a digit that is no number"),
        ],
    )
    def test_nothing_that_is_typed_makes_it_fall(self, player: Player, line: str) -> None:
        to_menu(player)
        player.feed(line)


class TestPairs:
    @pytest.mark.parametrize(
        ("text", "before", "values"),
        [
            ("Order Completed", "Order Completed", {}),
            ("Go a=1 b=two words c=", "Go", {"a": 1, "b": "two words", "c": None}),
            ('a="x = y" b={"c": [1, 2]} d=0123', "", {"a": "x = y", "b": {"c": [1, 2]}, "d": "0123"}),
            ("link=/a?b=c", "", {"link": "/a?b=c"}),
        ],
    )
    def test_are_taken_apart(self, text: str, before: str, values: dict[str, object]) -> None:
        assert pairs(text) == (before, values)
