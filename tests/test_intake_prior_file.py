"""A scenario that names a prior file takes its priors, and its own settings win."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.inputs import InputError
from sim.scenario import effective_priors, load_scenario

SCENARIO = Path(__file__).with_name("data") / "two_factions.yaml"
PRIORS = """\
title: Estimated from an invented table
parameters:
  reprisal_ratio: {scaled_beta: [1.2, 5, 5], source: fit to 300 days}
  reprisal_delay: {log_uniform: [2, 20], source: [fit to 300 days, profile likelihood]}
"""


def written(folder: Path, priors: str = PRIORS, more: str = "") -> Path:
    """A scenario in `folder` that names the prior file beside it."""
    (folder / "priors.yaml").write_text(priors)
    scenario = folder / "two_factions.yaml"
    scenario.write_text(SCENARIO.read_text() + "priors: priors.yaml\n" + more)
    return scenario


def test_the_priors_of_the_file_are_in_effect_and_their_source_names_the_file(
    tmp_path: Path,
) -> None:
    scenario = load_scenario(written(tmp_path))
    priors = effective_priors(scenario)
    assert str(priors["reprisal_ratio"]) == "1.2 * Beta(5, 5)"
    assert priors["reprisal_delay"].bounds() == pytest.approx((2, 20))
    assert len(scenario.parameters["reprisal_delay"].source) == 2
    assert "priors.yaml: fit to 300 days" in scenario.parameters["reprisal_ratio"].source[0]


def test_the_scenarios_own_setting_and_a_variant_win_over_the_file(tmp_path: Path) -> None:
    own = "parameters: {reprisal_delay: {value: 5, source: assumption}}\n"
    path = written(tmp_path, more=own)
    assert effective_priors(load_scenario(path))["reprisal_delay"].arguments == (5,)
    without = effective_priors(load_scenario(path, variant="no_reprisals"))
    assert without["reprisal_ratio"].arguments == (0,)


@pytest.mark.parametrize(
    ("priors", "said"),
    [
        (PRIORS.replace("reprisal_delay", "reprisal_dely"), "did you mean 'reprisal_delay'"),
        (PRIORS.replace("[2, 20]", "[2, 20000]"), "a value from 0.05 to 1000"),
        (PRIORS.replace("title:", "titel:"), "did you mean 'title'"),
        ("title: x\nparameters: {}\n", "priors.yaml:2"),
        ("title: x\nparameters: {reprisal_ratio: {value: 1}}\n", "source"),
    ],
)
def test_a_fault_in_the_file_is_named_where_it_stands(
    tmp_path: Path, priors: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(written(tmp_path, priors))
    assert said in str(caught.value)
    assert "priors.yaml" in str(caught.value)


def test_a_missing_file_is_named_in_the_scenario(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "priors.yaml").unlink()
    with pytest.raises(InputError, match=r"two_factions.yaml:\d+:\d+: no file 'priors.yaml'"):
        load_scenario(path)
