"""Salvoes within the hour beside reprisals over days: their sum, and what must not tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.test_model_claims import feud_data, mean_and_error, run
from tests.test_model_mechanisms import events_of, quiet_data, set_to

ADOPTED = {
    "relief": 0.5, "reciprocity": 0.5, "home_time": 9.0, "order_memory": 400.0,
    "incident_rate": 2.0, "salvo_ratio": 0.25,
}  # fmt: skip
"""What the shipped scenarios switch on; incidents and fraying quicker, so that they tell."""
ALL = ADOPTED | {
    "incident_alarm": 0.5, "incident_salience": 0.15, "grievance": 0.05, "provocation": 0.1,
    "daily_rhythm": 0.5,
}  # fmt: skip


def feud(mechanisms: dict[str, float], **parameters: float) -> dict[str, Any]:
    """The feud for a week with mechanisms on."""
    data = feud_data(**parameters)
    data["clock"]["end"] = quiet_data(24 * 7)["clock"]["end"]
    return {**data, **set_to(data, **mechanisms)}


@pytest.mark.parametrize(("salvo", "reprisal"), [(0.2, 0.4), (0.39, 0.0), (0.1, 0.7)])
def test_in_long_quiet_runs_a_clash_has_as_many_children_as_both_time_scales_say(
    salvo: float, reprisal: float
) -> None:
    data = quiet_data(
        24 * 90, incident_rate=1.0, salvo_ratio=salvo, reprisal_ratio=reprisal,
        deaths_per_clash=0.0,
    )  # fmt: skip
    data["dyads"][0]["places"] = ["port"]  # where both sides are resident, so always present
    clashes = events_of(run(data, 200, "log"), "clash")
    children = (clashes["cause"] >= 0).mean()
    expected = 0.8 * (salvo + reprisal)  # at hostility 0.8
    print(f"branching ratio {children:.3f}, expected {expected:.3f}, {len(clashes)} clashes")
    assert children == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize("mechanisms", [ADOPTED, ALL], ids=["adopted", "all"])
def test_with_mechanisms_on_step_and_number_of_cells_move_the_means_by_noise_only(
    mechanisms: dict[str, float],
) -> None:
    base = run(feud(mechanisms), 3000, "totals").observables
    finer = feud(mechanisms)
    finer["clock"]["step_h"] = 0.5
    others = [finer, *(feud(mechanisms, cells_per_group=n) for n in (20.0, 80.0))]
    for data in others:
        other = run(data, 3000, "totals").observables
        for which in (0, 1):  # dead, clashes
            mean, error = mean_and_error(base[:, which])
            changed, changed_error = mean_and_error(other[:, which])
            assert abs(changed - mean) < 3 * np.hypot(error, changed_error) + 0.05 * mean
