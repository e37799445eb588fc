"""Three forecasts from a cut of a real event table, and their passage in docs/example_ged.md.

Run from the project's top folder, with the extract of UCDP GED 19.1 on the al-Mahdi Army::

    python -m docs.remaking.cuts TABLE.csv [SIMULATIONS]

Each case is drafted by ``import`` and ``new --cut --order``, calibrated on the days up to the cut
and forecast from there. What was reported afterwards is looked at by the scores alone. The numbers
go into docs/measured.json under ``cuts``; ``docs/generate.py`` writes the passage.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from docs.remaking.measured import Measured, read, write
from docs.remaking.words import filled, listed, share, short, table

PARTY = "al_mahdi_army"
CASES: dict[str, tuple[str, ...]] = {
    "April 2004": ("--cut", "2004-04-07", "--end", "2004-05-30"),
    "June 2004": (
        "--start", "2004-05-05", "--cut", "2004-06-03", "--end", "2004-07-03",
        "--order", f"{PARTY}=2004-06-04,restrain",
    ),
    "August 2007": (
        "--start", "2007-08-01", "--cut", "2007-08-28", "--end", "2007-09-27",
        "--order", f"{PARTY}=2007-08-29,restrain,written,part",
    ),
}  # fmt: skip
"""Words after ``new NAME --from FOLDER``. The orders are public knowledge, not in the table."""

SIMULATIONS = 200_000
FORECASTS = {
    "model": "the draft, calibrated",
    "no order": "the same without the order",
    "prior": "the draft, not calibrated",
    "hawkes": "Hawkes process, going on",
    "constant_rate": "constant rate",
    "climatology": "fitted days drawn again",
    "nothing": "nothing",
}
RIVALS = ("hawkes", "constant_rate", "climatology", "nothing")


def measure(path: Path, simulations: int) -> Measured:
    """All cases; the import is of the whole table."""
    from sim.cli import main

    found: Measured = {"simulations": simulations}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        words = ["import", "ged", str(path), "--actor", "al-Mahdi Army", "--utc-offset", "+03:00"]
        assert main([*words, "--to-folder", "imports/army"]) == 0
        for name, more in CASES.items():
            slug = name.lower().replace(" ", "_")
            assert main(["new", slug, "--from", "imports/army", *more]) == 0
            print(f"{name} ...", file=sys.stderr, flush=True)
            found[name] = case(f"scenarios/{slug}.yaml", simulations)
    return found


def case(path: str, simulations: int) -> Measured:
    """One draft: calibrate, forecast, then score."""
    from sim.calibrate import build_bank, calibrate
    from sim.calibrate.calibration import posterior_for, predict
    from sim.calibrate.facts import facts_of
    from sim.calibrate.rivals import rivals
    from sim.calibrate.scoring import scores_of
    from sim.calibrate.validation import REPLICATES
    from sim.scenario import load_checked
    from sim.scenario.loading import with_variant
    from sim.scenario.vocabulary import Role

    loaded = load_checked(path)
    scenario = loaded.scenario
    found = calibrate(build_bank([scenario], simulations, 1))
    posterior = posterior_for(found, scenario.name)
    draws: dict[str, pd.DataFrame] = {
        "model": predict(scenario, posterior, REPLICATES).observables,
        "prior": predict(scenario, None, REPLICATES).observables,
    }
    if "no_order" in scenario.variants:
        off = with_variant(loaded, "no_order")
        draws["no order"] = predict(off, posterior, REPLICATES).observables
    draws |= rivals([scenario], scenario, REPLICATES, 1)
    end = scenario.clock.steps * scenario.clock.step_h
    facts = facts_of(scenario, (Role.HOLD_OUT,))
    rows = [
        {"forecast": name, "fact": fact.observable,
         **scores_of(fact, frame[fact.observable].to_numpy(float), end)}
        for name, frame in draws.items()
        for fact in facts
        if fact.observable in frame
    ]  # fmt: skip
    scores = pd.DataFrame(rows)
    days = [fact for fact in facts if _is_day(fact.observable)]
    (total,) = [fact for fact in facts if fact.observable == "dead_late"]
    return {
        "cannot give": found.cannot_give,
        "days": len(days),
        "reported": {
            "dead": total.readings[0].best or total.readings[0].low,
            "high": total.readings[0].high,
            "days with dead": sum(_some(fact.readings[0]) for fact in days),
        },
        "forecasts": {
            name: _told(name, draws[name], scores, [fact.observable for fact in days])
            for name in FORECASTS
            if name in draws
        },
    }


def _is_day(name: str) -> bool:
    return name.startswith("dead_2")


def _some(reading: Any) -> bool:
    """Whether somebody died on a day: by the best value, or for sure."""
    return (reading.best if reading.best is not None else reading.low) > 0


def _told(name: str, draws: pd.DataFrame, scores: pd.DataFrame, days: list[str]) -> dict[str, Any]:
    total = draws["dead_late"].to_numpy(float)
    deadly = (draws[days].to_numpy(float) > 0).sum(axis=1)
    own = scores[scores["forecast"] == name]
    daily = own[own["fact"].isin(days)]
    return {
        "median": float(np.median(total)),
        "50": [float(x) for x in np.quantile(total, [0.25, 0.75])],
        "90": [float(x) for x in np.quantile(total, [0.05, 0.95])],
        "days with dead": [float(x) for x in np.quantile(deadly, [0.05, 0.5, 0.95])],
        "bits per day": float(daily["log_score"].mean()),
        "inside 50": float(own["inside50"].mean()),
        "inside 90": float(own["inside90"].mean()),
        "held out": len(own),
    }


def cuts(measured: Measured) -> str:
    """The passage: a table of each case, all forecasts."""
    found = measured["cuts"]
    blocks = []
    for name in CASES:
        one = found[name]
        reported = one["reported"]
        dead = f"{reported['dead']:.0f}"
        if reported["high"] > reported["dead"]:
            dead += f" (at most {reported['high']:.0f})"
        rows = [["reported", dead, "", "", f"{reported['days with dead']}", "", "", ""]]
        rows += [
            [words, *_row(one["forecasts"][key])]
            for key, words in FORECASTS.items()
            if key in one["forecasts"]
        ]  # fmt: skip
        head = [f"{name}, {one['days']} days", "median", "50 %", "90 %", "days with dead, 90 %",
                "bits per day", "in 50 %", "in 90 %"]  # fmt: skip
        blocks.append(table(head, rows))
        if name == next(iter(CASES)):
            blocks[0] = _lead(found) + "\n\n" + blocks[0]
        if one["cannot give"]:
            blocks.append(filled(f"The calibration says of its fit: {one['cannot give']}"))
    return "\n\n".join(blocks)


def _lead(found: Measured) -> str:
    """How the three come out, in figures."""
    ranks = []
    for name in CASES:
        rows = found[name]["forecasts"]
        rivals = {key: rows[key]["bits per day"] for key in RIVALS if key in rows}
        best = min(rivals, key=lambda key: rivals[key])
        ranks.append(
            f"{name} {short(rows['model']['bits per day'])} against {short(rivals[best])} "
            f"({FORECASTS[best]})"
        )
    held = [found[name]["forecasts"]["model"] for name in CASES]
    return filled(f"""
    Each draft is calibrated with {found["simulations"]:,} simulations on the days up to its cut.
    Bits per day are the log score of the reported range of each held-out day, smaller is better:
    {"; ".join(ranks)}. The shares on the right are of all held-out facts, days, tolls of towns,
    ends and peaks: the calibrated drafts' 90 % intervals hold {_shares(held, "inside 90")} of them
    and the 50 % intervals {_shares(held, "inside 50")}. Rivals know the fitted days, and nothing
    of orders; Hawkes goes on from them.""")


def _shares(rows: list[Measured], key: str) -> str:
    numbers = [f"{100 * row[key]:.0f}" for row in rows]
    return f"{listed(numbers)}\u00a0%"


def _row(row: Mapping[str, Any]) -> list[str]:
    low, middle, high = row["days with dead"]
    return [
        f"{row['median']:.0f}",
        " to ".join(f"{x:.0f}" for x in row["50"]),
        " to ".join(f"{x:.0f}" for x in row["90"]),
        f"{middle:.0f} ({low:.0f} to {high:.0f})",
        short(row["bits per day"]),
        share(row["inside 50"]),
        share(row["inside 90"]),
    ]


if __name__ == "__main__":
    count = int(float(sys.argv[2])) if len(sys.argv) > 2 else SIMULATIONS
    write(read() | {"cuts": measure(Path(sys.argv[1]).resolve(), count)})
