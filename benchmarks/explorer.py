"""How long the explorer's users wait: first figure and redraw, measured in Chromium.

    python benchmarks/explorer.py [SCENARIO] [--moves N] [--threads N]

Prints the time from opening the page to the first drawn figure, and from a moved slider to the
redrawn page (server and browser together: the page measures itself, from the input event to the
frame after drawing), with the server's share of it. The load of the machine stands beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn

sys.path.insert(0, str(Path(__file__).parent.parent))

from sim.show.explorer import Shelf, bind, make_app, warm

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
MOVE = """(hours) => {
  const slider = document.querySelector('[data-path$=".shift_h"] input[type=range]');
  slider.value = hours;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""
ENTRIES = "(name) => performance.getEntriesByName(name).map((entry) => entry.duration)"
ASKED = """() => performance.getEntriesByType("resource")
  .filter((entry) => entry.name.endsWith("/api/future")).map((entry) => entry.duration)"""


def serve(shelf: Shelf, threads: int | None) -> str:
    """The address of an explorer in a thread of this process."""
    bound = bind("127.0.0.1", 0)
    app = make_app(shelf, threads=threads)
    warm(app)  # as `view` does
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True).start()
    return f"http://127.0.0.1:{bound.getsockname()[1]}/"


def first_figure(page: Any, address: str) -> float:
    """Seconds from asking for the page until a panel is drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#headline:not(:empty)")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return time.perf_counter() - start


def updates(page: Any, moves: int) -> tuple[list[float], list[float]]:
    """Milliseconds per moved slider: until redrawn, and until the server had answered."""
    page.wait_for_selector("body[data-settled]")
    page.evaluate("() => performance.clearResourceTimings()")
    for hours in range(1, moves + 1):
        page.evaluate(MOVE, hours)
        page.wait_for_timeout(1200)  # the slower parts follow a rest; let them end
    return page.evaluate(ENTRIES, "update"), page.evaluate(ASKED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="scenarios/august_september_2022.yaml")
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    shelf = Shelf([options.scenario])
    address = serve(shelf, options.threads)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        print(f"first figure, a browser that knows nothing{first_figure(page, address):8.2f} s")
        print(f"first figure, again                      {first_figure(page, address):8.2f} s")
        redrawn, answered = updates(page, options.moves)
        browser.close()
    for title, values in (("slider to redrawn page", redrawn), ("of which the server", answered)):
        ordered = sorted(values)
        print(
            f"{title:<41} {statistics.median(ordered):8.0f} ms median, "
            f"{ordered[int(0.9 * (len(ordered) - 1))]:.0f} ms at 90 %, {len(ordered)} moves"
        )
    print(f"load of this machine's {os.cpu_count()} cores: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
