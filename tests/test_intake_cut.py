"""Drafts with a cut and given orders: nothing from later days goes in, and the draft lives on."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_tables import ged_file, ged_row

from sim.cli import main
from sim.ensemble import simulate
from sim.inputs import read_yaml
from sim.intake import import_events
from sim.intake.drafts.draft_yaml import MARGIN, entry
from sim.intake.drafts.given_order import read_orders
from sim.scenario import load_checked, load_scenario
from sim.scenario.loading import with_settings
from sim.scenario.schema import Scenario
from sim.scenario.vocabulary import Role

CUT = ("--cut", "2030-05-10")


def drafted(folder: Path, rows: list[dict[str, Any]], *more: str, name: str = "mine") -> Path:
    """The scenario file of a GED table."""
    folder.mkdir(exist_ok=True)
    if not (folder / "seeds").exists():
        (folder / "seeds").mkdir()
        import_events(ged_file(folder / "g.csv", rows), "ged", folder / "seeds")
    words = ["new", name, "--from", str(folder / "seeds"), "--folder", str(folder / "scenarios")]
    assert main([*words, *more]) == 0
    return folder / "scenarios" / f"{name}.yaml"


def refused(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """What is said of a draft that is refused; nothing is written."""
    rows = [ged_row(n, f"2030-05-{n:02d}") for n in range(1, 16)]
    (folder / "seeds").mkdir()
    import_events(ged_file(folder / "g.csv", rows), "ged", folder / "seeds")
    words = ["new", "mine", "--from", str(folder / "seeds"), "--folder", str(folder / "scenarios")]
    assert main([*words, *more]) == 2
    assert not (folder / "scenarios").exists()
    return capsys.readouterr().err


def early_rows() -> list[dict[str, Any]]:
    return [ged_row(n, f"2030-05-{n:02d}", best=n, low=n, high=n) for n in range(1, 11)]


def late_rows() -> list[dict[str, Any]]:
    """A new town, a new party, and far worse days."""
    return [
        ged_row(100 + n, f"2030-05-{n:02d}", where_coordinates=town, side_b=party, best=90, high=90)
        for n, (town, party) in enumerate(
            [("Late Town", "Reds"), ("Port Ansa", "Greens"), ("Port Ansa", "Reds")] * 2, 12
        )
    ]


def without_held_out(scenario: Scenario) -> dict[str, Any]:
    """A scenario's settings, and what of it may be fitted."""
    document = scenario.model_dump(exclude={"observables", "summary"})
    fitted = [o.model_dump() for o in scenario.observables if o.role != Role.HOLD_OUT]
    return document | {"fitted": fitted}


def test_days_after_the_cut_change_nothing_but_what_is_held_out(tmp_path: Path) -> None:
    end = ("--end", "2030-05-17")
    told = load_scenario(drafted(tmp_path / "a", early_rows() + late_rows(), *CUT, *end))
    untold = load_scenario(drafted(tmp_path / "b", early_rows(), *CUT, *end))
    assert without_held_out(told) == without_held_out(untold)
    assert [place.id for place in told.places] == ["port_ansa"]
    assert "greens" not in {faction.id for faction in told.factions}
    by_id = {o.id: o for o in told.observables}
    assert by_id["dead_late"].reported.best == 6 * 90
    assert by_id["dead_2030_05_12"].reported.best == 90  # of a town that the draft does not know


def test_no_fitted_fact_speaks_of_a_day_after_the_cut(tmp_path: Path) -> None:
    scenario = load_scenario(drafted(tmp_path, early_rows() + late_rows(), *CUT))
    fitted = [o for o in scenario.observables if o.role == Role.CALIBRATE]
    assert {o.id for o in fitted} >= {"dead_2030_05_10", "end_early_port_ansa"}
    for one in fitted:
        assert one.span is not None, one.id
        assert one.span.end.date() <= date(2030, 5, 11), one.id


def test_dead_over_the_cut_are_none_for_sure_and_all_at_most_on_either_side(tmp_path: Path) -> None:
    wide = ged_row(50, "2030-05-10", date_end="2030-05-11", date_prec=2, low=7, best=9, high=9,
                   where_coordinates="Mill Hill")  # fmt: skip
    scenario = load_scenario(drafted(tmp_path, [*early_rows(), wide, *late_rows()], *CUT))
    by_id = {o.id: o.reported for o in scenario.observables}
    early, late = by_id["dead_early"], by_id["dead_late"]
    assert (early.low, early.best, early.high) == (55, None, 64)
    assert (late.low, late.best, late.high) == (18, None, 6 * 90 + 9)


def test_a_cut_on_the_last_day_holds_nothing_out(tmp_path: Path) -> None:
    scenario = load_scenario(drafted(tmp_path, early_rows(), *CUT))
    assert {str(o.role) for o in scenario.observables} == {"calibrate", "input_check"}


def test_days_after_the_table_ends_are_simulated_and_not_called_quiet(tmp_path: Path) -> None:
    scenario = load_scenario(drafted(tmp_path, early_rows(), *CUT, "--end", "2030-08-08"))
    assert scenario.clock.steps == 100 * 24
    assert max(o.span.end for o in scenario.observables if o.span).date() == date(2030, 5, 11)


def test_an_order_stands_in_the_draft_with_its_day_and_its_kind(tmp_path: Path) -> None:
    order = "reds=2030-05-12,withdraw,government,both_sides,written,monitored,part,ultimatum_h=48"
    path = drafted(tmp_path, early_rows() + late_rows(), *CUT, "--order", order)
    scenario = load_scenario(path)
    (decision,) = scenario.decisions
    assert decision.window is not None
    assert decision.window.earliest.isoformat() == "2030-05-12T00:00:00+00:00"
    assert (decision.leader, str(decision.order), str(decision.mode)) == (
        "reds_leader", "withdraw", "scripted",
    )  # fmt: skip
    assert (str(decision.declared_by), str(decision.addressed_to)) == ("government", "both_sides")
    assert (decision.written, decision.monitored, decision.humanitarian) == (True, True, False)
    assert (str(decision.part), decision.ultimatum_h) == ("part", 48)
    assert {"relief", "reciprocity", "order_memory"} <= set(scenario.parameters)
    off = load_scenario(path, variant="no_order")
    assert [str(one.mode) for one in off.decisions] == ["off"]


def test_several_orders_of_several_parties_each_have_their_own_decision(tmp_path: Path) -> None:
    words = ["--order", "reds=2030-05-12", "--order", "government_of_ansa=2030-05-12,humanitarian",
             "--order", "reds=2030-05-06,close_offices"]  # fmt: skip
    scenario = load_scenario(drafted(tmp_path, early_rows() + late_rows(), *words))
    assert sorted((d.leader, str(d.order)) for d in scenario.decisions) == [
        ("government_of_ansa_leader", "restrain"),
        ("greens_leader", "restrain"),  # of its own accord
        ("reds_leader", "close_offices"),
        ("reds_leader", "restrain"),
    ]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("red=2030-05-12", "did you mean 'reds'?"),
        ("reds=12 May", "'12 May' is no day"),
        ("reds", "'' is no day"),
        ("reds=2031-05-12", "lies outside the clock; expected a day from 2030-05-01"),
        ("reds=2030-05-12,withdrew", "did you mean 'withdraw'?"),
        ("reds=2030-05-12,withdraw,restrain", "'restrain' says 'order' a second time"),
        ("reds=2030-05-12,lasts_h=long", "'long' is no number of hours"),
        ("civilians_of_ansa=2030-05-12", "unknown party"),
    ],
)
def test_an_order_that_cannot_be_given_is_refused_with_the_nearest_name(
    order: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(tmp_path, capsys, "--order", order)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cut", "2030-06-01"), "outside the timeline, which has 2030-05-01 to 2030-05-15"),
        (("--cut", "2030-05-02", "--start", "2030-05-05"), "outside the days asked for"),
        (("--cut", "2030-05-32"), "is no day"),
    ],
)
def test_a_cut_that_is_no_day_of_the_table_is_refused(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(tmp_path, capsys, *words)


def test_all_bad_orders_are_told_at_once() -> None:
    with pytest.raises(Exception, match=r"(?s)unknown party 'x'.*is no day") as caught:
        read_orders(["x=2030-05-01", "reds=never"], ["reds"])
    assert len(caught.value.problems) == 2  # type: ignore[attr-defined]


def test_a_draft_of_ninety_days_does_not_fall_silent(tmp_path: Path) -> None:
    path = drafted(tmp_path, early_rows(), *CUT, "--end", "2030-07-29")
    loaded = load_checked(str(path))
    assert loaded.scenario.clock.steps == 90 * 24

    def last_month(scenario: Scenario) -> float:
        clashes = simulate(scenario, 300, 1).hourly["clashes"].sum(axis=2)
        return float((clashes[:, 60 * 24 :].sum(axis=1) > 0).mean())

    assert last_month(loaded.scenario) > 0.4
    silent = with_settings(loaded, {"parameters.incident_rate": 0.0})
    assert last_month(silent) < 0.1


def test_a_year_of_days_is_told_by_weeks_where_days_would_be_too_many(tmp_path: Path) -> None:
    rows = [ged_row(n, f"2030-{1 + n % 12:02d}-{1 + n % 28:02d}", best=n) for n in range(84)]
    path = drafted(tmp_path, rows, "--start", "2030-01-01", "--cut", "2030-06-30", "--end",
                   "2030-12-31")  # fmt: skip
    scenario = load_scenario(path)
    totals = [o for o in scenario.observables if o.statistic == "total" and not o.places]
    fitted = [o for o in totals if o.role == Role.CALIBRATE]
    held = [o for o in totals if o.role == Role.HOLD_OUT]
    assert len(fitted) == 26 and len(held) == 184 - 3  # to the last row, on 28 December
    by_id = {o.id: o.reported.best for o in scenario.observables}
    assert sum(by_id[o.id] or 0 for o in fitted) == by_id["dead_early_port_ansa"]


def test_every_free_parameter_stands_in_the_file_and_no_line_is_too_long(tmp_path: Path) -> None:
    rows = [ged_row(n, "2030-05-01", where_coordinates=f"{'Long name ' * 12}{n}") for n in range(9)]
    path = drafted(tmp_path, [*rows, *early_rows()])
    text = path.read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= MARGIN
    for name in ("clash_rate", "deterrence", "restraint_threshold.reds_leader"):
        assert f"  # {name}: {{" in text
    changed = text.replace("  # clash_rate: {", "  clash_rate: {")
    path.write_text(changed, encoding="utf-8")
    assert load_scenario(path).parameters["clash_rate"].log_uniform == (0.1, 10)


texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), max_size=300
)
values = st.recursive(
    st.one_of(texts, st.integers(-1000, 1000), st.booleans(), st.just("on"), st.just("3 x")),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=5),
        st.dictionaries(st.from_regex(r"k[a-z]{0,8}", fullmatch=True), inner, min_size=1,
                        max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(values)
def test_whatever_is_written_for_people_reads_back_as_it_was(value: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.yaml"
        path.write_text("\n".join(entry("key", value)) + "\n", encoding="utf-8")
        assert json.dumps(read_yaml(path).data["key"]) == json.dumps(value)
