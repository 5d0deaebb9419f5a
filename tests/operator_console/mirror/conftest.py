"""The desk in memory of the inbox's tests: its summaries are computed from the whole journal, by other code."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def desks() -> ModuleType:
    name = "console_memory_desk"
    if name not in sys.modules:
        path = Path(__file__).parent.parent / "inbox" / "memory_desk.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
