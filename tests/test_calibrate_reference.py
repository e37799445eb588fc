"""The shipped posterior: used where it fits, refused with a reason where it does not."""

from __future__ import annotations

import json
import shutil

import pytest
from made_up import changed
from shipped import shipped

from sim.calibrate.posterior_file import fingerprint, reference_for
from sim.ensemble import read_posterior
from sim.inputs.shipped import REFERENCE

NAME = "august_september_2022"


@pytest.fixture
def copy(tmp_path):
    for ending in ("parquet", "json"):
        shutil.copy(REFERENCE / f"{NAME}.{ending}", tmp_path)
    return tmp_path


def test_the_shipped_posterior_fits_scenario_and_model():
    # if this fails: python run.py calibrate scenarios/august_september_2022.yaml --reference
    found = reference_for(shipped(NAME))
    assert found.path is not None, found.why
    assert len(read_posterior(found.path).draws) >= 500
    assert sum(path.stat().st_size for path in REFERENCE.iterdir()) < 400_000


def test_another_state_of_the_scenario_gets_its_prior(copy):
    other = changed(shipped(NAME), title="Something else")
    found = reference_for(other, copy)
    assert found.path is None
    assert "another state" in found.why


def test_a_model_that_gives_other_numbers_gets_its_prior(copy):
    record = copy / f"{NAME}.json"
    manifest = json.loads(record.read_text())
    manifest["fingerprint"] = "0" * 16
    record.write_text(json.dumps(manifest))
    assert "other numbers" in reference_for(shipped(NAME), copy).why


def test_a_file_that_was_tampered_with_is_refused(copy):
    with (copy / f"{NAME}.parquet").open("ab") as file:
        file.write(b"x")
    assert "manifest" in reference_for(shipped(NAME), copy).why


def test_without_a_shipped_posterior_the_prior_is_named(tmp_path):
    found = reference_for(shipped("march_2020_01"), tmp_path)
    assert found.path is None
    assert "no reference posterior" in found.why


def test_the_fingerprint_changes_with_a_number_and_not_with_a_word():
    scenario = shipped("basra_2022_09")
    assert fingerprint(scenario) == fingerprint(scenario.model_copy(update={"title": "x"}))
    dyads = [d.model_copy(update={"hostility": 0.1}) for d in scenario.dyads]
    assert fingerprint(scenario) != fingerprint(scenario.model_copy(update={"dyads": dyads}))
