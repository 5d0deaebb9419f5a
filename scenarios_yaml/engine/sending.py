"""Steps that leave through the outbox or ask something of the world: email, push, message, webhook, coupon.

Mail, push and messages go on at once: a later failure of delivery does not bring the run back. What can be seen at once
(no address, unsubscribed) takes `on_error`, else it stops the run. A webhook and a coupon hold the run until their reply.
"""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.arbitration import may_send, reached
from scenarios_yaml.engine.audience import subscribed
from scenarios_yaml.engine.catalog import Place, Program
from scenarios_yaml.engine.clock import MINUTE
from scenarios_yaml.engine.deciding import branch
from scenarios_yaml.engine.effects import Send, TakeCoupon
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.rendering import render, render_value, snapshot
from scenarios_yaml.engine.saving import save
from scenarios_yaml.engine.speaking import message_id
from scenarios_yaml.engine.state import Run, Waiting
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.engine.values import clean_properties, text_of
from scenarios_yaml.language import model

REPLY_LIMIT = 60 * MINUTE
"""How long a run waits for a reply that never comes, over what the webhook's own timeouts allow, in milliseconds."""


def failed(turn: Turn, run: Run, place: Place, reason: str) -> str | None:
    """What could not be done: `on_error`, else the run stops with the reason."""
    on_error = getattr(place.step, "on_error", None)
    if on_error is None:
        end_run(turn, run, reason, line=place.step.line)
        return None
    run.values["error"] = reason[:200]
    turn.say(run, f"failed: {reason}", step=place.step.key, line=place.step.line)
    return branch(on_error, place)


def _send(turn: Turn, run: Run, place: Place, channel: str, content: dict[str, Any]) -> str:
    row = message_id(run)
    turn.effects.append(
        Send(id=row, run=run.id, scenario=run.scenario, step=place.step.key, channel=channel, content=content)  # type: ignore[arg-type]
    )
    return row


def email(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Email = place.step  # type: ignore[assignment]
    to = text_of(turn.state.properties.get("email"))
    if not to:
        return failed(turn, run, place, "no address")
    allowed = may_send(turn, run, program, place, "email")
    if allowed != "send":
        return place.following if allowed == "skip" else None
    scope = turn.scope(program, run)
    content: dict[str, Any] = {
        "to": to,
        "subject": " ".join(render(step.subject, scope).split()),
        "body": render(step.body, scope),
        "preheader": render(step.preheader, scope),
        "from": render(step.sender, scope),
        "attachments": list(step.attachments),
        "kind": program.scenario.delivery.kind,
        "locale": scope.locale,
    }
    if step.template:
        content["template"] = step.template
        content["variables"] = snapshot(scope)
    _send(turn, run, place, "email", content)
    reached(turn, run, place)
    turn.say(run, f"email to {to}: {content['subject']}", step=step.key, line=step.line)
    return place.following


def push(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Push = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    if not subscribed("push", scope):
        return failed(turn, run, place, "no push subscription")
    allowed = may_send(turn, run, program, place, "push")
    if allowed != "send":
        return place.following if allowed == "skip" else None
    title = render(step.title, scope)
    content = {
        "title": title,
        "text": render(step.text, scope),
        "link": render(step.link, scope),
        "icon": step.icon,
    }
    _send(turn, run, place, "push", content)
    reached(turn, run, place)
    turn.say(run, f"push: {title}", step=step.key, line=step.line)
    return place.following


def messenger(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.MessengerMessage = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    to = text_of(turn.state.properties.get("messenger"))
    if not to:
        return failed(turn, run, place, "no messenger")
    allowed = may_send(turn, run, program, place, "messenger")
    if allowed != "send":
        return place.following if allowed == "skip" else None
    _send(turn, run, place, "messenger", {"to": to, "text": render(step.text, scope)})
    reached(turn, run, place)
    turn.say(run, f"message to {to}", step=step.key, line=step.line)
    return place.following


def webhook(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Webhook = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    body = _about(run, place, turn) if step.send is None else render_value(step.send, scope)
    content = {
        "url": render(step.url, scope).strip(),
        "method": step.method,
        "headers": {name: " ".join(render(value, scope).split()) for name, value in step.headers},
        "body": body,
        "timeout": step.timeout,
        "retries": step.retries,
    }
    row = _send(turn, run, place, "webhook", content)
    due_at = turn.now + step.timeout * (step.retries + 1) + REPLY_LIMIT
    run.waiting = Waiting("reply", step.key, due_at=due_at, message=row)
    turn.say(run, f"{step.method} {content['url']}", step=step.key, line=step.line)
    return None


def _about(run: Run, place: Place, turn: Turn) -> dict[str, Any]:
    """What a webhook is sent where the scenario does not say."""
    return {
        "scenario": run.scenario,
        "step": place.step.id or place.step.key,
        "visitor": {"id": turn.state.id, **turn.state.properties},
        "event": run.trigger,
        "run": run.values,
    }


def replied(turn: Turn, run: Run, place: Place, *, ok: bool, reply: Any, error: str) -> str | None:
    """The outcome of the webhook for which the run waits."""
    run.waiting = None
    if not ok:
        return failed(turn, run, place, error or "webhook failed")
    save_to = getattr(place.step, "save_to", "")
    saved = save(turn, run, {save_to: clean_properties({"reply": reply}).get("reply")}) if save_to else ""
    turn.say(run, f"replied{', saved ' + saved if saved else ''}", step=place.step.key, line=place.step.line)
    return place.following


def coupon(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Coupon = place.step  # type: ignore[assignment]
    turn.effects.append(TakeCoupon(run.id, step.pool))
    run.waiting = Waiting("reply", step.key, due_at=turn.now + REPLY_LIMIT)
    turn.say(run, f"takes a coupon of {step.pool}", step=step.key, line=step.line)
    return None


def coupon_taken(turn: Turn, run: Run, place: Place, code: str) -> str | None:
    step: model.Coupon = place.step  # type: ignore[assignment]
    run.waiting = None
    if not code:
        end_run(turn, run, f"no coupon left in {step.pool}", line=step.line)
        return None
    saved = save(turn, run, {step.save_to: code})
    turn.say(run, f"saved {saved}", step=step.key, line=step.line)
    return place.following


def no_reply(turn: Turn, run: Run, place: Place) -> str | None:
    """The reply did not come in its time."""
    run.waiting = None
    return failed(turn, run, place, "no reply")
