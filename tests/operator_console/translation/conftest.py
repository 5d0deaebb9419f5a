"""The console in Russian, for as long as a test lasts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from operator_console.translation import speak


@pytest.fixture
def russian() -> Iterator[None]:
    """Everything is Russian; afterwards English again."""
    speak("ru")
    yield
    speak("en")
