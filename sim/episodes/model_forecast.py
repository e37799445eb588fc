"""The model's forecast: what followed in simulated worlds whose days before were like these."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.forecast import DRAWS, Forecast, from_donors, horizon
from sim.episodes.forecasters import Known
from sim.episodes.forest import leaf_weights
from sim.episodes.likeness import future_likeness, kernel, nearest_worlds, summaries
from sim.episodes.neighbours import ADDED, SCALED_BY
from sim.episodes.order_free import OrderFree
from sim.episodes.population import Population, Resemblance, covariates_of
from sim.episodes.population_fit import learn
from sim.episodes.simulated import (
    WITH_ORDER,
    WITHOUT,
    Windows,
    reported_windows,
    simulated_windows,
)
from sim.episodes.task import Task
from sim.episodes.world_bank import WorldBank

NAME = "model"
PRIOR_NAME = "model, assumed priors"
AROUND_NAME = "forest around the model"

NEAREST = 800
"""Simulated episodes that are weighed for each reported one."""

LEARN_NEAREST = 400
"""The same where a population is learned, for which every one is weighed hundreds of times."""

WIDTH = 40
"""Number of the neighbour whose distance is one sd of the kernel."""

SCALE = 0.25
"""Power of (dead before here / dead there) by which a simulated path is multiplied: a quarter of
what a neighbour lacks in dead is taken for scale, the rest for chance. Half and three quarters
were tried and are up to 2 % worse; docs/episodes.md says so."""


CIVIL, FEW, CLUMPED = 0.1, 5.0, 1.5
"""Share of civilians without knowledge, dead that it weighs, and how even shares are (a and b of a
Beta distribution add up to it). Assumptions."""


@dataclass
class ModelForecaster:
    """Forecasts from a bank; remembers what it has already compared.

    Attributes:
        bank: simulated worlds.
        orders: the library's table of orders, for the kinds of orders.
        order_free: windows without an order that a population is learned from, too.
    """

    bank: WorldBank
    orders: pd.DataFrame | None = None
    order_free: OrderFree | None = None
    _windows: dict[tuple[str, int], Windows] = field(default_factory=dict)
    _found: dict[bytes, tuple[NDArray[np.int32], NDArray[np.float32]]] = field(default_factory=dict)

    def simulated(self, kind: str, twin: int = WITH_ORDER) -> Windows:
        """The bank's episodes of a kind, cut once."""
        if (kind, twin) not in self._windows:
            self._windows[kind, twin] = simulated_windows(self.bank, kind, twin)
        return self._windows[kind, twin]

    def __call__(
        self, test: Known, train: Known, task: Task, rng: np.random.Generator
    ) -> list[Forecast]:
        """A family of forecasts: with the population of the training conflicts, and without.

        And a forest on what reported outcomes make of the model without it, which has seen none.
        """
        population = self.population(train.panel, task)
        own, assumed = (self.forecast(test.panel, task, one, rng) for one in (population, None))
        theirs = self.forecast(train.panel, task, None, rng)
        return [own, assumed, around(test, train, task, assumed, theirs, rng)]

    def population(self, panel: DayPanel, task: Task) -> Population:
        """Learned from whole windows of episodes whose outcomes are known."""
        found, kinds = self.resemblance(panel, task)
        return learn(found, self.bank.names, kinds)

    def resemblance(self, panel: DayPanel, task: Task) -> tuple[Resemblance, tuple[str, ...]]:
        """How well simulated episodes stand for each reported one, days after included.

        Of orders the order-free days of the same conflicts as well, beside twins without an order.
        """
        told, simulated = reported_windows(panel), self.simulated(task.kind)
        conflicts = panel.table["conflict"].to_numpy(object)
        kinds: tuple[str, ...] = ()
        covariates = np.zeros((len(panel), 0))
        parts = [self._whole(told, simulated)]
        if task.kind == "order":
            kinds, covariates = covariates_of(panel.table, self.orders)
            if self.order_free is not None:
                rows = self.order_free.of(panel.table["conflict"])
                twins = self.simulated(task.kind, WITHOUT)
                parts.append(self._whole(self.order_free.windows.chosen(rows), twins))
                conflicts = np.concatenate([conflicts, self.order_free.conflicts[rows]])
                covariates = np.concatenate([covariates, np.zeros((len(rows), len(kinds)))])
        index, likeness = (np.concatenate(one) for one in zip(*parts, strict=True))
        z = self.bank.z[simulated.world]
        return Resemblance(z, index, likeness, covariates, conflicts), kinds

    def _whole(
        self, told: Windows, simulated: Windows
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Neighbours by the days before, and how like they are with the days after."""
        index, square = self.near(told, simulated)
        index, square = index[:, :LEARN_NEAREST], square[:, :LEARN_NEAREST]
        scale = scale_between(told, simulated, index)
        return index, kernel(square, WIDTH) * future_likeness(told, simulated, index, scale)

    def near(
        self, told: Windows, simulated: Windows
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Neighbours by the days up to the given one, remembered by what was compared."""
        rows = summaries(told, future=False)
        keys = [
            told.kind.encode() + bytes([int(by) + 1]) + row.tobytes()
            for by, row in zip(told.ordered, rows, strict=True)
        ]
        new = np.array([key not in self._found for key in keys], bool)
        if new.any():
            index, square = nearest_worlds(told.chosen(new), simulated, NEAREST, future=False)
            for key, i, s in zip(np.array(keys, object)[new], index, square, strict=True):
                self._found[key] = (i.astype(np.int32), s)
        found = [self._found[key] for key in keys]
        return np.stack([i for i, _ in found]).astype(np.int64), np.stack([s for _, s in found])

    def weights(
        self, panel: DayPanel, task: Task, population: Population | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Neighbours i8[N, n] and how much each counts, f8[N, n]."""
        told, simulated = reported_windows(panel), self.simulated(task.kind)
        index, square = self.near(told, simulated)
        weight = kernel(square, WIDTH)
        if population is not None:
            z = self.bank.z[simulated.world]
            log = population.log_weights(z)[index]
            if population.kinds:
                _, covariates = covariates_of(panel.table, self.orders)
                slopes = population.kind_slopes(covariates)
                log = log + np.einsum("enp,ep->en", z[index], slopes, dtype=np.float32)
            weight = weight * np.exp(log - log.max(axis=1, keepdims=True))
        return index, weight

    def forecast(
        self, panel: DayPanel, task: Task, population: Population | None, rng: np.random.Generator
    ) -> Forecast:
        """Draws of whole paths, sides and places."""
        simulated = self.simulated(task.kind)
        index, weight = self.weights(panel, task, population)
        scale = scale_between(reported_windows(panel), simulated, index) ** SCALE
        pick = drawn(
            simulated.dead[:, simulated.span(task.first, task.last)].sum(axis=1)[index] * scale,
            weight,
            DRAWS,
            rng,
        )
        rows = np.take_along_axis(index, pick, axis=1)
        factor = np.take_along_axis(scale, pick, axis=1)
        after = simulated.span(task.first, int(panel.day[-1]))
        assert simulated.dead[:, after].shape[1] == horizon(panel, task)
        paths = whole_paths(simulated.dead[:, after][rows] * factor[:, :, None], rng)
        sides = [getattr(simulated, s)[:, after].sum(axis=1)[rows] for s in ("a", "b")]
        events = simulated.events[:, after].sum(axis=1)[rows]
        total = paths.sum(axis=2)
        none = _share_of_others(panel, task, pick.shape, rng)
        share = (sides[0] + 0.5) / (sides[0] + sides[1] + 1.0)
        return Forecast(
            PRIOR_NAME if population is None else NAME,
            paths,
            task.days,
            places=np.round(events * _places_per_event(panel, task)[:, None]),
            sides=np.round(
                np.stack([total * (1 - none) * share, total * (1 - none) * (1 - share),
                          total * none], axis=2)
            ),
        )  # fmt: skip


def scale_between(
    told: Windows, simulated: Windows, index: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How many times more dead an episode had before than a simulated one, f8[N, n]."""
    own, theirs = (
        one.dead[:, one.span(*SCALED_BY[told.kind])].sum(axis=1).astype(np.float64) + ADDED
        for one in (told, simulated)
    )
    return np.asarray(own[:, None] / theirs[index])


def around(
    test: Known,
    train: Known,
    task: Task,
    own: Forecast,
    theirs: Forecast,
    rng: np.random.Generator,
) -> Forecast:
    """Reported outcomes relative to the model's, from a random forest grown on that ratio.

    Args:
        own, theirs: the model's forecasts of the episodes to forecast and of those whose outcomes
            are known; they are features, too.
    """
    told = [told_by(one) for one in (own, theirs)]
    mean = [table["mean"].to_numpy() for table in told]
    features = [
        pd.concat([known.features, table], axis=1)
        for known, table in zip((test, train), told, strict=True)
    ]
    target = np.log1p(task.outcome(train.panel)) - mean[1]
    seed = int(rng.integers(2**31))
    weights = leaf_weights(features[0], features[1], target, seed, "random", train.trees)
    scale = np.exp(mean[0][:, None] - mean[1][None, :])
    return from_donors(AROUND_NAME, task, train.panel, weights, scale, rng)


def told_by(forecast: Forecast) -> pd.DataFrame:
    """What a forecast says, as features: quantiles, mean, sd of log(1 + dead); no death; days."""
    total = np.log1p(forecast.total)
    columns = {f"model_{q:.0%}": np.quantile(total, q, axis=1) for q in (0.1, 0.25, 0.5, 0.75, 0.9)}
    columns |= {
        "mean": total.mean(axis=1),
        "sd": total.std(axis=1),
        "none": (total == 0).mean(axis=1),
        "days": (forecast.paths > 0).sum(axis=2).mean(axis=1),
    }
    return pd.DataFrame(columns)


def drawn(
    value: NDArray[np.float64],
    weight: NDArray[np.float64],
    count: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Columns of [N, n] at even steps of their weight in the order of their value, i8[N, count]."""
    order = np.argsort(value + rng.random(value.shape) * 1e-6, axis=1)
    running = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    steps = (np.arange(count) + rng.random((len(value), 1))) / count * running[:, -1:]
    at = np.stack(
        [np.searchsorted(r, s, side="right") for r, s in zip(running, steps, strict=True)]
    )
    return np.take_along_axis(order, np.minimum(at, value.shape[1] - 1), axis=1)


def whole_paths(paths: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Paths [N, S, H] as whole numbers: rounded along their running total from a random start."""
    start = rng.random(paths.shape[:2])[:, :, None]
    return np.diff(np.floor(np.cumsum(paths, axis=2) + start), axis=2, prepend=0.0)


def _share_of_others(
    panel: DayPanel, task: Task, shape: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draws of the share of the dead to come that are of neither side, f8[N, S].

    The model has no civilians: who of the dead is one is told as it was told before, around the
    share so far (towards `CIVIL` if there are few). Mostly nearly none or nearly all.
    """
    first = int(panel.day[0])
    others = panel.total(first, task.given, "deaths_civ") + panel.total(
        first, task.given, "deaths_unk"
    )
    dead = panel.total(first, task.given)
    mean = ((others + CIVIL * FEW) / (dead + FEW)).clip(0.02, 0.98)[:, None]
    return rng.beta(mean * CLUMPED, (1.0 - mean) * CLUMPED, shape)


def _places_per_event(panel: DayPanel, task: Task) -> NDArray[np.float64]:
    """Reported places over events so far, f8[N]; towards one."""
    first = int(panel.day[0])
    events = panel.total(first, task.given, "n_events")
    return np.asarray((panel.total(first, task.given, "n_places") + 2.0) / (events + 2.0))
