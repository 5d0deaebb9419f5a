"""The contract, sentence by sentence: triggers, who is let in, how often."""

from __future__ import annotations

import pytest

SAY = "steps: [{say: Hello}]"
ROWS = [
    (
        "trigger {event}: an event of the visitor",
        f"trigger: [{{event: Order Completed}}]\n{SAY}",
        "Page Viewed\nOrder Completed",
        "say Hello",
    ),
    (
        "event names are compared ignoring case, spaces and underscores",
        f"trigger: [{{event: Order Completed}}]\n{SAY}",
        "Order_completed\nadvance 1d\nORDERCOMPLETED",
        "say Hello\nsay Hello",
    ),
    (
        "trigger {event, where}: each refusal has the value it saw",
        f"trigger: [{{event: Product Viewed, where: [event.price >= 1000]}}]\n{SAY}",
        "Product Viewed: price=10\nProduct Viewed: name=Lamp\nProduct Viewed: price=2000",
        "refused trigger: event.price >= 1000 (10)\n"
        "refused trigger: event.price >= 1000 (unknown)\nsay Hello",
    ),
    (
        "several triggers mean any of them",
        f"trigger: [{{event: One}}, {{event: Two}}]\n{SAY}",
        "One\nadvance 1h\nTwo",
        "say Hello\nsay Hello",
    ),
    (
        "trigger {inactive: DUR}: that long since the last visit",
        f"trigger: [{{inactive: 7d}}]\n{SAY}",
        "at 2026-03-02 12:00\nPage Viewed\nadvance 5d\nPage Viewed\nadvance 30d",
        "2026-03-14 12:00 say Hello",
    ),
    (
        "inactive: what a back end sends of him is no visit",
        f"trigger: [{{inactive: 7d}}]\n{SAY}",
        "Page Viewed\nadvance 5d\nOrder Completed\nadvance 30d",
        "2026-03-09 12:00 say Hello",
    ),
    (
        "inactive and last_visit agree at the very moment",
        f"trigger: [{{inactive: 7d}}]\n"
        f"audience: [last_visit more than 7d ago, did not page_viewed in 7d]\n{SAY}",
        "Page Viewed\nadvance 30d",
        "2026-03-09 12:00 say Hello",
    ),
    (
        "trigger {segment}: the visitor enters a segment",
        f"trigger: [{{segment: rich}}]\n{SAY}\n---\nsegment: rich\nconditions: [cart.total > 1000]",
        "Product Added: product_id=a, price=900\nProduct Added: product_id=b, price=900\n"
        "Product Added: product_id=c, price=1",
        "event Segment Entered\nsay Hello",
    ),
    (
        "a segment is left live, too, and may be entered again",
        f"trigger: [{{segment: rich}}]\n{SAY}\n---\nsegment: rich\nconditions: [cart.total > 1000]",
        "Product Added: product_id=a, price=2000\nadvance 1h\nProduct Removed: product_id=a\n"
        "advance 1h\n"
        "Product Added: product_id=a, price=2000",
        "event Segment Entered\nsay Hello\nevent Segment Left\nevent Segment Entered\nsay Hello",
    ),
    (
        "trigger {keyword}: whole words of a message, ignoring case",
        f"trigger: [{{keyword: [promo code, заказ]}}]\n{SAY}",
        "write my PROMO  code!\nadvance 1h\nwrite promocode\nadvance 1h\nwrite Мой заказ?\n"
        "advance 1h\nwrite перезаказ",
        "say Hello\nsay Hello",
    ),
    (
        "keyword: only while no run is waiting for his text",
        f"scenario: orders\ntrigger: [{{keyword: [order]}}]\n{SAY}\n---\n"
        "scenario: asks\nsteps: [{ask: What?, input: text, save_to: run.what, timeout: 1h}]",
        "Go\nwrite an order\nadvance 1h\nwrite an order",
        "ask What?\nsay Hello",
    ),
    (
        "trigger {schedule}: to everyone whom audience matches at that moment",
        f"trigger: [{{schedule: '0 10 1 * *'}}]\naudience: [city = Riga]\n{SAY}",
        "set city=Oslo\nbroadcasts until 2026-04-15 00:00\nset city=Riga\nbroadcasts until 2026-05-15 00:00",
        '2026-04-01 10:00 refused audience: city = Riga ("Oslo")\n2026-05-01 10:00 say Hello',
    ),
    (
        "trigger {at}: once",
        f"trigger: [{{at: 2026-08-30 10:00}}]\n{SAY}",
        "zone Europe/Berlin\nbroadcasts until 2027-12-31 00:00",
        "2026-08-30 10:00 say Hello",
    ),
    (
        "entry is checked in this order: live first",
        f"status: paused\nholdout: 100%\n{SAY}",
        "Go",
        "",
    ),
    (
        "then trigger, before holdout",
        f"trigger: [{{event: Go, where: [event.n = 1]}}]\nholdout: 100%\n{SAY}",
        "Go: n=2",
        "refused trigger: event.n = 1 (2)",
    ),
    (
        "then holdout, before re-entry and audience",
        f"holdout: 100%\nreentry: {{times: once}}\naudience: [email is known]\n{SAY}",
        "Go",
        "refused held out: he is among the 100%",
    ),
    (
        "then re-entry, before audience",
        f"reentry: {{times: once}}\naudience: [not tagged out]\n{SAY}",
        "Go\ntag out\nGo",
        "say Hello\nrefused re-entry: 1 times already",
    ),
    (
        "then audience",
        f"audience: [email is known, visits > 1]\n{SAY}",
        "Go\nset email=ann@shop.example\nGo",
        "refused audience: email is known (unknown)\nrefused audience: visits > 1 (0)",
    ),
    (
        "nobody is let in whom an exit would end at once",
        f"exit: [tagged buyer]\n{SAY}",
        "tag buyer\nGo",
        "refused exit holds already: tagged buyer",
    ),
    (
        "reentry times: once",
        f"reentry: {{times: once}}\n{SAY}",
        "Go\nadvance 30d\nGo",
        "say Hello\nrefused re-entry: 1 times already",
    ),
    (
        "reentry times: N",
        f"reentry: {{times: 2}}\n{SAY}",
        "Go\nadvance 1d\nGo\nadvance 1d\nGo",
        "say Hello\nsay Hello\nrefused re-entry: 2 times already",
    ),
    (
        "reentry times: always is the default",
        SAY,
        "Go\nadvance 1d\nGo\nadvance 1d\nGo",
        "say Hello\nsay Hello\nsay Hello",
    ),
    (
        "not_sooner_than counts from the end of the last run",
        "reentry: {not_sooner_than: 2d}\nsteps: [{wait: 1d}, {say: Hello}]",
        "Go\nadvance 2d23h\nGo\nadvance 1h\nGo\nadvance 1d",
        "say Hello\nrefused re-entry: the last run ended 169200 s ago\nsay Hello",
    ),
    (
        "with the same key",
        f"reentry: {{times: once, key: cart.id}}\n{SAY}",
        "Cart Viewed: cart_id=c1\nGo\nadvance 1h\nGo\nCart Viewed: cart_id=c2\nGo",
        "say Hello\nrefused re-entry: 1 times already\nsay Hello",
    ),
    (
        "while_running: ignore is the default",
        "steps: [{wait: 1h}, {say: Hello}]",
        "Go\nadvance 30m\nGo\nadvance 2h",
        "refused re-entry: run ann.1 is on its way\nsay Hello",
    ),
    (
        "while_running: parallel",
        "reentry: {while_running: parallel}\nsteps: [{wait: 1h}, {say: Hello}]",
        "Go\nadvance 30m\nGo\nadvance 2h",
        "2026-03-02 13:00 say Hello\n2026-03-02 13:30 say Hello",
    ),
    (
        "while_running: restart starts again (a debounce)",
        "reentry: {while_running: restart}\nsteps: [{wait: 1h}, {say: Hello}]",
        "Go\nadvance 30m\nGo\nadvance 2h",
        "2026-03-02 12:30 ended restarted\n2026-03-02 13:30 say Hello",
    ),
    (
        "restart only until the run's first outbound message; after that the trigger is ignored",
        "reentry: {while_running: restart}\nsteps: [{say: Hello}, {wait: 1h}, {say: Bye}]",
        "Go\nadvance 30m\nGo\nadvance 2h",
        "say Hello\nrefused re-entry: run ann.1 is on its way\nsay Bye",
    ),
    (
        "a run that was restarted does not count",
        "reentry: {while_running: restart, times: once, not_sooner_than: 1d}\n"
        "steps: [{wait: 1h}, {say: Hello}]",
        "Go\nadvance 30m\nGo\nadvance 2h\nGo",
        "ended restarted\nsay Hello\nrefused re-entry: 1 times already",
    ),
    (
        "holdout hashes the visitor and the scenario: always the same ones",
        f"holdout: 50%\n{SAY}",
        "visitor cat\nGo\nadvance 1h\nGo\nvisitor bob\nadvance 1h\nGo\nadvance 1h\nGo",
        "refused held out: he is among the 50%\nrefused held out: he is among the 50%\nsay Hello\nsay Hello",
    ),
    (
        "parameters: in conditions, durations and texts",
        "parameters: {sum: {type: number, default: 100}, pause: {type: duration, default: "
        "10m},"
        " gift: {type: text, default: {en: a lamp, ru: лампа}}}\n"
        "audience: [cart.total > parameters.sum]\n"
        "steps: [{wait: parameters.pause}, {say: 'From {{ parameters.sum }} you get {{ "
        "parameters.gift }}'}]",
        "Go\nProduct Added: product_id=a, price=200\nGo\nadvance 10m\nset locale=ru\n"
        "advance 1h\nGo\nadvance 10m",
        "refused audience: cart.total > parameters.sum (0)\nsay From 100 you get a lamp\n"
        "say From 100 you get лампа",
    ),
]


@pytest.mark.parametrize(
    ("scenarios", "timeline", "seen"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_contract(proves, scenarios, timeline, seen):
    proves(scenarios, timeline, seen)
