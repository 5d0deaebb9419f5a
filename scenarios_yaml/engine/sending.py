"""Steps that leave through the outbox or ask something of the world: email, push, message, webhook, coupon.

A mail, push or message that has an `on_error` holds the run until it is known what became of it; where nothing is
heard in time, it counts as sent. One without goes on at once, and a failure that is heard of later ends the run. What
can be seen at once (no address, unsubscribed) takes `on_error`, too, else it stops the run. A webhook and a coupon
hold the run until their reply; a pool without a code takes `on_error`, too.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from scenarios_yaml.engine.arbitration import answers, may_send, reached
from scenarios_yaml.engine.audience import subscribed
from scenarios_yaml.engine.clock import MINUTE
from scenarios_yaml.engine.effects import Counted, Send, TakeCoupon
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.rendering import render_body, render_value, snapshot
from scenarios_yaml.engine.saving import save
from scenarios_yaml.engine.state import UNHEARD_LIMIT, Waiting
from scenarios_yaml.engine.values import clean_properties, text_of
from scenarios_yaml.language import model

Channel: TypeAlias = Literal["email", "push", "messenger", "webhook"]

NOT_SENT = "could not be sent"
CALL_FAILED = "webhook failed"
REPLY_LIMIT = 60 * MINUTE
"""How long a run waits for a reply that never comes, over what the webhook's own timeouts allow, in
milliseconds. It counts from the moment of the call: what is asked for while late timers catch up cannot be
answered before they have."""


def failed(here: Here[Any], result: str, *, counted: Counted = "failed", reason: str = "") -> str | None:
    """What could not be done: `on_error`, else the run stops with the `result`. A failure of which the outbox tells is
    `counted` there. `reason` (see `TraceLine`) is the `result` where it is left out."""
    on_error = getattr(here.step, "on_error", None)
    if on_error is None:
        here.end(result, counted=counted, reason=reason)
        return None
    here.run.values["error"] = result[:200]
    here.say(f"failed: {result}", counted=counted, branch="on_error", reason=reason or result)
    return here.branch(on_error)


def _send(here: Here[Any], channel: Channel, content: dict[str, Any]) -> str:
    row = here.message_id
    here.turn.effects.append(
        Send(
            id=row,
            run=here.run.id,
            scenario=here.run.scenario,
            step=here.step.key,
            version=here.run.version,
            channel=channel,
            content=content,
        )
    )
    return row


def _await_reply(here: Here[Any], due_at: int, row: str = "", *, asked_at: int = 0) -> None:
    """Holds the run until its reply. What it says then still answers the visitor, where this did."""
    answers_at = here.turn.now if answers(here.turn, here.run) else 0
    here.run.waiting = Waiting(
        "reply", here.step.key, due_at=due_at, message=row, until=asked_at, answers_at=answers_at
    )


def _left(here: Here[Any], row: str) -> str | None:
    """The message is on its way: where the run goes on."""
    reached(here)
    if here.step.on_error is None:
        here.run.unheard = [*here.run.unheard, row][-UNHEARD_LIMIT:]
        return here.following
    _await_reply(here, here.turn.wall + REPLY_LIMIT, row)
    return None


def email(here: Here[model.Email]) -> str | None:
    to = text_of(here.turn.state.properties.get("email"))
    if not to:
        return failed(here, "no address")
    if here.program.scenario.delivery.kind == "marketing" and not subscribed("email", here.scope()):
        return failed(here, "unsubscribed", counted="suppressed")
    allowed = may_send(here)
    if allowed != "send":
        return here.following if allowed == "skip" else None
    scope = here.scope()
    body, products = render_body(here.step.body, scope)
    content: dict[str, Any] = {
        "to": to,
        "subject": " ".join(here.render(here.step.subject).split()),
        "body": body,
        "preheader": here.render(here.step.preheader),
        "from": here.render(here.step.sender),
        "attachments": list(here.step.attachments),
        "kind": here.program.scenario.delivery.kind,
        "locale": scope.locale,
    }
    if here.step.template:
        content["template"] = here.step.template
        content["variables"] = snapshot(scope)
    if products:
        content["products"] = products
    row = _send(here, "email", content)
    here.say(f"email to {to}: {content['subject']}")
    return _left(here, row)


def push(here: Here[model.Push]) -> str | None:
    scope = here.scope()
    if not subscribed("push", scope):
        return failed(here, "no push subscription")
    allowed = may_send(here)
    if allowed != "send":
        return here.following if allowed == "skip" else None
    title = here.render(here.step.title)
    content = {
        "title": title,
        "text": here.render(here.step.text),
        "link": here.render(here.step.link),
        "icon": here.step.icon,
    }
    row = _send(here, "push", content)
    here.say(f"push: {title}")
    return _left(here, row)


def messenger(here: Here[model.MessengerMessage]) -> str | None:
    to = text_of(here.turn.state.properties.get("messenger"))
    if not to:
        return failed(here, "no messenger")
    allowed = may_send(here)
    if allowed != "send":
        return here.following if allowed == "skip" else None
    row = _send(here, "messenger", {"to": to, "text": here.render(here.step.text)})
    here.say(f"message to {to}")
    return _left(here, row)


def webhook(here: Here[model.Webhook]) -> str | None:
    scope = here.scope()
    body = _about(here) if here.step.send is None else render_value(here.step.send, scope)
    content = {
        "url": here.render(here.step.url).strip(),
        "method": here.step.method,
        "headers": {name: " ".join(here.render(value).split()) for name, value in here.step.headers},
        "body": body,
        "timeout": here.step.timeout,
        "retries": here.step.retries,
    }
    row = _send(here, "webhook", content)
    _await_reply(here, here.turn.wall + here.step.timeout * (here.step.retries + 1) + REPLY_LIMIT, row)
    here.say(f"{here.step.method} {content['url']}")
    return None


def _about(here: Here[Any]) -> dict[str, Any]:
    """What a webhook is sent where the scenario does not say."""
    return {
        "scenario": here.run.scenario,
        "step": here.step.id or here.step.key,
        "visitor": {"id": here.turn.state.id, **here.turn.state.properties},
        "event": here.run.trigger,
        "run": here.run.values,
    }


def replied(
    here: Here[model.Webhook | model.Email | model.Push | model.MessengerMessage],
    *,
    ok: bool,
    reply: Any,
    error: str,
) -> str | None:
    """The outcome of the webhook or message for which the run waits."""
    here.run.waiting = None
    if not isinstance(here.step, model.Webhook):
        if not ok:
            return failed(here, could_not_be_sent(error), counted="", reason=NOT_SENT)
        here.say("sent")
        return here.following
    if not ok:
        return failed(here, error or CALL_FAILED, counted="", reason=CALL_FAILED)
    save_to = here.step.save_to
    saved = (
        save(here.turn, here.run, {save_to: clean_properties({"reply": reply}).get("reply")})
        if save_to
        else ""
    )
    here.say(f"replied{', saved ' + saved if saved else ''}")
    return here.following


def could_not_be_sent(error: str) -> str:
    """The reason for which a run ends, or takes `on_error`."""
    return f"{NOT_SENT}: {error or 'nobody said why'}"


def coupon(here: Here[model.Coupon]) -> str | None:
    here.turn.effects.append(TakeCoupon(here.run.id, here.step.pool))
    _await_reply(here, here.turn.wall + REPLY_LIMIT, asked_at=here.turn.now)
    here.say(f"takes a coupon of {here.step.pool}")
    return None


def coupon_taken(here: Here[model.Coupon], code: str) -> str | None:
    here.run.waiting = None
    if not code:
        return failed(here, f"no coupon left in {here.step.pool}")
    saved = save(here.turn, here.run, {here.step.save_to: code})
    here.say(f"saved {saved}")
    return here.following


def no_reply(here: Here[Any]) -> str | None:
    """The reply did not come in its time. A message of which nothing is heard counts as sent."""
    here.run.waiting = None
    if isinstance(here.step, model.Email | model.Push | model.MessengerMessage):
        here.say("nothing heard of it: taken as sent")
        return here.following
    return failed(here, "no reply")
