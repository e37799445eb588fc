"""Hawkes processes: kernels, likelihood and simulation of events that cause events."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, signal, special

KERNELS = ("exponential", "two_stage")
"""`exponential` has one stage; `two_stage` (Erlang-2) is the reprisal rule of the model."""

STAGES = {"exponential": 1, "two_stage": 2}


def share_per_bin(kernel: str, delay_h: float, step_h: float, bins: int) -> NDArray[np.float64]:
    """Share of an event's answers that fall k bins later, f8[bins]; k = 0 is its own bin.

    Events are spread evenly over their bin, since a bin is all that is known of their time. The
    shares sum to at most 1; what is missing comes after the last bin.

    Args:
        delay_h: mean of each stage in hours; the mean delay is this times the stages.
        step_h: length of a bin in hours.

    Raises:
        KeyError: an unknown kernel.
    """
    STAGES[kernel]
    edges = np.arange(bins + 1, dtype=np.float64) * step_h
    y = edges / delay_h
    if kernel == "exponential":
        left = delay_h * (1.0 - np.exp(-y))
    else:
        left = 2.0 * delay_h - np.exp(-y) * (2.0 * delay_h + edges)
    # `left` is the integral of the survival function, and its second difference the double
    # integral of the density over two bins: without the large linear term nothing cancels.
    shares = np.empty(bins)
    shares[0] = 1.0 - left[1] / step_h
    shares[1:] = -(left[2:] - 2.0 * left[1:-1] + left[:-2]) / step_h
    return np.clip(shares, 0.0, 1.0)


def survival(kernel: str, delay_h: float, age_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of an event's answers that are still to come at each age in hours, f8 like `age_h`."""
    y = np.asarray(age_h, dtype=np.float64) / delay_h
    stages = 1.0 if STAGES[kernel] == 1 else 1.0 + y
    return np.asarray(np.exp(-y) * stages)


def draw_delays(
    kernel: str, delay_h: float, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Delays of `count` answers in hours, f8[count]."""
    return rng.gamma(STAGES[kernel], delay_h, count)


LOWEST_RATIO, HIGHEST_RATIO = 1e-4, 3.0
FULL = 0.98
"""Answers per event in its own bin beyond which a bin's count has no distribution."""

MOST_EVENTS = 4_000_000


@dataclass(frozen=True)
class HawkesFit:
    """A Hawkes process with constant base rate, as fitted or as assumed.

    Attributes:
        base_rate: events per hour that answer nothing.
        ratio: expected answers per event (branching ratio); above 1 the process feeds itself.
        delay_h: mean of each stage of the delay in hours; `two_stage` has two of them.
        kernel: `exponential` or `two_stage`.
        log_likelihood: of the counts it was fitted to; NaN where it was not fitted.
        standard_errors: of base_rate, ratio and delay_h; NaN where the counts do not bound one.
        converged: whether the maximum was found inside the range searched.
        message: what to know before quoting it.
        poisson_log_likelihood: of the same counts with no answers at all.
        bins, events: how many were fitted.
        step_h: length of a bin in hours.
    """

    base_rate: float
    ratio: float
    delay_h: float
    kernel: str = "two_stage"
    log_likelihood: float = float("nan")
    standard_errors: dict[str, float] = field(default_factory=dict)
    converged: bool = True
    message: str = ""
    poisson_log_likelihood: float = float("nan")
    bins: int = 0
    events: int = 0
    step_h: float = float("nan")


def log_likelihood(
    counts: NDArray[np.float64],
    step_h: float,
    kernel: str,
    base_rate: float,
    ratio: float,
    delay_h: float,
    shape: NDArray[np.float64] | None = None,
) -> float:
    """Log likelihood of counts per bin, f8[T].

    `shape`, f8[T] with mean 1, lets the base rate vary; left out: constant.

    Events of earlier bins and the base rate bring a Poisson number of events to a bin. Each of
    them has answers in the same bin, and these have answers, so the count is Borel-Tanner
    (generalised Poisson; Consul & Jain 1973). Bins much longer than the delay leave only this
    clumping to tell an answer from a coincidence.
    """
    shares = share_per_bin(kernel, delay_h, step_h, len(counts))
    own = ratio * shares[0]
    over = max(0.0, own - FULL)
    own = min(own, FULL)
    arriving = base_rate * step_h * (np.ones(len(counts)) if shape is None else shape)
    if len(counts) > 1:
        echo = signal.oaconvolve(counts, shares[1:])[: len(counts) - 1]
        arriving[1:] += ratio * np.maximum(echo, 0.0)
    reach = arriving + counts * own
    terms = np.log(arriving) + (counts - 1.0) * np.log(reach) - reach
    return float(np.sum(terms - special.gammaln(counts + 1.0))) - 1e4 * over


def fit_hawkes(
    counts: ArrayLike, step_h: float, kernel: str = "exponential", shape: ArrayLike | None = None
) -> HawkesFit:
    """Fit by maximum likelihood to events per bin.

    Args:
        counts: events in consecutive bins, [T], whole numbers of 0 or more; every bin is observed.
        step_h: length of a bin in hours (24 for daily data).
        kernel: `exponential` or `two_stage`; `delay_h` is the mean per stage.
        shape: how the base rate varies, [T] above 0 with mean 1; left out: it does not. A rate
            that does vary and is taken as constant makes the ratio too large.

    Raises:
        ValueError: counts that are no counts, fewer than three bins, an unknown kernel.
    """
    values = _checked(counts, step_h, kernel)
    form = np.ones(len(values)) if shape is None else np.asarray(shape, dtype=np.float64)
    if form.shape != values.shape or not (form > 0).all():
        raise ValueError("the shape of the base rate needs one number above 0 per bin")
    total, hours = values.sum(), len(values) * step_h
    if total < 3:
        return _too_few(values, step_h, kernel)
    bounds = _bounds(step_h, len(values), total / hours)

    def cost(x: NDArray[np.float64]) -> float:
        base, ratio, delay = np.exp(x)
        return -log_likelihood(values, step_h, kernel, base, ratio, delay, form)

    best = None
    for ratio in (0.15, 0.6):
        for delay in (0.3 * step_h, 2.0 * step_h, 10.0 * step_h):
            start = np.log([total / hours * (1 - ratio), ratio, min(delay, hours / 4)])
            found = optimize.minimize(cost, start, method="L-BFGS-B", bounds=bounds)
            if best is None or found.fun < best.fun:
                best = found
    assert best is not None
    base, ratio, delay = (float(v) for v in np.exp(best.x))
    at_edge = [
        name
        for name, x, (low, high) in zip(("base_rate", "ratio", "delay_h"), best.x, bounds,
                                        strict=True)
        if x - low < 1e-3 or high - x < 1e-3
    ]  # fmt: skip
    # L-BFGS-B stops without "success" when numerical gradients end its line search at the top.
    converged = not at_edge and bool(best.success or "ABNORMAL" in str(best.message))
    errors = _standard_errors(cost, best.x, bounds)
    mean = total / hours * step_h * form
    flat = float(np.sum(values * np.log(mean) - mean - special.gammaln(values + 1.0)))
    return HawkesFit(
        base, ratio, delay, kernel, -float(best.fun), errors, converged,
        _message(at_edge, errors, delay, step_h), flat, len(values), int(total), step_h,
    )  # fmt: skip


def simulate_hawkes(
    fit: HawkesFit, steps: int, step_h: float, size: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Counts per bin of `size` independent runs that begin empty, i8[size, steps].

    Raises:
        ValueError: a ratio so far above 1 that a run has more than `MOST_EVENTS` events.
    """
    hours = steps * step_h
    counts = np.zeros((size, steps), dtype=np.int64)
    first = rng.poisson(fit.base_rate * hours, size)
    run = np.repeat(np.arange(size), first)
    time = rng.random(len(run)) * hours
    seen = 0
    while len(run):
        seen += len(run)
        if seen > MOST_EVENTS:
            raise ValueError(f"ratio {fit.ratio:g} explodes within {hours:g} h")
        bins = np.minimum((time / step_h).astype(np.int64), steps - 1)
        np.add.at(counts, (run, bins), 1)
        answers = rng.poisson(fit.ratio, len(run))
        run, time = np.repeat(run, answers), np.repeat(time, answers)
        time = time + draw_delays(fit.kernel, fit.delay_h, len(time), rng)
        inside = time < hours
        run, time = run[inside], time[inside]
    return counts


def chance_of_event(fit: HawkesFit, counts: ArrayLike, horizon_h: float) -> float:
    """Probability of at least one event within ``horizon_h`` of the last bin's end.

    ``counts`` [T] are the bins before, of ``fit.step_h`` hours. There is none if nothing comes by
    itself and nothing answers an event of the past, so no simulation is needed: 1 - exp(-base rate
    x horizon - answers still due within it). A fit without a ratio (too few events) answers with
    its base rate alone.
    """
    seen = np.asarray(counts, dtype=np.float64)
    due = fit.base_rate * horizon_h
    if np.isfinite(fit.ratio):
        age = (np.arange(len(seen), dtype=np.float64)[::-1] + 0.5) * fit.step_h
        left = survival(fit.kernel, fit.delay_h, age)
        later = survival(fit.kernel, fit.delay_h, age + horizon_h)
        due += fit.ratio * float(np.dot(seen, left - later))
    return float(-np.expm1(-due))


def _checked(counts: ArrayLike, step_h: float, kernel: str) -> NDArray[np.float64]:
    values = np.asarray(counts, dtype=np.float64)
    if kernel not in STAGES:
        raise ValueError(f"kernel {kernel!r} is none of {', '.join(STAGES)}")
    if values.ndim != 1 or len(values) < 3:
        raise ValueError("give the counts of at least three bins in a row")
    if not (np.isfinite(values).all() and (values >= 0).all() and (values % 1 == 0).all()):
        raise ValueError("counts are whole numbers of 0 or more")
    if not 0 < step_h < np.inf:
        raise ValueError(f"a bin of {step_h} h")
    return values


def _bounds(step_h: float, bins: int, rate: float) -> list[tuple[float, float]]:
    """Of the logarithms of base rate, ratio and delay."""
    pairs = [
        (rate * 1e-4, rate * 2.0),
        (LOWEST_RATIO, HIGHEST_RATIO),
        (step_h * 0.01, step_h * bins / 2.0),
    ]
    return [(float(np.log(low)), float(np.log(high))) for low, high in pairs]


def _standard_errors(
    cost: object, x: NDArray[np.float64], bounds: list[tuple[float, float]]
) -> dict[str, float]:
    """From the curvature at the maximum, on the natural scale (delta method)."""
    assert callable(cost)
    names, step = ("base_rate", "ratio", "delay_h"), 1e-2
    lows = np.array([low for low, _ in bounds]) + 2 * step
    highs = np.array([high for _, high in bounds]) - 2 * step
    centre, eye = np.clip(x, lows, highs), np.eye(3) * step
    hessian = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            corners = (cost(centre + eye[i] + eye[j]), cost(centre + eye[i] - eye[j]),
                       cost(centre - eye[i] + eye[j]), cost(centre - eye[i] - eye[j]))  # fmt: skip
            value = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step * step)
            hessian[i, j] = value
    try:
        variances = np.diag(np.linalg.inv(hessian))
    except np.linalg.LinAlgError:
        variances = np.full(3, np.nan)
    good = bool(np.all(variances > 0)) and bool(np.all(np.linalg.eigvalsh(hessian) > 0))
    scale = np.exp(x)
    return {
        name: float(np.sqrt(variances[i]) * scale[i]) if good else float("nan")
        for i, name in enumerate(names)
    }


def _message(at_edge: list[str], errors: dict[str, float], delay: float, step_h: float) -> str:
    parts = [f"{name} stands at the edge of the range searched" for name in at_edge]
    error = errors["delay_h"]
    if "delay_h" in at_edge or not error < delay:
        parts.append(f"bins of {step_h:g} h cannot tell the delay")
    return "; ".join(parts)


def _too_few(values: NDArray[np.float64], step_h: float, kernel: str) -> HawkesFit:
    nan = float("nan")
    errors = dict.fromkeys(("base_rate", "ratio", "delay_h"), nan)
    total = int(values.sum())
    return HawkesFit(
        total / (len(values) * step_h), nan, nan, kernel, nan, errors, False,
        f"{total} events are too few to fit anything", nan, len(values), total, step_h,
    )  # fmt: skip
