"""Event tables with every trap that real ones have: handled, counted and said."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from intake_tables import (
    ACLED_COLUMNS,
    GED_COLUMNS,
    acled_file,
    acled_row,
    gdelt_file,
    gdelt_row,
    ged_file,
    ged_row,
    text_of,
)

from sim.evidence import load_evidence, timeline
from sim.inputs import InputError
from sim.intake import ImportReport, Selection, import_events
from sim.intake.tables.ged import GLOBAL


def imported(path: Path, format: str = "ged", **how: Any) -> tuple[ImportReport, Any, Any]:
    """The report, the evidence and the timeline of a table."""
    folder = path.with_name(path.name + ".out")
    folder.mkdir()
    report = import_events(path, format, folder, **how)
    assert report.adds_up
    evidence = load_evidence(folder)
    return report, evidence, timeline(evidence)


def test_a_row_becomes_one_event_with_its_place_sides_toll_and_row_id(tmp_path: Path) -> None:
    report, evidence, table = imported(ged_file(tmp_path / "g.csv", [ged_row(7)]))
    row = table.iloc[0]
    assert (report.rows, report.used) == (1, 1)
    assert (row.dead_low, row.dead_best, row.dead_high) == (3, 3, 5)
    assert (row.actor, row.target, row.plover_type) == ("government_of_ansa", "reds", "ASSAULT")
    assert (row.latest - row.earliest).days == 1
    place = evidence.places[row.place]
    assert (place.latitude, place.longitude, place.within) == (10.5, 20.25, "coast_province")
    statement = evidence.statements["ged.7"]
    assert statement.row == "7, line 2"
    assert statement.quantity("dead", "reds").best == 2
    assert evidence.article_of("ged.7").citation.sha256 == report.sha256


def test_a_line_of_hxl_tags_is_no_event(tmp_path: Path) -> None:
    tags = {"id": "", "year": "#date+year", "latitude": "#geo+lat", "best": "#affected+killed"}
    report, _, table = imported(ged_file(tmp_path / "g.csv", [tags, ged_row(1)]))
    assert report.dropped == {"line of HXL tags": 1}
    assert len(table) == 1


@pytest.mark.parametrize(("low", "best", "high"), [(5, 3, 9), (1, 8, 6)])
def test_numbers_out_of_order_are_widened_noted_and_flagged(
    tmp_path: Path, low: int, best: int, high: int
) -> None:
    path = ged_file(tmp_path / "g.csv", [ged_row(1, low=low, best=best, high=high)])
    report, evidence, table = imported(path)
    assert table.iloc[0].dead_low == min(low, best, high)
    assert table.iloc[0].dead_high == max(low, best, high)
    assert f"{low}/{best}/{high}" in evidence.statements["ged.1"].notes
    assert report.flags.total() == 1


def test_a_row_over_days_that_others_cover_is_kept_flagged_and_names_them(tmp_path: Path) -> None:
    rows = [
        ged_row(1, "2030-05-02"),
        ged_row(2, "2030-05-01", date_end="2030-05-04", date_prec=2, best=30, high=30),
        ged_row(3, "2030-05-03", side_b="Blues"),
    ]
    report, evidence, table = imported(ged_file(tmp_path / "g.csv", rows))
    assert len(table) == 3
    assert "Overlaps rows 1;" in evidence.statements["ged.2"].notes
    assert evidence.statements["ged.3"].notes is None
    (flag,) = report.flags
    assert report.examples[flag] == ["2 (line 3)"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("order", [("low", "best", "high"), ("best", "high", "low")])
def test_every_delimiter_and_order_of_columns_gives_the_same(
    tmp_path: Path, delimiter: str, order: tuple[str, ...]
) -> None:
    columns = [*GED_COLUMNS[:-3], *order]
    path = tmp_path / "g.csv"
    path.write_text(text_of([ged_row(1), ged_row(2, "2030-05-02")], columns, delimiter))
    _, _, table = imported(path)
    assert list(table.dead_low) == [3, 3]
    assert list(table.dead_high) == [5, 5]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(text_of([ged_row(1)], GED_COLUMNS), encoding="utf-8-sig")
    report, _, _ = imported(path)
    assert report.encoding == "UTF-8 with a byte order mark"


def test_windows_bytes_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    row = ged_row(1, where_coordinates="Puerto Añil")
    path.write_bytes(text_of([row], GED_COLUMNS).encode("cp1252"))
    report, evidence, table = imported(path)
    assert report.encoding == "Windows-1252"
    assert evidence.places[table.iloc[0].place].name == "Puerto Añil"
    assert any("Windows-1252" in note for note in report.notes)


@pytest.mark.parametrize("written", ["1,234", "1 234", "1'234", "1234", "1234.0"])
def test_thousands_separators_are_no_decimal_points(tmp_path: Path, written: str) -> None:
    row = ged_row(1, low=written, best=written, high=written, deaths_a=0, deaths_b=0)
    _, _, table = imported(ged_file(tmp_path / "g.csv", [row]))
    assert table.iloc[0].dead_best == 1234


@pytest.mark.parametrize("written", ["many", "-3", "2.5", "1.234", "3-5"])
def test_a_toll_that_is_no_count_is_unknown_and_not_zero(tmp_path: Path, written: str) -> None:
    row = ged_row(1, low="", best=written, high="")
    report, _, table = imported(ged_file(tmp_path / "g.csv", [row]))
    assert table.dead_best.isna().all()
    assert report.flags.total() == 1


def test_a_repeated_id_is_dropped_and_counted(tmp_path: Path) -> None:
    rows = [ged_row(1), ged_row(1, "2030-05-02"), ged_row(2)]
    report, _, table = imported(ged_file(tmp_path / "g.csv", rows))
    assert report.dropped == {"an id that stands above already": 1}
    assert len(table) == 2


@pytest.mark.parametrize("written", ["2030-05-13", "13 May 2030", "13/05/2030", "2030-05-13 00:00"])
def test_dates_in_several_forms_are_one_day(tmp_path: Path, written: str) -> None:
    path = acled_file(tmp_path / "a.csv", [acled_row(1, written)])
    _, _, table = imported(path, "acled")
    assert table.iloc[0].earliest.date() == date(2030, 5, 13)


def test_dates_with_slashes_are_read_by_the_one_that_tells(tmp_path: Path) -> None:
    path = acled_file(tmp_path / "a.csv", [acled_row(1, "02/05/2030"), acled_row(2, "05/14/2030")])
    report, _, table = imported(path, "acled")
    assert list(table.earliest.dt.month) == [2, 5]
    assert any("month/day/year" in note for note in report.notes)


@pytest.mark.parametrize("days", [["01/02/2030"], ["13/02/2030", "02/13/2030"]])
def test_dates_with_slashes_that_do_not_tell_are_refused_until_the_user_says(
    tmp_path: Path, days: list[str]
) -> None:
    path = acled_file(tmp_path / "a.csv", [acled_row(n, day) for n, day in enumerate(days)])
    with pytest.raises(InputError, match=r"--dates dmy or --dates mdy"):
        imported(path, "acled")


def test_an_ambiguous_date_is_read_as_the_user_says(tmp_path: Path) -> None:
    path = acled_file(tmp_path / "a.csv", [acled_row(1, "01/02/2030")])
    _, _, table = imported(path, "acled", date_order="dmy")
    assert table.iloc[0].earliest.month == 2


def test_rows_that_cannot_be_used_are_counted_by_reason(tmp_path: Path) -> None:
    rows = [
        ged_row(1), ged_row(2, "2030-02-31"), ged_row(3, "soon"),
        ged_row(4, "2030-05-04", date_end="2030-05-01"), {},
    ]  # fmt: skip
    path = ged_file(tmp_path / "g.csv", rows)
    path.write_text(path.read_text() + "1,2,3\n")
    report, _, _ = imported(path)
    assert report.dropped == {
        "no such day in date_start": 1, "no date in date_start": 1,
        "date_end before date_start": 1, "empty line": 1, "fewer columns than the header": 1,
    }  # fmt: skip
    assert (report.rows, report.used) == (6, 1)


def test_a_country_that_is_not_named_leaves_a_place_without_one(tmp_path: Path) -> None:
    rows = [ged_row(1, country=""), ged_row(2, country="", adm_1="", where_coordinates="")]
    report, evidence, table = imported(ged_file(tmp_path / "g.csv", rows))
    assert [evidence.places[p].name for p in table.place] == ["Port Ansa", "Place not given"]
    assert report.flags.total() == 1


def test_an_unknown_country_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    path = ged_file(tmp_path / "g.csv", [ged_row(1)])
    with pytest.raises(InputError, match=r"no row has the place 'Ansaa'.*did you mean 'Ansa'"):
        imported(path, selection=Selection(places=["Ansaa"]))


def test_places_actors_and_days_are_selected_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [
        ged_row(1), ged_row(2, where_coordinates="Pórt Ansá town"), ged_row(3, "2030-06-01"),
        ged_row(4, where_coordinates="Hill"), ged_row(5, side_b="Blues"),
        ged_row(6, "2030-04-30", date_end="2030-05-02", date_prec=2),
    ]  # fmt: skip
    chosen = Selection(["port ansa"], ["reds"], date(2030, 5, 1), date(2030, 5, 31))
    report, _, table = imported(ged_file(tmp_path / "g.csv", rows), selection=chosen)
    assert sorted(table.event) == ["ged_1", "ged_2", "ged_6"]
    assert report.dropped == {
        "after the last day asked for": 1, "another place": 1, "other actors": 1,
    }  # fmt: skip


def test_a_table_without_header_is_known_by_its_number_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(text_of([ged_row(1)], list(GLOBAL), header=False))
    report, _, table = imported(path)
    assert report.header == "no header, columns by position"
    assert table.iloc[0].dead_high == 5


def test_a_table_without_header_whose_tolls_stand_in_another_order_is_refused(
    tmp_path: Path,
) -> None:
    turned = [*GLOBAL[:44], "low", "best", "high", *GLOBAL[47:]]
    path = tmp_path / "g.csv"
    path.write_text(text_of([ged_row(n, high=9) for n in range(3)], turned, header=False))
    with pytest.raises(InputError, match=r"wrong order"):
        imported(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"id,date_start\n1,2030-05-01\n", "missing columns: date_end, side_a"),
        (b"\xff\xfei\0d\0", "UTF-16"),
        (b"\x89PNG\0\0", "no text"),
        (b"one,two\n1,2\n", "no header that can be read"),
        (text_of([], GED_COLUMNS).encode(), "no row can be used"),
        (text_of([ged_row(1, "soon")], GED_COLUMNS).encode(), "1 no date in date_start"),
        ((text_of([ged_row(1)], GED_COLUMNS) + '"' + "x" * 1_100_000).encode(), "quotation mark"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "g.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        imported(path)
    assert said in str(caught.value)


def test_more_rows_than_a_timeline_can_hold_are_refused(tmp_path: Path) -> None:
    path = ged_file(tmp_path / "g.csv", [ged_row(n) for n in range(11)])
    with pytest.raises(InputError, match=r"more than 10 rows are left"):
        imported(path, most=10)


def test_acled_types_stand_on_the_ladder_and_the_others_are_counted(tmp_path: Path) -> None:
    rows = [
        acled_row(1), acled_row(2, event_type="Riots", sub_event_type="Mob violence"),
        acled_row(3, event_type="Strategic developments", sub_event_type="Other"),
        acled_row(4, event_type="Dances", sub_event_type="Waltz"),
    ]  # fmt: skip
    report, _, table = imported(acled_file(tmp_path / "a.csv", rows), "acled")
    assert list(table.plover_mode[:2]) == ["firearms", "riot"]
    assert report.unmapped == {"Strategic developments / Other": 1, "Dances / Waltz": 1}


def test_a_mapping_of_ones_own_goes_over_the_shipped_one(tmp_path: Path) -> None:
    mapping = tmp_path / "m.csv"
    mapping.write_text(
        "type,sub_type,plover_type,plover_mode\nDances,,PROTEST,demo\nBattles,Armed clash,,\n"
    )
    rows = [acled_row(1), acled_row(2, event_type="Dances", sub_event_type="Waltz")]
    report, _, table = imported(acled_file(tmp_path / "a.csv", rows), "acled", mapping=mapping)
    assert list(table.plover_type.fillna("")) == ["", "PROTEST"]
    assert report.unmapped == {"Battles / Armed clash": 1}


def test_a_mapping_to_a_rung_that_does_not_exist_names_line_and_nearest(tmp_path: Path) -> None:
    mapping = tmp_path / "m.csv"
    mapping.write_text(
        "# mine\ntype,sub_type,plover_type,plover_mode\nx,,ASSULT,\ny,,PROTEST,dem\n"
    )
    path = acled_file(tmp_path / "a.csv", [acled_row(1)])
    with pytest.raises(InputError) as caught:
        imported(path, "acled", mapping=mapping)
    assert "m.csv:3: unknown PLOVER type 'ASSULT'; did you mean 'ASSAULT'?" in str(caught.value)
    assert "m.csv:4" in str(caught.value)


def test_coarse_acled_dates_become_windows_and_not_days(tmp_path: Path) -> None:
    rows = [acled_row(1, time_precision=2), acled_row(2, "2030-05-20", time_precision=3)]
    _, _, table = imported(acled_file(tmp_path / "a.csv", rows), "acled")
    assert sorted((table.latest - table.earliest).dt.days) == [7, 31]


def test_gdelt_is_read_without_header_and_has_no_tolls(tmp_path: Path) -> None:
    path = gdelt_file(tmp_path / "x.CSV", [gdelt_row(1), gdelt_row(2, code="0251"),
                                           gdelt_row(3, code="999")])  # fmt: skip
    report, evidence, table = imported(path, "gdelt")
    assert table.dead_best.isna().all()
    assert dict(zip(table.event, table.plover_type, strict=True))["gdelt_1"] == "ASSAULT"
    assert report.unmapped["999"] == 1
    assert evidence.places["port_ansa"].within == "coast"


def test_polecat_comes_in_plovers_own_types(tmp_path: Path) -> None:
    columns = ["Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name",
               "Primary Actor Sector", "Recipient Name", "Country", "City"]  # fmt: skip
    row = dict(zip(columns, ["E1", "2030-05-01", "PROTEST", "riot", "Strikers", "CVL", "None",
                             "Ansa", "Port Ansa"], strict=True))  # fmt: skip
    path = tmp_path / "p.txt"
    path.write_text(text_of([row, row | {"Event ID": "E2", "Event Mode": "hugs"}], columns, "\t"))
    report, _, table = imported(path, "polecat")
    assert (table.iloc[0].plover_type, table.iloc[0].plover_mode) == ("PROTEST", "riot")
    assert table.target.isna().all()
    assert report.unmapped == {"PROTEST / hugs": 1}


def test_any_table_is_read_by_a_map_of_its_columns(tmp_path: Path) -> None:
    columns = tmp_path / "map.yaml"
    columns.write_text(
        "name: Ansa ledger\ncolumns: {day: Tag, actor: Wer, target: Wen, city: Ort, best: Tote}\n"
    )
    path = tmp_path / "t.csv"
    path.write_text("Tag;Ort;Wer;Wen;Tote\n13.05.2030;Port Ansa;Reds;Blues;1 002\n")
    report, evidence, table = imported(path, "table", columns=columns)
    assert table.iloc[0].dead_best == 1002
    assert evidence.articles["table_t"].citation.outlet == "Ansa ledger"
    assert report.flags == {"no id; named by its line": 1}


def test_a_column_map_with_a_misspelt_key_names_the_nearest(tmp_path: Path) -> None:
    columns = tmp_path / "map.yaml"
    columns.write_text("name: x\ncolumns: {day: Tag, actr: Wer}\n")
    path = tmp_path / "t.csv"
    path.write_text("Tag;Wer\n2030-05-13;Reds\n")
    with pytest.raises(InputError, match=r"did you mean 'actor'"):
        imported(path, "table", columns=columns)


def test_the_report_beside_the_timeline_holds_every_count(tmp_path: Path) -> None:
    path = ged_file(tmp_path / "g.csv", [ged_row(1), ged_row(1)])
    imported(path)
    report = json.loads((tmp_path / "g.csv.out" / "import.json").read_text())
    assert report["rows"] == report["used"] + sum(report["dropped"].values()) == 2


def test_acled_numbers_and_words_for_actors_agree(tmp_path: Path) -> None:
    rows = [acled_row(1, inter1="State forces", inter2="Rebel group"), acled_row(2, actor1="x")]
    _, evidence, _ = imported(acled_file(tmp_path / "a.csv", rows), "acled")
    assert {a.sector for a in evidence.actors.values()} == {"MIL", "REB"}
    assert ACLED_COLUMNS[0] == "event_id_cnty"
