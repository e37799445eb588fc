"""Writing a prior file: each prior with its source, and in comments what the table cannot tell."""

from __future__ import annotations

import json

from sim.intake.priors.estimates import Candidate, Estimates
from sim.intake.priors.profile import Profile
from sim.scenario.parameters import PER_LEADER, REGISTRY
from sim.scenario.priors import Prior

SCALE = 1.2
"""Upper end of the ratio's prior, as in the registry."""


def prior_text(estimates: Estimates, title: str, leaders: dict[str, str]) -> str | None:
    """The prior file, or None where nothing at all can be told.

    Args:
        title: what it was estimated from.
        leaders: party to the id of its leader in the scenario.
    """
    lines = [f"# {line}" for line in report_lines(estimates, leaders)]
    lines += ["", f"title: {json.dumps(title, ensure_ascii=False)}", "parameters:"]
    settings = prior_settings(estimates, leaders)
    if not settings:
        return None
    for name, (family, arguments, source) in settings.items():
        numbers = ", ".join(f"{value:.4g}" for value in arguments)
        lines += [f"  {name}:", f"    {family}: [{numbers}]",
                  f"    source: {json.dumps(source, ensure_ascii=False)}"]  # fmt: skip
    return "\n".join(lines) + "\n"


def prior_settings(
    estimates: Estimates, leaders: dict[str, str]
) -> dict[str, tuple[str, tuple[float, ...], str]]:
    """Parameter to family, arguments and source; only what the table bounds."""
    settings: dict[str, tuple[str, tuple[float, ...], str]] = {}
    if estimates.candidates:
        ratio = ratio_prior(estimates)
        if ratio is not None:
            low, high, _, _ = estimates.hull("ratio")
            source = (
                f"Hawkes fits to {estimates.events} events on {estimates.days} days; 95 % profile "
                f"intervals of all kernels and backgrounds together: {low:.2f} to {high:.2f}"
            )
            settings["reprisal_ratio"] = ("scaled_beta", ratio.arguments, source)
        delays = [c for c in estimates.candidates if c.fit.kernel == "two_stage"]
        if all(c.delay.tells for c in delays):
            ends = min(c.delay.low for c in delays), max(c.delay.high for c in delays)
            source = f"two-stage Hawkes fits to {estimates.events} events, profile likelihood"
            settings["reprisal_delay"] = ("log_uniform", ends, source)
    for one in estimates.restraints:
        if one.tells and one.high > one.low:
            name = f"{PER_LEADER}.{leaders.get(one.actor, one.actor)}"
            days = ", ".join(day.isoformat() for day in one.orders)
            source = (
                f"own dead before the recorded order of {days}; {one.share_divided:.0%} of the "
                "dead are divided by side, so own dead are a floor"
            )
            settings[name] = ("log_uniform", (one.low, one.high), source)
    return settings


def ratio_prior(estimates: Estimates) -> Prior | None:
    """A Beta on 0 to `SCALE` with the mean of the fits and the spread of all their intervals."""
    low, high, _, open_high = estimates.hull("ratio")
    if open_high or high >= SCALE:
        return None
    mean = sum(c.fit.ratio for c in estimates.candidates) / len(estimates.candidates) / SCALE
    deviation = (high - low) / (2 * 1.96) / SCALE
    total = mean * (1 - mean) / (deviation * deviation) - 1
    if total <= 0 or min(mean * total, (1 - mean) * total) < 0.5:
        return None
    return Prior("scaled_beta", (SCALE, mean * total, (1 - mean) * total))


def report_lines(estimates: Estimates, leaders: dict[str, str]) -> list[str]:
    """What the timeline says and what it cannot, one thing per line."""
    lines = [
        f"{estimates.events} events on {estimates.days} days, day grain; "
        f"{estimates.spanning:.0%} of them lie on several days, {estimates.left_out} may count "
        "what others count and are left out.",
    ]
    if estimates.candidates:
        lines.append("ratio = answers per event; delay = mean per stage in hours; 95 % intervals")
        lines += [_candidate_line(candidate) for candidate in estimates.candidates]
        lines += _verdicts(estimates)
    for one in estimates.restraints:
        days = ", ".join(day.isoformat() for day in one.orders)
        dead = ", ".join(f"{value:.0f}" for value in one.own_dead)
        verdict = (
            f"threshold {one.low:.3g} to {one.high:.3g}" if one.tells
            else "the threshold cannot be told"
        )  # fmt: skip
        lines.append(
            f"restraint of {one.actor}: ordered {days}, own dead remembered {dead} "
            f"({one.share_divided:.0%} of the dead divided by side); {verdict}."
        )
    return lines + [f"{text}." for text in estimates.silent]


def _candidate_line(c: Candidate) -> str:
    gain = c.fit.log_likelihood - c.fit.poisson_log_likelihood
    return (
        f"{c.fit.kernel}, background {c.background}: ratio {c.fit.ratio:.2f} ({_ends(c.ratio)}), "
        f"delay {c.fit.delay_h:.3g} ({_ends(c.delay)}), log likelihood {gain:+.1f} over none"
    )


def _ends(one: Profile) -> str:
    low = f"below {one.low:.3g}" if one.open_low else f"{one.low:.3g}"
    high = f"above {one.high:.3g}" if one.open_high else f"{one.high:.3g}"
    return f"{low} to {high}"


def _verdicts(estimates: Estimates) -> list[str]:
    lines = []
    assumed = REGISTRY["reprisal_ratio"].prior
    found = ratio_prior(estimates)
    ends = [float(x) for x in assumed.quantile([0.025, 0.975])]
    text = f"reprisal_ratio: assumed {assumed}, 95 % from {ends[0]:.2f} to {ends[1]:.2f}; "
    if found is None:
        lines.append(text + "this table cannot tell it, the assumed prior stays")
    else:
        share = found.variance() / assumed.variance()
        what = "no narrower than assumed" if share > 0.8 else f"{share:.0%} of the assumed variance"
        own = [float(x) for x in found.quantile([0.025, 0.975])]
        lines.append(text + f"from this table {own[0]:.2f} to {own[1]:.2f}, {what}")
    assumed = REGISTRY["reprisal_delay"].prior
    delays = [c.delay for c in estimates.candidates if c.fit.kernel == "two_stage"]
    text = f"reprisal_delay: assumed {assumed} h per stage; "
    if all(one.tells for one in delays):
        low, high = min(one.low for one in delays), max(one.high for one in delays)
        lines.append(text + f"from this table {low:.3g} to {high:.3g} h")
    else:
        lines.append(text + "this grain cannot tell, the assumed prior stays")
    lines.append(
        "A rate that drifts for other reasons looks like answers: compare the backgrounds before "
        "quoting a ratio."
    )
    return lines
