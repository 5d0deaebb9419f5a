"""The contract, sentence by sentence: each condition of the grammar.

Each row asks one condition of a visitor after what has happened to him: `Ask` starts a scenario that says whether it
holds.
"""

from __future__ import annotations

import pytest

ASKS = """
trigger: [{{event: Ask}}]
steps:
  - if:
      - {condition}
    then: [{{tag: "yes"}}]
    else: [{{tag: "no"}}]
  - untag: "yes"
  - untag: "no"
"""
CART = "Product Added: product_id=p1, name=Lamp, price=1200\n"
SENT = """
---
scenario: letters
trigger: [{event: Write}]
steps: [{id: letter, email: {subject: Hi, body: x}}]
"""

ROWS = [
    # --- Values
    ("email is known", "Ask\nset email=a@b.co\nAsk", "no yes"),
    ("email is not known", "Ask\nset email=a@b.co\nAsk", "yes no"),
    ("email is unknown", "Ask\nset email=a@b.co\nAsk", "yes no"),
    ("cart.items is empty", f"Ask\n{CART}Ask", "yes no"),
    ("cart.items is not empty", f"Ask\n{CART}Ask", "no yes"),
    ("visitor.vip is true", "Ask\nset vip=true\nAsk\nset vip=yes\nAsk\nset vip=false\nAsk", "no yes yes no"),
    ("visitor.vip is false", "Ask\nset vip=false\nAsk", "no yes"),
    ("push is subscribed", "Ask\nPush Subscribed\nAsk", "no yes"),
    ("email is subscribed", "Ask\nset email=a@b.co\nAsk\nUnsubscribed\nAsk", "no yes no"),
    ("visitor.news is subscribed", "Subscribed: list=news\nAsk\nUnsubscribed: list=news\nAsk", "yes no"),
    ("visitor.points = 5", "Ask\nset points=5\nAsk\nset points=6\nAsk", "no yes no"),
    ('city = "new york"', "Ask\nset city=New York\nAsk", "no yes"),
    ("visitor.plan != gold", "Ask\nset plan=gold\nAsk\nset plan=silver\nAsk", "no no yes"),
    ("cart.total < 1000", f"Ask\n{CART}Ask", "yes no"),
    ("cart.total <= 1200", f"{CART}Ask\n{CART}Ask", "yes no"),
    ("cart.total > 1200", f"{CART}Ask\n{CART}Ask", "no yes"),
    ("cart.total >= 1200", f"Ask\n{CART}Ask", "no yes"),
    (
        "visitor.birthday < 2000-01-01",
        "Ask\nset birthday=1990-03-05\nAsk\nset birthday=2001-01-01\nAsk",
        "no yes no",
    ),
    ("device in [mobile, tablet]", "Ask\nset device=Mobile\nAsk\nset device=desktop\nAsk", "no yes no"),
    ("device not in [mobile, tablet]", "Ask\nset device=desktop\nAsk\nset device=tablet\nAsk", "no yes no"),
    (
        'page.url contains "sale"',
        "Page Viewed: url=https://s.example/SALE/x\nAsk\nPage Viewed: url=/a\nAsk",
        "yes no",
    ),
    ('cart.items contains "lamp"', f"Ask\n{CART}Ask", "no yes"),
    (
        'page.path matches "/a/*/new"',
        "Page Viewed: path=/a/b/c/new\nAsk\nPage Viewed: path=/a/new\nAsk",
        "yes no",
    ),
    (
        'page.path not starts with "/pay"',
        "Page Viewed: path=/pay/1\nAsk\nPage Viewed: path=/shop\nAsk",
        "no yes",
    ),
    ('email ends with ".example"', "set email=a@shop.example\nAsk\nset email=a@b.co\nAsk", "yes no"),
    ("session.channel = email", "Session Started: channel=email\nAsk\nSession Started\nAsk", "yes no"),
    ("order.total > 100", "Ask\nOrder Completed: order_id=o, total=200\nAsk", "no yes"),
    # A condition on a missing value is false, whichever way it is put.
    ("visitor.plan not in [gold]", "Ask", "no"),
    ('visitor.plan not contains "x"', "Ask", "no"),
    ("visitor.points < 5", "Ask", "no"),
    # --- Logic
    ("{all: [tagged a, tagged b]}", "tag a\nAsk\ntag b\nAsk", "no yes"),
    ("{any: [tagged a, tagged b]}", "Ask\ntag b\nAsk", "no yes"),
    ("{not: tagged a}", "Ask\ntag a\nAsk", "yes no"),
    # --- History
    ("did lead_won", "Ask\nLead Won\nadvance 300d\nAsk", "no yes"),
    ('did not "Lead Won"', "Ask\nLead Won\nAsk", "yes no"),
    ("did lead_won >= 2 times", "Lead Won\nAsk\nLead Won\nAsk", "no yes"),
    ("did lead_won = 1 times", "Ask\nLead Won\nAsk\nLead Won\nAsk", "no yes no"),
    ("did lead_won < 2 times in 1d", "Lead Won\nLead Won\nAsk\nadvance 1d\nAsk", "no yes"),
    ("did lead_won in 7d", "Lead Won\nadvance 6d23h59m\nAsk\nadvance 1m\nAsk", "yes no"),
    ("did not lead_won in 7d", "Lead Won\nadvance 6d\nAsk\nadvance 1d\nAsk", "no yes"),
    ("did lead_won >= 2 times in 3h", "Lead Won\nadvance 2h\nLead Won\nAsk\nadvance 1h\nAsk", "yes no"),
    (
        "did lead_won where category = lamps",
        "Lead Won: category=chairs\nAsk\nLead Won: category=Lamps\nAsk",
        "no yes",
    ),
    (
        "did lead_won >= 2 times in 1d where event.price > 10",
        "Lead Won: price=20\nLead Won: price=5\nAsk\nLead Won: price=20\nAsk\nadvance 1d\nAsk",
        "no yes no",
    ),
    (
        "sum(order_completed.total) > 1000 in 30d",
        "Order Completed: total=600\nAsk\nadvance 29d\nOrder Completed: total=600\nAsk\nadvance 1d\nAsk",
        "no yes no",
    ),
    ("first_visit less than 1h ago", "Ask\nPage Viewed\nAsk\nadvance 1h\nPage Viewed\nAsk", "no yes no"),
    ("first_visit more than 1h ago", "Ask\nPage Viewed\nAsk\nadvance 1h\nPage Viewed\nAsk", "no no yes"),
    ("last_visit more than 1d ago", "Ask\nPage Viewed\nadvance 23h\nAsk\nadvance 1h\nAsk", "no no yes"),
    ("last_visit less than 1d ago", "Ask\nPage Viewed\nadvance 23h\nAsk\nadvance 1h\nAsk", "no yes no"),
    ("last_order more than 30d ago", "Ask\nOrder Completed\nAsk\nadvance 30d\nAsk", "no no yes"),
    ("visits = 2", "Session Started\nAsk\nSession Started\nAsk\nSession Started\nAsk", "no yes no"),
    ("visits > 1", "Session Started\nAsk\nSession Started\nAsk", "no yes"),
    # --- Tags, segments, messages
    ("tagged push:articles", "Ask\ntag push:articles\nAsk\nuntag push:articles\nAsk", "no yes no"),
    ("not tagged vip", "Ask\ntag vip\nAsk", "yes no"),
    (
        "in segment theirs",
        "Ask\nSegment Entered: segment=theirs\nAsk\nSegment Left: segment=theirs\nAsk",
        "no yes no",
    ),
    ("not in segment theirs", "Ask\nSegment Entered: segment=theirs\nAsk", "yes no"),
    ("received letters in 2d", "set email=a@b.co\nAsk\nWrite\nAsk\nadvance 2d\nAsk", "no yes no"),
    ("not received letters", "set email=a@b.co\nAsk\nWrite\nadvance 99d\nAsk", "yes no"),
    (
        "opened letters.letter in 1d",
        "Ask\nEmail Opened: scenario=letters, step=letter\nAsk\nadvance 1d\nAsk",
        "no yes no",
    ),
    ("not clicked letters", "Ask\nEmail Clicked: scenario=letters\nAsk", "yes no"),
    ("replied letters", "Ask\nMessage Replied: scenario=letters\nAsk", "no yes"),
    # --- Time and people
    (
        "now in 09:00-18:00",
        "at 2026-03-02 08:59\nAsk\nadvance 1m\nAsk\nuntil 2026-03-02 18:00\nAsk",
        "no yes no",
    ),
    ("now in 22:00-08:00", "at 2026-03-02 21:59\nAsk\nadvance 1m\nAsk\nadvance 10h\nAsk", "no yes no"),
    ("now not in 22:00-08:00", "at 2026-03-02 23:00\nAsk\nadvance 9h\nAsk", "no yes"),
    (
        "now in business_hours",
        "hours 09:00-18:00\nat 2026-03-02 08:00\nAsk\nadvance 1h\nAsk\nadvance 9h\nAsk",
        "no yes no",
    ),
    ("now not in business_hours", "hours 09:00-18:00\nat 2026-03-02 08:00\nAsk\nadvance 1h\nAsk", "yes no"),
    ("weekday in [mon, tue]", "Ask\nadvance 1d\nAsk\nadvance 1d\nAsk", "yes yes no"),
    ("weekday not in [sat, sun]", "Ask\nadvance 5d\nAsk", "yes no"),
    (
        "visitor.birthday in this month",
        "Ask\nset birthday=1960-03-31\nAsk\nset birthday=03-01\nAsk\nset birthday=2026-04-01\nAsk\n"
        "set birthday=soon\nAsk\nset birthday=1990-03-05\nadvance 30d\nAsk",
        "no yes yes no no no",
    ),
    (
        "visitor.birthday not in this month",
        "Ask\nset birthday=1990-03-05\nAsk\nadvance 30d\nAsk",
        "no no yes",
    ),
    (
        "visitor.birthday in this week",
        "set birthday=1990-03-01\nAsk\nset birthday=1990-03-02\nAsk\nset birthday=03-08\nAsk\nadvance 7d\nAsk",
        "no yes yes no",
    ),
    (
        "visitor.birthday is today",
        "set birthday=1990-03-03\nAsk\nadvance 1d\nAsk\nadvance 1d\nAsk",
        "no yes no",
    ),
    (
        "received letters.letter in 1d",
        "set email=a@b.co\nAsk\nWrite\nAsk\nadvance 1d\nAsk",
        "no yes no",
    ),
    ("received letters.other", "set email=a@b.co\nWrite\nAsk", "no"),
    ("operators online > 0", "Ask\noperators 0\nAsk", "yes no"),
    ("operators online = 0", "Ask\noperators 0\nAsk", "no yes"),
]


@pytest.mark.parametrize(("condition", "timeline", "verdicts"), ROWS, ids=[row[0] for row in ROWS])
def test_contract(proves, condition, timeline, verdicts):
    sender = SENT if "letters" in condition else ""
    verdict = iter(verdicts.split())
    told: list[str] = []
    for line in timeline.splitlines():
        if line == "Ask":
            tag = next(verdict)
            told += [f"tag {tag}", f"untag {tag}"]
        elif line == "Write":
            told.append("email Hi")
    proves(ASKS.format(condition=condition).strip() + sender.rstrip(), timeline, "\n".join(told))
