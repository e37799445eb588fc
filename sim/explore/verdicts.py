"""Verdicts of a sensitivity analysis: which inputs matter for what, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from sim.explore.sensitivity import Sensitivity

MATTERS = 0.05
"""Share of variance that the lower end of the total index's interval must exceed."""

WEIGHS = 0.25
"""Share of the strongest parameter's effect from which an assumption is spoken of."""

NOISY = 0.2
"""Left-over chance above which an output's indices are called rough."""


def verdicts(found: Sensitivity) -> list[str]:
    """One sentence per output, then what matters nowhere, then the assumptions."""
    lines = []
    titles = found.titles
    noise = found.noise.set_index("output")
    mattering: set[str] = set()
    for output, rows in found.variance.groupby("output", sort=False):
        strong = rows[rows["total_low"] > MATTERS].sort_values("total", ascending=False)
        mattering |= set(strong["factor"])
        facts = noise.loc[output]
        chance = f"chance alone makes {facts['process']:.0%} of the variance between single runs"
        if strong.empty:
            said = "no parameter can be told from chance"
        else:
            parts = [
                f"{row['factor']} {row['total']:.2f} ({max(0.0, row['total_low']):.2f} to "
                f"{min(1.0, row['total_high']):.2f})"
                for row in strong.to_dict("records")
            ]
            said = f"of what parameters decide, total shares: {_listed(parts)}"
        rough = "; rough, more replicates are needed" if facts["left"] > NOISY else ""
        lines.append(f"{titles[str(output)]}: {said}; {chance}{rough}.")
    idle = [f for f in [*dict.fromkeys(found.screening["factor"])] if f not in mattering]
    if idle:
        lines.append(f"Nothing observed depends much on {_listed(idle)}.")
    return lines + _assumptions(found)


def _assumptions(found: Sensitivity) -> list[str]:
    """Assumptions whose effect over their range is not small beside the free parameters'."""
    lines = []
    strongest = found.screening.groupby("output")["mu_star"].max()
    for output, rows in found.assumptions.groupby("output", sort=False):
        if output not in strongest.index or strongest[output] <= 0:
            continue
        share = rows["mu_star"] / strongest[output]
        certain = rows["mu_star"] - rows["confidence"] > 0
        picked = rows.assign(share=share)[(share >= WEIGHS) & certain]
        if len(picked):
            parts = [
                f"{row['factor']} ({row['share']:.0%})"
                for row in picked.sort_values("share", ascending=False).to_dict("records")
            ]
            lines.append(
                f"Assumptions that weigh on '{found.titles[str(output)]}' (their effect as a share "
                f"of the strongest parameter's): {_listed(parts)}."
            )
    if not lines:
        lines.append("No assumption's effect reaches a quarter of the strongest parameter's.")
    return lines


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]
