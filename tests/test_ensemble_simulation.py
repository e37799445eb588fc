"""An ensemble's numbers do not depend on batches, blocks or threads."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from made_up import two_factions

from sim.ensemble import Ensemble, simulate, simulation


def same(first: Ensemble, second: Ensemble) -> None:
    for name in ("parameters", "observables", "orders"):
        pd.testing.assert_frame_equal(
            getattr(first, name), getattr(second, name), check_exact=True, obj=name
        )
    assert list(first.hourly) == list(second.hourly)
    for measure, values in first.hourly.items():
        np.testing.assert_array_equal(values, second.hourly[measure], err_msg=measure)


@pytest.fixture(scope="module")
def batch() -> Ensemble:
    return simulate(two_factions(), 30, seed=3, threads=1)


def test_replicate_alone_equals_the_same_replicate_in_a_batch(batch: Ensemble) -> None:
    alone = simulate(two_factions(), [17], seed=3)
    assert alone.observables.loc[17].equals(batch.observables.loc[17])
    assert alone.orders.loc[17].equals(batch.orders.loc[17])
    for measure, values in alone.hourly.items():
        np.testing.assert_array_equal(values[0], batch.hourly[measure][17], err_msg=measure)


def test_threads_and_blocks_move_no_number(
    batch: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    same(batch, simulate(two_factions(), 30, seed=3, threads=2))
    monkeypatch.setitem(simulation.BLOCK, "kernel", 7)
    same(batch, simulate(two_factions(), 30, seed=3, threads=1))


def test_progress_counts_every_replicate() -> None:
    done: list[int] = []
    simulate(two_factions(), 30, threads=2, progress=done.append, keep="totals", logs=0)
    assert sum(done) == 30


def test_given_parameters_are_used_as_they_are(batch: Ensemble) -> None:
    again = simulate(two_factions(), 30, seed=3, theta=batch.parameters)
    same(batch, again)
    peaceful = batch.parameters.assign(clash_rate=0.0, reprisal_ratio=0.0)
    calm = simulate(two_factions(), 30, seed=3, theta=peaceful)
    assert (calm.observables["clashes_upper"] == 0).all()
    assert (batch.observables["clashes_upper"] > 0).any()


def test_hourly_series_add_up_to_the_observables(batch: Ensemble) -> None:
    place = batch.places.index("lower")
    hourly = batch.hourly["dead"][:, :, place].sum(axis=1)
    np.testing.assert_array_equal(hourly, batch.observables["dead_lower"])
    assert hourly.sum() > 0, "an episode without deaths would prove nothing"


def test_times_are_in_the_clocks_own_offset(batch: Ensemble) -> None:
    assert len(batch.times) == 48
    assert batch.times[0].isoformat() == "2030-05-01T06:00:00+03:00"
    assert batch.times[-1].utcoffset() == timedelta(hours=3)


def test_logs_are_of_the_first_replicates(batch: Ensemble) -> None:
    assert batch.events is not None
    assert sorted(set(batch.events["replicate"])) == [0, 1, 2]
    dead = batch.events.groupby("replicate")[["dead_a", "dead_b"]].sum().sum(axis=1)
    series = batch.hourly["dead"][:3].sum(axis=(1, 2))
    np.testing.assert_array_equal(dead.to_numpy(), series)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"replicates": 0}, "at least one replicate"),
        ({"replicates": [-1]}, "at least one replicate"),
        ({"seed": -1}, "seed -1"),
        ({"engine": "kernl"}, "engine 'kernl'"),
        ({"keep": "all"}, "keep 'all'"),
        ({"theta": pd.DataFrame({"compliance": [0.5]})}, "columns of theta"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(two_factions(), **{"replicates": 1, **arguments})  # type: ignore[arg-type]
