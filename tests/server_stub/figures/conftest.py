"""The desk of the desk's own tests on either store, and short words for what it has counted."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from server_stub.figures.days import ALL
from server_stub.figures.summed import Sums
from server_stub.protocol import ScenarioFigures, StepFigures
from server_stub.store.base import Store
from server_stub.store.memory import MemoryStore
from server_stub.store.sqlite import SqliteStore


def _beside(folder: str) -> ModuleType:
    """The conftest of another folder: with `importmode=importlib` there is no package to import it from."""
    name = f"figures_{folder}"
    if name not in sys.modules:
        path = Path(__file__).parents[1] / folder / "conftest.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


class Counted:
    """A desk, and what it has counted."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    def of(self, slug: str = "test", *, version: str = "", days: tuple[int, int] = ALL) -> ScenarioFigures:
        seq, counts = self.shop.store.figure_counts(slug, *days, version)
        sums = Sums(slug)
        sums.add(counts)
        return sums.all(seq, *self.shop.desk.standing(slug, version))

    def step(self, key: str, slug: str = "test") -> StepFigures:
        (found,) = [step for step in self.of(slug).steps if step.step == key]
        return found

    def everything(self) -> dict[str, ScenarioFigures]:
        slugs = {status.slug for status in self.shop.desk.statuses()}
        return {slug: self.of(slug) for slug in sorted(slugs)}


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "desk.db", log_bytes=0)
    )
    yield opened
    opened.close()


@pytest.fixture
async def shop(store: Store) -> AsyncIterator[Any]:
    shop = await _beside("desk").Shop(store).open()
    yield shop
    await shop.desk.stop()


@pytest.fixture
def counted(shop: Any) -> Counted:
    return Counted(shop)


@pytest.fixture
def start_desk() -> Callable[..., Any]:
    """`async with start_desk(folder) as desk`: a server on that folder, with clients for its doors."""
    running: Callable[..., Any] = _beside("api").running
    return running


@pytest.fixture
def make_shop() -> Callable[..., Any]:
    """`await make_shop(store, settings).open()`"""
    shop: Callable[..., Any] = _beside("desk").Shop
    return shop
