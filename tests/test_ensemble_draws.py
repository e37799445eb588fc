"""Parameter draws hang on their seed, replicate and name, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import changed, two_factions

from sim.ensemble import draw_parameters, read_posterior
from sim.inputs import InputError
from sim.scenario import effective_priors

MANY = range(2000)


def test_fixing_one_parameter_moves_no_other_draw() -> None:
    free = draw_parameters(two_factions(), 1, range(50))
    fixed = draw_parameters(two_factions(compliance=0.8), 1, range(50))
    assert (fixed["compliance"] == 0.8).all()
    pd.testing.assert_frame_equal(
        free.drop(columns="compliance"), fixed.drop(columns="compliance"), check_exact=True
    )


def test_another_leader_moves_no_other_draw() -> None:
    scenario = two_factions()
    data = scenario.model_dump(mode="json", exclude_none=True)
    data["factions"][2]["leader"] = {"id": "a_guard", "name": "Leader of the guards"}
    # first among the factions, so that every other leader's position changes
    more = changed(scenario, factions=[data["factions"][2], *data["factions"][:2]])
    before, after = (draw_parameters(s, 1, range(50)) for s in (scenario, more))
    assert "restraint_threshold.a_guard" in after
    pd.testing.assert_frame_equal(before, after[list(before.columns)], check_exact=True)


def test_replicate_alone_draws_what_it_draws_in_a_batch() -> None:
    batch = draw_parameters(two_factions(), 1, range(100))
    alone = draw_parameters(two_factions(), 1, [57])
    pd.testing.assert_frame_equal(batch.loc[[57]], alone, check_exact=True)


def test_another_seed_draws_other_parameters() -> None:
    first, second = (draw_parameters(two_factions(), seed, range(50)) for seed in (1, 2))
    free = [name for name, prior in effective_priors(two_factions()).items() if not prior.is_fixed]
    assert (first[free] != second[free]).all(axis=None)


def test_draws_fill_their_priors_evenly_and_independently() -> None:
    draws = draw_parameters(two_factions(), 1, MANY)
    priors = effective_priors(two_factions())
    free = [name for name, prior in priors.items() if not prior.is_fixed]
    u = np.column_stack([priors[name].cumulative(draws[name]) for name in free])
    # tenths of a uniform: chi-squared with 9 degrees of freedom, 99.99 % below 33.7
    for column in u.T:
        counts = np.histogram(column, bins=10, range=(0, 1))[0]
        assert np.sum((counts - len(u) / 10) ** 2 / (len(u) / 10)) < 33.7
    correlations = np.corrcoef(u.T) - np.eye(len(free))
    assert np.abs(correlations).max() < 4.5 / np.sqrt(len(u))


def write_posterior(folder: Path, **columns: list[float]) -> str:
    path = folder / "posterior.parquet"
    pd.DataFrame(columns).to_parquet(path)
    return str(path)


def test_posterior_rows_come_whole_and_by_weight(tmp_path: Path) -> None:
    path = write_posterior(
        tmp_path,
        compliance=[0.4, 0.5, 0.6],
        spillover=[0.1, 0.2, 0.3],
        weight=[3.0, 0.0, 1.0],
    )
    draws = draw_parameters(two_factions(), 1, MANY, read_posterior(path))
    assert set(zip(draws["compliance"], draws["spillover"], strict=True)) == {
        (0.4, 0.1),
        (0.6, 0.3),
    }
    # binomial with p = 0.75, four standard errors
    share = (draws["compliance"] == 0.4).mean()
    assert abs(share - 0.75) < 4 * np.sqrt(0.75 * 0.25 / len(MANY))


def test_posterior_leaves_alone_what_it_does_not_speak_of(tmp_path: Path) -> None:
    path = write_posterior(tmp_path, compliance=[0.4, 0.6], spillover=[0.1, 0.2])
    scenario = two_factions(spillover=0.25)
    with_it = draw_parameters(scenario, 1, range(50), read_posterior(path))
    without = draw_parameters(scenario, 1, range(50))
    assert (with_it["spillover"] == 0.25).all(), "what the scenario fixes stays fixed"
    pd.testing.assert_frame_equal(
        with_it.drop(columns="compliance"), without.drop(columns="compliance"), check_exact=True
    )


def test_posterior_of_another_episode_may_know_other_leaders(tmp_path: Path) -> None:
    path = write_posterior(tmp_path, **{"restraint_threshold.stranger": [5.0], "compliance": [0.5]})
    draws = draw_parameters(two_factions(), 1, range(3), read_posterior(path))
    assert "restraint_threshold.stranger" not in draws
    assert (draws["compliance"] == 0.5).all()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"complience": [0.5]}, "unknown column 'complience'.*did you mean 'compliance'"),
        ({"compliance": [0.5, 1.5]}, "row 1: 1.5 is out of range; expected a number from 0 to 1"),
        ({"compliance": [0.5, float("nan")]}, "row 1: nan is out of range"),
        ({"compliance": [0.5], "weight": [-1.0]}, "'weight', row 0: -1.0 is out of range"),
        ({"compliance": [0.5], "weight": [0.0]}, "the weights sum to zero"),
        ({"compliance": []}, "no rows"),
    ],
)
def test_unusable_posterior_says_what_is_wrong(
    tmp_path: Path, columns: dict[str, list[float]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_posterior(write_posterior(tmp_path, **columns))


def test_file_that_is_no_posterior_is_an_input_error(write: Callable[[str], str]) -> None:
    with pytest.raises(InputError, match="not a Parquet file"):
        read_posterior(write("compliance: 0.5"))
    with pytest.raises(InputError, match="No such file"):
        read_posterior("absent.parquet")
