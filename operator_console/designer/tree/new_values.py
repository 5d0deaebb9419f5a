"""What is put into a file when something is added: the least that the language takes, to be filled in at once."""

from __future__ import annotations

from collections.abc import Collection

from operator_console.translation import _
from scenarios_yaml.language.editing.document import Plain


def new_value(kind: str, names: Collection[str] = ()) -> Plain:
    """The value of a new row of this kind. `names` are ids and blocks that a jump may lead to."""
    text, target = _("Hello!"), next(iter(names), "name")
    message: Plain = {"say": text}
    say: Plain = [message]
    heading = _("A heading")
    values: dict[str, Plain] = {
        "say": {"say": text},
        "ask": {
            "ask": _("What is your email?"),
            "input": "email",
            "save_to": "visitor.email",
            "timeout": "1d",
        },
        "popup": {"popup": {"size": "small", "title": heading, "text": text}},
        "email": {"email": {"subject": heading, "body": text}},
        "push": {"push": {"title": heading, "text": text, "link": "/"}},
        "message": {"message": text},
        "file": {"file": "file.pdf"},
        "product_list": {"product_list": {"from": "viewed", "limit": "3"}},
        "note": {"note": text},
        "if": {"if": ["email is known"], "then": say},
        "choose": {"choose": [{"if": ["email is known"], "steps": say}]},
        "split": {
            "split": [
                {"name": "a", "weight": "50", "steps": say},
                {"name": "b", "weight": "50", "steps": say},
            ]
        },
        "wait": {"wait": "1d"},
        "wait_for": {"wait_for": {"event": "Order Completed", "up_to": "1d"}},
        "jump": {"jump": target},
        "call": {"call": target},
        "start": {"start": "scenario"},
        "stop": {"stop": _("done")},
        "close": {"close": _("done")},
        "coupon": {"coupon": {"pool": "pool", "save_to": "run.code"}},
        "tag": {"tag": "vip"},
        "untag": {"untag": "vip"},
        "set": {"set": {"visitor.plan": "gold"}},
        "emit": {"emit": {"event": "Tag Added"}},
        "subscribe": {"subscribe": "news"},
        "unsubscribe": {"unsubscribe": "news"},
        "webhook": {"webhook": {"url": "https://shop.example/hook"}},
        "handoff": {"handoff": {"team": "support"}},
        "assign": {"assign": {"team": "support"}},
        "condition": "email is known",
        "option": {"label": _("An answer"), "steps": say},
        "case": {"if": ["email is known"], "steps": say},
        "variant": {"name": "c", "weight": "50", "steps": say},
        "trigger": {"event": "Session Started"},
        "audience": "email is known",
        "exit": {"event": "Order Completed"},
        "goal": {"event": "Order Completed", "within": "7d"},
        "reentry": {"times": "once"},
        "delivery": {"priority": "50"},
        "holdout": "10%",
        "timezone": "visitor",
        "parameter": {"type": "text", "default": text},
        "steps": message,
        "blocks": say,
    }
    return values.get(kind, say)
