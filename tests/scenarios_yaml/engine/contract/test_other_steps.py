"""The contract, sentence by sentence: steps that branch, wait and act."""

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
HOOK = """
steps:
  - webhook: {url: "https://s.example", save_to: run.reply}
    on_error: [{note: "{{ run.error }}"}]
  - note: "number {{ run.reply.number }}"
"""
HANDOFF = """
steps:
  - handoff: {team: support, note: "came by {{ event.name }}"}
    no_operator: [{say: Nobody here}]
  - say: below
"""
SPLIT = """
steps:
  - split:
      - {name: a, weight: 1, steps: [{say: A}]}
      - {name: b, weight: 1, steps: [{say: B}]}
"""
WAIT_FOR = """
steps:
  - wait: 1h
  - wait_for: {event: Lead Won, up_to: 1d, where: [event.n > 1]}
    then: [{say: came}]
    on_timeout: [{say: did not come}]
  - say: below
"""
ASKED = "say Well?\n  option Yes\n  option No\n  option Maybe\n"

ROWS = [
    # --- Branches
    (
        "if: then",
        "steps: [{if: [tagged a], then: [{say: A}], else: [{say: B}]}, {say: C}]",
        "tag a\nGo",
        "say A\nsay C",
    ),
    (
        "if: else",
        "steps: [{if: [tagged a], then: [{say: A}], else: [{say: B}]}, {say: C}]",
        "Go",
        "say B\nsay C",
    ),
    ("if: else may be absent", "steps: [{if: [tagged a], then: [{say: A}]}, {say: C}]", "Go", "say C"),
    (
        "choose: the first case that holds",
        "steps:\n"
        "  - choose: [{if: [tagged a], steps: [{say: A}]}, {if: [tagged b], steps: [{say: "
        "B}]}]\n    otherwise: [{say: O}]",
        "tag b\nGo\ntag a\nadvance 1h\nGo",
        "say B\nsay A",
    ),
    (
        "choose: otherwise",
        "steps:\n  - choose: [{if: [tagged a], steps: [{say: A}]}]\n"
        "    otherwise: [{say: O}]\n  - say: below",
        "Go",
        "say O\nsay below",
    ),
    (
        "split: the same visitor always takes the same branch",
        SPLIT,
        "visitor bob\nGo\nadvance 1h\nGo\nvisitor kim\nadvance 1h\nGo\nadvance 1h\nGo",
        "say B\nsay B\nsay A\nsay A",
    ),
    # --- Waits
    ("wait: DUR", "steps: [{wait: 1h30m}, {say: Hi}]", "Go\nadvance 5h", "2026-03-02 13:30 say Hi"),
    (
        "wait since trigger",
        "steps: [{wait: 1h}, {wait: {for: 3h, since: trigger}}, {say: Hi}]",
        "Go\nadvance 5h",
        "2026-03-02 15:00 say Hi",
    ),
    (
        "wait since last_visit waits on while he comes back",
        "steps: [{wait: {for: 1d, since: last_visit}}, {say: Hi}]",
        "Page Viewed\nGo\nadvance 20h\nPage Viewed\nadvance 5d",
        "2026-03-04 08:00 say Hi",
    ),
    (
        "wait since last_message",
        "steps: [{say: One}, {wait: {for: 10m, since: last_message}}, {say: Two}]",
        "Go\nadvance 9m\nwrite wait\nadvance 1h",
        "2026-03-02 12:00 say One\n2026-03-02 12:19 say Two",
    ),
    (
        "wait until a moment",
        "steps: [{wait: {until: 2026-05-01 08:30}}, {say: Hi}]",
        "zone Europe/Berlin\nat 2026-03-02 12:00\nGo\nadvance 90d",
        "2026-05-01 08:30 say Hi",
    ),
    (
        "wait until what a path says",
        "steps: [{wait: {until: event.starts_at}}, {say: Hi}]",
        "Go: starts_at=2026-03-03 10:00\nadvance 9d",
        "2026-03-03 10:00 say Hi",
    ),
    ("wait at", "steps: [{wait: {at: 10:00}}, {say: Hi}]", "Go\nadvance 9d", "2026-03-03 10:00 say Hi"),
    (
        "wait at on weekdays",
        "steps: [{wait: {at: 10:00, weekdays: [sat, sun]}}, {say: Hi}]",
        "Go\nadvance 9d",
        "2026-03-07 10:00 say Hi",
    ),
    (
        "wait at, within",
        "steps: [{wait: {at: 10:00, weekdays: [sat], within: 2d}}, {say: Hi}]",
        "Go\nadvance 9d",
        "2026-03-04 12:00 say Hi",
    ),
    (
        "wait for business hours",
        "steps: [{wait: {business_hours: next}}, {say: Hi}]",
        "hours 09:00-11:00\nGo\nadvance 9d",
        "2026-03-03 09:00 say Hi",
    ),
    (
        "which are on already",
        "steps: [{wait: {business_hours: next}}, {say: Hi}]",
        "hours 09:00-18:00\nGo",
        "2026-03-02 12:00 say Hi",
    ),
    (
        "wait_for resolves exactly when the event comes",
        WAIT_FOR,
        "Go\nadvance 2h\nLead Won: n=2",
        "2026-03-02 14:00 say came\n2026-03-02 14:00 say below",
    ),
    (
        "at once where it has come since the trigger",
        WAIT_FOR,
        "Go\nadvance 10m\nLead Won: n=2\nadvance 2h",
        "2026-03-02 13:00 say came\n2026-03-02 13:00 say below",
    ),
    (
        "also where another one, which the where refuses, has come after it",
        WAIT_FOR,
        "Go\nLead Won: n=2\nadvance 10m\nLead Won: n=1\nadvance 2h",
        "2026-03-02 13:00 say came\n2026-03-02 13:00 say below",
    ),
    (
        "what came before the trigger does not count",
        WAIT_FOR,
        "Lead Won: n=2\nadvance 1m\nGo\nadvance 2h",
        "",
    ),
    ("an event whose where does not hold is another", WAIT_FOR, "Go\nadvance 2h\nLead Won: n=1", ""),
    (
        "on_timeout",
        WAIT_FOR,
        "Go\nadvance 3d",
        "2026-03-03 13:00 say did not come\n2026-03-03 13:00 say below",
    ),
    # --- Steps that act
    ("tag and untag", "steps: [{tag: a}, {tag: a}, {untag: a}, {untag: a}]", "Go", "tag a\nuntag a"),
    (
        "set",
        "steps: [{set: {visitor.plan: gold, visitor.points: 5, run.x: '{{ page.title }}'}}, "
        "{say: '{{ run.x }}'}]",
        "Page Viewed: title=Lamps\nGo",
        "set plan=gold\nset points=5\nsay Lamps",
    ),
    (
        "set to null removes",
        "steps: [{set: {visitor.plan: null}}, {say: 'Plan {{ visitor.plan }}'}]",
        "set plan=gold\nGo",
        "set plan=None\nsay Plan",
    ),
    (
        "emit: its facts hold from the next step on",
        "steps: [{emit: {event: Lead Won}}, {if: [did lead_won], then: [{say: Hi}]}]",
        "Go",
        "event Lead Won\nsay Hi",
    ),
    (
        "emit starts other scenarios",
        "scenario: a\nsteps: [{emit: {event: Lead Won, properties: {n: 2}}}]\n---\n"
        "scenario: b\ntrigger: [{event: Lead Won, where: [event.n = 2]}]\nsteps: [{say: Hi}]",
        "Go",
        "event Lead Won\nsay Hi",
    ),
    (
        "subscribe",
        "steps: [{subscribe: news}, {if: [visitor.news is subscribed], then: [{say: Hi}]}]",
        "Go",
        "event Subscribed\nsay Hi",
    ),
    (
        "subscribe brings back who has left",
        "steps: [{subscribe: news}, {email: {subject: Hi, body: x}}]",
        "set email=a@b.co\nUnsubscribed\nGo",
        "event Subscribed\nemail Hi",
    ),
    (
        "unsubscribe",
        "steps: [{unsubscribe: news}, {if: [visitor.news is subscribed], then: [{say: Hi}], "
        "else: [{say: Bye}]}]",
        "Subscribed: list=news\nGo",
        "event Unsubscribed\nsay Bye",
    ),
    ("webhook saves its reply", HOOK, "reply number=7\nGo", "webhook https://s.example\nnote number 7"),
    (
        "webhook: on_error, and goes on below",
        HOOK,
        "fail 500\nGo",
        "webhook https://s.example\nnote 500\nnote number",
    ),
    (
        "webhook: else the run stops with its reason",
        "steps: [{webhook: {url: 'https://s.example'}}, {say: x}]",
        "fail 500\nGo",
        "webhook https://s.example\nended 500",
    ),
    (
        "webhook: it never stalls",
        "steps: [{webhook: {url: 'https://s.example'}}, {say: x}]",
        "silence\nGo\nadvance 1d",
        "webhook https://s.example\nended no reply",
    ),
    ("note", "steps: [{note: 'From {{ page.path }}'}]", "Page Viewed: path=/a\nGo", "note From /a"),
    (
        "handoff gives the dialog to people and ends the run",
        HANDOFF,
        "Go",
        "handoff support came by Go\nended handed over",
    ),
    (
        "where nobody is online, no_operator, and on below",
        HANDOFF,
        "operators 0\nGo",
        "say Nobody here\nsay below",
    ),
    (
        "without no_operator it is handed over all the same",
        "steps: [{handoff: {team: support}}]",
        "operators 0\nGo",
        "handoff support\nended handed over",
    ),
    (
        "an operator who writes into a bot's dialog takes it over, too",
        MENU,
        "Go\noperator writes\nchoose Yes",
        ASKED + "ended taken over",
    ),
    (
        "assign",
        "steps: [{say: Hi}, {assign: {team: sales}}, {wait: 1h}, {tag: x}]",
        "Go\nadvance 1h",
        "say Hi\nassign sales\ntag x",
    ),
    (
        "jump to a step",
        "steps: [{id: a, say: A, timeout: 1h, options: [{label: Again, jump: a}]}]",
        "Go\nchoose Again",
        "say A\n  option Again\nsay A\n  option Again",
    ),
    (
        "call comes back",
        "steps: [{call: greet}, {say: below}]\nblocks: {greet: [{say: Hi}]}",
        "Go",
        "say Hi\nsay below",
    ),
    (
        "jump to a block does not come back",
        "steps: [{jump: greet}, {say: below}]\nblocks: {greet: [{say: Hi}]}",
        "Go",
        "say Hi",
    ),
    (
        "start enters another scenario by its own rules",
        "scenario: a\nsteps: [{start: b}, {start: c}]\n---\n"
        "scenario: b\ntrigger: [{event: Never}]\nsteps: [{say: B}]\n---\n"
        "scenario: c\ntrigger: [{event: Never}]\naudience: [tagged x]\nsteps: [{say: C}]",
        "Go",
        "say B\nrefused audience: tagged x (not tagged)",
    ),
    ("stop ends the run with a reason", "steps: [{stop: enough}, {say: x}]", "Go", "ended stop: enough"),
    (
        "close ends it and closes its dialog",
        "steps: [{say: Hi}, {close: solved}]",
        "Go",
        "say Hi\nclosed solved\nended closed: solved",
    ),
    (
        "a step that is not enabled is passed over",
        "steps: [{say: One, enabled: false}, {say: Two}]",
        "Go",
        "say Two",
    ),
]


@pytest.mark.parametrize(
    ("scenarios", "timeline", "seen"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_contract(proves, scenarios, timeline, seen):
    proves(scenarios, timeline, seen)
