"""The calibration on the terminal: what was learned and what was not, in one table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.show.style import shorten

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibrate.study import Study


def calibration_table(study: Study) -> str:
    """Contraction per parameter, most learned first; no estimate for what was not learned.

    Where the model cannot give the facts, that comes before everything.
    """
    refused = study.calibration.cannot_give
    lines = [] if refused is None else [refused, ""]
    lines += [f"{'parameter':<34} {'contraction':>11}  {'prior 90 %':<20} posterior median (90 %)"]
    lines.append("-" * 96)
    for row in rows(study.learned):
        name = shorten(str(row.name), 34)
        prior = f"{number(row.prior_q05)} to {number(row.prior_q95)}"
        lines.append(f"{name:<34} {row.contraction:>11.2f}  {prior:<20} {estimate(row)}")
    lines += [verdict(study), *(f"warning: {said}" for said in study.warnings)]
    return "\n".join(lines)


def verdict(study: Study) -> str:
    """The first sentences of a calibration: what was not learned, then what was.

    Coverage is of data that the model gives. Where it cannot give the reported ones, coverage says
    nothing of them, and none is quoted.
    """
    table = study.learned
    rest = table[~table["learned"]]
    unknown = [str(n) for n in rest["name"] if " * " not in str(n)]
    known = [str(n) for n in table[table["learned"]]["name"]]
    apart = [str(n) for n in table[~table["reached"]]["name"] if " * " not in str(n)]
    total = len(study.calibration.bank.names)
    said = f"Not learned: {len(unknown)} of {total} parameters keep their prior"
    said += f" ({', '.join(unknown)}). " if unknown else ". "
    if apart:
        pairs = study.calibration.bank.probes
        said += f"No fact depends on {', '.join(apart)} (none moved in {pairs:,} pairs of runs). "
    if study.calibration.cannot_give is not None:
        said += f"Nearest to the facts, without giving them: {', '.join(known)}. " if known else ""
        return f"{said}Coverage is measured on data that the model gives; it says nothing here."
    said += f"Learned: {', '.join(known)}. " if known else "Nothing was learned. "
    cover = study.coverage.overall(0.9)
    return (
        f"{said}Coverage of the calibrator's 90 % intervals: {cover:.3f} over the whole prior, "
        f"{study.near.overall(0.9):.3f} near the reported facts."
    )


def estimate(row: Any) -> str:
    """A posterior median with its 90 % interval, or ``prior``."""
    middle = float(row.q50)
    if math.isnan(middle):
        return "prior" if row.reached else "prior: no fact depends on it"
    low, high = float(row.q05), float(row.q95)
    return f"{number(middle)} ({number(low)} to {number(high)})"


def number(value: float) -> str:
    """Two significant digits, without an exponent in the usual range."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if 0.001 <= abs(value) < 1000:
        digits = max(0, 1 - math.floor(math.log10(abs(value))))
        return f"{value:.{digits}f}"
    return f"{value:.2g}"


def rows(table: pd.DataFrame) -> list[Any]:
    """The rows of a table as named tuples."""
    return list(table.itertuples())


def learned_rows(table: pd.DataFrame) -> list[dict[str, object]]:
    """The table of what was learned as text for a page."""
    return [
        {
            "name": str(row.name), "unit": str(row.unit), "prior": str(row.prior),
            "contraction": f"{row.contraction:.2f}", "error": f"{row.error:.2f}",
            "before": f"{number(row.prior_q50)} "
            f"({number(row.prior_q05)} to {number(row.prior_q95)})",
            "after": estimate(row), "learned": bool(row.learned),
        }
        for row in rows(table)
    ]  # fmt: skip
