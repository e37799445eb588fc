"""The reported curve: bands where only a window is known, steps down where calm was reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from test_evidence_loading import seeds

from sim.evidence import load_evidence, reported_curve
from sim.evidence.toll import Basis

START = datetime.fromisoformat("1900-01-05T00:00+00:00")


def curve(folder: str, hours: int = 72, places: tuple[str, ...] | None = None):
    end = START + timedelta(hours=hours)
    return reported_curve(load_evidence(folder), START, end, places=places)


def test_a_fight_somewhere_in_a_window_may_be_in_any_hour_of_it_and_is_certain_in_none(
    tmp_path: Path,
) -> None:
    found = curve(seeds(tmp_path), places=("bridge",))
    assert set(found.high[18:32]) == {8.0}  # ASSAULT with primitive means, 18:00 to 08:00
    assert not found.low.any() or np.nanmax(found.low) == 0
    assert set(found.high[:18]) == {0.0}


def test_a_fight_that_filled_its_window_holds_the_curve_up(tmp_path: Path) -> None:
    lasting = ("gazette_1900", "      phrase: On Friday night\n", "      lasts: true\n")
    found = curve(seeds(tmp_path, lasting), places=("bridge",))
    assert set(found.low[18:32]) == {8.0}
    assert found.low[17] == 0 and found.low[32] == 0


def test_after_the_newest_report_nothing_is_known(tmp_path: Path) -> None:
    found = curve(seeds(tmp_path))
    assert np.isnan(found.high[48:]).all() and np.isnan(found.low[48:]).all()
    assert set(found.basis[48:]) == {Basis.UNREPORTED}
    assert np.isfinite(found.high[:48]).all()


def test_quiet_is_reported_only_where_somebody_says_so(tmp_path: Path) -> None:
    folder = seeds(tmp_path)
    found = curve(folder, places=("bridge",))
    assert set(found.basis[32:48]) == {Basis.SILENCE}
    ended = ("events", "lead: [gaz.4b]", "lead: [gaz.4b], ends: [bridge_fight]")
    mill = ("gazette_1900", "    place: valley\n    actor", "    place: bridge\n    actor")
    retreat = ("gazette_1900", "{type: PROTEST, mode: demo}", "{type: RETREAT, mode: withdraw}")
    found = curve(seeds(tmp_path, ended, mill, retreat), hours=54, places=("bridge",))
    assert found.marks.set_index("event").loc["mourning", "down"]
    assert set(found.high[32:48]) == {0.0}


def test_an_event_elsewhere_is_not_on_the_curve_of_this_place(tmp_path: Path) -> None:
    found = curve(seeds(tmp_path), places=("mill",))
    assert not np.nan_to_num(found.high).any()
    assert found.marks.empty


def test_background_moves_nothing(tmp_path: Path) -> None:
    kinds = (
        "gazette_1900",
        "kind: act\n    event: bridge_fight",
        "kind: condition\n    event: bridge_fight",
    )
    found = curve(seeds(tmp_path, kinds), places=("bridge",))
    assert np.nanmax(found.high) == 0


def test_an_event_that_ends_an_unknown_one_is_refused(tmp_path: Path) -> None:
    wrong = ("events", "lead: [gaz.4b]", "lead: [gaz.4b], ends: [bridge_fihgt]")
    with pytest.raises(Exception, match=r"unknown event 'bridge_fihgt'.*bridge_fight"):
        load_evidence(seeds(tmp_path, wrong))


def test_a_span_turned_round_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="end after its start"):
        curve(seeds(tmp_path), hours=-1)
