"""From a table to a posterior: every drafted scenario calibrates and validates, and claims no more.

The tables are the documents' own, one of forty rows, and thirty that hypothesis makes up.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from intake_tables import ged_file, ged_row

from sim.calibrate import build_bank, calibrate
from sim.calibrate.contraction import contraction, learned
from sim.calibrate.validation import predictions, score, trials_of
from sim.cli import main
from sim.explore import what_if
from sim.intake import import_events
from sim.scenario import load_checked

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "examples"
NAJAF = EXAMPLES / "najaf_2004"
AFTER_THE_FACTS = (
    "compliance",
    "order_reach",
    "reciprocity",
    "relief",
    "restraint_threshold.reds_leader",
    "stand_down_time",
)


def forty_rows() -> list[dict]:
    """Forty clashes over eight weeks in three towns; most days have none."""
    rows = []
    for n in range(40):
        day = 1 + (n * 7) % 56
        date = f"2030-0{5 + (day - 1) // 28}-{1 + (day - 1) % 28:02d}"
        best = (n * 5) % 11
        rows.append(
            ged_row(n, date, where_coordinates=("Port Ansa", "Mill Hill", "Ford")[n % 3],
                    best=best, low=best // 2, high=best * 2)
        )  # fmt: skip
    return rows


def imported(table: str, folder: Path) -> None:
    """Import one table into ``folder``, by the command that its page prints."""
    if table == "najaf_2004":
        words = ["import", "table", str(NAJAF / "daily.csv"), "--columns",
                 str(NAJAF / "columns.yaml"), "--mapping", str(NAJAF / "types.csv"),
                 "--utc-offset", "+03:00"]  # fmt: skip
    elif table == "port_ansa":
        words = ["import", "ged", str(EXAMPLES / "port_ansa" / "events.csv"),
                 "--place", "Port Ansa", "--place", "Mill Hill"]  # fmt: skip
    else:
        words = ["import", "ged", str(ged_file(folder.with_suffix(".csv"), forty_rows()))]
    assert main([*words, "--to-folder", str(folder)]) == 0


def drafted(folder: Path, timeline: Path, *more: str) -> str:
    words = ["new", "mine", "--from", str(timeline), "--folder", str(folder / "scenarios")]
    assert main([*words, *more]) == 0
    return str(folder / "scenarios" / "mine.yaml")


@pytest.mark.parametrize(
    ("table", "commands"),
    [
        ("port_ansa", ["check", "calibrate"]),
        *(
            pytest.param(
                table, ["check", "run", "calibrate", "validate", "whatif"], marks=pytest.mark.long
            )
            for table in ("port_ansa", "najaf_2004", "forty_rows")
        ),
    ],
)
def test_a_table_of_the_documents_goes_all_the_way(table, commands, tmp_path, capsys):
    imported(table, tmp_path / "timeline")
    path = drafted(tmp_path, tmp_path / "timeline")
    more = {
        "run": ["--replicates", "20", "--no-figures"],
        "calibrate": ["--simulations", "2000", "--no-figures"],
        "validate": ["--simulations", "2000"],
        "whatif": ["--variant", "no_reprisals", "--replicates", "20", "--no-figures"],
    }
    for command in commands:
        words = [command, path, *more.get(command, [])]
        assert main(words + (["--out", str(tmp_path / "out")] if command != "check" else [])) == 0
        said = capsys.readouterr().out
        if command == "calibrate":
            (result,) = (tmp_path / "out" / "calibration").iterdir()
            constant = json.loads((result / "manifest.json").read_text())["constant_facts"]
            assert ("facts teach nothing" in said) == bool(constant)


rows_of_a_table = st.lists(
    st.builds(
        lambda day, town, best, wide: ged_row(
            day, f"2030-05-{1 + day:02d}", where_coordinates=town, best=best,
            low=best // (1 + wide), high=best * (1 + wide),
        ),
        st.integers(0, 20), st.sampled_from(["Port Ansa", "Mill Hill"]),
        st.sampled_from([0, 1, 2, 7, 40]), st.integers(0, 2),
    ),
    min_size=1, max_size=15,
)  # fmt: skip


def learn_from(rows: list[dict], simulations: int, is_cut: bool) -> None:
    """Draft, calibrate, validate and ask a what-if of one table, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        numbered = [row | {"id": n} for n, row in enumerate(rows)]
        import_events(ged_file(folder / "g.csv", numbered), "ged", folder / "seeds")
        days = sorted(row["date_start"] for row in rows)
        more = ("--cut", days[len(days) // 2], "--order", f"reds={days[-1]}") if is_cut else ()
        loaded = load_checked(drafted(folder, folder / "seeds", *more))
        calibration = calibrate(build_bank([loaded.scenario], simulations, 1, probes=50))
        table = learned(calibration)
        assert np.isfinite(calibration.unit).all()
        assert not table[~table["reached"]]["learned"].any()
        trials = trials_of([loaded.scenario.name])
        made = predictions({loaded.scenario.name: loaded}, trials, simulations, 1)
        scores = score(made, {loaded.scenario.name: loaded}, trials)
        assert np.isfinite(scores["log_score"]).all() if len(scores) else True
        answer = what_if(loaded, ["no_order" if is_cut else "no_reprisals"], 10)
        assert (answer.table["unchanged"] <= 1).all()


@settings(max_examples=1)
@example([ged_row(0, "2030-05-02", best=2, low=2, high=2)], False)  # two draws' worth
@given(rows_of_a_table, st.booleans())
def test_a_made_up_table_is_calibrated_and_validated(rows, is_cut):
    learn_from(rows, 200, is_cut)


@pytest.mark.long
@settings(max_examples=30)
@given(rows_of_a_table, st.booleans())
def test_thirty_made_up_tables_are_calibrated_and_validated(rows, is_cut):
    learn_from(rows, 300, is_cut)


def order_after_the_facts(folder: Path, most: int = 33) -> str:
    """A draft of 28 daily facts and an order on the 29th; the last day has up to `most` dead."""
    days = (6, 7, 8, 9, 14, 16, 20, 23, 28, 30)
    rows = [ged_row(d, f"2030-05-{d:02d}", best=d * most // 33, low=d * most // 33,
                    high=(d + 3) * most // 33) for d in days]  # fmt: skip
    (folder / "seeds").mkdir()
    import_events(ged_file(folder / "g.csv", rows), "ged", folder / "seeds")
    words = ["new", "mine", "--from", str(folder / "seeds"), "--folder", str(folder / "scenarios"),
             "--start", "2030-05-01", "--end", "2030-05-30", "--cut", "2030-05-28",
             "--order", "reds=2030-05-29"]  # fmt: skip
    assert main(words) == 0
    return str(folder / "scenarios" / "mine.yaml")


@pytest.mark.parametrize("simulations", [20_000, pytest.param(200_000, marks=pytest.mark.long)])
def test_no_fact_before_an_order_teaches_how_it_is_obeyed(simulations, tmp_path):
    loaded = load_checked(order_after_the_facts(tmp_path))
    found = calibrate(build_bank([loaded.scenario], simulations, 1))
    assert len(found.facts) == 31  # 28 days, and toll, end and peak of the early part
    values = dict(zip(found.bank.names, contraction(found.unit, found.weights), strict=True))
    assert set(AFTER_THE_FACTS) <= set(values)
    for name in AFTER_THE_FACTS:
        assert abs(values[name]) < 0.1, name
        # and not only as wide as the prior: the prior
        k = found.bank.names.index(name)
        order = np.argsort(found.unit[:, k])
        gap = np.cumsum(found.weights[order]) - found.unit[order, k]
        assert np.abs(gap).max() < 2 * found.weights.max(), name
        assert not found.reached[k]


def test_what_the_model_cannot_give_is_said_first_and_no_coverage_reassures(tmp_path, capsys):
    path = order_after_the_facts(tmp_path, 50_000)  # more than there are fighters
    words = ["calibrate", path, "--simulations", "2000", "--out", str(tmp_path / "out")]
    capsys.readouterr()
    assert main(words) == 0
    said = capsys.readouterr().out
    assert said.startswith("The model cannot give these data")
    assert not re.search(r"Coverage of the calibrator's .* \d", said)
    assert "No fact depends on" in said and "order_reach" in said
    (result,) = (tmp_path / "out" / "calibration").iterdir()
    record = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    assert record["cannot_give"].startswith("The model cannot give these data")
    assert set(AFTER_THE_FACTS) <= set(record["no_fact_depends_on"])
    page = (result / "report.html").read_text(encoding="utf-8")
    assert page.index("The model cannot give these data") < page.index("Not learned:")


@pytest.mark.long
def test_validate_and_compare_models_say_it_first_too(tmp_path, capsys):
    path = order_after_the_facts(tmp_path, 50_000)
    few = ["--simulations", "2000", "--out", str(tmp_path / "out")]
    capsys.readouterr()
    assert main(["validate", path, *few]) == 0
    frozen, first = capsys.readouterr().out.splitlines()[:2]
    assert frozen.startswith("predictions frozen")
    assert first.startswith("The model cannot give these data")
    (result,) = (tmp_path / "out" / "validation").iterdir()
    record = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    assert record["cannot_give"][0].endswith("(fitted on mine, conditional.)")
    page = (result / "report.html").read_text(encoding="utf-8")
    assert page.index("The model cannot give these data") < page.index("The model loses to")
    assert main(["compare-models", path, "--variants", "", *few]) == 0
    assert capsys.readouterr().out.startswith("The model cannot give these data")
