"""From the command to the server's first answer, and its memory when nobody is there, beside the bare reference.

    python tests/benchmarks/server_start.py [--repeat 5]

The first start makes the data folder and Python's compiled files, and is left out. Each figure is the median of the
others, with the range.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from http_events import HERE, free_port

CLOSE = {"seconds": 1.0, "megabytes": 60}
DEADLINE = 30.0


def start(arguments: list[str], port: int, path: str) -> tuple[float, float]:
    """Seconds until it answers, and megabytes that it then holds; it is ended again."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], cwd=HERE.parent.parent, env=environment)
    try:
        while not answers(port, path):
            if child.poll() is not None or time.perf_counter() - begun > DEADLINE:
                raise SystemExit(f"{arguments} did not start")
            time.sleep(0.005)
        return time.perf_counter() - begun, resident(child.pid)
    finally:
        child.terminate()
        child.wait(20)


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def resident(pid: int) -> float:
    """Megabytes, as Linux counts them."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this system does not tell how much memory a process holds")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("desk", "bare"):
            figures = []
            for _ in range(repeat + 1):
                port = free_port()
                desk = ["-m", "server_stub.serve", "--data", str(folder / "desk"), "--port", str(port)]
                bare = [str(HERE / "bare_server.py"), str(folder / "bare.sqlite"), str(port)]
                figures.append(start(desk if name == "desk" else bare, port, "/readyz"))
            seconds, megabytes = (sorted(values) for values in zip(*figures[1:], strict=True))
            print(
                f"{name:<5} first answer after {statistics.median(seconds):.2f} s "
                f"({seconds[0]:.2f}–{seconds[-1]:.2f})   {statistics.median(megabytes):.0f} MB"
            )
        print(f"close to the limit: {CLOSE['seconds']:.0f} s, {CLOSE['megabytes']} MB")


if __name__ == "__main__":
    main()
