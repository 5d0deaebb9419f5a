"""Pop-ups: what they show, and where the run goes on when they are gone."""

from __future__ import annotations

from scenarios_yaml.engine.effects import ChangeProperties, HidePopup, SendChat, ShowPopup
from scenarios_yaml.engine.stimuli import PopupEnded

EXIT_PROMO = """
scenario: exit-promo
trigger: [{event: Exit Intent, where: [page.path not starts with "/checkout"]}]
audience: [email is unknown]
reentry: {times: once}
steps:
  - id: offer
    popup:
      size: large
      title: 10% off
      text: Leave your email.
      fields: [{input: email, label: Email, save_to: visitor.email, required: true}]
      button: {label: Get my code}
    timeout: 30m
    on_submit:
      - coupon: {pool: first-order-10, save_to: run.code}
      - popup: {size: small, title: "Your code: {{ run.code }}", text: "Sent to {{ visitor.email }} too."}
"""

BRANCHES = """
steps:
  - id: first
    popup: {size: small, title: First, text: x, button: {label: Go, link: "/sale"}}
    timeout: 10m
    on_click: [{say: clicked}]
    on_close: [{say: closed}]
  - say: below
"""


class TestPopup:
    def test_shows_its_fields_and_saves_what_was_submitted(self, play):
        visitor = play(EXIT_PROMO)
        visitor.event("Page Viewed", path="/catalog")
        visitor.event("Exit Intent")
        (popup,) = visitor.all(ShowPopup)
        assert [(field.name, field.input, field.required) for field in popup.fields] == [
            ("email", "email", True)
        ]
        visitor.submit(email="ann@shop.example")
        assert visitor.got(ChangeProperties) == [
            ChangeProperties("exit-promo", {"email": "ann@shop.example"})
        ]

    def test_a_scenario_goes_on_though_its_own_question_ended_its_audience(self, play):
        visitor = play(EXIT_PROMO)
        visitor.event("Page Viewed", path="/catalog")
        visitor.event("Exit Intent")
        visitor.submit(email="ann@shop.example")
        visitor.coupon("C0DE")
        assert visitor.popups == ["10% off", "Your code: C0DE"]

    def test_what_is_no_such_value_is_not_saved(self, play):
        visitor = play(EXIT_PROMO)
        visitor.event("Page Viewed", path="/catalog")
        visitor.event("Exit Intent")
        visitor.submit(email="nonsense")
        assert "email" not in visitor.state.properties
        assert "email: not a email" in visitor.steps

    def test_where_the_trigger_does_not_fit_nothing_is_shown(self, play):
        visitor = play(EXIT_PROMO)
        visitor.event("Page Viewed", path="/checkout/address")
        visitor.event("Exit Intent")
        assert visitor.popups == []
        assert visitor.refused == ['trigger: page.path not starts with "/checkout" ("/checkout/address")']

    def test_click_and_close_take_their_branches_and_go_on_below(self, play):
        clicked, closed = play(BRANCHES), play(BRANCHES)
        clicked.go()
        clicked.click()
        closed.go()
        closed.dismiss()
        assert clicked.said == ["clicked", "below"]
        assert closed.said == ["closed", "below"]

    def test_a_branch_that_is_not_given_goes_on_below_for_click_and_submit(self, play):
        text = "steps: [{popup: {size: mini, title: T, text: x}}, {say: below}]"
        clicked, submitted = play(text), play(text)
        clicked.go()
        clicked.click()
        submitted.go()
        submitted.submit()
        assert clicked.said == submitted.said == ["below"]

    def test_a_branch_that_is_not_given_stops_for_close_and_timeout(self, play):
        text = "steps: [{popup: {size: mini, title: T, text: x}, timeout: 10m}, {say: below}]"
        closed, late = play(text), play(text)
        closed.go()
        closed.dismiss()
        late.go()
        late.advance("10m")
        assert closed.said == late.said == []
        assert (closed.ended, late.ended) == (["pop-up closed"], ["pop-up timed out"])
        assert late.got(HidePopup) == [HidePopup("ann.1.1", "timed_out")]
        assert late.state.popup == ""

    def test_one_without_a_timeout_does_not_hold_the_visitor_for_ever(self, play):
        visitor = play("steps: [{popup: {size: mini, title: T, text: x}}]")
        visitor.go()
        visitor.advance("1d")
        assert visitor.state.popup == ""

    def test_the_end_of_one_that_is_not_on_screen_changes_nothing(self, play):
        visitor = play(BRANCHES)
        visitor.go()
        visitor.tell(PopupEnded("nonsense", "clicked"))
        assert visitor.run.waiting.kind == "popup"

    def test_its_own_chat_message_does_not_wait_for_it(self, play):
        visitor = play("""
            steps:
              - say: Look there
              - popup: {size: mini, title: T, text: x}
            """)
        visitor.go()
        assert (len(visitor.all(SendChat)), visitor.popups) == (1, ["T"])

    def test_two_fields_of_one_name_are_told_apart(self, play):
        visitor = play("""
            steps:
              - popup:
                  size: large
                  title: T
                  text: x
                  fields:
                    - {input: text, label: A, save_to: visitor.colour}
                    - {input: text, label: B, save_to: run.colour}
              - say: "{{ visitor.colour }} {{ run.colour }}"
            """)
        visitor.go()
        first, second = (field.name for field in visitor.all(ShowPopup)[0].fields)
        visitor.submit(**{first: "red", second: "blue"})
        assert visitor.said == ["red blue"]
