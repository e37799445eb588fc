"""Wounded of an own table: imported by their column, drafted, and their ratio learned."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from intake_tables import ged_file, ged_row

from sim.calibrate import build_bank, calibrate
from sim.cli import main
from sim.evidence import load_evidence
from sim.intake import import_events
from sim.scenario import load_scenario
from sim.scenario.vocabulary import Role

HEAD = "day,town,who,whom,dead,hurt\n"
COLUMNS = """\
name: t
columns: {day: day, city: town, actor: who, target: whom, best: dead, wounded: hurt}
"""


def table(folder: Path, rows: list[str]) -> Path:
    """The imported timeline of a table of one's own."""
    (folder / "t.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "c.yaml").write_text(COLUMNS, encoding="utf-8")
    (folder / "seeds").mkdir()
    import_events(folder / "t.csv", "table", folder / "seeds", columns=folder / "c.yaml")
    return folder / "seeds"


def rows_of(wounded: Callable[[int], object]) -> list[str]:
    return [f"2030-05-{n:02d},Hill,Reds,Blues,{n % 3},{wounded(n)}" for n in range(1, 13)]


def drafted(folder: Path, rows: list[str], *more: str) -> Path:
    seeds = table(folder, rows)
    words = ["new", "mine", "--from", str(seeds), "--folder", str(folder / "scenarios"), *more]
    assert main(words) == 0
    return folder / "scenarios" / "mine.yaml"


def test_wounded_of_a_row_are_a_number_of_its_statement_and_no_number_is_no_zero(
    tmp_path: Path,
) -> None:
    evidence = load_evidence(table(tmp_path, [
        "2030-05-01,Hill,Reds,Blues,2,7", "2030-05-02,Hill,Reds,Blues,,4",
        "2030-05-03,Hill,Reds,Blues,1,", "2030-05-04,Hill,Reds,Blues,1,some",
    ]))  # fmt: skip
    numbers = [
        (s.quantity("dead"), s.quantity("wounded")) for s in evidence.statements.values()
    ]  # fmt: skip
    assert [w and w.best for _, w in numbers] == [7, 4, None, None]
    assert [d and d.best for d, _ in numbers] == [2, None, 1, 1]


def test_the_draft_has_the_wounded_of_both_parts_and_learns_their_ratio(tmp_path: Path) -> None:
    scenario = load_scenario(drafted(tmp_path, rows_of(lambda n: 10 * (n % 3))))
    by_id = {o.id: o for o in scenario.observables}
    assert by_id["wounded_early"].reported.best == 90
    assert by_id["wounded_late"].reported.best == 30
    assert by_id["wounded_late"].role == Role.HOLD_OUT
    assert scenario.parameters["wounded_per_death"].log_uniform is not None
    found = calibrate(build_bank([scenario], 4000, 1))
    column = found.draws["wounded_per_death"].to_numpy()
    mean = float(found.weights @ column)
    assert 7 < mean < 13, mean  # ten for each of the dead, as the table has it


def test_a_row_without_wounded_makes_their_sum_a_floor(tmp_path: Path) -> None:
    path = drafted(tmp_path, rows_of(lambda n: "" if n == 2 else n), "--cut", "2030-05-08")
    by_id = {o.id: o.reported for o in load_scenario(path).observables}
    early = by_id["wounded_early"]
    assert (early.best, early.at_least) == (None, sum(range(1, 9)) - 2)


def test_a_table_without_wounded_drafts_as_ever(tmp_path: Path) -> None:
    scenario = load_scenario(drafted(tmp_path, rows_of(lambda n: "")))
    assert not [o for o in scenario.observables if o.measure == "wounded"]
    assert "wounded_per_death" not in scenario.parameters


def test_import_says_what_comes_next_and_how_types_get_a_rung(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [ged_row(n, f"2030-05-{n:02d}") for n in range(1, 4)]
    words = ["import", "ged", str(ged_file(tmp_path / "g.csv", rows))]
    assert main([*words, "--to-folder", str(tmp_path / "a")]) == 0
    said = capsys.readouterr().out
    assert "new NAME --from" in said and "--mapping" not in said
    (tmp_path / "t.csv").write_text("day,kind\n2030-05-01,feud\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("name: t\ncolumns: {day: day, type: kind}\n", encoding="utf-8")
    words = ["import", "table", str(tmp_path / "t.csv"), "--columns", str(tmp_path / "c.yaml")]
    assert main([*words, "--to-folder", str(tmp_path / "b")]) == 0
    assert "1 rows are of a type that stands nowhere on the ladder" in capsys.readouterr().out


def test_a_full_disk_leaves_no_half_a_schema_beside_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = table(tmp_path, rows_of(lambda n: n))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sim.ensemble.addition.os.fsync", full)
    words = ["new", "mine", "--from", str(seeds), "--folder", str(tmp_path / "s")]
    assert main(words) != 0
    assert "scenario.schema.json" not in {path.name for path in (tmp_path / "s").iterdir()}
