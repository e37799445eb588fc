"""Large and odd tables: whatever import writes can be read back, in linear time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from intake_tables import gdelt_row, ged_file, ged_row

from sim.cli import main
from sim.evidence import load_evidence
from sim.evidence.timeline import timeline
from sim.inputs import InputError, read_yaml
from sim.intake import import_events
from sim.intake.tables import writing
from sim.intake.tables.writing import Names


def test_a_table_beyond_one_file_is_split_and_reads_back_whole(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(writing, "PER_FILE", 40)
    rows = [
        ged_row(n, str(date(2030, 5, 1) + timedelta(n % 300)), side_b=f"Group {n}",
                where_coordinates=f"Town {n}")
        for n in range(130)
    ]  # fmt: skip
    (tmp_path / "seeds").mkdir()
    import_events(ged_file(tmp_path / "g.csv", rows), "ged", tmp_path / "seeds")
    names = {path.stem for path in (tmp_path / "seeds").glob("*.yaml")}
    assert {"events", "events_2", "events_4", "actors_2", "places_3", "ged_g_4"} <= names
    evidence = load_evidence(tmp_path / "seeds")
    assert len(evidence.events) == len(evidence.statements) == 130
    assert len(timeline(evidence)) == 130
    documents = [document.path for document, _ in evidence.entries("events")]
    assert len(documents) == 130 and documents[0].endswith("events.yaml")


def test_a_fault_in_the_second_file_of_events_is_shown_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "PER_FILE", 3)
    (tmp_path / "seeds").mkdir()
    rows = [ged_row(n) for n in range(5)]
    import_events(ged_file(tmp_path / "g.csv", rows), "ged", tmp_path / "seeds")
    second = tmp_path / "seeds" / "events_2.yaml"
    text = second.read_text("utf-8")
    second.write_text(text.replace('lead: ["ged2.4"]', 'lead: ["ged2.44"]'), "utf-8")
    with pytest.raises(InputError) as caught:
        load_evidence(tmp_path / "seeds")
    assert f"{second}:4:" in str(caught.value) and "did you mean 'ged2.4'" in str(caught.value)


def test_files_of_the_longest_rows_stay_below_the_bytes_of_a_file(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(writing, "MOST_BYTES", 200_000)
    long = "𒀀" * 5000
    rows = [ged_row(n, side_a=long + str(n), side_b=f"{n}" + long, where_coordinates=long)
            for n in range(150)]  # fmt: skip
    (tmp_path / "seeds").mkdir()
    import_events(ged_file(tmp_path / "g.csv", rows), "ged", tmp_path / "seeds")
    sizes = [path.stat().st_size for path in (tmp_path / "seeds").glob("*.yaml")]
    assert max(sizes) < 210_000 and sum(sizes) > 400_000
    assert len(load_evidence(tmp_path / "seeds").statements) == 150


@pytest.mark.parametrize("length", [599, 700, 70_000])
def test_gdelt_names_of_any_length_read_back(tmp_path: Path, length: int) -> None:
    row = gdelt_row(1)
    row[52] = ", ".join(["x" * length, "y" * length, "z" * length])
    row[6] = "A" * length
    row[0] = "7" * length
    (tmp_path / "seeds").mkdir()
    path = tmp_path / "g.csv"
    path.write_text("\t".join(row) + "\n", encoding="utf-8")
    import_events(path, "gdelt", tmp_path / "seeds")
    assert len(load_evidence(tmp_path / "seeds").places) == 3


def test_rows_of_one_name_are_numbered_without_counting_from_two_each_time() -> None:
    names = Names("row")
    for key in range(30_000):  # quadratic: minutes
        names.name(key, "山")
    assert names.name(29_999, "山") == ("row_30000", False)


@pytest.mark.long
def test_sixty_thousand_rows_are_imported_and_read_back(tmp_path: Path) -> None:
    rows = [ged_row(n, str(date(2010, 1, 1) + timedelta(n % 4000))) for n in range(60_000)]
    table = ged_file(tmp_path / "g.csv", rows)
    folder = tmp_path / "seeds"
    assert main(["import", "ged", str(table), "--most", "100000", "--to-folder", str(folder)]) == 0
    assert len(timeline(load_evidence(folder))) == 60_000


def test_a_file_of_too_many_values_is_refused_before_it_is_read_to_the_end(tmp_path: Path) -> None:
    for text in ("a:\n" + "- 1\n" * 1_200_000, "a: 1\n" * 900_000, "a: [" + "{b: 1}," * 600_000):
        path = tmp_path / "big.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="at most 200,000 keys and values"):
            read_yaml(path)
