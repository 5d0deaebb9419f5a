"""Time to the console's first paint, beside a bare Textual application, in the same run.

    python tests/benchmarks/console_start.py [--runs 7]

Each start is a process of its own, from its first instruction (interpreter included) to the first frame that shows a
dialog; the bare application shows one line of text. Medians with their range. Both run without a terminal.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BARE = """
import asyncio, sys, time
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("hello")

async def main():
    async with Bare().run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        print(time.time(), flush=True)

asyncio.run(main())
"""

CONSOLE = """
import asyncio, sys, tempfile, time
from pathlib import Path
sys.path[:0] = [{root!r}, {double!r}]
import memory_desk
from operator_console.app import OperatorApp

async def main():
    desk = memory_desk.lively()
    app = OperatorApp(desk, keep_in=lambda me: Path(tempfile.mkdtemp()), now=desk.clock)
    async with app.run_test(size=(160, 45)) as pilot:
        while not app.inbox.dialogs.count:
            await asyncio.sleep(0.001)
        app.screen._compositor.render_strips()
        print(time.time(), flush=True)

asyncio.run(main())
"""


def start(program: str) -> float:
    """Milliseconds from the start of the process to its first frame."""
    environment = os.environ | {"TEXTUAL_FPS": "240"}
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    return (float(done.stdout.split()[0]) - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    double = str(ROOT / "tests" / "operator_console" / "inbox")
    console = CONSOLE.format(root=str(ROOT), double=double)
    times: dict[str, list[float]] = {"bare Textual app": [], "operator console": []}
    for _ in range(runs):
        times["bare Textual app"].append(start(BARE))
        times["operator console"].append(start(console))
    print(f"start → first paint, {runs} runs each, median (range), ms")
    for name, taken in times.items():
        print(f"  {name:<18} {statistics.median(taken):6.0f}  ({min(taken):.0f}–{max(taken):.0f})")
    bare, ours = (statistics.median(taken) for taken in times.values())
    print(f"  ratio              {ours / bare:6.2f}")


if __name__ == "__main__":
    main()
