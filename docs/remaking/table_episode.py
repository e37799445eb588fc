"""The page on a real event table: its commands, run as printed, with their figures and numbers."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from contextlib import chdir
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from docs.remaking.measured import Measured

DOCS = Path(__file__).parents[1]
PAGE = DOCS / "example_ged.md"
FIGURES = ("timeline.png", "episode_najaf.png", "comparison.png")
SHOWN = {
    "Dead in the early part in Najaf": "dead in Najaf, early part",
    "Dead in the late part in Najaf": "dead in Najaf, held-out part",
    "End in Najaf": "end in Najaf",
    "Peak in Najaf": "peak in Najaf",
    "Dead on 19 August 2004": "dead on 19 August, all towns",
    "Dead in the early part in Baghdad": "dead in Baghdad, early part",
    "Dead in the late part in Kufa": "dead in Kufa, held-out part",
    "End in Baghdad": "end in Baghdad",
}
START = datetime(2004, 8, 2)


def najaf() -> Measured:
    """Run the page's commands in a folder of their own; the last two are runs."""
    from docs.remaking.steps import command

    lines = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[0].splitlines()
    runs: list[pd.DataFrame] = []
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        shutil.copytree(DOCS / "examples", Path(folder) / "docs" / "examples")
        for line in lines:
            command(*shlex.split(line)[2:])
            if " run.py run " in f" {line} ":
                newest = max(Path("results/najaf").iterdir(), key=os.path.getmtime)
                runs.append(pd.read_csv(newest / "comparison.csv"))
                if len(runs) == 1:
                    for name in FIGURES:
                        target = DOCS / "examples" / "najaf_2004" / name
                        shutil.copyfile(newest / "figures" / name, target)
    first, second = runs
    return {"command": lines[-2], "draft": _told(first), "tried": _told(second)}


def _told(table: pd.DataFrame) -> Measured:
    tested = table[table["tested"]]
    days = table[table["id"].str.match(r"dead_\d{4}_")]
    rows = {}
    for row in table.to_dict("records"):
        if row["title"] in SHOWN:
            ends = [row["q05"], row["q95"]]
            rows[SHOWN[row["title"]]] = {
                "reported": _day(row["reported_text"]) if row["is_time"] else _plain(row),
                "simulated": _between(ends, bool(row["is_time"])),
                "inside": bool(row["inside90"]), "probability": float(row["probability"]),
            }  # fmt: skip
    return {
        "tested": len(tested), "inside": int(tested["inside90"].astype(bool).sum()),
        "days": len(days), "days that allow none": int((days["reported_low"] <= 0).sum()),
        "rows": rows,
    }  # fmt: skip


def _plain(row: Measured) -> str:
    low, high = row["reported_low"], row["reported_high"]
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


def _day(text: str) -> str:
    """The day with which a reported window begins."""
    day, month = text.split()[:2]
    return f"{day} {'August' if month == 'Aug' else month}"


def _between(ends: list[float], is_time: bool) -> str:
    if any(pd.isna(end) for end in ends):
        return "never"
    if not is_time:
        low, high = (f"{end:.0f}" for end in ends)
        return low if low == high else f"{low} to {high}"
    first, last = ((START + timedelta(hours=end)).day for end in ends)
    return f"{first} August" if first == last else f"{first} to {last} August"
