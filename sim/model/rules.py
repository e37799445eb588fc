"""The rule book: each equation once, as scalar functions of numbers.

Rules return probabilities, rates, shares and expectations; the caller draws. They are plain Python
for the Mesa agents and compilable for the kernel, and use only what gives the same bits in both:
``math.exp``, ``math.log``, products and sums.
"""

from __future__ import annotations

import math

from sim.model.compiled import rule

HOURS_PER_DAY = 24.0
HOURS_PER_WEEK = 168.0


@rule
def decay(step_h: float, memory_h: float) -> float:
    """Share left after ``step_h`` hours of something that decays with ``memory_h``."""
    return math.exp(-step_h / memory_h)


@rule
def fires(u: float, rate: float, step_h: float) -> bool:
    """Whether a hazard of ``rate`` per hour fires within a step, given a uniform number."""
    x = rate * step_h
    if u >= x:  # 1 - exp(-x) <= x: cannot fire, so no exponential is needed
        return False
    return u < 1.0 - math.exp(-x)


@rule
def guard_factor(deterrence: float, authority: float, presence: float) -> float:
    """Factor by which interposed security forces reduce clashes."""
    return math.exp(-deterrence * authority * presence)


@rule
def contact(
    active_first: float, present_first: float, active_second: float, present_second: float
) -> float:
    """Contact of two sides, 0 to 1: either may begin, who is restrained may only be attacked.

    The arguments are shares of each side's cells at the place.
    """
    return 0.5 * (active_first * present_second + present_first * active_second)


@rule
def opening(clash_rate: float, step_h: float) -> float:
    """Clashes in a step at full contact and hostility, while salience lasts, without reprisals."""
    return clash_rate * step_h


@rule
def revenge(due: float, active: float, present_other: float) -> float:
    """Reprisals that fall due and can be taken: by own cells under no order, on others present."""
    return due * (active * present_other)


@rule
def expected_clashes(
    hostility: float,
    guard: float,
    opening: float,
    revenge_first: float,
    revenge_second: float,
    ceiling: float,
) -> float:
    """Expected clashes of two factions at one place in a step.

    ``opening``: contact times opening clashes in a step while salience lasts, else 0;
    ``revenge_*``: each side's reprisals that can be taken; ``ceiling``: most that fit in a step.
    """
    return min(ceiling, hostility * guard * (opening + revenge_first + revenge_second))


@rule
def past_first_stage(half_left: float) -> float:
    """Share of a clash's reprisals in the second stage already when the clash's own step ends.

    A clash is on average half a step old then; ``half_left`` is the survival of half a step.
    """
    return 1.0 - half_left


@rule
def reprisals_due(young: float, ripe: float, x: float, survival: float) -> float:
    """Reprisals of a two-stage stock that fall due in a step, by exact integration.

    ``young`` and ``ripe`` are the stages, ``x`` is step / delay, ``survival`` exp(-x). What flows
    out is what was there less what is left, so no reprisal is lost or gained by the step's length.
    """
    return young + ripe - survival * (young + ripe + young * x)


@rule
def young_after(young: float, survival: float) -> float:
    """The first stage of a reprisal stock after any time of which ``survival`` is left."""
    return young * survival


@rule
def ripe_after(young: float, ripe: float, x: float, survival: float) -> float:
    """The second stage of a reprisal stock after ``x`` mean delays; ``survival`` is exp(-x)."""
    return (ripe + young * x) * survival


@rule
def relieved(salience: float, relief: float) -> float:
    """What an order leaves of the salience in its scope: the cause of the fight goes with it."""
    return salience * (1.0 - relief)


@rule
def incident_pace(rate_per_week: float, hostility: float, busiest: float) -> float:
    """Local incidents per hour of a front at full contact, unguarded, at the day's busiest hour."""
    return rate_per_week / HOURS_PER_WEEK * hostility * busiest


@rule
def incident_lift(alarm: float, salience: float, grievance: float, clashes: float) -> float:
    """By how much the rate of incidents is raised, by salience and by clashes remembered."""
    return (1.0 + alarm * salience) * (1.0 + grievance * clashes) - 1.0


@rule
def willing(reciprocity: float, held_other: float) -> float:
    """What is left of a side's initiative while the other is seen to hold back."""
    return 1.0 - reciprocity * held_other


@rule
def fray_step(share: float, provocation: float, own_dead: float) -> float:
    """How far an order frays in a step; ``share`` is the step over its memory."""
    return share * (1.0 + provocation * own_dead)


@rule
def salvo_due(late: float, stock: float, survival: float) -> float:
    """Clashes of a salvo that fall due in a step; ``late`` fell due in their own clash's step."""
    return late + stock * (1.0 - survival)


@rule
def rhythm(strength: float, level: float) -> float:
    """Factor of an hour of the day; ``level`` is that of the curve, whose mean is 1."""
    return 1.0 + strength * (level - 1.0)


@rule
def shifted(probability: float, shift: float) -> float:
    """A probability whose log-odds are shifted."""
    if shift == 0.0:
        return probability
    odds = math.exp(shift)
    return probability * odds / (1.0 - probability + probability * odds)


@rule
def loser_share(strength_own: float, strength_other: float) -> float:
    """Probability that a death falls on a side: the weaker side loses more."""
    total = strength_own + strength_other
    if total <= 0.0:
        return 0.5
    return strength_other / total


@rule
def restraint_hazard(own_dead: float, threshold: float, decision_time: float) -> float:
    """Hazard per hour that a leader orders restraint, given the own dead remembered."""
    return own_dead / (own_dead + threshold) / decision_time


@rule
def obedience_bar(compliance: float, order_reach: float, in_scope: bool) -> float:
    """A cell obeys if its obedience, uniform on 0 to 1, lies below this."""
    if in_scope:
        return compliance
    return compliance * order_reach


@rule
def hold_probability(deterrence: float, authority: float, presence: float) -> float:
    """Probability that security forces hold a site against a pushing crowd."""
    return 1.0 - guard_factor(deterrence, authority, presence)


@rule
def barrage_rate(base_per_day: float, rate_per_day: float, salience: float) -> float:
    """Rocket barrages per hour."""
    return (base_per_day + rate_per_day * salience) / HOURS_PER_DAY


@rule
def wounded_ratio(wounded_per_death: float, deaths_per_clash: float, shape: float) -> float:
    """Mean wounded per unit of (deaths + shape) of a clash.

    Deaths and wounded of one clash share its severity, a Gamma variable: given the deaths, the
    wounded are negative binomial with shape (shape + deaths) and this mean per unit of shape.
    """
    return wounded_per_death * deaths_per_clash / (deaths_per_clash + shape)


@rule
def death_ratio(deaths_per_clash: float, shape: float) -> float:
    """Mean deaths of a clash over mean and shape: the ratio of its negative binomial."""
    return deaths_per_clash / (deaths_per_clash + shape)


@rule
def no_death(deaths_per_clash: float, shape: float) -> float:
    """Probability that nobody dies in a clash."""
    return math.exp(shape * math.log(shape / (shape + deaths_per_clash)))


@rule
def no_wound(ratio: float) -> float:
    """Probability, per unit of shape, that nobody is wounded; ``ratio`` as `wounded_ratio`."""
    return 1.0 / (1.0 + ratio)


@rule
def nobody_wounded(shape: float, none: float) -> float:
    """Probability that nobody is wounded in a clash in which nobody died."""
    return math.exp(shape * math.log(none))


@rule
def begins_share(eager_first: float, eager_second: float) -> float:
    """Probability that the first of two sides begins an incident: strength times initiative."""
    total = eager_first + eager_second
    if total <= 0.0:
        return 0.5
    return eager_first / total


@rule
def clock_step(step_h: float, mobilisation_time: float) -> float:
    """How far a group's mobilisation clock runs in a step while salience lasts."""
    return step_h / mobilisation_time


@rule
def approach(value: float, target: float, survival: float) -> float:
    """A quantity that relaxes to its target, after a step of which ``survival`` is left."""
    return target + (value - target) * survival


@rule
def spill_share(spillover: float, has_links: bool) -> float:
    """Share of a clash's reprisals that fall elsewhere; all stay where nothing is linked."""
    if has_links:
        return spillover
    return 0.0


@rule
def published(value: float, rule: int) -> float:
    """The figure that an outlet prints for a true value; NaN where it prints none.

    Rules: 0 exact, 1 at least (the true value as a lower bound), 2 "some" (to the nearest ten),
    3 order of magnitude (the power of ten below), 4 nothing.
    """
    if rule in (0, 1):
        return value
    if rule == 2:
        return 10.0 * math.floor(value / 10.0 + 0.5)
    if rule == 3:
        power = 1.0
        if value < 1.0:
            return 0.0
        while power * 10.0 <= value:
            power *= 10.0
        return power
    return math.nan


@rule
def standing_severity(severity: float, here: float, all_of_them: float) -> float:
    """Severity of people who stand at a place, by the share that is there of those who could be.

    A few of many who linger weigh little, and nobody weighs nothing: so the ladder comes down as
    people go home.
    """
    if all_of_them <= 0.0:
        return 0.0
    return severity * min(1.0, here / all_of_them)
