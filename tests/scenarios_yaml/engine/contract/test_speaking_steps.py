"""The contract, sentence by sentence: steps that speak, and what answers, errors and timeouts lead to."""

from __future__ import annotations

import pytest

MENU = """
steps:
  - say: Well?
    timeout: 1h
    options:
      - {label: "Yes", steps: [{say: Good}]}
      - {label: "No", jump: bye}
      - {label: Maybe}
      - {label: Secret, if: [tagged vip]}
    no_answer: [{say: Nobody there}]
  - say: below
blocks:
  bye: [{say: Bye}]
"""
ASK = """
steps:
  - ask: Your email?
    input: email
    save_to: visitor.email
    retries: 1
    retry_text: Once more, please
    timeout: 1h
    no_answer: [{say: Never mind}]
  - say: below
"""
POPUP = """
steps:
  - popup:
      size: large
      title: A gift
      text: x
      fields: [{input: email, label: Email, save_to: visitor.email, required: true}]
      button: {label: Yes please}
    timeout: 30m
    on_submit: [{say: submitted}]
    on_click: [{say: clicked}]
    on_close: [{say: closed}]
  - say: below
"""
BARE_POPUP = "steps: [{popup: {size: mini, title: A gift, text: x}, timeout: 30m}, {say: below}]"
LETTER = """
steps:
  - email: {subject: Hi, body: x}
    on_error: [{say: no mail}]
  - say: below
"""
PUSH = """
steps:
  - push: {title: News, text: x, link: "https://s.example"}
    on_error: [{say: no push}]
  - say: below
"""
MESSAGE = """
steps:
  - message: Hi
    on_error: [{say: no messenger}]
  - say: below
"""
ASKED = "say Well?\n  option Yes\n  option No\n  option Maybe\n"

ROWS = [
    # --- say
    ("say without options goes on at once", "steps: [{say: One}, {say: Two}]", "Go", "say One\nsay Two"),
    (
        "say has buttons with links and an image",
        "steps: [{say: Look, image: a.jpg, buttons: [{label: Shop, link: /sale}]}]",
        "Go",
        "say Look\n  button Shop /sale\n  image a.jpg",
    ),
    ("say with options holds the run until an answer", MENU, "Go\nadvance 50m", ASKED),
    ("an option's steps, and then on below", MENU, "Go\nchoose Yes", ASKED + "say Good\nsay below"),
    ("an option's jump leaves", MENU, "Go\nchoose No", ASKED + "say Bye"),
    ("an option with neither goes on below", MENU, "Go\nchoose Maybe", ASKED + "say below"),
    (
        "an option whose if does not hold is not offered",
        MENU,
        "tag vip\nGo",
        ASKED + "  option Secret",
    ),
    (
        "a typed text that equals a label (ignoring case) is that answer",
        MENU,
        "Go\nwrite yES",
        ASKED + "say Good\nsay below",
    ),
    (
        "any other text leaves the question open",
        MENU,
        "Go\nwrite hm\nchoose Yes",
        ASKED + "say Good\nsay below",
    ),
    ("or the timeout, and then no_answer", MENU, "Go\nadvance 1h", ASKED + "say Nobody there\nsay below"),
    (
        "without no_answer the run stops with “no answer”",
        "steps: [{say: Well?, timeout: 1h, options: [{label: Ok}]}, {say: below}]",
        "Go\nadvance 1h",
        "say Well?\n  option Ok\nended no answer",
    ),
    (
        "without a timeout a question waits one day",
        "steps: [{say: Well?, options: [{label: Ok}]}]",
        "Go\nadvance 3d",
        "2026-03-02 12:00 say Well?\n2026-03-02 12:00   option Ok\n2026-03-03 12:00 ended no answer",
    ),
    # --- ask
    (
        "ask saves what was asked for",
        ASK,
        "Go\nwrite ann@Shop.Example",
        "ask Your email?\nset email=ann@shop.example\nsay below",
    ),
    (
        "what is not of that kind is asked again, then no_answer",
        ASK,
        "Go\nwrite hello\nwrite what",
        "ask Your email?\nask Once more, please\nsay Never mind\nsay below",
    ),
    (
        "ask times out, however often he tried",
        ASK,
        "Go\nadvance 50m\nwrite hm\nadvance 10m",
        "ask Your email?\nask Once more, please\nsay Never mind\nsay below",
    ),
    (
        "input choice takes one of the choices",
        "steps: [{ask: Size?, input: choice, choices: [S, M], save_to: visitor.size, "
        "timeout: 1h, retries: 0}]",
        "Go\nwrite m",
        "ask Size?\nset size=M",
    ),
    *(
        (
            f"input {kind} takes {text!r}",
            f"steps: [{{ask: Well?, input: {kind}, save_to: visitor.x, timeout: 1h, retries: 0}}]",
            f"Go\nwrite {text}",
            f"ask Well?\n{seen}",
        )
        for kind, text, seen in (
            ("text", "anything at all", "set x=anything at all"),
            ("phone", "+371 (2) 123-45 67", "set x=+37121234567"),
            ("phone", "none", "ended not a phone, 1 times"),
            ("number", "1 200,5", "set x=1200.5"),
            ("date", "5.3.1990", "set x=1990-03-05"),
            ("date", "30.2.1990", "ended not a date, 1 times"),
            ("rating", "5", "set x=5"),
            ("rating", "6", "ended not a rating, 1 times"),
        )
    ),
    # --- popup
    ("a popup holds the run", POPUP, "Go\nadvance 29m", "popup A gift\n  field email"),
    (
        "until it is submitted",
        POPUP,
        "Go\nsubmit email=ann@shop.example",
        "popup A gift\n  field email\nset email=ann@shop.example\nsay submitted\nsay below",
    ),
    ("clicked", POPUP, "Go\nclick", "popup A gift\n  field email\nsay clicked\nsay below"),
    ("closed", POPUP, "Go\nclose", "popup A gift\n  field email\nsay closed\nsay below"),
    (
        "or timed out",
        POPUP,
        "Go\nadvance 30m",
        "popup A gift\n  field email\npopup timed_out\nended pop-up timed out",
    ),
    (
        "a branch that is not given goes on below for submit",
        BARE_POPUP,
        "Go\nsubmit",
        "popup A gift\nsay below",
    ),
    ("and for click", BARE_POPUP, "Go\nclick", "popup A gift\nsay below"),
    ("stops for close", BARE_POPUP, "Go\nclose", "popup A gift\nended pop-up closed"),
    (
        "and for timeout",
        BARE_POPUP,
        "Go\nadvance 30m",
        "popup A gift\npopup timed_out\nended pop-up timed out",
    ),
    # --- email, push, message
    ("an email leaves, and the run goes on", LETTER, "set email=a@b.co\nGo", "email Hi\nsay below"),
    ("no address takes on_error, and goes on below", LETTER, "Go", "say no mail\nsay below"),
    (
        "a send that fails takes on_error",
        LETTER,
        "set email=a@b.co\nfail 550\nGo",
        "email Hi\nsay no mail\nsay below",
    ),
    (
        "without on_error the run stops with its reason",
        "steps: [{email: {subject: Hi, body: x}}, {wait: 1h}, {say: below}]",
        "set email=a@b.co\nfail 550\nGo\nadvance 1d",
        "email Hi\nended could not be sent: 550",
    ),
    (
        "it never stalls",
        LETTER,
        "set email=a@b.co\nsilence\nGo\nadvance 1d",
        "2026-03-02 12:00 email Hi\n2026-03-02 13:00 say below",
    ),
    ("a push leaves where he allows it", PUSH, "Push Subscribed\nGo", "push News\nsay below"),
    ("else on_error", PUSH, "Go", "say no push\nsay below"),
    (
        "message: to the visitor's messenger channel, where he has one",
        MESSAGE,
        "set messenger=tg:1\nGo",
        "messenger Hi\nsay below",
    ),
    ("else on_error, too", MESSAGE, "Go", "say no messenger\nsay below"),
    # --- file, product_list, coupon
    (
        "file, with its caption",
        "steps: [{file: terms.txt, caption: Our terms}]",
        "Go",
        "say Our terms\n  file terms.txt",
    ),
    (
        "product_list chooses {{ products }} of the texts below",
        "steps: [{product_list: {from: cart, limit: 1}}, {say: '{% for p in products %}{{ "
        "p.name }}{% endfor %}'}]",
        "Product Added: product_id=a, name=Lamp, price=1\n"
        "Product Added: product_id=b, name=Chair, price=1\nGo",
        "say Lamp",
    ),
    (
        "product_list shows them where no text names them",
        "steps: [{product_list: {from: viewed, limit: 2}}]",
        "Product Viewed: product_id=a, name=Lamp, url=/lamp\nGo",
        "say\n  button Lamp /lamp",
    ),
    (
        "coupon saves a code",
        "steps: [{coupon: {pool: ten, save_to: run.code}}, {say: '{{ run.code }}'}]",
        "Go",
        "say TEN",
    ),
    (
        "a pool that is used up stops the run with its reason",
        "steps: [{coupon: {pool: ten, save_to: run.code}}, {say: '{{ run.code }}'}]",
        "coupon none\nGo",
        "ended no coupon left in ten",
    ),
    (
        "a pool that is used up takes on_error, and goes on below",
        "steps: [{coupon: {pool: ten, save_to: run.code}, on_error: [{say: Sorry}]}, {say: Below}]",
        "coupon none\nGo",
        "say Sorry\nsay Below",
    ),
]


@pytest.mark.parametrize(
    ("scenarios", "timeline", "seen"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_contract(proves, scenarios, timeline, seen):
    proves(scenarios, timeline, seen)
