"""Why runs ended, and why something failed or was held back: the engine's short reasons as people read them. Pure."""

from __future__ import annotations

from operator_console.safe_text import safe_line
from operator_console.sentences import Sentences
from operator_console.translation import marked

_REASONS = Sentences(
    (
        marked("done"),
        marked("handed over"),
        marked("stop: {0}"),
        marked("closed: {0}"),
        marked("exit: {0}"),
        marked("no answer"),
        marked("pop-up closed"),
        marked("pop-up timed out"),
        marked("dialog closed"),
        marked("blocked"),
        marked("unsubscribed"),
        marked("quiet hours"),
        marked("the frequency cap"),
        marked("could not be sent"),
        marked("nobody knows whether it was sent"),
        marked("webhook failed"),
        marked("the scenario is gone"),
        marked("step {0} is gone"),
    )
)


def reason_words(reason: str) -> str:
    """A reason in the console's language, or as the engine wrote it; cleaned."""
    return safe_line(_REASONS.spoken(reason), 120)
