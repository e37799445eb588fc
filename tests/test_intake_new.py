"""A first scenario from any timeline: it passes the check and runs as it is written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_tables import acled_file, acled_row, ged_file, ged_row

from sim.cli import main
from sim.ensemble import simulate
from sim.evidence import load_evidence
from sim.intake import import_events
from sim.intake.drafts.sketch import sketch
from sim.scenario import load_scenario

NAMES = [
    "Government of Ansa",
    "Reds",
    "Blues",
    "Civilians",
    "Ünïon №1",
    "42",
    "",
    "Police Forces of X",
]
PLACES = ["Port Ansa", "Hill", "Müll", "山", "7th district", ""]
TYPES = [
    ("Battles", "Armed clash"), ("Protests", "Peaceful protest"), ("Unheard of", "x"),
    ("Strategic developments", "Non-violent transfer of territory"),
    ("Strategic developments", "Agreement"),
]  # fmt: skip

event = st.builds(
    lambda day, precision, actor, target, inter, place, kind, dead: {
        "event_date": f"2030-0{1 + day // 28}-{1 + day % 28:02d}", "time_precision": precision,
        "actor1": actor, "actor2": target, "inter1": inter, "inter2": 9 - inter,
        "location": place, "event_type": kind[0], "sub_event_type": kind[1], "fatalities": dead,
    },
    st.integers(0, 100), st.sampled_from([1, 1, 2, 3]), st.sampled_from(NAMES),
    st.sampled_from(NAMES), st.integers(1, 8), st.sampled_from(PLACES), st.sampled_from(TYPES),
    st.sampled_from(["", "0", "1", "12", "many"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(event, min_size=1, max_size=12))
def test_a_scenario_from_a_random_timeline_passes_the_check_and_runs(events: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        rows = [acled_row(n) | changes for n, changes in enumerate(events)]
        import_events(acled_file(folder / "a.csv", rows), "acled", folder / "seeds")
        code = main(
            ["new", "random", "--from", str(folder / "seeds"), "--folder", str(folder / "s")]
        )
        if code == 2:  # refused: nobody meets anybody in it
            assert not (folder / "s").exists()
            return
        scenario = load_scenario(folder / "s" / "random.yaml")
        assert scenario.dyads and scenario.triggers
        ensemble = simulate(scenario, replicates=2, threads=1)
        assert ensemble.observables.shape == (2, len(scenario.observables))
        variant = load_scenario(folder / "s" / "random.yaml", variant="no_reprisals")
        assert variant.parameters["reprisal_ratio"].value == 0


def drafted(folder: Path, rows: list[dict], *more: str) -> Path:
    """The scenario file of a GED table."""
    (folder / "seeds").mkdir()
    import_events(ged_file(folder / "g.csv", rows), "ged", folder / "seeds")
    words = ["new", "mine", "--from", str(folder / "seeds"), "--folder", str(folder / "scenarios")]
    assert main([*words, *more]) == 0
    return folder / "scenarios" / "mine.yaml"


def test_every_number_of_a_draft_is_reported_or_called_an_assumption(tmp_path: Path) -> None:
    path = drafted(tmp_path, [ged_row(n, f"2030-05-{n:02d}") for n in range(1, 10)])
    scenario = load_scenario(path)
    parts = [*scenario.places, *scenario.dyads, *scenario.triggers, *scenario.decisions]
    parts += [force for faction in scenario.factions for force in faction.forces]
    for part in parts:
        assert any(s.startswith("assumption") or s.startswith("ged.") for s in part.source)
    assert path.read_text().startswith("# yaml-language-server: $schema=scenario.schema.json\n")


def test_the_first_two_thirds_of_the_days_calibrate_and_the_rest_is_held_out(
    tmp_path: Path,
) -> None:
    rows = [ged_row(n, f"2030-05-{n:02d}", best=n, low=n, high=20) for n in range(1, 10)]
    scenario = load_scenario(drafted(tmp_path, rows))
    roles = {o.id: str(o.role) for o in scenario.observables}
    days = [roles[f"dead_2030_05_{n:02d}"] for n in range(1, 10)]
    assert days == ["calibrate"] * 6 + ["hold_out"] * 3
    by_id = {o.id: o for o in scenario.observables}
    assert by_id["dead_2030_05_04"].reported.best == 4
    assert by_id["dead_early_port_ansa"].reported.best == sum(range(1, 7))
    assert by_id["onset_port_ansa"].role == "input_check"
    assert by_id["end_port_ansa"].reported.latest.day == 10
    assert by_id["peak_port_ansa"].reported.earliest.day == 9


def test_what_only_the_held_out_days_know_gets_no_trigger_and_no_order(tmp_path: Path) -> None:
    rows = [ged_row(n, f"2030-05-{n:02d}") for n in range(1, 10)]
    rows += [ged_row(20, "2030-05-08", where_coordinates="Late Town", side_b="Greens")]
    scenario = load_scenario(drafted(tmp_path, rows))
    assert {place for one in scenario.triggers for place in one.places} == {"port_ansa"}
    by_id = {o.id: o for o in scenario.observables}
    assert by_id["onset_port_ansa"].role == "input_check"
    assert by_id["onset_late_town"].role == "hold_out"
    cut = by_id["dead_late_late_town"].span.start
    assert all(one.at.latest <= cut for one in scenario.triggers)


@pytest.mark.parametrize("day", [3, 17])
def test_a_recorded_ceasefire_is_scripted_only_where_it_is_not_held_out(
    tmp_path: Path, day: int
) -> None:
    rows = [acled_row(n, f"2030-05-{n:02d}") for n in range(1, 19)]
    withdrawal = {
        "event_type": "Strategic developments", "actor1": "Reds", "inter1": 2, "inter2": 1,
        "sub_event_type": "Non-violent transfer of territory", "actor2": "Military Forces of Ansa",
    }  # fmt: skip
    rows.append(acled_row(50, f"2030-05-{day:02d}", **withdrawal))
    (tmp_path / "seeds").mkdir()
    import_events(acled_file(tmp_path / "a.csv", rows), "acled", tmp_path / "seeds")
    words = ["new", "mine", "--from", str(tmp_path / "seeds"), "--folder", str(tmp_path / "s")]
    assert main(words) == 0
    scenario = load_scenario(tmp_path / "s" / "mine.yaml")
    order = next(one for one in scenario.decisions if one.id == "restraint_reds")
    assert str(order.mode) == ("scripted" if day == 3 else "endogenous")


def test_a_table_without_parties_is_refused_and_told_which_columns_would_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, columns = tmp_path / "t.csv", tmp_path / "c.yaml"
    table.write_text("when,where,killed\n2030-05-01,Hill,3\n2030-05-02,Hill,1\n", "utf-8")
    columns.write_text("name: t\ncolumns: {day: when, city: where, best: killed}\n", "utf-8")
    (tmp_path / "seeds").mkdir()
    import_events(table, "table", tmp_path / "seeds", columns=columns)
    words = ["new", "mine", "--from", str(tmp_path / "seeds"), "--folder", str(tmp_path / "s")]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "names two parties" in said and "actor and target" in said
    assert not (tmp_path / "s").exists()


def test_days_without_an_event_before_the_held_out_ones_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seeds").mkdir()
    rows = [ged_row(1, "2030-05-20"), ged_row(2, "2030-05-21")]
    import_events(ged_file(tmp_path / "g.csv", rows), "ged", tmp_path / "seeds")
    words = ["new", "mine", "--from", str(tmp_path / "seeds"), "--folder", str(tmp_path / "s")]
    assert main([*words, "--start", "2030-05-01"]) == 2
    assert "before the held-out days" in capsys.readouterr().err


def test_a_toll_over_several_days_gives_no_best_value_to_any_of_them(tmp_path: Path) -> None:
    rows = [
        ged_row(1, "2030-05-01", date_end="2030-05-03", date_prec=2, low=5, best=9, high=9),
        ged_row(2, "2030-05-05"),
    ]
    by_id = {o.id: o for o in load_scenario(drafted(tmp_path, rows)).observables}
    day = by_id["dead_2030_05_02"].reported
    assert (day.low, day.best, day.high) == (0, None, 9)
    assert by_id["dead_2030_05_04"].reported.best == 0


def test_a_row_that_may_count_twice_adds_nothing_to_the_daily_toll(tmp_path: Path) -> None:
    rows = [
        ged_row(1, "2030-05-02", best=3),
        ged_row(2, "2030-05-01", date_end="2030-05-03", date_prec=2, best=40, high=40),
    ]
    scenario = load_scenario(drafted(tmp_path, rows))
    assert max(o.reported.high or 0 for o in scenario.observables) == 5


def test_a_long_timeline_is_cut_to_its_worst_weeks_and_says_so(tmp_path: Path) -> None:
    rows = [ged_row(n, f"2030-{n:02d}-01") for n in range(1, 10)]
    rows += [ged_row(100 + n, f"2030-06-{n:02d}", best=50, high=50) for n in range(10, 20)]
    path = drafted(tmp_path, rows)
    scenario = load_scenario(path)
    assert scenario.clock.steps == 28 * 24
    assert scenario.clock.start.month in (5, 6)
    assert "too many for a first look" in path.read_text()


def test_the_days_asked_for_are_the_days_drawn(tmp_path: Path) -> None:
    rows = [ged_row(n, f"2030-05-{n:02d}") for n in range(1, 20)]
    path = drafted(tmp_path, rows, "--start", "2030-05-04", "--end", "2030-05-06")
    assert load_scenario(path).clock.steps == 3 * 24


def test_a_town_inside_a_province_of_the_table_keeps_its_own_events(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    rows = [ged_row(1), ged_row(2, where_prec=4, where_coordinates="")]
    import_events(ged_file(tmp_path / "g.csv", rows), "ged", tmp_path / "seeds")
    drawn = sketch(load_evidence(tmp_path / "seeds"))
    assert drawn.places == ["port_ansa"]
    assert "known only to a place that holds others" in drawn.left_out[0]


def test_the_lesson_has_two_factions_and_one_place_and_every_cell_of_it_runs(
    tmp_path: Path,
) -> None:
    assert main(["new", "lesson", "--folder", str(tmp_path)]) == 0
    scenario = load_scenario(tmp_path / "lesson.yaml")
    assert (len(scenario.factions), len(scenario.places)) == (2, 1)
    ensemble = simulate(scenario, replicates=50, threads=1)
    assert (ensemble.observables["dead"] > 0).mean() > 0.3
    assert (tmp_path / "lesson.yaml").read_text().count("#") > 10


def test_the_schema_that_a_new_scenario_names_stands_beside_it(tmp_path: Path) -> None:
    shipped = Path("scenarios/scenario.schema.json").read_text(encoding="utf-8")
    assert main(["new", "lesson", "--folder", str(tmp_path / "mine")]) == 0
    first = (tmp_path / "mine" / "lesson.yaml").read_text(encoding="utf-8").splitlines()[0]
    named = tmp_path / "mine" / first.partition("$schema=")[2]
    assert named.read_text(encoding="utf-8") == shipped
    named.write_text("own")
    assert main(["new", "other", "--folder", str(tmp_path / "mine")]) == 0
    assert named.read_text() == "own"


@pytest.mark.parametrize("name", ["Upper", "1st", "a-b", "../x", ""])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    assert main(["new", name, "--folder", str(tmp_path / "s")]) == 2
    assert not (tmp_path / "s").exists()


def test_a_file_that_is_there_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.yaml").write_text("precious")
    assert main(["new", "mine", "--folder", str(tmp_path)]) == 2
    assert (tmp_path / "mine.yaml").read_text() == "precious"
    assert "there is such a file already" in capsys.readouterr().err


def test_a_refused_import_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ged_file(tmp_path / "g.csv", [ged_row(1)])
    words = ["import", "ged", str(path), "--to-folder", str(tmp_path / "deep" / "out")]
    assert main([*words, "--place", "Nowhere"]) == 2
    assert sorted(os.listdir(tmp_path)) == ["g.csv"]
    assert main(words) == 0
    assert "next: python run.py timeline" in capsys.readouterr().out
    assert main(words) == 2
