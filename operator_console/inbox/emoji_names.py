"""Emoji by their names, English and Russian: `:smi` finds 😄. Knows no screen.

The names are those of the `emoji` package, with the short ones that chats use (`:+1:`, `:tada:`). Reading them takes a
tenth of a second, so `load` is called in a thread, with the first colon.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

MAX_FOUND = 50
FAVOURITES = (
    *("smile", "wink", "thumbsup", "+1", "heart", "tada", "ok_hand", "wave", "pray", "fire", "rocket"),
    *("thinking", "sweat_smile", "joy", "white_check_mark", "eyes", "clap", "100", "sparkles"),
)
"""Come first among those that fit."""
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


@dataclass(frozen=True, slots=True)
class Emoji:
    char: str
    name: str


class EmojiNames:
    """All emoji by every name they have."""

    def __init__(self, by_name: dict[str, str]) -> None:
        self._by_name = by_name
        self._rank = {name: place for place, name in enumerate(FAVOURITES)}

    def named(self, name: str) -> str:
        """The emoji with exactly that name; empty where there is none."""
        return self._by_name.get(_plain(name), "")

    def find(self, typed: str, limit: int = MAX_FOUND) -> list[Emoji]:
        """Emoji of which a name begins with what is typed, then those with a later word that does; each once."""
        wanted = _plain(typed)
        if not wanted:
            return []
        ranked = sorted(
            (self._place(name, wanted), name)
            for name in self._by_name
            if wanted in name and self._fits(name, wanted)
        )
        found: dict[str, Emoji] = {}
        for _, name in ranked:
            char = self._by_name[name]
            found.setdefault(char, Emoji(char, name))
            if len(found) >= limit:
                break
        return list(found.values())

    def _fits(self, name: str, wanted: str) -> bool:
        return name.startswith(wanted) or f"_{wanted}" in name

    def _place(self, name: str, wanted: str) -> tuple[int, int, int]:
        is_first = name.startswith(wanted)
        return (
            0 if name == wanted else 1 if is_first else 2,
            self._rank.get(name, len(self._rank)),
            len(name),
        )


@lru_cache(maxsize=1)
def load() -> EmojiNames:
    """Read the names, once."""
    import emoji

    emoji.config.load_language("ru")
    by_name: dict[str, str] = {}
    for char, data in emoji.EMOJI_DATA.items():
        if data["status"] != emoji.STATUS["fully_qualified"] or any(tone in char for tone in _SKIN_TONES):
            continue
        for name in (*data.get("alias", ()), data["en"], data.get("ru", "")):
            if name:
                by_name.setdefault(_plain(name), char)
    return EmojiNames(by_name)


def _plain(name: str) -> str:
    return name.strip(":").casefold().replace("ё", "е").replace("-", "_").replace(" ", "_")
