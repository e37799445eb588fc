"""The registry of parameters: one row each, the only place where a default stands.

The rows of mechanisms that a scenario switches on are in `sim.scenario.mechanisms`.
"""

from __future__ import annotations

from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameter import Parameter
from sim.scenario.priors import fixed, gamma, log_uniform, scaled_beta, uniform

PER_LEADER = "restraint_threshold"
STRUCTURAL = "cells_per_group"

ROWS: tuple[Parameter, ...] = (
    Parameter(
        "clash_rate", "β", "clashes/h at full contact", "free", log_uniform(0.1, 10), 0.0, 100.0,
        "Clashes per hour between two wholly deployed, wholly hostile factions while salience "
        "lasts.",
        "assumption: wide enough for one clash in ten hours to one in six minutes",
    ),
    Parameter(
        "deaths_per_clash", "μ", "deaths/clash", "free", log_uniform(0.05, 3), 0.0, 50.0,
        "Mean deaths in one clash, both sides together.",
        "assumption: from one death in twenty clashes to three in each",
    ),
    Parameter(
        "reprisal_ratio", "η", "clashes/clash", "free", scaled_beta(1.2, 2, 3), 0.0, 3.0,
        "Expected follow-on clashes per clash at full contact and hostility 1; above 1 the "
        "violence feeds itself.",
        "39 % of Gaza episodes answered (Abrahams et al.); 37 to 50 % of Iraqi events self-excited "
        "(Lewis et al. 2012)",
    ),
    Parameter(
        "reprisal_delay", "τ", "h", "free", log_uniform(1, 48), 0.05, 1000.0,
        "Mean time in each of the two stages of a reprisal; the mean delay is twice this.",
        "assumption: revenge the same night to four days later",
    ),
    Parameter(
        "spillover", "σ", "share", "free", uniform(0, 0.5), 0.0, 1.0,
        "Share of a clash's reprisals that fall in linked places instead of where it happened.",
        "assumption: at most half",
    ),
    Parameter(
        "compliance", "c", "probability", "free", uniform(0.3, 1), 0.0, 1.0,
        "Probability that a cell inside an order's scope obeys it.",
        "assumption: no order is obeyed by fewer than three in ten",
    ),
    Parameter(
        "stand_down_time", "δ", "h", "free", log_uniform(0.25, 24), 0.01, 1000.0,
        "Mean lag between an order and an obeying cell leaving.",
        "assumption: a quarter of an hour to a day",
    ),
    Parameter(
        "order_reach", "ρ", "share", "free", uniform(0, 1), 0.0, 1.0,
        "Compliance outside an order's scope, as a share of compliance inside it.",
        "assumption: nothing known, from none to all",
    ),
    Parameter(
        "deterrence", "κ", "-", "free", uniform(0, 4), 0.0, 50.0,
        "How strongly present security forces under full authority suppress clashes and hold a "
        "crowd: factor exp(-deterrence).",
        "assumption: from no effect to fewer than one in fifty clashes left",
    ),
    Parameter(
        "rocket_rate", "λ", "barrages/day per salience", "free", gamma(0.5, 0.5), 0.0, 100.0,
        "Rate at which salience draws rocket barrages.",
        "assumption: small, with a tail",
    ),
    Parameter(
        PER_LEADER, "θ", "own dead in memory", "free", log_uniform(1, 100), 0.01, 1e6,
        "Own dead at which the leader's hazard of ordering restraint reaches half of its ceiling.",
        "assumption: one to a hundred", per_leader=True,
    ),
    Parameter(
        "mobilisation_time", "m", "h", "assumption", fixed(3), 0.01, 1000.0,
        "Mean time until an idle cell deploys while its leader's stance is open.",
        "assumption", (1, 9),
    ),
    Parameter(
        "decision_time", "d", "h", "assumption", fixed(6), 0.01, 1000.0,
        "Mean time to an order of restraint once losses are far above the threshold.",
        "assumption", (2, 18),
    ),
    Parameter(
        "salience_memory", "-", "h", "assumption", fixed(24), 0.1, 10000.0,
        "Decay time of political salience.", "assumption", (12, 48),
    ),
    Parameter(
        "salience_floor", "-", "salience", "assumption", fixed(0.1), 1e-6, 10.0,
        "Salience below which mobilisation and first clashes stop.", "assumption", (0.05, 0.2),
    ),
    Parameter(
        "cost_memory", "-", "h", "assumption", fixed(24), 0.1, 10000.0,
        "Decay time of a leader's memory of own dead.", "assumption", (12, 48),
    ),
    Parameter(
        "fatigue_time", "-", "h", "assumption", fixed(48), 0.1, 10000.0,
        "Mean time after which a mobilised cell goes home unordered.", "assumption", (24, 96),
    ),
    Parameter(
        "security_arrival", "-", "h", "assumption", fixed(2), 0.01, 1000.0,
        "Mean time for security forces to arrive after a clash.", "assumption", (1, 6),
    ),
    Parameter(
        "security_alert", "-", "h", "assumption", fixed(6), 0.01, 1000.0,
        "Time without a clash after which security forces begin to leave.", "assumption", (3, 12),
    ),
    Parameter(
        "security_fade", "-", "h", "assumption", fixed(24), 0.1, 10000.0,
        "Decay time of security presence once calm.", "assumption", (12, 48),
    ),
    Parameter(
        "death_dispersion", "k", "-", "assumption", fixed(0.7), 0.01, 100.0,
        "Shape of the negative binomial of deaths per clash; small means few clashes kill many.",
        "assumption", (0.3, 2.0),
    ),
    Parameter(
        "wounded_per_death", "w", "wounded/death", "assumption", fixed(3), 0.0, 200.0,
        "Mean wounded per death; scenarios set it from a reported ratio.", "assumption", (1, 17),
    ),
    Parameter(
        "clash_ceiling", "-", "clashes/h", "assumption", fixed(60), 0.1, 1000.0,
        "Most clashes per hour that two factions can have at one place.", "assumption", (30, 120),
    ),
    Parameter(
        "crowd_gathering_time", "-", "h", "assumption", fixed(2), 0.01, 1000.0,
        "Time constant with which a crowd grows towards its turnout.", "assumption", (1, 6),
    ),
    Parameter(
        "crowd_dispersal_time", "-", "h", "assumption", fixed(2), 0.01, 1000.0,
        "Time constant with which a crowd leaves.", "assumption", (1, 6),
    ),
    Parameter(
        "crowd_exposure", "-", "share", "assumption", fixed(0.3), 0.0, 1.0,
        "Share of a side's dead that falls on its full crowd instead of its cells.",
        "assumption", (0.1, 0.6),
    ),
    Parameter(
        "push_rate", "-", "pushes/h", "assumption", fixed(0.25), 0.0, 100.0,
        "Pushes on a guarded site per hour by a full crowd at high salience.",
        "assumption", (0.1, 0.5),
    ),
    Parameter(
        "push_salience", "-", "salience", "assumption", fixed(0.5), 0.0, 100.0,
        "Salience above which a crowd pushes.", "assumption", (0.25, 0.75),
    ),
    Parameter(
        "breach_salience", "-", "salience", "assumption", fixed(0.5), 0.0, 100.0,
        "Salience added by a breached site.", "assumption", (0.0, 1.0),
    ),
    Parameter(
        "rocket_base_rate", "-", "barrages/day", "assumption", fixed(0.02), 0.0, 100.0,
        "Barrages per day without salience.", "assumption", (0.005, 0.08),
    ),
    Parameter(
        "rockets_extra", "-", "rockets/barrage", "assumption", fixed(2.5), 0.0, 100.0,
        "Mean rockets in a barrage beyond the first.", "assumption", (1, 5),
    ),
    Parameter(
        "rocket_lethality", "-", "deaths/rocket", "assumption", fixed(0.004), 0.0, 10.0,
        "Mean deaths per rocket.", "assumption", (0.001, 0.02),
    ),
    Parameter(
        STRUCTURAL, "-", "cells", "assumption", fixed(40), 1.0, 400.0,
        "Cells into which each faction's fighters at one place are divided.",
        "assumption", (20, 80),
    ),
    *MECHANISMS,
)  # fmt: skip

REGISTRY: dict[str, Parameter] = {row.name: row for row in ROWS}

# The model's parameter vector holds the shared rows in this order, then one threshold per leader.
SHARED: tuple[str, ...] = tuple(row.name for row in ROWS if not row.per_leader)
INDEX: dict[str, int] = {name: position for position, name in enumerate(SHARED)}


def vector_names(leaders: list[str]) -> list[str]:
    """Names of the parameter vector's entries for a scenario with these leaders, in order."""
    return [*SHARED, *(f"{PER_LEADER}.{leader}" for leader in leaders)]


def row_of(name: str) -> Parameter:
    """The registry row of a parameter name, ``restraint_threshold.LEADER`` included.

    Raises KeyError for an unknown name.
    """
    head, _, leader = name.partition(".")
    row = REGISTRY[head]
    if bool(leader) != row.per_leader:
        raise KeyError(name)
    return row


def is_off(name: str, value: float) -> bool:
    """Whether a parameter's value leaves its mechanism out of the model."""
    return row_of(name).off == value
