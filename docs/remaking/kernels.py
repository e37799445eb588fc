"""The table of kernels in docs/episodes.md: measured on attacks with clock times, not shipped.

Run ``python -m docs.remaking.kernels MINUTES.csv.gz`` from the project's top folder (columns `time`
and `town`); it writes docs/kernels_measured.json, from which ``python docs/generate.py`` writes the
table.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from docs.remaking.words import table

FILE = Path(__file__).parents[1] / "kernels_measured.json"
NAMES = ("one exponential", "two stages", "two exponentials", "exponential and two stages")


def measure(path: Path) -> dict[str, Any]:
    """Log likelihood of each kernel per town with enough attacks, largest town first."""
    from sim.episodes.kernels import KERNELS, fit_kernel
    from sim.episodes.minutes import FEWEST, read_minutes

    frame = read_minutes(path)
    counted = frame.loc[frame["town"] != "", "town"].value_counts()
    found: dict[str, Any] = {}
    for town, count in counted[counted >= FEWEST].items():
        print(town, file=sys.stderr, flush=True)
        hours = frame.loc[frame["town"] == town, "hours"].to_numpy()
        fits = {name: fit_kernel(hours, starts) for name, starts in KERNELS.items()}
        found[str(town)] = {
            "attacks": int(count),
            "kernels": {
                name: {"log_likelihood": fit.log_likelihood, "aic": fit.aic, "parts": fit.parts}
                for name, fit in fits.items()
            },
        }
    return {"command": f"python -m docs.remaking.kernels {path.name}", "towns": found}


def read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def gain(town: dict[str, Any], name: str) -> float:
    """Log likelihood per attack above that of no answers at all, in thousandths of a bit."""
    own, none = (town["kernels"][key]["log_likelihood"] for key in (name, "none"))
    return float(1000.0 * (own - none) / town["attacks"] / math.log(2.0))


def kernels_table(found: dict[str, Any]) -> str:
    """A row per town, a column per kernel."""
    head = ["town", "attacks", *NAMES, "AIC above the least, in this order", "salvo; slow part"]
    rows = []
    for name, town in found["towns"].items():
        fits = town["kernels"]
        least = min(fits[kernel]["aic"] for kernel in NAMES)
        apart = [f"{fits[kernel]['aic'] - least:.0f}" for kernel in NAMES]
        said = [f"{ratio:.2f} at {delay:.1f} h" for _, ratio, delay in slow_last(town)]
        rows.append([name, str(town["attacks"]), *(f"{gain(town, n):.1f}" for n in NAMES),
                     ", ".join(apart), "; ".join(said)])  # fmt: skip
    return table(head, rows)


def slow_last(town: dict[str, Any]) -> list[tuple[int, float, float]]:
    """The parts of the two exponentials, the faster first."""
    return sorted(town["kernels"]["two exponentials"]["parts"], key=lambda part: part[2])


def passages() -> dict[str, str]:
    return {"kernels": kernels_table(read())}


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("say which file: python -m docs.remaking.kernels MINUTES.csv.gz")
    text = json.dumps(measure(Path(sys.argv[1])), indent=1, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
