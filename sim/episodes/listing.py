"""A listing: what a library holds, as lines for a terminal."""

from __future__ import annotations

import pandas as pd

from sim.episodes.episode_library import Library
from sim.episodes.library_columns import KINDS
from sim.inputs.problems import printable


def counted(library: Library, kind: str | None = None) -> list[str]:
    """Episodes by country and kind, the largest first, and the sums."""
    table = _chosen(library, kind)
    kinds = [kind] if kind else list(KINDS)
    counts = pd.crosstab(table["country"], table["kind"]).reindex(columns=kinds, fill_value=0)
    counts["dyads"] = table.groupby("country")["key"].nunique()
    counts["sum"] = counts[kinds].sum(axis=1)
    counts = counts.sort_values(["sum", "dyads"], ascending=False, kind="stable")
    width = max([len("country"), *(len(str(name)) for name in counts.index)])
    lines = [f"{'country':{width}}" + "".join(f"{name:>8}" for name in [*kinds, "dyads"])]
    for name, row in counts.iterrows():
        numbers = "".join(f"{int(row[column]):>8}" for column in [*kinds, "dyads"])
        lines.append(f"{printable(str(name)):{width}}" + numbers)
    sums = "".join(f"{int(counts[column].sum()):>8}" for column in [*kinds, "dyads"])
    lines.append(f"{'all':{width}}" + sums)
    days = pd.to_datetime(table["day0"])
    lines.append(
        f"{len(table)} episodes of {table['conflict'].nunique()} conflicts, "
        f"{days.min().date()} to {days.max().date()}; "
        f"{'no table of orders' if library.orders is None else f'{len(library.orders)} orders'}"
    )
    return lines


def matching(library: Library, text: str, kind: str | None = None) -> list[str]:
    """One line per episode whose dyad, country or conflict holds the text, whatever its case."""
    table = _chosen(library, kind)
    wanted = text.casefold()
    held = [
        any(wanted in str(value).casefold() for value in row)
        for row in table[["key", "country", "conflict"]].to_numpy()
    ]
    lines = []
    for row in table[held].sort_values(["day0", "kind"], kind="stable").to_dict("records"):
        after = row["d0"] + row["d1_7"] + row["d8_14"]
        before = row["pre14_1"] if row["kind"] == "order" else row["pre7_1"]
        who = printable(f"{row['side_a']} - {row['side_b']}")
        lines.append(
            f"{row['episode_id']}  {row['day0']}  {row['kind']:<5}  "
            f"{before:>6.0f} before {after:>6.0f} after  {who}"
        )
    return lines


def _chosen(library: Library, kind: str | None) -> pd.DataFrame:
    table = library.episodes
    return table if kind is None else table[table["kind"] == kind]
