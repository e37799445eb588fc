"""Sources: leaving an article out of the bank is the same as never having had it."""

from __future__ import annotations

import numpy as np
import pytest
from shipped import path_of

from sim.calibrate import build_bank, calibrate, facts_of
from sim.calibrate.contraction import contraction
from sim.calibrate.sources import lost_without, prefixes, swapped, without_article
from sim.scenario import load_checked

ROWS = 4_000


@pytest.fixture(scope="module")
def basra():
    loaded = load_checked(path_of("basra_2022_09"))
    bank = build_bank([loaded.scenario], ROWS, 2)
    return loaded, bank, {loaded.scenario.name: loaded.evidence}


def test_leaving_an_article_out_equals_a_fresh_calibration_without_it(basra):
    loaded, bank, bodies = basra
    facts = facts_of(loaded.scenario)
    full = calibrate(bank, facts)
    lost = lost_without(bank, bodies, facts)
    for prefix in prefixes(facts, bodies):
        reduced = without_article(loaded.scenario, loaded.evidence, prefix)
        fresh = calibrate(build_bank([reduced], ROWS, 2))
        expected = contraction(full.unit, full.weights) - contraction(fresh.unit, fresh.weights)
        assert np.array_equal(lost.loc[prefix].to_numpy(), expected)


def test_what_only_one_article_says_is_missing_without_it(basra):
    loaded, _, _ = basra
    reduced = without_article(loaded.scenario, loaded.evidence, "ap")
    reported = {o.id: o.reported for o in reduced.observables}
    assert reported["hours_of_clashes_basra"].missing
    assert reported["dead_basra"].alternatives is None, "one side of the dispute is left"
    assert not reported["dead_basra"].missing


def test_an_article_that_says_nothing_of_a_scenario_changes_nothing(basra):
    loaded, _, _ = basra
    assert without_article(loaded.scenario, loaded.evidence, "ind") == loaded.scenario


def test_each_side_of_a_disputed_toll_is_tried_alone(basra):
    loaded, bank, bodies = basra
    table = swapped(bank, bodies, facts_of(loaded.scenario))
    assert sorted(table["account"]) == ["1", "4"]
    few, many = (
        table.set_index("account").loc[name, "mean deaths_per_clash"] for name in ("1", "4")
    )
    assert many > few
