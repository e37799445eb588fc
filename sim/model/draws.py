"""Random numbers: each is a pure function of (seed, replicate, mechanism, entity, index).

Philox4x32-10 (Salmon et al. 2011) with key = seed and counter = (index, entity, mechanism,
replicate). So a result does not depend on the engine, on the number of threads or on the order of
agents, and two variants share every draw that their difference does not touch. Counts come from
one uniform by inversion, so that a higher rate never gives a lower count.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.compiled import compiled, rule

# Mechanisms: the third word of the counter. Never renumber: it would change every result.
PRIOR = 1
TRIGGER_TIME = 2
DECISION_TIME = 3
DEPLOYMENT_TIME = 4
CROWD_START = 5
TURNOUT = 6
OUTLET_LAG = 7
OBEDIENCE = 8
STAND_DOWN = 9
FATIGUE = 10
MOBILISATION = 11
RESTRAINT = 12
CLASH = 13
DEATHS = 14
DEATH_SIDE = 15
ENGAGED_FIRST = 16
ENGAGED_SECOND = 17
LOSER = 18
WOUNDED = 19
CROWD_DEATHS_FIRST = 20
CROWD_DEATHS_SECOND = 21
PUSH = 22
HOLD = 23
BARRAGE = 24
ROCKETS = 25
ROCKET_DEATHS = 26
CAUSE_KIND = 27
CAUSE = 28
WOUNDED_SIDE = 29
POSTERIOR = 30
INCIDENT = 31
INCIDENT_TAKEN = 32
INCIDENT_BEGINNER = 33
HOME = 34
FRAY = 35

# the counter that goes up along a row of numbers
ALONG_ENTITY, ALONG_INDEX = 0, 1

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_S32 = np.uint64(32)
_S5 = np.uint64(5)
_S6 = np.uint64(6)
_S26 = np.uint64(67108864)
_UNIT = 1.0 / 9007199254740992.0


@rule
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Ten rounds of Philox4x32 on uint64-held 32-bit words; returns the four output words."""
    p0 = _M0 * c0
    p1 = _M1 * c2
    c0, c1, c2, c3 = (p1 >> _S32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _S32) ^ c3 ^ k1, p0 & _LOW
    for _ in range(9):  # the key is bumped between rounds, not after the last
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _S32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _S32) ^ c3 ^ k1, p0 & _LOW
    return c0, c1, c2, c3


@rule
def number(seed: int, replicate: int, mechanism: int, entity: int, index: int) -> float:
    """A uniform number in [0, 1) with 53 bits from its counters."""
    key = np.uint64(seed)
    a, b, _, _ = philox(
        np.uint64(index) & _LOW,
        np.uint64(entity) & _LOW,
        np.uint64(mechanism) & _LOW,
        np.uint64(replicate) & _LOW,
        key & _LOW,
        key >> _S32,
    )
    return float((a >> _S5) * _S26 + (b >> _S6)) * _UNIT


@compiled
def uniform(seed, replicate, mechanism, entity, index):  # type: ignore[no-untyped-def]
    """A uniform number in [0, 1) with 53 bits; all five arguments are integers, 0 or above."""
    return number(seed, replicate, mechanism, entity, index)


@compiled
def uniforms(out, seed, replicate, mechanism, entity, index, along):  # type: ignore[no-untyped-def]
    """The numbers of a row of counters into ``out`` f8[n], several at once where the machine can.

    Along the row the entity goes up by one, or the index: ``ALONG_ENTITY``, ``ALONG_INDEX``.
    """
    for i in range(out.shape[0]):
        out[i] = number(seed, replicate, mechanism, entity + i * (1 - along), index + i * along)


@rule
def exponential_quantile(u: float, mean: float) -> float:
    """Quantile of the exponential distribution with this mean, at u in [0, 1)."""
    return -mean * math.log(1.0 - u)


@rule
def power(base: float, times: int) -> float:
    """``base`` above 0 to a whole power: by products where that is cheaper."""
    if times > 64:
        return math.exp(times * math.log(base))
    value = 1.0
    for _ in range(times):
        value *= base
    return value


@rule
def poisson_quantile(u: float, mean: float) -> int:
    """Smallest n whose cumulative Poisson probability exceeds u; mean below 500."""
    if u < 1.0 - mean:  # exp(-x) >= 1 - x: nothing happens, without an exponential
        return 0
    p = math.exp(-mean)
    total = p
    n = 0
    while u >= total and n < 4000:
        n += 1
        p *= mean / n
        total += p
        if p < 1e-18 and n > mean:
            break
    return n


@rule
def negative_binomial_quantile(u: float, p_zero: float, shape: float, ratio: float) -> int:
    """Smallest n whose cumulative negative-binomial probability exceeds u.

    ``p_zero`` is the probability of zero, ``ratio`` is mean / (mean + shape).
    """
    p = p_zero
    total = p
    n = 0.0  # a float, so that no step has to turn a whole number into one
    while u >= total and n < 4000.0:
        p *= ratio * (n + shape) / (n + 1.0)
        n += 1.0
        total += p
        if p < 1e-18 and n > shape * ratio / (1.0 - ratio):
            break
    return int(n)


@rule
def binomial_quantile(u: float, trials: int, share: float) -> int:
    """Smallest n whose cumulative binomial probability exceeds u."""
    if share <= 0.0 or trials == 0:
        return 0
    if share >= 1.0:
        return trials
    if share > 0.5:
        # search from the likely end; counts stay monotone in u
        return trials - _binomial_search(1.0 - u, trials, 1.0 - share, False)
    return _binomial_search(u, trials, share, True)


@rule
def _binomial_search(u: float, trials: int, share: float, strictly: bool) -> int:
    odds = share / (1.0 - share)
    p = power(1.0 - share, trials)
    total = p
    n = 0
    while n < trials and (u >= total if strictly else u > total):
        p *= odds * (trials - n) / (n + 1)
        n += 1
        total += p
    return n
