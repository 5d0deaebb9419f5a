"""Channels in words: by which a dialog goes on, and by which a visitor came to the site."""

from __future__ import annotations

from operator_console.safe_text import safe_line
from operator_console.translation import marked, said

_CHANNELS = {
    "chat": marked("chat", "channel"),
    "popup": marked("popup", "channel"),
    "email": marked("email", "channel"),
    "push": marked("push", "channel"),
    "messenger": marked("messenger", "channel"),
    "paid": marked("paid", "channel"),
    "social": marked("social", "channel"),
    "search": marked("search", "channel"),
    "referral": marked("referral", "channel"),
    "direct": marked("direct", "channel"),
    "other": marked("other", "channel"),
}
_CAMPAIGN = {
    "source": marked("source", "campaign"),
    "medium": marked("medium", "campaign"),
    "campaign": marked("campaign", "campaign"),
    "term": marked("term", "campaign"),
    "content": marked("content", "campaign"),
}
"""What a link says of the campaign that it belongs to (UTM)."""


def channel_words(channel: str) -> str:
    """A channel as it is shown; one that is not known here as it is, cleaned."""
    words = _CHANNELS.get(channel)
    return said("channel", words) if words else safe_line(channel, 40)


def campaign_words(name: str) -> str:
    """A parameter of a campaign as it is shown: utm_source → source."""
    bare = name.removeprefix("utm_")
    return said("campaign", _CAMPAIGN[bare]) if bare in _CAMPAIGN else safe_line(bare, 16)
