"""The contract, sentence by sentence: exit, re-checks at the moment of sending, "
"arbitration, caps, quiet hours."""

from __future__ import annotations

import pytest


def speaks(name: str, *head: str, step: str = "", trigger: str = "Go") -> str:
    lines = [f"scenario: {name}", f"trigger: [{{event: {trigger}}}]", *head]
    return "\n".join([*lines, f"steps: [{step or f'{{say: {name}}}'}]"])


def opens(name: str, *head: str, trigger: str = "Go") -> str:
    return speaks(
        name, *head, step=f"{{popup: {{size: mini, title: {name}, text: x}}, timeout: 10m}}", trigger=trigger
    )


def both(*texts: str) -> str:
    return "\n---\n".join(texts)


ASKS = "{say: Well?, timeout: 1h, options: [{label: Ok}]}"
LETTER = "{email: {subject: Hi, body: x}}"
LATER = f"steps: [{{wait: 1d}}, {LETTER}]"
MAIL = "set email=a@b.co\n"

ROWS = [
    # --- exit
    (
        "exit is continuous: an event ends the run while it waits",
        f"exit: [{{event: Out}}]\n{LATER}",
        MAIL + "Go\nadvance 1h\nOut\nadvance 2d",
        "ended exit: Out",
    ),
    (
        "exit {event, where}",
        f"exit: [{{event: Out, where: [event.n > 1]}}]\n{LATER}",
        MAIL + "Go\nOut: n=1\nadvance 1h\nOut: n=2",
        "ended exit: Out",
    ),
    (
        "exit by a condition, as soon as it holds",
        f"exit: [tagged buyer]\n{LATER}",
        MAIL + "Go\ntag buyer",
        "ended exit: tagged buyer",
    ),
    (
        "also where only time makes it hold",
        "exit: [last_visit more than 2h ago]\nsteps: [{wait: 1d}]",
        "Page Viewed\nGo\nadvance 1d",
        "2026-03-02 14:00 ended exit: last_visit more than 2h ago",
    ),
    (
        "it wins over everything: over the wait_for of the same event",
        "exit: [{event: Out}]\nsteps: [{wait_for: {event: Out, up_to: 1d}, then: [{say: x}]}]",
        "Go\nOut",
        "ended exit: Out",
    ),
    (
        "over a timer of the same moment",
        "exit: [last_visit more than 2h ago]\nsteps: [{wait: 2h}, {say: x}]",
        "Page Viewed\nGo\nadvance 1d",
        "2026-03-02 14:00 ended exit: last_visit more than 2h ago",
    ),
    (
        "over what the run has just done itself",
        "exit: [tagged a]\nsteps: [{tag: a}, {say: x}]",
        "Go",
        "tag a\nended exit: tagged a",
    ),
    (
        "over an answer",
        "exit: [{event: Message Written}]\nsteps: [" + ASKS + ", {say: x}]",
        "Go\nwrite Ok",
        "say Well?\n  option Ok\nended exit: Message Written",
    ),
    # --- asked again at the moment of sending
    (
        "audience is checked again at each outbound effect",
        f"audience: [not tagged buyer]\n{LATER}",
        MAIL + "Go\ntag buyer\nadvance 2d",
        "ended audience: not tagged buyer (tagged)",
    ),
    (
        "not about what the run itself has changed",
        "audience: [email is unknown]\nsteps: [{set: {visitor.email: a@b.co}}, {wait: 1d}, " + LETTER + "]",
        "Go\nadvance 2d",
        "set email=a@b.co\nemail Hi",
    ),
    (
        "not where it answers the visitor",
        "audience: [not tagged x]\nsteps: [" + ASKS + ", {say: Good}]",
        "Go\ntag x\nchoose Ok",
        "say Well?\n  option Ok\nsay Good",
    ),
    ("subscription", LATER, MAIL + "Go\nUnsubscribed\nadvance 2d", "ended unsubscribed"),
    (
        "pause",
        f"{LATER}\n---\nlater:\nstatus: paused\n{LATER}",
        MAIL + "Go\npublish\nadvance 2d",
        "ended scenario paused",
    ),
    (
        "frequency cap",
        f"{LATER}\n---\n{speaks('other', step=LETTER, trigger='Other')}",
        MAIL + "cap 1 in 1h\nGo\nadvance 23h30m\nOther\nadvance 1h",
        "email Hi",
    ),
    (
        "quiet hours, when the timer fires",
        f"{LATER}",
        "quiet 11:00-13:30\n" + MAIL + "Go\nadvance 2d",
        "2026-03-03 13:30 email Hi",
    ),
    # --- arbitration
    (
        "one pop-up at a time: by priority",
        both(opens("a"), opens("b", "delivery: {priority: 90}")),
        "Go",
        "popup b\nended dropped: busy with the pop-up of b",
    ),
    (
        "then by trigger time",
        both(
            speaks("a", step="{wait: 4m}, {say: a}", trigger="Late"),
            speaks("b", step="{wait: 5m}, {say: b}", trigger="Early"),
        ),
        "Early\nadvance 1m\nLate\nadvance 1h",
        "say b\nended dropped: busy with the message of b",
    ),
    (
        "then by scenario id",
        both(speaks("b"), speaks("a")),
        "Go",
        "say a\nended dropped: busy with the message of a",
    ),
    (
        "if_busy: drop is the default; a drop does not count as a run",
        both(opens("shown", trigger="First"), opens("other", "reentry: {times: once}")),
        "First\nadvance 1m\nGo\nadvance 10m\nGo",
        "popup shown\nended dropped: busy with the pop-up of shown\npopup timed_out\n"
        "ended pop-up timed out\npopup other",
    ),
    (
        "if_busy: queue waits for its turn",
        both(opens("shown", trigger="First"), opens("other", "delivery: {if_busy: queue}")),
        "First\nadvance 1m\nGo\nadvance 1m\nclose",
        "popup shown\npopup other\nended pop-up closed",
    ),
    (
        "those who wait for their turn go by priority, too",
        both(
            opens("shown", trigger="First"),
            opens("low", "delivery: {if_busy: queue, priority: 10}"),
            opens("high", "delivery: {if_busy: queue, priority: 80}", trigger="Late"),
        ),
        "First\nadvance 1m\nGo\nadvance 1m\nLate\nadvance 1m\nclose",
        "popup shown\npopup high\nended pop-up closed",
    ),
    (
        "a queued message waits for a day",
        both(
            speaks("asks", step="{say: Well?, timeout: 3d, options: [{label: Ok}]}", trigger="First"),
            opens("other", "delivery: {if_busy: queue}"),
        ),
        "First\nadvance 1m\nGo\nadvance 2d",
        "2026-03-02 12:00 say Well?\n2026-03-02 12:00   option Ok\n"
        "2026-03-03 12:01 ended dropped: still busy with the question of asks",
    ),
    (
        "an open question holds off pop-ups and messages",
        both(speaks("asks", step=ASKS, trigger="First"), opens("other")),
        "First\nadvance 1m\nGo",
        "say Well?\n  option Ok\nended dropped: busy with the question of asks",
    ),
    (
        "a message that was merely ignored holds off nothing",
        both(speaks("chat", trigger="First"), opens("other")),
        "First\nadvance 1m\nGo",
        "say chat\npopup other",
    ),
    (
        "what answers the visitor is not proactive",
        both(
            opens("shown", trigger="First"),
            "scenario: bot\ntrigger: [{keyword: [help]}]\nsteps: [{say: Here}]",
        ),
        "First\nwrite help",
        "popup shown\nsay Here",
    ),
    (
        "a pop-up that answers him opens in any case",
        "steps: [{popup: {size: mini, title: A, text: x}}, {popup: {size: mini, title: B, text: x}}]",
        "Go\noperator writes\nsubmit",
        "popup A\npopup B",
    ),
    (
        "a dialog that people hold is theirs",
        speaks("bot"),
        "operator writes\nadvance 1h\nGo",
        "ended dropped: busy with people who hold the dialog",
    ),
    (
        "emails are not held up by what is on the screen",
        both(opens("shown", trigger="First"), speaks("mail", step=LETTER)),
        MAIL + "First\nGo",
        "popup shown\nemail Hi",
    ),
    # --- frequency cap
    (
        "frequency_cap: what is too much is left out, and the run goes on",
        speaks("s", step=LETTER + ", {tag: x}, {untag: x}"),
        MAIL + "cap 1 in 1d\nGo\nadvance 23h59m\nGo\nadvance 1m\nGo",
        "email Hi\ntag x\nuntag x\ntag x\nuntag x\nemail Hi\ntag x\nuntag x",
    ),
    (
        "frequency_cap: exempt",
        speaks("s", "delivery: {frequency_cap: exempt}", step=LETTER),
        MAIL + "cap 1 in 1d\nGo\nadvance 1h\nGo",
        "email Hi\nemail Hi",
    ),
    (
        "the cap counts over all scenarios and channels, marketing only",
        both(
            speaks("a", "delivery: {kind: service}", step=LETTER),
            speaks("b", step=LETTER, trigger="Two"),
            speaks("c", step="{push: {title: News, text: x, link: /}}", trigger="Three"),
        ),
        MAIL + "Push Subscribed\ncap 1 in 1d\nGo\nTwo\nThree",
        "email Hi\nemail Hi",
    ),
    (
        "chat and pop-ups are not counted",
        both(speaks("a"), speaks("b", step=LETTER)),
        MAIL + "cap 1 in 1d\nGo",
        "say a\nemail Hi",
    ),
    # --- quiet hours
    (
        "quiet_hours: wait is the default, also over midnight",
        speaks("s", step=LETTER),
        "quiet 22:00-08:00\nat 2026-03-02 23:30\n" + MAIL + "Go\nadvance 2d",
        "2026-03-03 08:00 email Hi",
    ),
    (
        "after midnight, too",
        speaks("s", step=LETTER),
        "quiet 22:00-08:00\nat 2026-03-03 03:00\n" + MAIL + "Go\nadvance 2d",
        "2026-03-03 08:00 email Hi",
    ),
    (
        "they begin with their first minute and end before their last",
        speaks("s", step=LETTER),
        "quiet 22:00-08:00\nat 2026-03-03 08:00\n" + MAIL + "Go\nuntil 2026-03-03 22:00\nGo\nadvance 2d",
        "2026-03-03 08:00 email Hi\n2026-03-04 08:00 email Hi",
    ),
    (
        "quiet_hours: skip",
        speaks("s", "delivery: {quiet_hours: skip}", step=LETTER + ", {say: below}"),
        "quiet 22:00-08:00\nat 2026-03-02 23:30\n" + MAIL + "Go",
        "say below",
    ),
    (
        "quiet_hours: ignore",
        speaks("s", "delivery: {quiet_hours: ignore}", step=LETTER),
        "quiet 22:00-08:00\nat 2026-03-02 23:30\n" + MAIL + "Go",
        "email Hi",
    ),
    (
        "kind: service is not held up by them",
        speaks("s", "delivery: {kind: service}", step=LETTER),
        "quiet 22:00-08:00\nat 2026-03-02 23:30\n" + MAIL + "Go",
        "email Hi",
    ),
    (
        "kind: service is sent to one who wants no marketing",
        speaks("s", "delivery: {kind: service}", step=LETTER),
        MAIL + "Unsubscribed\nGo",
        "email Hi",
    ),
    (
        "quiet hours are the visitor's",
        speaks("s", step=LETTER),
        "zone Europe/Berlin\nquiet 22:00-08:00\nat 2026-03-02 15:00\n"
        + MAIL
        + "set timezone=Asia/Tokyo\nGo\nadvance 2d",
        "2026-03-03 00:00 email Hi",
    ),
    ("chat answers at any hour", speaks("s"), "quiet 22:00-08:00\nat 2026-03-02 23:30\nGo", "say s"),
]


@pytest.mark.parametrize(
    ("scenarios", "timeline", "seen"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_contract(proves, scenarios, timeline, seen):
    proves(scenarios, timeline, seen)
