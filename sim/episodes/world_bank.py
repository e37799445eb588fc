"""A bank of simulated worlds: each with an order and, with the same luck, without; by day."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.ensemble.parameter_draws import entity_of, uniforms
from sim.ensemble.simulation import available_cores
from sim.episodes import situation
from sim.episodes.situation import BEFORE, DAYS, Situation, draw_situation, template
from sim.model import build_world, simulate_block
from sim.model.compiled import source_hash
from sim.model.draws import PRIOR
from sim.scenario import effective_priors
from sim.scenario.priors import Prior

BLOCK = 256
"""Runs of one situation."""

SPARKS_NAME = "sparks"
"""A world's sparks, learned like a parameter: how often fights are opened from without."""

TALLIES = ("a", "b", "hours_0", "hours_1", "hours_2", "first")
MOST = 65535


@dataclass(frozen=True)
class WorldBank:
    """N worlds with the order and N twins without.

    Attributes:
        names: of the P free parameters, and `SPARKS`.
        z: normal score of each parameter's prior quantile; of sparks how many sd more than the mean
            there were; f4[N, P].
        ordered: who was ordered, i1[N], number in `situation.ORDERED_BY`.
        towns: in how many the sides met, i1[N].
        tallies: by name, u2[N, 2, DAYS]: dead of side `a` and `b`, hours with dead in each town
            (`hours_0` to `hours_2`), dead in the `first` town. Twin 0 has the order, 1 has none.
        id: of all that decides these numbers.
    """

    names: tuple[str, ...]
    z: NDArray[np.float32]
    ordered: NDArray[np.int8]
    towns: NDArray[np.int8]
    tallies: dict[str, NDArray[np.uint16]]
    id: str

    def __len__(self) -> int:
        return len(self.z)


def free_parameters() -> dict[str, Prior]:
    """The template's parameters that are drawn, with their priors."""
    priors = effective_priors(template().scenario)
    return {
        name: prior
        for name, prior in priors.items()
        if not prior.is_fixed and name in template().scenario.parameters
    }


def sparks_score(sparks: int) -> float:
    """How many sd more sparks than the mean of worlds."""
    most = len(situation.SPARKS)
    return (sparks - most / 2) / float(np.sqrt(((most + 1) ** 2 - 1) / 12))


def bank_id(seed: int) -> str:
    """12 hexadecimal digits of the kernel's sources, the template, the situations and the seed."""
    digest = hashlib.sha256(f"{source_hash()}|{seed}|{BLOCK}|{DAYS}".encode())
    for path in (situation.TEMPLATE, Path(situation.__file__)):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def build_worlds(
    count: int,
    seed: int = 1,
    folder: Path | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> WorldBank:
    """Run `count` worlds (rounded up to whole blocks), or read those that are kept.

    The same numbers for any number of threads and after any interruption: a block depends on
    its number alone, and appears in `folder` by one rename.

    Args:
        folder: where blocks are kept; None: nowhere.
        progress: called with the number of worlds just done.
    """
    priors = free_parameters()
    blocks = -(-count // BLOCK)
    own = None if folder is None else folder / f"worlds-{bank_id(seed)}"
    if own is not None:
        own.mkdir(parents=True, exist_ok=True)
    shape = (blocks * BLOCK, 2, DAYS)
    tallies = {name: np.empty(shape, np.uint16) for name in TALLIES}
    z = np.empty((shape[0], len(priors) + 1), np.float32)
    ordered, towns = np.empty(shape[0], np.int8), np.empty(shape[0], np.int8)
    for number in range(blocks):
        at = slice(number * BLOCK, (number + 1) * BLOCK)
        drawn = draw_situation(seed, number)
        rows = np.arange(at.start, at.stop, dtype=np.int64)
        entities = np.array([entity_of(name) for name in priors], dtype=np.int64)
        unit = uniforms(seed, rows, PRIOR, entities)
        z[at, :-1], ordered[at], towns[at] = ndtri(unit), drawn.ordered, drawn.towns
        z[at, -1] = sparks_score(drawn.sparks)
        path = None if own is None else own / f"{number:06d}.npy"
        part = _read(path)
        if part is None:
            part = _run(drawn, priors, unit, seed, rows, threads or available_cores())
            _keep(path, part)
        for k, name in enumerate(TALLIES):
            tallies[name][at] = part[:, :, k]
        if progress is not None:
            progress(BLOCK)
    return WorldBank((*priors, SPARKS_NAME), z, ordered, towns, tallies, bank_id(seed))


def _run(
    drawn: Situation,
    priors: dict[str, Prior],
    unit: NDArray[np.float64],
    seed: int,
    rows: NDArray[np.int64],
    threads: int,
) -> NDArray[np.uint16]:
    """The tallies of one block, u2[n, 2, TALLIES, DAYS]."""
    out = np.empty((len(rows), 2, len(TALLIES), DAYS), np.uint16)
    for twin in (0, 1):
        scenario = drawn.scenario(with_order=twin == 0)
        theta = np.empty((len(rows), len(effective_priors(scenario))))
        for j, (name, prior) in enumerate(effective_priors(scenario).items()):
            theta[:, j] = (
                priors[name].quantile(unit[:, list(priors).index(name)])
                if name in priors
                else prior.mean()
            )
        values = simulate_block(
            scenario, theta, seed, rows, threads=threads, world=build_world(scenario)
        ).observables
        out[:, twin] = np.minimum(np.nan_to_num(values), MOST).reshape(len(rows), -1, DAYS)
    return out


def _read(path: Path | None) -> NDArray[np.uint16] | None:
    """A kept block, or None where there is none or it is damaged."""
    if path is None or not path.exists():
        return None
    try:
        part: NDArray[np.uint16] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    wanted = (BLOCK, 2, len(TALLIES), DAYS)
    return part if part.shape == wanted and part.dtype == np.uint16 else None


def _keep(path: Path | None, part: NDArray[np.uint16]) -> None:
    if path is None:
        return
    hidden = path.with_suffix(f".{os.getpid()}.partial")
    with hidden.open("wb") as file:
        np.save(file, part, allow_pickle=False)
    hidden.replace(path)


__all__ = ["BEFORE", "BLOCK", "SPARKS_NAME", "TALLIES", "WorldBank", "bank_id", "build_worlds"]
